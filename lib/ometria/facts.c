#include "ometria/facts.h"

#include "state/authority.h"
#include "state/customer.h"
#include "state/suppression.h"

/* Who an order or event is of, by what it says itself. */
struct named {
	struct str email;
	struct str order; /* whose facts hold the person */
};

static struct named
read_named(struct facts_query *query)
{
	const struct json *body = json_parse(query->doc, query->body);
	struct named named = { STR_NONE, query->id };

	if (body == NULL)
		return named;
	if (query->kind == DESIRED_ORDER)
		body = json_get(body, "customer");
	else
		named.order = json_text(body, "order_id", query->arena);
	named.email = json_text(body, "email", query->arena);
	return named;
}

/*
 * An order or event of somebody on the list of erased people, by number or by
 * address in whatever spelling, leaves without the person.
 */
static enum status
look_for_erased(struct facts_query *query, struct payload_facts *facts,
    struct diag *diag)
{
	struct named named;
	struct str texts[3];
	enum status status;
	bool listed;

	status = suppression_any(query->state, &listed, diag);
	if (status != STATUS_OK || !listed)
		return status;
	named = read_named(query);
	texts[0] = query->customer;
	texts[1] = facts->email;
	texts[2] = named.email;
	status = suppression_has(query->state, texts, 3, &listed, diag);
	if (status != STATUS_OK || !listed)
		return status;
	facts->person = PERSON_ERASED;
	if (named.email.len > 0)
		query->scrub = named.order;
	return STATUS_OK;
}

/* An order that names an address alone is of who is opted out with it. */
static enum status
look_for_opted_out(struct facts_query *query, struct payload_facts *facts,
    struct diag *diag)
{
	struct str email = read_named(query).email, id;
	enum status status;

	if (email.len == 0)
		return STATUS_OK;
	status =
	    customer_opted_out_by(query->state, email, query->arena, &id, diag);
	if (status != STATUS_OK || id.len == 0)
		return status;
	facts->person = PERSON_OPTED_OUT;
	facts->id = id;
	return STATUS_OK;
}

static enum status
learn_master(struct facts_query *query, struct payload_facts *facts,
    struct diag *diag)
{
	struct customer_contact contact = { 0 };
	bool found = false;
	enum status status;

	if (query->customer.len == 0)
		return look_for_opted_out(query, facts, diag);
	status = customer_contact(query->state, query->customer, query->arena,
	    &contact, &found, diag);
	if (status != STATUS_OK || !found)
		return status;
	facts->email = contact.email;
	facts->shop_email =
	    authority_of(state_config(query->state), "email") == AUTHORITY_SHOP;
	if (contact.erased)
		facts->person = PERSON_ERASED;
	else if (contact.opted_out)
		facts->person = PERSON_OPTED_OUT;
	else if (contact.one_time) {
		facts->person = PERSON_GUEST;
		return look_for_opted_out(query, facts, diag);
	}
	return STATUS_OK;
}

enum status
facts_learn(struct payload_facts *facts, struct facts_query *query,
    struct diag *diag)
{
	enum status status;

	query->scrub = STR_NONE;
	if (query->kind < DESIRED_ORDER)
		return STATUS_OK;
	status = learn_master(query, facts, diag);
	return status == STATUS_OK ? look_for_erased(query, facts, diag)
				   : status;
}
