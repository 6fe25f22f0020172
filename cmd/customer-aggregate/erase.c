#include "customer.h"

#include "fold/contact.h"
#include "state/erasure.h"
#include "state/suppression.h"

/* What an erased person's records said, on its way out of the state. */
struct erasing {
	struct customers *c;
	struct contact_state *customer;
	bool request; /* Ometria is asked by the tools */
};

/* Nothing that waits for another customer may leave with the address. */
static enum status
mark_sharing(struct customers *c, struct str address, struct diag *diag)
{
	struct str id = STR_NONE;
	enum status status;

	do {
		status = customer_next_sharing(c->aggregate.state, id, address,
		    &c->record, &id, diag);
		if (status == STATUS_OK && id.len > 0)
			customers_remember(c, &c->changed, id);
	} while (status == STATUS_OK && id.len > 0);
	return status;
}

static enum status
erase_address(struct erasing *erasing, struct str address, struct diag *diag)
{
	struct state *state = erasing->c->aggregate.state;
	struct str id = erasing->customer->id;
	enum status status;
	bool news = false;

	address = str_trim(address);
	if (address.len == 0)
		return STATUS_OK;
	status = suppression_add(state, address, diag);
	if (status == STATUS_OK)
		status =
		    suppression_scrub_orders(state, STR_NONE, address, diag);
	if (status == STATUS_OK)
		status = mark_sharing(erasing->c, address, diag);
	if (status == STATUS_OK && erasing->request &&
	    contact_email_valid(address))
		status = erasure_queue(state, id, address, &news, diag);
	return status;
}

static enum status
erase_part(struct erasing *erasing, const struct contact_part *part,
    struct diag *diag)
{
	struct arena *arena = &erasing->c->record;
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *facts =
	    part->facts.len > 0 ? json_parse(&doc, part->facts) : NULL;
	enum status status = STATUS_OK;

	if (facts != NULL) {
		status = erase_address(erasing,
		    json_text(facts, "email", arena), diag);
		JSON_EACH(item, json_get(facts, "emails"))
		{
			if (status == STATUS_OK)
				status = erase_address(erasing,
				    json_text(item, "address", arena), diag);
		}
	}
	json_doc_free(&doc);
	return status;
}

static enum status
erase_former(struct erasing *erasing, struct diag *diag)
{
	struct customers *c = erasing->c;
	struct str email;
	enum status status;

	do {
		status = customer_take_former(c->aggregate.state,
		    erasing->customer->id, &c->record, &email, diag);
		if (status == STATUS_OK)
			status = erase_address(erasing, email, diag);
	} while (status == STATUS_OK && email.len > 0);
	return status;
}

static enum status
erase_addresses(struct erasing *erasing, struct diag *diag)
{
	const struct contact_state *customer = erasing->customer;
	enum status status = erase_address(erasing, customer->sent_email, diag);

	if (status == STATUS_OK)
		status = erase_former(erasing, diag);
	if (status == STATUS_OK)
		status = erase_part(erasing, &customer->general, diag);
	if (status == STATUS_OK)
		status = erase_part(erasing, &customer->shop, diag);
	for (size_t i = 0; i < customer->point_count && status == STATUS_OK;
	     i++)
		status = erase_part(erasing, &customer->points[i], diag);
	return status;
}

/* Without leave to ask, a person has to; that is said once. */
static enum status
ask_by_hand(struct erasing *erasing, struct buf *output, struct diag *diag)
{
	struct customers *c = erasing->c;
	struct str id = erasing->customer->id;
	enum status status;
	bool news;

	if (!erasing->customer->to_request || erasing->request)
		return STATUS_OK;
	status = erasure_by_hand(c->aggregate.state, id, &news, diag);
	if (status != STATUS_OK || !news)
		return status;
	return customers_remark(c, "deletion-request", id, NULL,
	    "is to be erased, and [deletion] request is off: ask Ometria by "
	    "hand",
	    output, diag);
}

enum status
customers_erase(struct customers *c, struct contact_state *customer,
    struct buf *output, struct diag *diag)
{
	struct state *state = c->aggregate.state;
	struct erasing erasing = {
		.c = c,
		.customer = customer,
		.request = customer->to_request &&
			   str_is(str_of(config_text(c->config, "deletion",
				      NULL, "request")),
			       "on"),
	};
	enum status status;

	if (!customer->erased)
		return STATUS_OK;
	status = suppression_add(state, customer->id, diag);
	if (status == STATUS_OK)
		status = suppression_scrub_orders(state, customer->id, STR_NONE,
		    diag);
	if (status == STATUS_OK)
		status = erase_addresses(&erasing, diag);
	if (status == STATUS_OK)
		status = ask_by_hand(&erasing, output, diag);
	if (status == STATUS_OK)
		status = suppression_scrub_points(state, customer->id, diag);
	customer->general.facts =
	    contact_forget(customer->general.facts, &c->record);
	customer->email = customer->phone = STR_NONE;
	return status;
}

enum status
customers_are_erased(struct customers *c, const struct contact_state *customer,
    bool *yes, struct diag *diag)
{
	struct str email = customer->email;

	*yes = false;
	if (customer->flagged.len > 0)
		return STATUS_OK;
	return suppression_has(c->aggregate.state, &email, 1, yes, diag);
}
