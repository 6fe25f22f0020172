#include "store.h"

struct store {
	sqlite3 *db;
	uint64_t version; /* of the records */
	sqlite3_stmt *statements[STORE_STATEMENT_COUNT];
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS journal(seq INTEGER PRIMARY KEY, time TEXT, "
    "method TEXT, path TEXT, key TEXT, status INTEGER, request_id TEXT, "
    "type TEXT, count INTEGER, ids TEXT, hash TEXT, ms INTEGER);"
    "CREATE TABLE IF NOT EXISTS history(seq INTEGER PRIMARY KEY, "
    "request INTEGER, type TEXT, id TEXT, body TEXT);"
    "CREATE TABLE IF NOT EXISTS queue(seq INTEGER PRIMARY KEY, due INTEGER);"
    "CREATE TABLE IF NOT EXISTS record(n INTEGER PRIMARY KEY AUTOINCREMENT, "
    "type TEXT, collection TEXT, id TEXT, body TEXT, created INTEGER, "
    "updated INTEGER, touch INTEGER, at INTEGER, customer_id TEXT, "
    "email TEXT COLLATE NOCASE, active INTEGER, variant INTEGER, "
    "forced INTEGER, profile INTEGER, UNIQUE (type, collection, id));"
    "CREATE INDEX IF NOT EXISTS record_type ON record(type);"
    "CREATE INDEX IF NOT EXISTS record_touch ON record(type, touch);"
    "CREATE INDEX IF NOT EXISTS record_profile ON record(profile);"
    "CREATE TABLE IF NOT EXISTS profile(n INTEGER PRIMARY KEY AUTOINCREMENT, "
    "customer_id TEXT, email TEXT COLLATE NOCASE, "
    "erased INTEGER NOT NULL DEFAULT 0, merged INTEGER);"
    "CREATE INDEX IF NOT EXISTS profile_customer ON profile(customer_id);"
    "CREATE INDEX IF NOT EXISTS profile_email ON profile(email);"
    "CREATE TABLE IF NOT EXISTS custom_field(id TEXT PRIMARY KEY, "
    "body TEXT);"
    "CREATE TABLE IF NOT EXISTS list_member(list TEXT, collection TEXT, "
    "id TEXT, PRIMARY KEY (list, collection, id));"
    "CREATE TABLE IF NOT EXISTS list_change(seq INTEGER PRIMARY KEY, "
    "list TEXT, collection TEXT, id TEXT, change TEXT, time INTEGER);"
    "CREATE TABLE IF NOT EXISTS price(product TEXT, store TEXT, price REAL, "
    "due INTEGER, PRIMARY KEY (product, store));"
    "CREATE TABLE IF NOT EXISTS error(seq INTEGER PRIMARY KEY, "
    "request INTEGER, request_id TEXT, record_type TEXT, record_id TEXT, "
    "record TEXT, time INTEGER, message TEXT, path TEXT);"
    "CREATE TABLE IF NOT EXISTS job(n INTEGER PRIMARY KEY, id TEXT, "
    "kind INTEGER, request TEXT, created INTEGER, due INTEGER, "
    "completed INTEGER, failed INTEGER, message TEXT);"
    "CREATE INDEX IF NOT EXISTS job_due ON job(due) "
    "WHERE completed IS NULL;"
    "CREATE TABLE IF NOT EXISTS erased(job INTEGER, "
    "email TEXT COLLATE NOCASE, hashed TEXT);"
    "CREATE INDEX IF NOT EXISTS erased_hashed ON erased(hashed);"
    "CREATE TABLE IF NOT EXISTS lost(type TEXT, id TEXT, "
    "PRIMARY KEY (type, id));"
    "CREATE TABLE IF NOT EXISTS campaign(name TEXT PRIMARY KEY, kind TEXT, "
    "rule TEXT);"
    "CREATE TABLE IF NOT EXISTS entry(seq INTEGER PRIMARY KEY, "
    "profile INTEGER, campaign TEXT, kind TEXT, key TEXT, time INTEGER, "
    "send INTEGER, outcome TEXT, reason TEXT);"
    "CREATE INDEX IF NOT EXISTS entry_time ON entry(campaign, time);"
    "CREATE INDEX IF NOT EXISTS entry_send ON entry(outcome, send);"
    "CREATE TABLE IF NOT EXISTS session(id TEXT PRIMARY KEY, "
    "customer_id TEXT, email TEXT COLLATE NOCASE, items TEXT, store TEXT, "
    "bought INTEGER, last INTEGER, closed INTEGER);"
    "CREATE TABLE IF NOT EXISTS warning(seq INTEGER PRIMARY KEY, "
    "request INTEGER, code TEXT, type TEXT, id TEXT, detail TEXT);";

/* Filters: NULL, or for ranges INT64_MIN and INT64_MAX, lets all pass. */
#define STORE_RECORDS                                                          \
	"SELECT collection, body, touch, n FROM record WHERE type = ?1 "       \
	"AND (?2 IS NULL OR collection = ?2) "                                 \
	"AND (?3 IS NULL OR customer_id = ?3) "                                \
	"AND (?4 IS NULL OR email = ?4) "                                      \
	"AND updated >= ?5 AND updated < ?6 "                                  \
	"AND created >= ?7 AND created < ?8 "                                  \
	"AND at >= ?9 AND at < ?10 "                                           \
	"AND (?11 IS NULL OR active = ?11) "                                   \
	"AND (?12 IS NULL OR variant = ?12) "

#define STORE_JOBS                                                             \
	"SELECT n, id, request, "                                              \
	"strftime('%Y-%m-%d %H:%M:%S.000000+00', created, 'unixepoch'), "      \
	"strftime('%Y-%m-%d %H:%M:%S.000000+00', completed, 'unixepoch'), "    \
	"failed, message FROM job "

#define STORE_CAMPAIGNS(kind)                                                  \
	"SELECT name, coalesce(json_extract(rule, '$.marketing'), 1), "        \
	"coalesce(json_extract(rule, '$." kind ".wait'), 0), "                 \
	"coalesce(json_extract(rule, '$." kind ".send'), 0) "                  \
	"FROM campaign WHERE kind = '" kind "' "
#define STORE_CONDITION(rule, key)                                             \
	"AND (json_extract(rule, '$.order." rule "') IS NULL "                 \
	"OR json_extract(rule, '$.order." rule "') IS "                        \
	"json_extract(body, '$." key "')) "

/* What a product (?1) costs now (?2), by store, and until when at most. */
#define STORE_PRICES                                                           \
	"SELECT product, store, CASE WHEN special IS NOT NULL AND "            \
	"coalesce(first <= ?2, 1) AND coalesce(?2 < last, 1) THEN special "    \
	"ELSE price END AS price, CASE WHEN ?2 < first THEN first "            \
	"WHEN ?2 < last THEN last END AS due FROM (SELECT p.id AS product, "   \
	"coalesce(l.value ->> 'store', '') AS store, "                         \
	"coalesce(l.value ->> 'price', p.body ->> 'price') AS price, "         \
	"coalesce(l.value ->> 'special_price', "                               \
	"p.body ->> 'special_price') AS special, "                             \
	"CAST(strftime('%s', p.body ->> 'special_price_dt_from') "             \
	"AS INTEGER) AS first, "                                               \
	"CAST(strftime('%s', p.body ->> 'special_price_dt_to') "               \
	"AS INTEGER) AS last FROM record p "                                   \
	"LEFT JOIN json_each(p.body, '$.listings') l "                         \
	"WHERE p.type = 'product' AND p.collection = '' AND p.id = ?1) "

static const char *const statement_texts[] = {
#define X(name, text) [STORE_##name] = (text),
#include "statements.inc"
#undef X
};

static _Noreturn void
broken(sqlite3 *db)
{
	fprintf(stderr, "ometria-sandbox: database: %s\n", sqlite3_errmsg(db));
	exit(STATUS_BUG);
}

static void
count_change(void *store, int what, const char *database, const char *table,
    sqlite3_int64 row)
{
	(void)what;
	(void)database;
	(void)row;
	if (strcmp(table, "record") == 0)
		((struct store *)store)->version++;
}

/* The statements can be prepared only when the tables are there. */
static enum status
prepare(struct store *store, const char *path, bool create, struct diag *diag)
{
	if (sqlite3_busy_timeout(store->db, 10000) != SQLITE_OK ||
	    (create &&
		sqlite3_exec(store->db,
		    "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; "
		    "PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE;",
		    NULL, NULL, NULL) != SQLITE_OK) ||
	    (create && sqlite3_exec(store->db, schema, NULL, NULL, NULL) !=
			   SQLITE_OK) ||
	    (create && sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) !=
			   SQLITE_OK))
		return diag_set(diag, STATUS_CANNOT_CREATE,
		    "cannot use database '%s': %s", path,
		    sqlite3_errmsg(store->db));
	for (size_t i = 0; i < STORE_STATEMENT_COUNT; i++)
		if (sqlite3_prepare_v3(store->db, statement_texts[i], -1,
			SQLITE_PREPARE_PERSISTENT, &store->statements[i],
			NULL) != SQLITE_OK)
			return diag_set(diag, STATUS_DATA,
			    "'%s' is not a database of the sandbox: %s", path,
			    sqlite3_errmsg(store->db));
	return STATUS_OK;
}

enum status
store_open(struct store **store, const char *path, bool create,
    struct diag *diag)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	struct store *made = mem_zero(1, sizeof(*made));
	enum status status;

	*store = NULL;
	if (create)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &made->db, flags, NULL) != SQLITE_OK) {
		status = diag_set(diag,
		    create ? STATUS_CANNOT_CREATE : STATUS_NO_INPUT,
		    "cannot open '%s': %s", path, sqlite3_errmsg(made->db));
		goto out;
	}
	status = prepare(made, path, create, diag);
	if (status == STATUS_OK) {
		sqlite3_update_hook(made->db, count_change, made);
		*store = made;
		return STATUS_OK;
	}
out:
	store_close(made);
	return status;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	for (size_t i = 0; i < STORE_STATEMENT_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	free(store);
}

sqlite3_stmt *
store_get(struct store *store, enum store_statement which)
{
	sqlite3_stmt *statement = store->statements[which];

	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return statement;
}

bool
store_step(sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);

	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		broken(sqlite3_db_handle(statement));
	sqlite3_reset(statement);
	return false;
}

void
store_run(sqlite3_stmt *statement)
{
	(void)store_step(statement);
	sqlite3_reset(statement);
}

uint64_t
store_version(const struct store *store)
{
	return store->version;
}

int64_t
store_last_id(struct store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

void
bind_str(sqlite3_stmt *statement, int at, struct str text)
{
	sqlite3_bind_text64(statement, at, text.data != NULL ? text.data : "",
	    text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
bind_str_or_null(sqlite3_stmt *statement, int at, struct str text)
{
	if (text.len > 0)
		bind_str(statement, at, text);
}

void
bind_int(sqlite3_stmt *statement, int at, int64_t value)
{
	sqlite3_bind_int64(statement, at, value);
}

struct str
column_str(sqlite3_stmt *statement, int at)
{
	const void *text = sqlite3_column_text(statement, at);

	return (
	    struct str){ text, (size_t)sqlite3_column_bytes(statement, at) };
}

void
store_warn(struct store *store, int64_t request, const char *code,
    struct str type, struct str id, struct str detail)
{
	sqlite3_stmt *add = store_get(store, STORE_WARNING_ADD);

	bind_int(add, 1, request);
	bind_str(add, 2, str_of(code));
	bind_str(add, 3, type);
	bind_str(add, 4, id);
	bind_str(add, 5, detail);
	store_run(add);
}
