#ifndef SANDBOX_VALIDATE_H
#define SANDBOX_VALIDATE_H

/*
 * What Ometria is taken to accept in a record: tables of fields with type,
 * length and obligation, one per record type, as its documentation and public
 * clients show them. Checked when a record is processed, not when it is
 * pushed.
 */

#include "base/json.h"

enum field_type {
	FIELD_STRING,
	FIELD_NUMBER,
	FIELD_INTEGER,
	FIELD_BOOL,
	FIELD_TIME, /* ISO 8601 date and time */
	FIELD_DATE, /* YYYY-MM-DD */
	FIELD_COUNTRY, /* two letters */
	FIELD_CURRENCY, /* three upper-case letters */
	FIELD_OPTIN, /* marketing_optin */
	FIELD_GENDER,
	FIELD_OBJECT, /* sub = its fields, or any when NULL */
	FIELD_ARRAY, /* sub = fields of its elements, which are objects */
	FIELD_STRINGS /* array of strings */
};

struct field {
	const char *name;
	enum field_type type;
	bool required;
	size_t max; /* characters, or elements; 0 = any */
	const struct field *sub; /* ends with a NULL name */
};

/* What is wrong with a record, in Ometria's words. */
struct flaw {
	const char *message;
	char path[160]; /* "root > lineitems > 0 > sku" */
};

/* The fields of a record type, or NULL when there is no such type. */
const struct field *validate_fields(struct str type);
/* The row of a top-level field, or NULL. */
const struct field *validate_field(const struct field *fields, struct str key);

/*
 * False with *flaw set when the record is not acceptable. A `partial` one
 * (@merge) may leave out required fields other than its id.
 */
bool validate_record(const struct json *record, struct str type, bool partial,
    struct arena *arena, struct flaw *flaw);

#endif
