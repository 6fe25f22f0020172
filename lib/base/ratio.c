#include "base/ratio.h"

/* Products and sums of products of 64-bit values. */
__extension__ typedef __int128 wide;

static wide
magnitude(wide value)
{
	return value < 0 ? -value : value;
}

/* Greatest common divisor, by Euclid. */
static wide
common(wide a, wide b)
{
	while (b != 0) {
		wide rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static bool
reduce(wide top, wide bottom, struct ratio *ratio)
{
	wide divisor;

	if (bottom == 0)
		return false;
	if (bottom < 0) {
		top = -top;
		bottom = -bottom;
	}
	divisor = common(magnitude(top), bottom);
	top /= divisor;
	bottom /= divisor;
	if (magnitude(top) > INT64_MAX || bottom > INT64_MAX)
		return false;
	*ratio = (struct ratio){ (int64_t)top, (int64_t)bottom };
	return true;
}

bool
ratio_of(struct decimal value, struct ratio *ratio)
{
	int64_t bottom = 1;

	for (unsigned i = 0; i < value.scale; i++)
		bottom *= 10;
	return reduce(value.units, bottom, ratio);
}

static bool
parse_one(struct str text, struct ratio *ratio)
{
	struct decimal value;

	return decimal_parse(text, &value) && ratio_of(value, ratio);
}

bool
ratio_parse(struct str text, struct ratio *ratio)
{
	const char *slash =
	    text.len > 0 ? memchr(text.data, '/', text.len) : NULL;
	struct ratio bottom;
	struct str behind;

	if (slash == NULL)
		return parse_one(text, ratio);
	behind.data = slash + 1;
	behind.len = (size_t)(text.data + text.len - behind.data);
	text.len = (size_t)(slash - text.data);
	return parse_one(text, ratio) && parse_one(behind, &bottom) &&
	       ratio_div(*ratio, bottom, ratio);
}

bool
ratio_add(struct ratio a, struct ratio b, struct ratio *sum)
{
	wide top;

	if (__builtin_add_overflow((wide)a.top * b.bottom,
		(wide)b.top * a.bottom, &top))
		return false;
	return reduce(top, (wide)a.bottom * b.bottom, sum);
}

bool
ratio_mul(struct ratio a, struct ratio b, struct ratio *product)
{
	return reduce((wide)a.top * b.top, (wide)a.bottom * b.bottom, product);
}

bool
ratio_div(struct ratio a, struct ratio b, struct ratio *quotient)
{
	return reduce((wide)a.top * b.bottom, (wide)a.bottom * b.top, quotient);
}

int
ratio_cmp(struct ratio a, struct ratio b)
{
	wide left = (wide)a.top * b.bottom, right = (wide)b.top * a.bottom;

	return (left > right) - (left < right);
}

int
ratio_sign(struct ratio ratio)
{
	return (ratio.top > 0) - (ratio.top < 0);
}
