#ifndef IDOC_IDOC_H
#define IDOC_IDOC_H

/*
 * An IDoc as read: the control record and the tree of its segments. Whatever
 * the file format was, segments carry their type (E1EDK01, never E2EDK01005),
 * fields their SAP names, values are UTF-8, trimmed at the right, and never
 * empty: an initial field is left out. A flat segment without a known layout
 * has one field, SDATA. Header segments of orders and invoices are children of
 * E1EDK01, whichever way they were sent. Memory belongs to the reader and is
 * valid until its sink returns.
 */

#include "base/arena.h"
#include "base/hash.h"
#include "idoc/symbol.h"

/* The fields of EDI_DC40 (SAP, transaction WE60), and DOCTYP of EDI_DC where it
 * is not IDOCTYP. */
struct idoc_control {
	struct str tabnam, mandt, docnum, docrel, status, direct;
	struct str outmod, exprss, test, idoctyp, cimtyp, mestyp;
	struct str mescod, mesfct, std, stdvrs, stdmes;
	struct str sndpor, sndprt, sndpfc, sndprn, sndsad, sndlad;
	struct str rcvpor, rcvprt, rcvpfc, rcvprn, rcvsad, rcvlad;
	struct str credat, cretim, refint, refgrp, refmes, arckey, serial;
	struct str doctyp;
};

struct idoc_field {
	const struct idoc_symbol *name;
	struct str value;
};

struct idoc_segment {
	const struct idoc_symbol *type;
	struct str definition; /* the name as sent, such as E2EDK01005 */
	struct idoc_field
	    *fields; /* in order of appearance; raw: of the layout */
	size_t field_count;
	struct str tail; /* raw: what stood behind the last known field */
	struct idoc_segment *parent, *first, *last, *next;
	uint32_t number; /* from 1, in order of appearance */
};

struct idoc {
	struct idoc_control control;
	bool control_missing; /* no control record: type taken from the root */
	bool nesting_repaired;
	/* Flat: data records carry another number than the control record. */
	bool docnum_differs;
	bool bytes_replaced; /* flat: broken UTF-8 was made U+FFFD */
	struct idoc_segment *root; /* its children are the top segments */
	uint32_t segment_count;
	struct str file; /* name given to the reader */
	uint64_t n; /* position in the file, from 1 */
	uint64_t offset; /* where it begins: byte of the file as UTF-8 */
	size_t line; /* and line, from 1 */
	struct hash hash; /* of its content (content.h), when asked */
	bool backfill; /* set by who reads history (record.h) */
	bool raw; /* all fields were kept, not only the wanted ones */
};

/* An IDoc that could not be read, as far as it is known. */
struct idoc_fault {
	const char *code; /* exception code: idoc-malformed, idoc-truncated,
			   * idoc-too-large, idoc-hostile, idoc-encoding,
			   * idoc-no-layout */
	struct str message; /* what is wrong, fit for an exception */
	struct idoc_control control; /* what had been read of it */
	struct str kunnr; /* customer number salvaged from a DEBMAS or ADRMAS */
	struct str file;
	uint64_t n;
	uint64_t offset;
	size_t line;
	/* Only when asked: flat, of its records; XML, of its first 64 KiB as
	 * they are and its length. */
	struct hash hash;
};

/* The next one beside a segment, NULL at the end. Whoever walks a list of
 * segments takes this step: of a large IDoc it keeps what was passed out of
 * the resident memory. */
static inline const struct idoc_segment *
idoc_next(const struct idoc_segment *segment)
{
	const struct idoc_segment *next = segment->next;

	if (next != NULL)
		region_pass(segment, next);
	return next;
}

/* The one after it in the order of appearance, below the segment `top`: its
 * children come first. NULL at the end. */
static inline const struct idoc_segment *
idoc_after(const struct idoc_segment *top, const struct idoc_segment *at)
{
	if (at->first != NULL)
		return at->first;
	while (at != top && at->next == NULL)
		at = at->parent;
	return at != top ? idoc_next(at) : NULL;
}

/* The first field of that name, empty when there is none. */
static inline struct str
idoc_value(const struct idoc_segment *segment, const struct idoc_symbol *name)
{
	for (size_t i = 0; i < segment->field_count; i++)
		if (segment->fields[i].name == name)
			return segment->fields[i].value;
	return STR_NONE;
}

/* The same without its symbol, trimmed. */
static inline struct str
idoc_named(const struct idoc_segment *segment, const char *name)
{
	for (size_t i = 0; i < segment->field_count; i++)
		if (str_is(segment->fields[i].name->name, name))
			return str_trim(segment->fields[i].value);
	return STR_NONE;
}

#endif
