#include <cjson/cJSON.h>

#include "apply.h"
#include "lists.h"
#include "profile.h"
#include "switch.h"
#include "validate.h"

#define RANK_FORCED 2 /* of a consent; other sources are from -1 to 1 */

/* What is known of the record so far. */
struct stored {
	cJSON *body; /* NULL = none */
	bool forced;
};

struct identity
apply_identity(const struct json *record, struct arena *arena)
{
	struct identity identity = {
		.type = json_text(record, "@type", arena),
		.id = json_text(record, "id", arena),
	};

	if (str_is(identity.type, "contact")) {
		identity.collection = json_text(record, "@collection", arena);
		if (identity.collection.len == 0)
			identity.collection = STR("default");
	} else if (str_is(identity.type, "custom_event")) {
		identity.collection = json_text(record, "event_type", arena);
	}
	return identity;
}

static void
bind_identity(sqlite3_stmt *statement, const struct identity *identity)
{
	bind_str(statement, 1, identity->type);
	bind_str(statement, 2, identity->collection);
	bind_str(statement, 3, identity->id);
}

static struct stored
load(struct store *store, const struct identity *identity)
{
	sqlite3_stmt *find = store_get(store, STORE_RECORD_FIND);
	struct stored stored = { NULL, false };

	bind_identity(find, identity);
	if (store_step(find)) {
		struct str body = column_str(find, 1);

		stored.body = cJSON_ParseWithLength(body.data, body.len);
		stored.forced = sqlite3_column_int(find, 2) != 0;
		sqlite3_reset(find);
	}
	return stored;
}

bool
apply_is_stored(struct store *store, const struct identity *identity)
{
	sqlite3_stmt *find = store_get(store, STORE_RECORD_FIND);
	bool found;

	bind_identity(find, identity);
	found = store_step(find);
	sqlite3_reset(find);
	return found;
}

bool
apply_is_merge(struct store *store, const struct json *record,
    const struct identity *identity)
{
	return json_true(json_get(record, "@merge"), false) ||
	       (switch_get(SWITCH_WITHOUT_MERGE) == 1 &&
		   apply_is_stored(store, identity));
}

static const char *
text_of(const cJSON *object, const char *key)
{
	const char *text =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return text != NULL ? text : "";
}

static bool
is_blank(const cJSON *item)
{
	return cJSON_IsNull(item) ||
	       (cJSON_IsString(item) && item->valuestring[0] == '\0');
}

/* What the record sets: known keys that are neither '@' nor blank. What is
 * blank goes to blanks: keys that are to be kept as they were. */
static cJSON *
settings_of(const struct json *record, const struct field *fields,
    cJSON *blanks)
{
	cJSON *sent = cJSON_ParseWithLength(record->raw.data, record->raw.len);
	cJSON *result = cJSON_CreateObject();
	cJSON *item;

	if (sent == NULL || result == NULL)
		status_out_of_memory();
	while ((item = cJSON_DetachItemFromArray(sent, 0)) != NULL) {
		if (item->string[0] != '@' && !is_blank(item) &&
		    validate_field(fields, str_of(item->string)) != NULL)
			cJSON_AddItemToArray(result, item);
		else if (is_blank(item))
			cJSON_AddItemToArray(blanks, item);
		else
			cJSON_Delete(item);
	}
	cJSON_Delete(sent);
	return result;
}

/* The members that the new object does not have are those of the old one. */
static void
merge_deep(cJSON *fresh, cJSON *old)
{
	cJSON *item;

	while ((item = cJSON_DetachItemFromArray(old, 0)) != NULL) {
		cJSON *there =
		    cJSON_GetObjectItemCaseSensitive(fresh, item->string);

		if (there == NULL) {
			cJSON_AddItemToArray(fresh, item);
			continue;
		}
		if (cJSON_IsObject(there) && cJSON_IsObject(item))
			merge_deep(there, item);
		cJSON_Delete(item);
	}
}

static void
merge(cJSON *body, cJSON *stored, const struct json *record, bool product)
{
	bool deep = switch_get(SWITCH_MERGE_DEPTH) == 1;
	cJSON *item;

	while ((item = cJSON_DetachItemFromArray(stored, 0)) != NULL) {
		bool dropped =
		    product && strcmp(item->string, "attributes") == 0;
		cJSON *fresh =
		    cJSON_GetObjectItemCaseSensitive(body, item->string);

		if (!dropped &&
		    json_get(record, item->string)->type == JSON_ABSENT) {
			cJSON_AddItemToArray(body, item);
			continue;
		}
		if (deep && cJSON_IsObject(fresh) && cJSON_IsObject(item))
			merge_deep(fresh, item);
		cJSON_Delete(item);
	}
}

/* Blank keys of a record leave what is stored as it is. */
static void
keep_blanks(cJSON *body, const cJSON *stored, const cJSON *blanks)
{
	const cJSON *blank;

	cJSON_ArrayForEach (blank, blanks) {
		const cJSON *was =
		    cJSON_GetObjectItemCaseSensitive(stored, blank->string);

		if (was != NULL)
			cJSON_AddItemToObject(body, blank->string,
			    cJSON_Duplicate(was, true));
	}
}

/* Whether the consent of the new body is a forced one. */
static bool
settle_consent(cJSON *body, const struct stored *stored, const char *forced,
    bool force)
{
	const char key[] = "marketing_optin";

	if (force && cJSON_HasObjectItem(body, key))
		return true;
	if (!stored->forced)
		return false;
	cJSON_DeleteItemFromObjectCaseSensitive(body, key);
	cJSON_AddStringToObject(body, key, forced);
	return true;
}

static int
by_key(const void *a, const void *b)
{
	const cJSON *const *left = a, *const *right = b;

	return strcmp((*left)->string, (*right)->string);
}

static void
sort_keys(cJSON *node, struct arena *arena)
{
	size_t count = (size_t)cJSON_GetArraySize(node);
	cJSON **items, *item;

	if (cJSON_IsObject(node) && count > 1) {
		items = arena_array(arena, count, sizeof(*items));
		for (size_t i = 0; i < count; i++)
			items[i] = cJSON_DetachItemFromArray(node, 0);
		qsort(items, count, sizeof(*items), by_key);
		for (size_t i = 0; i < count; i++)
			cJSON_AddItemToArray(node, items[i]);
	}
	cJSON_ArrayForEach (item, node)
		sort_keys(item, arena);
}

static void
change_lists(struct store *store, const struct json *record,
    const struct identity *identity, struct arena *arena)
{
	static const char *const keys[] = { "@remove_from_lists",
		"@add_to_lists" };

	for (size_t joins = 0; joins < 2; joins++) {
		JSON_EACH(list, json_get(record, keys[joins]))
		lists_join(store, json_str(list, arena), identity->collection,
		    identity->id, joins != 0);
	}
}

/* Which keys hold the customer and the address of each type. */
static void
find_person(const cJSON *body, struct str type, struct str *customer,
    struct str *email)
{
	const cJSON *buyer;

	if (str_is(type, "contact")) {
		*customer = str_of(text_of(body, "customer_id"));
		*email = str_of(text_of(body, "email"));
	} else if (str_is(type, "order")) {
		buyer = cJSON_GetObjectItemCaseSensitive(body, "customer");
		*customer = str_of(text_of(buyer, "id"));
		*email = str_of(text_of(buyer, "email"));
	} else {
		*customer = str_of(text_of(body, "identity_account_id"));
		*email = str_of(text_of(body, "identity_email"));
	}
}

/* What is not active is so in all stores; else it is where a listing is. */
static bool
is_active(const cJSON *body)
{
	const cJSON *listings =
	    cJSON_GetObjectItemCaseSensitive(body, "listings");
	bool active = cJSON_GetArraySize(listings) == 0;
	const cJSON *listing;

	cJSON_ArrayForEach (listing, listings)
		active |= !cJSON_IsFalse(
		    cJSON_GetObjectItemCaseSensitive(listing, "is_active"));
	return active && !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(body,
			     "is_active"));
}

static void
put(struct store *store, const struct identity *identity, const cJSON *body,
    bool forced, int64_t touch)
{
	char *text = cJSON_PrintUnformatted(body);
	struct str customer, email;
	sqlite3_stmt *insert;
	instant at = 0;
	int64_t profile;

	if (text == NULL)
		status_out_of_memory();
	(void)instant_parse(str_of(text_of(body, "timestamp")), &at);
	find_person(body, identity->type, &customer, &email);
	profile = profile_attach(store, identity->type, customer, email);
	insert = store_get(store, STORE_RECORD_PUT);
	bind_identity(insert, identity);
	bind_str(insert, 4, str_of(text));
	bind_int(insert, 5, instant_now());
	bind_int(insert, 6, touch);
	bind_int(insert, 7, at);
	bind_str_or_null(insert, 8, customer);
	bind_str_or_null(insert, 9, email);
	bind_int(insert, 10, is_active(body));
	bind_int(insert, 11,
	    cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "is_variant")));
	bind_int(insert, 12, forced ? RANK_FORCED : 0);
	if (profile != 0)
		bind_int(insert, 13, profile);
	store_run(insert);
	cJSON_free(text);
}

void
apply_record(struct store *store, const struct json *record,
    const struct identity *identity, int64_t touch, struct arena *arena)
{
	struct stored stored = load(store, identity);
	cJSON *blanks = cJSON_CreateObject();
	cJSON *body =
	    settings_of(record, validate_fields(identity->type), blanks);
	bool merges = json_true(json_get(record, "@merge"), false);
	struct str consent =
	    arena_str(arena, str_of(text_of(stored.body, "marketing_optin")));
	bool forced;

	if (stored.body != NULL && !merges && switch_get(SWITCH_BLANK) == 1)
		keep_blanks(body, stored.body, blanks);
	if (stored.body != NULL &&
	    (merges || switch_get(SWITCH_WITHOUT_MERGE) == 1))
		merge(body, stored.body, record,
		    str_is(identity->type, "product"));
	forced = settle_consent(body, &stored, consent.data,
	    json_true(json_get(record, "@force_optin"), false));
	sort_keys(body, arena);
	if (str_is(identity->type, "contact"))
		change_lists(store, record, identity, arena);
	put(store, identity, body, forced, touch);
	cJSON_Delete(blanks);
	cJSON_Delete(body);
	cJSON_Delete(stored.body);
}
