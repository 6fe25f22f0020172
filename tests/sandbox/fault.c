#include "fault.h"

#include <fnmatch.h>

#define DELAY_MAX 3600000
#define PUSH "/push"

struct fault {
	enum fault_kind kind;
	unsigned status;
	uint64_t first, last;
	uint64_t delay;
	/* Rules; empty = any. */
	char path[FAULT_TEXT], method[FAULT_TEXT], type[FAULT_TEXT],
	    id[FAULT_TEXT];
	uint64_t seen; /* requests that it is about */
};

struct plan {
	struct fault faults[FAULTS_MAX];
	size_t count;
};

static struct plan plan;

static const struct {
	const char *name;
	enum fault_kind kind;
} kinds[] = {
	{ "reset", FAULT_RESET },
	{ "reset-after", FAULT_RESET_AFTER },
	{ "slow", FAULT_SLOW },
	{ "lost", FAULT_LOST },
	{ "uncounted", FAULT_UNCOUNTED },
	{ "empty", FAULT_EMPTY },
	{ "html", FAULT_HTML },
	{ "truncated", FAULT_TRUNCATED },
	{ "short", FAULT_SHORT },
	{ "large", FAULT_LARGE },
	{ "gzip", FAULT_GZIP },
	{ "garbage", FAULT_GARBAGE },
};

static const struct {
	const char *name;
	size_t offset;
} rules[] = {
	{ "path=", offsetof(struct fault, path) },
	{ "method=", offsetof(struct fault, method) },
	{ "type=", offsetof(struct fault, type) },
	{ "id=", offsetof(struct fault, id) },
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
	if (str_ends(text, "-after")) {
		fault->kind = FAULT_STATUS_AFTER;
		text.len -= strlen("-after");
	}
	if (!str_to_u64(text, 599, &status) || status < 200)
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
parse_rule(struct str text, struct fault *fault)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		size_t len = strlen(rules[i].name);

		if (str_starts(text, rules[i].name))
			return str_copy((char *)fault + rules[i].offset,
			    FAULT_TEXT,
			    (struct str){ text.data + len, text.len - len });
	}
	return false;
}

static bool
parse_one(struct str text, struct fault *fault)
{
	struct str kind, when, rule;

	*fault = (struct fault){ .path = PUSH };
	if (!take(&text, '@', &kind) || !parse_kind(kind, fault))
		return false;
	(void)take(&text, ';', &when);
	while (text.len > 0) {
		(void)take(&text, ';', &rule);
		if (!parse_rule(rule, fault))
			return false;
	}
	text = when;
	if (take(&text, ':', &when) !=
	    (fault->kind == FAULT_SLOW)) /* only slow has a time, always */
		return false;
	if (fault->kind == FAULT_SLOW &&
	    !str_to_u64(text, DELAY_MAX, &fault->delay))
		return false;
	return parse_when(when, fault) && fault->first > 0 &&
	       fault->first <= fault->last;
}

enum status
fault_set(struct str text, struct diag *diag)
{
	struct plan fresh = { .count = 0 };
	struct str item;

	while (text.len > 0) {
		(void)take(&text, ',', &item);
		if (fresh.count == FAULTS_MAX ||
		    !parse_one(item, &fresh.faults[fresh.count]))
			return diag_set(diag, STATUS_USAGE,
			    "fault %zu of the plan is not "
			    "KIND@WHEN[:MS][;RULE=TEXT]",
			    fresh.count + 1);
		fresh.count++;
	}
	plan = fresh;
	return STATUS_OK;
}

/* Whether the list of ids holds this one. */
static bool
has_id(struct str ids, const char *id)
{
	struct str one;

	while (ids.len > 0) {
		(void)take(&ids, ',', &one);
		if (str_is(one, id))
			return true;
	}
	return false;
}

static bool
is_about(const struct fault *fault, const struct fault_request *request)
{
	char path[256];

	return str_copy(path, sizeof(path), request->path) &&
	       fnmatch(fault->path, path, FNM_PATHNAME) == 0 &&
	       (fault->method[0] == '\0' ||
		   str_is(request->method, fault->method)) &&
	       (fault->type[0] == '\0' || str_is(request->type, fault->type)) &&
	       (fault->id[0] == '\0' || has_id(request->ids, fault->id));
}

void
fault_count(const struct fault_request *request, struct fault_hits *hits)
{
	*hits = (struct fault_hits){ .status = 0 };
	for (size_t i = 0; i < plan.count; i++) {
		struct fault *fault = &plan.faults[i];

		if (!is_about(fault, request) || ++fault->seen < fault->first ||
		    fault->seen > fault->last || hits->on[fault->kind])
			continue;
		hits->on[fault->kind] = true;
		if (hits->status == 0)
			hits->status = fault->status;
		if (fault->kind == FAULT_SLOW)
			hits->delay = fault->delay;
	}
}
