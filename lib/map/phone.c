#include "map/phone.h"

#define DIGITS_MAX 15
#define DIGITS_MIN 8

/*
 * Calling codes (ITU-T E.164 list of assigned codes) and trunk prefixes: what
 * is dialled in front of a national number at home and falls off abroad. ""
 * where there is none; Italy's and San Marino's zero belongs to the number.
 */
/* clang-format off */
static const struct country {
	char iso[3];
	char code[5];
	char trunk[3];
} countries[] = {
	{"AE", "971", "0"}, {"AR", "54", "0"}, {"AT", "43", "0"},
	{"AU", "61", "0"}, {"BE", "32", "0"}, {"BG", "359", "0"},
	{"BR", "55", "0"}, {"CA", "1", "1"}, {"CH", "41", "0"},
	{"CL", "56", ""}, {"CN", "86", "0"}, {"CO", "57", ""},
	{"CY", "357", ""}, {"CZ", "420", ""}, {"DE", "49", "0"},
	{"DK", "45", ""}, {"EE", "372", ""}, {"EG", "20", "0"},
	{"ES", "34", ""}, {"FI", "358", "0"}, {"FR", "33", "0"},
	{"GB", "44", "0"}, {"GG", "44", "0"}, {"GI", "350", ""},
	{"GR", "30", ""}, {"HK", "852", ""}, {"HR", "385", "0"},
	{"HU", "36", "06"},
	{"IE", "353", "0"}, {"IL", "972", "0"}, {"IM", "44", "0"},
	{"IN", "91", "0"}, {"IS", "354", ""}, {"IT", "39", ""},
	{"JE", "44", "0"}, {"JP", "81", "0"}, {"KR", "82", "0"},
	{"KW", "965", ""}, {"LI", "423", ""}, {"LU", "352", ""},
	{"LV", "371", ""}, {"MA", "212", "0"}, {"MC", "377", ""},
	{"MT", "356", ""}, {"MX", "52", ""}, {"MY", "60", "0"},
	{"NL", "31", "0"}, {"NO", "47", ""}, {"NZ", "64", "0"},
	{"PH", "63", "0"}, {"PL", "48", ""}, {"PT", "351", ""},
	{"QA", "974", ""}, {"RO", "40", "0"}, {"RS", "381", "0"},
	{"SA", "966", "0"}, {"SE", "46", "0"}, {"SG", "65", ""},
	{"SI", "386", "0"}, {"SK", "421", "0"}, {"SM", "378", ""},
	{"TH", "66", "0"}, {"TR", "90", "0"}, {"TW", "886", "0"},
	{"UA", "380", "0"}, {"US", "1", "1"}, {"VN", "84", "0"},
	{"ZA", "27", "0"},
};
/* clang-format on */

static const struct country *
find_country(struct str iso)
{
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
		if (str_is(iso, countries[i].iso))
			return &countries[i];
	return NULL;
}

/* Digits of a typed number; false when it holds anything but separators. */
static bool
take_digits(struct str typed, char digits[32], bool *plus)
{
	size_t count = 0;

	*plus = false;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.data[i];

		/* "+44 (0)20": the zero in brackets is for home callers. */
		if (c == '(' && *plus && i + 2 < typed.len &&
		    typed.data[i + 1] == '0' && typed.data[i + 2] == ')') {
			i += 2;
			continue;
		}
		if (c == '+' && count == 0 && !*plus) {
			*plus = true;
			continue;
		}
		if (c == ' ' || c == '-' || c == '/' || c == '.' || c == '(' ||
		    c == ')')
			continue;
		if (c < '0' || c > '9' || count + 1 == 32)
			return false;
		digits[count++] = c;
	}
	digits[count] = '\0';
	return true;
}

static bool
make(const char *code, const char *digits, struct arena *arena,
    struct str *number)
{
	size_t len = strlen(code) + strlen(digits);

	if (len < DIGITS_MIN || len > DIGITS_MAX ||
	    (code[0] != '\0' ? code[0] : digits[0]) == '0')
		return false;
	*number = arena_format(arena, "+%s%s", code, digits);
	return true;
}

bool
phone_e164(struct str typed, struct str country, struct arena *arena,
    struct str *number)
{
	const struct country *row = find_country(country);
	char digits[32];
	const char *national = digits;
	bool plus;

	if (!take_digits(str_trim(typed), digits, &plus))
		return false;
	if (plus)
		return make("", digits, arena, number);
	if (row == NULL)
		return strncmp(digits, "00", 2) == 0 &&
		       make("", digits + 2, arena, number);
	if (strcmp(row->code, "1") == 0 && strncmp(digits, "011", 3) == 0)
		return make("", digits + 3, arena, number);
	if (strncmp(digits, "00", 2) == 0)
		return make("", digits + 2, arena, number);
	if (strncmp(digits, row->trunk, strlen(row->trunk)) == 0)
		national += strlen(row->trunk);
	else if (row->trunk[0] == '0' &&
		 strncmp(digits, row->code, strlen(row->code)) == 0)
		return false; /* the country code without its plus, or not? */
	return make(row->code, national, arena, number);
}
