#ifndef STATE_SCHEMA_H
#define STATE_SCHEMA_H

/*
 * The SQL texts that make a state: one per module and version, each the
 * CREATE statements of the module's own tables and indexes (STRICT), exported
 * by the module as `const char NAME_schema[]`. A later version appends texts
 * that alter; it never edits those of an earlier one.
 */

#include "state/state.h"

#define SCHEMA_APPLICATION 0x534F4D31 /* "SOM1" */
#define SCHEMA_VERSION 8

extern const char ledger_schema[]; /* file, idoc, idoc_record */
extern const char outbox_schema[]; /* outbox */
extern const char delivery_schema[]; /* delivery, delivery_record, inflight */
extern const char hold_schema[]; /* hold */
extern const char exceptions_schema[]; /* exception */
extern const char run_schema[]; /* run */

extern const char customer_schema[]; /* customer, contact_point, suppression */
/*
 * orders, order_line, shipment_line, credit_line. deadline.c relies on
 * orders(id TEXT PRIMARY KEY, customer TEXT, provisional_at INTEGER (arrival
 * of the shop's record, NULL = none came), confirmed_at INTEGER (NULL until
 * SAP spoke)).
 */
extern const char order_schema[];
extern const char stock_schema[]; /* stock, movement, product */
extern const char sku_schema[]; /* sku */

extern const char deadline_schema[]; /* indexes over the tables above */

/* Version 2. */
extern const char ledger_death_schema[]; /* death, reading, idoc_death */
extern const char ledger_move_schema[]; /* move */
extern const char exceptions_schema_2[]; /* exception.line */

/* Version 3. */
extern const char order_schema_3[]; /* shipment.tracking_numbers */

/* Version 4. */
extern const char customer_schema_4[]; /* customer.due */

/* Version 5. */
extern const char customer_schema_5[]; /* customer.flagged_at */
extern const char erasure_schema_5[]; /* erasure */
extern const char suppression_schema_5[]; /* indexes: whom to scrub */

/* Version 6. */
extern const char customer_schema_6[]; /* customer_former */
extern const char stock_schema_6[]; /* index of stock by plant */
extern const char sku_schema_6[]; /* sku.mapped */
extern const char delivery_schema_6[]; /* delivery.begun */
extern const char seen_schema_6[]; /* outbox: what read-back found out */

/* Version 7. */
extern const char ledger_schema_7[]; /* idoc.reported */
extern const char sku_other_schema_7[]; /* sku_ean, sku_shop */
extern const char product_said_schema_7[]; /* product_said, product_price */
extern const char delivery_schema_7[]; /* delivery_record.confirmed_at */
extern const char sku_schema_7[]; /* sku.moved */
extern const char product_schema_7[]; /* product: what it was, what follows */
extern const char stock_schema_7[]; /* stock_counted */
extern const char reservation_schema_7[]; /* reservation, _due, _pass */
extern const char availability_schema_7[]; /* held_until, flips */
extern const char run_schema_7[]; /* run.wait_rate */
extern const char trace_schema_7[]; /* trace */
extern const char retain_schema_7[]; /* forgotten, forgotten_* */
extern const char exceptions_schema_7[]; /* exception: decisions, history */
extern const char notice_schema_7[]; /* notice */

/* Version 8. */
extern const char outbox_schema_8[]; /* outbox.said */
extern const char retain_order_schema_8[]; /* orders.forgotten */
extern const char ledger_archived_schema_8[]; /* archived */
extern const char retain_schema_8[]; /* an index that was twice there */
extern const char ledger_schema_8[]; /* idoc.backfill */
extern const char availability_schema_8[]; /* flips: which way */
extern const char goods_issue_schema_8[]; /* goods_issue */
extern const char order_anew_schema_8[]; /* order_anew, order_anew_pass */
extern const char sku_schema_8[]; /* sku.long, sku_joined */
extern const char order_anew_product_schema_8[]; /* order_ean, _due, ... */

/*
 * From a version, 0 for an empty database, to this one. Inside a write
 * transaction.
 */
enum status schema_upgrade(struct state *state, int64_t version,
    struct diag *diag);

#endif
