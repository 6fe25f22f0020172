#include "fold/contact.h"

#include "tap.h"

/* Folding customers: the same records give the same contact in any order. */

static struct arena arena;

static const struct json *
parse(const char *text)
{
	struct json_doc *doc = arena_alloc(&arena, sizeof(*doc));

	return json_parse(doc, str_of(text));
}

/* One record of a scenario: general data, or an address. */
struct step {
	bool point;
	const char *seq;
	const char *record;
};

/* True when the deletion flag turned out to be cleared. */
static bool
fold(struct contact_state *customer, const struct step *step)
{
	struct contact_record record = { parse(step->record), str_of(step->seq),
		false };
	bool cleared;

	if (!step->point) {
		contact_fold_general(customer, &record, NULL, &cleared, &arena);
		return cleared;
	}
	if (customer->points == NULL)
		customer->points =
		    arena_array(&arena, 1, sizeof(*customer->points));
	customer->point_count = 1;
	contact_fold_part(customer->points, &record, &arena);
	return false;
}

static const char *
body_of(struct contact_state *customer, instant now)
{
	struct buf body = BUF_INIT;
	struct str cut, text;

	contact_choose(customer, NULL, now, &arena);
	if (contact_body(customer, NULL, &body, &cut, &arena) == CONTACT_NONE)
		return "none";
	text = arena_str(&arena, buf_str(&body));
	buf_free(&body);
	return text.data;
}

/* Fold the steps in this order (indexes as digits). */
static const char *
run(const struct step *steps, const char *order)
{
	struct contact_state customer = { .id = STR("7") };

	for (; *order != '\0'; order++)
		fold(&customer, &steps[*order - '0']);
	return body_of(&customer, 1772452800);
}

/* Every order of the digits in text[at..] must give want. */
static int
permute(const struct step *steps, char *text, size_t at, const char *want)
{
	int wrong = 0;

	if (text[at] == '\0')
		return strcmp(run(steps, text), want) != 0;
	for (size_t i = at; text[i] != '\0'; i++) {
		char first = text[at];

		text[at] = text[i];
		text[i] = first;
		wrong += permute(steps, text, at + 1, want);
		text[i] = text[at];
		text[at] = first;
	}
	return wrong;
}

static void
test_any_order(void)
{
	static const struct step steps[] = {
		{ false, "20260101100000.1",
		    "{\"function\":\"005\",\"first_name\":\"Ann\","
		    "\"last_name\":\"Old\",\"country\":\"GB\"}" },
		{ false, "20260102100000.2",
		    "{\"function\":\"004\",\"last_name\":\"New\"}" },
		{ true, "20260101100000.3",
		    "{\"emails\":[{\"address\":\"old@example.com\"}]}" },
		{ true, "20260103100000.4",
		    "{\"emails\":[{\"address\":\"new@example.com\"}]}" },
	};
	char order[] = "0123";

	IS_INT(permute(steps, order, 0,
		   "{\"customer_id\":\"7\",\"email\":\"new@example.com\","
		   "\"first_name\":\"Ann\",\"last_name\":\"New\","
		   "\"country\":\"GB\"}"),
	    0, "24 orders of arrival, one contact");
}

/* Each key and each sales area is a fact of its own, with its own seq. */
static void
test_changes_any_order(void)
{
	static const struct step steps[] = {
		{ false, "20260101100000.1",
		    "{\"function\":\"009\",\"first_name\":\"Ann\","
		    "\"last_name\":\"Old\",\"phone\":\"+442079460000\"}" },
		{ false, "20260102100000.2",
		    "{\"function\":\"004\",\"first_name\":\"Bea\","
		    "\"prefix\":\"Ms\"}" },
		{ false, "20260103100000.3",
		    "{\"function\":\"004\",\"last_name\":\"New\"}" },
		{ false, "20260101090000.0",
		    "{\"function\":\"004\",\"country\":\"IE\"}" },
	};
	char order[] = "0123";

	IS_INT(permute(steps, order, 0,
		   "{\"customer_id\":\"7\",\"phone\":\"+442079460000\","
		   "\"prefix\":\"Ms\",\"first_name\":\"Bea\","
		   "\"last_name\":\"New\"}"),
	    0, "24 orders of arrival of three changes, one contact");
}

/* A change that says nothing of the flag does not clear it. */
static void
test_flag_any_order(void)
{
	static const struct step steps[] = {
		{ false, "20260101100000.1", "{\"first_name\":\"Ann\"}" },
		{ false, "20260102100000.2",
		    "{\"function\":\"004\",\"deleted\":true}" },
		{ false, "20260103100000.3",
		    "{\"function\":\"004\",\"first_name\":\"Bea\"}" },
	};
	static const char *const orders[] = { "012", "021", "102", "120", "201",
		"210" };
	int wrong = 0;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct contact_state customer = { .id = STR("7") };

		for (const char *at = orders[i]; *at != '\0'; at++)
			wrong += fold(&customer, &steps[*at - '0']);
		wrong += !customer.deleted;
	}
	IS_INT(wrong, 0, "6 orders of arrival, the flag stands");
}

static void
test_deletion_any_order(void)
{
	static const struct step steps[] = {
		{ false, "20260101100000.1",
		    "{\"first_name\":\"Ann\",\"phone\":\"+442079460000\"}" },
		{ false, "20260102100000.2", "{\"deleted\":true}" },
		{ false, "20260103100000.3",
		    "{\"deleted\":false,\"phone\":\"+442079460000\"}" },
		{ true, "20260104100000.4",
		    "{\"emails\":[{\"address\":\"new@example.com\"}]}" },
	};
	char order[] = "0123";

	IS_INT(permute(steps, order, 0,
		   "{\"customer_id\":\"7\",\"opt_out\":true,\"force\":true,"
		   "\"unsubscribed_at\":\"2026-01-02T10:00:00Z\"}"),
	    0, "a deletion opts out in any order; clearing it opts nobody in");
}

static void
test_verdicts(void)
{
	struct contact_state customer = { .id = STR("7") };
	struct contact_record old = { parse("{\"first_name\":\"A\"}"),
		STR("20260101100000.1"), false };
	struct contact_record new = { parse("{\"first_name\":\"B\"}"),
		STR("20260102100000.1"), false };
	struct contact_record gone = { parse("{\"function\":\"003\"}"),
		STR("20260103100000.1"), false };
	struct contact_record back = { parse("{\"first_name\":\"B\"}"),
		STR("20260104100000.1"), false };
	bool cleared;

	IS_INT(contact_fold_general(&customer, &new, NULL, &cleared, &arena),
	    CONTACT_TAKEN, "the first record is taken");
	IS_INT(contact_fold_general(&customer, &old, NULL, &cleared, &arena),
	    CONTACT_SUPERSEDED, "an older one is superseded");
	IS_INT(contact_fold_general(&customer, &new, NULL, &cleared, &arena),
	    CONTACT_DUPLICATE, "the same one again is a duplicate");
	IS_INT(contact_fold_general(&customer, &gone, NULL, &cleared, &arena),
	    CONTACT_TAKEN, "MSGFN 003 is taken");
	OK(customer.deleted && !cleared, "MSGFN 003 deletes");
	contact_fold_general(&customer, &back, NULL, &cleared, &arena);
	OK(cleared, "a flag that goes is reported");
	OK(customer.flagged.len > 0, "and the customer stays opted out");
}

static void
test_email_choice(void)
{
	static const struct step ranked[] = {
		{ true, "20260101100000.1",
		    "{\"emails\":["
		    "{\"address\":\"gone@example.com\",\"default\":true,"
		    "\"valid_to\":\"2025-12-31\"},"
		    "{\"address\":\"bad@@example.com\",\"default\":true},"
		    "{\"address\":\"no@example.com\",\"unusable\":true},"
		    "{\"address\":\"first@example.com\"},"
		    "{\"address\":\"main@example.com\",\"default\":true}],"
		    "\"phones\":[{\"number\":\"+442079460000\","
		    "\"default\":true},{\"number\":\"0207 946\"},"
		    "{\"number\":\"+447700900123\",\"mobile\":true}]}" },
	};

	IS_STR(run(ranked, "0"),
	    "{\"customer_id\":\"7\",\"email\":\"main@example.com\","
	    "\"phone\":\"+447700900123\"}",
	    "default before first, mobile before land line");
}

static void
test_nobody(void)
{
	static const struct step steps[] = {
		{ false, "20260101100000.1", "{\"first_name\":\"A\"}" },
		{ false, "20260101100000.1",
		    "{\"one_time\":true,\"email\":\"a@example.com\"}" },
		{ false, "20260101100000.1",
		    "{\"account_group\":\"CPD\",\"email\":\"a@example.com\"}" },
	};

	IS_STR(run(steps, "0"), "none", "no e-mail, no phone: no contact");
	IS_STR(run(steps, "1"), "none", "one-time: no contact");
	IS_STR(run(steps, "2"), "none", "one-time by account group");
}

static void
test_syntax(void)
{
	OK(contact_email_valid(STR("a.b+c@mail.example.co.uk")), "an address");
	OK(!contact_email_valid(STR("a@localhost")), "needs a dot");
	OK(!contact_email_valid(STR("a b@example.com")), "no blanks");
	OK(!contact_email_valid(STR(".a@example.com")), "no outer dots");
	OK(!contact_email_valid(STR("a@exa_mple.com")), "host name letters");
	OK(!contact_email_valid(STR("a@example.com-")), "no outer hyphens");
	OK(!contact_email_valid(STR_NONE), "empty");
	OK(contact_phone_valid(STR("+442079460000")), "E.164");
	OK(!contact_phone_valid(STR("+0442079460000")), "no leading zero");
	OK(!contact_phone_valid(STR("02079460000")), "no plus");
	OK(!contact_phone_valid(STR_NONE), "empty phone");
}

static void
test_names_cut(void)
{
	struct contact_state customer = { .id = STR("7") };
	char record[400], name[121];
	struct step step = { false, "20260101100000.1", record };
	struct buf body = BUF_INIT;
	struct str cut;

	for (size_t i = 0; i < 60; i++)
		memcpy(name + 2 * i, "\xc3\xa9", 3);
	snprintf(record, sizeof(record),
	    "{\"first_name\":\"%s\",\"last_name\":\"%s%s\","
	    "\"email\":\"a@example.com\"}",
	    name, name, "12345");
	fold(&customer, &step);
	contact_choose(&customer, NULL, 0, &arena);
	contact_body(&customer, NULL, &body, &cut, &arena);
	IS_STR(cut.data, "last_name", "65 characters are cut, 60 are not");
	OK(strstr(body.data, "1234\"") != NULL, "at 64 characters, not bytes");
	buf_free(&body);
}

int
main(void)
{
	struct diag diag;

	zone_use("UTC", &diag);
	test_any_order();
	test_changes_any_order();
	test_flag_any_order();
	test_deletion_any_order();
	test_verdicts();
	test_email_choice();
	test_nobody();
	test_syntax();
	test_names_cut();
	DONE();
}
