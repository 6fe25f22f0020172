#ifndef OMETRIA_RESPONSE_H
#define OMETRIA_RESPONSE_H

/*
 * What Ometria answered, and what it means (Data API, "Push endpoint"). Pure.
 * Everything in an answer is untrusted: texts are bounded and escaped here.
 */

#include "base/instant.h"

struct response {
	long status; /* HTTP */
	struct buf body;
	int64_t retry_after; /* milliseconds, -1 = not said */
	int64_t queue_remaining; /* X-QueueSize-Remaining, -1 = not said */
	instant date; /* of its Date, INSTANT_NONE = not said */
	char retry[64]; /* Retry-After as it came, or "" */
};

void response_clear(struct response *response);
void response_free(struct response *response);
/* One header line as received, for the three that are looked at. A Retry-After
 * that is a date is one of the server's clock, which its Date tells; now is for
 * an answer without. */
void response_header(struct response *response, struct str line, instant now);

/*
 * Retry-After: seconds or an HTTP date, as milliseconds from now; -1 when it
 * is neither, negative, in the past, or more than a day.
 */
int64_t response_retry_after(struct str value, instant now);

enum push_verdict {
	PUSH_ACCEPTED,
	PUSH_UNCLEAR, /* 202, but its counts do not account for the batch */
	PUSH_AGAIN, /* 429, 5xx: the same bytes again, later */
	PUSH_REFUSED, /* something in the batch is refused for good */
	PUSH_KEY, /* 401, 403: the key; stop */
	PUSH_PROTOCOL, /* nothing Ometria would say here; stop */
	PUSH_ENDED /* not sent: the tool was asked to end, or the batch went */
};

struct push_answer {
	enum push_verdict verdict;
	char request_id[64]; /* "" when there was none */
	char why[200]; /* for a message: Ometria's words */
};

/* The verdict over the answer to a push of so many records. */
void response_judge(const struct response *response, size_t sent,
    struct push_answer *answer);

/*
 * Words of Ometria made fit for a message: bounded, escaped, e-mail addresses
 * masked. Returns to.
 */
const char *response_words(struct str text, char *to, size_t size);

#endif
