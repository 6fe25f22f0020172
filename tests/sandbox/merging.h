#ifndef SANDBOX_MERGING_H
#define SANDBOX_MERGING_H

/*
 * Merges of profiles, which are jobs: done after the seconds of the switch
 * merge-delay. At most five customers are named, which may be fifty profiles
 * at most. A survivor that is not found, or nobody else, fails the job; the
 * listings of who is merged are deleted, the orders go to the survivor, who
 * gets the e-mail and the customer id when it has none. An older body names an
 * e-mail whose profiles become one, that of profile_id or the newest.
 */

#include "job.h"
#include "post.h"

/* Answer a POST of /merge-profile. */
void merging_post(struct post *post, struct answer *answer);
/* All jobs, newest first, or the one of this id. */
void merging_list(struct store *store, struct str id, const struct page *page,
    struct answer *answer);
/* Do it; the job is done or failed then. */
void merging_run(struct store *store, int64_t job);

#endif
