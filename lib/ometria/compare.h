#ifndef OMETRIA_COMPARE_H
#define OMETRIA_COMPARE_H

/*
 * What we would send beside what Ometria shows, field by field. Pure.
 *
 * Only keys that we send are compared: Ometria may hold more. Absent, null, ""
 * and an empty list are the same. Numbers are compared by value, as numbers or
 * as texts, times by instant in any of the forms that Ometria writes, lists of
 * objects by position, other lists as sets. Never compared: keys with '@',
 * which are actions; the e-mail of an order or event, which is the master's at
 * the time of sending; of a contact the consent unless we force it, and the
 * times of consent, which are Ometria's to keep.
 */

#include "base/decimal.h"
#include "base/json.h"
#include "record/desired.h"

#define COMPARE_MAX 32 /* differences of a record that are told */

struct difference {
	struct str field; /* as Ometria calls it: lineitems[2].quantity */
	struct str ours; /* as JSON; empty when it is theirs alone */
	struct str theirs; /* as JSON; empty when it is not there */
};

struct comparison {
	struct difference list[COMPARE_MAX];
	size_t count; /* of list */
	size_t found; /* all, also those that are not told */
};

/*
 * ours: an object of lib/ometria/payload. theirs: what a GET returned for it.
 * Field names live in the arena; ours and theirs as long as the nodes do.
 */
void compare_records(enum desired_kind kind, const struct json *ours,
    const struct json *theirs, struct arena *arena,
    struct comparison *comparison);

/* A number as Ometria writes it; binary fractions and exponents come from who
 * keeps money as such. */
bool compare_number(struct str text, struct decimal *value);

/* Append the names of the fields, for a message: "lastname, store_ids and 3
 * more". Never their content. */
void compare_add_fields(struct buf *to, const struct comparison *comparison);

#endif
