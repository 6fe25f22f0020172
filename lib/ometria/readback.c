#include "ometria/readback.h"

#include "ometria/exchange.h"
#include "ometria/facts.h"
#include "ometria/lookup.h"
#include "ometria/refuse.h"
#include "ometria/said.h"
#include "state/customer.h"

/* One record by its id: /orders/ID. Events and contacts have a part between. */
static const char *const places[DESIRED_KIND_COUNT] = {
	[DESIRED_PRODUCT] = "/products",
	[DESIRED_CONTACT] = "/contacts",
	[DESIRED_ORDER] = "/orders",
	[DESIRED_EVENT] = "/custom-events",
};

/* The payload as it would leave now; READY or not, nothing is written. */
static enum status
make_payload(struct drain *drain, const struct seen_row *row,
    struct buf *payload, bool *ready, struct diag *diag)
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
	struct payload_facts facts = { .collection = drain->collection };
	struct payload_fault fault;
	enum status status = facts_learn(&facts, &query, diag);

	*ready = status == STATUS_OK &&
		 payload_make(payload, row->kind, row->body, &facts,
		     &drain->doc, &drain->arena, &fault) == PAYLOAD_READY;
	if (*ready && facts.person != PERSON_ERASED)
		said_complete(payload, 0, row->kind, row->said, &drain->doc);
	return status;
}

/* Of an erased person Ometria may hold nothing, or an anonymous rest. */
static enum status
is_erased(struct drain *drain, const struct seen_row *row, bool *erased,
    struct diag *diag)
{
	struct customer_contact contact = { 0 };
	bool found = false;
	enum status status = STATUS_OK;

	if (row->kind == DESIRED_CONTACT)
		status = customer_contact(drain->state, row->id, &drain->arena,
		    &contact, &found, diag);
	*erased = found && contact.erased;
	return status;
}

/* Only whether it is opted out counts then. */
static void
keep_consent(struct comparison *comparison)
{
	size_t kept = 0;

	for (size_t i = 0; i < comparison->count; i++)
		if (str_is(comparison->list[i].field, "marketing_optin"))
			comparison->list[kept++] = comparison->list[i];
	comparison->count = comparison->found = kept;
}

static enum status
judge(struct drain *drain, const struct seen_row *row, struct str payload,
    const struct json *theirs, struct readback *found, struct diag *diag)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *ours = json_parse(&doc, payload);
	bool erased = false;
	enum status status = is_erased(drain, row, &erased, diag);

	found->comparison.count = found->comparison.found = 0;
	if (theirs == NULL || theirs->type != JSON_OBJECT)
		found->verdict = erased ? READBACK_SAME : READBACK_MISSING;
	else {
		if (ours != NULL)
			compare_records(row->kind, ours, theirs, &drain->arena,
			    &found->comparison);
		if (erased)
			keep_consent(&found->comparison);
		found->verdict = found->comparison.found == 0
				     ? READBACK_SAME
				     : READBACK_DIFFERS;
	}
	json_doc_free(&doc);
	return status;
}

enum status
readback_judge(struct drain *drain, const struct seen_row *row,
    const struct json *theirs, struct readback *found, struct diag *diag)
{
	struct buf payload = BUF_INIT;
	bool ready = false;
	enum status status = make_payload(drain, row, &payload, &ready, diag);

	found->verdict = READBACK_SAME;
	if (status == STATUS_OK && ready)
		status =
		    judge(drain, row, buf_str(&payload), theirs, found, diag);
	buf_free(&payload);
	return status;
}

static void
add_path(struct drain *drain, const struct seen_row *row, struct buf *path)
{
	const struct json *body;

	buf_add_text(path, places[row->kind]);
	if (row->kind == DESIRED_CONTACT)
		lookup_add_part(path, drain->collection);
	if (row->kind == DESIRED_EVENT) {
		body = json_parse(&drain->doc, row->body);
		lookup_add_part(path,
		    body != NULL ? json_text(body, "event", &drain->arena)
				 : STR_NONE);
	}
	lookup_add_part(path, row->id);
}

enum status
readback_get(struct drain *drain, const struct seen_row *row,
    struct readback *found, struct diag *diag)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *theirs = NULL;
	struct buf path = BUF_INIT;
	long code = 0;
	enum status status;

	add_path(drain, row, &path);
	status = exchange_get(drain, path.data, &code, diag);
	buf_free(&path);
	found->verdict = READBACK_ENDED;
	if (status != STATUS_OK || code == 0)
		return status;
	status = lookup_answer(drain, code, &doc, &theirs, diag);
	if (status == STATUS_OK)
		status = readback_judge(drain, row, theirs, found, diag);
	json_doc_free(&doc);
	return status;
}

static enum status
raise(struct drain *drain, const struct seen_row *row,
    const struct readback *found, struct diag *diag)
{
	struct buf message = BUF_INIT;
	const char *code = "push-missing";
	enum status status;

	if (found->verdict == READBACK_MISSING)
		buf_add_text(&message,
		    "Ometria accepted the record and does not show it");
	else {
		code = "push-differs";
		buf_add_text(&message, "Ometria shows other content in: ");
		compare_add_fields(&message, &found->comparison);
	}
	status = refuse_raise(drain, code, desired_kind_name(row->kind),
	    row->id, message.data, diag);
	buf_free(&message);
	return status;
}

enum status
readback_settle(struct drain *drain, const struct seen_row *row,
    const struct readback *found, bool *queued, struct diag *diag)
{
	bool event = row->kind == DESIRED_EVENT;
	bool lost = row->lost && !event; /* a push is less than the time */
	enum status status = STATUS_OK;

	*queued = false;
	if (found->verdict == READBACK_SAME)
		return seen_mark(drain->state, row->kind, row->id, row->rev,
		    diag);
	if (found->verdict == READBACK_ENDED ||
	    (row->age < drain->visible && !lost))
		return STATUS_OK;
	if (!lost)
		status = raise(drain, row, found, diag);
	/* An event that is there is never sent a second time. */
	if (status != STATUS_OK ||
	    (event && found->verdict == READBACK_DIFFERS))
		return status;
	return seen_again(drain->state, row->kind, row->id, row->rev, !lost,
	    queued, diag);
}
