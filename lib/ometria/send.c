#include "ometria/send.h"

#include "base/instant.h"
#include "ometria/deliver.h"
#include "ometria/facts.h"
#include "ometria/lookup.h"
#include "ometria/refuse.h"
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

/* The facts of a row; the state forgets who is named in it and erased. */
static enum status
learn_facts(struct drain *drain, const struct outbox_row *row,
    struct payload_facts *facts, struct diag *diag)
{
	struct facts_query query = {
		.state = drain->state,
		.kind = row->kind,
		.id = row->id,
		.customer = row->customer,
		.body = row->body,
		.doc = &drain->doc,
		.arena = &drain->arena,
	};
	enum status status;

	*facts = (struct payload_facts){ .collection = drain->collection };
	status = facts_learn(facts, &query, diag);
	return status == STATUS_OK && query.scrub.len > 0
		   ? suppression_scrub_order(drain->state, query.scrub, diag)
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
