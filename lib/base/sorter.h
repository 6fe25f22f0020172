#ifndef BASE_SORTER_H
#define BASE_SORTER_H

/*
 * Any number of records put in order in bounded memory: blocks are sorted in
 * memory and written to one unlinked file in $TMPDIR, from which they are
 * merged. What arrives in order is never sorted, only kept.
 *
 * A record is a key and whatever belongs to it. Keys are compared byte by byte,
 * the shorter one first (str_cmp), which is the order of SQLite's texts, too.
 * Records of one key come out in the order in which they came in.
 */

#include "base/buf.h"

/* Two of them, and all else of a tool, stay below 32 MB; 1,000,000 records of
 * 500 bytes are merged once. */
#define SORTER_MEMORY ((size_t)4 * 1024 * 1024)

struct sorter;

/* memory: bytes of a block; half of that is for merging, later. */
struct sorter *sorter_new(size_t memory);
void sorter_free(struct sorter *sorter); /* NULL is fine */

/* CANNOT_CREATE: the temporary file can not be made or has no room. */
enum status sorter_add(struct sorter *sorter, struct str key, struct str value,
    struct diag *diag);
/* All were added: from now on they come out. */
enum status sorter_end(struct sorter *sorter, struct diag *diag);
/* The next one; *found false behind the last. Both are valid until the next
 * call. */
enum status sorter_next(struct sorter *sorter, struct str *key,
    struct str *value, bool *found, struct diag *diag);

#endif
