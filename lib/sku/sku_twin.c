#include "sku/sku_twin.h"

#include "base/text.h"

#define GTIN_MIN 8
#define GTIN_MAX 14

/* What people and spreadsheets put between and around: hyphens of all lengths,
 * blanks that cannot be seen, and ="0012" or '0012. */
static size_t
separator_length(struct str text)
{
	static const char *const wide[] = { "\xC2\xA0", "\xC2\xAD",
		"\xE2\x80\x8B", "\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x93",
		"\xE2\x80\x94", "\xE2\x80\xAF", "\xEF\xBB\xBF" };

	if (text.data[0] != '\0' && strchr(" -_./\t'\"=", text.data[0]) != NULL)
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (str_starts(text, wide[i]))
			return strlen(wide[i]);
	return 0;
}

static void
fold(struct str sku, bool lower, bool strip, struct buf *to)
{
	struct str digits;

	buf_clear(to);
	sku = str_trim(sku);
	for (size_t i = 0; i < sku.len; i++) {
		size_t skip = strip ? separator_length(str_from(sku, i)) : 0;

		if (skip > 0)
			i += skip - 1;
		else
			buf_add_char(to,
			    lower ? text_lower(sku.data[i]) : sku.data[i]);
	}
	digits = str_alpha_out(buf_str(to));
	if (digits.len < to->len) {
		memmove(to->data, digits.data, digits.len);
		to->len = digits.len;
		to->data[to->len] = '\0';
	}
}

void
sku_twin_key(struct str sku, struct buf *key)
{
	fold(sku, true, true, key);
}

bool
sku_twin_is_gtin(struct str key)
{
	unsigned sum = 0;

	/* Zeros in front change neither length nor digit of what it stands for:
	 * a GTIN-13 is a GTIN-14 that begins with one. */
	if (key.len < GTIN_MIN - 1 || key.len > GTIN_MAX ||
	    !str_all_digits(key))
		return false;
	for (size_t i = 0; i < key.len; i++) {
		unsigned digit = (unsigned)(key.data[key.len - 1 - i] - '0');

		sum += i % 2 == 1 ? 3 * digit : digit;
	}
	return sum % 10 == 0;
}

const char *
sku_twin_why(struct str a, struct str b)
{
	static const struct {
		bool lower, strip;
		const char *why;
	} steps[] = {
		{ false, false, "padding" },
		{ true, false, "case" },
		{ false, true, "separators" },
		{ true, true, "case and separators" },
	};
	struct buf left = BUF_INIT, right = BUF_INIT;
	const char *why = "check digit";

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		fold(a, steps[i].lower, steps[i].strip, &left);
		fold(b, steps[i].lower, steps[i].strip, &right);
		if (str_eq(buf_str(&left), buf_str(&right))) {
			why = steps[i].why;
			break;
		}
	}
	buf_free(&left);
	buf_free(&right);
	return why;
}
