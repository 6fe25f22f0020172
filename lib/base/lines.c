#include "base/lines.h"

#include "base/fd.h"
#include "base/limits.h"
#include "base/tool.h"

#define LINES_CHUNK ((size_t)128 * 1024)

void
lines_open(struct lines *lines, int fd)
{
	*lines = (struct lines){ .fd = fd };
	lines->size = 2 * LINES_CHUNK;
	lines->data = mem_alloc(lines->size);
}

void
lines_unread(struct lines *lines, struct str start)
{
	if (start.len > 0)
		memcpy(lines->data, start.data, start.len);
	lines->end = start.len;
}

void
lines_close(struct lines *lines)
{
	free(lines->data);
	*lines = (struct lines){ .fd = -1 };
}

/* Make room for a chunk: move the rest to the front, then grow. */
static void
make_room(struct lines *lines)
{
	if (lines->begin > 0) {
		memmove(lines->data, lines->data + lines->begin,
		    lines->end - lines->begin);
		lines->end -= lines->begin;
		lines->begin = 0;
	}
	if (lines->size - lines->end < LINES_CHUNK) {
		lines->size *= 2;
		lines->data = mem_grow(lines->data, lines->size, 1);
	}
}

static bool
fill(struct lines *lines, struct diag *diag)
{
	enum status status;
	size_t got;

	make_room(lines);
	status = fd_read(lines->fd, lines->data + lines->end,
	    lines->size - lines->end, &got, diag);
	if (status == STATUS_TRY_AGAIN)
		lines->end = lines->begin; /* no whole line: it stays unread */
	else if (status != STATUS_OK)
		return false;
	if (got == 0)
		lines->ended = true;
	lines->end += got;
	return true;
}

static enum lines_result
hand_out(struct lines *lines, struct str *line, size_t len)
{
	*line = (struct str){ lines->data + lines->begin, len };
	lines->begin += len;
	lines->number++;
	return LINES_LINE;
}

/* What is left at the end of input. */
static enum lines_result
hand_out_rest(struct lines *lines, struct str *line)
{
	size_t left = lines->end - lines->begin;

	if (lines->skipping) {
		lines->skipping = false;
		lines->begin = lines->end;
		lines->number++;
		return LINES_TOO_LONG;
	}
	if (left == 0)
		return LINES_END;
	hand_out(lines, line, left);
	return LINES_UNFINISHED;
}

enum lines_result
lines_next(struct lines *lines, struct str *line, struct diag *diag)
{
	size_t searched = 0;

	for (;;) {
		size_t have = lines->end - lines->begin;
		const char *start = lines->data + lines->begin;
		const char *newline =
		    have > searched
			? memchr(start + searched, '\n', have - searched)
			: NULL;

		if (tool_interrupted())
			return LINES_END;
		if (newline != NULL) {
			bool skipped = lines->skipping ||
				       (size_t)(newline - start) > LIMIT_LINE;

			lines->skipping = false;
			hand_out(lines, line, (size_t)(newline - start));
			lines->begin++;
			return skipped ? LINES_TOO_LONG : LINES_LINE;
		}
		if (lines->ended)
			return hand_out_rest(lines, line);
		searched = have;
		if (have > LIMIT_LINE) {
			lines->skipping = true;
			lines->begin = lines->end;
			searched = 0;
		}
		if (!fill(lines, diag))
			return LINES_FAILED;
	}
}

enum status
lines_each(struct lines *lines,
    enum status (*take)(void *, struct str, struct diag *), void *user,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	struct str line;

	while (status == STATUS_OK)
		switch (lines_next(lines, &line, diag)) {
		case LINES_LINE:
		case LINES_UNFINISHED:
			status = take(user, line, diag);
			break;
		case LINES_TOO_LONG:
			status = diag_set(diag, STATUS_DATA,
			    "line is over %zu bytes", LIMIT_LINE);
			break;
		case LINES_FAILED:
			status = diag->status;
			break;
		case LINES_END:
			return tool_interrupted()
				   ? diag_set(diag, STATUS_TRY_AGAIN,
					 "interrupted")
				   : STATUS_OK;
		}
	return status;
}

bool
lines_ready(struct lines *lines, int wait)
{
	if (lines->ended || memchr(lines->data + lines->begin, '\n',
				lines->end - lines->begin) != NULL)
		return true;
	return fd_ready(lines->fd, wait);
}
