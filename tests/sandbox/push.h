#ifndef SANDBOX_PUSH_H
#define SANDBOX_PUSH_H

/*
 * Push: a batch is accepted as a whole into the queue, and processed record by
 * record when it is due. Whether a record is valid shows only then.
 */

#include "base/json.h"
#include "store.h"
#include "validate.h"

#define PUSH_RECORDS_MAX 100
#define PUSH_RECORD_BYTES 60000

struct queue {
	struct store *store;
	int64_t delay; /* ms from acceptance to processing */
	int64_t limit; /* records that may wait */
	int64_t waiting;
	int64_t next_due;
	struct json_doc doc;
	struct arena arena;
};

/* A body as it came, for the journal. */
struct batch {
	const struct json *records; /* NULL when it is not acceptable */
	const char *why; /* what is wrong with it */
	struct buf type; /* of the first record, or "mixed" */
	struct buf ids; /* joined by ',' */
	size_t count;
	size_t large; /* of them are too large */
	bool lost; /* the first record is never seen */
};

/* Takes over what an earlier run left in the queue. */
void queue_open(struct queue *queue, struct store *store, int64_t delay,
    int64_t limit);
void queue_close(struct queue *queue);

/* Read a body. The batch is valid as long as the body, the doc, the arena. */
void batch_read(struct batch *batch, struct str body, struct json_doc *doc,
    struct arena *arena);
/* It is empty then. */
void batch_free(struct batch *batch);

/* Whether so many more records may wait. */
bool queue_has_room(const struct queue *queue, size_t records);
/* Take all records of an acceptable batch; inside a transaction. */
void queue_take(struct queue *queue, const struct batch *batch, int64_t request,
    int64_t now);
/* Store one record past the queue; false when it is not valid. */
bool queue_store(struct queue *queue, int64_t request, struct str record,
    struct flaw *flaw);
/* Whether queue_process would find a record. */
bool queue_is_due(const struct queue *queue, int64_t now);
/* Process what is due, some at a time; inside a transaction. */
void queue_process(struct queue *queue, int64_t now);

#endif
