#ifndef STATE_BACKUP_H
#define STATE_BACKUP_H

/*
 * A copy of a state while the line goes on (SQLite's online backup): what was
 * committed when it began, whatever is written meanwhile. The copy is checked,
 * and appears under its name whole or not at all.
 *
 * A copy knows that it is one. Who first writes to it notes when: from then on
 * the state is a restored one, and what was sent between copy and restoration
 * is not in it. Fulfilment events of that time are looked for in Ometria before
 * they are sent (sap-ometria-runbook(7)).
 */

#include "state/state.h"

/*
 * Copy to the file. USAGE when it is the state itself, CANNOT_CREATE, IO, DATA
 * when the copy is not sound. stop() ends it: TRY_AGAIN, nothing is left.
 */
enum status state_backup(struct state *state, const char *file,
    bool (*stop)(void), struct diag *diag);

/* The same for a rehearsal: the copy does not know that it is one, is not
 * checked, and the file is written in place. */
enum status state_copy(struct state *state, const char *file,
    struct diag *diag);

/* For state_open, in a state that is written to: note a restoration. */
enum status backup_note(struct state *state, struct diag *diag);

/* When the state was last restored from a copy, INSTANT_NONE = never. */
enum status backup_restored(struct state *state, int64_t *at,
    struct diag *diag);

#endif
