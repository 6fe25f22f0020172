#ifndef MAP_ROW_H
#define MAP_ROW_H

/*
 * What a field map is made of. Each message family has its tables in a file
 * of its own (map_customer.c, map_order.c ...): rows in the order in which
 * the record's keys are written, sap-ometria-record(5).
 *
 * Dots in a key make objects ("totals.tax"); the elements of a list have the
 * list's key in front ("lines.sku"). What begins with a dot (".action",
 * "lines..price") is worked out but not written: rules read it through
 * row_value(). A later row of the
 * same key takes the place of the earlier one.
 */

#include <regex.h>

#include "map/map.h"
#include "map/path.h"

struct explain;
struct format;

enum row_kind {
	ROW_NOTHING, /* the key is left out */
	ROW_NULL, /* SAP says that there is none */
	ROW_TEXT,
	ROW_NUMBER, /* written as a text */
	ROW_FALSE,
	ROW_TRUE
};

/* row_text() gives the text of whichever kind. */
struct row_result {
	enum row_kind kind;
	struct str text; /* of ROW_TEXT; lives as long as the IDoc or arena */
	struct decimal number; /* of ROW_NUMBER */
};

enum row_mode {
	ROW_FIRST, /* the first match that gives a value */
	ROW_LAST, /* the last one of the first branch that has any */
	ROW_JOIN, /* all of that branch, one behind the other */
	ROW_SUM, /* their sum */
	ROW_LIST, /* the path names a segment; each match is an element */
	ROW_TABLE /* an object: the function gives the key, the last field the
		   * text; the first of equal keys stays. ROW_NULL is a member
		   * that is no more, its text the key */
};

struct row_at;

/* From the values of a path's fields (PATH_FIELDS entries, empty where there
 * is none) to a result. Pure: reads at and raw, takes memory from at->arena. */
typedef struct row_result row_function(const struct row_at *at,
    const struct str *raw);

struct row {
	const char *key;
	const char *path; /* NULL: only a configuration or a rule fills it */
	row_function *value; /* value.h; NULL takes the text as it is */
	enum row_mode mode;
	unsigned limit; /* characters at most, 0 = as many as there are */
	bool no; /* written as false when nothing says true */
	row_function *rule; /* in place of value unless the path was configured;
			     * without a path it is called once */
	const char *only; /* for this message type alone */
};

/* One kind of record in a message. */
struct row_record {
	enum record_type type;
	const char *anchor; /* each of these segments is one record */
	const char *const *outer; /* segments in front of it, NULL at the end */
	bool siblings; /* segments beside the anchor are part of it */
	/* Put the IDoc's segments where the paths expect them; NULL: they are
	 * there. The result lives in the arena. */
	const struct idoc_segment *(*arrange)(const struct idoc_symbol *anchor,
	    const struct idoc *idoc, struct arena *arena);
	const char *fault; /* exception code when a key is missing */
	const struct row *rows; /* ends with a row without key */
	struct str (*id)(const struct row_at *at); /* empty: malformed */
	/* What is wrong with the record, or NULL; the subject when known. */
	const char *(*check)(const struct row_at *at, struct str *subject);
	/* How many records it gives: 1, 2 for transfers, 0 for nothing. */
	unsigned (*sides)(const struct row_at *at);
	const char *none; /* rule by which an IDoc without any is ignored */
};

enum row_side {
	ROW_WHOLE,
	ROW_FROM, /* the issuing side of a transfer */
	ROW_TO /* the receiving side */
};

struct row_node;
struct row_message;

/* Where an evaluation stands. */
struct row_at {
	const struct map *map;
	const struct config *config;
	struct row_message *message;
	struct row_result *results; /* one for each row, by slot */
	const struct idoc *idoc;
	struct str mestyp;
	const struct record_src *src;
	struct path_scope scope;
	struct explain *explain; /* who wants to know what came from where */
	uint64_t position; /* of the anchor among its kind, from 1 */
	uint64_t element; /* of a list, from 1 */
	enum row_side side;
	struct arena *arena;
	struct spool *output; /* where the record goes */
};

/* A result as text; numbers are written into the arena. */
struct str row_text(const struct row_at *at, struct row_result result);

/* The result of another row of the record (or, within a list element, of the
 * element), known before this one; empty text when there is none. The key is a
 * literal: where it leads is remembered by its address. */
struct str row_value(const struct row_at *at, const char *key);
/* The same as a decimal; false when there is none. */
bool row_decimal(const struct row_at *at, const char *key,
    struct decimal *value);
bool row_true(const struct row_at *at, const char *key);

/* The rows of a record or list element in the order in which they are worked
 * out: first what stands in the IDoc, then what rules make of it. */
struct row_order {
	const struct row_node **nodes;
	size_t count;
};

/* A tree of compiled rows: objects, lists and values in order. */
struct row_node {
	const char *key; /* last component; begins with '.' when not written */
	struct str head; /* the key as it is written: "key": */
	bool object; /* no row of its own */
	struct row row;
	struct path path;
	row_function *function; /* of the row: its rule, else its value */
	const struct format
	    *format; /* in its place: steps of a configuration */
	size_t line; /* of the configuration, 0 = built in */
	size_t slot;
	uint32_t own; /* the field of the scope's index that all depends on */
	struct path_index index; /* of the root and of lists */
	struct row_node *first, *last, *next;
	struct row_order order; /* of the root and of lists */
};

/* Where the key of a row_value() leads. */
struct row_memo {
	const char *key; /* NULL: free */
	size_t slot;
};

#define ROW_MEMOS 64 /* a power of two; more than keys that rules name */

/* One message type, compiled. */
struct row_message {
	const char *mestyp;
	const struct row_record *record;
	struct row_message *also; /* the same IDoc gives these, or NULL */
	const struct idoc_symbol *anchor;
	const struct idoc_symbol **outer;
	size_t outer_count;
	struct row_node root;
	size_t slots; /* the last one stays empty: of keys without a row */
	struct row_memo memos[ROW_MEMOS];
	struct buf joined; /* what ROW_JOIN gathers */
};

struct map {
	struct arena arena; /* all that is compiled */
	const struct config *config;
	struct row_message *messages;
	size_t count;
	regex_t web_number;
	bool web_number_set;
	bool web_number_standard; /* the expression is the built-in one */
};

/* compile.c */
enum status compile_map(struct map *map, struct idoc_symbols *symbols,
    struct diag *diag);

/* The tables: message type and record, and what it may give beside that. */
struct row_family {
	const char *mestyp;
	const struct row_record *record, *also;
};

extern const struct row_record map_article_record;
extern const struct row_record map_customer_record;
extern const struct row_record map_contact_record;
extern const struct row_record map_contact_person_record;
extern const struct row_record map_order_record;
extern const struct row_record map_delivery_record;
extern const struct row_record map_issue_record;
extern const struct row_record map_invoice_record;
extern const struct row_record map_material_record;
extern const struct row_record map_price_record;
extern const struct row_record map_till_record;
extern const struct row_record map_movement_bapi_record;
extern const struct row_record map_movement_record;

#endif
