#ifndef BASE_CSV_H
#define BASE_CSV_H

/*
 * Lines of separated cells (RFC 4180): a cell may stand in double quotes, in
 * which a quote is doubled and separators and line ends are text.
 */

#include "base/buf.h"

struct csv_row {
	struct str *cells; /* valid until the next csv_split */
	size_t count, size;
	struct buf text; /* of all cells */
	size_t *ends;
	bool loose; /* text stands behind the quote that ends a cell */
};

/* Whichever of comma, semicolon, tab and bar stands in a line most often,
 * outside of quotes; comma when there is none. */
char csv_separator(struct str line);

/*
 * Take a line apart; a carriage return at its end is none of its last cell.
 * False when a quote is still open: the row goes on in the next line, which is
 * to be appended behind a newline before it is tried again.
 */
bool csv_split(struct csv_row *row, struct str line, char separator);
/* Whether the letters a to z of a heading, large or small, are these; all else
 * in it does not matter. */
bool csv_is_named(struct str cell, const char *letters);
/*
 * Append a cell and a comma, in quotes where it needs them. An apostrophe goes
 * before what a spreadsheet would run as a formula (=, +, -, @, tab, CR).
 */
void csv_add(struct buf *to, struct str cell);
void csv_free(struct csv_row *row);

#endif
