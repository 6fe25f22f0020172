#include "ometria/parcel.h"

#include "base/instant.h"
#include "base/limits.h"
#include "ometria/facts.h"
#include "ometria/lookup.h"
#include "ometria/said.h"
#include "state/suppression.h"

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
add_parcel(struct drain *drain, struct parcels *parcels, struct arena *arena,
    const struct outbox_row *row, struct diag *diag)
{
	struct payload_facts facts;
	struct payload_fault fault;
	size_t begin = parcels->bytes.len;
	struct parcel *parcel = &parcels->list[parcels->count];
	enum status status = learn_facts(drain, row, &facts, diag);

	if (status != STATUS_OK)
		return status;
	switch (payload_make(&parcels->bytes, row->kind, row->body, &facts,
	    &drain->doc, &drain->arena, &fault)) {
	case PAYLOAD_READY:
		parcels->count++;
		*parcel = (struct parcel){ .row = *row, .begin = begin };
		/* Ometria anonymises what it has of an erased person. */
		if (facts.person != PERSON_ERASED)
			parcel->row.said = said_complete(&parcels->bytes, begin,
			    row->kind, row->said, &drain->doc);
		parcel->len = parcels->bytes.len - begin;
		return STATUS_OK;
	case PAYLOAD_SUPPRESSED:
		return suppress(drain, row, diag);
	case PAYLOAD_FAULTY:
		break;
	}
	parcels->refused[parcels->refused_count++] =
	    (struct refusal){ row->kind, row->id, row->rev, row->customer, true,
		    arena_str(arena, str_of(fault.message)).data };
	return STATUS_OK;
}

enum status
parcels_refuse(struct drain *drain, struct parcels *parcels, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < parcels->refused_count && status == STATUS_OK;
	     i++)
		status = refuse_record(drain, &parcels->refused[i], diag);
	parcels->refused_count = 0;
	return status;
}

void
parcels_join(const struct parcels *parcels, size_t from, size_t count,
    struct buf *body)
{
	buf_clear(body);
	for (size_t i = from; i < from + count; i++) {
		const struct parcel *parcel = &parcels->list[i];

		buf_add_char(body, i == from ? '[' : ',');
		buf_add(body, parcels->bytes.data + parcel->begin, parcel->len);
	}
	buf_add_char(body, ']');
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
settle_event(struct drain *drain, const struct parcels *parcels, size_t i,
    struct diag *diag)
{
	struct buf body = BUF_INIT;
	int64_t batch;
	enum status status;

	parcels_join(parcels, i, 1, &body);
	status = delivery_intend(drain->state, &parcels->list[i].row, 1,
	    buf_str(&body), &batch, diag);
	if (status == STATUS_OK)
		status = delivery_accepted(drain->state, batch, STR_NONE, diag);
	buf_free(&body);
	return status;
}

/* Its automation does not start any more; it is sent all the same. */
static enum status
remark_late(struct drain *drain, const struct outbox_row *row,
    struct diag *diag)
{
	const struct json *body = json_parse(&drain->doc, row->body);
	instant at;

	if (body == NULL ||
	    !instant_parse(json_text(body, "at", &drain->arena), &at) ||
	    instant_now() - at <= DESIRED_EVENT_LATE)
		return STATUS_OK;
	return refuse_raise(drain, "event-late",
	    desired_kind_name(DESIRED_EVENT), row->id,
	    "the event was over four hours old when it was sent: its "
	    "automation does not start",
	    diag);
}

static enum status
remark_all_late(struct drain *drain, const struct parcels *parcels,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0;
	     i < parcels->count && status == STATUS_OK && !drain->rehearsal;
	     i++)
		status = remark_late(drain, &parcels->list[i].row, diag);
	return status;
}

/* Those that Ometria may have come first; how many these are. */
static size_t
sort_asked(struct drain *drain, struct parcels *parcels)
{
	size_t asked = 0;

	for (size_t i = 0; i < parcels->count; i++) {
		struct parcel parcel = parcels->list[i];

		if (!may_be_there(drain, &parcel.row))
			continue;
		parcels->list[i] = parcels->list[asked];
		parcels->list[asked++] = parcel;
	}
	return asked;
}

/* What is there, and what is not known to be absent, is not sent. */
static enum status
settle_events(struct drain *drain, struct parcels *parcels, struct diag *diag)
{
	enum lookup found[OMETRIA_BATCH];
	struct buf body = BUF_INIT;
	size_t asked = drain->rehearsal ? 0 : sort_asked(drain, parcels);
	size_t kept = 0;
	enum status status = STATUS_OK;

	if (asked > 0) {
		parcels_join(parcels, 0, asked, &body);
		status = lookup_events(drain, buf_str(&body), found, diag);
		buf_free(&body);
	}
	for (size_t i = 0; i < parcels->count && status == STATUS_OK; i++) {
		if (i < asked && found[i] == LOOKUP_THERE)
			status = settle_event(drain, parcels, i, diag);
		else if (i >= asked || found[i] == LOOKUP_ABSENT)
			parcels->list[kept++] = parcels->list[i];
	}
	parcels->count = kept;
	return status;
}

enum status
parcels_pack(struct drain *drain, struct parcels *parcels, struct arena *arena,
    const struct outbox_row *rows, size_t count, struct diag *diag)
{
	enum status status = STATUS_OK;

	parcels->list = arena_array(arena, count, sizeof(*parcels->list));
	parcels->count = 0;
	parcels->refused = arena_array(arena, count, sizeof(*parcels->refused));
	parcels->refused_count = 0;
	buf_clear(&parcels->bytes);
	arena_reset(&drain->arena);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = add_parcel(drain, parcels, arena, &rows[i], diag);
	if (status == STATUS_OK && count > 0 && rows[0].kind == DESIRED_EVENT)
		status = settle_events(drain, parcels, diag);
	if (status == STATUS_OK && count > 0 && rows[0].kind == DESIRED_EVENT)
		status = remark_all_late(drain, parcels, diag);
	return status;
}
