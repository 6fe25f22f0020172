#ifndef OMETRIA_ERASE_H
#define OMETRIA_ERASE_H

/*
 * Data-deletion requests (Data API, "GDPR data anonymisation"): Ometria is
 * asked to anonymise an address, six times a minute at most over all processes
 * on one state, when the opt-out of the person is confirmed. Intent and result
 * are written before and after, like those of a push (lib/state/erasure).
 *
 * Ometria does not document the keys of the body; those of its answer are used:
 * {"action":"anonymise","comment":...,"identities":[{"email":...}]}.
 */

#include "ometria/drain.h"

struct erasing {
	uint64_t accepted, refused;
};

/*
 * Ask for what may leave now; what is over the rate or did not get an answer
 * that counts is left to a later call, under a pause. Nothing happens unless
 * [deletion] request is on. A refusal is an exception, and so is a key that
 * may not ask. Uses the transport, rate and callback of a drain that has ended
 * or calls this by `look`. Adds to what was counted.
 */
enum status erase_run(struct erasing *erasing, struct drain *drain,
    struct diag *diag);

#endif
