#include "queue.h"

static int
by_age(const void *a, const void *b)
{
	const struct queue_file *left = a, *right = b;
	int order = strcmp(left->seq, right->seq);

	return order != 0 ? order : strcmp(left->path, right->path);
}

void
queue_sort(struct queue *queue)
{
	if (queue->ready_count > 1)
		qsort(queue->ready, queue->ready_count, sizeof(*queue->ready),
		    by_age);
	for (; queue->ready_count > QUEUE_MAX; queue->more = true)
		free(queue->ready[--queue->ready_count].path);
}

void
queue_ready(struct queue *queue, const struct queue_file *file)
{
	if (queue->ready == NULL)
		queue->ready = mem_zero(QUEUE_ROOM, sizeof(*queue->ready));
	if (queue->ready_count == QUEUE_ROOM)
		queue_sort(queue);
	queue->ready[queue->ready_count++] = *file;
}

static void
swap(struct queue_file *a, struct queue_file *b)
{
	struct queue_file kept = *a;

	*a = *b;
	*b = kept;
}

void
queue_wait(struct queue *queue, const struct queue_file *file)
{
	struct queue_file *heap;
	size_t at = queue->waiting_count;

	if (at == QUEUE_MAX) {
		free(file->path);
		queue->more = true;
		return;
	}
	if (at == queue->waiting_size) {
		queue->waiting_size = at == 0 ? 16 : 2 * at;
		queue->waiting = mem_grow(queue->waiting, queue->waiting_size,
		    sizeof(*queue->waiting));
	}
	heap = queue->waiting;
	heap[at] = *file;
	queue->waiting_count++;
	for (; at > 0 && heap[at].due < heap[(at - 1) / 2].due;
	     at = (at - 1) / 2)
		swap(&heap[at], &heap[(at - 1) / 2]);
}

bool
queue_due(struct queue *queue, int64_t now, struct queue_file *file)
{
	struct queue_file *heap = queue->waiting;
	size_t at = 0, child;

	if (queue->waiting_count == 0 || heap[0].due > now)
		return false;
	*file = heap[0];
	heap[0] = heap[--queue->waiting_count];
	while ((child = 2 * at + 1) < queue->waiting_count) {
		if (child + 1 < queue->waiting_count &&
		    heap[child + 1].due < heap[child].due)
			child++;
		if (heap[at].due <= heap[child].due)
			break;
		swap(&heap[at], &heap[child]);
		at = child;
	}
	return true;
}

void
queue_free(struct queue *queue)
{
	for (size_t i = 0; i < queue->ready_count; i++)
		free(queue->ready[i].path);
	for (size_t i = 0; i < queue->waiting_count; i++)
		free(queue->waiting[i].path);
	free(queue->ready);
	free(queue->waiting);
	*queue = (struct queue){ .more = false };
}
