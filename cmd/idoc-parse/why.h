#ifndef IDOC_PARSE_WHY_H
#define IDOC_PARSE_WHY_H

/*
 * The page beside a failed file, NAME.why: for a person, what is wrong with
 * each IDoc of it and what to do next. No personal data: it repeats the open
 * exceptions of the file.
 */

#include "state/state.h"

/*
 * Write to (whole, synced, by rename) what the state knows of file, a name as
 * in src.file. Outside a transaction.
 */
enum status why_write(struct state *state, struct str file, const char *to,
    struct diag *diag);

#endif
