#include "customer.h"

#include "base/text.h"
#include "fold/contact.h"
#include "state/exceptions.h"
#include "state/hold.h"
#include "state/ledger.h"

enum status
customers_remark(struct customers *c, const char *code, struct str id,
    const struct record_src *src, const char *rest, struct buf *output,
    struct diag *diag)
{
	struct exception exception = {
		.code = code,
		.subject = "customer",
		.id = id,
		.customer = id,
	};

	if (src != NULL)
		exception.src = *src;
	buf_clear(&c->message);
	buf_add_format(&c->message, "customer '%s' %s",
	    text_escape(&c->escaped, id, 40), rest);
	exception.message = buf_str(&c->message);
	return filter_except(&c->aggregate.filter, &exception, output, diag);
}

/* Remember that the contact of a customer is to be decided anew. */
static void
mark_changed(struct customers *c, struct str id)
{
	for (size_t i = c->changed_count; i > 0; i--)
		if (str_eq(c->changed[i - 1], id))
			return;
	if (c->changed_count == c->changed_size) {
		c->changed_size =
		    c->changed_size != 0 ? c->changed_size * 2 : 64;
		c->changed =
		    mem_grow(c->changed, c->changed_size, sizeof(*c->changed));
	}
	c->changed[c->changed_count++] = arena_str(&c->batch, id);
}

static enum status
settle(struct customers *c, const struct record *record,
    enum contact_verdict verdict, const char *rule, struct diag *diag)
{
	static const enum outcome outcomes[] = {
		[CONTACT_TAKEN] = OUTCOME_FOLDED,
		[CONTACT_SUPERSEDED] = OUTCOME_SUPERSEDED,
		[CONTACT_DUPLICATE] = OUTCOME_DUPLICATE,
	};

	return ledger_settle(c->aggregate.state, &record->src,
	    rule != NULL ? OUTCOME_IGNORED : outcomes[verdict], rule, diag);
}

/* What a record of this customer does beside its facts. */
static enum status
after_fold(struct customers *c, const struct record *record, struct str id,
    enum contact_verdict verdict, bool one_time, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (verdict != CONTACT_DUPLICATE)
		mark_changed(c, id);
	if (verdict != CONTACT_SUPERSEDED)
		status = hold_answer(c->aggregate.state, id, record->src.mestyp,
		    record->seq, diag);
	if (status == STATUS_OK)
		status = settle(c, record, verdict,
		    one_time ? "one-time" : NULL, diag);
	return status;
}

static enum status
fold_customer(struct customers *c, const struct record *record, bool stamped,
    struct buf *output, struct diag *diag)
{
	struct contact_record from = { record->root, record->seq, stamped };
	struct str id = str_alpha_out(record->id);
	struct contact_state customer;
	enum contact_verdict verdict;
	enum status status;
	bool cleared;

	status =
	    customer_load(c->aggregate.state, id, &c->record, &customer, diag);
	if (status != STATUS_OK)
		return status;
	verdict = contact_fold_general(&customer, &from, c->config, &cleared,
	    &c->record);
	if (verdict != CONTACT_DUPLICATE)
		status = customer_store(c->aggregate.state, &customer, diag);
	if (status == STATUS_OK && cleared)
		status = customers_remark(c, "customer-flag-cleared", id,
		    &record->src,
		    "is no longer flagged for deletion in SAP; it stays opted "
		    "out",
		    output, diag);
	else if (status == STATUS_OK && customer.deleted)
		status = exceptions_heal(c->aggregate.state,
		    "customer-flag-cleared", "customer", id, diag);
	if (status == STATUS_OK)
		status =
		    after_fold(c, record, id, verdict, customer.one_time, diag);
	return status;
}

/* The customer an address belongs to; empty when it is not a customer's. */
static struct str
owner_of(const struct record *record, struct arena *arena)
{
	struct str customer = json_text(record->root, "customer", arena);

	if (customer.len == 0 &&
	    str_is(json_text(record->root, "object", arena), "KNA1"))
		customer = json_text(record->root, "object_id", arena);
	return str_alpha_out(str_trim(customer));
}

static enum status
fold_point(struct customers *c, const struct record *record, bool stamped,
    struct diag *diag)
{
	struct contact_record from = { record->root, record->seq, stamped };
	struct str id = owner_of(record, &c->record);
	struct str object = json_text(record->root, "object", &c->record);
	struct str object_id = json_text(record->root, "object_id", &c->record);
	struct state *state = c->aggregate.state;
	struct contact_part part;
	enum contact_verdict verdict;
	enum status status;
	bool one_time = false;

	if (id.len == 0)
		return settle(c, record, CONTACT_TAKEN, "not-a-customer", diag);
	if (object.len == 0 || object_id.len == 0) {
		object = STR("KNA1");
		object_id = id;
	}
	status = customer_load_point(state, object, object_id, &c->record,
	    &part, diag);
	if (status != STATUS_OK)
		return status;
	verdict = contact_fold_part(&part, &from, &c->record);
	if (verdict != CONTACT_DUPLICATE)
		status = customer_store_point(state, object, object_id, id,
		    &part, diag);
	if (status == STATUS_OK)
		status = customer_is_one_time(state, id, &one_time, diag);
	if (status == STATUS_OK)
		status = after_fold(c, record, id, verdict, one_time, diag);
	return status;
}

enum status
customers_apply(void *user, struct record *record, struct buf *output,
    struct diag *diag)
{
	struct customers *c = user;
	bool stamped, duplicate;
	enum status status;

	arena_reset(&c->record);
	status = aggregate_arrive(c->aggregate.state, record, &c->record,
	    &stamped, &duplicate, diag);
	c->aggregate.run.duplicates += duplicate;
	if (status != STATUS_OK || duplicate)
		return status;
	if (record->type == RECORD_CONTACT_POINT)
		return fold_point(c, record, stamped, diag);
	return fold_customer(c, record, stamped, output, diag);
}

enum status
customers_batch_end(void *user, struct buf *output, struct diag *diag)
{
	struct customers *c = user;
	enum status status = STATUS_OK;
	uint64_t lifted;

	for (size_t i = 0; i < c->changed_count && status == STATUS_OK &&
			   !state_is_temporary(c->aggregate.state);
	     i++) {
		arena_reset(&c->record);
		status = customers_decide(c, c->changed[i], output, diag);
	}
	if (status == STATUS_OK && c->changed_count > 0)
		status = hold_lift(c->aggregate.state, &lifted, diag);
	c->changed_count = 0;
	arena_reset(&c->batch);
	return status;
}

void
customers_free(struct customers *c)
{
	arena_free(&c->record);
	arena_free(&c->batch);
	free(c->changed);
	buf_free(&c->body);
	buf_free(&c->message);
	buf_free(&c->escaped);
}
