#ifndef FOLD_PRODUCT_SAID_H
#define FOLD_PRODUCT_SAID_H

/*
 * What a product record says beside availability and deletion, as parts that
 * age apart: a message that holds one language leaves the others as they are.
 * Pure.
 */

#include "record/record.h"
#include "state/product_said.h"

/* Whether a record is the shop's own, no IDoc's. */
bool product_is_of_shop(const struct record *record);
/* Whether it describes all of a material's basic data: what it does not name
 * is none. One of the shop, a reduced one, and one that does not know whether
 * the material is deleted, says only what it names. */
bool product_says_all(const struct record *record, bool stamped);

/* Each part in turn; false ends it. Texts live in the arena or the record. */
typedef bool product_part_visit(void *user, const struct product_part *part);
void product_each_part(const struct record *record, bool stamped,
    struct arena *arena, product_part_visit *visit, void *user);

/* The same of its prices. What is none (per cent, nothing, no currency) is left
 * out; one that is deleted need say no amount. */
typedef bool product_price_visit(void *user, const struct product_price *price);
void product_each_price(const struct record *record, struct arena *arena,
    product_price_visit *visit, void *user);

#endif
