#include "customer.h"

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
	if (wish != CONTACT_NONE || customer->one_time)
		return exceptions_heal(c->aggregate.state,
		    "customer-no-identity", "customer", customer->id, diag);
	return customers_remark(c, "customer-no-identity", customer->id, NULL,
	    NO_IDENTITY, output, diag);
}

static enum status
remark_cut(struct customers *c, const struct contact_state *customer,
    struct str cut, struct buf *output, struct diag *diag)
{
	struct str rest;

	if (cut.len == 0)
		return exceptions_heal(c->aggregate.state, "contact-field-cut",
		    "customer", customer->id, diag);
	rest = arena_format(&c->record, "was cut at 64 characters in: %.*s",
	    STR_ARGS(cut));
	return customers_remark(c, "contact-field-cut", customer->id, NULL,
	    rest.data, output, diag);
}

static struct str
lesser(struct str a, struct str b)
{
	return str_cmp(a, b) < 0 ? a : b;
}

/*
 * Two customers with one e-mail address are one exception, known by the lesser
 * number; it heals when the address that was shared is no longer.
 */
static enum status
remark_shared(struct customers *c, const struct contact_state *customer,
    struct str before, struct buf *output, struct diag *diag)
{
	struct state *state = c->aggregate.state;
	struct str other = STR_NONE, third = STR_NONE;
	struct str first, second, rest;
	enum status status = STATUS_OK;
	bool live = customer->flagged.len == 0 && !customer->one_time;

	if (before.len > 0 && (!live || !str_eq(before, customer->email))) {
		status = customer_sharing(state, customer->id, before,
		    &c->record, &other, diag);
		if (status == STATUS_OK && other.len > 0)
			status = customer_sharing(state, other, before,
			    &c->record, &third, diag);
		if (status == STATUS_OK && other.len > 0 && third.len == 0)
			status = exceptions_heal(state, "customer-shared-email",
			    "customer", lesser(customer->id, other), diag);
	}
	if (status != STATUS_OK || !live || customer->email.len == 0)
		return status;
	status = customer_sharing(state, customer->id, customer->email,
	    &c->record, &other, diag);
	if (status != STATUS_OK || other.len == 0)
		return status;
	first = lesser(customer->id, other);
	second = str_eq(first, other) ? customer->id : other;
	rest = arena_format(&c->record,
	    "has the same e-mail address as customer '%s'",
	    text_escape(&c->escaped, second, 40));
	return customers_remark(c, "customer-shared-email", first, NULL,
	    rest.data, output, diag);
}

static enum status
suppress(struct customers *c, const struct contact_state *customer,
    struct diag *diag)
{
	struct state *state = c->aggregate.state;
	enum status status;

	if (!customer->erased)
		return STATUS_OK;
	status = customer_suppress(state, customer->id, diag);
	if (status == STATUS_OK)
		status = customer_suppress(state, customer->email, diag);
	return status == STATUS_OK
		   ? customer_suppress(state, customer->sent_email, diag)
		   : status;
}

enum status
customers_decide(struct customers *c, struct str id, struct buf *output,
    struct diag *diag)
{
	struct contact_state customer;
	enum contact_wish wish;
	struct str before, cut;
	enum status status;

	status =
	    customer_load(c->aggregate.state, id, &c->record, &customer, diag);
	if (status != STATUS_OK)
		return status;
	before = customer.email;
	contact_choose(&customer, instant_now(), &c->record);
	wish = contact_body(&customer, c->config, &c->body, &cut, &c->record);
	if (wish == CONTACT_LIVE && customer.email.len > 0)
		customer.sent_email = customer.email;
	status = customer_store(c->aggregate.state, &customer, diag);
	if (status == STATUS_OK && wish != CONTACT_NONE)
		status = put_contact(c, &customer, wish, output, diag);
	else if (status == STATUS_OK)
		status = customer_unqueue(c->aggregate.state, id, diag);
	if (status == STATUS_OK)
		status = remark_identity(c, &customer, wish, output, diag);
	if (status == STATUS_OK)
		status = remark_cut(c, &customer, cut, output, diag);
	if (status == STATUS_OK)
		status = remark_shared(c, &customer, before, output, diag);
	if (status == STATUS_OK)
		status = suppress(c, &customer, diag);
	return status;
}

enum status
customers_at_end(void *user, struct buf *output, struct diag *diag)
{
	struct customers *c = user;
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
