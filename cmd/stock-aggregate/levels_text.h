#ifndef STOCK_AGGREGATE_LEVELS_TEXT_H
#define STOCK_AGGREGATE_LEVELS_TEXT_H

/*
 * The bytes of a stock list as UTF-8. SAP's front end writes it in the code
 * page of whoever saves it: UTF-16 with a byte order mark, UTF-8, or eight
 * bits a character. A line that is UTF-8 is taken to be that; every other is in
 * the encoding that was named.
 */

#include "base/decimal.h"
#include "idoc/decoder.h"

struct levels_text {
	struct decoder decoder;
	struct buf line;
};

/* CONFIG when nobody knows the encoding. */
enum status levels_text_open(struct levels_text *text, const char *encoding,
    struct diag *diag);
/*
 * A list of two bytes a character, by its mark or by the encoding, is read to
 * its end: *fd is closed then, and becomes a file without a name that holds it
 * as UTF-8, at its beginning. Every other is left as it is.
 */
enum status levels_text_widen(struct levels_text *text, int *fd,
    struct diag *diag);
/* The first line, without the byte order mark of UTF-8. */
struct str levels_text_begin(struct str line);
/* A line as UTF-8, valid until the next call. */
struct str levels_text_line(struct levels_text *text, struct str line);
/*
 * A quantity as SAP prints it, in thousandths: groups of three digits with a
 * point, a comma or a blank between them, whichever does not stand for
 * decimals, and the minus behind or in front. False for groups of other
 * lengths: then the style of decimals is another one. number is scratch.
 */
bool levels_quantity(struct str text, bool comma, struct buf *number,
    struct decimal *value);
void levels_text_free(struct levels_text *text);

#endif
