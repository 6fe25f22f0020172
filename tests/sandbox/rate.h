#ifndef SANDBOX_RATE_H
#define SANDBOX_RATE_H

/* At most `limit` requests in any `window` milliseconds; 0 = no limit. */

#include "base/buf.h"

enum rate_kind {
	RATE_PUSH,
	RATE_DATA, /* all that is none of the others */
	RATE_ERASE,
	RATE_MERGE,
	RATE_MAIL,
	RATE_COUNT
};

struct rate {
	int64_t *times; /* of the last `limit` granted, a ring */
	size_t limit;
	int64_t window;
	size_t next;
};

void rate_open(struct rate *rate, size_t limit, int64_t window);
void rate_close(struct rate *rate);
/* Whether a request at `now` (milliseconds) is within the limit. */
bool rate_grant(struct rate *rate, int64_t now);

#endif
