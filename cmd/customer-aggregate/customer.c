#include "customer.h"

#include "base/text.h"
#include "fold/contact.h"
#include "state/exceptions.h"
#include "state/hold.h"
#include "state/ledger.h"
#include "state/outbox.h"

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

void
customers_remember(struct customers *c, struct customer_set *set,
    struct str text)
{
	for (size_t i = set->count; i > 0; i--)
		if (str_eq(set->list[i - 1], text))
			return;
	if (set->count == set->size) {
		set->size = set->size != 0 ? set->size * 2 : 64;
		set->list = mem_grow(set->list, set->size, sizeof(*set->list));
	}
	set->list[set->count++] = arena_str(&c->batch, text);
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
		customers_remember(c, &c->changed, id);
	if (verdict == CONTACT_TAKEN)
		trace_add(&c->aggregate.filter.trace, &record->src,
		    DESIRED_CONTACT, id);
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

	if (id.len == 0 || str_is(object, CUSTOMER_SHOP))
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

/* The shop's word on a customer: it counts only for what the shop owns, makes
 * no contact and answers no hold. */
static enum status
fold_shop(struct customers *c, const struct record *record, bool stamped,
    struct diag *diag)
{
	struct contact_record from = { record->root, record->seq, stamped };
	struct str id = str_alpha_out(record->id);
	struct state *state = c->aggregate.state;
	struct contact_part part;
	enum contact_verdict verdict;
	enum status status;

	status = customer_load_point(state, STR(CUSTOMER_SHOP), id, &c->record,
	    &part, diag);
	if (status != STATUS_OK)
		return status;
	verdict = contact_fold_part(&part, &from, &c->record);
	if (verdict != CONTACT_DUPLICATE) {
		status = customer_store_point(state, STR(CUSTOMER_SHOP), id, id,
		    &part, diag);
		customers_remember(c, &c->changed, id);
	}
	return status == STATUS_OK ? settle(c, record, verdict, NULL, diag)
				   : status;
}

enum status
customers_apply(void *user, struct record *record, struct buf *output,
    struct diag *diag)
{
	struct customers *c = user;
	/* Before the ledger adopts it: who names no system is the shop. */
	bool shop = str_is(record->src.sys, "shop") ||
		    (record->src.sys.len == 0 && record->seq.len == 0);
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
	if (shop)
		return fold_shop(c, record, stamped, diag);
	return fold_customer(c, record, stamped, output, diag);
}

enum status
customers_batch_end(void *user, struct buf *output, struct diag *diag)
{
	struct customers *c = user;
	enum status status = STATUS_OK;
	bool stateful = !state_is_temporary(c->aggregate.state), more;
	uint64_t lifted;

	for (size_t i = 0;
	     i < c->changed.count && status == STATUS_OK && stateful; i++) {
		arena_reset(&c->record);
		status = customers_decide(c, c->changed.list[i], output, diag);
	}
	if (status == STATUS_OK && c->changed.count > 0)
		status = hold_lift(c->aggregate.state, &lifted, diag);
	c->changed.count = 0;
	outbox_set_age(c->aggregate.state, OUTBOX_DUE);
	if (status == STATUS_OK && stateful)
		return customers_decide_due(c, &more, output, diag);
	arena_reset(&c->batch);
	return status;
}

enum status
customers_begin(void *user, struct diag *diag)
{
	static const char *const sections[] = { "customer", "authority",
		"deletion", "sales-area", NULL };
	struct customers *c = user;

	return customer_configure(c->aggregate.state,
	    config_fingerprint(c->config, sections), diag);
}

enum status
customers_idle(void *user, struct diag *diag)
{
	struct customers *c = user;

	return aggregate_idle(&c->aggregate, diag);
}

void
customers_free(struct customers *c)
{
	arena_free(&c->record);
	arena_free(&c->batch);
	free(c->changed.list);
	free(c->shared.list);
	buf_free(&c->body);
	buf_free(&c->message);
	buf_free(&c->escaped);
}
