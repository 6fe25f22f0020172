#include <cjson/cJSON.h>
#include <limits.h>

#include "profile.h"
#include "switch.h"

#define PREFIX "sbx-"

static int64_t
by_customer(struct store *store, struct str customer)
{
	sqlite3_stmt *find = store_get(store, STORE_PROFILE_BY_CUSTOMER);
	int64_t found = 0;

	bind_str(find, 1, customer);
	bind_int(find, 2, switch_get(SWITCH_ERASED) == 1);
	bind_int(find, 3, switch_get(SWITCH_MERGED) == 1);
	if (store_step(find)) {
		found = sqlite3_column_int64(find, 0);
		sqlite3_reset(find);
	}
	return found;
}

/*
 * By e-mail alone. With a customer id only a profile without one will do; so
 * too when several share the address.
 */
static int64_t
by_email(struct store *store, struct str email, bool has_customer)
{
	sqlite3_stmt *find = store_get(store, STORE_PROFILE_BY_EMAIL);
	int64_t found = 0;
	bool nameless = false, several = false;

	bind_str(find, 1, email);
	bind_int(find, 2, switch_get(SWITCH_MERGED) == 1);
	if (store_step(find)) {
		found = sqlite3_column_int64(find, 0);
		nameless = sqlite3_column_int(find, 1) != 0;
		several = store_step(find);
		sqlite3_reset(find);
	}
	return nameless || (!has_customer && !several) ? found : 0;
}

static void
set(struct store *store, int64_t profile, struct str customer, struct str email)
{
	sqlite3_stmt *update = store_get(store, STORE_PROFILE_SET);

	bind_int(update, 1, profile);
	bind_str_or_null(update, 2, customer);
	bind_str_or_null(update, 3, email);
	store_run(update);
}

int64_t
profile_attach(struct store *store, struct str type, struct str customer,
    struct str email)
{
	bool contact = str_is(type, "contact");
	int64_t found = 0;
	sqlite3_stmt *insert;

	if (!contact && !str_is(type, "order"))
		return 0;
	if (customer.len == 0 && email.len == 0)
		return 0;
	if (customer.len > 0)
		found = by_customer(store, customer);
	if (found != 0) {
		if (contact)
			set(store, found, STR_NONE, email);
		return found;
	}
	if (email.len > 0)
		found = by_email(store, email, customer.len > 0);
	if (found != 0) {
		set(store, found, customer, STR_NONE);
		return found;
	}
	insert = store_get(store, STORE_PROFILE_NEW);
	bind_str_or_null(insert, 1, customer);
	bind_str_or_null(insert, 2, email);
	store_run(insert);
	return store_last_id(store);
}

int64_t
profile_number(struct str id)
{
	size_t skip = sizeof(PREFIX) - 1;
	uint64_t value;

	if (!str_starts(id, PREFIX) ||
	    !str_to_u64((struct str){ id.data + skip, id.len - skip },
		INT64_MAX, &value))
		return 0;
	return (int64_t)value;
}

struct stats {
	double orders, attempted, revenue, items;
	int rank; /* of the consent */
};

static void
take_field(cJSON *profile, cJSON *contact, const char *key)
{
	cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(contact, key);

	if (item == NULL)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(profile, key);
	cJSON_AddItemToObject(profile, key, item);
}

/* The most recent contact wins, field by field; consent goes by rank. */
static void
take_contact(cJSON *profile, cJSON *contact, int rank, struct stats *stats)
{
	static const char *const keys[] = { "prefix", "firstname", "middlename",
		"lastname", "gender", "date_of_birth", "country_id",
		"properties" };
	const char *consent = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(contact, "marketing_optin"));

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		take_field(profile, contact, keys[i]);
	if (consent == NULL || rank < stats->rank)
		return;
	stats->rank = rank;
	cJSON_DeleteItemFromObjectCaseSensitive(profile, "marketing_optin");
	if (strcmp(consent, "NOT_SPECIFIED") == 0)
		cJSON_AddNullToObject(profile, "marketing_optin");
	else
		cJSON_AddBoolToObject(profile, "marketing_optin",
		    strcmp(consent, "EXPLICITLY_OPTEDIN") == 0);
}

static double
number(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void
take_order(const cJSON *order, struct stats *stats)
{
	const cJSON *line;

	stats->attempted++;
	if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(order, "is_valid")))
		return;
	stats->orders++;
	stats->revenue += number(order, "grand_total");
	cJSON_ArrayForEach (line,
	    cJSON_GetObjectItemCaseSensitive(order, "lineitems"))
		stats->items += number(line, "quantity");
}

static void
take_identity(cJSON *profile, struct store *store, int64_t n)
{
	sqlite3_stmt *find = store_get(store, STORE_PROFILE_IDENTITY);
	struct str customer, email;

	bind_int(find, 1, n);
	if (!store_step(find))
		return;
	customer = column_str(find, 0);
	email = column_str(find, 1);
	if (email.len > 0)
		cJSON_AddStringToObject(profile, "email", email.data);
	if (customer.len > 0)
		cJSON_AddStringToObject(profile, "customer_id", customer.data);
	sqlite3_reset(find);
}

static void
add_stats(cJSON *profile, const struct stats *stats)
{
	cJSON *object = cJSON_AddObjectToObject(profile, "stats");

	cJSON_AddNumberToObject(object, "orders", stats->orders);
	cJSON_AddNumberToObject(object, "orders_attempted", stats->attempted);
	/* Money in floating point: good enough for looking at. */
	cJSON_AddNumberToObject(object, "revenue",
	    (double)(int64_t)(stats->revenue * 100 +
			      (stats->revenue < 0 ? -0.5 : 0.5)) /
		100);
	cJSON_AddNumberToObject(object, "total_items", stats->items);
}

void
profile_print(struct store *store, int64_t n, struct buf *to)
{
	sqlite3_stmt *records = store_get(store, STORE_PROFILE_RECORDS);
	cJSON *profile = cJSON_CreateObject();
	struct stats stats = { 0, 0, 0, 0, INT_MIN };
	char id[32], *text;

	snprintf(id, sizeof(id), PREFIX "%lld", (long long)n);
	cJSON_AddStringToObject(profile, "@type", "profile");
	cJSON_AddStringToObject(profile, "id", id);
	cJSON_AddNullToObject(profile, "marketing_optin");
	take_identity(profile, store, n);
	bind_int(records, 1, n);
	while (store_step(records)) {
		struct str body = column_str(records, 1);
		cJSON *record = cJSON_ParseWithLength(body.data, body.len);

		if (str_is(column_str(records, 0), "contact"))
			take_contact(profile, record,
			    sqlite3_column_int(records, 2), &stats);
		else
			take_order(record, &stats);
		cJSON_Delete(record);
	}
	add_stats(profile, &stats);
	text = cJSON_PrintUnformatted(profile);
	if (text == NULL)
		status_out_of_memory();
	buf_add_text(to, text);
	cJSON_free(text);
	cJSON_Delete(profile);
}
