#include "merging.h"

#include "base/jsonw.h"
#include "switch.h"

#define NAMED_MAX 5
#define RESOLVED_MAX 50
#define WAITING_MAX 1000

static bool
is_identity(const struct json *node, struct arena *arena)
{
	static const char *const types[] = { "customer_id", "email_address",
		"phone_number", "profile_hash" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_is(json_text(node, "type", arena), types[i]))
			return json_text(node, "value", arena).len > 0;
	return false;
}

/* {"survivor": {...}, "customers_to_merge": [...]}, or what is wrong. */
static const char *
check_named(const struct json *root, struct arena *arena)
{
	const struct json *others = json_get(root, "customers_to_merge");

	if (!is_identity(json_get(root, "survivor"), arena))
		return "survivor: not a valid value";
	if (others->type != JSON_ARRAY || others->count == 0 ||
	    others->count > NAMED_MAX)
		return "customers_to_merge: not a valid value";
	JSON_EACH(other, others)
	if (!is_identity(other, arena))
		return "customers_to_merge: not a valid value";
	return NULL;
}

static void
write_identity(struct jsonw *w, const char *type, struct str value)
{
	jsonw_open(w, '{');
	jsonw_member(w, "type", str_of(type));
	jsonw_member(w, "value", value);
	jsonw_close(w, '}');
}

/* The older body in the words of the newer one. */
static void
translate(struct buf *request, struct str email, struct str profile)
{
	struct jsonw w = jsonw_start(request);

	jsonw_open(&w, '{');
	jsonw_key(&w, "survivor");
	if (profile.len > 0)
		write_identity(&w, "profile_hash", profile);
	else
		write_identity(&w, "email_address", email);
	jsonw_key(&w, "customers_to_merge");
	jsonw_open(&w, '[');
	write_identity(&w, "email_address", email);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
}

/* The request of a job from a body, or what is wrong with it. */
static const char *
read_request(const struct post *post, struct buf *request)
{
	struct str email = json_text(post->root, "email", post->arena);
	unsigned body = switch_get(SWITCH_MERGE_BODY);
	const char *why;

	if (body != 1 && email.len > 0) {
		translate(request, email,
		    json_text(post->root, "profile_id", post->arena));
		return NULL;
	}
	if (body == 2)
		return "email: this field is required";
	why = check_named(post->root, post->arena);
	if (why == NULL)
		buf_add_str(request, post->root->raw);
	return why;
}

void
merging_post(struct post *post, struct answer *answer)
{
	struct jsonw w = jsonw_start(&answer->body);
	struct buf request = BUF_INIT;
	const char *why = read_request(post, &request);
	struct job job;
	int64_t n;

	if (why != NULL) {
		answer_error(answer, 400, why);
		goto out;
	}
	if (job_waiting(post->store, JOB_MERGE) >= WAITING_MAX) {
		answer_error(answer, 429, "too many merges wait");
		goto out;
	}
	n = job_add(post->store, JOB_MERGE, buf_str(&request),
	    switch_get(SWITCH_MERGE_DELAY));
	job_find(post->store, n, &job, post->arena);
	jsonw_open(&w, '{');
	jsonw_member(&w, "status", STR("OK"));
	jsonw_member(&w, "message", STR("merge operation started"));
	jsonw_member(&w, "job_id", job.id);
	jsonw_close(&w, '}');
out:
	buf_free(&request);
}

void
merging_list(struct store *store, struct str id, const struct page *page,
    struct answer *answer)
{
	sqlite3_stmt *select = job_select(store, JOB_MERGE, id, page);
	struct jsonw w = jsonw_start(&answer->body);
	struct job job;

	if (id.len == 0)
		jsonw_open(&w, '[');
	while (job_step(select, &job)) {
		const char *state = job.failed               ? "failed"
				    : job.completed.len == 0 ? "started"
							     : "completed";

		jsonw_open(&w, '{');
		jsonw_member(&w, "job_id", job.id);
		jsonw_member(&w, "status", str_of(state));
		jsonw_member(&w, "message", job.message);
		jsonw_member(&w, "timestamp_created", job.created);
		jsonw_member(&w, "timestamp_completed", job.completed);
		jsonw_close(&w, '}');
		answer->rows++;
	}
	if (id.len == 0)
		jsonw_close(&w, ']');
	else if (answer->rows == 0)
		answer_error(answer, 404,
		    "merge job with specified ID was not found");
}

/* Add who this is, newest first, once; how many there are then. */
static size_t
resolve(struct store *store, const struct json *who, struct arena *arena,
    int64_t *found, size_t count)
{
	sqlite3_stmt *select = store_get(store, STORE_MERGE_RESOLVE);

	bind_str(select, 1, json_text(who, "type", arena));
	bind_str(select, 2, json_text(who, "value", arena));
	while (count <= RESOLVED_MAX && store_step(select)) {
		int64_t n = sqlite3_column_int64(select, 0);
		size_t i = 0;

		while (i < count && found[i] != n)
			i++;
		if (i == count)
			found[count++] = n;
	}
	sqlite3_reset(select);
	return count;
}

static void
merge_into(struct store *store, int64_t survivor, int64_t loser)
{
	static const enum store_statement steps[] = { STORE_MERGE_MEMBERS,
		STORE_MERGE_LISTINGS, STORE_MERGE_RECORDS, STORE_MERGE_IDENTITY,
		STORE_MERGE_PROFILE };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		sqlite3_stmt *step = store_get(store, steps[i]);

		bind_int(step, 1, loser);
		bind_int(step, 2, survivor);
		store_run(step);
	}
}

/* What became of it; false when it failed. */
static bool
merge(struct store *store, const struct json *root, struct arena *arena,
    struct buf *message)
{
	int64_t survivors[RESOLVED_MAX + 1], others[RESOLVED_MAX + 1];
	size_t count = 0, merged = 0;

	if (resolve(store, json_get(root, "survivor"), arena, survivors, 0) ==
	    0) {
		buf_add_text(message, "the survivor was not found");
		return false;
	}
	JSON_EACH(other, json_get(root, "customers_to_merge"))
	count = resolve(store, other, arena, others, count);
	if (count > RESOLVED_MAX) {
		buf_add_text(message, "more than 50 customers to merge");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (others[i] == survivors[0])
			continue;
		merge_into(store, survivors[0], others[i]);
		merged++;
	}
	buf_add_format(message, "%zu customers merged", merged);
	return merged > 0;
}

void
merging_run(struct store *store, int64_t job)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	struct buf message = BUF_INIT;
	const struct json *root;
	struct job found;
	bool merged;

	job_find(store, job, &found, &arena);
	root = json_parse(&doc, found.request);
	merged = merge(store, root, &arena, &message);
	job_end(store, job, !merged, buf_str(&message));
	buf_free(&message);
	arena_free(&arena);
	json_doc_free(&doc);
}
