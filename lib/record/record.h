#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

/*
 * Records: the JSON lines on the pipes (sap-ometria-record(5)). Every record
 * begins with v, type, id, seq, src, in this order; seq and src are absent on
 * records made outside SAP.
 *
 * A tool knows a line's type from its first bytes (record_sniff) and parses
 * only the types that are its own (record_parse).
 */

#include "base/json.h"
#include "base/jsonw.h"

#define RECORD_TYPES(X)                                                        \
	X(CUSTOMER, "customer", "customer-aggregate")                          \
	X(CONTACT_POINT, "contact_point", "customer-aggregate")                \
	X(ORDER, "order", "order-aggregate")                                   \
	X(SHIPMENT, "shipment", "order-aggregate")                             \
	X(INVOICE, "invoice", "order-aggregate")                               \
	X(PRODUCT, "product", "stock-aggregate")                               \
	X(STOCK_MOVEMENT, "stock_movement", "stock-aggregate")                 \
	X(STOCK_LEVEL, "stock_level", "stock-aggregate")                       \
	X(EXCEPTION, "exception", "ometria-push")                              \
	X(DESIRED, "desired", "ometria-push")

enum record_type {
	RECORD_UNKNOWN, /* not a line that begins like a record */
#define X(name, text, tool) RECORD_##name,
	RECORD_TYPES(X)
#undef X
};

/* Where a record came from. All texts borrowed; empty = unknown. */
struct record_src {
	struct str sys; /* SNDPRN or SNDPOR of the control record */
	struct str client; /* MANDT */
	struct str docnum; /* 16 digits, or '#' and 16 hex digits of a hash */
	struct str mestyp;
	struct str idoctyp;
	struct str file;
	uint64_t n; /* position of the IDoc in its file, from 1; 0 = unknown */
	uint64_t r; /* number of the record within the IDoc, from 1 */
	bool backfill; /* history: sent behind all else, without events */
};

/* A parsed line; everything in it borrows from line, document and arena. */
struct record {
	enum record_type type;
	struct str id;
	struct str seq; /* empty on records made outside SAP */
	struct record_src src;
	const struct json *root;
	struct str line;
};

const char *record_type_name(enum record_type type);
/* The tool that settles records of this type, "" for RECORD_UNKNOWN. */
const char *record_type_tool(enum record_type type);
enum record_type record_type_of(struct str name);

/*
 * The type by the usual first bytes {"v":1,"type":"NAME" alone, without
 * parsing. RECORD_UNKNOWN when the line does not begin so: then parse it.
 */
enum record_type record_sniff(struct str line);

/*
 * Parse and check a line: JSON, v = 1, a known type, a text id, src well
 * formed. STATUS_DATA with diag otherwise (code record-invalid). The arena
 * takes unescaped texts.
 */
enum status record_parse(struct record *record, struct json_doc *doc,
    struct arena *arena, struct str line, struct diag *diag);

/*
 * Open an object and write v, type, id, seq, src (seq and src only when there
 * is something to say). The caller adds its keys and closes the object.
 */
struct jsonw record_begin(struct buf *to, enum record_type type, struct str id,
    struct str seq, const struct record_src *src);

/*
 * The same line with a src (and a seq, when given) put in behind its id: for
 * records that arrive without. line must have parsed as record.
 */
void record_stamp(struct buf *to, const struct record *record, struct str seq,
    const struct record_src *src);

#endif
