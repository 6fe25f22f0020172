#ifndef STATE_META_H
#define STATE_META_H

/* What a state remembers of the run before: hashes and times under names of
 * their own. */

#include "base/instant.h"
#include "state/state.h"

/* Whether the state remembers this hash under that name. */
enum status meta_is(struct state *state, const char *name, struct hash hash,
    bool *same, struct diag *diag);
/* From now on it does. Inside a transaction. */
enum status meta_set(struct state *state, const char *name, struct hash hash,
    struct diag *diag);
/* The same of a time; INSTANT_NONE when it remembers none. */
enum status meta_time(struct state *state, const char *name, instant *at,
    struct diag *diag);
enum status meta_set_time(struct state *state, const char *name, instant at,
    struct diag *diag);

#endif
