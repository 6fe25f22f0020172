#include "state/ledger.h"
#include "state/retain.h"
#include "state/schema.h"
#include "state/state_private.h"

#include "base/instant.h"

const char ledger_schema[] =
    "CREATE TABLE file("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE," /* where it is now */
    " was TEXT," /* its name before it was moved */
    " first_at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE idoc("
    " id INTEGER PRIMARY KEY,"
    " sys TEXT NOT NULL,"
    " client TEXT NOT NULL,"
    " docnum TEXT NOT NULL,"
    " mestyp TEXT,"
    " idoctyp TEXT,"
    " file INTEGER REFERENCES file(id),"
    " n INTEGER NOT NULL DEFAULT 0,"
    " seq TEXT,"
    " hash BLOB," /* NULL until idoc-parse has seen it */
    " broken INTEGER NOT NULL DEFAULT 0,"
    " total INTEGER," /* NULL until it ended */
    " done INTEGER NOT NULL DEFAULT 0," /* 1..done have an outcome */
    " settled INTEGER NOT NULL DEFAULT 0," /* done has reached total */
    " sights INTEGER NOT NULL DEFAULT 0," /* times idoc-parse read it */
    " first_at INTEGER NOT NULL,"
    " last_at INTEGER NOT NULL,"
    " UNIQUE(sys, client, docnum)) STRICT;"
    "CREATE INDEX idoc_file ON idoc(file, settled);"
    "CREATE INDEX idoc_open ON idoc(last_at) WHERE settled = 0;"
    "CREATE TABLE idoc_record("
    " idoc INTEGER NOT NULL REFERENCES idoc(id),"
    " r INTEGER NOT NULL,"
    " outcome INTEGER NOT NULL," /* enum outcome */
    " rule TEXT,"
    " PRIMARY KEY(idoc, r)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX idoc_record_excepted ON idoc_record(idoc)"
    " WHERE outcome = 3;";

const char ledger_schema_7[] =
    /* The status that SAP was told last (audit/sapstatus.h). */
    "ALTER TABLE idoc ADD COLUMN reported INTEGER;";

const char ledger_schema_8[] =
    /* It was read as history: how old it was then says nothing. */
    "ALTER TABLE idoc ADD COLUMN backfill INTEGER NOT NULL DEFAULT 0;";

_Static_assert(OUTCOME_EXCEPTED == 3, "idoc_record_excepted");

/* A row of the ledger, as far as decisions need it. */
struct entry {
	int64_t id; /* 0 = there is none */
	int64_t total; /* 0 = not known */
	int64_t done, sights;
	bool settled, broken, hashed;
	struct hash hash;
};

static void
bind_key(sqlite3_stmt *statement, const struct record_src *src)
{
	sql_text(statement, 1, src->sys);
	sql_text(statement, 2, src->client);
	sql_text(statement, 3, src->docnum);
}

static enum status
find(struct state *state, const struct record_src *src, struct entry *entry,
    struct diag *diag)
{
	enum status status = ledger_save(state, diag);
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT id, done, settled, sights, broken, hash, total FROM idoc"
	    " WHERE sys = coalesce(?1, '') AND client = coalesce(?2, '')"
	    " AND docnum = coalesce(?3, '')",
	    diag);

	*entry = (struct entry){ .id = 0 };
	if (status != STATUS_OK)
		return status;
	bind_key(statement, src);
	if (!sql_row(state, statement, &status, diag))
		return status;
	entry->id = sql_get_int(statement, 0);
	entry->done = sql_get_int(statement, 1);
	entry->settled = sql_get_int(statement, 2) != 0;
	entry->sights = sql_get_int(statement, 3);
	entry->broken = sql_get_int(statement, 4) != 0;
	entry->hashed = sql_get_hash(statement, 5, &entry->hash);
	entry->total = sql_get_int(statement, 6);
	sqlite3_reset(statement);
	return STATUS_OK;
}

/* The row of a file name, made when it is new; 0 for no name. */
static enum status
file_id(struct state *state, struct str name, int64_t *id, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	*id = 0;
	if (name.len == 0)
		return STATUS_OK;
	statement =
	    state_sql(state, "SELECT id FROM file WHERE name = ?1", diag);
	sql_text(statement, 1, name);
	if (sql_row(state, statement, &status, diag)) {
		*id = sql_get_int(statement, 0);
		sqlite3_reset(statement);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "INSERT INTO file(name, first_at) VALUES(?1, ?2) RETURNING id",
	    diag);
	sql_text(statement, 1, name);
	sql_time(statement, 2, instant_now());
	if (sql_row(state, statement, &status, diag))
		*id = sql_get_int(statement, 0);
	return status == STATUS_OK ? sql_run(state, statement, diag) : status;
}

static void
bind_nonzero(sqlite3_stmt *statement, int index, int64_t value)
{
	if (value != 0)
		sql_int(statement, index, value);
}

/* A new row: of the entry its total, done and hash; sets its id. */
static enum status
insert(struct state *state, const struct record_src *src, struct entry *entry,
    struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	int64_t file;

	status = file_id(state, src->file, &file, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "INSERT INTO idoc(sys, client, docnum, mestyp, idoctyp, file, n,"
	    " first_at, last_at, total, done, hash, backfill)"
	    " VALUES(coalesce(?1, ''), coalesce(?2, ''), coalesce(?3, ''), ?4,"
	    " ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11, ?12)",
	    diag);
	bind_key(statement, src);
	sql_text(statement, 4, src->mestyp);
	sql_text(statement, 5, src->idoctyp);
	bind_nonzero(statement, 6, file);
	sql_int(statement, 7, (int64_t)src->n);
	sql_time(statement, 8, instant_now());
	bind_nonzero(statement, 9, entry->total);
	sql_int(statement, 10, entry->done);
	if (entry->hashed)
		sql_hash(statement, 11, entry->hash);
	sql_int(statement, 12, src->backfill);
	status = sql_run(state, statement, diag);
	entry->id = state_last_id(state);
	return status;
}

static enum status
has_excepted(struct state *state, int64_t id, bool *yes, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM idoc_record WHERE idoc = ?1 AND outcome = 3 LIMIT 1",
	    diag);
	enum status status;

	sql_int(statement, 1, id);
	*yes = sql_row(state, statement, &status, diag);
	if (*yes)
		sqlite3_reset(statement);
	return status;
}

static enum status
judge(struct state *state, const struct ledger_idoc *idoc,
    const struct entry *entry, enum ledger_verdict *verdict, struct diag *diag)
{
	enum status status = STATUS_OK;
	bool excepted;

	if (idoc->anew && !entry->settled)
		*verdict = LEDGER_RETRY;
	else if (entry->hashed && idoc->broken && !entry->broken)
		*verdict = LEDGER_DUPLICATE;
	else if (entry->hashed && entry->broken && !idoc->broken)
		*verdict = LEDGER_RETRY;
	else if (entry->hashed && !hash_equal(entry->hash, idoc->hash))
		*verdict = idoc->broken ? LEDGER_RETRY : LEDGER_REUSED;
	else if (entry->settled) {
		status = has_excepted(state, entry->id, &excepted, diag);
		*verdict = excepted ? LEDGER_RETRY : LEDGER_DUPLICATE;
	} else
		*verdict = entry->sights == 0 ? LEDGER_NEW : LEDGER_OPEN;
	return status;
}

/* Count the sight; what is not processed again stays as it is. */
static enum status
count_sight(struct state *state, int64_t id, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE idoc SET sights = sights + 1, last_at = ?2 WHERE id = ?1",
	    diag);

	sql_int(statement, 1, id);
	sql_time(statement, 2, instant_now());
	return sql_run(state, statement, diag);
}

static enum status
refresh(struct state *state, const struct ledger_idoc *idoc, int64_t id,
    struct diag *diag)
{
	const struct record_src *src = &idoc->src;
	sqlite3_stmt *statement;
	enum status status;
	int64_t file;

	status = file_id(state, src->file, &file, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE idoc SET mestyp = ?2, idoctyp = ?3, file = ?4, n = ?5,"
	    " seq = ?6, hash = ?7, broken = ?8, given = ?9, backfill = ?10"
	    " WHERE id = ?1",
	    diag);
	sql_int(statement, 1, id);
	sql_text(statement, 2, src->mestyp);
	sql_text(statement, 3, src->idoctyp);
	bind_nonzero(statement, 4, file);
	sql_int(statement, 5, (int64_t)src->n);
	sql_text(statement, 6, idoc->seq);
	sql_hash(statement, 7, idoc->hash);
	sql_int(statement, 8, idoc->broken);
	bind_nonzero(statement, 9, idoc->run);
	sql_int(statement, 10, src->backfill);
	return sql_run(state, statement, diag);
}

/* Forget the outcomes: the IDoc is processed as if it were new. */
static enum status
reopen(struct state *state, int64_t id, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "DELETE FROM idoc_record WHERE idoc = ?1", diag);
	enum status status;

	sql_int(statement, 1, id);
	status = sql_run(state, statement, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE idoc SET total = NULL, done = 0, settled = 0,"
	    " reported = CASE reported WHEN 17 THEN 17 END WHERE id = ?1",
	    diag);
	sql_int(statement, 1, id);
	return sql_run(state, statement, diag);
}

enum status
ledger_see(struct state *state, const struct ledger_idoc *idoc,
    enum ledger_verdict *verdict, int64_t *id, struct diag *diag)
{
	struct entry entry;
	enum status status = find(state, &idoc->src, &entry, diag);
	bool known = false;

	if (status == STATUS_OK && entry.id == 0)
		status =
		    retain_knows(state, &idoc->src, idoc->hash, &known, diag);
	*verdict = known ? LEDGER_DUPLICATE : LEDGER_NEW;
	if (status == STATUS_OK && known)
		return retain_sight(state, idoc->src.mestyp, diag);
	if (status == STATUS_OK && entry.id == 0)
		status = insert(state, &idoc->src, &entry, diag);
	else if (status == STATUS_OK)
		status = judge(state, idoc, &entry, verdict, diag);
	*id = entry.id;
	if (status == STATUS_OK)
		status = count_sight(state, *id, diag);
	if (status != STATUS_OK || *verdict == LEDGER_DUPLICATE)
		return status;
	if (*verdict == LEDGER_RETRY || *verdict == LEDGER_REUSED)
		status = reopen(state, *id, diag);
	return status == STATUS_OK ? refresh(state, idoc, *id, diag) : status;
}

enum status
ledger_total(struct state *state, int64_t id, uint64_t total, struct diag *diag)
{
	enum status status = ledger_save(state, diag);
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE idoc SET total = ?2, settled = done >= ?2 WHERE id = ?1",
	    diag);

	if (status != STATUS_OK)
		return status;
	sql_int(statement, 1, id);
	sql_int(statement, 2, (int64_t)total);
	return sql_run(state, statement, diag);
}

static enum status
reach(struct state *state, int64_t id, int64_t done, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE idoc SET done = ?2,"
	    " settled = total IS NOT NULL AND ?2 >= total WHERE id = ?1",
	    diag);

	sql_int(statement, 1, id);
	sql_int(statement, 2, done);
	return sql_run(state, statement, diag);
}

/*
 * Records settle in any order: `done` moves over all outcomes that follow it
 * without a gap, so an IDoc is settled by its records, never by a count.
 */
static enum status
advance(struct state *state, const struct ledger_hand *hand, struct diag *diag)
{
	int64_t reached = hand->done;
	sqlite3_stmt *statement;
	enum status status;

	if (reached == hand->total)
		return reach(state, hand->id, reached, diag);
	statement = state_sql(state,
	    "SELECT r FROM idoc_record WHERE idoc = ?1 AND r > ?2 ORDER BY r",
	    diag);
	sql_int(statement, 1, hand->id);
	sql_int(statement, 2, reached);
	while (sql_row(state, statement, &status, diag)) {
		if (sql_get_int(statement, 0) != reached + 1) {
			sqlite3_reset(statement);
			break;
		}
		reached++;
	}
	return status == STATUS_OK ? reach(state, hand->id, reached, diag)
				   : status;
}

enum status
ledger_save(struct state *state, struct diag *diag)
{
	struct ledger_hand hand = state->hand;

	state->hand.id = 0;
	return hand.id != 0 && hand.moved ? advance(state, &hand, diag)
					  : STATUS_OK;
}

/* A text that ends where the next begins: none of them holds a NUL. */
static void
add_key(struct buf *key, struct str text)
{
	buf_add_str(key, text);
	buf_add_char(key, '\0');
}

static bool
in_hand(const struct ledger_hand *hand, const struct record_src *src)
{
	const struct str parts[] = { src->sys, src->client, src->docnum };
	size_t at = 0;

	if (hand->id == 0 ||
	    hand->key.len != parts[0].len + parts[1].len + parts[2].len + 3)
		return false;
	for (size_t i = 0; i < 3; at += parts[i++].len + 1)
		if (!str_eq(buf_part(&hand->key, at, parts[i].len), parts[i]) ||
		    hand->key.data[at + parts[i].len] != '\0')
			return false;
	return true;
}

/* Take the IDoc of a record in hand; made when it is new, by its record r. */
static enum status
take(struct state *state, const struct record_src *src, uint64_t r,
    struct diag *diag)
{
	struct ledger_hand *hand = &state->hand;
	struct entry entry;
	enum status status = find(state, src, &entry, diag);

	if (status == STATUS_OK && entry.id == 0) {
		entry.done = r == 1;
		status = insert(state, src, &entry, diag);
	}
	if (status != STATUS_OK)
		return status;
	hand->id = entry.id;
	hand->total = entry.total;
	hand->done = entry.done;
	hand->moved = false;
	buf_clear(&hand->key);
	add_key(&hand->key, src->sys);
	add_key(&hand->key, src->client);
	add_key(&hand->key, src->docnum);
	return STATUS_OK;
}

enum status
ledger_settle(struct state *state, const struct record_src *src,
    enum outcome outcome, const char *rule, struct diag *diag)
{
	uint64_t r = src->r == 0 ? 1 : src->r;
	struct ledger_hand *hand = &state->hand;
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	if (src->docnum.len == 0)
		return STATUS_OK;
	if (!in_hand(hand, src))
		status = take(state, src, r, diag);
	if (status != STATUS_OK)
		return status;
	trace_idoc(state, src->docnum, hand->id);
	statement = state_sql(state,
	    "INSERT INTO idoc_record(idoc, r, outcome, rule)"
	    " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(idoc, r) DO UPDATE"
	    " SET outcome = excluded.outcome, rule = excluded.rule"
	    " WHERE outcome = 3",
	    diag);
	sql_int(statement, 1, hand->id);
	sql_int(statement, 2, (int64_t)r);
	sql_int(statement, 3, outcome);
	sql_text(statement, 4, str_of(rule));
	if ((int64_t)r == hand->done + 1) {
		hand->done++;
		hand->moved = true;
	}
	return sql_run(state, statement, diag);
}

enum status
ledger_remark(struct state *state, const struct record_src *src,
    const char *rule, struct diag *diag)
{
	struct entry entry;
	enum status status = find(state, src, &entry, diag);
	sqlite3_stmt *statement;

	if (status != STATUS_OK || entry.id == 0)
		return status;
	statement = state_sql(state,
	    "UPDATE idoc_record SET rule = ?3 WHERE idoc = ?1 AND r = ?2"
	    " AND outcome = 0",
	    diag);
	sql_int(statement, 1, entry.id);
	sql_int(statement, 2, src->r == 0 ? 1 : (int64_t)src->r);
	sql_text(statement, 3, str_of(rule));
	return sql_run(state, statement, diag);
}

/* A record made outside SAP is an IDoc of one record: total is known. */
static enum status
register_line(struct state *state, const struct record_src *src,
    struct hash hash, bool *duplicate, struct diag *diag)
{
	struct entry entry;
	enum status status = find(state, src, &entry, diag);
	bool excepted = false;

	*duplicate = false;
	if (status == STATUS_OK && entry.id == 0)
		status = retain_knows(state, src, hash, duplicate, diag);
	if (status != STATUS_OK || *duplicate)
		return status;
	if (entry.id == 0) {
		entry.total = 1;
		entry.hash = hash;
		entry.hashed = true;
		return insert(state, src, &entry, diag);
	}
	if (!entry.settled)
		return STATUS_OK;
	status = has_excepted(state, entry.id, &excepted, diag);
	*duplicate = !excepted;
	if (status == STATUS_OK && excepted)
		status = reopen(state, entry.id, diag);
	return status == STATUS_OK && excepted
		   ? ledger_total(state, entry.id, 1, diag)
		   : status;
}

enum status
ledger_adopt(struct state *state, const struct record *record,
    struct arena *arena, struct record_src *src, bool *duplicate,
    struct diag *diag)
{
	struct hash hash;
	char hex[HASH_HEX];

	*duplicate = false;
	*src = record->src;
	if (src->docnum.len > 0)
		return STATUS_OK;
	hash = hash_of(record->line);
	hash_hex(hash, hex);
	src->sys = STR("shop");
	src->client = STR_NONE;
	src->docnum = arena_format(arena, "#%.16s", hex);
	if (src->mestyp.len == 0)
		src->mestyp = str_of(record_type_name(record->type));
	src->r = 1;
	return register_line(state, src, hash, duplicate, diag);
}
