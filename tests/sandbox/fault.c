#include "fault.h"

static const struct {
	const char *name;
	enum fault_kind kind;
} kinds[] = {
	{ "reset", FAULT_RESET },
	{ "reset-after", FAULT_RESET_AFTER },
	{ "slow", FAULT_SLOW },
	{ "empty", FAULT_EMPTY },
	{ "html", FAULT_HTML },
	{ "truncated", FAULT_TRUNCATED },
	{ "short", FAULT_SHORT },
	{ "gzip", FAULT_GZIP },
};

/* Take the text up to `end` (or all of it) from the front of *rest. */
static bool
take(struct str *rest, char end, struct str *part)
{
	const char *at =
	    rest->len > 0 ? memchr(rest->data, end, rest->len) : NULL;

	*part = *rest;
	if (at == NULL) {
		*rest = STR_NONE;
		return false;
	}
	part->len = (size_t)(at - rest->data);
	*rest = (struct str){ at + 1, rest->len - part->len - 1 };
	return true;
}

static bool
parse_kind(struct str text, struct fault *fault)
{
	uint64_t status;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(text, kinds[i].name)) {
			fault->kind = kinds[i].kind;
			return true;
		}
	fault->kind = FAULT_STATUS;
	if (!str_to_u64(text, 599, &status) || status < 203)
		return false;
	fault->status = (unsigned)status;
	return true;
}

static bool
parse_when(struct str text, struct fault *fault)
{
	struct str first;

	if (str_ends(text, "+")) {
		text.len--;
		fault->last = UINT64_MAX;
		return str_to_u64(text, UINT64_MAX, &fault->first);
	}
	if (!take(&text, '-', &first))
		text = first;
	return str_to_u64(first, UINT64_MAX, &fault->first) &&
	       str_to_u64(text, UINT64_MAX, &fault->last);
}

static bool
parse_one(struct str text, struct fault *fault)
{
	struct str kind, when;

	*fault = (struct fault){ .delay = 0 };
	if (!take(&text, '@', &kind) || !parse_kind(kind, fault))
		return false;
	if (take(&text, ':', &when) !=
	    (fault->kind == FAULT_SLOW)) /* only slow has a time, always */
		return false;
	if (fault->kind == FAULT_SLOW &&
	    !str_to_u64(text, 3600000, &fault->delay))
		return false;
	return parse_when(when, fault) && fault->first > 0 &&
	       fault->first <= fault->last;
}

enum status
fault_parse(struct fault_plan *plan, const char *text, struct diag *diag)
{
	struct str rest = str_of(text), item;

	plan->count = 0;
	do {
		(void)take(&rest, ',', &item);
		if (plan->count == FAULTS_MAX ||
		    !parse_one(item, &plan->faults[plan->count]))
			return diag_set(diag, STATUS_USAGE,
			    "fault %zu of the plan is not KIND@WHEN[:MS]",
			    plan->count + 1);
		plan->count++;
	} while (rest.len > 0);
	return STATUS_OK;
}

const struct fault *
fault_find(const struct fault_plan *plan, enum fault_kind kind, uint64_t number)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->faults[i].kind == kind &&
		    number >= plan->faults[i].first &&
		    number <= plan->faults[i].last)
			return &plan->faults[i];
	return NULL;
}
