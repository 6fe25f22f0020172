#include "state/sku_other.h"

#include "sku/sku_twin.h"
#include "state/order_anew.h"
#include "state/sku_register.h"

const char sku_other_schema_7[] =
    "CREATE TABLE sku_ean("
    " material TEXT NOT NULL,"
    " ean TEXT NOT NULL,"
    " seq TEXT NOT NULL,"
    " PRIMARY KEY(material, ean)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX sku_ean_by_ean ON sku_ean(ean);"
    "CREATE TABLE sku_shop("
    " name TEXT PRIMARY KEY,"
    " sku TEXT NOT NULL) STRICT, WITHOUT ROWID;";

struct str
sku_ean_key(struct str ean, struct buf *key)
{
	sku_twin_key(ean, key);
	return str_is(buf_str(key), "0") ? STR_NONE : buf_str(key);
}

/* The EANs of a material that a record of this seq may change. */
struct standing {
	struct str *eans;
	size_t count;
	bool newer; /* than the record: it says nothing */
};

static enum status
load(struct state *state, struct str material, struct str seq,
    struct arena *arena, struct standing *standing, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT ean, seq FROM sku_ean WHERE material = ?1", diag);
	size_t size = 0;
	enum status status;

	*standing = (struct standing){ .newer = false };
	sql_text(statement, 1, material);
	while (sql_row(state, statement, &status, diag)) {
		standing->eans = arena_more(arena, standing->eans,
		    standing->count, &size, sizeof(*standing->eans));
		standing->eans[standing->count++] =
		    sql_copy(statement, 0, arena);
		if (str_cmp(sql_get_text(statement, 1), seq) > 0)
			standing->newer = true;
	}
	sqlite3_reset(statement);
	return status;
}

static bool
is_among(const struct str *list, size_t count, struct str text)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i], text))
			return true;
	return false;
}

static enum status
put(struct state *state, struct str material, struct str ean, struct str seq,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO sku_ean(material, ean, seq) VALUES(?1, ?2, ?3)"
	    " ON CONFLICT(material, ean) DO UPDATE SET seq = excluded.seq",
	    diag);

	sql_text(statement, 1, material);
	sql_text(statement, 2, ean);
	sql_text(statement, 3, seq);
	return sql_run(state, statement, diag);
}

static enum status
drop_older(struct state *state, struct str material, struct str seq,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM sku_ean WHERE material = ?1 AND seq < ?2", diag);

	sql_text(statement, 1, material);
	sql_text(statement, 2, seq);
	return sql_run(state, statement, diag);
}

static enum status
look(struct state *state, struct str ean, struct arena *arena,
    struct sku_sharing *sharing, struct diag *diag)
{
	/* The index has the materials in order: many of one EAN cost no more
	 * than two, unless they are of one SKU. */
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT coalesce(s.sku, e.material) AS name"
	    " FROM sku_ean AS e LEFT JOIN sku AS s ON s.material = e.material"
	    " WHERE e.ean = ?1 AND (?2 IS NULL OR name <> ?2)"
	    " ORDER BY e.material LIMIT 1",
	    diag);
	enum status status = STATUS_OK;

	*sharing = (struct sku_sharing){ .ean = ean };
	while (status == STATUS_OK && sharing->count < 2) {
		sql_text(statement, 1, ean);
		sql_text(statement, 2, sharing->skus[0]);
		if (!sql_row(state, statement, &status, diag))
			break;
		sharing->skus[sharing->count++] = sql_copy(statement, 0, arena);
		sqlite3_reset(statement);
	}
	sqlite3_reset(statement);
	return status;
}

/* How it stands with EANs that came, went or are another product's; orders that
 * name them hear of it. */
static enum status
look_at_all(struct state *state, struct arena *arena,
    struct sku_sharing *sharing, size_t count, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		status = order_anew_ean(state, sharing[i].ean, diag);
		if (status == STATUS_OK)
			status = look(state, sharing[i].ean, arena, &sharing[i],
			    diag);
	}
	return status;
}

enum status
sku_ean_again(struct state *state, struct str key, struct arena *arena,
    struct sku_sharing **sharing, size_t *count, struct diag *diag)
{
	struct standing standing;
	enum status status = load(state, key, STR_NONE, arena, &standing, diag);

	*count = standing.count;
	*sharing = arena_array(arena, standing.count + 1, sizeof(**sharing));
	for (size_t i = 0; i < standing.count; i++)
		(*sharing)[i].ean = standing.eans[i];
	return status == STATUS_OK
		   ? look_at_all(state, arena, *sharing, *count, diag)
		   : status;
}

enum status
sku_ean_see(struct state *state, struct str key, struct str seq,
    const struct str *eans, size_t count, struct arena *arena,
    struct sku_sharing **sharing, size_t *touched, struct diag *diag)
{
	struct standing old;
	enum status status = load(state, key, seq, arena, &old, diag);

	*touched = 0;
	if (status != STATUS_OK || old.newer)
		return status;
	*sharing = arena_array(arena, count + old.count, sizeof(**sharing));
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		status = put(state, key, eans[i], seq, diag);
		if (!is_among(old.eans, old.count, eans[i]))
			(*sharing)[(*touched)++].ean = eans[i];
	}
	if (status == STATUS_OK)
		status = drop_older(state, key, seq, diag);
	for (size_t i = 0; i < old.count; i++)
		if (!is_among(eans, count, old.eans[i]))
			(*sharing)[(*touched)++].ean = old.eans[i];
	return status == STATUS_OK
		   ? look_at_all(state, arena, *sharing, *touched, diag)
		   : status;
}

enum status
sku_ean_material(struct state *state, struct str ean, struct arena *arena,
    struct str *material, struct diag *diag)
{
	struct sku_sharing sharing = { .count = 0 };
	struct buf key = BUF_INIT;
	struct str name = sku_ean_key(ean, &key);
	sqlite3_stmt *statement;
	enum status status = STATUS_OK;

	*material = STR_NONE;
	if (name.len > 0)
		status = look(state, name, arena, &sharing, diag);
	if (status == STATUS_OK && sharing.count == 1) {
		statement = state_sql(state,
		    "SELECT min(material) FROM sku_ean WHERE ean = ?1", diag);
		sql_text(statement, 1, name);
		if (sql_row(state, statement, &status, diag))
			*material = sql_copy(statement, 0, arena);
		sqlite3_reset(statement);
	}
	buf_free(&key);
	return status;
}

enum status
sku_shop_see(struct state *state, struct str name, struct str sku,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "INSERT INTO sku_shop(name, sku) VALUES(?1, ?2)"
	    " ON CONFLICT(name) DO UPDATE SET sku = excluded.sku"
	    " WHERE sku <> excluded.sku",
	    diag);

	sql_text(statement, 1, name);
	sql_text(statement, 2, sku);
	return sql_run(state, statement, diag);
}

enum status
sku_other_find(struct state *state, struct str name, struct arena *arena,
    struct str *sku, struct diag *diag)
{
	struct buf key = BUF_INIT;
	struct sku_sharing sharing = { .count = 0 };
	struct str ean = sku_ean_key(name, &key);
	bool found = false;
	enum status status = STATUS_OK;

	*sku = STR_NONE;
	/* An EAN that is no GTIN looks like any number. */
	if (ean.len > 0 && sku_twin_is_gtin(ean))
		status = look(state, ean, arena, &sharing, diag);
	if (sharing.count == 1)
		*sku = sharing.skus[0];
	if (status == STATUS_OK && sharing.count == 0)
		status =
		    sku_register_find(state, name, arena, sku, &found, diag);
	if (status == STATUS_OK && sharing.count == 0 && !found) {
		sqlite3_stmt *statement = state_sql(state,
		    "SELECT sku FROM sku_shop WHERE name = ?1", diag);

		sql_text(statement, 1, str_trim(name));
		if (sql_row(state, statement, &status, diag))
			*sku = sql_copy(statement, 0, arena);
		sqlite3_reset(statement);
	}
	buf_free(&key);
	return status;
}
