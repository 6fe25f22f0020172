#include "map/value.h"

#include "base/pattern.h"
#include "base/text.h"
#include "map/phone.h"

/* SAP's one-letter language keys (table T002); case matters. */
/* clang-format off */
static const struct {
	char key;
	char iso[3];
} languages[] = {
	{'0', "SR"}, {'1', "ZH"}, {'2', "TH"}, {'3', "KO"}, {'4', "RO"},
	{'5', "SL"}, {'6', "HR"}, {'7', "MS"}, {'8', "UK"}, {'9', "ET"},
	{'A', "AR"}, {'B', "HE"}, {'C', "CS"}, {'D', "DE"}, {'E', "EN"},
	{'F', "FR"}, {'G', "EL"}, {'H', "HU"}, {'I', "IT"}, {'J', "JA"},
	{'K', "DA"}, {'L', "PL"}, {'M', "ZH"}, {'N', "NL"}, {'O', "NO"},
	{'P', "PT"}, {'Q', "SK"}, {'R', "RU"}, {'S', "ES"}, {'T', "TR"},
	{'U', "FI"}, {'V', "SV"}, {'W', "BG"}, {'X', "LT"}, {'Y', "LV"},
	{'a', "AF"}, {'b', "IS"}, {'c', "CA"}, {'d', "SH"}, {'i', "ID"},
};
/* clang-format on */

struct row_result
value_of(struct str text)
{
	if (str_is(text, VALUE_UNSENT))
		return VALUE_NOTHING;
	return (
	    struct row_result){ .kind = text.len > 0 ? ROW_TEXT : ROW_NOTHING,
		.text = text };
}

struct row_result
value_bool(bool value)
{
	return (struct row_result){ .kind = value ? ROW_TRUE : ROW_FALSE };
}

struct row_result
value_number(struct decimal number)
{
	return (struct row_result){ .kind = ROW_NUMBER, .number = number };
}

struct row_result
value_amount(const struct row_at *at, struct decimal amount)
{
	(void)at;
	if (amount.scale > 2)
		amount = decimal_trim(amount);
	if (amount.scale < 2 && !decimal_rescale(amount, 2, &amount))
		return VALUE_NOTHING;
	return value_number(amount);
}

struct row_result
value_text(const struct row_at *at, const struct str *raw)
{
	(void)at;
	return value_of(raw[0]);
}

struct row_result
value_alpha(const struct row_at *at, const struct str *raw)
{
	(void)at;
	return value_of(str_alpha_out(raw[0]));
}

struct row_result
value_matnr(const struct row_at *at, const struct str *raw)
{
	struct str matnr = str_alpha_out(raw[0]);
	struct str material = row_value(at, "material");

	return material.len > 0 && !str_eq(matnr, str_alpha_out(material))
		   ? value_of(raw[0])
		   : VALUE_NOTHING;
}

struct row_result
value_line_matnr(const struct row_at *at, const struct str *raw)
{
	struct str number = raw[1].len > 0 ? raw[1] : raw[2];

	return number.len > 0 && !str_eq(number, raw[0]) &&
		       str_eq(number, row_value(at, "lines.material"))
		   ? value_of(raw[0])
		   : VALUE_NOTHING;
}

struct row_result
value_item(const struct row_at *at, const struct str *raw)
{
	struct str item = str_alpha_out(raw[0]);

	(void)at;
	return value_of(str_is(item, "0") ? STR_NONE : item);
}

struct row_result
value_element(const struct row_at *at, const struct str *raw)
{
	(void)raw;
	return value_of(
	    arena_format(at->arena, "%llu", (unsigned long long)at->element));
}

struct row_result
value_flag(const struct row_at *at, const struct str *raw)
{
	(void)at;
	if (str_is(raw[0], VALUE_UNSENT))
		return (struct row_result){ .kind = ROW_TEXT };
	if (raw[0].len != 1 || strchr("Xx1JjYy", raw[0].data[0]) == NULL)
		return VALUE_NOTHING;
	return value_bool(true);
}

struct row_result
value_deleted(const struct row_at *at, const struct str *raw)
{
	return str_is(raw[0], "003") ? value_bool(true) : value_flag(at, raw);
}

/* A reduced message marks each field that it does not send. */
struct row_result
value_reduced(const struct row_at *at, const struct str *raw)
{
	(void)at;
	for (size_t i = 0; i < PATH_FIELDS; i++)
		if (str_is(raw[i], VALUE_UNSENT))
			return value_bool(true);
	return VALUE_NOTHING;
}

struct row_result
value_present(const struct row_at *at, const struct str *raw)
{
	(void)at;
	return raw[0].len > 0 ? value_bool(true) : VALUE_NOTHING;
}

struct row_result
value_money(const struct row_at *at, const struct str *raw)
{
	struct decimal amount;

	if (!decimal_parse(raw[0], &amount))
		return VALUE_NOTHING;
	return value_amount(at, amount);
}

struct row_result
value_discount(const struct row_at *at, const struct str *raw)
{
	struct decimal amount;

	if (!decimal_parse(raw[0], &amount))
		return VALUE_NOTHING;
	return value_amount(at,
	    decimal_sign(amount) > 0 ? decimal_neg(amount) : amount);
}

struct row_result
value_quantity(const struct row_at *at, const struct str *raw)
{
	struct decimal quantity;

	(void)at;
	if (!decimal_parse(raw[0], &quantity))
		return VALUE_NOTHING;
	return value_number(decimal_trim(quantity));
}

struct row_result
value_date(const struct row_at *at, const struct str *raw)
{
	instant day;

	if (!zone_from_sap(raw[0], STR_NONE, &day))
		return VALUE_NOTHING;
	return value_of(arena_format(at->arena, "%.4s-%.2s-%.2s", raw[0].data,
	    raw[0].data + 4, raw[0].data + 6));
}

struct row_result
value_digits(const struct row_at *at, const struct str *raw)
{
	return value_date(at, raw).kind == ROW_NOTHING ? VALUE_NOTHING
						       : value_of(raw[0]);
}

static struct row_result
instant_result(const struct row_at *at, instant when)
{
	char text[INSTANT_TEXT];

	return value_of(
	    arena_str(at->arena, str_of(instant_format(when, text))));
}

struct row_result
value_date_time(const struct row_at *at, const struct str *raw)
{
	instant when;

	/* SAP's end of a day is the beginning of the next. */
	if (str_is(raw[1], "240000") &&
	    zone_from_sap(raw[0], STR("235959"), &when))
		return instant_result(at, when + 1);
	/* A time that is no time costs the time, not the date. */
	if (!zone_from_sap(raw[0], raw[1], &when) &&
	    !zone_from_sap(raw[0], STR_NONE, &when))
		return VALUE_NOTHING;
	return instant_result(at, when);
}

struct row_result
value_timestamp(const struct row_at *at, const struct str *raw)
{
	instant when;

	if (raw[0].len == 8 && zone_from_sap(raw[0], STR_NONE, &when))
		return instant_result(at, when);
	if (!str_all_digits(raw[0]) || !zone_from_digits(raw[0], &when))
		return VALUE_NOTHING;
	return instant_result(at, when);
}

static bool
two_letters(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text_upper(text.data[i]);

		if (c < 'A' || c > 'Z')
			return false;
	}
	return text.len == 2;
}

static struct str
upper_two(const struct row_at *at, struct str text)
{
	struct str copy = arena_str(at->arena, text);
	char *letters = (char *)(uintptr_t)copy.data;

	letters[0] = text_upper(text.data[0]);
	letters[1] = text_upper(text.data[1]);
	return copy;
}

struct row_result
value_country(const struct row_at *at, const struct str *raw)
{
	return two_letters(raw[0]) ? value_of(upper_two(at, raw[0]))
				   : VALUE_NOTHING;
}

struct row_result
value_language(const struct row_at *at, const struct str *raw)
{
	const size_t count = sizeof(languages) / sizeof(languages[0]);

	/* Translators write the ISO code into the one-letter field. */
	if (two_letters(raw[0]))
		return value_of(upper_two(at, raw[0]));
	for (size_t i = 0; raw[0].len == 1 && i < count; i++)
		if (languages[i].key == raw[0].data[0])
			return value_of(str_of(languages[i].iso));
	return VALUE_NOTHING;
}

struct row_result
value_phone_in(const struct row_at *at, struct str typed, struct str country)
{
	struct str number;

	if (phone_e164(typed, country, at->arena, &number))
		return value_of(number);
	return value_of(typed);
}

struct row_result
value_phone(const struct row_at *at, const struct str *raw)
{
	return value_phone_in(at, raw[0], row_value(at, "country"));
}

struct row_result
value_action(const struct row_at *at, const struct str *raw)
{
	static const char *const actions[] = { "add", "change", "delete" };
	uint64_t code;

	(void)at;
	if (raw[0].len != 3 || !str_to_u64(raw[0], 3, &code) || code == 0)
		return VALUE_NOTHING;
	return value_of(str_of(actions[code - 1]));
}

/* The default of [order] web-number, which every order is asked about twice:
 * no blanks and no '@', at least four digits. */
#define STANDARD_WEB_NUMBER "^[^[:blank:]@]*([0-9][^[:blank:]@]*){4,}$"

bool
value_is_standard_web_number(const char *expression)
{
	return strcmp(expression, STANDARD_WEB_NUMBER) == 0;
}

static bool
is_web_number(struct str text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == ' ' || c == '\t' || c == '@')
			return false;
		digits += c >= '0' && c <= '9';
	}
	return digits >= 4;
}

struct row_result
value_web_order(const struct row_at *at, const struct str *raw)
{
	char number[64 + 1];

	/* SAP's longest number field has 35 characters; the expression is not
	 * tried on what hostile input puts there. */
	if (raw[0].len == 0 || !str_copy(number, sizeof(number), raw[0]) ||
	    !at->map->web_number_set ||
	    memchr(raw[0].data, '\0', raw[0].len) != NULL)
		return VALUE_NOTHING;
	if (at->map->web_number_standard)
		return is_web_number(raw[0]) ? value_of(raw[0]) : VALUE_NOTHING;
	if (!pattern_matches(&at->map->web_number, number))
		return VALUE_NOTHING;
	return value_of(raw[0]);
}
