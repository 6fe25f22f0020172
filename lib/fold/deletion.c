#include "fold/deletion.h"

struct rule {
	const char *setting; /* key of [deletion] */
	const char *object, *key; /* the fact; object NULL = at the top */
	enum kind {
		FLAG,
		CODE,
		FUNCTION
	} kind;
};

static const struct rule general_rules[] = {
	{ "deleted", NULL, "deleted", FLAG },
	{ "privacy-block", NULL, "privacy_block", FLAG },
	{ "function-003", NULL, DELETION_REMOVED, FUNCTION },
	{ "order-block", "blocked", "order", CODE },
};

static const struct rule area_rules[] = {
	{ "sales-area", NULL, "deleted", FLAG },
	{ "sales-area", NULL, "privacy_block", FLAG },
	{ "order-block", NULL, "order_block", CODE },
};

static bool
applies(const struct rule *rule, const struct json *facts, struct arena *arena)
{
	if (rule->object != NULL)
		facts = json_get(facts, rule->object);
	switch (rule->kind) {
	case CODE:
		return json_text(facts, rule->key, arena).len > 0;
	case FUNCTION:
		if (str_is(json_text(facts, "function", arena), "003"))
			return true;
		return json_true(json_get(facts, rule->key), false);
	case FLAG:
		break;
	}
	return json_true(json_get(facts, rule->key), false);
}

static enum deletion_action
action_of(const struct config *config, const char *setting)
{
	static const char *const names[] = {
		[DELETION_NOTHING] = "nothing",
		[DELETION_STORE] = "store-removal",
		[DELETION_OPT_OUT] = "opt-out",
		[DELETION_ERASE] = "erase",
	};
	struct str text =
	    str_of(config_text(config, "deletion", NULL, setting));
	enum deletion_action action = DELETION_NOTHING;

	for (int i = DELETION_NOTHING; i <= DELETION_ERASE; i++)
		if (str_is(text, names[i]))
			action = (enum deletion_action)i;
	return action;
}

static enum deletion_action
strongest(const struct rule *rules, size_t count, const struct json *facts,
    const struct config *config, struct arena *arena)
{
	enum deletion_action most = DELETION_NOTHING;

	for (size_t i = 0; i < count; i++) {
		enum deletion_action action =
		    action_of(config, rules[i].setting);

		if (action > most && applies(&rules[i], facts, arena))
			most = action;
	}
	return most;
}

enum deletion_action
deletion_of_area(const struct json *area, const struct config *config,
    struct arena *arena)
{
	return strongest(area_rules, sizeof(area_rules) / sizeof(area_rules[0]),
	    area, config, arena);
}

static enum deletion_action
of_general(const struct json *facts, const struct config *config,
    struct arena *arena)
{
	return strongest(general_rules,
	    sizeof(general_rules) / sizeof(general_rules[0]), facts, config,
	    arena);
}

enum deletion_action
deletion_of(const struct json *facts, const struct config *config,
    struct arena *arena)
{
	enum deletion_action most = of_general(facts, config, arena);

	JSON_EACH(area, json_get(facts, "sales_areas"))
	{
		enum deletion_action action =
		    deletion_of_area(area, config, arena);

		if (action >= DELETION_OPT_OUT && action > most)
			most = action;
	}
	return most;
}

bool
deletion_takes_stores(const struct json *facts, const struct config *config,
    struct arena *arena)
{
	return of_general(facts, config, arena) >= DELETION_STORE;
}
