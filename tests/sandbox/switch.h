#ifndef SANDBOX_SWITCH_H
#define SANDBOX_SWITCH_H

/*
 * What Ometria's documentation leaves open, or contradicts itself in: each a
 * switch, so that a test proves that either reading does no harm. A switch is
 * one of its words, the first one unless it is set, or a number. They are set
 * at the start (--set NAME=VALUE) and while it runs (POST /_sandbox/set with
 * such lines), and are of the process.
 */

#include "base/buf.h"

/* name, words separated by '|' or NULL for a number, what it decides */
#define SWITCHES(X)                                                            \
	X(BATCH_ORDER, "batch-order", "as-given|reversed|shuffled",            \
	    "in which order the records of a batch are processed")             \
	X(QUEUE_ORDER, "queue-order", "fifo|reversed|shuffled",                \
	    "in which order batches that wait are processed")                  \
	X(SEED, "seed", NULL, "of what is shuffled")                           \
	X(WITHOUT_MERGE, "without-merge", "replace|merge",                     \
	    "what a record without @merge does to what is stored")             \
	X(BLANK, "blank", "clears|is-ignored",                                 \
	    "what null and \"\" do without @merge")                            \
	X(MERGE_DEPTH, "merge-depth", "shallow|deep",                          \
	    "whether @merge goes into objects")                                \
	X(DROP, "drop", NULL,                                                  \
	    "each so-manyth record is accepted and never seen again")          \
	X(COUNTS, "counts", "true|one-less",                                   \
	    "accepted in the answer to a push")                                \
	X(SKIPPED, "skipped", "absent|present",                                \
	    "whether the answer to a push counts skipped")                     \
	X(ERRORS, "errors", "nested|flat", "shape of /push/_errors")           \
	X(LARGE, "large", "refuses|is-rejected",                               \
	    "a record that is too large: the whole request, or counted")       \
	X(MIXED, "mixed", "accepted|refused", "a batch of several types")      \
	X(BAD_REQUEST, "bad-request", "400|413|422",                           \
	    "status of a push that is malformed")                              \
	X(NO_KEY, "no-key", "403|401", "status without the right key")         \
	X(METHOD, "no-method", "405|404",                                      \
	    "status of a method that a path does not have")                    \
	X(ERROR_BODY, "error-body", "json|empty|html", "body of an error")     \
	X(RETRY_AFTER, "retry-after", "none|seconds|date|absurd|hour",         \
	    "the header of 429 and 503")                                       \
	X(QUEUE_HEADERS, "queue-headers", "on|off|backlog",                    \
	    "X-QueueSize headers; backlog: the limit is what waits")           \
	X(UNKNOWN_KEYS, "unknown-keys", "ignored|refused",                     \
	    "keys that a record should not have")                              \
	X(COERCE, "coerce", "nothing|text",                                    \
	    "what is taken for a number or a boolean")                         \
	X(MONEY, "money", "number|string", "how money is returned")            \
	X(TIMES, "times", "as-sent|offset|blank",                              \
	    "how times are returned: Z, +00:00, or with a blank and +00")      \
	X(INTERNAL, "internal", "absent|present",                              \
	    "whether fields of Ometria's own are returned")                    \
	X(FILTERS, "filters", "honoured|ignored", "filters of lists")          \
	X(BOUNDS, "bounds", "since|before",                                    \
	    "which bound of a filter counts itself")                           \
	X(LIMIT, "limit", "clamped|refused", "a limit over 250")               \
	X(PROFILE, "profile", "array|object", "/profiles?email=")              \
	X(STATUS_CHANGE, "status-change", "starts-nothing|starts",             \
	    "whether a new status of an order starts campaigns again")         \
	X(SESSION, "session", "30|35", "minutes until an idle visit closes")   \
	X(ERASE_BODY, "erase-body", "both|identities|email",                   \
	    "which of the guessed deletion requests is taken")                 \
	X(ERASE_STATUS, "erase-status", "201|200|202",                         \
	    "status of the answer to a deletion request")                      \
	X(ERASE_DELAY, "erase-delay", NULL,                                    \
	    "seconds until a deletion request is done")                        \
	X(PENDING, "pending", "null|absent",                                   \
	    "timestamp_completed of a deletion request that waits")            \
	X(ERASED, "erased", "new-profile|anonymised|refused",                  \
	    "what becomes of an erased person who is pushed again")            \
	X(MERGE_BODY, "merge-body", "both|survivor|email",                     \
	    "which of the documented merge requests is taken")                 \
	X(MERGE_DELAY, "merge-delay", NULL,                                    \
	    "seconds until profiles are merged")                               \
	X(MERGED, "merged", "new-profile|survivor",                            \
	    "whose are later records of somebody who was merged")              \
	X(NOBODY, "nobody", "empty|404", "/profiles?email= of nobody")

enum switch_name {
#define X(name, text, words, help) SWITCH_##name,
	SWITCHES(X) SWITCH_COUNT
#undef X
};

/* The number, or of which word it is, from 0. */
unsigned switch_get(enum switch_name name);
/* NAME=VALUE; USAGE with diag when there is none of that name or value. */
enum status switch_set(struct str setting, struct diag *diag);
/* All of them, a line each: name, value, words, help, by tabs. */
void switch_list(struct buf *text);

#endif
