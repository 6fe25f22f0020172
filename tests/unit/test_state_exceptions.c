#include <unistd.h>

#include "state/deadline.h"
#include "state/exceptions.h"
#include "state/hold.h"
#include "state/run.h"
#include "state/triage.h"

#include "base/instant.h"
#include "tap.h"

static struct state *state;
static struct config *config;
static struct diag diag;
static char list[400];

static enum status
add_to_list(void *user, const struct exception_row *row)
{
	size_t used = strlen(list);

	(void)user;
	snprintf(list + used, sizeof(list) - used, "%s%.*s/%.*s/%.*s/%llu%s",
	    used > 0 ? " " : "", STR_ARGS(row->code), STR_ARGS(row->severity),
	    STR_ARGS(row->owner), (unsigned long long)row->count,
	    row->open ? "" : "/closed");
	return STATUS_OK;
}

static const char *
listed(bool all)
{
	list[0] = '\0';
	const struct exception_filter filter = {
		.standing = all ? STANDING_ALL : STANDING_OPEN,
	};

	exceptions_each(state, &filter, add_to_list, NULL, &diag);
	return list;
}

static void
raise_one(const char *code, const char *subject, const char *id,
    const char *customer)
{
	struct exception exception = { .code = code,
		.subject = subject,
		.id = str_of(id),
		.customer = str_of(customer),
		.message = STR("what is wrong") };

	if (exceptions_raise(state, &exception, &diag) != STATUS_OK)
		printf("# %s\n", diag.message);
}

static void
fresh(const char *text)
{
	char name[] = "/tmp/test_exceptions_XXXXXX";
	int fd = mkstemp(name);

	state_close(state);
	config_free(config);
	config = NULL;
	if (write(fd, text, strlen(text)) < 0 ||
	    config_load(&config, name, &diag) != STATUS_OK)
		printf("Bail out! %s\n", diag.message);
	close(fd);
	unlink(name);
	instant_fix(1000000);
	if (state_open(&state, NULL, STATE_WRITE, config, &diag) != STATUS_OK)
		printf("Bail out! %s\n", diag.message);
}

static void
test_raise(void)
{
	bool known;

	fresh("");
	raise_one("idoc-malformed", "idoc", "1", NULL);
	raise_one("customer-malformed", "customer", "7", "7");
	raise_one("idoc-malformed", "idoc", "1", NULL);
	raise_one("idoc-unmapped", "message", "MATMAS", NULL);
	IS_STR(listed(false),
	    "customer-malformed/critical/marketing/1 "
	    "idoc-malformed/high/sap-team/2 idoc-unmapped/low/sap-team/1",
	    "most severe first, the same one counts up");
	exceptions_heal(state, "idoc-malformed", "idoc", STR("1"), &diag);
	exceptions_heal(state, "idoc-truncated", "message", STR("MATMAS"),
	    &diag);
	IS_STR(listed(false),
	    "customer-malformed/critical/marketing/1 "
	    "idoc-unmapped/low/sap-team/1",
	    "healing closes that one");
	raise_one("idoc-malformed", "idoc", "1", NULL);
	IS_STR(listed(true),
	    "customer-malformed/critical/marketing/1 "
	    "idoc-malformed/high/sap-team/3 idoc-unmapped/low/sap-team/1",
	    "raised again it is open again");
	exceptions_heal(state, NULL, "idoc", STR("1"), &diag);
	exceptions_heal(state, NULL, "customer", STR("7"), &diag);
	IS_STR(listed(false), "idoc-unmapped/low/sap-team/1",
	    "without a code all of the subject");

	struct exception again = { .code = "idoc-malformed",
		.subject = "idoc",
		.id = STR("1"),
		.message = STR("what is wrong") };

	exceptions_known(state, &again, &known, &diag);
	OK(known, "this occurrence is known though closed");
	again.message = STR("something else");
	exceptions_known(state, &again, &known, &diag);
	OK(!known, "another one is not");
}

static void
test_owners(void)
{
	fresh("[exception \"customer-*\"]\nowner = crm\n"
	      "[exception \"customer-mal*\"]\nseverity = low\n"
	      "[exception \"customer-rejected\"]\nowner = anna\n");
	raise_one("customer-malformed", "customer", "7", "7");
	raise_one("customer-rejected", "customer", "7", "7");
	raise_one("idoc-malformed", "idoc", "7", NULL);
	IS_STR(listed(false),
	    "customer-rejected/critical/anna/1 "
	    "idoc-malformed/high/sap-team/1 customer-malformed/low/crm/1",
	    "the longest label that has the key decides");
}

static void
test_hold_heals(void)
{
	uint64_t lifted;

	fresh("");
	raise_one("customer-malformed", "idoc", "99", "7");
	raise_one("customer-malformed", "customer", "8", "8");
	hold_set(state, STR("7"), STR("DEBMAS"), STR("5"), &diag);
	hold_set(state, STR("7"), STR("ADRMAS"), STR("5"), &diag);
	hold_set(state, STR("8"), STR("DEBMAS"), STR("5"), &diag);
	hold_answer(state, STR("7"), STR("DEBMAS"), STR("6"), &diag);
	hold_lift(state, &lifted, &diag);
	IS_INT(lifted, 1, "one of two holds of a customer is lifted");
	IS_STR(listed(false),
	    "customer-malformed/critical/marketing/1 "
	    "customer-malformed/critical/marketing/1",
	    "nothing is healed while the other stands");
	hold_answer(state, STR("7"), STR("ADRMAS"), STR("6"), &diag);
	hold_lift(state, &lifted, &diag);
	IS_STR(listed(false), "customer-malformed/critical/marketing/1",
	    "with the last one its exceptions go, nobody else's");
}

static void
run_sql(const char *sql)
{
	if (state_exec(state, sql, &diag) != STATUS_OK)
		printf("# %s\n", diag.message);
}

static void
test_deadlines(void)
{
	fresh("[exception \"order-*\"]\nescalate-after = 1h\n");
	run_sql("INSERT INTO orders(id, customer, provisional_at) VALUES"
		"('W1', '7', 1000000), ('W2', NULL, 1000000)");
	run_sql("INSERT INTO orders(id, provisional_at, confirmed_at) VALUES"
		"('W3', 1000000, 1000001)");
	deadline_pass(state, 1000000 + 1799, &diag);
	IS_STR(listed(false), "", "within half an hour nothing is late");
	instant_fix(1000000 + 1800);
	deadline_pass(state, instant_now(), &diag);
	deadline_pass(state, instant_now(), &diag);
	IS_STR(listed(false),
	    "order-unconfirmed/high/operations/1 "
	    "order-unconfirmed/high/operations/1",
	    "then the two are, once");
	run_sql("UPDATE orders SET confirmed_at = 1001900 WHERE id = 'W1'");
	deadline_pass(state, 1001900, &diag);
	IS_STR(listed(false), "order-unconfirmed/high/operations/1",
	    "SAP's word heals");
	deadline_pass(state, 1001800 + 3600, &diag);
	IS_STR(listed(false), "order-unconfirmed/critical/operations/1",
	    "what nobody looks at becomes critical");
	raise_one("order-unconfirmed", "order", "W2", NULL);
	IS_STR(listed(false), "order-unconfirmed/critical/operations/2",
	    "and stays so");
}

/* Who is to act, of the nearest section that says so. */
static void
test_escalation(void)
{
	uint64_t count;

	fresh("[exception \"order-*\"]\nescalate-to = duty\n"
	      "[owner \"marketing\"]\nescalate-after = 1h\n"
	      "[escalation]\nafter = 2h\nto = lead\n");
	raise_one("customer-malformed", "customer", "7", "7");
	raise_one("order-line-vanished", "order", "1", NULL);
	raise_one("idoc-malformed", "idoc", "1", NULL);
	raise_one("balance", "idoc", "1", NULL);
	triage_ack(state, STR("balance"), STR("jo"), &count, &diag);
	deadline_pass(state, 1000000 + 3600, &diag);
	IS_STR(listed(false),
	    "customer-malformed/critical/lead/1 "
	    "idoc-malformed/high/sap-team/1 balance/high/operator/1 "
	    "order-line-vanished/medium/operations/1",
	    "after the time of its owner");
	deadline_pass(state, 1000000 + 7200, &diag);
	IS_STR(listed(false),
	    "customer-malformed/critical/lead/1 "
	    "order-line-vanished/critical/duty/1 "
	    "idoc-malformed/critical/lead/1 balance/high/operator/1",
	    "or that of all, to whom its code says; not when acknowledged");
	triage_assign(state, STR("order:1"), STR("anna"), STR("jo"), &count,
	    &diag);
	raise_one("order-line-vanished", "order", "1", NULL);
	raise_one("idoc-malformed", "idoc", "1", NULL);
	deadline_pass(state, 1000000 + 9000, &diag);
	IS_STR(listed(false),
	    "customer-malformed/critical/lead/1 "
	    "order-line-vanished/critical/anna/2 "
	    "idoc-malformed/critical/lead/2 balance/high/operator/1",
	    "once; whoever has it then keeps it");
	exceptions_heal(state, NULL, "idoc", STR("1"), &diag);
	instant_fix(1000000 + 9000);
	raise_one("idoc-malformed", "idoc", "1", NULL);
	deadline_pass(state, 1000000 + 9001, &diag);
	IS_STR(listed(false),
	    "customer-malformed/critical/lead/1 "
	    "order-line-vanished/critical/anna/2 "
	    "idoc-malformed/high/sap-team/3",
	    "opened again it begins anew");
}

/* What was closed long ago goes, with all that belongs to it. */
static void
test_prune(void)
{
	fresh("");
	raise_one("idoc-malformed", "idoc", "1", NULL);
	raise_one("idoc-malformed", "idoc", "2", NULL);
	run_sql("INSERT INTO notice SELECT n, 0, 1 FROM exception");
	exceptions_heal(state, NULL, "idoc", STR("1"), &diag);
	deadline_pass(state, 1000000 + 400 * 86400 - 1, &diag);
	IS_STR(listed(true),
	    "idoc-malformed/high/sap-team/1 "
	    "idoc-malformed/high/sap-team/1/closed",
	    "a year later all is there");
	IS_INT(deadline_pass(state, 1000000 + 400 * 86400, &diag), STATUS_OK,
	    "later");
	IS_STR(listed(true), "idoc-malformed/high/sap-team/1",
	    "what is closed is not");
}

/* What a person resolved is not raised by time alone. */
static void
test_resolved(void)
{
	uint64_t count;

	fresh("");
	run_sql("INSERT INTO orders(id, provisional_at) VALUES('W1', 1)");
	deadline_pass(state, instant_now(), &diag);
	triage_resolve(state, STR("order:W1"), STR("a test"), STR("jo"), &count,
	    &diag);
	IS_INT(count, 1, "resolved");
	deadline_pass(state, instant_now() + 86400, &diag);
	IS_STR(listed(false), "", "it stays so while nothing changes");
}

static void
test_run_end(void)
{
	struct run run;

	fresh("");
	run_sql("INSERT INTO orders(id, provisional_at) VALUES('W1', 1)");
	run_begin(state, &run, "order-aggregate", &diag);
	IS_INT(run_end(state, &run, STATUS_OK, &diag), STATUS_OK, "a run ends");
	IS_STR(listed(false), "order-unconfirmed/high/operations/1",
	    "and looks at the deadlines");
}

int
main(void)
{
	test_raise();
	test_owners();
	test_hold_heals();
	test_deadlines();
	test_escalation();
	test_prune();
	test_resolved();
	test_run_end();
	state_close(state);
	config_free(config);
	DONE();
}
