#ifndef AUDIT_PROFILE_H
#define AUDIT_PROFILE_H

/*
 * An audit of raw IDocs and records: what is in them, what is wrong with them,
 * and what that does to marketing if nobody does anything.
 *
 * The files were folded into a state of their own, which holds what the rules
 * of the line make of them. profile_file reads them once more, as they are, for
 * what folding does not keep: order of arrival, numbers, values that are no
 * dates or countries, segments that nothing reads. It goes into temporary
 * tables of that state, so that memory does not grow with the files. Then each
 * check (profile_checks) is a question to the tables.
 *
 * No personal data is kept here but in the state; findings are numbers of
 * IDocs, customers, orders and materials.
 */

#include "idoc/reader.h"
#include "state/state.h"

/* What findings are counted of; the SQL text tells how many there are, none:
 * they are counted while the files are read. */
#define PROFILE_UNITS(X)                                                       \
	X(IDOCS, "IDocs and records", "SELECT count(*) FROM profile_idoc")     \
	X(NUMBERS, "IDoc numbers", PROFILE_SPAN)                               \
	X(SEGMENTS, "segments", NULL)                                          \
	X(TEXTS, "values", NULL)                                               \
	X(DATES, "dates", NULL)                                                \
	X(COUNTRIES, "country codes", NULL)                                    \
	X(CUSTOMERS, "customers",                                              \
	    "SELECT count(*) FROM customer WHERE facts IS NOT NULL")           \
	X(EMAILS, "e-mail addresses", NULL)                                    \
	X(PHONES, "phone numbers", NULL)                                       \
	X(POSTCODES, "postcodes", NULL)                                        \
	X(MATERIALS, "materials", "SELECT count(*) FROM sku")                  \
	X(ORDERS, "orders",                                                    \
	    "SELECT count(*) FROM orders WHERE moved_to IS NULL")              \
	X(SHIPMENTS, "deliveries", "SELECT count(*) FROM shipment")            \
	X(MOVEMENTS, "movements",                                              \
	    "SELECT (SELECT count(*) FROM movement) + (SELECT"                 \
	    " coalesce(sum(count), 0) FROM exception"                          \
	    " WHERE code = 'stock-unknown-movement' AND open = 1)")            \
	X(STOCKS, "materials in a place", "SELECT count(*) FROM stock")        \
	X(DESIRED, "records for Ometria", "SELECT count(*) FROM outbox")

enum profile_unit {
#define X(name, text, sql) PROFILE_##name,
	PROFILE_UNITS(X)
#undef X
	PROFILE_UNIT_COUNT
};

struct profile_check {
	const char *name;
	enum profile_unit unit;
	/* Rows of id and weight; ?1 is the name. */
	const char *sql;
	const char *title; /* what is counted */
	const char *effect; /* on marketing, if nothing is done */
	const char *rule; /* by which limit or rule */
};

/* Ends with a row of NULL name. */
extern const struct profile_check profile_checks[];

struct profile;

/* state: of the folded files, borrowed; config and dictionary, too. */
enum status profile_open(struct profile **profile, struct state *state,
    const struct config *config, const struct dictionary *dictionary,
    struct diag *diag);
void profile_free(struct profile *profile); /* NULL is fine */

/* Read a file, in the order in which files arrived. What cannot be read is a
 * finding of the folded state, not a failure. */
enum status profile_file(struct profile *profile, const char *path,
    struct diag *diag);
/* The same of what is open, from where it stands. */
enum status profile_read(struct profile *profile, int fd, const char *path,
    struct diag *diag);
/* All files were read: look at what was folded. */
enum status profile_look(struct profile *profile, struct diag *diag);

/* The audit as text for a person, or as one JSON object with a newline;
 * *found: how many checks found something. */
enum status profile_write_text(struct profile *profile, struct buf *to,
    size_t *found, struct diag *diag);
enum status profile_write_json(struct profile *profile, struct buf *to,
    size_t *found, struct diag *diag);

#endif
