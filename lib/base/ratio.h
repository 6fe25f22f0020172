#ifndef BASE_RATIO_H
#define BASE_RATIO_H

/*
 * Exact fractions: quantities between units of measure, where a third is no
 * decimal. Always in lowest terms with a positive bottom. Every operation that
 * can leave the range of 64 bits says so by returning false; comparing is
 * exact and always works.
 */

#include "base/decimal.h"

struct ratio {
	int64_t top;
	int64_t bottom;
};

#define RATIO_ZERO ((struct ratio){ 0, 1 })
#define RATIO_ONE ((struct ratio){ 1, 1 })

bool ratio_of(struct decimal value, struct ratio *ratio);
/* A decimal, or two with a slash between them; false also when the second is
 * zero. */
bool ratio_parse(struct str text, struct ratio *ratio);
bool ratio_add(struct ratio a, struct ratio b, struct ratio *sum);
bool ratio_mul(struct ratio a, struct ratio b, struct ratio *product);
/* False when b is zero, too. */
bool ratio_div(struct ratio a, struct ratio b, struct ratio *quotient);
int ratio_cmp(struct ratio a, struct ratio b);
int ratio_sign(struct ratio ratio); /* -1, 0, 1 */

#endif
