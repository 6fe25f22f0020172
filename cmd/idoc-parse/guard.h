#ifndef IDOC_PARSE_GUARD_H
#define IDOC_PARSE_GUARD_H

/*
 * IDocs that tools of the line have died with (state/ledger_death.h): the last
 * chance is given alone, then they are set aside.
 */

#include "gather.h"

/* Turn the item into its exception; its records are not to leave. A customer's
 * master data is held with it: no order is to overtake it. The texts live in
 * the arena. */
void guard_set_aside(struct gather_item *item, struct str records,
    struct arena *arena);
/*
 * The IDoc has just been given to the line, alone: wait, bounded, until it is
 * settled. STATUS_TRY_AGAIN when a tool died meanwhile: nothing more is to be
 * given to this line.
 */
enum status guard_await(struct state *state, const struct run *run,
    const struct record_src *src, struct diag *diag);

#endif
