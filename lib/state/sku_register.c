#include "state/sku_register.h"

#include "base/text.h"

const char sku_schema[] =
    "CREATE TABLE sku ("
    " material TEXT PRIMARY KEY,"
    " sku TEXT NOT NULL,"
    " seq TEXT NOT NULL," /* the lowest it was seen with; '~' = unknown */
    " loses INTEGER NOT NULL DEFAULT 0" /* another material keeps the SKU */
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX sku_by_sku ON sku (sku, seq, material);";

/* sku.mapped: the SKU is of the mapping file. */
const char sku_schema_6[] =
    "ALTER TABLE sku ADD COLUMN mapped INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX sku_mapped ON sku (material) WHERE mapped > 0;";

/* Sorts behind every seq: digits come first. */
#define SEQ_UNKNOWN STR("~")

struct entry {
	struct str sku;
	struct str seq;
	bool loses;
	bool found;
};

struct str
sku_register_key(struct str material)
{
	return str_alpha_out(str_trim(material));
}

static enum status
load(struct state *state, struct str key, struct arena *arena,
    struct entry *entry, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT sku, seq, loses FROM sku WHERE material = ?1", diag);

	*entry = (struct entry){ .found = false };
	sql_text(statement, 1, key);
	if (sql_row(state, statement, &status, diag)) {
		entry->sku = arena_str(arena, sql_get_text(statement, 0));
		entry->seq = arena_str(arena, sql_get_text(statement, 1));
		entry->loses = sql_get_int(statement, 2) != 0;
		entry->found = true;
	}
	sqlite3_reset(statement);
	return status;
}

enum status
sku_register_find(struct state *state, struct str material, struct arena *arena,
    struct str *sku, bool *found, struct diag *diag)
{
	struct entry entry;
	enum status status;

	status = load(state, sku_register_key(material), arena, &entry, diag);
	*found = entry.found;
	*sku = entry.loses ? STR_NONE : entry.sku;
	return status;
}

static enum status
save(struct state *state, struct str key, struct str sku, struct str seq,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO sku (material, sku, seq) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT (material) DO UPDATE SET"
	    " sku = excluded.sku, seq = min(seq, excluded.seq)",
	    diag);

	sql_text(statement, 1, key);
	sql_text(statement, 2, sku);
	sql_text(statement, 3, seq);
	return sql_run(state, statement, diag);
}

/* Who comes first under a SKU, and whether anybody else is there. */
static enum status
first_of(struct state *state, struct str sku, struct arena *arena,
    struct str *owner, bool *collides, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT material FROM sku WHERE sku = ?1"
	    " ORDER BY seq, material LIMIT 2",
	    diag);

	*owner = STR_NONE;
	*collides = false;
	sql_text(statement, 1, sku);
	if (sql_row(state, statement, &status, diag)) {
		*owner = arena_str(arena, sql_get_text(statement, 0));
		*collides = sql_row(state, statement, &status, diag);
	}
	sqlite3_reset(statement);
	return status;
}

/* Settle who keeps a SKU after a row under it came, went or became older. */
static enum status
settle(struct state *state, struct str sku, struct arena *arena,
    struct str *owner, bool *collides, struct diag *diag)
{
	enum status status = first_of(state, sku, arena, owner, collides, diag);
	sqlite3_stmt *statement;

	if (status != STATUS_OK)
		return status;
	statement = state_sql(state,
	    "UPDATE sku SET loses = (material <> ?2)"
	    " WHERE sku = ?1 AND loses <> (material <> ?2)",
	    diag);
	sql_text(statement, 1, sku);
	sql_text(statement, 2, *owner);
	return sql_run(state, statement, diag);
}

enum status
sku_register_see(struct state *state, struct str material, struct str sku,
    struct str seq, bool *collides, struct str *owner, struct arena *arena,
    struct diag *diag)
{
	struct str key = sku_register_key(material);
	struct entry entry;
	enum status status;
	bool ignored;

	*collides = false;
	*owner = STR_NONE;
	if (key.len == 0 || sku.len == 0)
		return STATUS_OK;
	if (seq.len == 0)
		seq = SEQ_UNKNOWN;
	status = load(state, key, arena, &entry, diag);
	if (status != STATUS_OK)
		return status;
	if (entry.found && str_eq(entry.sku, sku) && !entry.loses &&
	    str_cmp(entry.seq, seq) <= 0)
		return STATUS_OK;
	if (entry.found && str_eq(entry.sku, sku) &&
	    str_cmp(entry.seq, seq) <= 0)
		return first_of(state, sku, arena, owner, collides, diag);
	status = save(state, key, sku, seq, diag);
	if (status == STATUS_OK && entry.found && !str_eq(entry.sku, sku))
		status = settle(state, entry.sku, arena, owner, &ignored, diag);
	if (status == STATUS_OK)
		status = settle(state, sku, arena, owner, collides, diag);
	return status;
}

static enum status
set_mapped(struct state *state, struct str key, struct str sku, bool mapped,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE sku SET sku = ?2, mapped = ?3 WHERE material = ?1", diag);

	sql_text(statement, 1, key);
	sql_text(statement, 2, sku);
	sql_int(statement, 3, mapped);
	return sql_run(state, statement, diag);
}

/* From one SKU to another; the old one is freed when only one has it now. */
static enum status
move(struct state *state, struct str key, struct str old, struct str sku,
    bool mapped, struct arena *arena, struct str *freed, struct diag *diag)
{
	struct str owner;
	bool collides = false;
	enum status status = set_mapped(state, key, sku, mapped, diag);

	*freed = STR_NONE;
	if (status != STATUS_OK || str_eq(old, sku))
		return status;
	status = settle(state, old, arena, &owner, &collides, diag);
	if (status == STATUS_OK && !collides)
		*freed = old;
	return status == STATUS_OK
		   ? settle(state, sku, arena, &owner, &collides, diag)
		   : status;
}

static enum status
is_mapped(struct state *state, struct str key, bool *yes, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM sku WHERE material = ?1 AND mapped > 0", diag);
	enum status status;

	sql_text(statement, 1, key);
	*yes = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	return status;
}

enum status
sku_register_map(struct state *state, struct str key, struct str sku,
    struct arena *arena, struct str *before, struct str *freed,
    struct diag *diag)
{
	struct entry entry;
	bool mapped = false;
	enum status status = load(state, key, arena, &entry, diag);

	*before = *freed = STR_NONE;
	if (status != STATUS_OK || !entry.found)
		return status;
	status = is_mapped(state, key, &mapped, diag);
	if (status == STATUS_OK && mapped && !str_eq(entry.sku, sku))
		*before = entry.sku;
	return status == STATUS_OK
		   ? move(state, key, entry.sku, sku, true, arena, freed, diag)
		   : status;
}

enum status
sku_register_unmap(struct state *state, struct str key, struct str sku,
    struct arena *arena, struct str *freed, struct diag *diag)
{
	struct entry entry;
	enum status status = load(state, key, arena, &entry, diag);

	*freed = STR_NONE;
	return status == STATUS_OK && entry.found
		   ? move(state, key, entry.sku, sku, false, arena, freed, diag)
		   : status;
}

enum status
sku_register_next_mapped(struct state *state, struct str after,
    struct arena *arena, struct str *key, struct str *sku, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT material, sku FROM sku WHERE mapped > 0"
	    " AND material > coalesce(?1, '') ORDER BY material LIMIT 1",
	    diag);
	enum status status;

	*key = *sku = STR_NONE;
	sql_text(statement, 1, after);
	if (sql_row(state, statement, &status, diag)) {
		*key = arena_str(arena, sql_get_text(statement, 0));
		*sku = arena_str(arena, sql_get_text(statement, 1));
	}
	sqlite3_reset(statement);
	return status;
}

enum status
sku_register_mapping(struct state *state, struct hash mapping, bool applied,
    bool *same, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT 1 FROM meta WHERE key = 'sku-mapping' AND value = ?1",
	    diag);
	enum status status;

	sql_hash(statement, 1, mapping);
	*same = sql_row(state, statement, &status, diag);
	sqlite3_reset(statement);
	if (status != STATUS_OK || *same || !applied)
		return status;
	statement = state_sql(state,
	    "INSERT OR REPLACE INTO meta (key, value)"
	    " VALUES ('sku-mapping', ?1)",
	    diag);
	sql_hash(statement, 1, mapping);
	return sql_run(state, statement, diag);
}

struct exception
sku_register_collision(struct str material, struct str sku, struct str owner,
    const struct record_src *src, struct arena *arena)
{
	struct exception exception = {
		.code = "sku-collision",
		.subject = "sku",
		.id = arena_str(arena, sku),
		.src = *src,
	};
	struct buf message = BUF_INIT, escaped = BUF_INIT;

	buf_add_text(&message, "two materials give one SKU: '");
	buf_add_text(&message, text_escape(&escaped, owner, 60));
	buf_add_text(&message, "' keeps it, seen with '");
	buf_add_text(&message, text_escape(&escaped, material, 60));
	buf_add_char(&message, '\'');
	exception.message = arena_str(arena, buf_str(&message));
	buf_free(&message);
	buf_free(&escaped);
	return exception;
}
