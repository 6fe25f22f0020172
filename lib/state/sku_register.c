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

/* sku.long: the key of the long number of a material that stands under its
 * MATNR; sku.moved: 1 for who keeps stock, 2 for who keeps orders. */
const char sku_schema_8[] =
    "ALTER TABLE sku ADD COLUMN long TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sku ADD COLUMN long_seq TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX sku_by_long ON sku (long, seq, material) WHERE long <> '';"
    "CREATE TABLE sku_joined(" /* what stood under its long number alone */
    " number TEXT PRIMARY KEY,"
    " material TEXT NOT NULL) STRICT, WITHOUT ROWID;";

/* Sorts behind every seq: digits come first. */
#define SEQ_UNKNOWN STR("~")

struct entry {
	struct str sku;
	struct str seq;
	struct str number, number_seq; /* the long one, and who said it last */
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
	    "SELECT sku, seq, loses, mapped, long, long_seq FROM sku"
	    " WHERE material = ?1",
	    diag);

	*entry = (struct entry){ .found = false };
	sql_text(statement, 1, key);
	if (sql_row(state, statement, &status, diag)) {
		entry->sku = sql_copy(statement, 0, arena);
		entry->seq = sql_copy(statement, 1, arena);
		entry->loses = sql_get_int(statement, 2) != 0;
		entry->mapped = sql_get_int(statement, 3) != 0;
		entry->number = sql_copy(statement, 4, arena);
		entry->number_seq = sql_copy(statement, 5, arena);
		entry->found = true;
	}
	sqlite3_reset(statement);
	return status;
}

/* The row of a key, else of the material whose long number it is. */
static enum status
load_item(struct state *state, struct str *item, struct arena *arena,
    struct entry *entry, struct diag *diag)
{
	sqlite3_stmt *statement;
	bool known = false;
	enum status status = load(state, *item, arena, entry, diag);

	if (status != STATUS_OK || entry->found)
		return status;
	statement = state_sql(state,
	    "SELECT material FROM sku WHERE long = ?1 AND long <> ''"
	    " ORDER BY seq, material LIMIT 1",
	    diag);
	sql_text(statement, 1, *item);
	known = sql_row(state, statement, &status, diag);
	if (known)
		*item = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return known ? load(state, *item, arena, entry, diag) : status;
}

enum status
sku_register_item(struct state *state, struct str material, struct arena *arena,
    struct str *item, struct diag *diag)
{
	struct entry entry;

	*item = sku_register_key(material);
	return load_item(state, item, arena, &entry, diag);
}

enum status
sku_register_find(struct state *state, struct str material, struct arena *arena,
    struct str *sku, bool *found, struct diag *diag)
{
	struct str item = sku_register_key(material);
	struct entry entry;
	enum status status = load_item(state, &item, arena, &entry, diag);

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
	    " moved = CASE WHEN sku <> excluded.sku THEN 3 ELSE moved END",
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
		*owner = sql_copy(statement, 0, arena);
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
	    "UPDATE sku SET loses = (material <> ?2), moved = 3"
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
    struct str sku, struct str seq, bool mapped, bool renumbered,
    struct arena *arena, struct sku_standing *standing, struct diag *diag)
{
	bool same = entry->found && str_eq(entry->sku, sku);
	bool news = !same || str_cmp(entry->seq, seq) > 0;
	enum status status = STATUS_OK;

	standing->asked = sku;
	standing->item = key;
	if ((entry->mapped || renumbered) && !same)
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

/* --- numbers of 40 characters --- */

/*
 * What stood under the long number alone stands under the MATNR from now on;
 * *seq becomes the lower of the two.
 */
static enum status
join(struct state *state, struct str key, struct str number, struct str *seq,
    struct arena *arena, struct sku_standing *standing, struct diag *diag)
{
	static const char *const steps[] = {
		"DELETE FROM sku WHERE material = ?2",
		"UPDATE OR IGNORE sku_ean SET material = ?1 WHERE material = ?2",
		"DELETE FROM sku_ean WHERE material = ?2",
		"INSERT OR REPLACE INTO sku_joined VALUES (?2, ?1)",
	};
	struct entry alone;
	struct str owner;
	bool collides;
	enum status status = load(state, number, arena, &alone, diag);

	if (status != STATUS_OK || !alone.found || alone.number.len > 0)
		return status;
	status = sql_run_steps(state, steps, sizeof(steps) / sizeof(steps[0]),
	    key, number, diag);
	if (status == STATUS_OK)
		status =
		    settle(state, alone.sku, arena, &owner, &collides, diag);
	if (status == STATUS_OK && !collides)
		standing->freed = alone.sku;
	if (str_cmp(alone.seq, *seq) < 0)
		*seq = alone.seq;
	return status;
}

/* Whether one of two numbers of a material is a number of another one of the
 * other kind: alone, it does not say which of them is meant. */
static enum status
find_ambiguous(struct state *state, struct str key, struct str number,
    struct arena *arena, struct str *ambiguous, struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT ?1 FROM sku WHERE long = ?1 AND long <> ''"
	    " UNION ALL SELECT ?2 FROM sku WHERE material = ?2 AND long <> ''"
	    " LIMIT 1",
	    diag);

	sql_text(statement, 1, key);
	sql_text(statement, 2, number);
	if (sql_row(state, statement, &status, diag))
		*ambiguous = sql_copy(statement, 0, arena);
	sqlite3_reset(statement);
	return status;
}

static enum status
set_number(struct state *state, struct str key, struct str number,
    struct str seq, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE sku SET long = ?2, long_seq = coalesce(?3, '') WHERE material = ?1",
	    diag);

	sql_text(statement, 1, key);
	sql_text(statement, 2, number);
	sql_text(statement, 3, seq);
	return sql_run(state, statement, diag);
}

/* The number of 18 characters, where the other one is not it. */
static struct str
short_of(const struct sku_sight *sight)
{
	struct str key = sku_register_key(sight->matnr);

	return str_eq(key, sku_register_key(sight->material)) ? STR_NONE : key;
}

/* Seen under its MATNR and its long number, which is the later of what was
 * said. */
static enum status
see_both(struct state *state, const struct sku_sight *sight, struct str key,
    struct str seq, struct entry *entry, struct arena *arena,
    struct sku_standing *standing, struct diag *diag)
{
	struct str number = sku_register_key(sight->material);
	bool same = str_eq(entry->number, number);
	struct str sku = sight->sku, first = seq;
	bool mapped = sight->source == SKU_BY_MAP;
	bool older =
	    entry->number.len > 0 && str_cmp(sight->seq, entry->number_seq) < 0;
	enum status status = STATUS_OK;

	if (entry->found &&
	    ((same && sight->source == SKU_GUESSED) || (!same && older))) {
		sku = entry->sku;
		mapped = entry->mapped;
	}
	if (!same && !older) {
		status = find_ambiguous(state, key, number, arena,
		    &standing->ambiguous, diag);
		if (status == STATUS_OK)
			status = join(state, key, number, &first, arena,
			    standing, diag);
	}
	if (status == STATUS_OK)
		status = give(state, key, entry, sku, first, mapped,
		    !same && !older && entry->number.len > 0, arena, standing,
		    diag);
	if (str_eq(standing->freed, sku))
		standing->freed = STR_NONE;
	return status == STATUS_OK && !older &&
		       (!same || str_cmp(sight->seq, entry->number_seq) > 0)
		   ? set_number(state, key, number, sight->seq, diag)
		   : status;
}

enum status
sku_register_see(struct state *state, const struct sku_sight *sight,
    struct arena *arena, struct sku_standing *standing, struct diag *diag)
{
	struct str key = short_of(sight);
	bool both = key.len > 0;
	struct str seq = sight->seq.len > 0 ? sight->seq : SEQ_UNKNOWN;
	bool mapped = sight->source == SKU_BY_MAP;
	struct str sku = sight->sku;
	struct entry entry;
	enum status status;

	if (!both)
		key = sku_register_key(sight->material);
	*standing = (struct sku_standing){ .sku = sku, .item = key };
	if (key.len == 0 || sku.len == 0)
		return STATUS_OK;
	status = both ? load(state, key, arena, &entry, diag)
		      : load_item(state, &key, arena, &entry, diag);
	if (status != STATUS_OK)
		return status;
	standing->sku = STR_NONE;
	standing->item = key;
	if (both)
		return see_both(state, sight, key, seq, &entry, arena, standing,
		    diag);
	/* The SKU of two numbers is made of the long one. */
	if (entry.found &&
	    (sight->source == SKU_GUESSED ||
		(sight->source == SKU_BY_RULE && entry.number.len > 0))) {
		sku = entry.sku;
		mapped = entry.mapped;
	}
	return give(state, key, &entry, sku, seq, mapped, false, arena,
	    standing, diag);
}

enum status
sku_register_map(struct state *state, struct str key, struct str sku,
    enum sku_source source, struct arena *arena, struct sku_standing *standing,
    struct diag *diag)
{
	struct entry entry;
	enum status status = load_item(state, &key, arena, &entry, diag);

	*standing = (struct sku_standing){ .sku = STR_NONE };
	return status == STATUS_OK && entry.found
		   ? give(state, key, &entry, sku, entry.seq,
			 source == SKU_BY_MAP, false, arena, standing, diag)
		   : status;
}

enum status
sku_register_next_mapped(struct state *state, struct str after,
    struct arena *arena, struct str *key, struct str *number, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT material, long FROM sku WHERE mapped > 0"
	    " AND material > coalesce(?1, '') ORDER BY material LIMIT 1",
	    diag);
	enum status status;

	*key = *number = STR_NONE;
	sql_text(statement, 1, after);
	if (sql_row(state, statement, &status, diag)) {
		*key = sql_copy(statement, 0, arena);
		*number = sql_copy(statement, 1, arena);
	}
	sqlite3_reset(statement);
	return status;
}

enum status
sku_register_take_moved(struct state *state, struct arena *arena,
    struct str *key, struct str *sku, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "UPDATE sku SET moved = moved & 2 WHERE material = (SELECT material"
	    " FROM sku WHERE moved > 0 AND moved & 1 ORDER BY material LIMIT 1)"
	    " RETURNING material, CASE WHEN loses = 0 THEN sku END",
	    diag);
	enum status status;

	*key = *sku = STR_NONE;
	if (sql_row(state, statement, &status, diag)) {
		*key = sql_copy(statement, 0, arena);
		*sku = sql_copy(statement, 1, arena);
	}
	sqlite3_reset(statement);
	return status;
}

enum status
sku_register_take_joined(struct state *state, struct arena *arena,
    struct str *number, struct str *item, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM sku_joined WHERE number = (SELECT min(number)"
	    " FROM sku_joined) RETURNING number, material",
	    diag);
	enum status status;

	*number = *item = STR_NONE;
	if (sql_row(state, statement, &status, diag)) {
		*number = sql_copy(statement, 0, arena);
		*item = sql_copy(statement, 1, arena);
	}
	sqlite3_reset(statement);
	return status;
}
