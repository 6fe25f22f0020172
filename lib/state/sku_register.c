#include "state/sku_register.h"

const char sku_schema[] =
    "CREATE TABLE sku ("
    " material TEXT PRIMARY KEY,"
    " sku TEXT NOT NULL,"
    " seq TEXT NOT NULL," /* the lowest it was seen with; '~' = unknown */
    " loses INTEGER NOT NULL DEFAULT 0" /* another material keeps the SKU */
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX sku_by_sku ON sku (sku, seq, material);";

/* sku.mapped: the SKU is of the mapping file; sku.moved: it has changed, and
 * nobody took note yet. */
const char sku_schema_6[] =
    "ALTER TABLE sku ADD COLUMN mapped INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX sku_mapped ON sku (material) WHERE mapped > 0;";

const char sku_schema_7[] =
    "ALTER TABLE sku ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX sku_moved ON sku (material) WHERE moved > 0;";

/* Sorts behind every seq: digits come first. */
#define SEQ_UNKNOWN STR("~")

struct entry {
	struct str sku;
	struct str seq;
	bool loses, mapped;
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
	    "SELECT sku, seq, loses, mapped FROM sku WHERE material = ?1",
	    diag);

	*entry = (struct entry){ .found = false };
	sql_text(statement, 1, key);
	if (sql_row(state, statement, &status, diag)) {
		entry->sku = arena_str(arena, sql_get_text(statement, 0));
		entry->seq = arena_str(arena, sql_get_text(statement, 1));
		entry->loses = sql_get_int(statement, 2) != 0;
		entry->mapped = sql_get_int(statement, 3) != 0;
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
    bool mapped, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO sku (material, sku, seq, mapped)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (material) DO UPDATE SET"
	    " sku = excluded.sku, seq = min(seq, excluded.seq),"
	    " mapped = excluded.mapped,"
	    " moved = moved OR sku <> excluded.sku",
	    diag);

	sql_text(statement, 1, key);
	sql_text(statement, 2, sku);
	sql_text(statement, 3, seq);
	sql_int(statement, 4, mapped);
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
	    "UPDATE sku SET loses = (material <> ?2), moved = 1"
	    " WHERE sku = ?1 AND loses <> (material <> ?2)",
	    diag);
	sql_text(statement, 1, sku);
	sql_text(statement, 2, *owner);
	return sql_run(state, statement, diag);
}

/* A row under a SKU is new, or came from another one or to a lower seq. */
static enum status
settle_both(struct state *state, struct str old, struct str sku,
    struct arena *arena, struct sku_standing *standing, struct diag *diag)
{
	struct str owner;
	bool collides = false;
	enum status status = STATUS_OK;

	if (old.len > 0 && !str_eq(old, sku)) {
		status = settle(state, old, arena, &owner, &collides, diag);
		if (status == STATUS_OK && !collides)
			standing->freed = old;
	}
	return status == STATUS_OK ? settle(state, sku, arena, &standing->owner,
					 &standing->collides, diag)
				   : status;
}

/* Give a material its SKU, and find out who has it then. */
static enum status
give(struct state *state, struct str key, const struct entry *entry,
    struct str sku, struct str seq, bool mapped, struct arena *arena,
    struct sku_standing *standing, struct diag *diag)
{
	bool same = entry->found && str_eq(entry->sku, sku);
	bool news = !same || str_cmp(entry->seq, seq) > 0;
	enum status status = STATUS_OK;

	standing->asked = sku;
	if (entry->mapped && !same)
		standing->before = entry->sku;
	if (news || entry->mapped != mapped)
		status = save(state, key, sku, seq, mapped, diag);
	if (status != STATUS_OK)
		return status;
	if (news)
		status =
		    settle_both(state, entry->sku, sku, arena, standing, diag);
	else if (entry->loses)
		status = first_of(state, sku, arena, &standing->owner,
		    &standing->collides, diag);
	if (!standing->collides || str_eq(standing->owner, key))
		standing->sku = sku;
	return status;
}

enum status
sku_register_see(struct state *state, const struct sku_sight *sight,
    struct arena *arena, struct sku_standing *standing, struct diag *diag)
{
	struct str key = sku_register_key(sight->material);
	struct str seq = sight->seq.len > 0 ? sight->seq : SEQ_UNKNOWN;
	bool mapped = sight->source == SKU_BY_MAP;
	struct str sku = sight->sku;
	struct entry entry;
	enum status status;

	*standing = (struct sku_standing){ .sku = sku };
	if (key.len == 0 || sku.len == 0)
		return STATUS_OK;
	status = load(state, key, arena, &entry, diag);
	if (status != STATUS_OK)
		return status;
	if (entry.found && sight->source == SKU_GUESSED) {
		sku = entry.sku;
		mapped = entry.mapped;
	}
	standing->sku = STR_NONE;
	return give(state, key, &entry, sku, seq, mapped, arena, standing,
	    diag);
}

enum status
sku_register_map(struct state *state, struct str key, struct str sku,
    enum sku_source source, struct arena *arena, struct sku_standing *standing,
    struct diag *diag)
{
	struct entry entry;
	enum status status = load(state, key, arena, &entry, diag);

	*standing = (struct sku_standing){ .sku = STR_NONE };
	return status == STATUS_OK && entry.found
		   ? give(state, key, &entry, sku, entry.seq,
			 source == SKU_BY_MAP, arena, standing, diag)
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
sku_register_take_moved(struct state *state, struct arena *arena,
    struct str *key, struct str *sku, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE sku SET moved = 0 WHERE material = (SELECT material"
	    " FROM sku WHERE moved > 0 ORDER BY material LIMIT 1)"
	    " RETURNING material, CASE WHEN loses = 0 THEN sku END",
	    diag);
	enum status status;

	*key = *sku = STR_NONE;
	if (sql_row(state, statement, &status, diag)) {
		*key = arena_str(arena, sql_get_text(statement, 0));
		*sku = arena_str(arena, sql_get_text(statement, 1));
	}
	sqlite3_reset(statement);
	return status;
}
