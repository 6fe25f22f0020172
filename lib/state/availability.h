#ifndef STATE_AVAILABILITY_H
#define STATE_AVAILABILITY_H

/*
 * Whether a SKU is in stock by its own stock: what is said of it, and how often
 * the truth has changed lately. Table availability (stock_schema), and:
 *
 * Writing calls stand inside a transaction of the caller.
 */

#include "state/product.h"

extern const char availability_schema_7[]; /* availability_flip, held_until */
extern const char availability_schema_8[]; /* availability_flip.in_stock */

struct availability {
	enum stock_answer said; /* STOCK_UNKNOWN, STOCK_OUT or STOCK_IN */
	/* It is in stock and said to be out, until then; INSTANT_NONE: what is
	 * said is true. */
	instant held_until;
};

enum status availability_load(struct state *state, struct str sku,
    struct availability *availability, struct diag *diag);
enum status availability_store(struct state *state, struct str sku,
    const struct availability *availability, struct diag *diag);

/* A SKU went in or out of stock now; *flips: how often since. */
enum status availability_flip(struct state *state, struct str sku, bool in,
    instant now, instant since, uint64_t *flips, struct diag *diag);
/* The next SKU behind this one of which the time to be in stock has come; empty
 * when there is none. */
enum status availability_due(struct state *state, instant now, struct str after,
    struct arena *arena, struct str *sku, struct diag *diag);
/* SKUs that have not flipped since are calm: heal their exceptions. */
enum status availability_calm(struct state *state, instant since,
    struct diag *diag);
/* Forget flips up to this time. */
enum status availability_prune(struct state *state, instant upto,
    struct diag *diag);

#endif
