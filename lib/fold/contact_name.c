#include "fold/contact_name.h"

enum kind {
	PERSON,
	COMPANY,
	UNKNOWN /* the account groups decide, and it has not been told */
};

static struct str
text_of(const struct json *object, const char *key, struct arena *arena)
{
	return str_trim(json_text(object, key, arena));
}

static bool
is_listed(const struct config *config, const char *key, struct str word)
{
	return word.len > 0 &&
	       config_lists(config, "customer", NULL, key, word);
}

static bool
is_given(const struct config *config, const char *key)
{
	const char *list = config_text(config, "customer", NULL, key);

	return list != NULL && list[0] != '\0';
}

static enum kind
kind_of(struct str group, struct str title, const struct config *config)
{
	bool persons = is_given(config, "person-groups");

	if (is_listed(config, "person-groups", group))
		return PERSON;
	if (is_listed(config, "company-groups", group) ||
	    is_listed(config, "company-titles", title))
		return COMPANY;
	if (group.len == 0 && (persons || is_given(config, "company-groups")))
		return UNKNOWN;
	return persons ? COMPANY : PERSON;
}

/* By number: the shorter is the lower, they have no leading zeros. */
static bool
is_before(struct str a, struct str b)
{
	return a.len != b.len ? a.len < b.len : str_cmp(a, b) < 0;
}

static struct contact_name
name_of(const struct json *object, struct arena *arena)
{
	return (struct contact_name){
		.prefix = text_of(object, "prefix", arena),
		.first = text_of(object, "first_name", arena),
		.last = text_of(object, "last_name", arena),
	};
}

static bool
is_empty(const struct contact_name *name)
{
	return name->first.len == 0 && name->last.len == 0;
}

/* The contact person of the lowest number that has a name. */
static struct contact_name
first_person(const struct json *facts, struct arena *arena)
{
	struct contact_name first = { .last = STR_NONE };
	struct str lowest = STR_NONE;

	JSON_EACH(person, json_get(facts, "contact_persons"))
	{
		struct contact_name name = name_of(person, arena);
		struct str number = text_of(person, "number", arena);

		if (is_empty(&name) ||
		    json_true(json_get(person, "deleted"), false))
			continue;
		if (is_empty(&first) || is_before(number, lowest)) {
			first = name;
			lowest = number;
		}
	}
	return first;
}

struct contact_name
contact_name(const struct json *facts, const struct config *config,
    struct arena *arena)
{
	struct contact_name name = name_of(facts, arena);
	enum kind kind = kind_of(text_of(facts, "account_group", arena),
	    name.prefix, config);

	if (is_listed(config, "company-titles", name.prefix))
		name.prefix = STR_NONE;
	if (kind == UNKNOWN)
		return (struct contact_name){ .last = STR_NONE };
	if (kind == PERSON && !is_empty(&name))
		return name;
	if (str_is(
		str_of(config_text(config, "customer", NULL, "contact-person")),
		"none"))
		return kind == PERSON
			   ? name
			   : (struct contact_name){ .last = STR_NONE };
	return first_person(facts, arena);
}
