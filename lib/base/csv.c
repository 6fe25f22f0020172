#include "base/csv.h"

#include "base/text.h"

char
csv_separator(struct str line)
{
	static const char candidates[] = { ',', ';', '\t', '|' };
	size_t counts[sizeof(candidates)] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < line.len; i++) {
		quoted = quoted != (line.data[i] == '"');
		for (size_t k = 0; k < sizeof(candidates) && !quoted; k++)
			counts[k] += line.data[i] == candidates[k];
	}
	for (size_t k = 1; k < sizeof(candidates); k++)
		if (counts[k] > counts[best])
			best = k;
	return candidates[best];
}

static void
end_cell(struct csv_row *row)
{
	if (row->count == row->size) {
		row->size = row->size == 0 ? 32 : 2 * row->size;
		row->cells =
		    mem_grow(row->cells, row->size, sizeof(*row->cells));
		row->ends = mem_grow(row->ends, row->size, sizeof(*row->ends));
	}
	row->ends[row->count++] = row->text.len;
}

/* The text of a quoted cell from behind its quote; the place behind the quote
 * that ends it, beyond the line when there is none. */
static size_t
quoted_cell(struct csv_row *row, struct str line, size_t at)
{
	while (at < line.len) {
		char c = line.data[at++];

		if (c == '"' && (at == line.len || line.data[at] != '"'))
			return at;
		at += c == '"';
		buf_add_char(&row->text, c);
	}
	return line.len + 1;
}

bool
csv_split(struct csv_row *row, struct str line, char separator)
{
	size_t at = 0, begin = 0;

	if (str_ends(line, "\r"))
		line.len--;
	row->count = 0;
	row->loose = false;
	buf_clear(&row->text);
	for (;;) {
		if (at < line.len && line.data[at] == '"') {
			at = quoted_cell(row, line, at + 1);
			if (at > line.len)
				return false;
			row->loose |=
			    at < line.len && line.data[at] != separator;
		}
		for (; at < line.len && line.data[at] != separator; at++)
			buf_add_char(&row->text, line.data[at]);
		end_cell(row);
		if (at == line.len)
			break;
		at++;
	}
	for (size_t i = 0; i < row->count; i++) {
		row->cells[i] =
		    buf_part(&row->text, begin, row->ends[i] - begin);
		begin = row->ends[i];
	}
	return true;
}

bool
csv_is_named(struct str cell, const char *letters)
{
	for (size_t i = 0; i < cell.len; i++) {
		char c = text_lower(cell.data[i]);

		if (c < 'a' || c > 'z')
			continue;
		if (c != *letters++)
			return false;
	}
	return *letters == '\0';
}

void
csv_add(struct buf *to, struct str cell)
{
	bool quoted = false;

	for (size_t i = 0; i < cell.len; i++)
		quoted |= strchr(",\"\r\n", cell.data[i]) != NULL;
	if (quoted)
		buf_add_char(to, '"');
	if (cell.len > 0 && strchr("=+-@\t\r", cell.data[0]) != NULL)
		buf_add_char(to, '\'');
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.data[i] == '"')
			buf_add_char(to, '"');
		buf_add_char(to, cell.data[i]);
	}
	buf_add_text(to, quoted ? "\"," : ",");
}

void
csv_free(struct csv_row *row)
{
	buf_free(&row->text);
	free(row->cells);
	free(row->ends);
	*row = (struct csv_row){ .count = 0 };
}
