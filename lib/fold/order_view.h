#ifndef FOLD_ORDER_VIEW_H
#define FOLD_ORDER_VIEW_H

/*
 * What follows from the facts of an order: one status, one set of values, sums,
 * whether it is fully despatched, and what is wrong with it. Pure: the same
 * facts give the same view, whatever the order in which they came.
 *
 * Status: the first row of a table whose conditions hold (status_rows);
 * cancelled, refunded, partial_refund, shipped, part_shipped, confirmed,
 * pending (order-aggregate(1)).
 */

#include "fold/order.h"
#include "fold/order_remark.h"

enum order_status {
	ORDER_IS_PENDING,
	ORDER_IS_CONFIRMED,
	ORDER_IS_PART_SHIPPED,
	ORDER_IS_SHIPPED,
	ORDER_IS_PARTIAL_REFUND,
	ORDER_IS_REFUNDED,
	ORDER_IS_CANCELLED
};

enum order_total {
	TOTAL_SUBTOTAL,
	TOTAL_DISCOUNT,
	TOTAL_SHIPPING,
	TOTAL_TAX,
	TOTAL_GRAND,
	TOTAL_COUNT
};

/* What is wrong with the totals, the worst last. */
enum order_trouble {
	TROUBLE_NONE,
	TROUBLE_DIFFERENCE, /* they do not add up */
	TROUBLE_UNSAID, /* the message could not say all of them */
	TROUBLE_UNKNOWN, /* there are amounts, but no grand total */
	TROUBLE_CHANGED, /* lines changed since, the totals did not */
	TROUBLE_CURRENCIES
};

struct order_view {
	enum order_status status;
	bool valid;
	bool ready; /* enough is known for it to leave */
	bool answered; /* SAP has spoken: confirmed or refused it */
	bool from_shop; /* lines and totals are the shop's */
	bool cancelled; /* all of its documents are */
	bool no_sale; /* all of SAP's documents are, by their order types */
	enum order_trouble trouble;
	bool guest; /* one-time customer, or none with a number */
	struct str values[ORDER_KEY_COUNT];
	struct str shop_email;
	struct str store, channel;
	instant placed_at;
	struct order_amount totals[TOTAL_COUNT];
	struct order_amount difference; /* of the parts and the grand total */
	unsigned digits; /* decimals of the currency */
	bool has_base; /* the totals are known in the base currency, too */
	struct order_amount base[TOTAL_COUNT];
	unsigned base_digits;
	bool any_shipped;
	bool fulfilled; /* every live line is fully despatched */
	instant shipped_at;
	size_t deliveries; /* posted ones with lines of this order */
	const struct shipment *last;
	struct str tracking; /* numbers of all their parcels */
	bool any_credited, all_credited;
	struct order_amount refunded_other; /* what no line was credited */
	struct order_amount return_requested; /* quantity of return orders */
	struct order_remarks remarks;
};

/*
 * Derive; also fills the view fields of the order's lines. event_sent: the
 * fulfilment event has left, so the order stays shipped. one_time: the customer
 * master says so.
 */
void order_view(struct order_view *view, struct order_state *order,
    const struct order_rules *rules, bool event_sent, bool one_time,
    struct arena *arena);

const char *order_status_name(enum order_status status);

/*
 * Whether the view speaks of a line: the shop's until SAP has said its own, and
 * none of a document that is cancelled or no sale, unless the whole order is.
 */
bool order_view_uses(const struct order_view *view,
    const struct order_line *line);

/* What the shop said is a document of its own. */
bool order_is_shop(struct str document);

/* Parts of it: fold/order_value.c. Which document's word counts: SAP's, else
 * the shop's; customer, store, channel and time. */
void order_values(struct order_view *view, const struct order_state *order,
    const struct order_rules *rules, bool one_time, struct arena *arena);

/* fold/order_total.c: amounts of a line, to the decimals of the
 * currency; then totals, as the header and the lines say them. */
void order_line_amounts(struct order_line *line, unsigned digits);
void order_totals(struct order_view *view, struct order_state *order,
    const struct order_rules *rules, struct arena *arena);
void order_totals_remark(struct order_view *view,
    const struct order_state *order, struct arena *arena);
/* An amount in the base currency, by the rate of its document. */
struct order_amount order_in_base(const struct order_view *view,
    struct order_amount amount, struct order_amount rate);

/* fold/order_cover.c */
void order_cover_shipments(struct order_view *view, struct order_state *order,
    const struct order_rules *rules, struct arena *arena);
/* A document number as it stands in this order; empty: it has no such one. */
struct str order_cover_document(const struct order_state *order,
    struct str document);
/* The line that a delivery or credit memo names, else the first of that
 * product; or NULL. */
struct order_line *order_cover_line(const struct order_view *view,
    const struct order_state *order, struct str document, struct str number,
    struct str sku, struct str material);
/* Whether the order itself is still due from SAP as far as this goes. */
bool order_cover_waits(const struct order_view *view,
    const struct order_state *order, struct str document);

/* fold/order_refund.c: credit memos and return orders, by number. */
void order_cover_refunds(struct order_view *view, struct order_state *order,
    struct arena *arena);

/* Input bytes made fit for a remark. */
struct str order_view_text(struct str text, struct arena *arena);

#endif
