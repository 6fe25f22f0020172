#include "audit/diff_judge.h"

/* In the order in which an order passes through them, as far as it does. */
static const char *const statuses[] = { "pending", "confirmed", "part_shipped",
	"shipped", "partial_refund", "refunded", "cancelled" };

static struct str
unquoted(struct str raw)
{
	return raw.len >= 2 && raw.data[0] == '"'
		   ? (struct str){ raw.data + 1, raw.len - 2 }
		   : raw;
}

static bool
always(struct str ours, struct str theirs)
{
	(void)ours;
	(void)theirs;
	return true;
}

/* Zeros in front of digits are all that differs. */
static bool
is_padded(struct str ours, struct str theirs)
{
	return str_eq(str_alpha_out(unquoted(ours)),
	    str_alpha_out(unquoted(theirs)));
}

static int
rank_of(struct str status)
{
	for (int i = 0; i < (int)(sizeof(statuses) / sizeof(statuses[0])); i++)
		if (str_is(unquoted(status), statuses[i]))
			return i;
	return -1;
}

static bool
is_behind(struct str ours, struct str theirs)
{
	int rank = rank_of(theirs);

	return rank >= 0 && rank < rank_of(ours);
}

static bool
is_opt_out(struct str ours, struct str theirs)
{
	(void)theirs;
	return str_is(unquoted(ours), "EXPLICITLY_OPTEDOUT");
}

static bool
is_retired(struct str ours, struct str theirs)
{
	(void)theirs;
	return str_is(ours, "false");
}

/* What a field that differs says about its record; fields of lists without
 * their position. All others are DIFF_FIELD. */
static const struct meaning {
	enum desired_kind kind;
	const char *field;
	bool (*applies)(struct str ours, struct str theirs);
	enum diff_class class;
} meanings[] = {
	{ DESIRED_ORDER, "customer", always, DIFF_CUSTOMER },
	{ DESIRED_ORDER, "customer.id", always, DIFF_CUSTOMER },
	{ DESIRED_ORDER, "lineitems[].product_id", is_padded, DIFF_PADDED },
	{ DESIRED_ORDER, "lineitems[].sku", is_padded, DIFF_PADDED },
	{ DESIRED_ORDER, "status", is_behind, DIFF_STATUS },
	{ DESIRED_CONTACT, "marketing_optin", is_opt_out, DIFF_DELETION },
	{ DESIRED_PRODUCT, "is_active", is_retired, DIFF_DELETION },
};

/* lineitems[2].sku is lineitems[].sku. */
static bool
is_field(struct str path, const char *field)
{
	size_t at = 0;

	while (at < path.len && path.data[at] == *field) {
		at++;
		if (*field++ != '[')
			continue;
		while (at < path.len && path.data[at] >= '0' &&
		       path.data[at] <= '9')
			at++;
	}
	return at == path.len && *field == '\0';
}

static enum diff_class
class_of(enum desired_kind kind, const struct difference *difference)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].kind == kind &&
		    is_field(difference->field, meanings[i].field) &&
		    meanings[i].applies(difference->ours, difference->theirs))
			return meanings[i].class;
	return DIFF_FIELD;
}

enum diff_class
diff_judge(struct diff_judge *judge, enum desired_kind kind, struct str payload,
    struct str json)
{
	struct comparison *comparison = &judge->comparison;
	const struct json *mine = json_parse(&judge->mine, payload);
	const struct json *theirs = json_parse(&judge->theirs, json);
	enum diff_class class = DIFF_CLASS_COUNT;
	size_t kept = 0;

	arena_reset(&judge->arena);
	comparison->count = 0;
	if (mine == NULL || theirs == NULL)
		return DIFF_FIELD;
	compare_records(kind, mine, theirs, &judge->arena, comparison);
	for (size_t i = 0; i < comparison->count; i++) {
		const struct difference *difference = &comparison->list[i];
		enum diff_class its = class_of(kind, difference);

		if (!side_ometria_tells(judge->ometria, difference->field))
			continue;
		comparison->list[kept++] = *difference;
		if (its < class)
			class = its;
	}
	comparison->count = kept;
	return class;
}

void
diff_judge_free(struct diff_judge *judge)
{
	json_doc_free(&judge->mine);
	json_doc_free(&judge->theirs);
	arena_free(&judge->arena);
}
