#ifndef STATE_ORDER_H
#define STATE_ORDER_H

/*
 * Folded orders: what every document said about one Ometria order, fact by
 * fact, each with the seq that wrote it; and the shipments and credits that
 * refer to it. lib/fold says how facts come in and what follows from them;
 * this module only keeps, loads and stores them.
 *
 * A document is an SAP sales document, or ORDER_SHOP (what the shop said), or
 * ORDER_SAP (SAP's messages that name no sales document). Lines are keyed by
 * document and item. Shipments and credits are kept under the numbers that
 * they refer to and are joined at load, so they may come before the order.
 *
 * All texts of a loaded order live in the arena that was given.
 */

#include "base/arena.h"
#include "base/decimal.h"
#include "base/instant.h"
#include "base/ratio.h"
#include "state/state.h"

#define ORDER_TRACKING_SEPARATOR ','
#define ORDER_SHOP "@shop"
#define ORDER_SAP "@sap"

/* Facts of a document's header: name, object and key in an order record. An
 * empty key: made by the fold. FULL: it was said by itself, not only changed;
 * LISTED: all of its lines were said; APART: fold/order_party.h. */
#define ORDER_KEYS(X)                                                          \
	X(APART, "", "")                                                       \
	X(STATUS, "", "")                                                      \
	X(LISTED, "", "")                                                      \
	X(FULL, "", "")                                                        \
	X(WEB_ORDER, "", "web_order")                                          \
	X(TYPE, "", "order_type")                                              \
	X(PLACED_AT, "", "placed_at")                                          \
	X(CURRENCY, "", "currency")                                            \
	X(BASE_CURRENCY, "", "base_currency")                                  \
	X(RATE, "", "exchange_rate")                                           \
	X(REASON, "", "reason")                                                \
	X(STORE, "", "store")                                                  \
	X(CHANNEL, "", "channel")                                              \
	X(COUPON, "", "coupon")                                                \
	X(PAYMENT_METHOD, "", "payment_method")                                \
	X(SHIPPING_METHOD, "", "shipping_method")                              \
	X(SALES_ORG, "sales_area", "sales_org")                                \
	X(SALES_CHANNEL, "sales_area", "channel")                              \
	X(CUSTOMER, "customer", "id")                                          \
	X(ONE_TIME, "customer", "one_time")                                    \
	X(EMAIL, "customer", "email")                                          \
	X(FIRST_NAME, "customer", "first_name")                                \
	X(LAST_NAME, "customer", "last_name")                                  \
	X(SHIP_CITY, "shipping_address", "city")                               \
	X(SHIP_REGION, "shipping_address", "region")                           \
	X(SHIP_POSTCODE, "shipping_address", "postcode")                       \
	X(SHIP_COUNTRY, "shipping_address", "country")                         \
	X(BILL_CITY, "billing_address", "city")                                \
	X(BILL_REGION, "billing_address", "region")                            \
	X(BILL_POSTCODE, "billing_address", "postcode")                        \
	X(BILL_COUNTRY, "billing_address", "country")                          \
	X(SUBTOTAL, "totals", "subtotal")                                      \
	X(DISCOUNT, "totals", "discount")                                      \
	X(SHIPPING, "totals", "shipping")                                      \
	X(TAX, "totals", "tax")                                                \
	X(GRAND_TOTAL, "totals", "grand_total")                                \
	X(INCOMPLETE, "totals", "incomplete")

enum order_key {
#define X(name, object, key) ORDER_##name,
	ORDER_KEYS(X)
#undef X
	ORDER_KEY_COUNT
};

/* Facts of a line. */
#define LINE_KEYS(X)                                                           \
	X(DELETED, "")                                                         \
	X(REJECTED, "rejected")                                                \
	X(SKU, "sku")                                                          \
	X(MATERIAL, "material")                                                \
	X(EAN, "ean")                                                          \
	X(TITLE, "title")                                                      \
	X(UNIT, "unit")                                                        \
	X(PARENT, "parent")                                                    \
	X(CATEGORY, "category")                                                \
	X(PRICE_UNIT, "price_unit")                                            \
	X(PRICE_NUMERATOR, "price_numerator")                                  \
	X(PRICE_DENOMINATOR, "price_denominator")                              \
	X(QUANTITY, "quantity")                                                \
	X(CONFIRMED, "confirmed_quantity")                                     \
	X(UNIT_PRICE, "unit_price")                                            \
	X(SUBTOTAL, "subtotal")                                                \
	X(DISCOUNT, "discount")                                                \
	X(TAX, "tax")                                                          \
	X(TOTAL, "total")

enum line_key {
#define X(name, key) LINE_##name,
	LINE_KEYS(X)
#undef X
	LINE_KEY_COUNT
};

/* seq empty: nothing was ever said. value empty with a seq: said to be none. */
struct order_fact {
	struct str value;
	struct str seq;
};

struct order_amount {
	bool known;
	struct decimal value;
};

struct order_document {
	struct str document;
	struct order_fact facts[ORDER_KEY_COUNT];
	bool changed; /* not stored yet */
	/* Made for a view, not stored: */
	bool cancelled;
	bool ended; /* refused when goods had left: no more will */
	bool no_sale; /* by its order type */
	size_t lines, live_lines;
	struct order_amount rate; /* to the base currency */
};

struct order_line {
	struct str document;
	struct str line;
	struct order_fact facts[LINE_KEY_COUNT];
	bool changed;
	/* Made for a view (fold/order_view.h), not stored: */
	struct str product; /* the SKU to send; empty = none known */
	struct order_document *of; /* the document that it is a line of */
	bool live; /* neither rejected nor deleted */
	bool counts; /* its money is not another line's too */
	bool set; /* despatched when its components are */
	bool due; /* a delivery of it is to come */
	struct order_amount quantity, price, subtotal, discount, tax, total;
	struct ratio shipped;
	struct decimal refunded_quantity;
	struct decimal refunded;
};

struct shipment_line {
	struct str line;
	struct str document; /* sales document, or empty */
	struct str sales_line;
	struct str web_order;
	struct str sku;
	struct str material;
	struct str quantity;
	struct str unit;
	/* The same in the material's base unit; may be a fraction, 10/3. */
	struct str base_quantity;
	struct str base_unit;
	struct str parent;
	bool repeated; /* made for a view: batch splits carry its quantity */
};

/* One delivery as its newest message has it. */
struct shipment {
	struct str delivery;
	struct str seq;
	instant posted_at; /* INSTANT_NONE: goods not issued */
	bool reversed;
	bool waiting; /* shipment-without-order stands */
	struct str carrier;
	struct str tracking_number;
	struct str tracking_url;
	/* Every parcel's, one behind the other, ORDER_TRACKING_SEPARATOR
	 * between them. */
	struct str tracking_numbers;
	struct shipment_line *lines;
	size_t count, size; /* size: how many the list has room for */
	bool counted; /* made for a view: goods of the order left with it */
};

struct credit_line {
	struct str line;
	struct str document;
	struct str sales_line;
	struct str web_order;
	struct str sku;
	struct str quantity;
	struct str net;
	struct str tax;
};

enum credit_kind {
	CREDIT_MEMO,
	CREDIT_CANCELLATION, /* of a credit memo, which refers names */
	CREDIT_RETURN /* a return order or credit memo request: refers is its
		       * number; it announces, nothing is paid back */
};

/* Return orders are kept beside credit memos under this and their number. */
#define ORDER_RETURN "@return:"

struct credit {
	struct str invoice;
	struct str seq;
	enum credit_kind kind;
	struct str refers;
	bool waiting; /* order-unknown-original stands */
	struct credit_line *lines;
	size_t count, size;
};

enum order_event {
	ORDER_EVENT_NONE,
	ORDER_EVENT_QUEUED,
	ORDER_EVENT_WITHDRAWN,
	ORDER_EVENT_ELSEWHERE, /* it left under the order's former id */
	ORDER_EVENT_IGNORED /* by rule backfill: it was of the past */
};

struct order_state {
	struct str id;
	bool found;
	bool forgotten; /* it ended long ago: what was said of it is gone */
	struct str customer;
	instant provisional_at; /* the shop's word, while SAP's is due */
	instant confirmed_at; /* SAP's first answer */
	enum order_event event;
	struct str remarks; /* open remarks: JSON, fold/order_remark.h */
	struct order_document *documents;
	size_t document_count, document_size;
	struct order_line *lines;
	size_t line_count, line_size;
	uint32_t *line_slots; /* of a hash table: index of a line + 1 */
	size_t line_slot_count; /* 0: too few lines for one */
	struct shipment *shipments; /* only lines that are this order's */
	size_t shipment_count, shipment_size;
	struct credit *credits; /* standing ones, only lines of this order */
	size_t credit_count, credit_size;
};

/* DDL of the tables above, for the schema of the state. */
extern const char order_schema[];

/* The document or line, or NULL. */
struct order_document *order_document_find(const struct order_state *order,
    struct str document);
/* By document, then by number: 9 is before 10. */
int order_line_cmp(const struct order_line *a, const struct order_line *b);
struct order_line *order_line_find(const struct order_state *order,
    struct str document, struct str line);
/* The same, added when it is missing. */
struct order_document *order_document_take(struct order_state *order,
    struct str document, struct arena *arena);
struct order_line *order_line_take(struct order_state *order,
    struct str document, struct str line, struct arena *arena);
struct shipment *order_shipment_add(struct order_state *order,
    struct arena *arena);
struct credit *order_credit_add(struct order_state *order, struct arena *arena);

/* Facts as JSON, and back: names are those of the key tables. */
void order_facts_write(struct buf *to, const struct order_fact *facts,
    const char *const *names, size_t count);
enum status order_facts_read(struct order_fact *facts, const char *const *names,
    size_t count, struct str json, struct arena *arena, struct diag *diag);

/*
 * The order that a document or a web order number belongs to; the document is
 * asked first. Either may be empty.
 */
enum status order_find(struct state *state, struct str document,
    struct str web_order, struct arena *arena, struct str *id, bool *found,
    struct diag *diag);
/* Everything about an order; found is false when there is nothing yet. */
enum status order_load(struct state *state, struct str id, struct arena *arena,
    struct order_state *order, struct diag *diag);
/* The order's own row, and the documents and lines that changed. */
enum status order_store(struct state *state, struct order_state *order,
    struct diag *diag);
/* The documents and lines that changed: by them others find the order. */
enum status order_store_parts(struct state *state, struct order_state *order,
    struct diag *diag);
/* All facts of an order go to another id; the old id leads there from now on.
 */
enum status order_move(struct state *state, struct str from, struct str to,
    struct diag *diag);
/* One sales document and its lines go to another order, which may be new. */
enum status order_move_document(struct state *state, struct str document,
    struct str to, struct diag *diag);
/* A web number that became a property leads to the order. */
enum status order_redirect(struct state *state, struct str web_order,
    struct str to, struct diag *diag);
enum order_part {
	ORDER_PART_ORDER,
	ORDER_PART_SHIPMENT,
	ORDER_PART_CREDIT
};
/* The next order, delivery or credit memo behind `after` (empty: the first);
 * *found false: none. */
enum status order_next(struct state *state, enum order_part part,
    struct str after, struct arena *arena, struct str *id, bool *found,
    struct diag *diag);

/* A delivery; *found false when it never came. */
enum status order_shipment_load(struct state *state, struct str delivery,
    struct arena *arena, struct shipment *shipment, bool *found,
    struct diag *diag);
/* Replaces the delivery and all its lines. */
enum status order_shipment_store(struct state *state,
    const struct shipment *shipment, struct diag *diag);
/* The next delivery behind `after` (empty: the first) of which an item's unit
 * could not be compared (shipment-unit is open). */
enum status order_shipment_unlike(struct state *state, struct str after,
    struct arena *arena, struct str *delivery, bool *found, struct diag *diag);
/* Keep the hash of the configured units; *changed: it was another one. */
enum status order_units_note(struct state *state, struct hash units,
    bool *changed, struct diag *diag);
enum status order_credit_load(struct state *state, struct str invoice,
    struct arena *arena, struct credit *credit, bool *found, struct diag *diag);
enum status order_credit_store(struct state *state, const struct credit *credit,
    struct diag *diag);
/* Whether it is a credit memo that no cancellation has taken back. */
enum status order_credit_stands(struct state *state, struct str invoice,
    bool *stands, struct diag *diag);
/*
 * For the two below: call web for the order's id and each other web number of
 * its documents, document for each of its sales documents.
 */
typedef enum status order_reference(struct state *state,
    struct order_state *order, struct str number, struct arena *arena,
    struct diag *diag);
enum status order_join(struct state *state, struct order_state *order,
    order_reference *document, order_reference *web, struct arena *arena,
    struct diag *diag);
/* Add to a loaded order what refers to it. */
enum status order_shipment_join(struct state *state, struct order_state *order,
    struct arena *arena, struct diag *diag);
enum status order_credit_join(struct state *state, struct order_state *order,
    struct arena *arena, struct diag *diag);

#endif
