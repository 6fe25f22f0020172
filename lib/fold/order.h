#ifndef FOLD_ORDER_H
#define FOLD_ORDER_H

/*
 * Folding order records. Each fact of a header and of a line is a register of
 * its own: the message with the greatest seq that names it wins, so the order
 * of arrival does not matter. What the shop said is a document of its own
 * (ORDER_SHOP): it never meets SAP's facts here; fold/order_view.h lets SAP's
 * win, whatever their seq.
 *
 * A full message (provisional, confirmed) says all of its lines, unless it is
 * marked as partial; a change says only what it names.
 */

#include <regex.h>

#include "record/record.h"
#include "sku/sku.h"
#include "state/order.h"

struct order_rules {
	const struct config *config; /* sales areas */
	regex_t web_number;
	bool web_number_set;
	bool pending_valid;
	bool withhold; /* totals-mismatch = withhold */
	int64_t tolerance; /* minor units by which totals may be off */
	struct str base_currency; /* of reports, or empty */
	int64_t grace; /* seconds the event waits */
	struct sku_rule sku;
};

enum status order_rules_open(struct order_rules *rules,
    const struct config *config, struct diag *diag);
void order_rules_close(struct order_rules *rules);

enum order_stage {
	ORDER_PROVISIONAL,
	ORDER_CONFIRMED,
	ORDER_CHANGED,
	ORDER_REJECTED
};

/* An order record, read. Texts live in the record's arena. */
struct order_input {
	struct str id; /* of the Ometria order, before redirection */
	struct str web_order; /* empty unless it is a web order number */
	struct str document; /* key of its document, never empty */
	struct str sales_document; /* or empty */
	struct str customer;
	bool one_time;
	enum order_stage stage;
	bool partial; /* it does not say all lines of its document */
	bool no_sale; /* by its order type */
	bool cancelled; /* the message cancels its whole document */
	struct str seq;
	bool arrival; /* seq is the time of arrival: the later one wins */
	instant arrived;
	const struct json *root;
	const struct order_rules *rules;
};

enum order_read {
	ORDER_READ,
	ORDER_READ_RETURN, /* a return or credit order */
	ORDER_READ_NO_STAGE /* key stage is none of the four */
};

/* seq must be filled by the caller when the record has none (arrival). */
enum order_read order_read(struct order_input *input,
    const struct record *record, const struct order_rules *rules,
    struct arena *arena);

/* Why an id cannot be an Ometria order id, or NULL: longer than 36 characters,
 * an e-mail address or a phone number in it, control characters. */
const char *order_id_fault(struct str id);

/* [order] open-rejections, no-sale-types, free-categories: whether the list has
 * it. */
bool order_listed(const struct order_rules *rules, const char *key,
    struct str word);

/* Whether another document of the order has another sold-to party. */
bool order_other_customer(const struct order_state *order,
    const struct order_input *input);

/* Whether the documents of two orders have two sold-to parties. */
bool order_customers_differ(const struct order_state *one,
    const struct order_state *other);

enum order_merge {
	ORDER_OLDER, /* a newer message has said all of it */
	ORDER_SAME,
	ORDER_NEWER
};

/* What becomes of a message, by seq against what is there (empty: nothing). */
enum order_merge order_merge(struct str seq, struct str there, bool arrival);

/* Fold; ORDER_NEWER when at least one fact was taken. */
enum order_merge order_fold(struct order_state *order,
    const struct order_input *input, struct arena *arena);

/* Whether SAP's purchase order number is a web order number ([order]
 * web-number). */
bool order_web_number(const struct order_rules *rules, struct str text,
    struct arena *arena);

/* A document or item number as it is kept: no blanks, no leading zeros. */
struct str order_number(struct str text);

#endif
