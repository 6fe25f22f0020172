#include "campaign.h"
#include "base/jsonw.h"
#include "entry.h"
#include "price.h"
#include "switch.h"

void
campaign_event(struct store *store, const struct json *event,
    struct arena *arena)
{
	static const struct campaign none = { .name = { "", 0 } };
	sqlite3_stmt *select = store_get(store, STORE_CAMPAIGN_EVENTS);
	struct candidate who = { .kind = "event",
		.key = json_text(event, "id", arena) };

	who.profile =
	    entry_profile(store, json_text(event, "identity_account_id", arena),
		json_text(event, "identity_email", arena),
		json_text(event, "profile_id", arena));
	(void)instant_parse(json_text(event, "timestamp", arena), &who.at);
	bind_str(select, 1, json_text(event, "event_type", arena));
	if (entry_add_all(store, select, &who))
		return;
	who.reason = "type-not-configured";
	entry_add(store, &none, &who);
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
		.profile = entry_profile(store, STR_NONE, email, STR_NONE) };

	entry_add(store, &mail, &who);
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
	(void)entry_add_all(store, step, &who);
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
		who.profile = entry_profile(store, customer, email, STR_NONE);
		(void)entry_add_all(store,
		    store_get(store, STORE_CAMPAIGN_BASKETS), &who);
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
	price_tick(store);
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
