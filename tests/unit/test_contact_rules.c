#include "fold/contact.h"

#include "base/text.h"
#include "fold/contact_property.h"
#include "tap.h"

#include <unistd.h>

/* The rules of a contact's fields, each a table: names, validity, properties,
 * who owns which fact. */

static struct arena arena;

#define SEQ "20260101100000.1"
#define MARCH_2 1772452800 /* 2026-03-02T12:00:00Z */

static const struct json *
parse(const char *text)
{
	struct json_doc *doc = arena_alloc(&arena, sizeof(*doc));

	return json_parse(doc, str_of(text));
}

static struct config *
config_of(const char *text)
{
	char name[] = "/tmp/test_contact_rules.XXXXXX";
	int fd = mkstemp(name);
	struct config *config = NULL;
	struct diag diag;

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return NULL;
	close(fd);
	OK(config_load(&config, name, &diag) == STATUS_OK, "a configuration");
	unlink(name);
	return config;
}

static void
fold_part(struct contact_part *part, const char *seq, const char *record)
{
	struct contact_record from = { parse(record), str_of(seq), false };

	contact_fold_part(part, &from, &arena);
}

static void
fold_general(struct contact_state *customer, const char *seq,
    const char *record, const struct config *config)
{
	struct contact_record from = { parse(record), str_of(seq), false };
	bool cleared;

	contact_fold_general(customer, &from, config, &cleared, &arena);
}

/* The contact, "none", and what was cut. */
static const char *
body_at(struct contact_state *customer, const struct config *config,
    instant now, struct str *cut)
{
	struct buf body = BUF_INIT;
	struct str text;

	contact_choose(customer, config, now, &arena);
	if (contact_body(customer, config, &body, cut, &arena) == CONTACT_NONE)
		return "none";
	text = arena_str(&arena, buf_str(&body));
	buf_free(&body);
	return text.data;
}

/* What one record of general data gives, behind the e-mail address. */
static const char *
rest_of(const char *record, const struct config *config)
{
	static const char head[] =
	    "{\"customer_id\":\"7\",\"email\":\"a@example.com\"";
	struct contact_state customer = { .id = STR("7"), .due = INSTANT_NONE };
	struct contact_part point = { .seq = STR_NONE };
	struct str cut;
	const char *body;

	fold_part(&point, SEQ,
	    "{\"emails\":[{\"address\":\"a@example.com\"}]}");
	customer.points = &point;
	customer.point_count = 1;
	fold_general(&customer, SEQ, record, config);
	body = body_at(&customer, config, MARCH_2, &cut);
	return strncmp(body, head, sizeof(head) - 1) == 0
		   ? body + sizeof(head) - 1
		   : body;
}

#define PERSONS                                                                \
	"\"contact_persons\":["                                                \
	"{\"number\":\"12\",\"first_name\":\"Zoe\",\"last_name\":\"Last\"},"   \
	"{\"number\":\"3\",\"deleted\":true,\"last_name\":\"Gone\"},"          \
	"{\"number\":\"4\"},"                                                  \
	"{\"number\":\"9\",\"prefix\":\"Ms\",\"first_name\":\"Ann\","          \
	"\"last_name\":\"Hart\"}]"
#define ANN ",\"prefix\":\"Ms\",\"first_name\":\"Ann\",\"last_name\":\"Hart\"}"

static void
test_names(void)
{
	static const struct {
		const char *config, *record, *want, *what;
	} rows[] = {
		{ NULL,
		    "{\"prefix\":\"Mr\",\"first_name\":\"Bob\","
		    "\"last_name\":\"Own\"," PERSONS "}",
		    ",\"prefix\":\"Mr\",\"first_name\":\"Bob\","
		    "\"last_name\":\"Own\"}",
		    "a person bears the own name" },
		{ NULL, "{" PERSONS "}", ANN,
		    "no name: the contact person of the lowest number, who is "
		    "there and has a name" },
		{ NULL,
		    "{\"prefix\":\"Firma\",\"first_name\":\"Acme\"," PERSONS
		    "}",
		    ANN, "a company by its title" },
		{ NULL, "{\"prefix\":\"Company\",\"first_name\":\"Acme\"}", "}",
		    "a company without a contact person has no name" },
		{ "company-groups = 0001,Z001",
		    "{\"account_group\":\"Z001\",\"prefix\":\"Mr\","
		    "\"first_name\":\"Acme\"," PERSONS "}",
		    ANN, "a company by its account group" },
		{ "company-groups = Z001",
		    "{\"account_group\":\"Z002\",\"last_name\":\"Own\"}",
		    ",\"last_name\":\"Own\"}", "another group is a person" },
		{ "person-groups = Z002",
		    "{\"account_group\":\"Z002\",\"prefix\":\"Firma\","
		    "\"last_name\":\"Own\"}",
		    ",\"last_name\":\"Own\"}",
		    "a person by account group, but never a company's title" },
		{ "person-groups = Z002",
		    "{\"account_group\":\"Z003\",\"last_name\":\"Acme\"," PERSONS
		    "}",
		    ANN, "all but the groups of persons are companies" },
		{ "company-groups = Z001",
		    "{\"function\":\"004\",\"last_name\":\"Who\"," PERSONS "}",
		    "}", "nobody's name while the group is not known" },
		{ "contact-person = none\ncompany-groups = Z001",
		    "{\"account_group\":\"Z001\",\"last_name\":\"Acme\"," PERSONS
		    "}",
		    "}", "no contact persons where none are wanted" },
		{ "company-titles = Ltd",
		    "{\"prefix\":\"Firma\",\"last_name\":\"Own\"}",
		    ",\"prefix\":\"Firma\",\"last_name\":\"Own\"}",
		    "titles of companies are configured" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[200];
		struct config *config = NULL;

		snprintf(text, sizeof(text), "[customer]\n%s\n",
		    rows[i].config != NULL ? rows[i].config : "");
		if (rows[i].config != NULL)
			config = config_of(text);
		IS_STR(rest_of(rows[i].record, config), rows[i].want,
		    rows[i].what);
		config_free(config);
	}
}

/* Messages of changes name some members of a group: the others stay. */
static void
test_members(void)
{
	static const struct {
		const char *seq, *record;
	} steps[] = {
		{ "20260101100000.1",
		    "{\"function\":\"005\",\"email\":\"a@example.com\","
		    "\"properties\":{\"tier\":\"gold\",\"shoe\":\"41\"},"
		    "\"contact_persons\":[{\"number\":\"9\","
		    "\"last_name\":\"Hart\"}]}" },
		{ "20260102100000.2",
		    "{\"function\":\"004\",\"properties\":{\"tier\":\"tin\"}}" },
		{ "20260103100000.3", "{\"function\":\"018\",\"reduced\":true,"
				      "\"contact_persons\":[{\"number\":\"11\","
				      "\"last_name\":\"Late\"}]}" },
		{ "20260103090000.3",
		    "{\"function\":\"004\",\"contact_persons\":"
		    "[{\"number\":\"9\",\"last_name\":\"Marsh\"}]}" },
	};
	static const char want[] =
	    "{\"customer_id\":\"7\",\"email\":\"a@example.com\","
	    "\"last_name\":\"Marsh\","
	    "\"properties\":{\"shoe\":\"41\",\"tier\":\"tin\"}}";
	int wrong = 0, count = 0;

	for (size_t code = 0; code < 256; code++) {
		struct contact_state customer = { .id = STR("7") };
		unsigned seen = 0;
		struct str cut;

		for (size_t i = 0; i < 4; i++)
			seen |= 1U << (code >> 2 * i & 3);
		if (seen != 15)
			continue;
		for (size_t i = 0; i < 4; i++)
			fold_general(&customer, steps[code >> 2 * i & 3].seq,
			    steps[code >> 2 * i & 3].record, NULL);
		count++;
		wrong += strcmp(body_at(&customer, NULL, MARCH_2, &cut), want);
	}
	IS_INT(count, 24, "24 orders of arrival");
	IS_INT(wrong, 0,
	    "properties and contact persons are facts of their own");
}

static void
test_full_clears(void)
{
	struct contact_state customer = { .id = STR("7") };
	struct str cut;

	fold_general(&customer, SEQ,
	    "{\"function\":\"009\",\"email\":\"a@example.com\","
	    "\"first_name\":\"Ann\",\"properties\":{\"tier\":\"gold\"}," PERSONS
	    "}",
	    NULL);
	fold_general(&customer, "20260102100000.1",
	    "{\"function\":\"018\",\"email\":\"a@example.com\"}", NULL);
	IS_STR(body_at(&customer, NULL, MARCH_2, &cut),
	    "{\"customer_id\":\"7\",\"email\":\"a@example.com\"}",
	    "what a full message does not say is gone");
}

/* ADRMAS is a full picture; time alone changes what may be used. */
static void
test_validity(void)
{
	static const char record[] =
	    "{\"emails\":["
	    "{\"address\":\"next@example.com\",\"default\":true,"
	    "\"valid_from\":\"2026-03-10T00:00:00Z\"},"
	    "{\"address\":\"then@example.com\",\"position\":\"2\","
	    "\"valid_to\":\"2026-03-05T11:59:59Z\"},"
	    "{\"address\":\"last@example.com\",\"position\":\"3\"},"
	    "{\"address\":\"never@example.com\",\"position\":\"1\","
	    "\"unusable\":true,\"valid_from\":\"2026-03-03\"}],"
	    "\"phones\":[{\"number\":\"+442079460001\",\"unusable\":true},"
	    "{\"number\":\"+442079460002\",\"valid_to\":\"2026-03-07\"}]}";
	static const struct {
		const char *now, *email, *phone, *due;
	} rows[] = {
		{ "2026-03-02T12:00:00Z", "then@example.com", "+442079460002",
		    "2026-03-05T12:00:00Z" },
		{ "2026-03-05T11:59:59Z", "then@example.com", "+442079460002",
		    "2026-03-05T12:00:00Z" },
		{ "2026-03-05T12:00:00Z", "last@example.com", "+442079460002",
		    "2026-03-08T00:00:00Z" },
		{ "2026-03-08T00:00:00Z", "last@example.com", "",
		    "2026-03-10T00:00:00Z" },
		{ "2026-03-10T00:00:00Z", "next@example.com", "", "" },
	};
	struct contact_part point = { .seq = STR_NONE };
	struct contact_state customer = { .id = STR("7"),
		.points = &point,
		.point_count = 1 };
	char due[INSTANT_TEXT];

	fold_part(&point, SEQ, record);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		instant now = 0;

		instant_parse(str_of(rows[i].now), &now);
		contact_choose(&customer, NULL, now, &arena);
		OK(str_is(customer.email, rows[i].email), rows[i].now);
		OK(str_is(customer.phone, rows[i].phone), "and the phone");
		IS_STR(instant_format(customer.due, due), rows[i].due,
		    "until then");
	}
	fold_part(&point, "20260102100000.1",
	    "{\"emails\":[{\"address\":\"last@example.com\"}]}");
	contact_choose(&customer, NULL, MARCH_2, &arena);
	OK(str_is(customer.email, "last@example.com"),
	    "an address that the next message does not have is gone");
	OK(customer.due == INSTANT_NONE, "nothing is due");
}

/* NUMBER properties of LENGTH characters each (two bytes a character). */
static const char *
properties_of(size_t number, size_t length)
{
	struct buf text = BUF_INIT;
	struct str copy;

	buf_add_text(&text, "{\"last_name\":\"Hart\",\"properties\":{");
	for (size_t i = 0; i < number; i++) {
		buf_add_format(&text, "%s\"p%03zu\":\"", i > 0 ? "," : "", i);
		for (size_t j = 0; j < length; j++)
			buf_add_text(&text, "\xc3\xa9");
		buf_add_text(&text, "\"");
	}
	buf_add_text(&text, "}}");
	copy = arena_str(&arena, buf_str(&text));
	buf_free(&text);
	return copy.data;
}

static void
test_properties(void)
{
	static const struct {
		size_t number, length;
		size_t kept, characters; /* of the object as JSON */
		const char *cut;
	} rows[] = {
		{ 1, 3, 1, 14, "" },
		{ 1, 988, 1, 999, "" },
		{ 1, 989, 1, 999, "properties.p000" },
		{ 1, 5000, 1, 999, "properties.p000" },
		{ 2, 500, 2, 999, "properties.p001" },
		{ 3, 600, 2, 999, "properties.p001, properties.p002" },
		{ 9, 300, 4, 999,
		    "properties.p003, properties.p004, properties.p005, "
		    "properties.p006, properties.p007 and 1 more properties" },
		{ 99, 0, 99, 991, "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out = BUF_INIT, cut = BUF_INIT;
		struct jsonw w = jsonw_start(&out);
		const struct json *record =
		    parse(properties_of(rows[i].number, rows[i].length));
		const struct json *got;

		jsonw_open(&w, '{');
		contact_property_write(json_get(record, "properties"), &w, &cut,
		    &arena);
		jsonw_close(&w, '}');
		got = json_get(parse(out.data), "properties");
		IS_INT(got->count, rows[i].kept, "properties are kept");
		IS_INT(text_length(got->raw), rows[i].characters,
		    "characters, under a thousand");
		if (rows[i].cut != NULL)
			IS_STR(cut.len > 0 ? cut.data : "", rows[i].cut,
			    "with a note");
		buf_free(&out);
		buf_free(&cut);
	}
}

static void
test_property_count(void)
{
	struct buf text = BUF_INIT, out = BUF_INIT, cut = BUF_INIT;
	struct jsonw w = jsonw_start(&out);

	buf_add_text(&text, "{\"\":0");
	for (int i = 1; i <= 100; i++)
		buf_add_format(&text, ",\"%d\":%d", i, i % 10);
	buf_add_text(&text, "}");
	jsonw_open(&w, '{');
	contact_property_write(parse(text.data), &w, &cut, &arena);
	jsonw_close(&w, '}');
	IS_INT(json_get(parse(out.data), "properties")->count, 100,
	    "a hundred properties");
	IS_STR(cut.data, "properties.100", "the longest is left out");
	buf_free(&text);
	buf_free(&out);
	buf_free(&cut);
}

/* What the shop says counts for what it owns, once SAP has spoken. */
static void
test_authority(void)
{
	static const char sap[] =
	    "{\"email\":\"sap@example.com\",\"phone\":\"+442079460000\","
	    "\"first_name\":\"Ann\",\"last_name\":\"Sap\",\"country\":\"GB\","
	    "\"marketing\":{\"opt_in\":true},\"properties\":{\"a\":\"1\"}}";
	static const char shop[] =
	    "{\"email\":\"shop@example.com\",\"phone\":\"+447700900123\","
	    "\"last_name\":\"Shop\",\"country\":\"IE\","
	    "\"marketing\":\"opt_out\",\"properties\":{\"b\":\"2\"}}";
#define HEAD "{\"customer_id\":\"7\","
#define EMAIL(who) HEAD "\"email\":\"" who "@example.com\","
#define PHONE "\"phone\":\"+442079460000\","
#define NAME "\"first_name\":\"Ann\",\"last_name\":\"Sap\","
#define LAST "\"country\":\"GB\",\"properties\":{\"a\":\"1\"}}"
	static const struct {
		const char *config, *want;
	} rows[] = {
		{ "email = sap", EMAIL("sap") PHONE NAME LAST },
		{ "email = shop", EMAIL("shop") PHONE NAME LAST },
		{ "phone = shop",
		    EMAIL("sap") "\"phone\":\"+447700900123\"," NAME LAST },
		{ "phone = ometria", EMAIL("sap") NAME LAST },
		{ "name = shop",
		    EMAIL("sap") PHONE "\"last_name\":\"Shop\"," LAST },
		{ "name = ometria", EMAIL("sap") PHONE LAST },
		{ "country = shop", EMAIL("sap") PHONE NAME
		    "\"country\":\"IE\",\"properties\":{\"a\":\"1\"}}" },
		{ "country = ometria",
		    EMAIL("sap") PHONE NAME "\"properties\":{\"a\":\"1\"}}" },
		{ "properties = shop", EMAIL("sap") PHONE NAME
		    "\"country\":\"GB\",\"properties\":{\"b\":\"2\"}}" },
		{ "properties = ometria",
		    EMAIL("sap") PHONE NAME "\"country\":\"GB\"}" },
		{ "consent = ometria", EMAIL("sap") PHONE NAME LAST },
		{ "consent = sap", EMAIL("sap") PHONE NAME
		    "\"country\":\"GB\",\"opt_in\":true,"
		    "\"properties\":{\"a\":\"1\"}}" },
		{ "consent = shop", EMAIL("sap") PHONE NAME
		    "\"country\":\"GB\",\"opt_out\":true,"
		    "\"properties\":{\"a\":\"1\"}}" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct contact_state customer = { .id = STR("7") };
		struct config *config;
		char text[80];
		struct str cut;

		snprintf(text, sizeof(text), "[authority]\n%s\n",
		    rows[i].config);
		config = config_of(text);
		fold_part(&customer.shop, "20260201100000.1", shop);
		IS_STR(body_at(&customer, config, MARCH_2, &cut), "none",
		    "the shop alone makes no contact");
		OK(customer.email.len == 0, "nor an address");
		fold_general(&customer, SEQ, sap, config);
		IS_STR(body_at(&customer, config, MARCH_2, &cut), rows[i].want,
		    rows[i].config);
		config_free(config);
	}
}

/* An account group that changes makes a guest of a contact, and back. */
static void
test_one_time(void)
{
	static const struct {
		const char *seq, *record;
		bool guest;
	} steps[] = {
		{ "20260101100000.1",
		    "{\"account_group\":\"0001\",\"email\":\"a@example.com\"}",
		    false },
		{ "20260102100000.1",
		    "{\"function\":\"004\",\"account_group\":\"CPD\"}", true },
		{ "20260103100000.1",
		    "{\"function\":\"004\",\"last_name\":\"Hart\"}", true },
		{ "20260102080000.1",
		    "{\"function\":\"004\",\"account_group\":\"0001\"}", true },
		{ "20260104100000.1",
		    "{\"function\":\"004\",\"account_group\":\"0001\"}",
		    false },
	};
	struct contact_state customer = { .id = STR("7") };
	struct str cut;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		fold_general(&customer, steps[i].seq, steps[i].record, NULL);
		OK((strcmp(body_at(&customer, NULL, MARCH_2, &cut), "none") ==
		       0) == steps[i].guest,
		    steps[i].record);
	}
}

static void
test_address_alone(void)
{
	struct config *config = config_of("[customer]\naddress-alone = wait\n");
	struct contact_part point = { .seq = STR_NONE };
	struct contact_state customer = { .id = STR("7"),
		.points = &point,
		.point_count = 1 };
	struct str cut;

	fold_part(&point, SEQ,
	    "{\"emails\":[{\"address\":\"a@example.com\"}]}");
	IS_STR(body_at(&customer, config, MARCH_2, &cut), "none",
	    "an address waits for its general data");
	IS_STR(body_at(&customer, NULL, MARCH_2, &cut),
	    "{\"customer_id\":\"7\",\"email\":\"a@example.com\"}",
	    "or does not");
	fold_general(&customer, SEQ, "{\"account_group\":\"0001\"}", config);
	IS_STR(body_at(&customer, config, MARCH_2, &cut),
	    "{\"customer_id\":\"7\",\"email\":\"a@example.com\"}",
	    "they have come");
	config_free(config);
}

/* What Ometria does not take is cut or left out, and said. */
static void
test_limits(void)
{
	static const struct {
		const char *record, *want, *cut;
	} rows[] = {
		{ "{\"last_name\":\"Hart\",\"country\":\"GBR\"}",
		    ",\"last_name\":\"Hart\"}", "country" },
		{ "{\"country\":\"GB\"}", ",\"country\":\"GB\"}", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct contact_state customer = { .id = STR("7") };
		struct buf record = BUF_INIT;
		struct str cut;
		const char *body;

		buf_add_format(&record, "{\"email\":\"a@example.com\",%s",
		    rows[i].record + 1);
		fold_general(&customer, SEQ, record.data, NULL);
		body = body_at(&customer, NULL, MARCH_2, &cut);
		IS_STR(strstr(body, ".com\"") + 5, rows[i].want, "the contact");
		OK(str_is(cut, rows[i].cut), "and what is said");
		buf_free(&record);
	}
}

int
main(void)
{
	struct diag diag;

	zone_use("UTC", &diag);
	test_names();
	test_members();
	test_full_clears();
	test_validity();
	test_properties();
	test_property_count();
	test_authority();
	test_one_time();
	test_address_alone();
	test_limits();
	DONE();
}
