#include "ometria/seen.h"

#include "base/pause.h"
#include "ometria/exchange.h"
#include "ometria/lookup.h"
#include "ometria/refuse.h"

#define SEEN_ROUNDS 3
#define SEEN_SAMPLE 3 /* contacts that stand for all */
#define SEEN_PAGE 100
#define SEEN_LATE (15 * 60 * 1000) /* ms after which it is an exception */

/* Keys that say what to do or what Ometria decides, not what a contact is. */
static bool
is_fact(const struct json *member)
{
	return member->type == JSON_STRING && member->key.data[0] != '@' &&
	       !str_is(member->key, "marketing_optin") &&
	       !str_starts(member->key, "timestamp_");
}

/* Whether every fact of the payload stands in what Ometria shows. */
static bool
shows(struct drain *drain, struct str payload)
{
	struct json_doc sent = JSON_DOC_INIT, shown = JSON_DOC_INIT;
	const struct json *mine = json_parse(&sent, payload);
	const struct json *theirs =
	    json_parse(&shown, buf_str(&drain->response.body));
	bool same =
	    mine != NULL && theirs != NULL && theirs->type == JSON_OBJECT;

	if (same)
		JSON_EACH(member, mine)
		{
			char key[64];

			if (!is_fact(member) || member->key.len >= sizeof(key))
				continue;
			memcpy(key, member->key.data, member->key.len);
			key[member->key.len] = '\0';
			same =
			    same && str_eq(json_text(mine, key, &drain->arena),
					json_text(theirs, key, &drain->arena));
		}
	json_doc_free(&sent);
	json_doc_free(&shown);
	return same;
}

static enum status
look_for(struct drain *drain, const struct delivery_unseen *contact, bool *seen,
    struct diag *diag)
{
	struct payload_facts facts = { .collection = drain->collection };
	struct payload_fault fault;
	struct buf path = BUF_INIT, payload = BUF_INIT;
	enum status status;
	long code = 0;

	buf_add_text(&path, "/contacts");
	lookup_add_part(&path, drain->collection);
	lookup_add_part(&path, contact->id);
	status = exchange_get(drain, path.data, &code, diag);
	*seen = status == STATUS_OK && code == 200 &&
		payload_make(&payload, DESIRED_CONTACT, contact->body, &facts,
		    &drain->doc, &drain->arena, &fault) == PAYLOAD_READY &&
		shows(drain, buf_str(&payload));
	buf_free(&path);
	buf_free(&payload);
	return status;
}

/* *missing counts those that do not show. */
static enum status
look_for_page(struct drain *drain, const struct delivery_unseen *list,
    size_t count, bool last, size_t *missing, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK && !drain->stop();
	     i++) {
		bool seen = false;

		status = look_for(drain, &list[i], &seen, diag);
		if (status == STATUS_OK && seen)
			status = delivery_seen(drain->state, list[i].id,
			    list[i].rev, diag);
		else if (status == STATUS_OK && last &&
			 list[i].age >= SEEN_LATE)
			status = refuse_raise(drain, "push-missing",
			    desired_kind_name(DESIRED_CONTACT), list[i].id,
			    "Ometria accepted the contact and does not show it",
			    diag);
		*missing += !seen;
	}
	return status;
}

static enum status
look_for_all(struct drain *drain, bool last, size_t *missing, struct diag *diag)
{
	bool sample = drain->confirm == DRAIN_CONFIRM_SAMPLE;
	struct buf after = BUF_INIT;
	size_t count = SEEN_PAGE;
	enum status status = STATUS_OK;

	*missing = 0;
	while (status == STATUS_OK && count == SEEN_PAGE && !drain->stop()) {
		struct delivery_unseen list[SEEN_PAGE];

		arena_reset(&drain->arena);
		status = delivery_unseen(drain->state, &drain->arena, sample,
		    buf_str(&after), sample ? SEEN_SAMPLE : SEEN_PAGE, list,
		    &count, diag);
		if (status != STATUS_OK || count == 0)
			break;
		buf_clear(&after);
		buf_add_str(&after, list[count - 1].id);
		status = look_for_page(drain, list, count, last, missing, diag);
	}
	buf_free(&after);
	if (status == STATUS_OK && sample && *missing == 0 && !drain->stop())
		status = delivery_seen(drain->state, STR_NONE, 0, diag);
	return status;
}

enum status
seen_run(struct drain *drain, struct diag *diag)
{
	int64_t pause =
	    drain->settle < DRAIN_SETTLE_MAX ? drain->settle : DRAIN_SETTLE_MAX;
	enum status status = STATUS_OK;
	size_t missing = 1;

	for (int round = 1;
	     round <= SEEN_ROUNDS && missing > 0 && status == STATUS_OK;
	     round++) {
		if (round > 1 && !pause_for(pause, drain->stop))
			break;
		status =
		    look_for_all(drain, round == SEEN_ROUNDS, &missing, diag);
	}
	return status;
}
