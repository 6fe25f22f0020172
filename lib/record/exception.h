#ifndef RECORD_EXCEPTION_H
#define RECORD_EXCEPTION_H

/*
 * Exceptions: errors as data. Every code stands in one table, the catalogue,
 * with its severity, the role that owns it, what it means and what to do: the
 * manual page sap-ometria-exceptions(7) is made from it.
 *
 * An exception is known by code, subject type and subject id: the same one
 * again only counts up.
 */

#include "record/record.h"

enum severity {
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL
};

enum closed_by {
	CLOSED_BY_ITSELF, /* its cause can be seen to be gone */
	CLOSED_BY_EITHER, /* that can be seen of some of them */
	CLOSED_BY_PERSON /* only a person knows when it is over */
};

/* Texts are sentences without their last full stop; in 'quotes' is what is
 * typed or written so, name(1) is a manual page. */
struct exception_code {
	const char *code;
	enum severity severity;
	const char *owner;
	enum closed_by closed_by;
	const char *runbook; /* section of sap-ometria-runbook(7) */
	const char *meaning; /* what has happened */
	const char *action; /* what the owner does next */
	const char *detail; /* what else there is to know of it */
};

/* In the order of the runbook; ends with a row of NULL code. */
extern const struct exception_code exception_codes[];

struct exception {
	const char *code; /* of the table */
	const char *subject; /* type: idoc, file, customer, order, sku ... */
	struct str id; /* of the subject */
	struct str customer; /* customer id when known */
	struct str message; /* no personal data, no record body */
	struct record_src src; /* the record it is about, when there is one */
	bool settles; /* it is the outcome of that record */
	size_t line; /* of the file, for the state; 0 = unknown */
};

/* The row of a code; a program error (assert) when there is none. */
const struct exception_code *exception_code_find(const char *code);
const char *severity_name(enum severity severity);
bool severity_of(struct str name, enum severity *severity);

/*
 * One exception record, without newline:
 * id = code:subject:id, then code, severity, subject, customer, message,
 * settles.
 */
void exception_write(struct buf *to, const struct exception *exception);
/* The exception in a parsed record; STATUS_DATA when a key is wrong. */
enum status exception_read(struct exception *exception,
    const struct record *record, struct arena *arena, struct diag *diag);

#endif
