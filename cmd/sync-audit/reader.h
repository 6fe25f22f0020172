#ifndef SYNC_AUDIT_READER_H
#define SYNC_AUDIT_READER_H

/*
 * Reading from Ometria: address, key and rate as ometria-push has them, but at
 * most half of the rate, so that an audit never holds up what is to be sent.
 */

#include "audit.h"
#include "audit/side_pages.h"

struct reader {
	struct client *client;
	struct limiter shared; /* with all on the state, whole rate */
	struct limiter half; /* of this process, half of it */
	struct drain drain;
};

/*
 * state: path of the state whose requests count together and whose pause is
 * kept, NULL = none. CONFIG, NO_INPUT, NOT_ALLOWED, and UNAVAILABLE for a long
 * pause, as for ometria-push. reader_close in any case.
 */
enum status reader_open(struct reader *reader, struct tool_run *run,
    const char *state, struct diag *diag);
void reader_close(struct reader *reader);

#endif
