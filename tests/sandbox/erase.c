#include "erase.h"

#include "base/hash.h"
#include "base/jsonw.h"
#include "base/text.h"
#include "switch.h"

static struct str
anonymous(struct str email, struct arena *arena)
{
	char hex[HASH_HEX], *lower = arena_alloc(arena, email.len + 1);

	for (size_t i = 0; i < email.len; i++)
		lower[i] = text_lower(email.data[i]);
	hash_hex(hash_of((struct str){ lower, email.len }), hex);
	return arena_format(arena, "%s@anonymous.ometria", hex);
}

static bool
add_identity(struct store *store, int64_t job, struct str email,
    struct arena *arena)
{
	sqlite3_stmt *add = store_get(store, STORE_ERASE_ADD);

	if (email.len == 0)
		return false;
	bind_int(add, 1, job);
	bind_str(add, 2, email);
	bind_str(add, 3, anonymous(email, arena));
	store_run(add);
	return true;
}

/* What is wrong with a request, or NULL. */
static const char *
unacceptable(const struct json *root, struct arena *arena)
{
	bool one = json_text(root, "email", arena).len > 0;
	bool several = json_get(root, "identities")->type == JSON_ARRAY;
	unsigned body = switch_get(SWITCH_ERASE_BODY);

	if (json_get(root, "action")->type != JSON_ABSENT &&
	    !str_is(json_text(root, "action", arena), "anonymise"))
		return "action: not a valid value";
	if (body == 1 && !several)
		return "identities: this field is required";
	if (body == 2 && !one)
		return "email: this field is required";
	JSON_EACH(identity, json_get(root, "identities"))
	if (json_text(identity, "email", arena).len == 0)
		return "identities: not a valid value";
	return one || several ? NULL : "email: this field is required";
}

static void
print(struct store *store, const struct job *job, struct jsonw *w)
{
	sqlite3_stmt *hashes = store_get(store, STORE_ERASE_HASHES);

	jsonw_open(w, '{');
	jsonw_member(w, "action", STR("anonymise"));
	jsonw_member(w, "comment", job->request);
	jsonw_member(w, "id", job->id);
	jsonw_key(w, "identities");
	jsonw_open(w, '[');
	bind_int(hashes, 1, job->n);
	while (store_step(hashes)) {
		jsonw_open(w, '{');
		jsonw_member(w, "hashed_email", column_str(hashes, 0));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_key(w, "source");
	jsonw_open(w, '{');
	jsonw_member(w, "api_request_id", job->id);
	jsonw_member(w, "origin", STR("api"));
	jsonw_member_raw(w, "user", STR("null"));
	jsonw_close(w, '}');
	jsonw_member(w, "summary", job->message);
	if (job->completed.len > 0)
		jsonw_member(w, "timestamp_completed", job->completed);
	else if (switch_get(SWITCH_PENDING) == 0)
		jsonw_member_raw(w, "timestamp_completed", STR("null"));
	jsonw_member(w, "timestamp_created", job->created);
	jsonw_close(w, '}');
}

void
erase_post(struct post *post, struct answer *answer)
{
	static const unsigned statuses[] = { 201, 200, 202 };
	struct arena *arena = post->arena;
	const char *why = unacceptable(post->root, arena);
	struct jsonw w = jsonw_start(&answer->body);
	struct job job;
	int64_t n;

	if (why != NULL) {
		answer_error(answer, 400, why);
		return;
	}
	n = job_add(post->store, JOB_ERASE,
	    json_text(post->root, "comment", arena),
	    switch_get(SWITCH_ERASE_DELAY));
	add_identity(post->store, n, json_text(post->root, "email", arena),
	    arena);
	JSON_EACH(identity, json_get(post->root, "identities"))
	add_identity(post->store, n, json_text(identity, "email", arena),
	    arena);
	job_find(post->store, n, &job, arena);
	print(post->store, &job, &w);
	answer->status = statuses[switch_get(SWITCH_ERASE_STATUS)];
}

void
erase_list(struct store *store, struct str id, const struct page *page,
    struct answer *answer)
{
	sqlite3_stmt *select = job_select(store, JOB_ERASE, id, page);
	struct jsonw w = jsonw_start(&answer->body);
	struct job job;

	if (id.len == 0)
		jsonw_open(&w, '[');
	while (job_step(select, &job)) {
		print(store, &job, &w);
		answer->rows++;
	}
	if (id.len == 0)
		jsonw_close(&w, ']');
	else if (answer->rows == 0)
		answer_error(answer, 404,
		    "data deletion request with specified ID was not found");
}

/* Take what is personal from the records of an address; how many they are. */
static int
erase_records(struct store *store, const char *type, struct str email,
    struct str hashed)
{
	sqlite3_stmt *update = store_get(store, STORE_ERASE_RECORDS);

	bind_str(update, 1, email);
	bind_str(update, 2, hashed);
	bind_str(update, 3, str_of(type));
	store_run(update);
	return sqlite3_changes(sqlite3_db_handle(update));
}

static const struct {
	const char *type, *name;
} kinds[] = {
	{ "contact", "contact record" },
	{ "order", "order" },
	{ "custom_event", "event" },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void
erase_email(struct store *store, struct str email, struct str hashed,
    int counts[KINDS])
{
	sqlite3_stmt *profiles = store_get(store, STORE_ERASE_PROFILES);

	for (size_t i = 0; i < KINDS; i++)
		counts[i] += erase_records(store, kinds[i].type, email, hashed);
	bind_str(profiles, 1, email);
	bind_str(profiles, 2, hashed);
	store_run(profiles);
}

void
erase_run(struct store *store, int64_t job)
{
	sqlite3_stmt *select = store_get(store, STORE_ERASE_IDENTITIES);
	struct buf summary = BUF_INIT;
	int counts[KINDS] = { 0 };

	bind_int(select, 1, job);
	while (store_step(select))
		erase_email(store, column_str(select, 0), column_str(select, 1),
		    counts);
	for (size_t i = 0; i < KINDS; i++)
		if (counts[i] > 0)
			buf_add_format(&summary, "%s%d %s%s anonymised",
			    summary.len > 0 ? ", " : "", counts[i],
			    kinds[i].name, counts[i] > 1 ? "s" : "");
	if (summary.len == 0)
		buf_add_text(&summary, "nothing to anonymise");
	job_end(store, job, false, buf_str(&summary));
	select = store_get(store, STORE_ERASE_FORGET);
	bind_int(select, 1, job);
	store_run(select);
	buf_free(&summary);
}

struct str
erase_email_of(const struct json *record, struct arena *arena)
{
	const struct json *places[] = { json_get(record, "email"),
		json_get(json_get(record, "customer"), "email"),
		json_get(record, "identity_email") };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i]->type == JSON_STRING && places[i]->raw.len > 2)
			return json_str(places[i], arena);
	return STR_NONE;
}

enum erase_state
erase_state(struct store *store, struct str email, struct arena *arena)
{
	sqlite3_stmt *find = store_get(store, STORE_ERASE_FIND);
	enum erase_state state = ERASE_NO;

	if (email.len == 0)
		return ERASE_NO;
	bind_str(find, 1, anonymous(email, arena));
	if (store_step(find))
		state = sqlite3_column_int(find, 0) ? ERASE_DONE : ERASE_ASKED;
	sqlite3_reset(find);
	return state;
}

void
erase_again(struct store *store, struct str email, struct arena *arena)
{
	int counts[KINDS] = { 0 };

	erase_email(store, email, anonymous(email, arena), counts);
}
