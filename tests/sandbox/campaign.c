#include "campaign.h"
#include "base/jsonw.h"
#include "profile.h"
#include "switch.h"

#define AGE_MAX (4 * 3600) /* seconds: older ones start nothing */
#define TICK 300 /* seconds, in which at most 1,000 contacts enter */

/* Somebody at the door of a campaign. */
struct candidate {
	const char *kind;
	struct str key; /* of the event, order or visit */
	int64_t profile; /* 0 = nobody that is known */
	instant at;
	bool visit; /* that closed then: it is in time always */
	bool anybody; /* need not be known */
	const char *reason; /* why not, known beforehand, or NULL */
};

/* A row of the statements that select campaigns. */
struct campaign {
	struct str name;
	bool marketing;
	int64_t wait, send;
};

static int64_t
find_profile(struct store *store, struct str customer, struct str email,
    struct str id)
{
	sqlite3_stmt *find = store_get(store, STORE_CAMPAIGN_PROFILE);
	int64_t found = 0;

	bind_str_or_null(find, 1, customer);
	bind_str_or_null(find, 2, email);
	bind_int(find, 3, profile_number(id));
	if (store_step(find)) {
		found = sqlite3_column_int64(find, 0);
		sqlite3_reset(find);
	}
	return found;
}

static bool
says(struct store *store, enum store_statement which, int64_t first,
    struct str name)
{
	sqlite3_stmt *ask = store_get(store, which);
	bool yes;

	bind_int(ask, 1, first);
	if (name.len > 0)
		bind_str(ask, 2, name);
	yes = store_step(ask) && sqlite3_column_int(ask, 0) != 0;
	sqlite3_reset(ask);
	return yes;
}

static const char *
why_not(struct store *store, const struct campaign *campaign,
    const struct candidate *who, instant enters)
{
	if (who->reason != NULL)
		return who->reason;
	if (who->profile == 0 && !who->anybody)
		return "contact-unknown";
	if (campaign->marketing &&
	    !says(store, STORE_CAMPAIGN_OPTIN, who->profile, STR_NONE))
		return "not-opted-in";
	if (!who->visit && who->at < instant_now() - AGE_MAX)
		return "over-four-hours";
	if (says(store, STORE_CAMPAIGN_FULL, enters / TICK, campaign->name))
		return "over-1000-at-once";
	return "";
}

static void
enter(struct store *store, const struct campaign *campaign,
    const struct candidate *who)
{
	instant now = instant_now();
	instant enters = who->visit || who->at > now ? who->at : now;
	const char *reason;
	sqlite3_stmt *add;

	enters += campaign->wait;
	reason = why_not(store, campaign, who, enters);
	add = store_get(store, STORE_ENTRY_ADD);
	bind_int(add, 1, who->profile);
	bind_str(add, 2, campaign->name);
	bind_str(add, 3, str_of(who->kind));
	bind_str(add, 4, who->key);
	bind_int(add, 5, enters);
	bind_int(add, 6, enters + campaign->send);
	bind_str(add, 7, str_of(reason[0] != '\0' ? "suppressed" : "waiting"));
	bind_str(add, 8, str_of(reason));
	store_run(add);
}

/* Into all campaigns that the statement selects; false when there are none. */
static bool
enter_all(struct store *store, sqlite3_stmt *select,
    const struct candidate *who)
{
	bool any = false;

	while (store_step(select)) {
		struct campaign campaign = {
			.name = column_str(select, 0),
			.marketing = sqlite3_column_int(select, 1) != 0,
			.wait = sqlite3_column_int64(select, 2),
			.send = sqlite3_column_int64(select, 3),
		};

		enter(store, &campaign, who);
		any = true;
	}
	return any;
}

void
campaign_event(struct store *store, const struct json *event,
    struct arena *arena)
{
	static const struct campaign none = { .name = { "", 0 } };
	sqlite3_stmt *select = store_get(store, STORE_CAMPAIGN_EVENTS);
	struct candidate who = { .kind = "event",
		.key = json_text(event, "id", arena) };

	who.profile =
	    find_profile(store, json_text(event, "identity_account_id", arena),
		json_text(event, "identity_email", arena),
		json_text(event, "profile_id", arena));
	(void)instant_parse(json_text(event, "timestamp", arena), &who.at);
	bind_str(select, 1, json_text(event, "event_type", arena));
	if (enter_all(store, select, &who))
		return;
	who.reason = "type-not-configured";
	enter(store, &none, &who);
}

void
campaign_mail(struct store *store, struct str email, struct str key)
{
	static const struct campaign mail = {
		.name = { "transactional", 13 },
	};
	struct candidate who = { .kind = "mail",
		.key = key,
		.at = instant_now(),
		.anybody = true,
		.profile = find_profile(store, STR_NONE, email, STR_NONE) };

	enter(store, &mail, &who);
}

struct campaign_before
campaign_before(struct store *store, struct str order, struct arena *arena)
{
	sqlite3_stmt *find = store_get(store, STORE_CAMPAIGN_ORDER);
	struct campaign_before before = { false, STR_NONE };

	bind_str(find, 1, order);
	if (store_step(find)) {
		before.stored = true;
		before.status = arena_str(arena, column_str(find, 0));
		sqlite3_reset(find);
	}
	return before;
}

void
campaign_order(struct store *store, struct str order,
    const struct campaign_before *before)
{
	sqlite3_stmt *find = store_get(store, STORE_CAMPAIGN_ORDER);
	struct candidate who = { .kind = "order", .key = order };
	sqlite3_stmt *step;
	bool changed;

	bind_str(find, 1, order);
	if (!store_step(find))
		return;
	changed = !str_eq(column_str(find, 0), before->status);
	who.profile = sqlite3_column_int64(find, 1);
	who.at = sqlite3_column_int64(find, 2);
	sqlite3_reset(find);
	campaign_tick(store);
	if (!before->stored) {
		step = store_get(store, STORE_ENTRY_EXIT);
		bind_int(step, 1, who.profile);
		bind_int(step, 2, instant_now());
		store_run(step);
	} else if (!changed || switch_get(SWITCH_STATUS_CHANGE) == 0) {
		return;
	}
	step = store_get(store, STORE_CAMPAIGN_ORDERS);
	bind_str(step, 1, order);
	(void)enter_all(store, step, &who);
}

static void
close_sessions(struct store *store)
{
	static const int64_t idle[] = { 1800, 2100 };
	sqlite3_stmt *select = store_get(store, STORE_SESSION_IDLE);
	int64_t wait = idle[switch_get(SWITCH_SESSION)];

	bind_int(select, 1, instant_now() - wait);
	while (store_step(select)) {
		struct candidate who = { .kind = "basket",
			.key = column_str(select, 0),
			.visit = true,
			.at = sqlite3_column_int64(select, 4) + wait };
		struct str customer = column_str(select, 1);
		struct str email = column_str(select, 2);

		if (sqlite3_column_int(select, 3) != 0)
			who.reason = "transaction";
		else if (customer.len == 0 && email.len == 0)
			who.reason = "not-identified";
		who.profile = find_profile(store, customer, email, STR_NONE);
		(void)enter_all(store, store_get(store, STORE_CAMPAIGN_BASKETS),
		    &who);
	}
	select = store_get(store, STORE_SESSION_CLOSE);
	bind_int(select, 1, instant_now() - wait);
	store_run(select);
}

void
campaign_tick(struct store *store)
{
	static const enum store_statement steps[] = { STORE_ENTRY_FILTER,
		STORE_ENTRY_START };

	close_sessions(store);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		sqlite3_stmt *step = store_get(store, steps[i]);

		bind_int(step, 1, instant_now());
		store_run(step);
	}
}

void
campaign_add(struct store *store, struct str body, struct answer *answer)
{
	answer_take(store, STORE_CAMPAIGN_ADD, body, "not a campaign", answer);
}

void
campaign_session(struct store *store, struct str body, struct answer *answer)
{
	answer_take(store, STORE_SESSION_ADD, body, "not a visit", answer);
}

void
campaign_list(struct store *store, struct str body, struct answer *answer)
{
	struct jsonw w = jsonw_start(&answer->body);
	sqlite3_stmt *select;

	(void)body;
	campaign_tick(store);
	select = store_get(store, STORE_DUMP_CAMPAIGNS);
	jsonw_open(&w, '[');
	while (store_step(select)) {
		jsonw_open(&w, '{');
		for (int i = 0; i < sqlite3_column_count(select); i++)
			jsonw_member(&w, sqlite3_column_name(select, i),
			    column_str(select, i));
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
}
