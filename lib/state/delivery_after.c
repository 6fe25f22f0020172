#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "state/delivery.h"
#include "state/delivery_result.h"
#include "state/outbox_rows.h"

#include "base/instant.h"
#include "base/text.h"

/* The batch in which a row is in flight (0 = none), and its last intent. */
static enum status
flight_of(struct state *state, enum desired_kind kind, struct str id,
    int64_t *batch, uint64_t *intent, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT batch, intent_rev FROM outbox WHERE kind = ?1 AND id = ?2",
	    diag);
	enum status status;

	*batch = 0;
	*intent = 0;
	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	if (sql_row(state, statement, &status, diag)) {
		*batch = sql_get_int(statement, 0);
		*intent = (uint64_t)sql_get_int(statement, 1);
	}
	sqlite3_reset(statement);
	return status;
}

/* Mark the member, and end the batch when it had no other. */
static enum status
leave_batch(struct state *state, int64_t batch, struct str id, struct str why,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE delivery_record SET refused = 1"
	    " WHERE delivery = ?1 AND id = ?2",
	    diag);
	enum status status;

	sql_int(statement, 1, batch);
	sql_text(statement, 2, id);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE delivery SET ended_at = ?2, result = ?3, why = ?4"
	    " WHERE id = ?1 AND records = 1",
	    diag);
	sql_int(statement, 1, batch);
	sql_time(statement, 2, instant_now());
	sql_int(statement, 3, DELIVERY_REFUSED);
	sql_text(statement, 4, why);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "DELETE FROM inflight WHERE delivery = ?1"
	    " AND (SELECT records FROM delivery WHERE id = ?1) = 1",
	    diag);
	sql_int(statement, 1, batch);
	return sql_run(state, statement, diag);
}

/*
 * A revision that Ometria had accepted and refuses later leaves it unknown
 * what Ometria holds: the last confirmed one, perhaps.
 */
static enum status
mark_refused(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev, struct str why, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET refused_rev = ?3, error = ?4,"
	    " state = CASE WHEN rev = ?3 THEN 3 WHEN state = 2 THEN 1"
	    "  ELSE state END,"
	    " batch = CASE WHEN intent_rev = ?3 THEN NULL ELSE batch END,"
	    " accepted_hash = CASE WHEN accepted_rev = ?3 THEN NULL"
	    "  ELSE accepted_hash END,"
	    " accepted_rev = CASE WHEN accepted_rev <> ?3 THEN accepted_rev"
	    "  WHEN confirmed_rev < ?3 THEN confirmed_rev ELSE 0 END,"
	    " confirmed_rev = CASE WHEN confirmed_rev = ?3 THEN 0"
	    "  ELSE confirmed_rev END, doubted = 0"
	    " WHERE kind = ?1 AND id = ?2",
	    diag);

	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	sql_int(statement, 3, (int64_t)rev);
	sql_text(statement, 4, why);
	return sql_run(state, statement, diag);
}

/* An older revision was refused late while a newer one is on its way. */
static enum status
mark_refused_late(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE outbox SET refused_rev = ?3, accepted_hash = NULL"
	    " WHERE kind = ?1 AND id = ?2",
	    diag);

	sql_int(statement, 1, kind);
	sql_text(statement, 2, id);
	sql_int(statement, 3, (int64_t)rev);
	return sql_run(state, statement, diag);
}

enum status
delivery_refused(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev, struct str why, struct diag *diag)
{
	enum status status;
	uint64_t intent = 0;
	int64_t batch = 0;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = flight_of(state, kind, id, &batch, &intent, diag);
	if (status == STATUS_OK && intent > rev)
		status = mark_refused_late(state, kind, id, rev, diag);
	else if (status == STATUS_OK) {
		status = mark_refused(state, kind, id, rev, why, diag);
		if (status == STATUS_OK && batch != 0)
			status = leave_batch(state, batch, id, why, diag);
	}
	return state_leave(state, own, status, diag);
}

/* So many rows a transaction looks at: others wait for its end. */
#define CONFIRM_AT_ONCE "2000"
#define CONFIRMABLE                                                            \
	" AND (kind, id) > (?3, ?4) AND (kind, id) <= (?5, ?6)"                \
	" AND accepted_at <= ?1 AND doubted = 0 AND NOT " OUTBOX_ALL_SEEN

/* The rows of a transaction: behind the first, up to the last one. */
struct span {
	int64_t kind, last_kind;
	struct buf id, last_id;
};

/* From the end of the span before, as far as a transaction may look. */
static enum status
move_on(struct state *state, struct span *span, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT kind, id FROM outbox WHERE accepted_rev > confirmed_rev"
	    " AND (kind, id) > (?1, ?2) ORDER BY kind, id"
	    " LIMIT 1 OFFSET " CONFIRM_AT_ONCE " - 1",
	    diag);
	enum status status;

	span->kind = span->last_kind;
	buf_clear(&span->id);
	buf_add_str(&span->id, buf_str(&span->last_id));
	buf_clear(&span->last_id);
	span->last_kind = DESIRED_KIND_COUNT;
	sql_int(statement, 1, span->kind);
	sql_text(statement, 2, buf_str(&span->id));
	if (sql_row(state, statement, &status, diag)) {
		span->last_kind = sql_get_int(statement, 0);
		buf_add_str(&span->last_id, sql_get_text(statement, 1));
	}
	sqlite3_reset(statement);
	return status;
}

static enum status
run_on(struct state *state, const char *sql, int64_t before,
    const struct span *span, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);

	sql_int(statement, 1, before);
	sql_time(statement, 2, instant_now());
	sql_int(statement, 3, span->kind);
	sql_text(statement, 4, buf_str(&span->id));
	sql_int(statement, 5, span->last_kind);
	sql_text(statement, 6, buf_str(&span->last_id));
	return sql_run(state, statement, diag);
}

static enum status
confirm_some(struct state *state, int64_t before, struct span *span,
    uint64_t *confirmed, struct diag *diag)
{
	static const char note[] = OUTBOX_NOTE_CONFIRMED(CONFIRMABLE);
	static const char confirm[] =
	    "UPDATE outbox SET confirmed_rev = accepted_rev"
	    " WHERE accepted_rev > confirmed_rev" CONFIRMABLE;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = move_on(state, span, diag);
	if (status == STATUS_OK)
		status = run_on(state, note, before, span, diag);
	if (status == STATUS_OK)
		status = run_on(state, confirm, before, span, diag);
	if (status == STATUS_OK)
		*confirmed += (uint64_t)state_changes(state);
	return state_leave(state, own, status, diag);
}

enum status
delivery_confirm(struct state *state, int64_t settle, uint64_t *confirmed,
    uint64_t *waiting, struct diag *diag)
{
	struct span span = { .last_kind = -1 };
	int64_t before = instant_now_ms() - settle;
	enum status status;

	*confirmed = *waiting = 0;
	do {
		status = confirm_some(state, before, &span, confirmed, diag);
	} while (status == STATUS_OK && span.last_kind < DESIRED_KIND_COUNT);
	buf_free(&span.id);
	buf_free(&span.last_id);
	return status == STATUS_OK ? delivery_unconfirmed(state, waiting, diag)
				   : status;
}

enum status
delivery_of_request(struct state *state, struct str request_id,
    int64_t *delivery, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT max(coalesce(begun, id)) FROM delivery"
	    " WHERE request_id IS NOT NULL AND request_id = ?1",
	    diag);
	enum status status;

	*delivery = 0;
	sql_text(statement, 1, request_id);
	if (sql_row(state, statement, &status, diag))
		*delivery = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
delivery_answered_by(struct state *state, instant at, int64_t *delivery,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT coalesce(begun, id) FROM delivery WHERE ended_at <= ?1"
	    " ORDER BY ended_at DESC, id DESC LIMIT 1",
	    diag);
	enum status status;

	*delivery = 0;
	sql_time(statement, 1, at);
	if (sql_row(state, statement, &status, diag))
		*delivery = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
delivery_unconfirmed(struct state *state, uint64_t *waiting, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT count(*) FROM outbox WHERE accepted_rev > confirmed_rev",
	    diag);
	enum status status;

	*waiting = 0;
	if (sql_row(state, statement, &status, diag))
		*waiting = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
delivery_find(struct state *state, struct str request_id,
    enum desired_kind kind, struct str id, uint64_t *rev, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT m.rev FROM delivery_record AS m JOIN delivery AS d"
	    "  ON d.id = m.delivery"
	    " WHERE m.id = ?3 AND d.kind = ?2 AND (d.request_id IS ?1"
	    "  OR (d.request_id IS NULL AND d.result = ?4 AND NOT EXISTS("
	    "   SELECT 1 FROM delivery"
	    "   WHERE request_id IS NOT NULL AND request_id = ?1)))"
	    " AND NOT EXISTS(SELECT 1 FROM delivery_record AS l"
	    "  JOIN delivery AS ld ON ld.id = l.delivery WHERE l.id = m.id"
	    "  AND l.delivery > d.id AND ld.kind = d.kind AND l.rev = m.rev)"
	    " ORDER BY m.delivery DESC LIMIT 1",
	    diag);
	enum status status;

	*rev = 0;
	sql_text(statement, 1, request_id);
	sql_int(statement, 2, kind);
	sql_text(statement, 3, id);
	sql_int(statement, 4, DELIVERY_ACCEPTED);
	if (sql_row(state, statement, &status, diag))
		*rev = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
delivery_lock(struct state *state, int *fd, struct diag *diag)
{
	struct buf name = BUF_INIT, safe = BUF_INIT;
	enum status status = STATUS_OK;
	int err;

	*fd = -1;
	if (state_is_temporary(state))
		return STATUS_OK;
	buf_add_text(&name, state_path(state));
	buf_add_text(&name, "-push");
	*fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	err = errno;
	if (*fd < 0)
		status = diag_errno(diag, STATUS_CANNOT_CREATE, err,
		    "cannot create '%s'",
		    text_escape(&safe, buf_str(&name), 200));
	else if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
		status = diag_set(diag, STATUS_TRY_AGAIN,
		    "another ometria-push is delivering from state '%s'",
		    text_escape(&safe, str_of(state_path(state)), 200));
		close(*fd);
		*fd = -1;
	}
	buf_free(&name);
	buf_free(&safe);
	return status;
}

void
delivery_unlock(int fd)
{
	if (fd >= 0)
		close(fd);
}
