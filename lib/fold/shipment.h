#ifndef FOLD_SHIPMENT_H
#define FOLD_SHIPMENT_H

/*
 * Shipment and invoice records. The newest message of a delivery or billing
 * document replaces the older one whole (order_merge decides by seq).
 */

#include "fold/order.h"

/* The items sorted by their number, and one of them by it, or NULL. */
struct shipment_line **shipment_sort(const struct shipment *shipment,
    struct arena *arena);
struct shipment_line *shipment_find(struct shipment_line *const *sorted,
    size_t count, struct str line);

/* Ometria's limit for a text property of an event. */
#define SHIPMENT_TRACKING_MAX 512

/* Put the numbers of a list behind those of another, each once, as long as
 * whole ones fit into `limit` bytes. */
void shipment_track(struct buf *list, struct str numbers, size_t limit);

/* Read a shipment record; seq as the caller decided. */
void shipment_read(struct shipment *shipment, const struct record *record,
    struct str seq, const struct order_rules *rules, struct arena *arena);

/* Amounts and quantities become positive, those of items against the others'
 * sign negative; a tax of the header alone is spread over the lines, and what
 * the total holds beside them is an item of its own, @rest.
 * False: an invoice of kind invoice, which says nothing of orders here. */
bool credit_read(struct credit *credit, const struct record *record,
    struct str seq, const struct order_rules *rules, struct arena *arena);

/*
 * A return order or credit memo request, as order_read() has read it: what it
 * announces, by the original's numbers. False: it names no original. One that
 * was cancelled has no items left.
 */
bool return_read(struct credit *credit, const struct record *record,
    const struct order_input *input, const struct order_rules *rules,
    struct arena *arena);

#endif
