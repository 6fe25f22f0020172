#ifndef STATE_PRODUCT_H
#define STATE_PRODUCT_H

/*
 * Materials with the SKU they have now, their product record, and what was last
 * found about each SKU's availability. Tables in stock_schema, and:
 */

#include "state/stock.h"

/* What products say beside deletion, product_retired, product_pass. */
extern const char product_schema_7[];

enum stock_answer {
	STOCK_UNKNOWN,
	STOCK_OUT,
	STOCK_IN,
	STOCK_REPLAY /* between the two limits: replay the movements */
};

struct product_state {
	/* What the records say, in two parts that age apart. */
	struct str seq; /* of the description; empty: no record yet */
	struct str status; /* cross-plant status (MARA-MSTAE) */
	bool deleted;
	struct str unit; /* base unit of measure; empty: not known */
	struct str parent_seq;
	struct str said_parent; /* SKU of the generic article */
	/* What they ever said, whichever came first. */
	struct str statuses; /* in order, with commas between */
	bool ever_deleted;
	/* What follows by the configuration (product_decide). */
	struct str parent;
	bool inactive, ever_inactive;

	bool known; /* there is a row */
	struct str item; /* of it */
};

/*
 * The item of a record without a material number: that of the material which
 * has the SKU, else the SKU itself.
 */
enum status product_item_of(struct state *state, struct str sku,
    struct arena *arena, struct str *item, struct diag *diag);

/*
 * This item has this SKU now (empty: it lost it to another material).
 * by_sku: it is known by its SKU alone; stock that was known so goes over to
 * the material when one turns up. *before: the SKU it had, empty for none.
 */
enum status product_name(struct state *state, struct str item, struct str sku,
    bool by_sku, struct arena *arena, struct str *before, struct diag *diag);
/* The SKU an item has now; empty for none. */
enum status product_sku(struct state *state, struct str item,
    struct arena *arena, struct str *sku, struct diag *diag);
/* The base unit of an item; empty when nobody has said it. */
enum status product_unit(struct state *state, struct str item,
    struct arena *arena, struct str *unit, struct diag *diag);
/* The same for an item that may not be known, when the register has moved it:
 * variants of it move along. */
enum status product_rename(struct state *state, struct str item, struct str sku,
    struct arena *arena, struct str *before, struct diag *diag);

/*
 * What stands under a number that turned out to be the long one of an item of
 * this SKU goes to the item. *before: the SKU it had, empty when it was not
 * known.
 */
enum status product_join(struct state *state, struct str number,
    struct str item, struct str sku, struct arena *arena, struct str *before,
    struct diag *diag);

/*
 * Whether a SKU is still somebody's: of a material, or the parent of one. One
 * that is nobody's is retired in Ometria; that it was is remembered.
 */
enum status product_is_any(struct state *state, struct str sku, bool *yes,
    struct diag *diag);
enum status product_retire(struct state *state, struct str sku,
    struct diag *diag);
enum status product_was_retired(struct state *state, struct str sku, bool *yes,
    struct diag *diag);

/* The product record of an item that product_name has made known. */
enum status product_load(struct state *state, struct str item,
    struct arena *arena, struct product_state *product, struct diag *diag);
enum status product_store(struct state *state, struct str item,
    const struct product_state *product, struct diag *diag);

/* The product record behind a SKU; an empty one when there is none. */
enum status product_of_sku(struct state *state, struct str sku,
    struct arena *arena, struct product_state *product, struct diag *diag);

/* Whether the register and the product row of a material have this SKU already,
 * so that a record of this seq changes neither; *unit as product_unit then. */
enum status product_is_named(struct state *state, struct str item,
    struct str sku, struct str seq, struct arena *arena, struct str *unit,
    bool *yes, struct diag *diag);

/* What is said of its variants that are active: STOCK_IN when any is in stock,
 * STOCK_OUT, or STOCK_UNKNOWN. */
enum status product_variants(struct state *state, struct str sku,
    enum stock_answer *answer, struct diag *diag);

/*
 * All products are to be decided anew, once, when the configuration that
 * decides is not the one that the state remembers; product_due takes the next
 * item of those that are left, empty when there is none.
 */
enum status product_configure(struct state *state, struct hash fingerprint,
    struct diag *diag);
enum status product_due(struct state *state, struct arena *arena,
    struct str *item, struct diag *diag);

/* The next SKU, of a material or of the generic article of one, behind this
 * one in order; empty at the end. */
enum status product_next(struct state *state, struct str after,
    struct arena *arena, struct str *sku, struct diag *diag);

#endif
