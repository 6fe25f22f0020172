#ifndef ORDER_AGGREGATE_ORDERS_H
#define ORDER_AGGREGATE_ORDERS_H

/*
 * The edge between the pure rules of lib/fold and the state: each record is
 * loaded, folded, stored and settled by itself; what follows from it for the
 * outbox and the exceptions is worked out once per order at the end of a batch,
 * inside the same transaction; without a state, at the end of input.
 */

#include "fold/order_view.h"
#include "hand.h"
#include "state/aggregate.h"
#include "state/exceptions.h"
#include "state/ledger.h"

/* The rule by which nothing follows for an order that ended long ago, of which
 * the state has no more than that (retain_order.h). */
#define ORDERS_FORGOTTEN "order-forgotten"

/* What a batch has changed, and the record that did so last. */
struct touched {
	struct str id;
	struct record_src src;
};

struct touches {
	struct touched *list;
	size_t count, size;
};

struct orders {
	struct aggregate aggregate;
	struct order_rules rules;
	struct arena arena; /* one record, or one order */
	struct arena batch; /* what was touched, the orders in hand */
	struct hand hand;
	struct touches orders, shipments, credits;
	bool units_reviewed;
	bool reserve; /* [stock] reserve */
	struct exceptions_watch bad_ids, two_customers;
};

/* One record on its way through. */
struct passage {
	struct orders *of;
	const struct record *record; /* src and seq are filled */
	bool arrival; /* seq is the time of arrival */
	instant arrived;
	struct buf *output;
	struct diag *diag;
};

void orders_free(struct orders *orders);

/* Callbacks of the filter; user is the struct orders. */
enum status orders_apply(void *user, struct record *record, struct buf *output,
    struct diag *diag);
enum status orders_batch_end(void *user, struct buf *output, struct diag *diag);
enum status orders_at_end(void *user, struct buf *output, struct diag *diag);

void orders_touch(struct orders *of, struct touches *touches, struct str id,
    const struct record_src *src);
enum status orders_settle(struct passage *at, enum outcome outcome,
    const char *rule);
/* An outcome by what the fold made of it. */
enum status orders_settle_merge(struct passage *at, enum order_merge merge);
/* An exception about the record; settles: it is its outcome. */
enum status orders_except(struct passage *at, const char *code,
    const char *subject, struct str id, struct str message, bool settles);

/* The order that a document or a web order number belongs to, in hand or in the
 * state; the document is asked first. Either may be empty. */
enum status orders_find(struct orders *of, struct str document,
    struct str web_order, struct str *id, bool *found, struct diag *diag);

/* order.c, documents.c */
enum status orders_order(struct passage *at);
enum status orders_shipment(struct passage *at);
enum status orders_invoice(struct passage *at);
enum status orders_return(struct passage *at, const struct order_input *input);

/*
 * waiting.c. Whether any line of it belongs to no known order; touches the
 * known ones when src is given.
 */
enum status orders_shipment_waits(struct orders *of,
    const struct shipment *shipment, const struct record_src *src, bool *waits,
    struct diag *diag);
enum status orders_credit_waits(struct orders *of, const struct credit *credit,
    const struct record_src *src, bool *waits, struct diag *diag);
/* Raise or heal the remark that a delivery or credit memo waits; a credit memo
 * that was taken back waits for nothing. */
enum status orders_review_shipment(struct orders *of,
    const struct touched *touched, struct buf *output, struct diag *diag);
enum status orders_review_credit(struct orders *of,
    const struct touched *touched, struct buf *output, struct diag *diag);

/* units.c: once a run. When the units of the configuration have changed, touch
 * the orders of all deliveries whose units could not be compared. */
enum status orders_review_units(struct orders *of, struct diag *diag);

/*
 * reserve.c: what an order still takes out of stock, for stock-aggregate, which
 * may run beside this one. orders_unreserve: the order is no more.
 */
enum status orders_reserve(struct orders *of, const struct order_state *order,
    const struct order_view *view, struct diag *diag);
enum status orders_unreserve(struct orders *of, struct str id,
    struct diag *diag);
/* For aggregate.begin: all orders are due when the configuration of what is
 * reserved changes. orders_reserve_anew works out a batch of them; *more: there
 * may be others. */
enum status orders_begin(void *user, struct diag *diag);
enum status orders_reserve_anew(struct orders *of, bool *more,
    struct buf *output, struct diag *diag);

/* anew.c, for aggregate.due, filter.peek and filter.idle: orders that are due
 * although no record touches them, see also state/order_anew.h. */
enum status orders_due(void *user, bool *more, struct buf *output,
    struct diag *diag);
enum status orders_peek(void *user, bool *due, struct diag *diag);
enum status orders_idle(void *user, struct diag *diag);

/* evaluate.c: outbox, exceptions and deadlines of one order. */
enum status orders_evaluate(struct orders *of, const struct touched *touched,
    struct buf *output, struct diag *diag);
/* Of history: that it was shipped, if it was, is no news. */
enum status orders_ignore_past(struct orders *of, const struct touched *touched,
    struct buf *output, struct diag *diag);
/* The order is sent once more, cancelled: another id stands for it now. */
enum status orders_void(struct orders *of, struct str id, struct buf *output,
    struct diag *diag);

#endif
