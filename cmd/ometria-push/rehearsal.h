#ifndef PUSH_REHEARSAL_H
#define PUSH_REHEARSAL_H

/*
 * --dry-run: the same drain over a copy of the state, with a
 * transport that prints each request as a JSON line and says yes to it.
 */

#include "base/out.h"
#include "ometria/client.h"
#include "state/state.h"

/*
 * A private copy of the state at path, without a name in the file system; an
 * empty one when there is no such file, since a real run would make it.
 */
enum status rehearsal_open(struct state **state, const char *path,
    const struct config *config, struct diag *diag);

/* Prints {"method":..,"path":..,"body":..} to out. */
struct transport rehearsal_transport(struct out *out);

#endif
