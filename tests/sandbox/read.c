#include "read.h"
#include "base/jsonw.h"
#include "cursor.h"
#include "erase.h"
#include "fields.h"
#include "lists.h"
#include "merging.h"
#include "profile.h"
#include "shape.h"
#include "switch.h"

#define LIMIT_DEFAULT 10
#define LIMIT_MAX 250

struct route;

typedef void handler(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer);

struct route {
	const char *path[QUERY_PARTS]; /* as of query_is */
	handler *handle; /* NULL: for POST alone */
	const char *type; /* of the records */
};

/* ?5 to ?10 of STORE_RECORDS, in order: at or after, before. */
static const char *const bounds[] = { "updateSince", "updateBefore",
	"createSince", "createBefore", "timestampSince", "timestampBefore" };

static handler fields, list, one, errors, collections, profiles, profile,
    erasures, lists, merges, unsubscribes;

static const struct route routes[] = {
	{ { "push", NULL, NULL }, NULL, NULL },
	{ { "push", "_errors", NULL }, errors, NULL },
	{ { "orders", NULL, NULL }, list, "order" },
	{ { "orders", "*", NULL }, one, "order" },
	{ { "products", NULL, NULL }, list, "product" },
	{ { "products", "*", NULL }, one, "product" },
	{ { "contacts", NULL, NULL }, collections, "contact" },
	{ { "contacts", "*", NULL }, list, "contact" },
	{ { "contacts", "*", "*" }, one, "contact" },
	{ { "custom-events", NULL, NULL }, list, "custom_event" },
	{ { "custom-events", "*", NULL }, list, "custom_event" },
	{ { "custom-events", "*", "*" }, one, "custom_event" },
	{ { "custom-fields", NULL, NULL }, fields, NULL },
	{ { "custom-fields", "*", NULL }, NULL, NULL },
	{ { "data-deletion-requests", NULL, NULL }, erasures, NULL },
	{ { "data-deletion-requests", "*", NULL }, erasures, NULL },
	{ { "lists", NULL, NULL }, lists, NULL },
	{ { "lists", "*", NULL }, lists, NULL },
	{ { "lists", "*", "changes" }, lists, NULL },
	{ { "lists", "*", "contacts" }, lists, NULL },
	{ { "lists", "*", "contacts", "export" }, lists, NULL },
	{ { "merge-profile", NULL, NULL }, merges, NULL },
	{ { "merge-profile", "*", NULL }, merges, NULL },
	{ { "profiles", NULL, NULL }, profiles, NULL },
	{ { "profiles", "*", NULL }, profile, NULL },
	{ { "transactional-email", "send", NULL }, NULL, NULL },
	{ { "unsubscribes", NULL, NULL }, unsubscribes, NULL },
};

void
answer_error(struct answer *answer, unsigned status, const char *message)
{
	struct jsonw w;

	buf_clear(&answer->body);
	w = jsonw_start(&answer->body);
	jsonw_open(&w, '{');
	jsonw_member(&w, "status", STR("ERROR"));
	jsonw_member(&w, "message", str_of(message));
	jsonw_close(&w, '}');
	answer->status = status;
	answer->rows = 0;
}

void
answer_take(struct store *store, enum store_statement which, struct str body,
    const char *message, struct answer *answer)
{
	sqlite3_stmt *add = store_get(store, which);

	bind_str(add, 1, body);
	bind_int(add, 2, instant_now());
	store_run(add);
	if (sqlite3_changes(sqlite3_db_handle(add)) == 0)
		answer_error(answer, 400, message);
	else
		buf_add_text(&answer->body, "{\"status\":\"OK\"}");
}

static const char *
argument(const struct query *query, const char *name)
{
	return query->argument(query->connection, name);
}

static struct str
argument_str(const struct query *query, const char *name)
{
	return str_of(argument(query, name));
}

/* False with the answer made when the argument is not a number. */
static bool
get_number(const struct query *query, const char *name, uint64_t fallback,
    int64_t *value, struct answer *answer)
{
	const char *text = argument(query, name);
	uint64_t number = fallback;

	if (text != NULL && !str_to_u64(str_of(text), INT64_MAX, &number)) {
		answer_error(answer, 400, "limit or offset is not a number");
		return false;
	}
	*value = (int64_t)number;
	return true;
}

static bool
get_page(const struct query *query, struct page *page, struct answer *answer)
{
	if (!get_number(query, "limit", LIMIT_DEFAULT, &page->limit, answer) ||
	    !get_number(query, "offset", 0, &page->offset, answer))
		return false;
	if (page->limit > LIMIT_MAX && switch_get(SWITCH_LIMIT) == 1) {
		answer_error(answer, 400, "limit is over 250");
		return false;
	}
	if (page->limit > LIMIT_MAX)
		page->limit = LIMIT_MAX;
	return true;
}

/* A date or a date and time; false with the answer made when it is neither. */
static bool
get_time(const struct query *query, const char *name, instant fallback,
    instant *value, struct answer *answer)
{
	struct str text = argument_str(query, name);
	char date[] = "YYYY-MM-DDT00:00:00Z";

	*value = fallback;
	if (text.len == 0)
		return true;
	if (text.len == 10) {
		memcpy(date, text.data, 10);
		text = str_of(date);
	}
	if (instant_parse(text, value))
		return true;
	answer_error(answer, 400, "a filter is not a date and time");
	return false;
}

/* The stored body with what tells its kind in front. */
static void
add_record(struct buf *to, const char *type, struct str collection,
    struct str body)
{
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '{');
	jsonw_member(&w, "@type", str_of(type));
	if (strcmp(type, "contact") == 0)
		jsonw_member(&w, "@collection", collection);
	if (switch_get(SWITCH_INTERNAL) == 1) {
		jsonw_member(&w, "timestamp_created",
		    STR("2020-01-01T00:00:00+00:00"));
		jsonw_member(&w, "@internal", STR("1"));
	}
	buf_add_char(to, ',');
	shape_add(to, (struct str){ body.data + 1, body.len - 1 });
}

static bool
bind_filters(sqlite3_stmt *select, const struct query *query, const char *type,
    struct page *page, struct answer *answer)
{
	bool product = strcmp(type, "product") == 0;
	bool ignored = switch_get(SWITCH_FILTERS) == 1;
	struct str active = argument_str(query, "active");

	for (int i = 0; i < 6; i++) {
		instant open = i % 2 == 0 ? INT64_MIN : INT64_MAX;
		instant bound;

		if (!get_time(query, bounds[i], open, &bound, answer))
			return false;
		if (ignored)
			bound = open;
		/* Since counts itself, or before does. */
		if (bound != open && switch_get(SWITCH_BOUNDS) == 1)
			bound++;
		bind_int(select, 5 + i, bound);
	}
	if (!get_page(query, page, answer))
		return false;
	if (!ignored) {
		bind_str_or_null(select, 3, argument_str(query, "customer_id"));
		bind_str_or_null(select, 4, argument_str(query, "email"));
	}
	if (product && active.len > 0)
		bind_int(select, 11, str_is(active, "true"));
	if (product && !str_is(argument_str(query, "includeVariants"), "true"))
		bind_int(select, 12, 0);
	bind_int(select, 13, page->limit);
	return true;
}

/* What is listed: all that decides about the rows but the page. */
static struct hash
name_list(const struct route *route, const struct query *query)
{
	static const char *const names[] = { "orderby", "customer_id", "email",
		"active", "includeVariants", "updateSince", "updateBefore",
		"createSince", "createBefore", "timestampSince",
		"timestampBefore" };
	struct hasher hasher;

	hash_begin(&hasher, (const unsigned char[16]){ 0 });
	hash_add(&hasher, route->type, strlen(route->type) + 1);
	if (query->count > 1)
		hash_add(&hasher, query->parts[1].data, query->parts[1].len);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str text = argument_str(query, names[i]);

		hash_add(&hasher, "", 1);
		hash_add(&hasher, text.data, text.len);
	}
	hash_add(&hasher, switch_get(SWITCH_FILTERS) == 1 ? "1" : "0", 1);
	hash_add(&hasher, switch_get(SWITCH_BOUNDS) == 1 ? "1" : "0", 1);
	return hash_end(&hasher);
}

static void
list(struct store *store, const struct route *route, const struct query *query,
    struct answer *answer)
{
	bool by_touch =
	    str_is(argument_str(query, "orderby"), "timestamp_update");
	sqlite3_stmt *select = store_get(store,
	    by_touch ? STORE_RECORDS_BY_TOUCH : STORE_RECORDS_BY_AGE);
	struct cursor cursor = { .list = name_list(route, query),
		.version = store_version(store) };
	struct page page;

	bind_str(select, 1, str_of(route->type));
	if (query->count > 1)
		bind_str(select, 2, query->parts[1]);
	if (!bind_filters(select, query, route->type, &page, answer))
		return;
	cursor.offset = page.offset;
	cursor_find(&cursor);
	bind_int(select, 14, page.offset - cursor.offset);
	bind_int(select, 15, cursor.touch);
	bind_int(select, 16, cursor.n);
	buf_add_char(&answer->body, '[');
	while (store_step(select)) {
		cursor.touch = sqlite3_column_int64(select, 2);
		cursor.n = sqlite3_column_int64(select, 3);
		if (answer->rows++ > 0)
			buf_add_char(&answer->body, ',');
		add_record(&answer->body, route->type, column_str(select, 0),
		    column_str(select, 1));
	}
	buf_add_char(&answer->body, ']');
	cursor.offset = page.offset + (int64_t)answer->rows;
	if (answer->rows > 0)
		cursor_keep(&cursor);
}

static void
one(struct store *store, const struct route *route, const struct query *query,
    struct answer *answer)
{
	sqlite3_stmt *find = store_get(store, STORE_RECORD_FIND);
	struct str collection = query->count > 2 ? query->parts[1] : STR_NONE;

	bind_str(find, 1, str_of(route->type));
	bind_str(find, 2, collection);
	bind_str(find, 3, query->parts[query->count - 1]);
	if (store_step(find)) {
		add_record(&answer->body, route->type, collection,
		    column_str(find, 1));
		answer->rows = 1;
		sqlite3_reset(find);
		return;
	}
	answer_error(answer, 404, "record with specified ID was not found");
}

static void
collections(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	sqlite3_stmt *select = store_get(store, STORE_COLLECTIONS);
	struct jsonw w = jsonw_start(&answer->body);
	struct page page;

	if (!get_page(query, &page, answer))
		return;
	bind_str(select, 1, str_of(route->type));
	bind_int(select, 2, page.limit);
	bind_int(select, 3, page.offset);
	jsonw_open(&w, '[');
	while (store_step(select)) {
		jsonw_open(&w, '{');
		jsonw_member(&w, "@type", STR("collection"));
		jsonw_member(&w, "id", column_str(select, 0));
		jsonw_close(&w, '}');
		answer->rows++;
	}
	jsonw_close(&w, ']');
}

static void
errors(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	sqlite3_stmt *select = store_get(store, STORE_ERROR_LIST);
	struct jsonw w = jsonw_start(&answer->body);
	bool flat = switch_get(SWITCH_ERRORS) == 1;

	(void)route;
	(void)query;
	jsonw_open(&w, '[');
	while (store_step(select)) {
		jsonw_open(&w, '{');
		if (!flat) {
			jsonw_member(&w, "request_id", column_str(select, 0));
			jsonw_member(&w, "record_type", column_str(select, 1));
			jsonw_member(&w, "record_id", column_str(select, 2));
			jsonw_member_raw(&w, "record", column_str(select, 3));
			jsonw_member_time(&w, "timestamp",
			    sqlite3_column_int64(select, 4));
			jsonw_key(&w, "message");
			jsonw_open(&w, '{');
		}
		jsonw_member(&w, "error_message", column_str(select, 5));
		jsonw_member(&w, "error_path", column_str(select, 6));
		jsonw_close(&w, '}');
		if (!flat)
			jsonw_close(&w, '}');
		answer->rows++;
	}
	jsonw_close(&w, ']');
}

/* The profiles with this e-mail or number, each when asked for. */
static bool
select_profiles(sqlite3_stmt *select, const struct query *query,
    struct answer *answer)
{
	struct page page;
	instant since;

	if (!get_page(query, &page, answer) ||
	    !get_time(query, "updateSince", INT64_MIN, &since, answer))
		return false;
	bind_str_or_null(select, 1, argument_str(query, "email"));
	if (query->count > 1)
		bind_int(select, 2, profile_number(query->parts[1]));
	bind_int(select, 3, since);
	bind_int(select, 4, page.limit);
	bind_int(select, 5, page.offset);
	return true;
}

static void
profiles(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	sqlite3_stmt *select = store_get(store, STORE_PROFILE_LIST);
	bool by_email = argument_str(query, "email").len > 0;
	bool array = !by_email || switch_get(SWITCH_PROFILE) == 0;

	(void)route;
	if (!select_profiles(select, query, answer))
		return;
	if (array)
		buf_add_char(&answer->body, '[');
	while (store_step(select)) {
		if (answer->rows++ > 0)
			buf_add_char(&answer->body, ',');
		profile_print(store, sqlite3_column_int64(select, 0),
		    &answer->body);
		if (!array)
			break;
	}
	sqlite3_reset(select);
	if (answer->rows == 0 && by_email && switch_get(SWITCH_NOBODY) == 1)
		answer_error(answer, 404, "profile was not found");
	else if (array)
		buf_add_char(&answer->body, ']');
	else if (answer->rows == 0)
		buf_add_text(&answer->body, "null");
}

static void
profile(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	sqlite3_stmt *select = store_get(store, STORE_PROFILE_LIST);

	(void)route;
	if (!select_profiles(select, query, answer))
		return;
	if (!store_step(select)) {
		answer_error(answer, 404,
		    "profile with specified ID was not found");
		return;
	}
	profile_print(store, sqlite3_column_int64(select, 0), &answer->body);
	answer->rows = 1;
	sqlite3_reset(select);
}

/* The jobs of a kind, or the one that the path names. */
static void
jobs(struct store *store, const struct query *query,
    void (*show)(struct store *store, struct str id, const struct page *page,
	struct answer *answer),
    struct answer *answer)
{
	struct page page;

	if (get_page(query, &page, answer))
		show(store, query->count > 1 ? query->parts[1] : STR_NONE,
		    &page, answer);
}

static void
erasures(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	(void)route;
	jobs(store, query, erase_list, answer);
}

static void
merges(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	(void)route;
	jobs(store, query, merging_list, answer);
}

static void
fields(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	struct page page;

	(void)route;
	if (get_page(query, &page, answer))
		fields_print(store, &page, answer);
}

static void
lists(struct store *store, const struct route *route, const struct query *query,
    struct answer *answer)
{
	struct page page;
	instant since;

	(void)route;
	if (get_page(query, &page, answer) &&
	    get_time(query, "since", INT64_MIN, &since, answer))
		lists_print(store, query, &page, since, answer);
}

static void
unsubscribes(struct store *store, const struct route *route,
    const struct query *query, struct answer *answer)
{
	static const char *const keys[] = { "email_address", "profile_id",
		"timestamp", "type" };
	sqlite3_stmt *select = store_get(store, STORE_UNSUBSCRIBES);
	struct jsonw w = jsonw_start(&answer->body);
	instant since, before;
	struct page page;

	(void)route;
	if (!get_time(query, "since", INT64_MIN, &since, answer) ||
	    !get_time(query, "before", INT64_MAX, &before, answer) ||
	    !get_page(query, &page, answer))
		return;
	bind_int(select, 1, since);
	bind_int(select, 2, before);
	bind_str_or_null(select, 3, argument_str(query, "type"));
	bind_int(select, 4, page.limit);
	bind_int(select, 5, page.offset);
	jsonw_open(&w, '[');
	while (store_step(select)) {
		answer->rows++;
		jsonw_open(&w, '{');
		for (int i = 0; i < 4; i++)
			jsonw_member(&w, keys[i], column_str(select, i));
		jsonw_member(&w, "reason", STR_NONE);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
}

static bool
part_fits(const struct query *query, size_t at, const char *want)
{
	if (want == NULL)
		return query->count <= at;
	return query->count > at && query->parts[at].len > 0 &&
	       (strcmp(want, "*") == 0 || str_is(query->parts[at], want));
}

bool
query_is(const struct query *query, const char *const want[QUERY_PARTS])
{
	for (size_t i = 0; i < QUERY_PARTS; i++)
		if (!part_fits(query, i, want[i]))
			return false;
	return query->count <= QUERY_PARTS;
}

static const struct route *
find_route(const struct query *query)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (query_is(query, routes[i].path))
			return &routes[i];
	return NULL;
}

bool
read_knows(const struct query *query)
{
	return find_route(query) != NULL;
}

void
read_answer(struct store *store, const struct query *query,
    struct answer *answer)
{
	const struct route *route = find_route(query);

	answer->status = 200;
	if (route == NULL)
		answer_error(answer, 404, "there is nothing at this path");
	else if (route->handle == NULL)
		answer_error(answer, 405, "method not allowed");
	else
		route->handle(store, route, query, answer);
}
