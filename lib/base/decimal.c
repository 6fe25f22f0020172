#include "base/decimal.h"

/* Products of two 64-bit values; gcc and clang have it on every 64-bit CPU. */
__extension__ typedef __int128 wide;

static const int64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000,
	10000000, 100000000, 1000000000 };

static bool
scale_up(int64_t *units, unsigned steps)
{
	return !__builtin_mul_overflow(*units, powers[steps], units);
}

/* Bring both to the larger scale. */
static bool
align(struct decimal *a, struct decimal *b)
{
	if (a->scale < b->scale) {
		if (!scale_up(&a->units, b->scale - a->scale))
			return false;
		a->scale = b->scale;
	} else if (b->scale < a->scale) {
		if (!scale_up(&b->units, a->scale - b->scale))
			return false;
		b->scale = a->scale;
	}
	return true;
}

/* numerator / denominator, half away from zero; 128 bits inside. */
static bool
divide(wide numerator, wide denominator, int64_t *quotient)
{
	wide half, result;

	if (denominator < 0) {
		numerator = -numerator;
		denominator = -denominator;
	}
	half = denominator / 2;
	result = numerator >= 0 ? (numerator + half) / denominator
				: (numerator - half) / denominator;
	if (result > INT64_MAX || result < -INT64_MAX)
		return false;
	*quotient = (int64_t)result;
	return true;
}

static bool
take_sign(struct str *text, bool *negative)
{
	*negative = false;
	if (text->len == 0)
		return false;
	if (text->data[0] == '-' || text->data[0] == '+') {
		*negative = text->data[0] == '-';
		text->data++;
		text->len--;
	} else if (text->data[text->len - 1] == '-' ||
		   text->data[text->len - 1] == '+') {
		*negative = text->data[text->len - 1] == '-';
		text->len--;
	}
	*text = str_trim(*text);
	return text->len > 0;
}

/* One more digit behind sum; false when it does not fit. */
static bool
take_digit(struct decimal *sum, int digit, bool point)
{
	if (point && sum->scale == DECIMAL_SCALE_MAX)
		return digit == 0;
	if (__builtin_mul_overflow(sum->units, 10, &sum->units) ||
	    __builtin_add_overflow(sum->units, digit, &sum->units))
		return false;
	sum->scale += point;
	return true;
}

/* Digits, and a point among them, that cannot leave the range. */
#define PLAIN_DIGITS 18

/* How many digits a text begins with; they go behind those of *units. */
static size_t
take_digits(struct str text, int64_t *units)
{
	size_t at = 0;

	for (; at < text.len; at++) {
		unsigned digit = (unsigned char)text.data[at] - (unsigned)'0';

		if (digit > 9)
			break;
		*units = *units * 10 + (int64_t)digit;
	}
	return at;
}

/* False when it is no number, or one that needs a closer look. */
static bool
parse_short(struct str text, bool negative, struct decimal *value)
{
	int64_t units = 0;
	size_t whole = take_digits(text, &units), behind = 0;

	if (whole < text.len && text.data[whole] == '.') {
		text = str_from(text, whole + 1);
		behind = take_digits(text, &units);
		if (behind < text.len || behind > DECIMAL_SCALE_MAX)
			return false;
	} else if (whole < text.len) {
		return false;
	}
	*value =
	    (struct decimal){ negative ? -units : units, (unsigned)behind };
	return whole + behind > 0;
}

bool
decimal_parse(struct str text, struct decimal *value)
{
	bool negative, digits = false, point = false;
	struct decimal sum = { 0, 0 };

	text = str_trim(text);
	if (!take_sign(&text, &negative))
		return false;
	if (text.len <= PLAIN_DIGITS && parse_short(text, negative, value))
		return true;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9' || !take_digit(&sum, c - '0', point))
			return false;
		digits = true;
	}
	if (!digits)
		return false;
	*value = negative ? decimal_neg(sum) : sum;
	return true;
}

bool
decimal_add(struct decimal a, struct decimal b, struct decimal *sum)
{
	if (!align(&a, &b) ||
	    __builtin_add_overflow(a.units, b.units, &a.units))
		return false;
	*sum = a;
	return true;
}

bool
decimal_sub(struct decimal a, struct decimal b, struct decimal *difference)
{
	return decimal_add(a, decimal_neg(b), difference);
}

bool
decimal_mul(struct decimal a, struct decimal b, struct decimal *product)
{
	wide units = (wide)a.units * b.units;
	unsigned scale = a.scale + b.scale;
	unsigned drop =
	    scale > DECIMAL_SCALE_MAX ? scale - DECIMAL_SCALE_MAX : 0;

	product->scale = scale - drop;
	return divide(units, powers[drop], &product->units);
}

bool
decimal_div(struct decimal a, struct decimal b, unsigned scale,
    struct decimal *quotient)
{
	if (b.units == 0 || scale > DECIMAL_SCALE_MAX)
		return false;
	quotient->scale = scale;
	return divide((wide)a.units * powers[b.scale] * powers[scale],
	    (wide)b.units * powers[a.scale], &quotient->units);
}

bool
decimal_rescale(struct decimal value, unsigned scale, struct decimal *result)
{
	if (scale > DECIMAL_SCALE_MAX)
		return false;
	if (scale >= value.scale) {
		if (!scale_up(&value.units, scale - value.scale))
			return false;
	} else if (!divide(value.units, powers[value.scale - scale],
		       &value.units)) {
		return false;
	}
	*result = (struct decimal){ value.units, scale };
	return true;
}

struct decimal
decimal_neg(struct decimal value)
{
	/* INT64_MIN cannot be parsed or computed: divide and parse exclude it.
	 */
	value.units = value.units == INT64_MIN ? INT64_MAX : -value.units;
	return value;
}

int
decimal_cmp(struct decimal a, struct decimal b)
{
	wide left = (wide)a.units * powers[b.scale];
	wide right = (wide)b.units * powers[a.scale];

	return (left > right) - (left < right);
}

int
decimal_sign(struct decimal value)
{
	return (value.units > 0) - (value.units < 0);
}

void
decimal_add_to(struct buf *to, struct decimal value)
{
	char text[24]; /* 19 digits, a zero before the point, point, sign */
	size_t at = sizeof(text);
	uint64_t units = value.units < 0 ? (uint64_t)0 - (uint64_t)value.units
					 : (uint64_t)value.units;

	for (unsigned i = 0; i < value.scale; i++, units /= 10)
		text[--at] = (char)('0' + units % 10);
	if (value.scale > 0)
		text[--at] = '.';
	do
		text[--at] = (char)('0' + units % 10);
	while ((units /= 10) > 0);
	if (value.units < 0)
		text[--at] = '-';
	buf_add(to, text + at, sizeof(text) - at);
}

struct decimal
decimal_trim(struct decimal value)
{
	while (value.scale > 0 && value.units % 10 == 0) {
		value.units /= 10;
		value.scale--;
	}
	return value;
}
