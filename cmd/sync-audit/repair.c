#include "repair.h"

#include "base/limits.h"
#include "state/seen.h"

struct batch {
	struct arena arena;
	struct outbox_row rows[LIMIT_BATCH];
	bool queued[LIMIT_BATCH];
	size_t count;
};

/* The next records, each once; *more = there may be others. */
static enum status
gather(struct repair *repair, struct batch *batch, struct buf *last, bool *more,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	arena_reset(&batch->arena);
	batch->count = 0;
	while (status == STATUS_OK && batch->count < LIMIT_BATCH) {
		struct outbox_row *row = &batch->rows[batch->count];
		struct str key, none;
		bool found;

		status = sorter_next(repair->keys, &key, &none, more, diag);
		if (status != STATUS_OK || !*more)
			break;
		if (str_eq(key, buf_str(last)))
			continue;
		buf_clear(last);
		buf_add_str(last, key);
		status = outbox_get(repair->state,
		    (enum desired_kind)(key.data[0] - '0'), str_from(key, 1),
		    &batch->arena, row, &found, diag);
		/* Not what is refused, or newer since it was compared. */
		if (status == STATUS_OK && found &&
		    row->rev == row->accepted_rev)
			batch->count++;
	}
	return status;
}

static enum status
queue(struct repair *repair, struct batch *batch, struct diag *diag)
{
	enum status status = STATUS_OK;
	bool own;

	for (size_t i = 0; i < batch->count; i++)
		batch->queued[i] = true;
	if (repair->dry)
		return STATUS_OK;
	status = state_join(repair->state, &own, diag);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < batch->count && status == STATUS_OK; i++) {
		const struct outbox_row *row = &batch->rows[i];

		status = seen_again(repair->state, row->kind, row->id, row->rev,
		    false, &batch->queued[i], diag);
	}
	return state_leave(repair->state, own, status, diag);
}

static enum status
tell(struct repair *repair, const struct batch *batch, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < batch->count && status == STATUS_OK; i++) {
		repair->queued += batch->queued[i];
		if (batch->queued[i])
			status = diff_write_repair(repair->writer,
			    repair->dry ? "would-queue" : "queued",
			    batch->rows[i].kind, batch->rows[i].id, diag);
	}
	return status;
}

enum status
repair_run(struct repair *repair, struct diag *diag)
{
	struct batch *batch = mem_zero(1, sizeof(*batch));
	struct buf last = BUF_INIT;
	enum status status = sorter_end(repair->keys, diag);
	bool more = true;

	while (status == STATUS_OK && more) {
		status = gather(repair, batch, &last, &more, diag);
		if (status == STATUS_OK)
			status = queue(repair, batch, diag);
		if (status == STATUS_OK)
			status = tell(repair, batch, diag);
	}
	arena_free(&batch->arena);
	buf_free(&last);
	free(batch);
	return status;
}
