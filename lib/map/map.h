#ifndef MAP_MAP_H
#define MAP_MAP_H

/*
 * From IDoc to records: field maps are data. One row says: message type, record
 * key, path, transform, limit. Built-in rows are static const tables; rows of
 * [map "MSG"] in the configuration replace the row of the same key or add one.
 *
 * What a row may say: map/path.h and map/format.h; the tables: map_customer.c,
 * map_order.c and their like.
 */

#include "base/config.h"
#include "base/spool.h"
#include "idoc/idoc.h"
#include "record/record.h"

struct map;

/*
 * Compile all rows; marks the symbols they need as wanted. STATUS_CONFIG with
 * file and line when a [map] row is wrong; the map is to be freed then, too.
 * symbols and config are borrowed and must outlive it.
 */
enum status map_new(struct map **map, struct idoc_symbols *symbols,
    const struct config *config, struct diag *diag);
void map_free(struct map *map);

/* Whether there are rows for this message type (or, where an IDoc names none,
 * for this basic type: MATMAS05 is MATMAS). */
bool map_knows(const struct map *map, struct str mestyp);

struct map_result {
	uint64_t records; /* lines appended to output, each with newline */
	const char *ignored_by; /* NULL, or the rule by which it gives none */
	const char *code; /* NULL, or the exception code when it failed */
	struct str subject; /* what failed: customer number or empty */
	struct str message; /* why; lives in the arena */
};

/*
 * Append the records of an IDoc to output (its own status tells whether all of
 * them are there), numbered src.r = 1.. with src filled
 * from idoc and seq computed. When a key field is missing or malformed,
 * nothing is appended and result->code says why. Values that are no number or
 * date where one is due are left out when optional.
 */
enum status map_apply(struct map *map, const struct idoc *idoc,
    struct spool *output, struct arena *arena, struct map_result *result,
    struct diag *diag);

/*
 * The same evaluation, told instead of written: a line for each value, which
 * says where it came from (map/explain.h, idoc-parse(1)); all: rows that found
 * nothing, too. What makes the IDoc fail is the last line.
 */
void map_explain(struct map *map, const struct idoc *idoc, bool all,
    struct spool *output, struct arena *arena, struct map_result *result);

/* src (without r) and seq of an IDoc: for exceptions and the ledger. seq needs
 * 32 bytes. */
void map_src(const struct idoc_control *control, struct str file, uint64_t n,
    struct hash hash, struct arena *arena, struct record_src *src,
    struct str *seq);

/* The lossless segment tree as one JSON line (without newline). */
void map_raw(const struct idoc *idoc, struct spool *output);

#endif
