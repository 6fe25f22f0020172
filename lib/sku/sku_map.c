#include "sku/sku_map.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/lines.h"
#include "base/text.h"
#include "sku/sku.h"

struct row {
	struct str key; /* of the material, as SAP takes it (MATN1) */
	struct str sku;
	size_t line;
};

struct sku_map {
	struct arena arena;
	struct row *rows;
	size_t count, size;
};

struct loading {
	struct sku_map *map;
	const struct sku_map_kind *kind;
	const struct sku_rule *rule;
	const char *file;
	struct csv_row cells;
	struct buf scratch, variant;
	char separator; /* '\0' = not known yet */
	size_t line;
};

static enum status
fail(const struct loading *loading, size_t line, const char *what,
    struct diag *diag)
{
	diag_set(diag, STATUS_CONFIG, "%s", what);
	diag_place(diag, loading->file, line);
	return STATUS_CONFIG;
}

static const char *const material_headings[] = { "material", "matnr",
	"material number", "materialnummer", NULL };
static const char *const variant_headings[] = { "variant", "sku", "variante",
	NULL };

const struct sku_map_kind sku_map_skus = {
	.headings = material_headings,
	.unreadable = "cannot open the mapping",
	.cells = "a mapping row is material and SKU, two cells",
	.empty = "a mapping row has an empty cell",
	.twice = "the material has another SKU in a row before or behind",
	.chain = "the SKU is a material that has another SKU: no chains",
};

const struct sku_map_kind sku_map_parents = {
	.headings = variant_headings,
	.unreadable = "cannot open the file of parents",
	.cells = "a row is variant and parent, two cells",
	.empty = "a row has an empty cell",
	.twice = "the variant has another parent in a row before or behind",
	.chain = "the parent is a variant of another parent",
	.canonical = true,
};

static bool
is_heading(const struct sku_map_kind *kind, struct str cell)
{
	for (const char *const *name = kind->headings; *name != NULL; name++)
		if (text_equal_fold(cell, str_of(*name)))
			return true;
	return false;
}

static void
add(struct sku_map *map, struct str key, struct str sku, size_t line)
{
	if (map->count == map->size) {
		map->size = map->size == 0 ? 256 : 2 * map->size;
		map->rows = mem_grow(map->rows, map->size, sizeof(*map->rows));
	}
	map->rows[map->count++] = (struct row){ arena_str(&map->arena, key),
		arena_str(&map->arena, sku), line };
}

/* A third column would leave open which of them is meant; empty ones behind
 * are a spreadsheet's. */
static bool
is_pair(const struct csv_row *row)
{
	for (size_t i = 2; i < row->count; i++)
		if (str_trim(row->cells[i]).len > 0)
			return false;
	return row->count >= 2;
}

static enum status
on_line(void *user, struct str line, struct diag *diag)
{
	struct loading *loading = user;
	struct str material, sku;

	loading->line++;
	if (str_trim(line).len == 0 || line.data[0] == '#')
		return STATUS_OK;
	if (memchr(line.data, '\0', line.len) != NULL)
		return fail(loading, loading->line,
		    "a row has a zero byte: the file is not UTF-8", diag);
	if (loading->separator == '\0')
		loading->separator = csv_separator(line);
	if (!csv_split(&loading->cells, line, loading->separator) ||
	    !is_pair(&loading->cells))
		return fail(loading, loading->line, loading->kind->cells, diag);
	material = str_alpha_out(str_trim(loading->cells.cells[0]));
	if (loading->map->count == 0 && is_heading(loading->kind, material))
		return STATUS_OK;
	if (loading->kind->canonical)
		material =
		    sku_normalise(loading->rule, material, &loading->variant);
	sku = sku_normalise(loading->rule, loading->cells.cells[1],
	    &loading->scratch);
	if (material.len == 0 || sku.len == 0)
		return fail(loading, loading->line, loading->kind->empty, diag);
	add(loading->map, material, sku, loading->line);
	return STATUS_OK;
}

static int
by_key(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	return str_cmp(left->key, right->key);
}

static const struct row *
find(const struct sku_map *map, struct str key)
{
	struct row wanted = { .key = key };

	return map->count == 0 ? NULL
			       : bsearch(&wanted, map->rows, map->count,
				     sizeof(*map->rows), by_key);
}

/* Rows in order; each material once, and no chains. */
static enum status
check(struct loading *loading, struct diag *diag)
{
	struct sku_map *map = loading->map;
	size_t kept = 0;

	if (map->count > 1)
		qsort(map->rows, map->count, sizeof(*map->rows), by_key);
	for (size_t i = 0; i < map->count; i++) {
		struct row *row = &map->rows[i];

		if (kept > 0 && str_eq(map->rows[kept - 1].key, row->key)) {
			if (str_eq(map->rows[kept - 1].sku, row->sku))
				continue;
			return fail(loading, row->line, loading->kind->twice,
			    diag);
		}
		map->rows[kept++] = *row;
	}
	map->count = kept;
	for (size_t i = 0; i < map->count; i++) {
		const struct row *next = find(map, map->rows[i].sku);

		if (next != NULL && !str_eq(next->sku, map->rows[i].sku))
			return fail(loading, map->rows[i].line,
			    loading->kind->chain, diag);
	}
	return STATUS_OK;
}

enum status
sku_map_load(struct sku_map **to, const struct sku_map_kind *kind,
    const char *file, const struct sku_rule *rule, struct diag *diag)
{
	struct sku_map *map = mem_zero(1, sizeof(*map));
	struct loading loading = { .map = map,
		.kind = kind,
		.rule = rule,
		.file = file };
	struct lines lines;
	enum status status;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	map->arena = (struct arena)ARENA_INIT;
	*to = map;
	if (fd < 0)
		return diag_errno(diag, STATUS_NO_INPUT, errno, "%s '%s'",
		    kind->unreadable, file);
	lines_open(&lines, fd);
	status = lines_each(&lines, on_line, &loading, diag);
	lines_close(&lines);
	close(fd);
	if (status == STATUS_OK)
		status = check(&loading, diag);
	csv_free(&loading.cells);
	buf_free(&loading.scratch);
	buf_free(&loading.variant);
	return status;
}

void
sku_map_free(struct sku_map *map)
{
	if (map == NULL)
		return;
	arena_free(&map->arena);
	free(map->rows);
	free(map);
}

struct str
sku_map_find(const struct sku_map *map, struct str material)
{
	const struct row *row =
	    map != NULL ? find(map, str_alpha_out(str_trim(material))) : NULL;

	return row != NULL ? row->sku : STR_NONE;
}

bool
sku_map_row(const struct sku_map *map, size_t index, struct str *key,
    struct str *sku)
{
	if (map == NULL || index >= map->count)
		return false;
	*key = map->rows[index].key;
	*sku = map->rows[index].sku;
	return true;
}

struct hash
sku_map_hash(const struct sku_map *map)
{
	struct buf text = BUF_INIT;
	struct str key, sku;
	struct hash hash;

	for (size_t i = 0; sku_map_row(map, i, &key, &sku); i++)
		buf_add_format(&text, "%.*s\t%.*s\n", STR_ARGS(key),
		    STR_ARGS(sku));
	hash = hash_of(buf_str(&text));
	buf_free(&text);
	return hash;
}
