#ifndef SKU_NORMALISE_NORMALISE_H
#define SKU_NORMALISE_NORMALISE_H

/*
 * The modes of sku-normalise on one line each. A line in which nothing changes
 * comes out as it went in, byte for byte.
 */

#include "record/record.h"
#include "sku/sku.h"
#include "splice.h"

/* The types whose records carry material numbers, as bits. */
#define NORMALISE_TYPES                                                        \
	(1U << RECORD_ORDER | 1U << RECORD_SHIPMENT | 1U << RECORD_INVOICE |   \
	    1U << RECORD_PRODUCT | 1U << RECORD_STOCK_MOVEMENT |               \
	    1U << RECORD_STOCK_LEVEL)

struct path {
	struct str *names;
	size_t count;
};

struct normaliser {
	struct sku_rule rule;
	struct path *paths; /* --key */
	size_t path_count;
	/*
	 * Asked for every material of a record: *sku is what its number makes,
	 * and becomes what it has, empty when another material has it. matnr:
	 * its other number, or empty. NULL: all have what is made.
	 */
	enum status (*see)(void *user, struct str material, struct str matnr,
	    struct str seq, struct str *sku, struct diag *diag);
	/* The material of an EAN, empty when there is none or more than one;
	 * goes with see. NULL: nobody knows. */
	enum status (*find_ean)(void *user, struct str ean,
	    struct str *material, struct diag *diag);
	/* Told of each SKU of a shop's order line or product, and what it
	 * becomes; NULL: nobody wants to know. */
	enum status (*see_shop)(void *user, struct str name, struct str sku,
	    struct diag *diag);
	void *user;

	struct json_doc doc;
	struct arena arena;
	struct buf scratch;
	struct splice splice;
};

/*
 * One parsed record. Objects with material or sku (the record, its lines) get
 * the canonical sku, put in front of material when it is missing; a line with
 * an EAN alone gets both where the register knows its material; ids made of a
 * SKU (product, stock_level) follow, and a product's parent. *changed false:
 * use the line itself; else the edits are in n->splice.
 */
enum status normalise_record(struct normaliser *n, const struct record *record,
    bool *changed, struct diag *diag);

/*
 * The strings at the paths of --key in a parsed line. True when anything
 * changed; the edits are in n->splice. Arrays on the way are walked; what is
 * missing or no string stays.
 */
bool normalise_keys(struct normaliser *n, const struct json *root);

/* --key's value: "sku", ".lines.sku", "lines[].sku", separated by commas.
 * STATUS_USAGE when a path is empty. */
enum status normalise_paths(struct normaliser *n, const char *text,
    struct diag *diag);

void normalise_free(struct normaliser *n);

#endif
