#ifndef BENCH_GEN_MESSAGE_H
#define BENCH_GEN_MESSAGE_H

/*
 * Templates of IDocs: the list of an IDoc's segments with their fields, offsets
 * as in lib/idoc/segments.tsv. In values, $ and a letter stand for something of
 * the document: put_letter() in gen_idoc.c.
 */

#include <stdbool.h>

#define SEGMENT_FIELDS 20

struct field {
	const char *name;
	unsigned offset; /* in SDATA, characters */
	const char *value;
};

struct segment {
	unsigned level; /* in the tree, from 1 */
	bool item; /* of the group that each item repeats */
	const char *type, *definition;
	struct field fields[SEGMENT_FIELDS]; /* ends with a NULL name */
};

struct message {
	const char *mestyp, *idoctyp;
	unsigned share; /* of 100, where all are mixed */
	unsigned few; /* items at least, and up to 5 more; 0 = none */
	const struct segment *segments; /* ends with level 0 */
};

/* Of EDI_DC40; offsets from its first character. */
extern const struct field gen_control[];
/* In this order. */
enum {
	GEN_ORDER,
	GEN_INVOICE,
	GEN_DELIVERY,
	GEN_CUSTOMER,
	GEN_ADDRESS,
	GEN_MATERIAL,
	GEN_MOVEMENT
};
extern const struct message gen_messages[];

#endif
