#ifndef IDOC_DICTIONARY_H
#define IDOC_DICTIONARY_H

/*
 * The standard segments: their layouts in flat files (segments.tsv) and which
 * may stand below which (trees.tsv), compiled in by dictionary.awk.
 *
 * Versions of a segment only grow at their end, so the newest known layout
 * reads every older line. Layouts of trust C are used where
 * there is no better one: in E1MBXYI and E1BP2017_GM_ITEM_CREATE what comes
 * before the first quantity is exact, and its width is the only assumption; a
 * wrong one cuts into the unit and makes the quantity no number, which is
 * noticed where it is read.
 *
 * The trees of all IDoc types are one relation: no two of them contradict.
 */

#include "base/buf.h"

struct dictionary_field {
	const char *name;
	uint16_t offset; /* in SDATA, from 0, in characters */
	uint16_t length;
};

struct dictionary_segment {
	const char *name; /* the type: E1EDK01 */
	uint16_t first_field;
	uint16_t field_count; /* 0 = no layout is known */
	uint16_t width; /* of all fields together */
	uint16_t first_parent;
	uint16_t parent_count;
	bool top; /* may stand at the top of an IDoc */
};

/* The segment of that type, NULL when it is none of the standard ones. */
const struct dictionary_segment *dictionary_find(struct str type);
const struct dictionary_field *dictionary_fields(
    const struct dictionary_segment *segment);
/* Whether the tree has child directly below parent. */
bool dictionary_allows(const struct dictionary_segment *parent,
    const struct dictionary_segment *child);

#define DICTIONARY_NAME 64

/*
 * The type of a segment sent under a definition name: E2EDK01005 -> E1EDK01,
 * Z2ABC000 -> Z1ABC, by the table first (longest match), else three digits
 * fall off when they look like a version (they begin with 0). A name that is
 * no definition (E1.., Z1..) is returned as it is, and so is any name in XML
 * that does not begin with E2 or Z2; flat says that names are definitions for
 * sure: ZE1EDK810000 -> ZE1EDK810. The result may use `to`.
 */
struct str dictionary_type(struct str name, bool flat,
    char to[DICTIONARY_NAME]);

#endif
