#ifndef BASE_MERGE_H
#define BASE_MERGE_H

/*
 * Runs of a file, each of them in order, read as one: for lib/base/sorter
 * alone. Records are the lengths of key and value, the key, the value.
 */

#include "base/buf.h"

/* The least that is read of a run at once. */
#define MERGE_READ ((size_t)8 * 1024)

/* In front of a record, in memory and in the file. */
struct merge_head {
	uint32_t key, value;
};

/* A part of the file that is in order. */
struct merge_run {
	uint64_t begin, end;
	unsigned level; /* how often it was merged */
};

struct merge_cursor;

struct merge {
	int fd;
	size_t common; /* bytes that all keys begin with */
	struct merge_cursor *cursors;
	size_t count;
	size_t *heap; /* the cursors that have a record, the least in front */
	size_t live;
	bool begun;
	struct str key, value; /* the record in front */
};

/* Read these runs with so much memory. merge_free in any case. */
enum status merge_start(struct merge *merge, int fd, size_t common,
    const struct merge_run *runs, size_t count, size_t memory,
    struct diag *diag);
/* The next record; among equal keys that of the earlier run. */
enum status merge_next(struct merge *merge, bool *found, struct diag *diag);
void merge_free(struct merge *merge);

/* The record that begins there, and its length. */
size_t merge_record(const char *at, struct str *key, struct str *value);

/* The eight bytes of a key behind the common ones as a number. */
uint64_t merge_prefix(struct str key, size_t common);

#endif
