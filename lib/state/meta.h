#ifndef STATE_META_H
#define STATE_META_H

/* What a state remembers of the run before: hashes under names of their own.
 */

#include "state/state.h"

/* Whether the state remembers this hash under that name. */
enum status meta_is(struct state *state, const char *name, struct hash hash,
    bool *same, struct diag *diag);
/* From now on it does. Inside a transaction. */
enum status meta_set(struct state *state, const char *name, struct hash hash,
    struct diag *diag);

#endif
