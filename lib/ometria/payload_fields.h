#ifndef OMETRIA_PAYLOAD_FIELDS_H
#define OMETRIA_PAYLOAD_FIELDS_H

/*
 * The fields of Ometria's payloads, for payload.c: one table a kind, which
 * names the tables of its inner objects. A table ends with a row whose from is
 * NULL; nothing that is not in one leaves.
 */

#include "record/desired.h"

enum field_kind {
	TEXT,
	TEXTS, /* array of texts */
	MONEY, /* decimal text to exact number */
	INTEGER, /* decimal text or number without a fraction */
	BOOL,
	TIME,
	FLAG, /* true gives the fixed text of the row */
	RAW, /* an object as it stands */
	OBJECT, /* a member object, by the inner table */
	ADDRESS, /* the same, but not of an erased person */
	GROUP, /* an object made of members of this one, by the inner table */
	LIST, /* an array of objects, by the inner table */
	CUSTOMER, /* order.customer: from body and master; of a guest by the
		     inner table */
	IDENTITY /* the identity_ keys of an event */
};

enum excess {
	OPTIONAL, /* too long is a fault, absent is fine */
	REQUIRED, /* too long or absent is a fault */
	CLEARED, /* the same, and null leaves as null: what is there goes */
	CUT, /* too long is cut: free text that nothing depends on */
	KEY /* absent: the element of the list is left out */
};

struct field {
	const char *from; /* key of the body */
	const char *to; /* key of the payload */
	enum field_kind kind;
	enum excess excess;
	size_t limit; /* characters, of RAW and GROUP as JSON; 0 = none */
	const struct field *inner;
	const char *text; /* FLAG */
};

extern const struct field *const payload_fields[DESIRED_KIND_COUNT];

#endif
