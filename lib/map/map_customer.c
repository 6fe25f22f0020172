#include "base/text.h"
#include "map/row.h"
#include "map/value.h"

#define KUNNR_LENGTH 10

/* Ten characters as SAP has it: middleware drops the zeros in front. */
static struct row_result
rule_kunnr(const struct row_at *at, const struct str *raw)
{
	if (!str_all_digits(raw[0]) || raw[0].len >= KUNNR_LENGTH)
		return value_of(raw[0]);
	return value_of(arena_format(at->arena, "%.*s%.*s",
	    (int)(KUNNR_LENGTH - raw[0].len), "0000000000", STR_ARGS(raw[0])));
}

static struct row_result
rule_one_time(const struct row_at *at, const struct str *raw)
{
	if (str_is(raw[0], VALUE_UNSENT))
		return VALUE_NOTHING;
	return value_bool(config_lists(at->config, "customer", NULL,
	    "one-time-groups", raw[0]));
}

/* The part in front of, or behind, the last blank of a full name. */
static struct str
full_name_part(struct str name, bool last)
{
	size_t at = name.len;

	while (at > 0 && name.data[at - 1] != ' ')
		at--;
	if (last)
		return (struct str){ name.data + at, name.len - at };
	return str_trim((struct str){ name.data, at });
}

/* What [customer] name1 and name2 say that NAME1 and NAME2 (raw) hold. */
static struct row_result
name_part(const struct row_at *at, const struct str *raw, const char *part)
{
	static const char *const keys[] = { "name1", "name2" };

	for (size_t i = 0; i < 2; i++) {
		struct str holds =
		    str_of(config_text(at->config, "customer", NULL, keys[i]));

		if (raw[i].len == 0)
			continue;
		if (str_is(holds, part))
			return value_of(raw[i]);
		if (str_is(holds, "full") && strcmp(part, "company") != 0)
			return value_of(
			    full_name_part(raw[i], strcmp(part, "last") == 0));
	}
	return VALUE_NOTHING;
}

static struct row_result
rule_first_name(const struct row_at *at, const struct str *raw)
{
	return name_part(at, raw, "first");
}

static struct row_result
rule_last_name(const struct row_at *at, const struct str *raw)
{
	return name_part(at, raw, "last");
}

static struct row_result
rule_company(const struct row_at *at, const struct str *raw)
{
	return name_part(at, raw, "company");
}

/* DEBMAS01 to 07. */
/* clang-format off */
static const struct row customer_rows[] = {
	{"kunnr", "E1KNA1M/KUNNR", .value = value_text, .rule = rule_kunnr},
	{"function", "E1KNA1M/MSGFN", .value = value_text},
	{"reduced", "E1KNA1M/NAME1+LAND1+SPRAS+KTOKD+ORT01", .value = value_flag,
	    .rule = value_reduced},
	{"one_time", "E1KNA1M/KTOKD", .value = value_flag, .rule = rule_one_time},
	{"deleted", "E1KNA1M/LOEVM", .value = value_flag, .no = true},
	{"privacy_block", "E1KNA11/CVP_XBLCK", .value = value_flag},
	{"blocked.order", "E1KNA1M/AUFSD", .value = value_text},
	{"blocked.delivery", "E1KNA1M/LIFSD", .value = value_text},
	{"blocked.billing", "E1KNA1M/FAKSD", .value = value_text},
	{"prefix", "E1KNA1M/ANRED", .limit = 15},
	{"first_name", "E1KNA1M/NAME1+NAME2", .rule = rule_first_name, .limit = 70},
	{"last_name", "E1KNA1M/NAME1+NAME2", .rule = rule_last_name, .limit = 70},
	{"company", "E1KNA1M/NAME1+NAME2", .rule = rule_company, .limit = 70},
	{"street", "E1KNA1M/STRAS", .limit = 70},
	{"city", "E1KNA1M/ORT01", .limit = 70},
	{"region", "E1KNA1M/REGIO", .limit = 3},
	{"postcode", "E1KNA1M/PSTLZ", .limit = 10},
	{"country", "E1KNA1M/LAND1", .value = value_country},
	{"language", "E1KNA1M/SPRAS_ISO | E1KNA1M/SPRAS", .value = value_language},
	{"phone", "E1KNA1M/TELF1 | E1KNA1M/TELF2", .value = value_phone, .limit = 30},
	{"account_group", "E1KNA1M/KTOKD", .value = value_text},
	{"sales_areas", "E1KNVVM", .mode = ROW_LIST},
	{"sales_areas.sales_org", "E1KNVVM/VKORG", .value = value_text},
	{"sales_areas.channel", "E1KNVVM/VTWEG", .value = value_text},
	{"sales_areas.division", "E1KNVVM/SPART", .value = value_text},
	{"sales_areas.deleted", "E1KNVVM/MSGFN | E1KNVVM/LOEVM",
	    .value = value_flag, .rule = value_deleted, .no = true},
	{"sales_areas.privacy_block", "E1KNVVM/CVP_XBLCK_V", .value = value_flag},
	{"sales_areas.order_block", "E1KNVVM/AUFSD", .value = value_text},
	{"sales_areas.customer_group", "E1KNVVM/KDGRP", .value = value_text},
	{"contact_persons", "E1KNVKM", .mode = ROW_LIST},
	{"contact_persons.number", "E1KNVKM/PARNR", .value = value_alpha},
	{"contact_persons.deleted", "E1KNVKM/MSGFN", .value = value_flag, .rule = value_deleted},
	{"contact_persons.prefix", "E1KNVKM/ANRED", .limit = 30},
	{"contact_persons.first_name", "E1KNVKM/NAMEV", .limit = 70},
	{"contact_persons.last_name", "E1KNVKM/NAME1", .limit = 70},
	{"marketing.opt_in", NULL, .value = value_flag},
	{"marketing.opt_out", NULL, .value = value_flag},
	{.key = NULL},
};

static struct row_result
rule_contact_customer(const struct row_at *at, const struct str *raw)
{
	if (!str_is(row_value(at, "object"), "KNA1"))
		return VALUE_NOTHING;
	return value_alpha(at, raw);
}

/* raw: TEL_NO with the country in front, TELEPHONE as typed, COUNTRYISO. */
static struct row_result
rule_contact_phone(const struct row_at *at, const struct str *raw)
{
	struct str country = raw[2].len > 0 ? raw[2]
					    : row_value(at, ".country");
	struct row_result number = value_phone_in(at, raw[0], country);

	if (raw[1].len == 0 || str_starts(number.text, "+"))
		return number;
	return value_phone_in(at, raw[1], country);
}

/* R_3_USER: 2 and 3 mark a mobile. */
static struct row_result
rule_mobile(const struct row_at *at, const struct str *raw)
{
	(void)at;
	return str_is(raw[0], "2") || str_is(raw[0], "3") ? value_bool(true)
							   : VALUE_NOTHING;
}

/* ADRMAS and ADR2MAS: BAPI address structures below E1ADRMAS. */
#define CONTACT_ROWS(segment)                                                                     \
	{".country", "E1BPAD1VL/COUNTRYISO | E1BPAD2VL/COUNTRYISO | E1BPAD1VL/COUNTRY", .value = value_country},         \
	{"object", segment "/OBJ_TYPE", .value = value_text},                                     \
	{"object_id", segment "/OBJ_ID | " segment "/OBJ_ID_EXT", .value = value_text},           \
	{"customer", segment "/OBJ_ID | " segment "/OBJ_ID_EXT", .rule = rule_contact_customer},  \
	{"emails", "E1BPADSMTP", .mode = ROW_LIST},                                               \
	{"emails.address", "E1BPADSMTP/E_MAIL", .limit = 241},                                    \
	{"emails.default", "E1BPADSMTP/STD_NO", .value = value_flag},                             \
	{"emails.position", "E1BPADSMTP/CONSNUMBER", .value = value_item},                        \
	{"emails.valid_from", "E1BPADSMTP/VALID_FROM", .value = value_timestamp},                 \
	{"emails.valid_to", "E1BPADSMTP/VALID_TO", .value = value_timestamp},                     \
	{"emails.unusable", "E1BPADSMTP/FLG_NOUSE", .value = value_flag},                         \
	{"phones", "E1BPADTEL", .mode = ROW_LIST},                                                \
	{"phones.number", "E1BPADTEL/TEL_NO+TELEPHONE+COUNTRYISO", .rule = rule_contact_phone},   \
	{"phones.position", "E1BPADTEL/CONSNUMBER", .value = value_item},                         \
	{"phones.valid_from", "E1BPADTEL/VALID_FROM", .value = value_timestamp},                  \
	{"phones.valid_to", "E1BPADTEL/VALID_TO", .value = value_timestamp},                      \
	{"phones.unusable", "E1BPADTEL/FLG_NOUSE", .value = value_flag},                          \
	{"phones.mobile", "E1BPADTEL/R_3_USER", .value = value_flag, .rule = rule_mobile},        \
	{"phones.default", "E1BPADTEL/STD_NO", .value = value_flag},                              \
	{.key = NULL}

static const struct row contact_rows[] = {CONTACT_ROWS("E1ADRMAS")};
static const struct row person_rows[] = {CONTACT_ROWS("E1ADR2MAS")};
/* clang-format on */

static struct str
customer_id(const struct row_at *at)
{
	return str_alpha_out(row_value(at, "kunnr"));
}

/* What is wrong with a customer number, or NULL. */
static const char *
number_fault(struct str number)
{
	if (number.len == 0 || str_is(str_alpha_out(number), "0"))
		return "the customer number is missing";
	if (number.len > KUNNR_LENGTH)
		return "the customer number is longer than ten characters";
	for (size_t i = 0; i < number.len; i++) {
		char c = number.data[i];

		if (c <= ' ' || c > '~' || strchr("\"'\\<>:", c) != NULL)
			return "the customer number has characters that no "
			       "customer number has";
	}
	return NULL;
}

static const char *
customer_check(const struct row_at *at, struct str *subject)
{
	*subject = customer_id(at);
	if (str_is(*subject, "0"))
		*subject = STR_NONE;
	return number_fault(row_value(at, "kunnr"));
}

static struct str
contact_id(const struct row_at *at)
{
	return arena_format(at->arena, "%.*s:%.*s",
	    STR_ARGS(row_value(at, "object")),
	    STR_ARGS(row_value(at, "object_id")));
}

static const char *
contact_check(const struct row_at *at, struct str *subject)
{
	if (row_value(at, "object").len == 0)
		return "the object type of the address is missing";
	if (str_is(row_value(at, "object"), "KNA1")) {
		*subject = row_value(at, "customer");
		return number_fault(row_value(at, "customer"));
	}
	if (row_value(at, "object_id").len == 0)
		return "the object number of the address is missing";
	return NULL;
}

const struct row_record map_customer_record = {
	.type = RECORD_CUSTOMER,
	.anchor = "E1KNA1M",
	.fault = "customer-malformed",
	.rows = customer_rows,
	.id = customer_id,
	.check = customer_check,
};

const struct row_record map_contact_record = {
	.type = RECORD_CONTACT_POINT,
	.anchor = "E1ADRMAS",
	.siblings = true,
	.fault = "customer-malformed",
	.rows = contact_rows,
	.id = contact_id,
	.check = contact_check,
};

const struct row_record map_contact_person_record = {
	.type = RECORD_CONTACT_POINT,
	.anchor = "E1ADR2MAS",
	.siblings = true,
	.fault = "customer-malformed",
	.rows = person_rows,
	.id = contact_id,
	.check = contact_check,
};
