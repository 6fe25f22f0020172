#include "audit/table.h"

#include "base/text.h"

void
table_start(struct table *table, size_t columns)
{
	*table = (struct table){ .columns = columns };
}

static void
add(struct table *table, struct str text, bool right)
{
	if (table->count == table->size) {
		table->size = table->size == 0 ? 64 : 2 * table->size;
		table->ends =
		    mem_grow(table->ends, table->size, sizeof(*table->ends));
		table->right =
		    mem_grow(table->right, table->size, sizeof(*table->right));
	}
	for (size_t i = 0; i < text.len; i++)
		buf_add_char(&table->text,
		    (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
	table->ends[table->count] = table->text.len;
	table->right[table->count++] = right;
}

void
table_text(struct table *table, struct str text)
{
	add(table, text, false);
}

void
table_head(struct table *table, const char *text)
{
	add(table, str_of(text), true);
}

void
table_number(struct table *table, uint64_t number)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	add(table, str_of(digits), true);
}

static struct str
cell(const struct table *table, size_t index)
{
	size_t begin = index > 0 ? table->ends[index - 1] : 0;

	if (table->text.data == NULL)
		return STR_NONE;
	return (
	    struct str){ table->text.data + begin, table->ends[index] - begin };
}

static void
pad(struct buf *to, size_t count)
{
	while (count-- > 0)
		buf_add_char(to, ' ');
}

static void
write_cell(const struct table *table, struct buf *to, size_t index,
    size_t width)
{
	struct str text = cell(table, index);
	size_t length = text_length(text);
	size_t blanks = width > length ? width - length : 0;
	bool last = (index + 1) % table->columns == 0;

	if (table->right[index])
		pad(to, blanks);
	buf_add_str(to, text);
	if (last) {
		while (to->data[to->len - 1] == ' ')
			to->len--;
		if (table->bold && index < table->columns)
			buf_add_text(to, TABLE_PLAIN);
		buf_add_char(to, '\n');
	} else
		pad(to, (table->right[index] ? 0 : blanks) + 2);
}

void
table_write(struct table *table, struct buf *to, size_t indent)
{
	size_t widths[TABLE_COLUMNS] = { 0 };

	for (size_t i = 0; i < table->count; i++) {
		size_t length = text_length(cell(table, i));
		size_t *width = &widths[i % table->columns];

		if (length > *width)
			*width = length;
	}
	if (table->bold)
		buf_add_text(to, TABLE_BOLD);
	for (size_t i = 0; i < table->count; i++) {
		if (i % table->columns == 0)
			pad(to, indent);
		write_cell(table, to, i, widths[i % table->columns]);
	}
	buf_free(&table->text);
	free(table->ends);
	free(table->right);
	*table = (struct table){ .columns = table->columns };
}
