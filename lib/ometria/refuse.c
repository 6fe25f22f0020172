#include "ometria/refuse.h"

#include "state/exceptions.h"
#include "state/hold.h"
#include "state/triage.h"

#define KEY_SUBJECT "key"

static void
tell(struct drain *drain, const struct exception *exception)
{
	drain->excepted_count++;
	if (drain->excepted != NULL)
		drain->excepted(drain->user, exception);
}

static struct exception
describe(const struct refusal *refusal)
{
	struct exception exception = {
		.code = refusal->limit ? "push-limit" : "push-rejected",
		.subject = desired_kind_name(refusal->kind),
		.id = refusal->id,
		.customer = refusal->customer,
		.message = str_of(refusal->why),
	};

	if (refusal->kind != DESIRED_CONTACT)
		return exception;
	exception.customer = refusal->id;
	if (!refusal->limit) {
		exception.code = "customer-rejected";
		exception.subject = "customer";
	}
	return exception;
}

enum status
refuse_record(struct drain *drain, const struct refusal *refusal,
    struct diag *diag)
{
	struct exception exception = describe(refusal);
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status != STATUS_OK)
		return status;
	status = exceptions_raise(drain->state, &exception, diag);
	if (status == STATUS_OK && refusal->kind == DESIRED_CONTACT)
		status = hold_set(drain->state, exception.customer,
		    STR(HOLD_REJECTED), STR_NONE, diag);
	if (status == STATUS_OK)
		status = delivery_refused(drain->state, refusal->kind,
		    refusal->id, refusal->rev, str_of(refusal->why), diag);
	status = state_leave(drain->state, own, status, diag);
	if (status == STATUS_OK) {
		drain->refused++;
		tell(drain, &exception);
	}
	return status;
}

enum status
refuse_raise(struct drain *drain, const char *code, const char *subject,
    struct str id, const char *message, struct diag *diag)
{
	struct exception exception = {
		.code = code,
		.subject = subject,
		.id = id,
		.message = str_of(message),
	};
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status == STATUS_OK)
		status = state_leave(drain->state, own,
		    exceptions_raise(drain->state, &exception, diag), diag);
	if (status == STATUS_OK)
		tell(drain, &exception);
	return status;
}

/* --- what is healed --- */

struct healed {
	const char *code, *subject;
	bool key; /* it is about no record */
	enum desired_kind kind;
	struct str id;
};

struct healing {
	struct drain *drain;
	struct healed *list;
	size_t count;
};

/* What a newer revision, or the key, heals; subject NULL: the kind of it. */
static const struct {
	const char *code, *subject;
	enum desired_kind kind;
} codes[] = {
	{ "push-refused-key", KEY_SUBJECT, DESIRED_PRODUCT },
	{ "push-rejected", NULL, DESIRED_PRODUCT },
	{ "push-limit", NULL, DESIRED_PRODUCT },
	{ "customer-rejected", "customer", DESIRED_CONTACT },
};

static enum status
collect(void *user, const struct exception_row *row)
{
	struct healing *healing = user;
	struct healed healed;
	size_t i = 0, count = sizeof(codes) / sizeof(codes[0]);

	while (i < count && !str_is(row->code, codes[i].code))
		i++;
	if (i == count)
		return STATUS_OK;
	healed = (struct healed){ codes[i].code, codes[i].subject, i == 0,
		codes[i].kind, arena_str(&healing->drain->arena, row->id) };
	if (healed.subject == NULL) {
		if (!desired_kind_of(row->subject, &healed.kind))
			return STATUS_OK;
		healed.subject = desired_kind_name(healed.kind);
	}
	healing->list =
	    mem_grow(healing->list, healing->count + 1, sizeof(*healing->list));
	healing->list[healing->count++] = healed;
	return STATUS_OK;
}

static enum status
is_healed(struct drain *drain, const struct healed *healed, bool *yes,
    struct diag *diag)
{
	struct outbox_row row;
	bool found;
	enum status status;

	*yes = healed->key; /* Ometria has just taken records with the key */
	if (*yes)
		return STATUS_OK;
	status = outbox_get(drain->state, healed->kind, healed->id,
	    &drain->arena, &row, &found, diag);
	/* A newer revision got in, or the one before is desired again. Nothing
	 * is refused of what is sent once more, which has to get in. */
	*yes =
	    found &&
	    ((row.refused_rev > 0 && row.confirmed_rev > row.refused_rev) ||
		(row.confirmed_rev == row.rev && row.rev != row.refused_rev));
	return status;
}

static enum status
heal_one(struct drain *drain, const struct healed *healed, struct diag *diag)
{
	bool yes, own;
	enum status status = is_healed(drain, healed, &yes, diag);

	if (status != STATUS_OK || !yes)
		return status;
	status = state_join(drain->state, &own, diag);
	if (status != STATUS_OK)
		return status;
	return state_leave(drain->state, own,
	    exceptions_heal(drain->state, healed->code, healed->subject,
		healed->id, diag),
	    diag);
}

enum status
refuse_heal(struct drain *drain, struct diag *diag)
{
	struct healing healing = { .drain = drain };
	enum status status =
	    exceptions_each(drain->state, NULL, collect, &healing, diag);

	for (size_t i = 0; i < healing.count && status == STATUS_OK; i++)
		status = heal_one(drain, &healing.list[i], diag);
	free(healing.list);
	return status;
}

enum status
refuse_key(struct drain *drain, const char *why, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (drain->state != NULL)
		status = refuse_raise(drain, "push-refused-key", KEY_SUBJECT,
		    STR("ometria"), why, diag);
	if (status != STATUS_OK)
		return status;
	return diag_set(diag, STATUS_NOT_ALLOWED,
	    "Ometria refuses the API key: %s", why);
}
