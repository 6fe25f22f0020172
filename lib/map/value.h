#ifndef MAP_VALUE_H
#define MAP_VALUE_H

/*
 * Transforms: from a field as SAP wrote it to a value of a record. Each takes
 * the fields that its row joins (row.h) and gives ROW_NOTHING when they are
 * initial or not what they should be.
 */

#include "map/row.h"

/* SAP's sign for a field that a reduced message does not send. */
#define VALUE_UNSENT "/"

#define VALUE_NOTHING ((struct row_result){ .kind = ROW_NOTHING })

struct row_result value_of(struct str text); /* ROW_NOTHING when empty */
struct row_result value_bool(bool value);
struct row_result value_number(struct decimal number); /* all its digits */
/* Amount with two decimals at least, more only where they say something. */
struct row_result value_amount(const struct row_at *at, struct decimal amount);
/* A telephone number of a country: E.164, else as it was typed. */
struct row_result value_phone_in(const struct row_at *at, struct str typed,
    struct str country);

/* Whether value_web_order can do without the expression itself. */
bool value_is_standard_web_number(const char *expression);

row_function value_text;
row_function value_alpha; /* leading zeros off when all are digits */
row_function value_element; /* the number of the list element */
row_function value_item; /* the same for item numbers; zero is none */
row_function value_flag; /* X (or 1, J, Y) is true; what was not sent is not
			  * false; anything else nothing */
row_function value_deleted; /* a flag, or MSGFN 003 */
row_function value_reduced; /* true when one of the fields was not sent */
row_function value_present; /* true when there is anything */
row_function value_money; /* "12.5-" is "-12.50" */
row_function value_discount; /* its amount, negative however it was written */
row_function value_quantity; /* "5.000" is "5" */
row_function value_date; /* 2026-03-02; initial dates are nothing */
row_function value_digits; /* YYYYMMDD as it is; initial dates are nothing */
row_function value_date_time; /* date + time of SAP's zone, as UTC */
row_function value_timestamp; /* 14 digits of SAP's zone, as UTC */
row_function value_country; /* ISO 3166 alpha-2 */
row_function value_language; /* ISO code, else SAP's one-letter key */
row_function value_phone; /* E.164 by the record's country, else as typed */
row_function value_action; /* 001 add, 002 change, 003 delete */
row_function value_matnr; /* the number beside the record's material, which
			   * is the long one */
row_function value_line_matnr; /* the same of a line: it, MATNR_LONG and
				* MATNR_EXTERNAL of the segment */
row_function value_web_order; /* only what [order] web-number accepts */

#endif
