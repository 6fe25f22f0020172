#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/lines.h"
#include "base/out.h"
#include "base/sorter.h"
#include "base/text.h"
#include "sku/sku_twin.h"

/* Of SKUs that are alike so many are looked at; more is no audit. */
#define GROUP_MAX 256

static const char *const names[] = { "sku", "id", "product_id" };
#define NAMES (sizeof(names) / sizeof(names[0]))

/* How good a partner is; the least counts. */
enum rank {
	RANK_SAME = '0',
	RANK_TWIN, /* differs in how it is written */
	RANK_DIGIT, /* in the check digit */
	RANK_NONE
};

struct member {
	char side; /* '0' or '1' */
	bool alias; /* under the key without its check digit */
	struct str sku;
};

struct check {
	struct tool_run *run;
	char **files;
	bool json;
	struct sorter *groups, *found;
	struct json_doc doc;
	struct arena arena;
	struct csv_row cells;
	struct buf key, value;
	/* Of the file in hand. */
	char side;
	size_t line, column;
	char separator; /* '\0' = plain text */
	struct out out;
	bool any;
};

/* --- reading --- */

static enum status
add(struct check *c, struct str sku, struct diag *diag)
{
	enum status status;
	struct str key;

	sku = str_trim(sku);
	sku_twin_key(sku, &c->key);
	if (c->key.len == 0)
		return STATUS_OK;
	buf_clear(&c->value);
	buf_add_char(&c->value, c->side);
	buf_add_char(&c->value, '0');
	buf_add_str(&c->value, sku);
	key = buf_str(&c->key);
	status = sorter_add(c->groups, key, buf_str(&c->value), diag);
	if (status != STATUS_OK || !sku_twin_is_gtin(key))
		return status;
	c->value.data[1] = '1';
	key.len--;
	return sorter_add(c->groups, str_alpha_out(key), buf_str(&c->value),
	    diag);
}

static enum status
add_json(struct check *c, struct str line, struct diag *diag)
{
	const struct json *root = json_parse(&c->doc, line);
	struct str sku = STR_NONE;

	if (root == NULL || root->type != JSON_OBJECT) {
		tool_say(c->run, "%s:%zu: left out: not a JSON object",
		    c->files[c->side - '0'], c->line);
		return STATUS_OK;
	}
	arena_reset(&c->arena);
	for (size_t i = 0; i < NAMES && sku.len == 0; i++)
		sku = json_text(root, names[i], &c->arena);
	return add(c, sku, diag);
}

/* Which column the heading calls by one of the names; false: no heading. */
static bool
find_column(struct check *c)
{
	for (size_t i = 0; i < NAMES; i++)
		for (size_t j = 0; j < c->cells.count; j++)
			if (text_equal_fold(str_trim(c->cells.cells[j]),
				str_of(names[i]))) {
				c->column = j;
				return true;
			}
	return false;
}

static enum status
add_cells(struct check *c, struct str line, struct diag *diag)
{
	if (c->line == 1) {
		c->separator = csv_separator(line);
		c->column = 0;
		if (memchr(line.data, c->separator, line.len) == NULL)
			c->separator = '\0';
	}
	if (!csv_split(&c->cells, line,
		c->separator != '\0' ? c->separator : '\t')) {
		tool_say(c->run, "%s:%zu: left out: a quote is open",
		    c->files[c->side - '0'], c->line);
		return STATUS_OK;
	}
	if (c->line == 1 && find_column(c))
		return STATUS_OK;
	return c->column < c->cells.count
		   ? add(c, c->cells.cells[c->column], diag)
		   : STATUS_OK;
}

static enum status
on_line(void *user, struct str line, struct diag *diag)
{
	struct check *c = user;

	c->line++;
	if (str_trim(line).len == 0)
		return STATUS_OK;
	return line.data[0] == '{' ? add_json(c, line, diag)
				   : add_cells(c, line, diag);
}

static enum status
read_side(struct check *c, char side, struct diag *diag)
{
	const char *file = c->files[side - '0'];
	struct lines lines;
	enum status status;
	int fd = strcmp(file, "-") == 0 ? STDIN_FILENO
					: open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return diag_errno(diag, STATUS_NO_INPUT, errno,
		    "cannot open '%s'", file);
	c->side = side;
	c->line = 0;
	lines_open(&lines, fd);
	status = lines_each(&lines, on_line, c, diag);
	lines_close(&lines);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}

/* --- partners --- */

static enum status
tell(struct check *c, const struct member *member, enum rank rank,
    struct str partner, struct diag *diag)
{
	buf_clear(&c->key);
	buf_add_str(&c->key, member->sku);
	buf_add_char(&c->key, '\0');
	buf_add_char(&c->key, member->side);
	buf_clear(&c->value);
	buf_add_char(&c->value, (char)rank);
	buf_add_str(&c->value, partner);
	return sorter_add(c->found, buf_str(&c->key), buf_str(&c->value), diag);
}

/* The best partner of one among those that are alike. */
static enum status
pair(struct check *c, const struct member *list, size_t count, size_t at,
    struct diag *diag)
{
	const struct member *member = &list[at];
	enum rank best = RANK_NONE;
	struct str partner = STR_NONE;

	for (size_t i = 0; i < count; i++) {
		enum rank rank = RANK_TWIN;

		if (list[i].side == member->side ||
		    (member->alias && list[i].alias))
			continue;
		if (str_eq(list[i].sku, member->sku))
			rank = RANK_SAME;
		else if (member->alias || list[i].alias)
			rank = RANK_DIGIT;
		if (rank >= best)
			continue;
		best = rank;
		partner = list[i].sku;
	}
	return best == RANK_NONE && member->alias
		   ? STATUS_OK
		   : tell(c, member, best, partner, diag);
}

static enum status
pair_group(struct check *c, const struct member *list, size_t count,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = pair(c, list, count, i, diag);
	return status;
}

static enum status
pair_all(struct check *c, struct diag *diag)
{
	struct member list[GROUP_MAX];
	struct buf group = BUF_INIT;
	struct str key, value;
	size_t count = 0;
	bool found = true;
	enum status status = sorter_end(c->groups, diag);

	while (status == STATUS_OK && found) {
		status = sorter_next(c->groups, &key, &value, &found, diag);
		if (status != STATUS_OK)
			break;
		if (count > 0 && (!found || !str_eq(key, buf_str(&group)))) {
			status = pair_group(c, list, count, diag);
			count = 0;
			arena_reset(&c->arena);
		}
		if (!found || count == GROUP_MAX)
			continue;
		buf_clear(&group);
		buf_add_str(&group, key);
		list[count++] = (struct member){ value.data[0],
			value.data[1] == '1',
			arena_str(&c->arena,
			    (struct str){ value.data + 2, value.len - 2 }) };
	}
	buf_free(&group);
	return status;
}

/* --- telling --- */

static enum status
print(struct check *c, struct str sku, char side, struct str partner,
    struct diag *diag)
{
	const char *why = partner.len > 0 ? sku_twin_why(sku, partner) : "";
	const char *file = c->files[side - '0'];
	struct buf line = BUF_INIT, safe = BUF_INIT;
	struct jsonw w = jsonw_start(&line);
	enum status status;

	if (c->json) {
		jsonw_open(&w, '{');
		jsonw_member(&w, "side", str_of(file));
		jsonw_member(&w, "sku", sku);
		jsonw_member(&w, "partner", partner);
		jsonw_member(&w, "why", str_of(why));
		jsonw_close(&w, '}');
	} else {
		buf_add_format(&line, "%s\t", file);
		buf_add_text(&line, text_escape(&safe, sku, 200));
		buf_add_char(&line, '\t');
		buf_add_text(&line, text_escape(&safe, partner, 200));
		buf_add_format(&line, "\t%s", why);
	}
	c->any = true;
	status = out_line(&c->out, buf_str(&line), diag);
	buf_free(&line);
	buf_free(&safe);
	return status;
}

/* Each SKU of each side once, with the best of what was found for it. */
static enum status
tell_all(struct check *c, struct diag *diag)
{
	struct buf last = BUF_INIT, best = BUF_INIT;
	struct str key, value;
	bool found = true;
	enum status status = sorter_end(c->found, diag);

	while (status == STATUS_OK && found) {
		status = sorter_next(c->found, &key, &value, &found, diag);
		if (status != STATUS_OK)
			break;
		if (last.len > 0 && (!found || !str_eq(key, buf_str(&last))) &&
		    best.data[0] != RANK_SAME)
			status = print(c,
			    (struct str){ last.data, last.len - 2 },
			    last.data[last.len - 1],
			    (struct str){ best.data + 1, best.len - 1 }, diag);
		if (!found || status != STATUS_OK)
			break;
		if (last.len == 0 || !str_eq(key, buf_str(&last)) ||
		    value.data[0] < best.data[0]) {
			buf_clear(&best);
			buf_add_str(&best, value);
		}
		buf_clear(&last);
		buf_add_str(&last, key);
	}
	buf_free(&last);
	buf_free(&best);
	return status;
}

enum status
check_run(struct tool_run *run, char **files, bool json, struct diag *diag)
{
	struct check c = {
		.run = run,
		.files = files,
		.json = json,
		.doc = JSON_DOC_INIT,
		.arena = ARENA_INIT,
		.groups = sorter_new(SORTER_MEMORY),
		.found = sorter_new(SORTER_MEMORY),
	};
	enum status status, closed;

	out_open(&c.out, STDOUT_FILENO);
	status = json ? STATUS_OK
		      : out_line(&c.out, STR("side\tsku\tpartner\twhy"), diag);
	if (status == STATUS_OK)
		status = read_side(&c, '0', diag);
	if (status == STATUS_OK)
		status = read_side(&c, '1', diag);
	if (status == STATUS_OK)
		status = pair_all(&c, diag);
	if (status == STATUS_OK)
		status = tell_all(&c, diag);
	closed = out_close(&c.out, diag);
	if (status == STATUS_OK)
		status = closed;
	sorter_free(c.groups);
	sorter_free(c.found);
	json_doc_free(&c.doc);
	arena_free(&c.arena);
	csv_free(&c.cells);
	buf_free(&c.key);
	buf_free(&c.value);
	return status == STATUS_OK && c.any ? STATUS_FINDINGS : status;
}
