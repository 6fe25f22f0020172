#include "base/country.h"

#include "base/text.h"

/* ISO 3166-1, with XK, which SAP and Ometria use for Kosovo. */
static const char codes[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI "
    "BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN "
    "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
    "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS XK YE YT ZA ZM ZW ";

/* 9 is a digit, A a letter; forms of one country have a bar between them. */
static const struct form {
	const char *country, *forms;
} forms[] = {
	{ "AT", "9999" },
	{ "AU", "9999" },
	{ "BE", "9999" },
	{ "CA", "A9A9A9" },
	{ "CH", "9999" },
	{ "CZ", "99999" },
	{ "DE", "99999" },
	{ "DK", "9999" },
	{ "ES", "99999" },
	{ "FI", "99999" },
	{ "FR", "99999" },
	{ "GB", "A99AA|A999AA|AA99AA|AA999AA|A9A9AA|AA9A9AA" },
	{ "GR", "99999" },
	{ "HU", "9999" },
	{ "IE", "A99AAAA|A999999|A99A999|A9999AA|A9A9999|A99AA99" },
	{ "IN", "999999" },
	{ "IT", "99999" },
	{ "JP", "9999999" },
	{ "LI", "9999" },
	{ "LU", "9999" },
	{ "MX", "99999" },
	{ "NL", "9999AA" },
	{ "NO", "9999" },
	{ "NZ", "9999" },
	{ "PL", "99999" },
	{ "PT", "9999999" },
	{ "SE", "99999" },
	{ "SK", "99999" },
	{ "US", "99999|999999999" },
	{ "ZA", "9999" },
};

#define POSTCODE_MAX 16

bool
country_known(struct str code)
{
	for (size_t at = 0; code.len == 2 && codes[at] != '\0'; at += 3)
		if (memcmp(codes + at, code.data, 2) == 0)
			return true;
	return false;
}

static bool
has_form(const char *form, size_t len, const char *postcode)
{
	for (size_t i = 0; i < len; i++) {
		bool digit = postcode[i] >= '0' && postcode[i] <= '9';
		bool letter = postcode[i] >= 'A' && postcode[i] <= 'Z';

		if (form[i] == '9' ? !digit : !letter)
			return false;
	}
	return postcode[len] == '\0';
}

static bool
has_one_of(const char *form, const char *postcode)
{
	for (size_t len; *form != '\0'; form += len + (form[len] == '|')) {
		len = strcspn(form, "|");
		if (strlen(postcode) == len && has_form(form, len, postcode))
			return true;
	}
	return false;
}

bool
country_postcode_fits(struct str code, struct str postcode)
{
	char bare[POSTCODE_MAX + 1] = "";
	const char *form = NULL;
	size_t len = 0;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (str_is(code, forms[i].country))
			form = forms[i].forms;
	if (form == NULL)
		return true;
	for (size_t i = 0; i < postcode.len; i++) {
		if (postcode.data[i] == ' ' || postcode.data[i] == '-')
			continue;
		if (len == POSTCODE_MAX)
			return false;
		bare[len++] = text_upper(postcode.data[i]);
	}
	bare[len] = '\0';
	return has_one_of(form, bare) ||
	       (memcmp(bare, code.data, 2) == 0 && has_one_of(form, bare + 2));
}
