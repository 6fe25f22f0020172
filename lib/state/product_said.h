#ifndef STATE_PRODUCT_SAID_H
#define STATE_PRODUCT_SAID_H

/*
 * What records say of a product beside its availability: parts, each with the
 * seq that last wrote it, of SAP and of the shop apart; and prices. Kept
 * whoever is the master, so that a change of [product] master finds it.
 *
 * Texts that are read live in the arena.
 */

#include "base/arena.h"
#include "base/decimal.h"
#include "state/product.h"
#include "state/state.h"

extern const char product_said_schema_7[]; /* product_said, product_price */

/*
 * One thing that is said: "ean", "title EN", "area 1000/10"; and of SAP "whole"
 * and "basic": its record says all of the material, or of its basic data, the
 * EAN and the category. What an older one said of that is no longer so.
 * "deleted", "status" and "unit" are there only of records that do not describe
 * all of the basic data: product_latest.
 */
struct product_part {
	struct str name;
	struct str value; /* JSON */
	struct str seq;
	bool shop; /* not SAP */
};

/* Whose price it is, in the order in which they count. */
enum product_relation {
	PRODUCT_OWN,
	PRODUCT_PARENT,
	PRODUCT_VARIANT
};

struct product_price {
	enum product_relation of;
	struct str item;
	struct str place; /* sales area, store; empty: of the product */
	struct str condition, table; /* KSCHL, KOTABNR; empty: the shop's */
	struct str from, to; /* YYYY-MM-DD, both included; empty: no limit */
	struct str unit, currency;
	struct decimal price;
	struct str seq;
	bool deleted;
};

/* *news: it was taken, being newer than what stood there, or at a tie the
 * greater. */
enum status product_say(struct state *state, struct str item,
    const struct product_part *part, bool *news, struct diag *diag);
enum status product_say_price(struct state *state, struct str item,
    const struct product_price *price, bool *news, struct diag *diag);
/* What stands under an item known by its SKU alone goes to the material. */
enum status product_said_move(struct state *state, struct str from,
    struct str to, struct diag *diag);

/* The description of an item, with what was said of it since. */
enum status product_latest(struct state *state, struct str item,
    struct arena *arena, struct product_state *product, struct diag *diag);
/* Those that stand, in order of their names, SAP's in front of the shop's. */
enum status product_parts(struct state *state, struct str item,
    struct arena *arena, struct product_part **parts, size_t *count,
    struct diag *diag);
/* Own ones, those of the parent (an SKU, or empty), and those of the active
 * variants of an SKU; item by item, place by place. */
enum status product_prices(struct state *state, struct str item, struct str sku,
    struct str parent, struct arena *arena, struct product_price **prices,
    size_t *count, struct diag *diag);
/* The next variant of an SKU behind this one in order; empty at the end. */
enum status product_next_variant(struct state *state, struct str parent,
    struct str after, struct arena *arena, struct str *sku, struct diag *diag);

#endif
