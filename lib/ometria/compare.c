#include "ometria/compare.h"

#include "base/instant.h"

#define TOLD_FIELDS 5 /* in a message */

struct walk {
	enum desired_kind kind;
	bool forced; /* our consent is to win */
	struct buf path;
	struct arena *arena;
	struct comparison *result;
};

/* Fields that are not ours to compare, by kind and path. */
static const struct rule {
	enum desired_kind kind;
	const char *path;
	bool unless_forced;
} rules[] = {
	{ DESIRED_CONTACT, "marketing_optin", true },
	{ DESIRED_CONTACT, "timestamp_subscribed", false },
	{ DESIRED_CONTACT, "timestamp_unsubscribed", false },
	{ DESIRED_ORDER, "customer.email", false },
	{ DESIRED_EVENT, "identity_email", false },
};

/* Consent as it is written, and as older pages and profiles show it. */
static const struct {
	const char *text, *flag;
} consents[] = {
	{ "EXPLICITLY_OPTEDIN", "true" },
	{ "EXPLICITLY_OPTEDOUT", "false" },
};

static bool
is_compared(const struct walk *walk, struct str key)
{
	if (key.len == 0 || key.data[0] == '@')
		return false;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].kind == walk->kind &&
		    str_is(buf_str(&walk->path), rules[i].path))
			return rules[i].unless_forced && walk->forced;
	return true;
}

static bool
is_nothing(const struct json *node)
{
	if (node->type == JSON_ARRAY || node->type == JSON_OBJECT)
		return node->count == 0;
	return node->type == JSON_ABSENT || node->type == JSON_NULL ||
	       (node->type == JSON_STRING && str_is(node->raw, "\"\""));
}

bool
compare_number(struct str text, struct decimal *value)
{
	char plain[64], *end;
	double number;

	if (decimal_parse(text, value))
		return true;
	if (!str_copy(plain, sizeof(plain), text))
		return false;
	number = strtod(plain, &end);
	if (end == plain || *end != '\0')
		return false;
	snprintf(plain, sizeof(plain), "%.*f", DECIMAL_SCALE_MAX, number);
	return decimal_parse(str_of(plain), value);
}

static bool
is_same_number(struct str ours, struct str theirs)
{
	struct decimal a, b;

	return compare_number(ours, &a) && compare_number(theirs, &b) &&
	       decimal_cmp(a, b) == 0;
}

static bool
is_same_time(struct str ours, struct str theirs)
{
	instant a, b;

	return instant_parse(ours, &a) && instant_parse(theirs, &b) && a == b;
}

static bool
is_same_consent(struct str ours, struct str theirs)
{
	for (size_t i = 0; i < sizeof(consents) / sizeof(*consents); i++)
		if (str_is(ours, consents[i].text))
			return str_is(theirs, consents[i].flag);
	return false;
}

/* Of our text every character counts: "007" is not 7. */
static bool
is_same_value(const struct walk *walk, const struct json *ours,
    const struct json *theirs)
{
	struct str a = json_str(ours, walk->arena);
	struct str b = json_str(theirs, walk->arena);

	if (theirs->type == JSON_ARRAY || theirs->type == JSON_OBJECT)
		return false;
	if (str_eq(a, b))
		return true;
	if (ours->type == JSON_NUMBER)
		return is_same_number(a, b);
	if (walk->kind == DESIRED_CONTACT &&
	    str_is(buf_str(&walk->path), "marketing_optin"))
		return is_same_consent(a, b);
	return ours->type == JSON_STRING && is_same_time(a, b);
}

static void
tell(struct walk *walk, struct str ours, struct str theirs)
{
	struct comparison *result = walk->result;

	if (result->found++ < COMPARE_MAX)
		result->list[result->count++] = (struct difference){
			.field = arena_str(walk->arena, buf_str(&walk->path)),
			.ours = ours,
			.theirs = theirs,
		};
}

static void compare_values(struct walk *walk, const struct json *ours,
    const struct json *theirs);

static void
compare_objects(struct walk *walk, const struct json *ours,
    const struct json *theirs)
{
	size_t len = walk->path.len;

	JSON_EACH(member, ours)
	{
		if (len > 0)
			buf_add_char(&walk->path, '.');
		buf_add_str(&walk->path, member->key);
		if (is_compared(walk, member->key))
			compare_values(walk, member,
			    json_find(theirs, member->key));
		walk->path.len = len;
	}
}

static const struct json *
next_of(const struct json *parent, const struct json *item)
{
	static const struct json absent = { .skip = 1, .type = JSON_ABSENT };

	return item < parent + parent->skip ? item : &absent;
}

/* The longer of the two shows its rest. */
static void
compare_lists(struct walk *walk, const struct json *ours,
    const struct json *theirs)
{
	size_t len = walk->path.len;
	size_t count =
	    ours->count > theirs->count ? ours->count : theirs->count;
	const struct json *mine = ours + 1, *shown = theirs + 1;

	for (size_t i = 0; i < count; i++) {
		const struct json *a = next_of(ours, mine);
		const struct json *b = next_of(theirs, shown);

		buf_add_format(&walk->path, "[%zu]", i);
		compare_values(walk, a, b);
		walk->path.len = len;
		mine += a == mine ? a->skip : 0;
		shown += b == shown ? b->skip : 0;
	}
}

static bool
has_value(const struct walk *walk, const struct json *list,
    const struct json *value)
{
	JSON_EACH(item, list)
	if (is_same_value(walk, value, item))
		return true;
	return false;
}

static bool
is_same_set(const struct walk *walk, const struct json *ours,
    const struct json *theirs)
{
	if (ours->count != theirs->count)
		return false;
	JSON_EACH(item, ours)
	if (!has_value(walk, theirs, item))
		return false;
	return true;
}

static bool
holds_objects(const struct json *list)
{
	return list->count > 0 &&
	       (list[1].type == JSON_OBJECT || list[1].type == JSON_ARRAY);
}

static void
compare_values(struct walk *walk, const struct json *ours,
    const struct json *theirs)
{
	bool same;

	if (is_nothing(ours) && is_nothing(theirs))
		return;
	if (ours->type == JSON_OBJECT && theirs->type == JSON_OBJECT) {
		compare_objects(walk, ours, theirs);
		return;
	}
	if (ours->type == JSON_ARRAY && theirs->type == JSON_ARRAY &&
	    (holds_objects(ours) || holds_objects(theirs))) {
		compare_lists(walk, ours, theirs);
		return;
	}
	if (is_nothing(ours) || is_nothing(theirs))
		same = false;
	else if (ours->type == JSON_ARRAY && theirs->type == JSON_ARRAY)
		same = is_same_set(walk, ours, theirs);
	else
		same = ours->type != JSON_OBJECT && ours->type != JSON_ARRAY &&
		       is_same_value(walk, ours, theirs);
	if (!same)
		tell(walk, ours->raw, theirs->raw);
}

void
compare_records(enum desired_kind kind, const struct json *ours,
    const struct json *theirs, struct arena *arena,
    struct comparison *comparison)
{
	struct walk walk = {
		.kind = kind,
		.forced = json_true(json_get(ours, "@force_optin"), false),
		.path = BUF_INIT,
		.arena = arena,
		.result = comparison,
	};

	comparison->count = comparison->found = 0;
	compare_objects(&walk, ours, theirs);
	buf_free(&walk.path);
}

void
compare_add_fields(struct buf *to, const struct comparison *comparison)
{
	size_t told =
	    comparison->count < TOLD_FIELDS ? comparison->count : TOLD_FIELDS;

	for (size_t i = 0; i < told; i++) {
		if (i > 0)
			buf_add_text(to, ", ");
		buf_add_str(to, comparison->list[i].field);
	}
	if (comparison->found > told)
		buf_add_format(to, " and %zu more", comparison->found - told);
}
