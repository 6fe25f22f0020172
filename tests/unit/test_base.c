/* Slices, buffers, arenas, checked output, option tables. */

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/option.h"
#include "base/out.h"
#include "base/text.h"
#include "tap.h"

static const char *
text_of(struct str text)
{
	static struct buf out[4];
	static size_t turn;
	struct buf *to = &out[turn++ % 4];

	buf_clear(to);
	buf_add_str(to, text);
	buf_add(to, "", 0);
	return to->data;
}

static void
test_str(void)
{
	char small[4];
	uint64_t value;

	OK(str_eq(STR_NONE, STR("")), "no text is the empty text");
	OK(!str_eq(STR("a\0b"), STR("a\0c")), "zero bytes do not end a text");
	OK(str_cmp(STR("ab"), STR("abc")) < 0, "shorter first");
	OK(str_cmp(STR("\xFF"), STR("a")) > 0, "bytes are unsigned");
	IS_STR(text_of(str_trim(STR(" \ta b\t "))), "a b", "trim");
	IS_STR(text_of(str_trim_right(STR(" a "))), " a", "trim right");
	IS_STR(text_of(str_trim(STR("   "))), "", "trim blanks alone");
	IS_STR(text_of(str_strip_zeros(STR("000120"))), "120", "strip zeros");
	IS_STR(text_of(str_strip_zeros(STR("000"))), "0", "a zero stays");
	IS_STR(text_of(str_alpha_out(STR("00A12"))), "00A12",
	    "zeros before letters stay");
	IS_STR(text_of(str_alpha_out(STR("0012"))), "12", "ALPHA exit");
	OK(str_ends(STR("a.xml"), ".xml") && !str_ends(STR("xml"), ".xml"),
	    "ends");
	OK(str_starts(STR("abc"), "ab") && !str_starts(STR("a"), "ab"),
	    "starts");
	OK(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &value) &&
		value == UINT64_MAX,
	    "the largest number");
	OK(!str_to_u64(STR("18446744073709551616"), UINT64_MAX, &value),
	    "one more is refused");
	OK(!str_to_u64(STR("11"), 10, &value), "above max is refused");
	OK(!str_to_u64(STR("9"), 5, &value), "a digit above max is refused");
	OK(!str_to_u64(STR(""), 10, &value), "nothing is no number");
	OK(!str_to_u64(STR("1 "), 10, &value), "a blank is no digit");
	OK(str_copy(small, sizeof(small), STR("abc")), "copy that fits");
	OK(!str_copy(small, sizeof(small), STR("abcd")), "copy that is cut");
	IS_STR(small, "abc", "is terminated");
}

static void
test_buf(void)
{
	struct buf buf = BUF_INIT;

	buf_add_format(&buf, "%s-%d", "x", 7);
	for (int i = 0; i < 1000; i++)
		buf_add_char(&buf, 'y');
	buf_add(&buf, "a\0b", 3);
	IS_INT(buf.len, 1006, "length counts zero bytes");
	IS_INT(buf.data[buf.len], 0, "always terminated");
	OK(str_starts(buf_str(&buf), "x-7yyy"), "formatted");
	buf_clear(&buf);
	IS_INT(buf.len, 0, "cleared");
	IS_STR(buf.data, "", "and terminated");
	buf_free(&buf);
	buf_free(NULL);
	OK(buf.data == NULL && buf.size == 0, "freed");
}

static void
test_arena(void)
{
	struct arena arena = ARENA_INIT;
	unsigned char *first, *big;
	bool zero = true, aligned = true;
	size_t *list = NULL, room = 0;
	struct str text;

	first = arena_alloc(&arena, 100);
	memset(first, 0xFF, 100);
	for (size_t i = 0; i < 2000; i++) {
		unsigned char *memory = arena_alloc(&arena, i % 37);

		aligned = aligned && (uintptr_t)memory % 16 == 0;
		for (size_t j = 0; j < i % 37; j++)
			zero = zero && memory[j] == 0;
		memset(memory, 0xFF, i % 37);
	}
	OK(aligned, "memory is aligned");
	big = arena_array(&arena, 1000, 1000);
	zero = zero && big[0] == 0 && big[999999] == 0;
	for (size_t i = 0; i < 100; i++) {
		list = arena_more(&arena, list, i, &room, sizeof(*list));
		zero = zero && list[i] == 0;
		list[i] = i + 1;
	}
	OK(room >= 100 && list[0] == 1 && list[99] == 100, "a growing list");
	text = arena_format(&arena, "%05d", 42);
	IS_STR(text.data, "00042", "formatted");
	IS_STR(arena_str(&arena, STR_NONE).data, "", "a copy of nothing");
	arena_reset(&arena);
	IS_INT(arena.used, 0, "reset");
	first = arena_alloc(&arena, 100);
	for (size_t j = 0; j < 100; j++)
		zero = zero && first[j] == 0;
	OK(zero, "memory is zero, also after a reset");
	arena_free(&arena);
	arena_free(&arena);
	OK(arena.first == NULL, "freed, twice");
}

/* Lines of any length come out in their order. */
static void
test_out_order(void)
{
	struct diag diag = { 0 };
	struct buf line = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
	FILE *file = tmpfile();
	struct out out;

	out_open(&out, fileno(file));
	for (int i = 0; i < 40; i++) {
		buf_clear(&line);
		buf_add_format(&line, "%0*d", 1 + i * 7919 % 150000, i);
		out_line(&out, buf_str(&line), &diag);
		buf_add_str(&want, buf_str(&line));
		buf_add_char(&want, '\n');
	}
	out_close(&out, &diag);
	rewind(file);
	buf_reserve(&got, want.len);
	got.len = fread(got.data, 1, want.len, file);
	OK(str_eq(buf_str(&got), buf_str(&want)),
	    "in order, whatever its size");
	fclose(file);
	buf_free(&line);
	buf_free(&want);
	buf_free(&got);
}

static void
test_out(void)
{
	struct diag diag = { 0 };
	struct buf big = BUF_INIT;
	struct out out;
	FILE *file = tmpfile();
	long size;

	for (int i = 0; i < 300000; i++)
		buf_add_char(&big, 'x');
	out_open(&out, fileno(file));
	for (int i = 0; i < 100000; i++)
		out_line(&out, STR("0123456789"), &diag);
	out_line(&out, buf_str(&big), &diag);
	IS_INT(out_close(&out, &diag), STATUS_OK, "all bytes are written");
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	IS_INT(size, 100000 * 11 + 300001, "and not one more");
	fclose(file);
	test_out_order();

	out_open(&out, open("/dev/full", O_WRONLY));
	IS_INT(out_line(&out, STR("a"), &diag), STATUS_OK, "held back");
	IS_INT(out_flush(&out, &diag), STATUS_IO, "a full disk");
	OK(strstr(diag.message, "No space left") != NULL, "is named");
	IS_INT(out_line(&out, buf_str(&big), &diag), STATUS_IO,
	    "it stays failed");
	IS_INT(out_close(&out, &diag), STATUS_IO, "to the end");
	buf_free(&big);
}

static const struct option options[] = {
	{ "key", 'k', "PATH", "help", false, true },
	{ "text", 't', NULL, "help", false, false },
	OPTION_STATE,
	OPTIONS_COMMON,
	{ 0 },
};
static const char *const synopsis[] = { "[-t]", NULL };
static const struct tool tool = { "tool", "purpose", synopsis, options, NULL };

static enum status
parse(struct options *parsed, struct diag *diag, const char *const *words)
{
	static char copies[8][40];
	static char *argv[10];
	int argc = 0;

	argv[argc++] = copies[7];
	for (; words[argc - 1] != NULL && argc < 8; argc++) {
		snprintf(copies[argc - 1], sizeof(copies[0]), "%s",
		    words[argc - 1]);
		argv[argc] = copies[argc - 1];
	}
	argv[argc] = NULL;
	return options_parse(parsed, &tool, argc, argv, diag);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_options(void)
{
	struct diag diag = { 0 };
	struct options got;

	unsetenv("SAP_OMETRIA_STATE");
	IS_INT(parse(&got, &diag,
		   WORDS("-tv", "--key=a", "file", "-kb", "-s", "x", "-")),
	    STATUS_OK, "all ways of writing options");
	OK(options_has(&got, "text") && options_has(&got, "verbose"),
	    "letters together");
	IS_STR(options_nth(&got, "key", 0), "a", "--key=a");
	IS_STR(options_nth(&got, "key", 1), "b", "-kb");
	OK(options_nth(&got, "key", 2) == NULL, "no third");
	IS_STR(options_value(&got, "state"), "x", "-s x");
	IS_INT(got.operand_count, 2, "operands");
	IS_STR(got.operands[1], "-", "a dash is an operand");
	options_free(&got);
	parse(&got, &diag, WORDS("--", "-t", "--state"));
	OK(!options_has(&got, "text") && got.operand_count == 2,
	    "-- ends options");
	options_free(&got);
	setenv("SAP_OMETRIA_STATE", "from-env", 1);
	parse(&got, &diag, WORDS("-t"));
	IS_STR(options_value(&got, "state"), "from-env", "environment");
	options_free(&got);
	parse(&got, &diag, WORDS("-s", "x"));
	IS_STR(options_value(&got, "state"), "x", "the command line wins");
	options_free(&got);
	unsetenv("SAP_OMETRIA_STATE");
}

static void
test_wrong_options(void)
{
	const struct {
		const char *const *words;
		const char *message;
	} cases[] = {
		{ WORDS("--stat", "x"),
		    "unknown option '--stat'; did you mean '--state'?; try 'tool --help'" },
		{ WORDS("-x"), "unknown option '-x'; try 'tool --help'" },
		{ WORDS("--state"), "option '--state' needs an argument FILE" },
		{ WORDS("-s"), "option '--state' needs an argument FILE" },
		{ WORDS("--state="),
		    "option '--state' needs an argument FILE" },
		{ WORDS("--text=yes"), "option '--text' takes no argument" },
		{ WORDS("-sa", "--state=b"),
		    "option '--state' is given twice" },
		{ WORDS("--\x1B[2J"),
		    "unknown option '--\\x1B[2J'; try 'tool --help'" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct diag diag = { 0 };
		struct options got;

		IS_INT(parse(&got, &diag, cases[i].words), STATUS_USAGE,
		    cases[i].message);
		IS_STR(diag.message, cases[i].message, "is said");
		options_free(&got);
	}
}

static void
test_diag(void)
{
	struct diag diag = { 0 };
	char longer[600];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	IS_INT(diag_set(&diag, STATUS_DATA, "%s", longer), STATUS_DATA,
	    "diag_set returns its status");
	IS_INT(strlen(diag.message), sizeof(diag.message) - 1,
	    "a long message is cut");
	for (size_t i = 0; i + 2 < sizeof(longer); i += 2)
		memcpy(longer + i, "\xC3\xBC", 2);
	diag_set(&diag, STATUS_DATA, "%s", longer);
	OK(text_is_utf8(str_of(diag.message)), "but not within a character");
	diag_place(&diag, "a.xml", 3);
	diag_place(&diag, "b.xml", 9);
	IS_STR(diag.file, "a.xml", "the first place stays");
	diag_errno(&diag, STATUS_IO, ENOENT, "cannot open 'x'");
	IS_STR(diag.message, "cannot open 'x': No such file or directory",
	    "errno as words");
	IS_INT(diag.line, 0, "a new failure has no place yet");
	IS_STR(status_text(STATUS_TRY_AGAIN), "busy; run again", "sentence");
}

int
main(void)
{
	test_str();
	test_buf();
	test_arena();
	test_out();
	test_options();
	test_wrong_options();
	test_diag();
	DONE();
}
