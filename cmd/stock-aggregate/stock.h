#ifndef STOCK_AGGREGATE_STOCK_H
#define STOCK_AGGREGATE_STOCK_H

/*
 * product, stock_movement and stock_level records into the state. What they
 * make of a SKU's availability is decided at the end of the batch, once per
 * SKU; without a state at end of input.
 */

#include "fold/product.h"
#include "sku/sku.h"
#include "sku/sku_map.h"
#include "state/aggregate.h"
#include "state/exceptions.h"

/* Texts, each once, in the order they came, in an arena of their own. */
struct names {
	struct str *list;
	size_t count, size;
	uint32_t *slots; /* by hash, from 1; 0 = free; twice the size */
	struct arena arena;
};

void names_add(struct names *names, struct str text);
bool names_have(const struct names *names, struct str text);
void names_clear(struct names *names);
void names_free(struct names *names);

struct stocks {
	struct aggregate aggregate;
	struct stock_rule rule;
	struct sku_rule sku_rule;
	struct stocks_known *known; /* names, see stocks_knows */
	struct sku_map *generics; /* [product] parents; NULL: none */
	bool whole_products; /* [product] master = sap */
	struct json_doc doc, before; /* scratch of whole products */
	struct arena record; /* of the record or SKU in hand */
	struct names changed; /* SKUs of this batch that are to be looked at */
	struct names moved; /* those of them whose stock a record changed */
	struct names renewed; /* SKUs whose product has to be said anew */
	struct names levels; /* plants with snapshots in this batch */
	struct names bare; /* plants said to have none, in this run */
	struct buf scratch, body, escaped;
	struct exceptions_watch invalid, missing, conflicts;
	/* Of a whole stock list: what it does not hold is zero then. */
	const struct names *listed; /* its plants; NULL: there is none */
	bool whole; /* it can be read, and is not partial */
	size_t listed_at; /* the plant that is next */
	instant as_of;
};

/* [product]: who is the master, and the file of parents if there is one. */
enum status stocks_load(struct stocks *s, const struct config *config,
    struct diag *diag);
enum status stocks_apply(void *user, struct record *record, struct buf *output,
    struct diag *diag);
enum status stocks_batch_end(void *user, struct buf *output, struct diag *diag);
/* Of a whole stock list: a batch of what it does not hold. */
enum status stocks_absent(void *user, bool *more, struct buf *output,
    struct diag *diag);
/* For aggregate.begin, aggregate.due and filter.idle: what a changed mapping
 * or configuration makes of the past, and the rest of a whole stock list. */
enum status stocks_begin(void *user, struct diag *diag);
enum status stocks_due(void *user, bool *more, struct buf *output,
    struct diag *diag);
enum status stocks_idle(void *user, struct diag *diag);
enum status stocks_at_end(void *user, struct buf *output, struct diag *diag);
void stocks_free(struct stocks *stocks);
/* Its stock is to be looked at, and its product to be said anew. */
void stocks_renew(struct stocks *s, struct str sku);

/* What a material is known by. */
struct stock_name {
	struct str item, sku;
	struct str unit; /* of its stock; empty: not known */
};

/*
 * The item and SKU of a material, or of a SKU alone; a SKU that two materials
 * have raises an exception. *sku is empty when another material has it.
 */
enum status stocks_name(struct stocks *s, const struct record *record,
    struct str material, struct str given, struct stock_name *name,
    struct buf *output, struct diag *diag);

/*
 * known.c: the unit for an item and SKU that the state was found to have under
 * one another; forgotten when something is said of a material, and when
 * another process has changed the state. A batch ends with stocks_end_names.
 */
bool stocks_knows(struct stocks *s, struct str seq, struct stock_name *name);
void stocks_know(struct stocks *s, struct str seq,
    const struct stock_name *name);
void stocks_forget_names(struct stocks *s);
void stocks_end_names(struct stocks *s);

/* A remark about something of this batch: "SUBJECT 'id' rest". */
enum status stocks_remark(struct stocks *s, const char *code,
    const char *subject, struct str id, const char *rest, struct buf *output,
    struct diag *diag);

/* What the stock of a SKU comes to, damped when it flaps; *news: something else
 * is said of it than before. */
enum status stocks_say(struct stocks *s, struct str sku,
    enum stock_answer answer, bool *news, struct buf *output,
    struct diag *diag);
/* A batch of the SKUs of which orders reserve more or less now; when time has
 * made an end of some of it, expire first. */
enum status stocks_expire_reserved(struct stocks *s, struct diag *diag);
enum status stocks_take_reserved(struct stocks *s, bool *more,
    struct diag *diag);
/* Whether another process has left any. */
enum status stocks_peek(void *user, bool *due, struct diag *diag);
/* A batch of the SKUs that stood still long enough: they are looked at. */
enum status stocks_take_calm(struct stocks *s, bool *more, struct diag *diag);

/* The record changes what is known of a SKU. */
void stocks_change(struct stocks *s, const struct record *record,
    struct str sku);

/* A movement that is new into its cell, which was loaded. */
enum status stocks_put_movement(struct stocks *s, struct str item,
    const struct stock_fact *fact, struct stock_cell *cell, struct diag *diag);
/* Take the movement that stands under this identity back out of its cell. */
enum status stocks_take_back(struct stocks *s, struct str id,
    const struct stock_movement *old, struct diag *diag);
/* What a message of a delivery says of an item into the state. */
enum status stocks_take_issue(struct stocks *s, struct str item,
    const struct stock_fact *fact, enum stock_verdict *verdict,
    struct diag *diag);
/* Since when [stock] source is what it is. */
enum status stocks_begin_source(struct stocks *s, struct diag *diag);

/* A product record into the state. */
enum status stocks_take_product(struct stocks *s, const struct record *record,
    bool stamped, enum stock_verdict *verdict, struct buf *output,
    struct diag *diag);
/* What follows for an item from what is known of it, now that its SKU is
 * another one or the configuration is. */
enum status stocks_decide(struct stocks *s, struct str item, struct diag *diag);
/* types.c: movement types that are known by now. Own transaction. */
enum status stocks_heal_types(struct stocks *s, struct diag *diag);
/* The next batch of materials whose SKU the register has changed. */
enum status stocks_rename(struct stocks *s, bool *more, struct diag *diag);

/* Of a product record what ages apart (product_said.h); *news: there was any.
 */
enum status stocks_note(struct stocks *s, const struct record *record,
    bool stamped, struct str item, bool *news, struct diag *diag);
/*
 * The whole product of a SKU into s->body, or what may be sent of one that
 * Ometria has and that lacks something now; *made is false when it has to
 * wait, of which a product-incomplete exception says why.
 */
enum status stocks_make_whole(struct stocks *s, struct str sku,
    const struct product_state *product, enum stock_answer in_stock, bool *made,
    struct buf *output, struct diag *diag);
/* Whether the product in s->body is one that Ometria has and that is in stock
 * or active now and was not, or the other way round. */
enum status stocks_is_flip(struct stocks *s, struct str sku, bool *flip,
    struct diag *diag);
/* The parent of an SKU when it is not in the outbox; else empty. */
enum status stocks_missing_parent(struct stocks *s, struct str sku,
    struct str *parent, struct diag *diag);
/* The variants of an SKU are to be said anew. */
enum status stocks_renew_variants(struct stocks *s, struct str sku,
    struct diag *diag);
/* Today where SAP is, as YYYY-MM-DD, in the arena of the record. */
struct str stocks_today(struct stocks *s);

/* A snapshot of a place into the state, and what it says of the ledger. */
enum status stocks_take_level(struct stocks *s, const struct record *record,
    struct str item, struct str sku, const struct stock_fact *fact,
    enum stock_verdict *verdict, struct buf *output, struct diag *diag);

#endif
