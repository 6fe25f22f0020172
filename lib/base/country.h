#ifndef BASE_COUNTRY_H
#define BASE_COUNTRY_H

/*
 * Countries by their ISO 3166-1 alpha-2 codes, and what their postcodes look
 * like (Universal Postal Union, "Postal addressing systems").
 */

#include "base/buf.h"

/* Whether a code, in capital letters, is assigned. */
bool country_known(struct str code);

/*
 * Whether a postcode has the form of that country: its letters, digits and
 * nothing else but blanks and hyphens, with the country in front or without.
 * True for countries whose form is not in the table.
 */
bool country_postcode_fits(struct str code, struct str postcode);

#endif
