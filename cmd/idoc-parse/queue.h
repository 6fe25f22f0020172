#ifndef IDOC_PARSE_QUEUE_H
#define IDOC_PARSE_QUEUE_H

/*
 * Files that were found: the waiting ones, which may still be changing, by when
 * they are to be looked at again; and the ready ones, the oldest seq first. At
 * most QUEUE_MAX of each are held, whatever lies in the folder: of the ready
 * the oldest; a next scan finds the others (more).
 */

#include "identity.h"
#include "peek.h"

#define QUEUE_MAX 4000
/* Ready ones held until the youngest of them are left out. */
#define QUEUE_ROOM (QUEUE_MAX + QUEUE_MAX / 4)

struct queue_file {
	char *path; /* owned by whoever holds the struct */
	struct identity identity;
	int64_t due; /* nanoseconds, see inbox_clock */
	char seq[PEEK_SEQ]; /* once it is ready */
};

struct queue {
	struct queue_file *ready;
	size_t ready_count;
	struct queue_file *waiting; /* a heap */
	size_t waiting_count, waiting_size;
	bool more; /* some were left out */
};

/* Both take over the path. */
void queue_wait(struct queue *queue, const struct queue_file *file);
void queue_ready(struct queue *queue, const struct queue_file *file);
/* The next that is due at that time, for the caller to free or hand back. */
bool queue_due(struct queue *queue, int64_t now, struct queue_file *file);
/* Bring the ready ones into their order and leave out what is too much. */
void queue_sort(struct queue *queue);
void queue_free(struct queue *queue);

#endif
