#ifndef AUDIT_PROFILE_PARTS_H
#define AUDIT_PROFILE_PARTS_H

/* What the files of the profile share; nobody else includes this. */

#include "audit/profile.h"
#include "base/json.h"
#include "map/map.h"

/* Numbers that are missing in a row: more is another block of the range, which
 * SAP hands to application servers block by block. */
#define PROFILE_GAP "1000"
/* Neighbours among the IDoc numbers of a system and client. */
#define PROFILE_STEPS                                                          \
	"(SELECT sys, client, number, lag(number)"                             \
	" OVER (PARTITION BY sys, client ORDER BY number) AS before FROM"      \
	" (SELECT DISTINCT sys, client, CAST(docnum AS INTEGER) AS number"     \
	"  FROM profile_idoc WHERE docnum NOT GLOB '*[^0-9]*'))"               \
	" WHERE number - before"
/* Numbers there should be: those that came, and those of the gaps. */
#define PROFILE_SPAN                                                           \
	"SELECT (SELECT count(DISTINCT sys || '/' || client || docnum)"        \
	" FROM profile_idoc WHERE docnum NOT GLOB '*[^0-9]*')"                 \
	" + (SELECT coalesce(sum(number - before - 1), 0) FROM " PROFILE_STEPS \
	" BETWEEN 2 AND " PROFILE_GAP " + 1)"

enum profile_kind {
	PROFILE_DATE,
	PROFILE_COUNTRY,
	PROFILE_MATERIAL
};

struct profile {
	struct state *state;
	const struct config *config;
	const struct dictionary *dictionary;
	struct idoc_symbols *symbols;
	struct idoc_reader *reader;
	struct map *map;
	struct profile_fields *fields; /* what their names mean */
	uint64_t files, idocs, records;
	uint64_t seen[PROFILE_UNIT_COUNT];
	struct json_doc doc;
	struct arena arena; /* of one IDoc or record */
	struct buf id; /* scratch of a finding's id */
	struct diag *diag; /* of the reading in hand */
};

/* --- profile.c --- */

/* Something is wrong with that id; the same again adds to its weight. */
enum status profile_mark(struct profile *profile, const char *check,
    struct str id, struct diag *diag);

/* How a message came. */
struct profile_row {
	struct str sys, client, docnum, message, seq;
	struct str object; /* what it is about, empty = not known */
	uint64_t r; /* of a record within its IDoc, else 0 */
	struct hash hash;
	bool mapped;
};

enum status profile_came(struct profile *profile, const struct profile_row *row,
    struct diag *diag);

/* --- profile_value.c: values as they stand in IDocs and records --- */

struct profile_fields *profile_fields_new(struct idoc_symbols *symbols);
void profile_fields_free(struct profile_fields *fields);
/* All segments of an IDoc, whose name is given; *object as in profile_row. */
enum status profile_segments(struct profile *profile, const struct idoc *idoc,
    struct str name, struct str *object, struct diag *diag);
/* All values of a record. */
enum status profile_values(struct profile *profile, const struct json *root,
    struct str name, struct diag *diag);

/* --- profile_folded.c: what the line made of them --- */

enum status profile_folded(struct profile *profile, struct diag *diag);

/* --- profile_result.c: the answers --- */

#define PROFILE_EXAMPLES 5

struct profile_result {
	uint64_t count, of;
	struct buf examples; /* each with a newline */
};

enum status profile_ask(struct profile *profile,
    const struct profile_check *check, struct profile_result *result,
    struct diag *diag);
enum status profile_population(struct profile *profile, enum profile_unit unit,
    uint64_t *count, struct diag *diag);
const char *profile_unit_name(enum profile_unit unit);
/* "18.8 %" of it, "-" of nothing. */
void profile_share(struct buf *to, uint64_t count, uint64_t of);

#endif
