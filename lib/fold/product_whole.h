#ifndef FOLD_PRODUCT_WHOLE_H
#define FOLD_PRODUCT_WHOLE_H

/*
 * The whole product, for [product] master = sap: what SAP says of it, what the
 * shop says where SAP is silent, and a price that holds today. Pure.
 *
 * A variant without a price of its own has its parent's, a parent the lowest of
 * its variants. Of the prices of a place the best condition of [product]
 * price-conditions that holds today counts, the newest of them; where none
 * holds, the one that did last. A lower one of [product]
 * special-price-conditions is the special price while it holds. What Ometria
 * does not merge (attributes) is always sent complete. Other keys are merged
 * into what others may have sent: one that SAP or the shop said once, and says
 * no longer, leaves as null (listings: as an empty list), for Ometria copies
 * what a merged record does not set.
 */

#include "base/config.h"
#include "state/product.h"
#include "state/product_said.h"

struct product_whole {
	const struct config *config;
	struct str today; /* YYYY-MM-DD where SAP is */
	struct str sku;
	const struct product_state *product;
	enum stock_answer in_stock;
	const struct product_part *parts; /* product_parts */
	size_t part_count;
	const struct product_price *prices; /* product_prices */
	size_t price_count;
	/* The desired product of before, or no object: what it had and this one
	 * has not is null in the new one. */
	const struct json *before;
	struct json_doc *doc; /* scratch */
	struct arena *arena;
};

/* What keeps a product back. */
enum product_lack {
	PRODUCT_WHOLE,
	PRODUCT_UNKNOWN, /* no record speaks of it */
	PRODUCT_NOT_SOLD, /* in none of the stores */
	PRODUCT_NO_TITLE,
	PRODUCT_NO_PRICE
};

/* The desired product, when there is nothing lacking. */
enum product_lack product_whole_body(const struct product_whole *whole,
    struct buf *body);
/* What may be sent of a product that Ometria has and that lacks something now:
 * availability, and that it is inactive where it is not sold. */
void product_part_body(const struct product_whole *whole,
    enum product_lack lack, struct buf *body);

#endif
