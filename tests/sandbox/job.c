#include "job.h"

#include "erase.h"
#include "merging.h"

int64_t
job_add(struct store *store, enum job_kind kind, struct str request,
    int64_t delay)
{
	sqlite3_stmt *add = store_get(store, STORE_JOB_LAST);
	char id[UUID_TEXT];

	(void)store_step(add); /* an aggregate has a row */
	uuid_make(id, "job", sqlite3_column_int64(add, 0) + 1);
	add = store_get(store, STORE_JOB_ADD);
	bind_str(add, 1, str_of(id));
	bind_int(add, 2, kind);
	bind_str(add, 3, request);
	bind_int(add, 4, instant_now());
	bind_int(add, 5, instant_now() + delay);
	store_run(add);
	return store_last_id(store);
}

int64_t
job_waiting(struct store *store, enum job_kind kind)
{
	sqlite3_stmt *count = store_get(store, STORE_JOB_WAITING);
	int64_t waiting = 0;

	bind_int(count, 1, kind);
	if (store_step(count))
		waiting = sqlite3_column_int64(count, 0);
	sqlite3_reset(count);
	return waiting;
}

void
job_end(struct store *store, int64_t n, bool failed, struct str message)
{
	sqlite3_stmt *end = store_get(store, STORE_JOB_END);

	bind_int(end, 1, n);
	bind_int(end, 2, instant_now());
	bind_int(end, 3, failed);
	bind_str(end, 4, message);
	store_run(end);
}

bool
job_step(sqlite3_stmt *select, struct job *job)
{
	if (!store_step(select))
		return false;
	job->n = sqlite3_column_int64(select, 0);
	job->id = column_str(select, 1);
	job->request = column_str(select, 2);
	job->created = column_str(select, 3);
	job->completed = column_str(select, 4);
	job->failed = sqlite3_column_int(select, 5) != 0;
	job->message = column_str(select, 6);
	return true;
}

void
job_find(struct store *store, int64_t n, struct job *job, struct arena *arena)
{
	sqlite3_stmt *select = store_get(store, STORE_JOB_FIND);
	struct str *texts[] = { &job->id, &job->request, &job->created,
		&job->completed, &job->message };

	bind_int(select, 1, n);
	if (!job_step(select, job))
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_str(arena, *texts[i]);
	sqlite3_reset(select);
}

sqlite3_stmt *
job_select(struct store *store, enum job_kind kind, struct str id,
    const struct page *page)
{
	sqlite3_stmt *select = store_get(store, STORE_JOB_LIST);

	bind_int(select, 1, kind);
	bind_str_or_null(select, 2, id);
	bind_int(select, 3, page->limit);
	bind_int(select, 4, id.len > 0 ? 0 : page->offset);
	return select;
}

bool
job_is_due(struct store *store)
{
	sqlite3_stmt *due = store_get(store, STORE_JOB_DUE);
	bool yes;

	bind_int(due, 1, instant_now());
	yes = store_step(due);
	sqlite3_reset(due);
	return yes;
}

void
job_tick(struct store *store)
{
	for (;;) {
		sqlite3_stmt *due = store_get(store, STORE_JOB_DUE);
		int64_t n;
		enum job_kind kind;

		bind_int(due, 1, instant_now());
		if (!store_step(due))
			return;
		n = sqlite3_column_int64(due, 0);
		kind = (enum job_kind)sqlite3_column_int(due, 1);
		sqlite3_reset(due);
		if (kind == JOB_ERASE)
			erase_run(store, n);
		else
			merging_run(store, n);
	}
}
