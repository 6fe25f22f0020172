#include "customer.h"

#include "base/limits.h"
#include "base/text.h"
#include "fold/contact.h"
#include "state/exceptions.h"
#include "state/outbox.h"

#define NO_IDENTITY "has neither a usable e-mail address nor a phone"

static enum status
put_contact(struct customers *c, const struct contact_state *customer,
    enum contact_wish wish, struct buf *output, struct diag *diag)
{
	bool urgent = wish == CONTACT_OPTED_OUT;
	struct desired desired = {
		.kind = DESIRED_CONTACT,
		.id = customer->id,
		.urgent = urgent,
		.body = buf_str(&c->body),
	};
	enum outbox_change change;
	enum status status;

	status = outbox_put(c->aggregate.state, &desired,
	    urgent ? LANE_URGENT : LANE_LIVE, &change, diag);
	if (status != STATUS_OK || change != OUTBOX_QUEUED ||
	    state_is_temporary(c->aggregate.state))
		return status;
	desired_write(output, &desired);
	buf_add_char(output, '\n');
	return STATUS_OK;
}

/* A remark that stands while it is true. */
static enum status
remark_identity(struct customers *c, const struct contact_state *customer,
    enum contact_wish wish, struct buf *output, struct diag *diag)
{
	if (wish != CONTACT_NONE || customer->one_time ||
	    !contact_is_known(customer) || customer->email.len > 0 ||
	    customer->phone.len > 0)
		return exceptions_heal(c->aggregate.state,
		    "customer-no-identity", "customer", customer->id, diag);
	return customers_remark(c, "customer-no-identity", customer->id, NULL,
	    NO_IDENTITY, output, diag);
}

/* A contact that was sent cannot be taken back: a person has to. */
static enum status
remark_one_time(struct customers *c, const struct contact_state *customer,
    struct buf *output, struct diag *diag)
{
	bool sent = false;
	enum status status = STATUS_OK;

	if (customer->one_time)
		status = customer_was_sent(c->aggregate.state, customer->id,
		    &sent, diag);
	if (status != STATUS_OK)
		return status;
	if (!sent)
		return exceptions_heal(c->aggregate.state, "customer-one-time",
		    "customer", customer->id, diag);
	return customers_remark(c, "customer-one-time", customer->id, NULL,
	    "is a one-time account now, and is a contact in Ometria from "
	    "before",
	    output, diag);
}

/* Who is held is held under the addresses of before, too. */
static enum status
remember_former(struct customers *c, const struct contact_state *customer,
    struct str before, struct diag *diag)
{
	if (before.len == 0 || customer->erased ||
	    str_eq(before, customer->email) ||
	    state_is_temporary(c->aggregate.state))
		return STATUS_OK;
	return customer_add_former(c->aggregate.state, customer->id, before,
	    diag);
}

static enum status
remark_cut(struct customers *c, const struct contact_state *customer,
    struct str cut, struct buf *output, struct diag *diag)
{
	struct str rest;

	if (cut.len == 0)
		return exceptions_heal(c->aggregate.state, "contact-field-cut",
		    "customer", customer->id, diag);
	rest = arena_format(&c->record,
	    "has more than Ometria takes, cut or left out: %.*s",
	    STR_ARGS(cut));
	return customers_remark(c, "contact-field-cut", customer->id, NULL,
	    rest.data, output, diag);
}

/* Remember that who has this address is to be looked at anew; without a state
 * all are in the end. */
static void
mark_shared(struct customers *c, struct str email)
{
	if (email.len > 0 && !state_is_temporary(c->aggregate.state))
		customers_remember(c, &c->shared, email);
}

/* Whether the address of a customer counts among those who share one. */
static enum status
leave_shared(struct customers *c, const struct contact_state *customer,
    struct str before, struct diag *diag)
{
	bool live = customer->flagged.len == 0 && !customer->one_time;

	mark_shared(c, before);
	mark_shared(c, customer->email);
	if (live && str_eq(before, customer->email))
		return STATUS_OK;
	return exceptions_heal(c->aggregate.state, "customer-shared-email",
	    "customer", customer->id, diag);
}

#define SHARING_NAMED 5

/* "has the same e-mail address as customer '8', '9'" */
static const char *
sharing_message(struct customers *c, const struct str *others, size_t count)
{
	struct buf text = BUF_INIT;
	const char *message;

	buf_add_text(&text, "has the same e-mail address as customer ");
	for (size_t i = 0; i < count && i < SHARING_NAMED; i++)
		buf_add_format(&text, "%s'%s'", i > 0 ? ", " : "",
		    text_escape(&c->escaped, others[i], 40));
	if (count > SHARING_NAMED)
		buf_add_text(&text, " and others");
	message = arena_str(&c->record, buf_str(&text)).data;
	buf_free(&text);
	return message;
}

/*
 * Customers with one e-mail address are one exception, known by the lowest
 * number; it heals when the address is no longer shared. The last lowest one is
 * among the first of them: at most a batch of new ones stands before it.
 */
static enum status
remark_shared(struct customers *c, struct str email, struct buf *output,
    struct diag *diag)
{
	struct state *state = c->aggregate.state;
	struct str ids[CUSTOMER_SHARING];
	enum status status;
	size_t count;

	status = customer_sharing(state, email, &c->record, ids, &count, diag);
	for (size_t i = count > 1; i < count && status == STATUS_OK; i++)
		status = exceptions_heal(state, "customer-shared-email",
		    "customer", ids[i], diag);
	if (status != STATUS_OK || count < 2)
		return status;
	return customers_remark(c, "customer-shared-email", ids[0], NULL,
	    sharing_message(c, ids + 1, count - 1), output, diag);
}

enum status
customers_remark_shared(struct customers *c, struct buf *output,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < c->shared.count && status == STATUS_OK; i++) {
		arena_reset(&c->record);
		status = remark_shared(c, c->shared.list[i], output, diag);
	}
	c->shared.count = 0;
	return status;
}

/* Whoever has an erased person's address is that person for all we know. */
static enum status
remark_suppressed(struct customers *c, const struct contact_state *customer,
    enum contact_wish *wish, struct buf *output, struct diag *diag)
{
	enum status status;
	bool yes;

	status = customers_are_erased(c, customer, &yes, diag);
	if (status != STATUS_OK)
		return status;
	if (!yes)
		return exceptions_heal(c->aggregate.state,
		    "customer-suppressed", "customer", customer->id, diag);
	*wish = CONTACT_NONE;
	return customers_remark(c, "customer-suppressed", customer->id, NULL,
	    "has the e-mail address of an erased person: nothing of it is sent",
	    output, diag);
}

enum status
customers_decide(struct customers *c, struct str id, struct buf *output,
    struct diag *diag)
{
	struct contact_state customer;
	enum contact_wish wish, can;
	struct str before, cut;
	enum status status;

	status =
	    customer_load(c->aggregate.state, id, &c->record, &customer, diag);
	if (status != STATUS_OK)
		return status;
	before = customer.email;
	contact_judge(&customer, c->config, &c->record);
	contact_choose(&customer, c->config, instant_now(), &c->record);
	wish = contact_body(&customer, c->config, &c->body, &cut, &c->record);
	can = wish;
	status = remark_suppressed(c, &customer, &wish, output, diag);
	if (wish == CONTACT_LIVE && customer.email.len > 0)
		customer.sent_email = customer.email;
	if (status == STATUS_OK)
		status = customers_erase(c, &customer, output, diag);
	if (status == STATUS_OK)
		status = customer_store(c->aggregate.state, &customer, diag);
	if (status == STATUS_OK && wish != CONTACT_NONE)
		status = put_contact(c, &customer, wish, output, diag);
	else if (status == STATUS_OK)
		status = customer_unqueue(c->aggregate.state, id, diag);
	if (status == STATUS_OK)
		status = remark_identity(c, &customer, can, output, diag);
	if (status == STATUS_OK)
		status = remark_one_time(c, &customer, output, diag);
	if (status == STATUS_OK)
		status = remark_cut(c, &customer, cut, output, diag);
	if (status == STATUS_OK)
		status = remember_former(c, &customer, before, diag);
	if (status == STATUS_OK)
		status = leave_shared(c, &customer, before, diag);
	return status;
}

enum status
customers_decide_due(void *user, bool *more, struct buf *output,
    struct diag *diag)
{
	struct customers *c = user;
	instant now = instant_now();
	enum status status = STATUS_OK;
	struct str id = STR_NONE;
	size_t count = 0;

	do {
		arena_reset(&c->record);
		status =
		    customer_due(c->aggregate.state, now, &c->batch, &id, diag);
		if (status == STATUS_OK && id.len > 0)
			status = customers_decide(c, id, output, diag);
	} while (status == STATUS_OK && id.len > 0 && ++count < LIMIT_BATCH);
	if (status == STATUS_OK)
		status = customers_remark_shared(c, output, diag);
	*more = count == LIMIT_BATCH;
	arena_reset(&c->batch);
	return status;
}

static enum status
decide_all(struct customers *c, struct buf *output, struct diag *diag)
{
	struct buf last = BUF_INIT;
	enum status status;
	struct str id;

	for (;;) {
		arena_reset(&c->batch);
		status = customer_next(c->aggregate.state, buf_str(&last),
		    &c->batch, &id, diag);
		if (status != STATUS_OK || id.len == 0)
			break;
		arena_reset(&c->record);
		status = customers_decide(c, id, output, diag);
		if (status != STATUS_OK)
			break;
		buf_clear(&last);
		buf_add_str(&last, id);
	}
	buf_free(&last);
	return status;
}

static enum status
remark_all_shared(struct customers *c, struct buf *output, struct diag *diag)
{
	struct buf last = BUF_INIT;
	enum status status;
	struct str email;

	for (;;) {
		arena_reset(&c->record);
		status = customer_next_shared(c->aggregate.state,
		    buf_str(&last), &c->record, &email, diag);
		if (status != STATUS_OK || email.len == 0)
			break;
		buf_clear(&last);
		buf_add_str(&last, email);
		status = remark_shared(c, email, output, diag);
		if (status != STATUS_OK)
			break;
	}
	buf_free(&last);
	return status;
}

enum status
customers_at_end(void *user, struct buf *output, struct diag *diag)
{
	struct customers *c = user;
	enum status status = decide_all(c, output, diag);

	return status == STATUS_OK ? remark_all_shared(c, output, diag)
				   : status;
}
