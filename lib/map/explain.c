#include "map/explain.h"

#include "base/text.h"
#include "map/evaluate.h"

/* One match of a row's path. */
struct explain_note {
	const struct path_branch *branch;
	const struct idoc_segment *segment; /* NULL: a constant */
	struct str raw[PATH_FIELDS];
	bool good;
	struct explain_note *next;
};

void
explain_begin(struct explain *explain, const struct idoc *idoc, size_t slots,
    bool all, struct spool *to, struct arena *arena)
{
	*explain = (struct explain){ .to = to, .idoc = idoc, .all = all };
	explain->rows = arena_array(arena, slots, sizeof(*explain->rows));
}

void
explain_forget(struct explain *explain)
{
	arena_reset(&explain->notes);
}

void
explain_end(struct explain *explain)
{
	arena_free(&explain->notes);
	buf_free(&explain->record);
	buf_free(&explain->prefix);
	buf_free(&explain->keys);
}

void
explain_match(struct explain *explain, const struct path_branch *branch,
    const struct idoc_segment *segment, const struct str *raw, bool good)
{
	struct explain_note *note = arena_alloc(&explain->notes, sizeof(*note));

	note->branch = branch;
	note->segment = segment;
	note->good = good;
	for (size_t i = 0; i < PATH_FIELDS; i++)
		note->raw[i] = raw[i];
	if (explain->now.last != NULL)
		explain->now.last->next = note;
	else
		explain->now.first = note;
	explain->now.last = note;
	if (good)
		explain->now.good = note;
}

void
explain_use(struct explain *explain, const char *key)
{
	if (explain->keys.len > 0)
		buf_add_char(&explain->keys, ',');
	buf_add_text(&explain->keys, key);
}

void
explain_done(struct explain *explain, const struct row_node *node)
{
	if (explain->keys.len > 0)
		explain->now.keys =
		    arena_str(&explain->notes, buf_str(&explain->keys));
	explain->rows[node->slot] = explain->now;
	explain->now = (struct explain_row){ 0 };
	buf_clear(&explain->keys);
}

/* Text of the input in a column: no control character leaves. */
static void
add_cell(struct buf *to, struct str text)
{
	while (text.len > 0) {
		unsigned char c = (unsigned char)text.data[0];
		size_t len = text_sequence(text);
		bool c1 =
		    len == 2 && c == 0xC2 && (unsigned char)text.data[1] < 0xA0;

		if (c == '\\') {
			buf_add_text(to, "\\\\");
		} else if (len == 0 || c < 0x20 || c == 0x7F || c1) {
			buf_add_format(to, "\\x%02X", c);
			len = 1;
		} else {
			buf_add(to, text.data, len);
		}
		text = str_from(text, len);
	}
}

static void
next_cell(struct buf *to, struct str text)
{
	buf_add_char(to, '\t');
	add_cell(to, text);
}

static size_t
depth_of(const struct idoc_segment *segment)
{
	size_t depth = 0;

	for (; segment->parent != NULL; segment = segment->parent)
		depth++;
	return depth;
}

/* Which of its kind below its parent it is. Counting goes on from the segment
 * that was asked for last: in all, each is passed about once. */
static size_t
number_of(struct explain *explain, const struct idoc_segment *segment,
    size_t depth)
{
	const struct idoc_segment *at = explain->seen[depth].segment;
	size_t number = explain->seen[depth].number;

	if (at == NULL || at->type != segment->type ||
	    at->parent != segment->parent || at->number > segment->number) {
		at = segment->parent->first;
		number = at->type == segment->type;
	}
	while (at != segment && at->next != NULL) {
		at = idoc_next(at);
		number += at->type == segment->type;
	}
	explain->seen[depth].segment = segment;
	explain->seen[depth].number = number;
	return number;
}

/* E1EDK01/E1EDKA1[2]; the reader bounds the depth. */
static void
add_segment(struct explain *explain, const struct idoc_segment *segment,
    size_t depth)
{
	size_t number;

	if (depth > 1) {
		add_segment(explain, segment->parent, depth - 1);
		buf_add_char(&explain->to->recent, '/');
	}
	add_cell(&explain->to->recent, segment->type->name);
	number = number_of(explain, segment, depth);
	if (number > 1)
		buf_add_format(&explain->to->recent, "[%zu]", number);
}

static void
add_place(struct buf *to, const struct idoc_control *control, struct str file,
    uint64_t n)
{
	add_cell(to, control->docnum);
	next_cell(to, file);
	buf_add_format(to, "#%llu", (unsigned long long)n);
}

/* The columns up to value. */
static void
begin_line(struct explain *explain, const char *key, struct str value)
{
	const struct idoc *idoc = explain->idoc;

	add_place(&explain->to->recent, &idoc->control, idoc->file, idoc->n);
	next_cell(&explain->to->recent, buf_str(&explain->record));
	next_cell(&explain->to->recent, buf_str(&explain->prefix));
	buf_add_text(&explain->to->recent, key);
	next_cell(&explain->to->recent, value);
}

/* The row column, and the line's end. */
static void
end_line(struct explain *explain, const struct row_at *at,
    const struct row_node *node)
{
	const struct row *row = &node->row;
	const char *says = row->path;

	if (says == NULL)
		says = row->rule != NULL ? "rule" : "no path";
	buf_add_char(&explain->to->recent, '\t');
	if (node->line > 0) {
		add_cell(&explain->to->recent, str_of(config_file(at->config)));
		buf_add_format(&explain->to->recent, ":%zu: ", node->line);
	} else {
		buf_add_format(&explain->to->recent,
		    "built in %s: ", at->message->mestyp);
	}
	add_cell(&explain->to->recent, str_of(says));
	buf_add_char(&explain->to->recent, '\n');
	spool_settle(explain->to);
}

/* The columns segment, field and raw of a match. */
static void
add_note(struct explain *explain, const struct explain_note *note)
{
	const struct path_branch *branch = note->branch;

	buf_add_char(&explain->to->recent, '\t');
	if (note->segment == NULL) {
		buf_add_text(&explain->to->recent, "constant\t");
		next_cell(&explain->to->recent, note->raw[0]);
		return;
	}
	add_segment(explain, note->segment, depth_of(note->segment));
	for (size_t i = 0; i < branch->field_count; i++) {
		buf_add_char(&explain->to->recent, i == 0 ? '\t' : '+');
		add_cell(&explain->to->recent, branch->fields[i] != NULL
						   ? branch->fields[i]->name
						   : STR("*"));
	}
	for (size_t i = 0; i < branch->field_count; i++) {
		buf_add_char(&explain->to->recent, i == 0 ? '\t' : '|');
		if (branch->fields[i] != NULL)
			add_cell(&explain->to->recent, note->raw[i]);
	}
}

/* A value without a match: of a rule, of a default, or none. */
static void
add_unmatched(struct explain *explain, const struct row_node *node,
    struct str keys, bool found)
{
	if (node->row.path == NULL && node->row.rule != NULL) {
		buf_add_text(&explain->to->recent, "\trule");
		next_cell(&explain->to->recent, keys);
		buf_add_char(&explain->to->recent, '\t');
	} else {
		buf_add_text(&explain->to->recent,
		    found ? "\tdefault\t\t" : "\t\t\t");
	}
}

void
explain_record(struct explain *explain, enum record_type type, struct str id)
{
	buf_clear(&explain->record);
	buf_add_format(&explain->record, "%s:", record_type_name(type));
	buf_add_str(&explain->record, id);
	buf_clear(&explain->prefix);
}

/* Whether a match says why the value is what it is: it gave it, or a part of
 * it; where there is no value, it was there and gave none. */
static bool
tells(const struct explain_row *row, const struct explain_note *note,
    const struct row_node *node, bool found)
{
	if (!found)
		return true;
	return node->row.mode == ROW_LAST ? note == row->good : note->good;
}

void
explain_value(struct explain *explain, const struct row_at *at,
    const struct row_node *node)
{
	const struct row_result *result = &at->results[node->slot];
	const struct explain_row *row = &explain->rows[node->slot];
	bool found = result->kind != ROW_NOTHING;
	struct str text = row_text(at, *result);
	size_t lines = 0;

	if (!found && !explain->all)
		return;
	for (const struct explain_note *note = row->first; note != NULL;
	     note = note->next) {
		if (!tells(row, note, node, found))
			continue;
		begin_line(explain, node->key, text);
		add_note(explain, note);
		end_line(explain, at, node);
		lines++;
	}
	if (lines > 0)
		return;
	begin_line(explain, node->key, text);
	add_unmatched(explain, node, row->keys, found);
	end_line(explain, at, node);
}

void
explain_member(struct explain *explain, const struct row_at *at,
    const struct row_node *node, const struct path_branch *branch,
    const struct idoc_segment *segment, const struct str *raw, const char *key,
    struct str text)
{
	struct explain_note note = { .branch = branch, .segment = segment };
	struct explain_place before = explain_enter(explain, node->key, 0);

	for (size_t i = 0; i < PATH_FIELDS; i++)
		note.raw[i] = raw[i];
	begin_line(explain, key, text);
	add_note(explain, &note);
	end_line(explain, at, node);
	explain_leave(explain, &before);
}

struct explain_place
explain_enter(struct explain *explain, const char *key, size_t number)
{
	struct explain_place before = { explain->prefix.len,
		arena_mark(&explain->notes) };

	buf_add_text(&explain->prefix, key);
	if (number > 0)
		buf_add_format(&explain->prefix, "[%zu]", number);
	buf_add_char(&explain->prefix, '.');
	return before;
}

void
explain_leave(struct explain *explain, const struct explain_place *before)
{
	explain->prefix.len = before->prefix;
	arena_release(&explain->notes, &before->notes);
}

void
explain_head(struct buf *to)
{
	buf_add_text(to,
	    "idoc\tplace\trecord\tkey\tvalue\tsegment\tfield\traw\trow\n");
}

void
explain_fault(struct buf *to, const struct idoc_control *control,
    struct str file, uint64_t n, const char *what, const char *code,
    struct str message)
{
	add_place(to, control, file, n);
	buf_add_format(to, "\t%s\t%s", what, code);
	next_cell(to, message);
	buf_add_text(to, "\t\t\t\t\n");
}
