#ifndef SANDBOX_CAMPAIGN_H
#define SANDBOX_CAMPAIGN_H

/*
 * The campaigns that Ometria would start, so that tests can ask for effects on
 * people. A campaign is told with POST /_sandbox/campaign as one of
 *	{"name": N, "event": TYPE}
 *	{"name": N, "order": {"status", "channel", "store", "coupon", "nth",
 *	    "grand_total" (at least)}}		each when given
 *	{"name": N, "basket": {"wait", "send" (seconds), "filter" (boolean)}}
 *	{"name": N, "price": {"store", "wait", "send"}}		see price.h
 * and is for marketing, so that it needs an opt-in, unless "marketing" is
 * false. A visit of the shop is told with POST /_sandbox/session, again with
 * the same id as it goes on:
 *	{"id": ID, "email", "customer_id", "items": [PRODUCT ID], "store",
 *	    "transaction"}
 * GET /_sandbox/campaigns lists who entered or did not, and why.
 */

#include "base/json.h"
#include "read.h"

/* How an order was before it is processed. */
struct campaign_before {
	bool stored;
	struct str status; /* in the arena */
};

/* STATUS 400 in the answer when it is not such a campaign or visit. */
void campaign_add(struct store *store, struct str body, struct answer *answer);
void campaign_session(struct store *store, struct str body,
    struct answer *answer);
void campaign_list(struct store *store, struct str body, struct answer *answer);

struct campaign_before campaign_before(struct store *store, struct str order,
    struct arena *arena);
/* An order was stored. */
void campaign_order(struct store *store, struct str order,
    const struct campaign_before *before);
/* A custom event was stored. */
void campaign_event(struct store *store, const struct json *event,
    struct arena *arena);
/* A mail was sent past all campaigns; key tells which. */
void campaign_mail(struct store *store, struct str email, struct str key);
/* Time went by: visits close, who waited enters. */
void campaign_tick(struct store *store);

#endif
