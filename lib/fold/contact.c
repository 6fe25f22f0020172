#include "fold/contact.h"

#include "base/text.h"
#include "fold/deletion.h"

static bool
is_one_time(const struct json *facts, const struct config *config,
    struct arena *arena)
{
	struct str group = json_text(facts, "account_group", arena);

	return json_true(json_get(facts, "one_time"), false) ||
	       (group.len > 0 && config_lists(config, "customer", NULL,
				     "one-time-groups", group));
}

/* What a record says once is never unsaid, whenever it comes. */
static void
flag(struct contact_state *customer, const struct json *facts, struct str seq,
    const struct config *config, struct arena *arena)
{
	enum deletion_action action = deletion_of(facts, config, arena);

	if (action < DELETION_OPT_OUT)
		return;
	if (customer->flagged.len == 0 || str_cmp(seq, customer->flagged) < 0)
		customer->flagged = seq;
	if (action == DELETION_ERASE)
		customer->to_request = true;
	if (customer->to_request ||
	    str_is(str_of(config_text(config, "deletion", NULL, "action")),
		"anonymise"))
		customer->erased = true;
}

void
contact_judge(struct contact_state *customer, const struct config *config,
    struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *facts =
	    customer->general.facts.len > 0
		? json_parse(&doc, customer->general.facts)
		: NULL;

	if (facts != NULL) {
		flag(customer, facts, customer->general.seq, config, arena);
		customer->one_time = is_one_time(facts, config, arena);
		customer->deleted =
		    deletion_of(facts, config, arena) >= DELETION_OPT_OUT;
	}
	json_doc_free(&doc);
}

enum contact_verdict
contact_fold_general(struct contact_state *customer,
    const struct contact_record *record, const struct config *config,
    bool *cleared, struct arena *arena)
{
	bool was_cleared = customer->flagged.len > 0 && !customer->deleted;
	enum contact_verdict verdict;

	verdict = contact_fold_part(&customer->general, record, arena);
	flag(customer, record->root, record->seq, config, arena);
	contact_judge(customer, config, arena);
	*cleared =
	    customer->flagged.len > 0 && !customer->deleted && !was_cleared;
	return verdict;
}

static bool
is_email_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* Labels of letters, digits and inner hyphens, at least two of them. */
static bool
is_domain(struct str domain)
{
	size_t labels = 1, len = 0;

	for (size_t i = 0; i < domain.len; i++) {
		char c = text_lower(domain.data[i]);

		if (c == '.') {
			if (len == 0 || domain.data[i - 1] == '-')
				return false;
			labels++;
			len = 0;
			continue;
		}
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			(c == '-' && len > 0)))
			return false;
		if (++len > 63)
			return false;
	}
	return labels >= 2 && len >= 2 && domain.data[domain.len - 1] != '-';
}

bool
contact_email_valid(struct str address)
{
	const char *at;
	struct str local;

	if (address.len < 6 || address.len > 254)
		return false;
	at = memchr(address.data, '@', address.len);
	if (at == NULL)
		return false;
	local = (struct str){ address.data, (size_t)(at - address.data) };
	if (local.len == 0 || local.len > 64 || local.data[0] == '.' ||
	    local.data[local.len - 1] == '.')
		return false;
	for (size_t i = 0; i < local.len; i++)
		if (!is_email_char(local.data[i]) ||
		    (i > 0 && local.data[i] == '.' && local.data[i - 1] == '.'))
			return false;
	return is_domain((struct str){ at + 1, address.len - local.len - 1 });
}

bool
contact_phone_valid(struct str number)
{
	if (number.len < 8 || number.len > 16 || number.data[0] != '+')
		return false;
	return number.data[1] != '0' &&
	       str_all_digits((struct str){ number.data + 1, number.len - 1 });
}

bool
contact_is_known(const struct contact_state *customer)
{
	return customer->general.facts.len > 0 || customer->point_count > 0;
}
