#include "map/movement_type.h"
#include "map/phone.h"
#include "map/value.h"
#include "tap.h"

static struct arena arena;

/* clang-format off */
static const struct {
	row_function *function;
	const char *name, *first, *second, *want; /* NULL = nothing */
} values[] = {
	{value_alpha, "leading zeros fall off a number", "0000012345", "", "12345"},
	{value_alpha, "and stay on anything else", "00A1", "", "00A1"},
	{value_alpha, "ten zeros are one", "0000000000", "", "0"},
	{value_alpha, "what was not sent", "/", "", NULL},
	{value_text, "a unit as it was sent", "ST", "", "ST"},
	{value_text, "an EAN with its zeros", "00099999999999", "", "00099999999999"},
	{value_text, "what was not sent", "/", "", NULL},
	{value_text, "a name space is something", "/CWM/TARA", "", "/CWM/TARA"},
	{value_item, "an item number", "000010", "", "10"},
	{value_item, "item zero is none", "000000", "", NULL},
	{value_money, "a trailing minus", "12.50-", "", "-12.50"},
	{value_money, "a leading minus", "-3", "", "-3.00"},
	{value_money, "a leading plus", "+3", "", "3.00"},
	{value_money, "a trailing plus", "3.5+", "", "3.50"},
	{value_money, "blanks around", " 474.37 ", "", "474.37"},
	{value_money, "padded with zeros", "000012.50-", "", "-12.50"},
	{value_money, "two signs", "-3-", "", NULL},
	{value_money, "a sign alone", "-", "", NULL},
	{value_money, "a minus behind a blank", "12.50 -", "", "-12.50"},
	{value_money, "thousands", "1,234.56", "", NULL},
	{value_money, "thousands the other way", "1.234,56", "", NULL},
	{value_money, "two points", "1.234.56", "", NULL},
	{value_money, "zero", "0", "", "0.00"},
	{value_money, "what was not sent", "/", "", NULL},
	{value_money, "an exponent", "1e3", "", NULL},
	{value_money, "twenty digits", "12345678901234567890", "", NULL},
	{value_money, "digits that say something stay", "1.2345", "", "1.2345"},
	{value_money, "and others go", "1.5000", "", "1.50"},
	{value_money, "a decimal comma is not guessed", "32,000", "", NULL},
	{value_discount, "a discount is negative", "5.00", "", "-5.00"},
	{value_discount, "whichever way it was written", "5.00-", "", "-5.00"},
	{value_quantity, "a quantity is trimmed", "5.000", "", "5"},
	{value_quantity, "a negative one", "5.500-", "", "-5.5"},
	{value_quantity, "zero stays zero", "0.000", "", "0"},
	{value_quantity, "what is no number is left out", "abc", "", NULL},
	{value_date_time, "winter", "20260115", "120000", "2026-01-15T12:00:00Z"},
	{value_date_time, "summer", "20260715", "120000", "2026-07-15T11:00:00Z"},
	{value_date_time, "no time is midnight", "20260115", "", "2026-01-15T00:00:00Z"},
	{value_date_time, "the end of a day", "20260115", "240000", "2026-01-16T00:00:00Z"},
	{value_date_time, "the end of the day on which summer begins", "20260328", "240000", "2026-03-29T00:00:00Z"},
	{value_date_time, "no date and midnight", "00000000", "000000", NULL},
	{value_date_time, "no date at all", "", "101500", NULL},
	{value_date_time, "a date that was not sent", "/", "101500", NULL},
	{value_date, "a day", "20260302", "", "2026-03-02"},
	{value_date, "no end is no day", "99991231", "", NULL},
	{value_date, "a day with a point", "02.03.2026", "", NULL},
	{value_digits, "a day as SAP has it", "20260302", "", "20260302"},
	{value_digits, "an initial one", "00000000", "", NULL},
	{value_date_time, "a time that is none", "20260115", "999999", "2026-01-15T00:00:00Z"},
	{value_date_time, "an initial date", "00000000", "120000", NULL},
	{value_date_time, "no end", "99991231", "", NULL},
	{value_date_time, "a day that is none", "20260231", "", NULL},
	{value_timestamp, "a timestamp", "20260715120000", "", "2026-07-15T11:00:00Z"},
	{value_timestamp, "without end", "99991231235959", "", NULL},
	{value_country, "a country", "gb", "", "GB"},
	{value_country, "a country that is none", "ZZZ", "", NULL},
	{value_language, "a language", "EN", "", "EN"},
	{value_language, "SAP's letter", "D", "", "DE"},
	{value_language, "its case matters", "c", "", "CA"},
	{value_language, "digits are keys", "1", "", "ZH"},
	{value_language, "a code in small letters", "de", "", "DE"},
	{value_language, "a code of three letters", "ENG", "", NULL},
	{value_language, "an unknown letter", "?", "", NULL},
	{value_action, "added", "001", "", "add"},
	{value_action, "deleted", "003", "", "delete"},
	{value_action, "unchanged", "004", "", NULL},
	{value_action, "zero", "000", "", NULL},
};

static const struct {
	const char *typed, *country, *want; /* NULL = as typed */
} phones[] = {
	{"06 1 234 5678", "HU", "+3612345678"},
	{"1 234 5678", "HU", "+3612345678"},
	{"07700 900123", "GB", "+447700900123"},
	{"7700 900123", "GB", "+447700900123"},
	{"+44 (0)7700 900-123", "GB", "+447700900123"},
	{"0044 7700 900123", "DE", "+447700900123"},
	{"447700900123", "GB", NULL},
	{"0152/111111", "DE", "+49152111111"},
	{"(212) 555-0100", "US", "+12125550100"},
	{"1 212 555 0100", "US", "+12125550100"},
	{"011 44 7700 900123", "US", "+447700900123"},
	{"06 1234 5678", "IT", "+390612345678"},
	{"612 345 678", "ES", "+34612345678"},
	{"07700 900123", "", NULL},
	{"07700 900123", "XX", NULL},
	{"+12", "GB", NULL},
	{"07700 900123 ext 5", "GB", NULL},
	{"+4477009001234567890", "GB", NULL},
	{"", "GB", NULL},
};

static const struct {
	const char *type;
	enum movement_effect effect;
} movements[] = {
	{"101", MOVEMENT_PLUS}, {"102", MOVEMENT_MINUS}, {"122", MOVEMENT_MINUS}, {"123", MOVEMENT_PLUS},
	{"103", MOVEMENT_NONE}, {"261", MOVEMENT_MINUS}, {"262", MOVEMENT_PLUS}, {"301", MOVEMENT_TRANSFER},
	{"312", MOVEMENT_TRANSFER_BACK}, {"321", MOVEMENT_PLUS}, {"324", MOVEMENT_NONE}, {"350", MOVEMENT_NONE},
	{"561", MOVEMENT_PLUS}, {"601", MOVEMENT_MINUS}, {"602", MOVEMENT_PLUS}, {"603", MOVEMENT_UNKNOWN},
	{"653", MOVEMENT_PLUS}, {"701", MOVEMENT_PLUS}, {"702", MOVEMENT_MINUS}, {"711", MOVEMENT_MINUS},
	{"712", MOVEMENT_PLUS}, {"901", MOVEMENT_UNKNOWN}, {"Z01", MOVEMENT_UNKNOWN}, {"", MOVEMENT_UNKNOWN},
	{"1010", MOVEMENT_UNKNOWN},
};

static const struct {
	const char *serial, *credat, *cretim, *docnum, *seq, *number;
} keys[] = {
	{"20261123071200123", "20260101", "000000", "0000000000000042", "20261123071200.0000000000000042", "0000000000000042"},
	{"", "20260101", "123000", "42", "20260101123000.0000000000000042", "0000000000000042"},
	{"123", "20260101", "", "42", "20260101000000.0000000000000042", "0000000000000042"},
	{"99999999999999", "", "", "A1", "00000000000000.0000000000000000", "A1"},
	{"", "", "", "", "00000000000000.0000000000000000", "#0123456789abcdef"},
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
test_values(void)
{
	struct row_at at = { .arena = &arena };

	for (size_t i = 0; i < COUNT(values); i++) {
		struct str raw[PATH_FIELDS] = { str_of(values[i].first),
			str_of(values[i].second) };
		struct row_result got = values[i].function(&at, raw);

		if (values[i].want == NULL)
			OK(got.kind == ROW_NOTHING, values[i].name);
		else
			IS_STR(arena_str(&arena, row_text(&at, got)).data,
			    values[i].want, values[i].name);
	}
}

static void
test_phones(void)
{
	for (size_t i = 0; i < COUNT(phones); i++) {
		struct str number = STR_NONE;
		bool made = phone_e164(str_of(phones[i].typed),
		    str_of(phones[i].country), &arena, &number);

		if (phones[i].want == NULL)
			OK(!made, "a number that stays as it was typed");
		else
			IS_STR(number.data, phones[i].want, phones[i].typed);
	}
}

/* The default expression is not tried, but what it says is known. */
static void
test_web_numbers(void)
{
	static const char *const numbers[] = { "W100001", "1234", "123",
		"1a2b3c4", "12 34", "1234\t", "a@1234", "1234@", "", "-----",
		"\303\2441234" };
	const char *expression = config_text(NULL, "order", NULL, "web-number");
	struct map map = { .web_number_set = true };
	struct row_at at = { .map = &map, .arena = &arena };

	OK(value_is_standard_web_number(expression), "the default is known");
	regcomp(&map.web_number, expression, REG_EXTENDED | REG_NOSUB);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct str raw[PATH_FIELDS] = { str_of(numbers[i]) };
		enum row_kind kind;

		map.web_number_standard = false;
		kind = value_web_order(&at, raw).kind;
		map.web_number_standard = true;
		IS_INT(value_web_order(&at, raw).kind, kind, numbers[i]);
	}
	regfree(&map.web_number);
}

static void
test_keys(void)
{
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct idoc_control control = {
			.serial = str_of(keys[i].serial),
			.credat = str_of(keys[i].credat),
			.cretim = str_of(keys[i].cretim),
			.docnum = str_of(keys[i].docnum),
			.sndpor = STR("SAPECC"),
		};
		struct hash hash = { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd,
		    0xef, 0xff } };
		struct record_src src;
		struct str seq;

		map_src(&control, STR("a"), 1, hash, &arena, &src, &seq);
		IS_STR(seq.data, keys[i].seq, "seq");
		IS_STR(arena_str(&arena, src.docnum).data, keys[i].number,
		    "docnum");
		IS_STR(arena_str(&arena, src.sys).data, "SAPECC", "sys");
	}
}

int
main(void)
{
	struct diag diag = { 0 };

	zone_use("Europe/London", &diag);
	test_values();
	test_phones();
	test_web_numbers();
	for (size_t i = 0; i < COUNT(movements); i++)
		IS_INT(movement_type_effect(str_of(movements[i].type), NULL),
		    movements[i].effect, movements[i].type);
	OK(movement_type_reverses(STR("102")), "102 takes 101 back");
	OK(!movement_type_reverses(STR("122")), "122 takes nothing back");
	OK(!movement_type_reverses(STR("902")), "an unknown type neither");
	OK(movement_type_other(STR("412")), "412 is about own stock");
	OK(!movement_type_other(STR("601")), "601 about what it names");
	test_keys();
	arena_free(&arena);
	DONE();
}
