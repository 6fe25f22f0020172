#include "audit/erase.h"

#include "base/instant.h"
#include "fold/contact.h"
#include "state/erasure.h"
#include "state/exceptions.h"
#include "state/hold.h"
#include "state/outbox.h"
#include "state/suppression.h"

static enum status
number(struct state *state, const char *sql, struct str text, uint64_t *value,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);
	enum status status;

	sql_text(statement, 1, text);
	if (sql_row(state, statement, &status, diag))
		*value += (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

/* What goes to Ometria with the address: it takes it along when it is out. */
static const char waiting[] =
    "SELECT (SELECT count(*) FROM erasure WHERE customer = ?1"
    " AND state IN (1, 2) AND email IS NOT NULL)"
    " + (SELECT count(*) FROM outbox WHERE kind = 1 AND id = ?1"
    "  AND (state IN (1, 2) OR accepted_rev > confirmed_rev)"
    "  AND json_valid(body) AND json_extract(body, '$.email') IS NOT NULL"
    "  AND json_extract(body, '$.opt_out') IS NOT NULL)";

static enum status
count_in_flight(struct state *state, const struct person *person,
    uint64_t *value, struct diag *diag)
{
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT CAST(bytes AS TEXT) FROM inflight", diag);
	enum status status;

	while (sql_row(state, statement, &status, diag))
		*value += person_in_text(person, sql_get_text(statement, 0));
	return status;
}

enum status
erase_look(struct state *state, const struct person *person,
    struct erase_state *found, struct diag *diag)
{
	enum status status;

	*found = (struct erase_state){ .orders = person->orders.count,
		.contacts = person->known };
	status = number(state, waiting, person->customer, &found->waits, diag);
	return status == STATUS_OK
		   ? count_in_flight(state, person, &found->waits, diag)
		   : status;
}

/* --- the customer --- */

struct erasing {
	struct state *state;
	const struct person *person;
	const struct config *config;
	struct arena arena;
};

/* Ometria is to know, too: of who is not opted out already. */
static enum status
tell_ometria(struct erasing *e, const struct contact_state *customer,
    struct diag *diag)
{
	struct desired desired = { .kind = DESIRED_CONTACT,
		.id = customer->id,
		.urgent = true };
	struct exception by_hand = { .code = "deletion-request",
		.subject = "customer",
		.id = customer->id,
		.customer = customer->id,
		.message = STR("is erased here; ask Ometria to erase what it "
			       "has") };
	enum outbox_change change;
	struct buf body = BUF_INIT;
	struct str cut;
	enum status status = STATUS_OK;
	bool news;

	if (contact_body(customer, e->config, &body, &cut, &e->arena) ==
	    CONTACT_OPTED_OUT) {
		desired.body = buf_str(&body);
		status =
		    outbox_put(e->state, &desired, LANE_URGENT, &change, diag);
	}
	for (size_t i = 0; i < e->person->emails.count &&
			   customer->to_request && status == STATUS_OK;
	     i++)
		if (contact_email_valid(e->person->emails.list[i]))
			status = erasure_queue(e->state, customer->id,
			    e->person->emails.list[i], &news, diag);
	if (status == STATUS_OK && !customer->to_request)
		status = exceptions_raise(e->state, &by_hand, diag);
	buf_free(&body);
	return status;
}

static enum status
forget_customer(struct erasing *e, struct diag *diag)
{
	struct contact_state customer;
	struct str request =
	    str_of(config_text(e->config, "deletion", NULL, "request"));
	enum status status = customer_load(e->state, e->person->customer,
	    &e->arena, &customer, diag);
	bool fresh = customer.flagged.len == 0, sent = false;
	char now[15];

	if (status == STATUS_OK)
		status = customer_was_sent(e->state, customer.id, &sent, diag);
	if (status != STATUS_OK)
		return status;
	zone_to_digits(instant_now(), now);
	if (fresh) {
		customer.flagged = str_of(now);
		customer.to_request = sent && str_is(request, "on");
	}
	customer.erased = true;
	if (customer.general.facts.len > 0)
		customer.general.facts =
		    contact_forget(customer.general.facts, &e->arena);
	customer.shop.facts = STR_NONE;
	customer.email = customer.phone = STR_NONE;
	customer.due = INSTANT_NONE;
	if (fresh)
		customer.sent_email = STR_NONE;
	status = customer_store(e->state, &customer, diag);
	if (status == STATUS_OK && fresh && sent)
		status = tell_ometria(e, &customer, diag);
	else if (status == STATUS_OK && fresh)
		status = customer_unqueue(e->state, customer.id, diag);
	return status;
}

static enum status
forget_former(struct erasing *e, struct diag *diag)
{
	enum status status;
	struct str email;

	do
		status = customer_take_former(e->state, e->person->customer,
		    &e->arena, &email, diag);
	while (status == STATUS_OK && email.len > 0);
	return status;
}

/* --- what is known by the names --- */

/* What Ometria said may repeat what it was sent; and what people wrote. */
#define UNSAY(table, column)                                                   \
	"UPDATE " table " SET " column " = 'erased' WHERE instr(lower(" column \
	"), ?1)"

static const char *const said[] = {
	UNSAY("exception", "message"),
	UNSAY("exception", "why"),
	UNSAY("exception_history", "text"),
	UNSAY("outbox", "error"),
	UNSAY("delivery", "why"),
};

static enum status
unsay(struct state *state, struct str word, struct diag *diag)
{
	return sql_run_steps(state, said, sizeof(said) / sizeof(said[0]), word,
	    STR_NONE, diag);
}

static enum status
forget_names(struct erasing *e, struct diag *diag)
{
	const struct person *person = e->person;
	struct state *state = e->state;
	enum status status = suppression_add(state, person->customer, diag);

	for (size_t i = 0; i < person->emails.count && status == STATUS_OK;
	     i++) {
		status = suppression_add(state, person->emails.list[i], diag);
		if (status == STATUS_OK)
			status = unsay(state, person->emails.list[i], diag);
	}
	for (size_t i = 0; i < person->phones.count && status == STATUS_OK; i++)
		status = unsay(state, person->phones.list[i], diag);
	for (size_t i = 0; i < person->orders.count && status == STATUS_OK; i++)
		status = suppression_scrub_order(state, person->orders.list[i],
		    diag);
	return status == STATUS_OK
		   ? suppression_scrub_points(state, person->customer, diag)
		   : status;
}

enum status
erase_apply(struct state *state, const struct person *person, struct diag *diag)
{
	struct erasing e = { state, person, state_config(state), ARENA_INIT };
	uint64_t released;
	enum status status;
	bool own;

	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = forget_names(&e, diag);
	if (status == STATUS_OK && person->customer.len > 0)
		status = forget_customer(&e, diag);
	if (status == STATUS_OK && person->customer.len > 0)
		status = forget_former(&e, diag);
	if (status == STATUS_OK && person->customer.len > 0)
		status = hold_release(state, person->customer, &released, diag);
	arena_free(&e.arena);
	status = state_leave(state, own, status, diag);
	return status == STATUS_OK ? suppression_forget_sent(state, diag)
				   : status;
}
