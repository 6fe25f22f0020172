/* Lines of separated cells. */

#include "base/csv.h"
#include "tap.h"

/* Cells with a bar between them, "open" when a quote does not end. */
static const char *
split(const char *line, char separator, struct buf *to)
{
	struct csv_row row = { .count = 0 };

	buf_clear(to);
	if (!csv_split(&row, str_of(line), separator))
		buf_add_text(to, "open");
	else
		for (size_t i = 0; i < row.count; i++) {
			if (i > 0)
				buf_add_char(to, '|');
			buf_add_str(to, row.cells[i]);
		}
	csv_free(&row);
	return to->data != NULL ? to->data : "";
}

int
main(void)
{
	static const struct {
		const char *what, *line, *want;
	} cases[] = {
		{ "cells", "a,b,c", "a|b|c" },
		{ "empty ones", ",b,", "|b|" },
		{ "none", "", "" },
		{ "quotes", "\"a\",\"b,c\"", "a|b,c" },
		{ "doubled quotes", "\"say \"\"a\"\"\",b", "say \"a\"|b" },
		{ "nothing in quotes", "\"\",x", "|x" },
		{ "a quote within", "a\"b,c", "a\"b|c" },
		{ "what follows a quote", "\"a\"b,c", "ab|c" },
		{ "a carriage return", "a,b\r", "a|b" },
		{ "a quote that is open", "a,\"b", "open" },
		{ "a doubled one at the end", "a,\"b\"\"", "open" },
		{ "a line end in quotes", "\"a\nb\",c", "a\nb|c" },
	};
	static const struct {
		const char *line;
		char want;
	} separators[] = {
		{ "a,b", ',' },
		{ "a;b;c,d", ';' },
		{ "a\tb", '\t' },
		{ "|a|b|", '|' },
		{ "\"a;b;c\",d", ',' },
		{ "a", ',' },
	};
	static const struct {
		const char *cell, *want;
	} cells[] = {
		{ "plain text", "plain text," },
		{ "", "," },
		{ "a,b", "\"a,b\"," },
		{ "say \"a\"", "\"say \"\"a\"\"\"," },
		{ "two\nlines", "\"two\nlines\"," },
		{ "=1+1", "'=1+1," },
		{ "@SUM(1,2)", "\"'@SUM(1,2)\"," },
		{ "a=1", "a=1," },
	};
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		buf_clear(&text);
		csv_add(&text, str_of(cells[i].cell));
		IS_STR(text.data, cells[i].want, cells[i].want);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		IS_STR(split(cases[i].line, ',', &text), cases[i].want,
		    cases[i].what);
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++)
		IS_INT(csv_separator(str_of(separators[i].line)),
		    separators[i].want, separators[i].line);
	buf_free(&text);
	DONE();
}
