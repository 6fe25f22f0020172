#include "base/merge.h"

#include <endian.h>
#include <errno.h>
#include <unistd.h>

#define READ_MOST ((size_t)256 * 1024)

/* A run that is being read. */
struct merge_cursor {
	uint64_t at, end; /* what is still in the file */
	char *data;
	size_t size, begin, filled;
	uint64_t prefix;
	struct str key, value; /* of its record */
};

void
merge_free(struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		free(merge->cursors[i].data);
	free(merge->cursors);
	free(merge->heap);
	*merge = (struct merge){ .count = 0 };
}

uint64_t
merge_prefix(struct str key, size_t common)
{
	struct str rest = str_from(key, common);
	uint64_t prefix = 0;

	if (rest.len > 0)
		memcpy(&prefix, rest.data,
		    rest.len < sizeof(prefix) ? rest.len : sizeof(prefix));
	return be64toh(prefix);
}

size_t
merge_record(const char *at, struct str *key, struct str *value)
{
	struct merge_head head;

	memcpy(&head, at, sizeof(head));
	*key = (struct str){ at + sizeof(head), head.key };
	*value = (struct str){ at + sizeof(head) + head.key, head.value };
	return sizeof(head) + head.key + head.value;
}

/* More of the run, so that at least `want` bytes of it are there. */
static enum status
fill(int fd, struct merge_cursor *cursor, size_t want, struct diag *diag)
{
	size_t left = cursor->filled - cursor->begin;

	if (left >= want)
		return STATUS_OK;
	if (left > 0)
		memmove(cursor->data, cursor->data + cursor->begin, left);
	cursor->begin = 0;
	cursor->filled = left;
	if (want > cursor->size) {
		cursor->data = mem_grow(cursor->data, want, 1);
		cursor->size = want;
	}
	while (cursor->filled < want) {
		size_t room = cursor->size - cursor->filled;
		ssize_t got;

		if (room > cursor->end - cursor->at)
			room = (size_t)(cursor->end - cursor->at);
		got = pread(fd, cursor->data + cursor->filled, room,
		    (off_t)cursor->at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return diag_errno(diag, STATUS_IO,
			    got < 0 ? errno : EIO,
			    "cannot read a temporary file");
		cursor->filled += (size_t)got;
		cursor->at += (uint64_t)got;
	}
	return STATUS_OK;
}

/* The next record of a run; *found false at its end. */
static enum status
advance(const struct merge *merge, struct merge_cursor *cursor, bool *found,
    struct diag *diag)
{
	struct merge_head head;
	enum status status;

	*found = cursor->begin < cursor->filled || cursor->at < cursor->end;
	if (!*found)
		return STATUS_OK;
	status = fill(merge->fd, cursor, sizeof(head), diag);
	if (status != STATUS_OK)
		return status;
	memcpy(&head, cursor->data + cursor->begin, sizeof(head));
	status =
	    fill(merge->fd, cursor, sizeof(head) + head.key + head.value, diag);
	if (status != STATUS_OK)
		return status;
	cursor->begin += merge_record(cursor->data + cursor->begin,
	    &cursor->key, &cursor->value);
	cursor->prefix = merge_prefix(cursor->key, merge->common);
	return STATUS_OK;
}

/* The earlier run goes first among equals. */
static bool
comes_after(const struct merge *merge, size_t a, size_t b)
{
	const struct merge_cursor *one = &merge->cursors[a];
	const struct merge_cursor *two = &merge->cursors[b];
	int order;

	if (one->prefix != two->prefix)
		return one->prefix > two->prefix;
	order = str_cmp(one->key, two->key);
	return order != 0 ? order > 0 : a > b;
}

static void
sink(struct merge *merge, size_t at)
{
	size_t *heap = merge->heap;
	size_t moved = heap[at];

	for (size_t child; (child = 2 * at + 1) < merge->live; at = child) {
		if (child + 1 < merge->live &&
		    comes_after(merge, heap[child], heap[child + 1]))
			child++;
		if (!comes_after(merge, moved, heap[child]))
			break;
		heap[at] = heap[child];
	}
	heap[at] = moved;
}

enum status
merge_start(struct merge *merge, int fd, size_t common,
    const struct merge_run *runs, size_t count, size_t memory,
    struct diag *diag)
{
	size_t size = count > 0 ? memory / count : memory;
	enum status status = STATUS_OK;

	if (size < MERGE_READ)
		size = MERGE_READ;
	if (size > READ_MOST)
		size = READ_MOST;
	*merge = (struct merge){ .fd = fd, .common = common, .count = count };
	merge->cursors = mem_zero(count, sizeof(*merge->cursors));
	merge->heap = mem_zero(count, sizeof(*merge->heap));
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct merge_cursor *cursor = &merge->cursors[i];
		bool found;

		cursor->at = runs[i].begin;
		cursor->end = runs[i].end;
		cursor->data = mem_alloc(size);
		cursor->size = size;
		status = advance(merge, cursor, &found, diag);
		if (found)
			merge->heap[merge->live++] = i;
	}
	for (size_t i = merge->live / 2; i > 0; i--)
		sink(merge, i - 1);
	return status;
}

enum status
merge_next(struct merge *merge, bool *found, struct diag *diag)
{
	const struct merge_cursor *least;
	enum status status = STATUS_OK;
	bool more = true;

	/* What was in front is left behind only now: it was borrowed. */
	if (merge->begun && merge->live > 0) {
		status = advance(merge, &merge->cursors[merge->heap[0]], &more,
		    diag);
		if (!more)
			merge->heap[0] = merge->heap[--merge->live];
		if (merge->live > 0)
			sink(merge, 0);
	}
	merge->begun = true;
	*found = status == STATUS_OK && merge->live > 0;
	if (*found) {
		least = &merge->cursors[merge->heap[0]];
		merge->key = least->key;
		merge->value = least->value;
	}
	return status;
}
