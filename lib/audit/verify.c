#include "audit/verify.h"

#include "state/deadline.h"

/* From so many on, pages are fewer requests than look-ups. */
#define PAGES_FROM 250
#define LOOK_PAGE 100

/* Upper ends in seconds. */
static const struct {
	int64_t upto;
	const char *text;
} ages[VERIFY_AGES] = {
	{ 300, "up to 5m" },
	{ 3600, "up to 1h" },
	{ 4 * 3600, "up to 4h" },
	{ 24 * 3600, "up to 1d" },
	{ 7 * 24 * 3600, "up to 7d" },
	{ INT64_MAX, "over 7d" },
};

const char *
verify_age(size_t band)
{
	return ages[band].text;
}

static void
count_stale(struct verify_decay *decay, int64_t seconds)
{
	size_t band = 0;

	while (seconds > ages[band].upto)
		band++;
	decay->stale[band]++;
	if (seconds > decay->oldest)
		decay->oldest = seconds;
}

enum status
verify_decay(struct verify_decay *decay, struct state *state, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*) FROM outbox WHERE kind = ?1", diag);
	enum status status;

	sql_int(statement, 1, DESIRED_CONTACT);
	if (!sql_row(state, statement, &status, diag))
		return status;
	decay->contacts = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	statement = state_sql(state,
	    "SELECT queued_at FROM outbox WHERE kind = ?1 AND state > 0", diag);
	sql_int(statement, 1, DESIRED_CONTACT);
	while (sql_row(state, statement, &status, diag))
		count_stale(decay, instant_now() - sql_get_int(statement, 0));
	return status;
}

/* --- what was looked at, in a table of this process --- */

static enum status
note_looked(struct verify *verify, const struct seen_row *row,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(verify->drain->state,
	    "INSERT OR IGNORE INTO temp.looked(kind, id) VALUES(?1, ?2)", diag);

	sql_int(statement, 1, row->kind);
	sql_text(statement, 2, row->id);
	return sql_run(verify->drain->state, statement, diag);
}

static enum status
was_looked(struct verify *verify, const struct seen_row *row, bool *yes,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(verify->drain->state,
	    "SELECT 1 FROM temp.looked WHERE kind = ?1 AND id = ?2", diag);
	enum status status;

	sql_int(statement, 1, row->kind);
	sql_text(statement, 2, row->id);
	*yes = sql_row(verify->drain->state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

/* --- what follows --- */

/* One transaction for many: each ends on the disk. */
static enum status
write_marks(struct verify *verify, struct diag *diag)
{
	struct state *state = verify->drain->state;
	enum status status;
	bool own;

	if (verify->mark_count == 0)
		return STATUS_OK;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < verify->mark_count && status == STATUS_OK; i++)
		status = seen_mark(state, verify->marks[i].kind,
		    verify->marks[i].id, verify->marks[i].rev, diag);
	verify->mark_count = 0;
	arena_reset(&verify->arena);
	return state_leave(state, own, status, diag);
}

static enum status
mark_same(struct verify *verify, const struct seen_row *row, struct diag *diag)
{
	if (verify->dry)
		return STATUS_OK;
	verify->marks[verify->mark_count++] = (struct verify_mark){ row->kind,
		arena_str(&verify->arena, row->id), row->rev };
	return verify->mark_count == VERIFY_MARKS ? write_marks(verify, diag)
						  : STATUS_OK;
}

static enum status
report(struct verify *verify, const struct seen_row *row,
    const struct readback *found, struct diag *diag)
{
	struct verify_count *count = &verify->counts[row->kind];
	bool queued = false;
	enum status status;

	if (row->kind == DESIRED_CONTACT)
		count_stale(&verify->decay, row->age / 1000);
	if (row->age < verify->drain->visible) {
		count->young++;
		return STATUS_OK;
	}
	if (found->verdict == READBACK_MISSING)
		count->missing++;
	else
		count->differ++;
	status = verify->found(verify->user, row, found, diag);
	if (status == STATUS_OK && !verify->dry)
		status =
		    readback_settle(verify->drain, row, found, &queued, diag);
	count->queued += queued;
	return status;
}

static enum status
conclude(struct verify *verify, const struct seen_row *row,
    const struct readback *found, struct diag *diag)
{
	enum status status = note_looked(verify, row, diag);

	if (status != STATUS_OK)
		return status;
	verify->counts[row->kind].looked++;
	if (found->verdict != READBACK_SAME)
		return report(verify, row, found, diag);
	verify->counts[row->kind].same++;
	return mark_same(verify, row, diag);
}

/* --- by pages --- */

/* A row of a page: what is there and the same needs no look-up. */
static enum status
take_shown(void *user, enum desired_kind kind, const struct json *shown,
    struct diag *diag)
{
	struct verify *verify = user;
	struct drain *drain = verify->drain;
	struct seen_query query = { .kind = kind, .which = SEEN_ID, .max = 1 };
	struct readback found;
	struct seen_row row;
	size_t count = 0;
	bool looked = false;
	enum status status;

	arena_reset(&drain->arena);
	query.after = json_text(shown, "id", &drain->arena);
	if (query.after.len == 0)
		return STATUS_OK;
	status =
	    seen_rows(drain->state, &query, &drain->arena, &row, &count, diag);
	if (status == STATUS_OK && count > 0)
		status = was_looked(verify, &row, &looked, diag);
	if (status != STATUS_OK || count == 0 || looked)
		return status;
	status = readback_judge(drain, &row, shown, &found, diag);
	/* A page may be older than what was sent since: ask for it. */
	return status == STATUS_OK && found.verdict == READBACK_SAME
		   ? conclude(verify, &row, &found, diag)
		   : status;
}

static enum status
read_pages(struct verify *verify, enum desired_kind kind, instant since,
    struct diag *diag)
{
	struct side_plan plan = {
		.kinds = 1U << kind,
		.since = kind == DESIRED_CONTACT ? since : INSTANT_NONE,
		.touched = kind == DESIRED_ORDER ? since : INSTANT_NONE,
		.before = INSTANT_NONE,
		.as_of = INSTANT_NONE,
		.collection = verify->drain->collection,
		.config = state_config(verify->drain->state),
	};
	struct side_pages pages = {
		.plan = &plan,
		.drain = verify->drain,
		.half = verify->half,
		.take = take_shown,
		.user = verify,
	};

	return side_pages_read(&pages, NULL, diag);
}

/* --- by look-ups --- */

static enum status
look_up(struct verify *verify, const struct seen_row *row, struct diag *diag)
{
	struct drain *drain = verify->drain;
	struct readback found = { .verdict = READBACK_ENDED };
	bool looked;
	enum status status = was_looked(verify, row, &looked, diag);

	if (status != STATUS_OK || looked)
		return status;
	status = limiter_take(verify->half, drain->stop, diag);
	if (status == STATUS_OK)
		status = readback_get(drain, row, &found, diag);
	if (status != STATUS_OK)
		return status;
	if (found.verdict == READBACK_ENDED)
		return diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
	return conclude(verify, row, &found, diag);
}

/* Rows in steps of a page: nothing is read from the state meanwhile. */
static enum status
look_up_all(struct verify *verify, struct seen_query *query, struct diag *diag)
{
	struct drain *drain = verify->drain;
	struct buf after = BUF_INIT;
	size_t count = 1;
	enum status status = STATUS_OK;

	query->max = LOOK_PAGE;
	while (count > 0 && status == STATUS_OK) {
		struct seen_row rows[LOOK_PAGE];

		arena_reset(&drain->arena);
		query->after = buf_str(&after);
		status = seen_rows(drain->state, query, &drain->arena, rows,
		    &count, diag);
		for (size_t i = 0; i < count && status == STATUS_OK; i++)
			status = look_up(verify, &rows[i], diag);
		buf_clear(&after);
		if (count > 0)
			buf_add_str(&after, rows[count - 1].id);
	}
	buf_free(&after);
	return status;
}

static enum status
look_up_end(struct verify *verify, struct seen_query *query, struct diag *diag)
{
	struct drain *drain = verify->drain;
	struct seen_row *rows = mem_zero(verify->sample, sizeof(*rows));
	struct arena arena = ARENA_INIT;
	size_t count = 0;
	enum status status;

	query->max = verify->sample;
	status = seen_rows(drain->state, query, &arena, rows, &count, diag);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		arena_reset(&drain->arena);
		status = look_up(verify, &rows[i], diag);
	}
	arena_free(&arena);
	free(rows);
	return status;
}

static enum status
look_up_sample(struct verify *verify, struct seen_query *query,
    struct diag *diag)
{
	static const enum seen_which ends[] = { SEEN_UNVERIFIED_NEWEST,
		SEEN_UNVERIFIED_OLDEST };
	enum status status = STATUS_OK;

	for (size_t i = 0; i < 2 && status == STATUS_OK; i++) {
		query->which = ends[i];
		status = look_up_end(verify, query, diag);
	}
	return status;
}

static enum status
verify_kind(struct verify *verify, enum desired_kind kind, struct diag *diag)
{
	struct seen_query query = {
		.kind = kind,
		.which = verify->all ? SEEN_ALL : SEEN_UNVERIFIED,
		.settled = verify->drain->visible,
	};
	uint64_t count;
	instant oldest;
	enum status status;

	if (verify->sample > 0)
		return look_up_sample(verify, &query, diag);
	status =
	    seen_count(verify->drain->state, &query, &count, &oldest, diag);
	if (status == STATUS_OK && count > PAGES_FROM && kind != DESIRED_EVENT)
		status = read_pages(verify, kind, oldest, diag);
	return status == STATUS_OK ? look_up_all(verify, &query, diag) : status;
}

enum status
verify_run(struct verify *verify, struct diag *diag)
{
	struct state *state = verify->drain->state;
	struct diag late;
	enum status status, end;

	status = state_exec(state,
	    "CREATE TEMP TABLE looked(kind INTEGER NOT NULL, id TEXT NOT NULL,"
	    " PRIMARY KEY(kind, id)) WITHOUT ROWID;",
	    diag);
	if (status == STATUS_OK)
		status = verify_decay(&verify->decay, state, diag);
	for (int i = 0; i < DESIRED_KIND_COUNT && status == STATUS_OK; i++)
		status = verify_kind(verify, (enum desired_kind)i, diag);
	/* What was seen stands, however it ended. */
	end = write_marks(verify, &late);
	if (end == STATUS_OK && !verify->dry)
		end = seen_review(state, &late);
	if (end == STATUS_OK && !verify->dry)
		end = deadline_pass(state, instant_now(), &late);
	if (status == STATUS_OK && end != STATUS_OK) {
		*diag = late;
		status = end;
	}
	arena_free(&verify->arena);
	return status;
}
