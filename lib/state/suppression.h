#ifndef STATE_SUPPRESSION_H
#define STATE_SUPPRESSION_H

/*
 * Who is never sent again: customer numbers and e-mail addresses of erased
 * people, as hashes under the state's secret only. An address is the same in
 * every spelling that differs in case or blanks.
 *
 * Beside the list, what the state itself kept of them goes: the facts of the
 * customer and its address parts, the person on orders. Calls that write stand
 * in the caller's transaction or make their own.
 */

#include "base/arena.h"
#include "state/state.h"

/* The hash that stands for a number or address. */
struct hash suppression_hash(struct state *state, struct str text);

enum status suppression_add(struct state *state, struct str text,
    struct diag *diag);
/* Whether anybody is listed at all. */
enum status suppression_any(struct state *state, bool *yes, struct diag *diag);
/* Whether one of the texts is listed; empty ones are not. */
enum status suppression_has(struct state *state, const struct str *texts,
    size_t count, bool *yes, struct diag *diag);

/* Names, e-mail, town and postcode leave the order, as folded and as desired;
 * what Ometria has is not asked to change. */
enum status suppression_scrub_order(struct state *state, struct str id,
    struct diag *diag);
/* The same of every order of the customer, and of those of a guest with this
 * address; either may be empty. */
enum status suppression_scrub_orders(struct state *state, struct str customer,
    struct str email, struct diag *diag);
/* What the address parts of the customer say. */
enum status suppression_scrub_points(struct state *state, struct str customer,
    struct diag *diag);

/* The last thing that is kept of erased people: the address their opt-out
 * went out with. It goes when the opt-out is confirmed and nothing else needs
 * it. */
enum status suppression_forget_sent(struct state *state, struct diag *diag);

#endif
