#include "audit/side_parts.h"

#include "base/csv.h"
#include "base/jsonw.h"
#include "base/limits.h"
#include "base/lines.h"
#include "base/text.h"

/* What Ometria takes of a record, twice: quotes may be doubled. */
#define ROW_MAX ((size_t)2 * OMETRIA_RECORD)

/* A column of CSV: where its field stands in a row, and its name. */
struct column {
	size_t at;
	struct str name;
};

struct export
{
	struct side_ometria *side;
	struct lines lines;
	struct column
	    *columns; /* by name: parts of one object are neighbours */
	size_t count;
	char separator;
	struct csv_row row;
	struct buf line; /* a row over several lines */
	struct buf json;
};

static enum status
wrong(const char *what, struct diag *diag)
{
	return diag_set(diag, STATUS_DATA, "%s", what);
}

static enum status
add(struct export *export, struct str json, struct diag *diag)
{
	bool known = false;
	enum status status = side_ometria_add(export->side, DESIRED_KIND_COUNT,
	    json, &known, diag);

	if (status == STATUS_OK && !known)
		return wrong(
		    "the row is no object with an id and a @type; without a "
		    "@type, name the one --kind that it is of",
		    diag);
	return status;
}

static int
by_name(const void *a, const void *b)
{
	const struct column *one = a, *two = b;

	return str_cmp(one->name, two->name);
}

static enum status
read_header(struct export *export, struct str line, struct diag *diag)
{
	struct buf *names = &export->side->columns;
	size_t at = 0;

	export->separator = csv_separator(line);
	if (!csv_split(&export->row, line, export->separator))
		return wrong("the header is not finished", diag);
	export->count = export->row.count;
	export->columns = mem_zero(export->count, sizeof(*export->columns));
	for (size_t i = 0; i < export->count; i++) {
		buf_add_str(names, str_trim(export->row.cells[i]));
		buf_add_char(names, '\0');
	}
	for (size_t i = 0; i < export->count; i++) {
		export->columns[i].at = i;
		export->columns[i].name = str_of(names->data + at);
		at += export->columns[i].name.len + 1;
	}
	qsort(export->columns, export->count, sizeof(*export->columns),
	    by_name);
	return text_is_utf8(buf_str(names))
		   ? STATUS_OK
		   : wrong("the header is not UTF-8", diag);
}

static void
put_key(struct jsonw *w, struct str key)
{
	jsonw_str(w, key);
	buf_add_char(w->to, ':');
	w->comma = false;
}

/* Lists and objects stand in a cell as JSON. */
static void
put_cell(struct jsonw *w, struct str cell)
{
	if (str_is(cell, "true") || str_is(cell, "false") ||
	    cell.data[0] == '[' || cell.data[0] == '{')
		jsonw_raw(w, cell);
	else
		jsonw_str(w, cell);
}

/* How much of a name says in which object it is: "customer." */
static size_t
object_of(struct str name)
{
	size_t len = name.len;

	while (len > 0 && name.data[len - 1] != '.')
		len--;
	return len;
}

/* Close and open objects, so that what is open is `next` and not `open`. */
static void
move(struct jsonw *w, struct str open, struct str next)
{
	size_t same = 0, at;

	for (size_t i = 0;
	     i < open.len && i < next.len && open.data[i] == next.data[i]; i++)
		if (open.data[i] == '.')
			same = i + 1;
	for (size_t i = same; i < open.len; i++)
		if (open.data[i] == '.')
			jsonw_close(w, '}');
	at = same;
	for (size_t i = same; i < next.len; i++) {
		if (next.data[i] != '.')
			continue;
		put_key(w, (struct str){ next.data + at, i - at });
		jsonw_open(w, '{');
		at = i + 1;
	}
}

static enum status
add_cells(struct export *export, struct diag *diag)
{
	struct jsonw w;
	struct str open = STR_NONE;

	buf_clear(&export->json);
	w = jsonw_start(&export->json);
	jsonw_open(&w, '{');
	for (size_t i = 0; i < export->count; i++) {
		const struct column *column = &export->columns[i];
		size_t within = object_of(column->name);
		struct str cell;

		if (column->at >= export->row.count)
			continue;
		cell = export->row.cells[column->at];
		if (cell.len == 0 || column->name.len == within)
			continue;
		move(&w, open, (struct str){ column->name.data, within });
		open = (struct str){ column->name.data, within };
		put_key(&w, str_from(column->name, within));
		put_cell(&w, cell);
	}
	move(&w, open, STR_NONE);
	jsonw_close(&w, '}');
	return add(export, buf_str(&export->json), diag);
}

/* A line of CSV, or a part of a row that has line ends in its cells. */
static enum status
read_cells(struct export *export, struct str line, struct diag *diag)
{
	bool whole;

	if (export->line.len > 0) {
		buf_add_char(&export->line, '\n');
		buf_add_str(&export->line, line);
		line = buf_str(&export->line);
	}
	if (line.len > ROW_MAX || !text_is_utf8(line))
		return wrong("the row is over 120,000 bytes, or not UTF-8",
		    diag);
	whole = csv_split(&export->row, line, export->separator);
	if (!whole && export->line.len == 0)
		buf_add_str(&export->line, line);
	if (!whole)
		return STATUS_OK;
	buf_clear(&export->line);
	return line.len == 0 ? STATUS_OK : add_cells(export, diag);
}

static struct str
without_mark(struct str line)
{
	return str_starts(line, "\xEF\xBB\xBF") ? str_from(line, 3) : line;
}

static enum status
read_line(void *user, struct str line, struct diag *diag)
{
	struct export *export = user;

	if (export->count > 0)
		return read_cells(export, line, diag);
	if (export->lines.number == 1)
		line = without_mark(line);
	if (line.len == 0)
		return STATUS_OK;
	if (line.data[0] == '{')
		return add(export, line, diag);
	if (export->lines.number > 1 || line.data[0] == '[')
		return wrong("the row is no JSON object on one line", diag);
	return read_header(export, line, diag);
}

enum status
side_ometria_export(struct side_ometria *side, int fd, struct diag *diag)
{
	struct export export = { .side = side };
	enum status status;

	lines_open(&export.lines, fd);
	status = lines_each(&export.lines, read_line, &export, diag);
	if (status == STATUS_OK && export.line.len > 0)
		status = wrong("the last row does not end", diag);
	if (status == STATUS_DATA)
		diag_place(diag, "Ometria's export", export.lines.number);
	lines_close(&export.lines);
	csv_free(&export.row);
	free(export.columns);
	buf_free(&export.line);
	buf_free(&export.json);
	return status;
}
