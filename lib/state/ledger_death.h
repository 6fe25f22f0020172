#ifndef STATE_LEDGER_DEATH_H
#define STATE_LEDGER_DEATH_H

/*
 * What tools died of. A run that has neither ended nor is alive (state/run.h)
 * died; a restart by signal ends its run, and runs of before the machine's last
 * start are nobody's fault. Each dead run is laid once
 *
 *	at the door of the file that an idoc-parse was reading, and
 *	at that of each IDoc that was given to the line while another tool was
 *	running that died, and has not been settled since; once, when several
 *	of them are found together.
 *
 * What has DEATHS_MAX of them is set aside. From DEATHS_CAREFUL on an IDoc is
 * given to the line alone and its settlement awaited, so that the last death
 * is laid at one door only.
 */

#include "record/record.h"
#include "state/run.h"

#define DEATHS_CAREFUL 2
#define DEATHS_MAX 3

/*
 * Find the runs that died since the last call by anybody, and lay them at the
 * doors of what they had in hand. *any: some IDoc has deaths. *fresh: how many
 * were found; NULL at the beginning of the run. Own transaction.
 */
enum status ledger_deaths_find(struct state *state, const struct run *run,
    bool *any, uint64_t *fresh, struct diag *diag);
/* Deaths of an IDoc by its key; 0 when it is settled or unknown. */
enum status ledger_deaths(struct state *state, const struct record_src *src,
    uint64_t *deaths, struct diag *diag);
/* It was set aside: when it comes again, it begins anew. */
enum status ledger_deaths_forget(struct state *state, int64_t idoc,
    struct diag *diag);

/*
 * This run is about to read a file; mark tells one content from another. *busy:
 * a run that is alive is reading it, nothing was noted. *deaths: of runs that
 * were reading it. Own transaction, which outlives the process, not the
 * machine.
 */
enum status ledger_reading(struct state *state, const struct run *run,
    struct str file, uint64_t mark, bool *busy, uint64_t *deaths,
    struct diag *diag);
/* The file was set aside: what of it has no outcome is excepted, so that it is
 * settled. Own transaction. */
enum status ledger_file_except(struct state *state, struct str file,
    struct diag *diag);
/* Whatever this run was reading has been read. Own transaction, likewise. */
enum status ledger_read(struct state *state, const struct run *run,
    struct diag *diag);

#endif
