#include "ometria/send.h"

#include "base/instant.h"
#include "ometria/deliver.h"
#include "ometria/lookup.h"
#include "ometria/refuse.h"
#include "state/authority.h"
#include "state/customer.h"
#include "state/suppression.h"

/* A record of a batch with its payload, a span of the batch's buffer. */
struct parcel {
	struct outbox_row row;
	size_t begin, len;
};

struct parcels {
	struct parcel *list;
	size_t count;
	struct buf bytes;
};

/* Who an order or event is of, by what it says itself. */
struct named {
	struct str email;
	struct str order; /* whose facts hold the person */
};

static struct named
read_named(struct drain *drain, const struct outbox_row *row)
{
	const struct json *body = json_parse(&drain->doc, row->body);
	struct named named = { STR_NONE, row->id };

	if (body == NULL)
		return named;
	if (row->kind == DESIRED_ORDER)
		body = json_get(body, "customer");
	else
		named.order = json_text(body, "order_id", &drain->arena);
	named.email = json_text(body, "email", &drain->arena);
	return named;
}

/*
 * An order or event of somebody on the list of erased people, by number or by
 * address in whatever spelling, leaves without the person, and the state
 * forgets who it was.
 */
static enum status
look_for_erased(struct drain *drain, const struct outbox_row *row,
    struct payload_facts *facts, struct diag *diag)
{
	struct named named;
	struct str texts[3];
	enum status status;
	bool listed;

	status = suppression_any(drain->state, &listed, diag);
	if (status != STATUS_OK || !listed)
		return status;
	named = read_named(drain, row);
	texts[0] = row->customer;
	texts[1] = facts->email;
	texts[2] = named.email;
	status = suppression_has(drain->state, texts, 3, &listed, diag);
	if (status != STATUS_OK || !listed)
		return status;
	facts->person = PERSON_ERASED;
	return named.email.len > 0
		   ? suppression_scrub_order(drain->state, named.order, diag)
		   : STATUS_OK;
}

/* An order that names an address alone is of who is opted out with it. */
static enum status
look_for_opted_out(struct drain *drain, const struct outbox_row *row,
    struct payload_facts *facts, struct diag *diag)
{
	struct str email = read_named(drain, row).email, id;
	enum status status;

	if (email.len == 0)
		return STATUS_OK;
	status = customer_opted_out_by(drain->state, email, &drain->arena, &id,
	    diag);
	if (status != STATUS_OK || id.len == 0)
		return status;
	facts->person = PERSON_OPTED_OUT;
	facts->id = id;
	return STATUS_OK;
}

static enum status
learn_master(struct drain *drain, const struct outbox_row *row,
    struct payload_facts *facts, struct diag *diag)
{
	struct customer_contact contact = { 0 };
	bool found = false;
	enum status status;

	if (row->customer.len == 0)
		return look_for_opted_out(drain, row, facts, diag);
	status = customer_contact(drain->state, row->customer, &drain->arena,
	    &contact, &found, diag);
	if (status != STATUS_OK || !found)
		return status;
	facts->email = contact.email;
	facts->shop_email =
	    authority_of(state_config(drain->state), "email") == AUTHORITY_SHOP;
	if (contact.erased)
		facts->person = PERSON_ERASED;
	else if (contact.opted_out)
		facts->person = PERSON_OPTED_OUT;
	else if (contact.one_time) {
		facts->person = PERSON_GUEST;
		return look_for_opted_out(drain, row, facts, diag);
	}
	return STATUS_OK;
}

static enum status
learn_facts(struct drain *drain, const struct outbox_row *row,
    struct payload_facts *facts, struct diag *diag)
{
	enum status status;

	*facts = (struct payload_facts){ .collection = drain->collection };
	if (row->kind < DESIRED_ORDER)
		return STATUS_OK;
	status = learn_master(drain, row, facts, diag);
	return status == STATUS_OK ? look_for_erased(drain, row, facts, diag)
				   : status;
}

/* An event of an erased person waits for good: refusing it would ask for
 * somebody to act. */
static enum status
suppress(struct drain *drain, const struct outbox_row *row, struct diag *diag)
{
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status != STATUS_OK)
		return status;
	status =
	    outbox_withhold(drain->state, row->kind, row->id, INT64_MAX, diag);
	return state_leave(drain->state, own, status, diag);
}

static enum status
add_parcel(struct drain *drain, struct parcels *parcels,
    const struct outbox_row *row, struct diag *diag)
{
	struct payload_facts facts;
	struct payload_fault fault;
	struct refusal refusal = { row->kind, row->id, row->rev, row->customer,
		true, fault.message };
	size_t begin = parcels->bytes.len;
	enum status status = learn_facts(drain, row, &facts, diag);

	if (status != STATUS_OK)
		return status;
	switch (payload_make(&parcels->bytes, row->kind, row->body, &facts,
	    &drain->doc, &drain->arena, &fault)) {
	case PAYLOAD_READY:
		parcels->list[parcels->count++] =
		    (struct parcel){ *row, begin, parcels->bytes.len - begin };
		return STATUS_OK;
	case PAYLOAD_SUPPRESSED:
		return suppress(drain, row, diag);
	case PAYLOAD_FAULTY:
		break;
	}
	return refuse_record(drain, &refusal, diag);
}

/* The request body, a JSON array, and the rows in it; both in the arena. */
static struct str
join(struct drain *drain, const struct parcels *parcels, size_t from,
    size_t count, struct outbox_row **rows)
{
	struct buf body = BUF_INIT;
	struct str joined;

	*rows = arena_array(&drain->arena, count, sizeof(**rows));
	for (size_t i = 0; i < count; i++) {
		const struct parcel *parcel = &parcels->list[from + i];

		(*rows)[i] = parcel->row;
		buf_add_char(&body, i == 0 ? '[' : ',');
		buf_add(&body, parcels->bytes.data + parcel->begin,
		    parcel->len);
	}
	buf_add_char(&body, ']');
	joined = arena_str(&drain->arena, buf_str(&body));
	buf_free(&body);
	return joined;
}

static enum status send_span(struct drain *drain, const struct parcels *parcels,
    size_t from, size_t count, struct diag *diag);

/* One record is refused; several are taken back and sent in halves. */
static enum status
refuse_span(struct drain *drain, const struct parcels *parcels, size_t from,
    size_t count, int64_t batch, const char *why, struct diag *diag)
{
	const struct outbox_row *row = &parcels->list[from].row;
	struct refusal refusal = { row->kind, row->id, row->rev, row->customer,
		false, why };
	enum status status;

	if (count == 1)
		return refuse_record(drain, &refusal, diag);
	status = delivery_returned(drain->state, batch, 0, str_of(why), diag);
	if (status == STATUS_OK)
		status = send_span(drain, parcels, from, count / 2, diag);
	if (status == STATUS_OK && !drain->stop())
		status = send_span(drain, parcels, from + count / 2,
		    count - count / 2, diag);
	return status;
}

static enum status
send_span(struct drain *drain, const struct parcels *parcels, size_t from,
    size_t count, struct diag *diag)
{
	struct outbox_row *rows;
	struct delivery_batch batch = { .count = count };
	struct push_answer answer;
	enum status status;

	batch.bytes = join(drain, parcels, from, count, &rows);
	batch.kind = rows[0].kind;
	status = delivery_intend(drain->state, rows, count, batch.bytes,
	    &batch.id, diag);
	if (status != STATUS_OK)
		return status;
	status = deliver_batch(drain, &batch, false, &answer, diag);
	if (status != STATUS_OK || answer.verdict != PUSH_REFUSED)
		return status;
	return refuse_span(drain, parcels, from, count, batch.id, answer.why,
	    diag);
}

/*
 * Whether Ometria may have an event although the state does not know: it was on
 * its way once, in a batch that was dissolved since, or it is from before the
 * state was restored from a copy.
 */
static bool
may_be_there(struct drain *drain, const struct outbox_row *row)
{
	const struct json *body;
	instant at = INSTANT_NONE;

	if (row->intent_rev > row->accepted_rev &&
	    row->intent_rev > row->refused_rev)
		return true;
	if (drain->restored == INSTANT_NONE || row->accepted_rev > 0)
		return false;
	body = json_parse(&drain->doc, row->body);
	return body == NULL ||
	       !instant_parse(json_text(body, "at", &drain->arena), &at) ||
	       at <= drain->restored;
}

/* An event that Ometria has is written down as accepted, and does not leave
 * again. */
static enum status
settle_events(struct drain *drain, struct parcels *parcels, struct diag *diag)
{
	size_t kept = 0;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < parcels->count && status == STATUS_OK; i++) {
		const struct outbox_row *row = &parcels->list[i].row;
		struct outbox_row *rows;
		struct delivery_batch batch = { .kind = row->kind, .count = 1 };
		bool there = false;

		batch.bytes = join(drain, parcels, i, 1, &rows);
		if (may_be_there(drain, row))
			status =
			    lookup_events(drain, batch.bytes, &there, diag);
		if (status == STATUS_OK && there)
			status = delivery_intend(drain->state, rows, 1,
			    batch.bytes, &batch.id, diag);
		if (status == STATUS_OK && there)
			status = delivery_accepted(drain->state, batch.id,
			    STR_NONE, diag);
		if (!there)
			parcels->list[kept++] = parcels->list[i];
	}
	parcels->count = kept;
	return status;
}

enum status
send_rows(struct drain *drain, const struct outbox_row *rows, size_t count,
    struct diag *diag)
{
	struct parcels parcels = { 0 };
	enum status status = STATUS_OK;

	parcels.list = arena_array(&drain->arena, count, sizeof(*parcels.list));
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = add_parcel(drain, &parcels, &rows[i], diag);
	if (status == STATUS_OK && rows[0].kind == DESIRED_EVENT)
		status = settle_events(drain, &parcels, diag);
	if (status == STATUS_OK && parcels.count > 0)
		status = send_span(drain, &parcels, 0, parcels.count, diag);
	buf_free(&parcels.bytes);
	return status;
}

enum status
send_pending(struct drain *drain, bool *found, struct diag *diag)
{
	struct delivery_batch batch;
	struct push_answer answer = { .verdict = PUSH_ACCEPTED };
	enum status status =
	    delivery_pending(drain->state, &drain->arena, &batch, found, diag);

	if (status == STATUS_OK && *found)
		status = deliver_batch(drain, &batch, true, &answer, diag);
	/* Its rows come again by the outbox, and the refused one is found. */
	if (status == STATUS_OK && answer.verdict == PUSH_REFUSED)
		status = delivery_returned(drain->state, batch.id, 0,
		    str_of(answer.why), diag);
	return status;
}
