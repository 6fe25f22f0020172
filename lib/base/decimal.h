#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

/*
 * Exact decimals: money and quantities. A value is units / 10^scale, scale 0
 * to DECIMAL_SCALE_MAX. No floating point anywhere. Every operation that can
 * leave the range of 64 bits says so by returning false.
 */

#include "base/buf.h"

#define DECIMAL_SCALE_MAX 9

struct decimal {
	int64_t units;
	unsigned scale;
};

#define DECIMAL_ZERO ((struct decimal){ 0, 0 })

/*
 * SAP's external forms: digits with an optional decimal point, sign in front
 * or behind ("12.50-"), blanks around. False when it is not a
 * number, has a comma, or does not fit.
 */
bool decimal_parse(struct str text, struct decimal *value);
bool decimal_add(struct decimal a, struct decimal b, struct decimal *sum);
bool decimal_sub(struct decimal a, struct decimal b,
    struct decimal *difference);
bool decimal_mul(struct decimal a, struct decimal b, struct decimal *product);
/* a / b rounded half away from zero to scale; false when b is zero. */
bool decimal_div(struct decimal a, struct decimal b, unsigned scale,
    struct decimal *quotient);
/* Rounded half away from zero, or padded, to exactly this scale. */
bool decimal_rescale(struct decimal value, unsigned scale,
    struct decimal *result);
struct decimal decimal_neg(struct decimal value);
int decimal_cmp(struct decimal a, struct decimal b);
int decimal_sign(struct decimal value); /* -1, 0, 1 */
/* "-12.50": all digits of its scale. */
void decimal_add_to(struct buf *to, struct decimal value);
/* The same without trailing zeros behind the point: "5.000" is "5". */
struct decimal decimal_trim(struct decimal value);

#endif
