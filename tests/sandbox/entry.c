#include "entry.h"
#include "profile.h"

#define AGE_MAX (4 * 3600) /* seconds: older ones start nothing */

int64_t
entry_profile(struct store *store, struct str customer, struct str email,
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
says(sqlite3_stmt *ask)
{
	bool yes = store_step(ask) && sqlite3_column_int(ask, 0) != 0;

	sqlite3_reset(ask);
	return yes;
}

static bool
is_opted_in(struct store *store, int64_t profile)
{
	sqlite3_stmt *ask = store_get(store, STORE_CAMPAIGN_OPTIN);

	bind_int(ask, 1, profile);
	return says(ask);
}

static bool
is_full(struct store *store, struct str campaign, instant enters, int64_t tick)
{
	sqlite3_stmt *ask = store_get(store, STORE_CAMPAIGN_FULL);
	instant from = enters - enters % tick;

	bind_int(ask, 1, from);
	bind_str(ask, 2, campaign);
	bind_int(ask, 3, from + tick);
	return says(ask);
}

static const char *
why_not(struct store *store, const struct campaign *campaign,
    const struct candidate *who, instant enters)
{
	if (who->reason != NULL)
		return who->reason;
	if (who->profile == 0 && !who->anybody)
		return "contact-unknown";
	if (campaign->marketing && !is_opted_in(store, who->profile))
		return "not-opted-in";
	if (!who->visit && who->at < instant_now() - AGE_MAX)
		return "over-four-hours";
	if (is_full(store, campaign->name, enters,
		who->tick != 0 ? who->tick : ENTRY_TICK))
		return "over-1000-at-once";
	return "";
}

void
entry_add(struct store *store, const struct campaign *campaign,
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

bool
entry_add_all(struct store *store, sqlite3_stmt *select,
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

		entry_add(store, &campaign, who);
		any = true;
	}
	return any;
}
