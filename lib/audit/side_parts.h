#ifndef AUDIT_SIDE_PARTS_H
#define AUDIT_SIDE_PARTS_H

/* What the files of Ometria's side share; nobody else includes this. */

#include "audit/side.h"
#include "base/sorter.h"

struct side_ometria {
	const struct side_plan *plan;
	struct sorter *rows; /* key: length of the id, id, row */
	struct sorter *emails; /* address in small letters, NUL, contact id */
	struct json_doc doc;
	struct arena arena; /* of one row */
	struct buf key, value, scratch;
	struct buf columns; /* of CSV: names, each with a NUL; else empty */
};

#endif
