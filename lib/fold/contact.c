#include "fold/contact.h"

#include "base/text.h"

/* Keys that say where a record came from, not what it says. */
static bool
is_envelope(struct str key)
{
	static const char *const keys[] = { "v", "type", "id", "seq", "src",
		"function" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

static bool
has_key(const struct json *object, struct str key)
{
	JSON_EACH(item, object)
	if (str_eq(item->key, key))
		return true;
	return false;
}

static void
add_member(struct jsonw *w, const struct json *item)
{
	if (w->comma)
		buf_add_char(w->to, ',');
	w->comma = false;
	jsonw_str(w, item->key);
	buf_add_char(w->to, ':');
	buf_add_str(w->to, item->raw);
	w->comma = true;
}

/*
 * The members of newer, then those of older that newer does not have; the
 * envelope is left out of both.
 */
static struct str
overlay(const struct json *newer, const struct json *older, struct arena *arena)
{
	struct buf out = BUF_INIT;
	struct jsonw w = jsonw_start(&out);
	struct str facts;

	jsonw_open(&w, '{');
	JSON_EACH(item, newer)
	if (!is_envelope(item->key))
		add_member(&w, item);
	if (older != NULL)
		JSON_EACH(item, older)
	if (!is_envelope(item->key) && !has_key(newer, item->key))
		add_member(&w, item);
	jsonw_close(&w, '}');
	facts = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return facts;
}

static struct str
overlay_facts(const struct json *root, struct str facts, bool root_is_newer,
    struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *known =
	    facts.len > 0 ? json_parse(&doc, facts) : NULL;
	struct str result;

	if (known == NULL || root_is_newer)
		result = overlay(root, known, arena);
	else
		result = overlay(known, root, arena);
	json_doc_free(&doc);
	return result;
}

/* MSGFN 004 change, 003 delete: what they do not say stays as it is. */
static bool
is_change(const struct json *root, struct arena *arena)
{
	struct str function = json_text(root, "function", arena);

	return str_is(function, "004") || str_is(function, "003");
}

enum contact_verdict
contact_fold_part(struct contact_part *part,
    const struct contact_record *record, struct arena *arena)
{
	bool change = is_change(record->root, arena);
	int age = part->seq.len > 0 ? str_cmp(record->seq, part->seq) : 1;
	struct str facts;

	if (age < 0) {
		if (part->full)
			return CONTACT_SUPERSEDED;
		part->facts =
		    overlay_facts(record->root, part->facts, false, arena);
		part->full = !change;
		return CONTACT_SUPERSEDED;
	}
	facts = overlay_facts(record->root, change ? part->facts : STR_NONE,
	    true, arena);
	if (age == 0 && str_eq(facts, part->facts))
		return CONTACT_DUPLICATE;
	if (age == 0 && !record->stamped && str_cmp(facts, part->facts) < 0)
		return CONTACT_SUPERSEDED;
	part->full = !change || part->full;
	part->facts = facts;
	part->seq = record->seq;
	return CONTACT_TAKEN;
}

static bool
says_deleted(const struct json *root, struct arena *arena)
{
	return json_true(json_get(root, "deleted"), false) ||
	       str_is(json_text(root, "function", arena), "003");
}

static bool
is_one_time(const struct json *facts, const struct config *config,
    struct arena *arena)
{
	struct str group = json_text(facts, "account_group", arena);

	return json_true(json_get(facts, "one_time"), false) ||
	       (group.len > 0 && config_lists(config, "customer", NULL,
				     "one-time-groups", group));
}

/* Whether the deletion flag stands after this record was taken. */
static bool
deleted_after(const struct contact_state *customer,
    const struct contact_record *record, struct arena *arena)
{
	if (says_deleted(record->root, arena))
		return true;
	if (is_change(record->root, arena) &&
	    json_get(record->root, "deleted")->type != JSON_BOOL)
		return customer->deleted;
	return false;
}

enum contact_verdict
contact_fold_general(struct contact_state *customer,
    const struct contact_record *record, const struct config *config,
    bool *cleared, struct arena *arena)
{
	bool flags = says_deleted(record->root, arena);
	bool was_deleted = customer->deleted;
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *facts;
	enum contact_verdict verdict;

	verdict = contact_fold_part(&customer->general, record, arena);
	if (verdict == CONTACT_TAKEN)
		customer->deleted = deleted_after(customer, record, arena);
	*cleared =
	    !customer->deleted &&
	    (verdict == CONTACT_TAKEN ? was_deleted
				      : verdict == CONTACT_SUPERSEDED && flags);
	if (flags && (customer->flagged.len == 0 ||
			 str_cmp(record->seq, customer->flagged) < 0))
		customer->flagged = record->seq;
	if (customer->flagged.len > 0 &&
	    str_is(str_of(config_text(config, "deletion", NULL, "action")),
		"anonymise"))
		customer->erased = true;
	facts = json_parse(&doc, customer->general.facts);
	if (facts != NULL)
		customer->one_time = is_one_time(facts, config, arena);
	json_doc_free(&doc);
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

/* A day or an instant; a day ends at its last second. */
static instant
bound(struct str text, instant standard, bool end)
{
	instant value;
	char copy[INSTANT_TEXT];

	if (instant_parse(text, &value))
		return value;
	if (text.len != 10 || !str_copy(copy, sizeof(copy), text))
		return standard;
	memcpy(copy + 10, "T00:00:00Z", 11);
	if (!instant_parse(str_of(copy), &value))
		return standard;
	return end ? value + 86399 : value;
}

static bool
email_usable(const struct json *email, instant now, struct arena *arena)
{
	return !json_true(json_get(email, "unusable"), false) &&
	       bound(json_text(email, "valid_from", arena), INSTANT_NONE,
		   false) <= now &&
	       bound(json_text(email, "valid_to", arena), INT64_MAX, true) >=
		   now &&
	       contact_email_valid(
		   str_trim(json_text(email, "address", arena)));
}

/* The best so far and how good it is; the first of equals stays. */
struct best {
	struct str text;
	int rank;
};

static void
offer(struct best *best, struct str text, int rank, struct arena *arena)
{
	if (rank <= best->rank)
		return;
	best->text = arena_str(arena, str_trim(text));
	best->rank = rank;
}

static void
choose_from_point(const struct json *facts, instant now, struct best *email,
    struct best *phone, struct arena *arena)
{
	JSON_EACH(item, json_get(facts, "emails"))
	{
		bool standard = json_true(json_get(item, "default"), false);

		if (email_usable(item, now, arena))
			offer(email, json_text(item, "address", arena),
			    standard ? 3 : 2, arena);
	}
	JSON_EACH(item, json_get(facts, "phones"))
	{
		bool mobile = json_true(json_get(item, "mobile"), false);
		bool standard = json_true(json_get(item, "default"), false);
		struct str number = str_trim(json_text(item, "number", arena));

		if (contact_phone_valid(number))
			offer(phone, number,
			    2 + (mobile ? 2 : 0) + (standard ? 1 : 0), arena);
	}
}

void
contact_choose(struct contact_state *customer, instant now, struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct best email = { STR_NONE, 0 }, phone = { STR_NONE, 0 };
	const struct json *facts;

	for (size_t i = 0; i < customer->point_count; i++) {
		facts = json_parse(&doc, customer->points[i].facts);
		if (facts != NULL)
			choose_from_point(facts, now, &email, &phone, arena);
	}
	facts = customer->general.facts.len > 0
		    ? json_parse(&doc, customer->general.facts)
		    : NULL;
	if (facts != NULL) {
		struct str own = str_trim(json_text(facts, "email", arena));

		if (contact_email_valid(own))
			offer(&email, own, 1, arena);
		own = str_trim(json_text(facts, "phone", arena));
		if (contact_phone_valid(own))
			offer(&phone, own, 1, arena);
	}
	customer->email = email.text;
	customer->phone = phone.text;
	json_doc_free(&doc);
}
