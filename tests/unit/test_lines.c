/* Lines: what pipes do to them. */

#include <unistd.h>

#include "base/limits.h"
#include "base/lines.h"
#include "tap.h"

/* A descriptor that reads these bytes from a file. */
static int
file_of(struct str bytes)
{
	FILE *file = tmpfile();
	int fd;

	if (file == NULL || fwrite(bytes.data, 1, bytes.len, file) != bytes.len)
		return -1;
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	return fd;
}

static void
open_text(struct lines *lines, const char *text)
{
	lines_open(lines, file_of(str_of(text)));
}

static void
shut(struct lines *lines)
{
	int fd = lines->fd;

	lines_close(lines);
	close(fd);
}

static void
test_plain(void)
{
	struct diag diag = { 0 };
	struct lines lines;
	struct str line;

	open_text(&lines, "one\n\nthree\r\nfour");
	IS_INT(lines_next(&lines, &line, &diag), LINES_LINE, "a line");
	OK(str_is(line, "one"), "without its newline");
	IS_INT(lines_next(&lines, &line, &diag), LINES_LINE, "an empty line");
	IS_INT(line.len, 0, "is empty");
	lines_next(&lines, &line, &diag);
	OK(str_is(line, "three\r"), "a carriage return is not taken off");
	IS_INT(lines.number, 3, "lines are counted");
	IS_INT(lines_next(&lines, &line, &diag), LINES_UNFINISHED,
	    "the last line has no newline");
	OK(str_is(line, "four"), "and is handed out");
	IS_INT(lines_next(&lines, &line, &diag), LINES_END, "end");
	IS_INT(lines_next(&lines, &line, &diag), LINES_END, "still the end");
	shut(&lines);
	open_text(&lines, "");
	IS_INT(lines_next(&lines, &line, &diag), LINES_END, "empty input");
	shut(&lines);
}

/* before + one line of `len` times x + after. */
static void
open_long(struct lines *lines, const char *before, size_t len,
    const char *after)
{
	struct buf text = BUF_INIT;

	buf_add_text(&text, before);
	buf_reserve(&text, len);
	memset(text.data + text.len, 'x', len);
	text.len += len;
	buf_add_text(&text, after);
	lines_open(lines, file_of(buf_str(&text)));
	buf_free(&text);
}

static void
test_long(void)
{
	struct diag diag = { 0 };
	struct lines lines;
	struct str line;

	open_long(&lines, "a\n", LIMIT_LINE, "\nb\n");
	lines_next(&lines, &line, &diag);
	IS_INT(lines_next(&lines, &line, &diag), LINES_LINE,
	    "a line of exactly the limit");
	IS_INT(line.len, LIMIT_LINE, "is whole");
	lines_next(&lines, &line, &diag);
	OK(str_is(line, "b"), "and the next one too");
	shut(&lines);

	open_long(&lines, "a\n", LIMIT_LINE + 1, "\nb\n");
	lines_next(&lines, &line, &diag);
	IS_INT(lines_next(&lines, &line, &diag), LINES_TOO_LONG,
	    "one byte more is too long");
	IS_INT(lines.number, 2, "it is counted");
	IS_INT(lines_next(&lines, &line, &diag), LINES_LINE, "reading goes on");
	OK(str_is(line, "b"), "with the line behind it");
	IS_INT(lines_next(&lines, &line, &diag), LINES_END, "and ends");
	shut(&lines);

	open_long(&lines, "", 40 * MIB, "\nb\n");
	IS_INT(lines_next(&lines, &line, &diag), LINES_TOO_LONG,
	    "a huge line is skipped");
	OK(lines.size <= 4 * LIMIT_LINE, "in bounded memory");
	lines_next(&lines, &line, &diag);
	OK(str_is(line, "b"), "the line behind a huge one");
	shut(&lines);

	open_long(&lines, "", 9 * MIB, "");
	IS_INT(lines_next(&lines, &line, &diag), LINES_TOO_LONG,
	    "a huge line without its newline is reported once");
	IS_INT(lines_next(&lines, &line, &diag), LINES_END, "then the end");
	shut(&lines);
}

static void
test_pipe(void)
{
	struct diag diag = { 0 };
	struct lines lines;
	struct str line;
	int ends[2];

	if (pipe(ends) != 0)
		return;
	lines_open(&lines, ends[0]);
	OK(!lines_ready(&lines, 0), "an idle pipe has nothing ready");
	OK(write(ends[1], "a\nb\nhal", 7) == 7, "write");
	OK(lines_ready(&lines, 1000), "input arrived");
	lines_next(&lines, &line, &diag);
	OK(lines_ready(&lines, 0), "a second line is buffered");
	lines_next(&lines, &line, &diag);
	OK(!lines_ready(&lines, 0), "half a line is not ready");
	OK(write(ends[1], "f\n", 2) == 2, "write the rest");
	lines_next(&lines, &line, &diag);
	OK(str_is(line, "half"), "a line in two writes is one line");
	close(ends[1]);
	OK(lines_ready(&lines, 1000), "the end is ready");
	IS_INT(lines_next(&lines, &line, &diag), LINES_END, "the end");
	shut(&lines);
}

int
main(void)
{
	struct diag diag = { 0 };
	struct lines lines;
	struct str line;

	test_plain();
	test_long();
	test_pipe();
	lines_open(&lines, -1);
	IS_INT(lines_next(&lines, &line, &diag), LINES_FAILED,
	    "a descriptor that cannot be read");
	IS_INT(diag.status, STATUS_IO, "is an input error");
	lines_close(&lines);
	DONE();
}
