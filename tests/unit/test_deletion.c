#include <fcntl.h>
#include <unistd.h>

#include "fold/contact.h"
#include "fold/deletion.h"

#include "tap.h"

/* What each fact about a customer's status does, by the table. */

static struct arena arena;

static struct config *
configured(const char *deletion)
{
	char name[] = "/tmp/test_deletion.XXXXXX";
	struct config *config = NULL;
	struct diag diag = { .status = STATUS_OK };
	int fd = mkstemp(name);

	dprintf(fd,
	    "[sales-area \"1/10\"]\nstore = one\n[sales-area \"2/10\"]\n"
	    "store = two\n[deletion]\n%s\n",
	    deletion);
	close(fd);
	if (config_load(&config, name, &diag) != STATUS_OK)
		diag_print(&diag, "test_deletion");
	unlink(name);
	return config;
}

/* One record; its facts. */
struct step {
	const char *seq, *record;
};

static void
add(struct contact_state *customer, const struct config *config,
    const struct step *step, int *remarks)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct contact_record record = { json_parse(&doc, str_of(step->record)),
		str_of(step->seq), false };
	bool cleared;

	contact_fold_general(customer, &record, config, &cleared, &arena);
	*remarks += cleared;
	json_doc_free(&doc);
}

/* The wish, as a word, with the stores of a live one. */
static const char *
outcome(struct contact_state *customer, const struct config *config)
{
	struct buf body = BUF_INIT;
	struct str cut, text;
	enum contact_wish wish;
	struct json_doc doc = JSON_DOC_INIT;

	contact_choose(customer, config, 1772452800, &arena);
	wish = contact_body(customer, config, &body, &cut, &arena);
	text = arena_str(&arena,
	    json_get(json_parse(&doc, buf_str(&body)), "store_ids")->raw);
	buf_free(&body);
	json_doc_free(&doc);
	if (wish == CONTACT_NONE)
		return "none";
	if (wish == CONTACT_LIVE)
		return text.len > 0 ? text.data : "no store";
	if (customer->to_request)
		return "erased, to request";
	return customer->erased ? "erased" : "opted out";
}

#define AREAS(facts)                                                           \
	"\"email\":\"ann@example.com\",\"sales_areas\":["                      \
	"{\"sales_org\":\"1\",\"channel\":\"10\"" facts                        \
	"},{\"sales_org\":\"2\",\"channel\":\"10\"}]}"
#define BOTH "[\"one\",\"two\"]"

static void
test_table(void)
{
	static const struct {
		const char *what, *config, *record, *want;
	} cases[] = {
		{ "nothing", "", "{" AREAS(""), BOTH },
		{ "deletion flag", "", "{\"deleted\":true," AREAS(""),
		    "opted out" },
		{ "deletion flag, anonymise", "action = anonymise",
		    "{\"deleted\":true," AREAS(""), "erased" },
		{ "deletion flag, nothing", "deleted = nothing",
		    "{\"deleted\":true," AREAS(""), BOTH },
		{ "deletion flag, stores", "deleted = store-removal",
		    "{\"deleted\":true," AREAS(""), "no store" },
		{ "deletion flag, erase", "deleted = erase",
		    "{\"deleted\":true," AREAS(""), "erased, to request" },
		{ "privacy block", "", "{\"privacy_block\":true," AREAS(""),
		    "erased, to request" },
		{ "privacy block, opt-out", "privacy-block = opt-out",
		    "{\"privacy_block\":true," AREAS(""), "opted out" },
		{ "privacy block, nothing", "privacy-block = nothing",
		    "{\"privacy_block\":true," AREAS(""), BOTH },
		{ "function 003", "", "{\"function\":\"003\"," AREAS(""),
		    "opted out" },
		{ "function 003, nothing", "function-003 = nothing",
		    "{\"function\":\"003\"," AREAS(""), BOTH },
		{ "function 003, stores", "function-003 = store-removal",
		    "{\"function\":\"003\"," AREAS(""), "no store" },
		{ "order block", "",
		    "{\"blocked\":{\"order\":\"01\"}," AREAS(""), BOTH },
		{ "order block, opt-out", "order-block = opt-out",
		    "{\"blocked\":{\"order\":\"01\"}," AREAS(""), "opted out" },
		{ "another block, opt-out", "order-block = opt-out",
		    "{\"blocked\":{\"billing\":\"01\"}," AREAS(""), BOTH },
		{ "area flag", "", "{" AREAS(",\"deleted\":true"),
		    "[\"two\"]" },
		{ "area privacy block", "",
		    "{" AREAS(",\"privacy_block\":true"), "[\"two\"]" },
		{ "area flag, nothing", "sales-area = nothing",
		    "{" AREAS(",\"deleted\":true"), BOTH },
		{ "area flag, opt-out", "sales-area = opt-out",
		    "{" AREAS(",\"deleted\":true"), "opted out" },
		{ "area order block", "", "{" AREAS(",\"order_block\":\"01\""),
		    BOTH },
		{ "area order block, stores", "order-block = store-removal",
		    "{" AREAS(",\"order_block\":\"01\""), "[\"two\"]" },
		{ "the strongest counts", "",
		    "{\"deleted\":true,\"privacy_block\":true," AREAS(""),
		    "erased, to request" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config *config = configured(cases[i].config);
		struct contact_state customer = { .id = STR("7") };
		struct step step = { "20260101100000.1", cases[i].record };
		int remarks = 0;

		add(&customer, config, &step, &remarks);
		IS_STR(outcome(&customer, config), cases[i].want,
		    cases[i].what);
		config_free(config);
	}
}

/*
 * A fact that comes and goes, in every order of arrival: nobody is opted in
 * again, and that it went is said at most once.
 */
static void
test_cleared(void)
{
	static const struct {
		const char *what;
		struct step steps[3];
		const char *want;
	} cases[] = {
		{ "deletion flag cleared, six orders",
		    { { "20260101100000.1", "{" AREAS("") },
			{ "20260102100000.2", "{\"deleted\":true," AREAS("") },
			{ "20260103100000.3",
			    "{\"deleted\":false," AREAS("") } },
		    "opted out" },
		{ "MSGFN 003 taken back, six orders",
		    { { "20260101100000.1", "{" AREAS("") },
			{ "20260102100000.2", "{\"function\":\"003\"}" },
			{ "20260103100000.3",
			    "{\"function\":\"004\"," AREAS("") } },
		    "opted out" },
		{ "two flags, six orders: the earlier counts",
		    { { "20260102100000.2", "{\"deleted\":true," AREAS("") },
			{ "20260103100000.3", "{\"deleted\":true," AREAS("") },
			{ "20260104100000.4", "{" AREAS("") } },
		    "opted out" },
		{ "privacy block cleared, six orders",
		    { { "20260101100000.1", "{" AREAS("") },
			{ "20260102100000.2",
			    "{\"privacy_block\":true," AREAS("") },
			{ "20260103100000.3", "{" AREAS("") } },
		    "erased, to request" },
	};
	static const char *const orders[] = { "012", "021", "102", "120", "201",
		"210" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int wrong = 0;

		for (size_t j = 0; j < 6; j++) {
			struct contact_state customer = { .id = STR("7") };
			int remarks = 0;

			for (const char *at = orders[j]; *at != '\0'; at++)
				add(&customer, NULL, &cases[i].steps[*at - '0'],
				    &remarks);
			wrong += strcmp(outcome(&customer, NULL),
				     cases[i].want) != 0 ||
				 remarks != 1 || customer.deleted ||
				 !str_is(customer.flagged, "20260102100000.2");
		}
		IS_INT(wrong, 0, cases[i].what);
	}
}

/* A sales area's store comes back when its flag goes. */
static void
test_area_cleared(void)
{
	static const struct step steps[] = {
		{ "20260101100000.1", "{" AREAS(",\"deleted\":true") },
		{ "20260102100000.2", "{" AREAS("") },
	};
	struct config *config = configured("");
	struct contact_state customer = { .id = STR("7") };
	int remarks = 0;

	add(&customer, config, &steps[0], &remarks);
	add(&customer, config, &steps[1], &remarks);
	IS_STR(outcome(&customer, config), BOTH, "the store is back");
	IS_INT(remarks, 0, "and nothing is said");
	config_free(config);
}

int
main(void)
{
	test_table();
	test_cleared();
	test_area_cleared();
	arena_free(&arena);
	DONE();
}
