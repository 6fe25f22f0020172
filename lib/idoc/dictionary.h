#ifndef IDOC_DICTIONARY_H
#define IDOC_DICTIONARY_H

/*
 * The segments that are known: their layouts in flat files and which may stand
 * below which. The standard ones (segments.tsv, trees.tsv) are compiled in by
 * dictionary.awk; a struct dictionary adds a client's own and newer ones, from
 * SAP's reports (we60.h). NULL is a dictionary of the standard ones alone.
 *
 * A type (E1EDP01) has one layout per definition (E2EDP01008, E2EDP01011).
 * Definitions of one type only grow at their end, so the newest layout reads
 * the lines of every older one. Every field says how far its place is to be
 * trusted; what stands behind one of trust C cannot be cut out of a flat line.
 *
 * The trees of all IDoc types are one relation: no two of them contradict.
 *
 * Lookups take time logarithmic in the number of segments. What they return
 * lives as long as the dictionary, which must not be added to once a reader
 * has it.
 */

#include "base/buf.h"

enum dictionary_trust {
	DICTIONARY_EXACT = 'A', /* SAP's own report or schema */
	DICTIONARY_SOURCED = 'B', /* one good source */
	DICTIONARY_INFERRED = 'C' /* known by name; its place is a guess */
};

struct dictionary_field {
	const char *name;
	uint16_t offset; /* in SDATA, from 0, in characters */
	uint16_t length;
	char trust; /* enum dictionary_trust */
};

struct dictionary_layout {
	const char *definition; /* E2EDK01005; NULL: it is not known which */
	const char *source; /* name of the report; NULL: compiled in */
	const struct dictionary_field *fields; /* without gaps, by offset */
	uint16_t field_count;
	uint16_t width; /* of all fields together */
};

struct dictionary_segment {
	const char *name; /* the type: E1EDK01 */
	const struct dictionary_layout *layouts; /* the newest first */
	uint16_t layout_count; /* 0: only the name is known */
	uint16_t number; /* of the type: what parents holds */
	const uint16_t *parents;
	uint16_t parent_count;
	bool top; /* may stand at the top of an IDoc */
};

struct dictionary;

struct dictionary *dictionary_new(void);
void dictionary_free(struct dictionary *dictionary);

/* The segment of that type, NULL when it is not known. */
const struct dictionary_segment *dictionary_find(
    const struct dictionary *dictionary, struct str type);
/* The known segments by name: the one after that one (NULL: the first), NULL
 * behind the last. */
const struct dictionary_segment *dictionary_next(
    const struct dictionary *dictionary,
    const struct dictionary_segment *after);
/* The layout of a segment for lines of that definition: its own, else the
 * newest of the type; NULL when none is known. */
const struct dictionary_layout *dictionary_layout(
    const struct dictionary_segment *segment, struct str definition);
/* Whether the tree has child directly below parent. */
bool dictionary_allows(const struct dictionary_segment *parent,
    const struct dictionary_segment *child);

/* The name of the type that has this number. */
const char *dictionary_name(const struct dictionary *dictionary,
    uint16_t number);

#define DICTIONARY_NAME 64

/*
 * The type of a segment sent under a definition name: one that a report
 * defines; E2EDK01005 -> E1EDK01, Z2ABC000 -> Z1ABC, by the known types first
 * (longest match), else three digits fall off when they look like a version
 * (they begin with 0). A name that is no definition (E1.., Z1..) is returned
 * as it is, and so is any other name in XML that does not begin with E2 or Z2;
 * flat says that names are definitions for sure: ZE1EDK810000 -> ZE1EDK810.
 * The result may use `to`.
 */
struct str dictionary_type(const struct dictionary *dictionary, struct str name,
    bool flat, char to[DICTIONARY_NAME]);

/* Definitions that may be added: a large IDoc type has about 500; and layouts
 * of one type: the newest seen has version 011. */
#define DICTIONARY_ADDED 8192
#define DICTIONARY_LAYOUTS 100

/*
 * Add a definition: over one of that name that is there already, before what
 * else is known of its type as its version says. The parent (a type that is
 * known; empty: at the top) is added to those that the type has. All is
 * copied but layout->source, which must live as long as the dictionary. False
 * when there are too many.
 */
bool dictionary_add(struct dictionary *dictionary, struct str type,
    struct str parent, const struct dictionary_layout *layout);

#endif
