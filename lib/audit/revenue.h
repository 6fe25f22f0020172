#ifndef AUDIT_REVENUE_H
#define AUDIT_REVENUE_H

/*
 * Revenue of orders by day and channel, SAP's beside Ometria's. Days are those
 * of UTC. Cancelled and refunded orders are not valid and count as nothing.
 * Amounts wait in temporary files: memory does not grow with the orders.
 */

#include "base/decimal.h"
#include "base/json.h"

enum revenue_side {
	REVENUE_SAP,
	REVENUE_OMETRIA,
	REVENUE_SIDES
};

/* One day of one channel. */
struct revenue_row {
	struct str day; /* 2026-03-02, "-" = orders without a time */
	struct str channel;
	struct decimal sums[REVENUE_SIDES];
	bool lost; /* one of them left the range of a decimal */
};

struct revenue;

struct revenue *revenue_new(void);
void revenue_free(struct revenue *revenue); /* NULL is fine */
/* An order in Ometria's words. What has no amount is passed over. */
enum status revenue_add(struct revenue *revenue, enum revenue_side side,
    struct str order, struct diag *diag);
/* All were added: call each for every row, by day and channel. */
enum status revenue_each(struct revenue *revenue,
    enum status (
	*each)(void *user, const struct revenue_row *row, struct diag *diag),
    void *user, struct diag *diag);

/* "GBP example.com/uk, online", of an order or a body of ours, into the arena.
 * Ometria takes an order without a channel for one of online (Data API). */
struct str revenue_channel(const struct json *order, struct arena *arena);

#endif
