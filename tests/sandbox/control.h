#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

/*
 * What is of the sandbox itself and not of Ometria, so that no key is asked
 * for: POST /_sandbox/set takes lines NAME=VALUE and answers with all switches;
 * POST /_sandbox/now sets the clock to a UTC time, or moves it on by a duration
 * ("+4h"), and answers with the time; GET / is a page for people.
 * POST /_sandbox/fault takes a plan of what goes wrong (fault.h) in place of
 * the one that there is, or an empty body for none. POST /_sandbox/unsubscribe
 * takes {"email", "type"[, "marketing_optin"]} of a source that is not the API,
 * as a listing of its own: preferences_centre, list_unsubscribe and
 * link_unsubscribe outrank the API, app is its equal (the latest wins),
 * importer is below it; a forced record of the API beats all. POST
 * /_sandbox/lose takes the {"type", "id"} of a record that from then on is
 * accepted and never seen.
 * What belongs to campaigns is in campaign.h.
 */

#include "read.h"

/* False when it is no such request; else *answer is made. */
bool control_answer(struct store *store, const char *method, const char *uri,
    struct str body, struct answer *answer);

#endif
