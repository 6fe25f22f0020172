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
#include "state/sku_other.h"

/* The best first; of headings the letters alone count, a shop's first. */
static const char *const names[] = { "sku", "id", "product_id" };
static const char *const headings[] = { "variantsku", "sku", "id",
	"productid" };
#define NAMES (sizeof(names) / sizeof(names[0]))
#define HEADINGS (sizeof(headings) / sizeof(headings[0]))
/* Of a row whose cells go over several lines. */
#define ROW_BYTES ((size_t)1024 * 1024)

/* How good a partner is; the least counts. */
enum rank {
	RANK_TWIN = '1', /* differs in how it is written */
	RANK_REGISTER, /* the register knows the two as one */
	RANK_DIGIT, /* differs in the check digit */
	RANK_NONE
};

/* Why an SKU stands under a key. */
enum alias {
	ALIAS_OWN, /* it is its own */
	ALIAS_DIGIT, /* without its check digit */
	ALIAS_REGISTER, /* of its SKU in the register */
	ALIAS_COUNT
};

/* What two under one key are to each other. */
static const enum rank ranks[ALIAS_COUNT][ALIAS_COUNT] = {
	[ALIAS_OWN] = { RANK_TWIN, RANK_DIGIT, RANK_REGISTER },
	[ALIAS_DIGIT] = { RANK_DIGIT, RANK_NONE, RANK_NONE },
	[ALIAS_REGISTER] = { RANK_REGISTER, RANK_NONE, RANK_REGISTER },
};

/* An SKU under a key of it: what value holds. */
struct member {
	int side; /* 0 or 1 */
	enum alias alias;
	struct str sku;
};

struct check {
	struct tool_run *run;
	struct state *state; /* the register, or NULL */
	char **files;
	bool json;
	/* SKUs by their keys, twice: who is alike has to be known before any
	 * of them is told, and there may be any number of them. */
	struct sorter *ahead, *groups;
	struct sorter *found;
	struct json_doc doc;
	struct arena arena;
	struct csv_row cells;
	struct buf key, value;
	/* Of the file in hand. */
	char side;
	size_t line, column, width; /* cells of the first line */
	bool filled; /* there is an SKU in it */
	char separator; /* '\0' = plain text */
	struct buf row; /* one that goes on, from this line on: */
	size_t row_line;
	struct out out;
	bool any;
};

struct entry {
	bool found; /* else that was the last */
	struct str key, value; /* until the next one */
};

static enum status
next_entry(struct sorter *sorter, struct entry *entry, struct diag *diag)
{
	return sorter_next(sorter, &entry->key, &entry->value, &entry->found,
	    diag);
}

/* --- reading --- */

static enum status
add_key(struct check *c, struct str key, struct diag *diag)
{
	struct str value = buf_str(&c->value);
	enum status status = sorter_add(c->ahead, key, value, diag);

	return status == STATUS_OK ? sorter_add(c->groups, key, value, diag)
				   : status;
}

/* Under the key that its SKU in the register has, if that is another. */
static enum status
add_registered(struct check *c, struct str sku, struct diag *diag)
{
	struct str known, key = buf_str(&c->key);
	enum status status =
	    sku_other_find(c->state, sku, &c->arena, &known, diag);

	if (status != STATUS_OK || known.len == 0)
		return status;
	key = arena_str(&c->arena, key);
	sku_twin_key(known, &c->key);
	c->value.data[1] = '0' + ALIAS_REGISTER;
	return str_eq(buf_str(&c->key), key)
		   ? STATUS_OK
		   : add_key(c, buf_str(&c->key), diag);
}

static enum status
add(struct check *c, struct str sku, struct diag *diag)
{
	enum status status;
	struct str key;

	sku = str_trim(sku);
	sku_twin_key(sku, &c->key);
	if (c->key.len == 0)
		return STATUS_OK;
	c->filled = true;
	buf_clear(&c->value);
	buf_add_char(&c->value, c->side);
	buf_add_char(&c->value, '0');
	buf_add_str(&c->value, sku);
	key = buf_str(&c->key);
	status = add_key(c, key, diag);
	if (status == STATUS_OK && sku_twin_is_gtin(key)) {
		c->value.data[1] = '0' + ALIAS_DIGIT;
		key.len--;
		status = add_key(c, str_alpha_out(key), diag);
	}
	return status == STATUS_OK && c->state != NULL
		   ? add_registered(c, sku, diag)
		   : status;
}

static enum status
leave_out(struct check *c, size_t line, const char *why)
{
	tool_say(c->run, "%s:%zu: left out: %s", c->files[c->side - '0'], line,
	    why);
	return STATUS_OK;
}

static enum status
add_object(struct check *c, const struct json *object, struct diag *diag)
{
	struct str sku = STR_NONE;

	for (size_t i = 0; i < NAMES && sku.len == 0; i++)
		sku = json_text(object, names[i], &c->arena);
	return add(c, sku, diag);
}

/* One product, or a page of them as Ometria's API gives it. */
static enum status
add_json(struct check *c, struct str line, struct diag *diag)
{
	const struct json *root = json_parse(&c->doc, line);
	enum status status = STATUS_OK;

	if (root != NULL && root->type == JSON_OBJECT)
		return add_object(c, root, diag);
	if (root == NULL || root->type != JSON_ARRAY)
		return leave_out(c, c->line,
		    "neither a JSON object nor an array on one line");
	JSON_EACH(product, root)
	{
		if (product->type == JSON_OBJECT)
			status = add_object(c, product, diag);
		if (status != STATUS_OK)
			break;
	}
	return status;
}

/* Which column the heading calls by one of the names; false: no heading. */
static bool
find_column(struct check *c)
{
	c->width = c->cells.count;
	for (size_t i = 0; i < HEADINGS; i++)
		for (size_t j = 0; j < c->cells.count; j++)
			if (csv_is_named(c->cells.cells[j], headings[i])) {
				c->column = j;
				return true;
			}
	return false;
}

/* What is left of a row whose quote nobody has closed. */
static enum status
end_row(struct check *c)
{
	if (c->row.len > 0)
		leave_out(c, c->row_line, "a quote is open");
	buf_clear(&c->row);
	return STATUS_OK;
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
	if (c->row.len == 0)
		c->row_line = c->line;
	else
		buf_add_char(&c->row, '\n');
	buf_add_str(&c->row, line);
	if (!csv_split(&c->cells, buf_str(&c->row),
		c->separator != '\0' ? c->separator : '\t')) {
		if (c->separator != '\0' && c->row.len < ROW_BYTES)
			return STATUS_OK;
		return end_row(c);
	}
	buf_clear(&c->row);
	if (c->line == 1 && find_column(c))
		return STATUS_OK;
	if (c->line == 1 && c->separator != '\0')
		tool_say(c->run,
		    "%s: no heading of SKUs: the first column is taken",
		    c->files[c->side - '0']);
	/* Several lines are one row only where it is as long as the others,
	 * and its quotes end what they began. */
	if (c->row_line < c->line &&
	    (c->cells.count != c->width || c->cells.loose))
		return leave_out(c, c->row_line, "a quote is open");
	return c->column < c->cells.count
		   ? add(c, c->cells.cells[c->column], diag)
		   : STATUS_OK;
}

static enum status
on_line(void *user, struct str line, struct diag *diag)
{
	struct check *c = user;

	if (c->line++ == 0 && str_starts(line, "\xEF\xBB\xBF"))
		line = str_from(line, 3);
	arena_reset(&c->arena);
	if (c->row.len > 0)
		return add_cells(c, line, diag);
	if (str_trim(line).len == 0)
		return STATUS_OK;
	return line.data[0] == '{' || line.data[0] == '['
		   ? add_json(c, line, diag)
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
	c->filled = false;
	lines_open(&lines, fd);
	status = lines_each(&lines, on_line, c, diag);
	lines_close(&lines);
	if (status == STATUS_OK)
		status = end_row(c);
	if (status == STATUS_OK && !c->filled)
		tool_say(c->run, "%s: there is no SKU in it", file);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}

/* --- partners --- */

static struct member
member_of(struct str value)
{
	return (struct member){ value.data[0] - '0',
		(enum alias)(value.data[1] - '0'),
		{ value.data + 2, value.len - 2 } };
}

/* The first of each side of those that are alike, by alias. */
struct leaders {
	struct buf sku[2][ALIAS_COUNT];
};

/* Read ahead over all that have the key. *next: the entry behind them. */
static enum status
find_leaders(struct check *c, struct str key, struct entry *next,
    struct leaders *leaders, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (int i = 0; i < 2 * ALIAS_COUNT; i++)
		buf_clear(&leaders->sku[i % 2][i / 2]);
	while (status == STATUS_OK && next->found && str_eq(next->key, key)) {
		struct member member = member_of(next->value);
		struct buf *leader = &leaders->sku[member.side][member.alias];

		if (leader->len == 0)
			buf_add_str(leader, member.sku);
		status = next_entry(c->ahead, next, diag);
	}
	return status;
}

/* The best partner of one among those that are alike. */
static enum status
pair(struct check *c, const struct member *member,
    const struct leaders *leaders, struct diag *diag)
{
	const struct buf *others = leaders->sku[!member->side];
	enum rank rank = RANK_NONE;
	struct str partner = STR_NONE;

	for (int i = 0; i < ALIAS_COUNT; i++) {
		if (others[i].len == 0 || ranks[member->alias][i] >= rank)
			continue;
		rank = ranks[member->alias][i];
		partner = buf_str(&others[i]);
	}
	if (rank == RANK_NONE && member->alias != ALIAS_OWN)
		return STATUS_OK;
	buf_clear(&c->key);
	buf_add_str(&c->key, member->sku);
	buf_add_char(&c->key, '\0');
	buf_add_char(&c->key, (char)('0' + member->side));
	buf_clear(&c->value);
	buf_add_char(&c->value, (char)rank);
	buf_add_str(&c->value, partner);
	return sorter_add(c->found, buf_str(&c->key), buf_str(&c->value), diag);
}

static enum status
pair_all(struct check *c, struct diag *diag)
{
	struct leaders leaders = { 0 };
	struct buf group = BUF_INIT;
	struct entry ahead, entry;
	bool first = true;
	enum status status = sorter_end(c->ahead, diag);

	if (status == STATUS_OK)
		status = sorter_end(c->groups, diag);
	if (status == STATUS_OK)
		status = next_entry(c->ahead, &ahead, diag);
	while (status == STATUS_OK) {
		struct member member;

		status = next_entry(c->groups, &entry, diag);
		if (status != STATUS_OK || !entry.found)
			break;
		if (first || !str_eq(entry.key, buf_str(&group))) {
			buf_clear(&group);
			buf_add_str(&group, entry.key);
			status = find_leaders(c, buf_str(&group), &ahead,
			    &leaders, diag);
			first = false;
		}
		member = member_of(entry.value);
		if (status == STATUS_OK)
			status = pair(c, &member, &leaders, diag);
	}
	for (int i = 0; i < 2 * ALIAS_COUNT; i++)
		buf_free(&leaders.sku[i % 2][i / 2]);
	buf_free(&group);
	return status;
}

/* --- telling --- */

static bool
is_gtin(struct check *c, struct str sku)
{
	sku_twin_key(sku, &c->key);
	return sku_twin_is_gtin(buf_str(&c->key));
}

/* best: the rank and the partner. */
static enum status
print(struct check *c, struct str sku, char side, struct str best,
    struct diag *diag)
{
	struct str partner = { best.data + 1, best.len - 1 };
	const char *why = "";
	const char *file = c->files[side - '0'];
	struct buf line = BUF_INIT, safe = BUF_INIT;
	struct jsonw w = jsonw_start(&line);
	enum status status;

	if (best.data[0] == RANK_REGISTER)
		why =
		    is_gtin(c, sku) || is_gtin(c, partner) ? "EAN" : "register";
	else if (partner.len > 0)
		why = sku_twin_why(sku, partner);
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

/* One SKU, and the best that was found for it on each side that has it. */
struct finding {
	struct buf sku, best[2];
};

static enum status
conclude(struct check *c, const struct finding *finding, struct diag *diag)
{
	const struct buf *best = finding->best;
	int side = best[0].len > 0 ? 0 : 1;

	if (best[side].len == 0 || best[!side].len > 0)
		return STATUS_OK;
	return print(c, buf_str(&finding->sku), (char)('0' + side),
	    buf_str(&best[side]), diag);
}

/* Each SKU that one side alone has, once. */
static enum status
tell_all(struct check *c, struct diag *diag)
{
	struct finding finding = { 0 };
	struct entry entry = { .found = true };
	enum status status = sorter_end(c->found, diag);

	while (status == STATUS_OK && entry.found) {
		struct str sku;
		struct buf *best;

		status = next_entry(c->found, &entry, diag);
		if (status != STATUS_OK || !entry.found)
			break;
		sku = (struct str){ entry.key.data, entry.key.len - 2 };
		if (!str_eq(sku, buf_str(&finding.sku))) {
			status = conclude(c, &finding, diag);
			buf_clear(&finding.sku);
			buf_add_str(&finding.sku, sku);
			buf_clear(&finding.best[0]);
			buf_clear(&finding.best[1]);
		}
		best = &finding.best[entry.key.data[entry.key.len - 1] - '0'];
		if (best->len > 0 && best->data[0] <= entry.value.data[0])
			continue;
		buf_clear(best);
		buf_add_str(best, entry.value);
	}
	if (status == STATUS_OK)
		status = conclude(c, &finding, diag);
	buf_free(&finding.sku);
	buf_free(&finding.best[0]);
	buf_free(&finding.best[1]);
	return status;
}

enum status
check_run(struct tool_run *run, char **files, bool json, const char *path,
    struct diag *diag)
{
	struct check c = {
		.run = run,
		.files = files,
		.json = json,
		.doc = JSON_DOC_INIT,
		.arena = ARENA_INIT,
		.ahead = sorter_new(SORTER_MEMORY),
		.groups = sorter_new(SORTER_MEMORY),
		.found = sorter_new(SORTER_MEMORY),
	};
	enum status status = STATUS_OK, closed;

	out_open(&c.out, STDOUT_FILENO);
	if (path != NULL)
		status =
		    state_open(&c.state, path, STATE_READ, run->config, diag);
	if (status == STATUS_OK && !json)
		status = out_line(&c.out, STR("side\tsku\tpartner\twhy"), diag);
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
	state_close(c.state);
	sorter_free(c.ahead);
	sorter_free(c.groups);
	sorter_free(c.found);
	json_doc_free(&c.doc);
	arena_free(&c.arena);
	csv_free(&c.cells);
	buf_free(&c.key);
	buf_free(&c.value);
	buf_free(&c.row);
	return status == STATUS_OK && c.any ? STATUS_FINDINGS : status;
}
