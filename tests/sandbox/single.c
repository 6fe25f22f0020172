#include "single.h"

#include "base/jsonw.h"
#include "campaign.h"

/* The keys that the path or the table below says. */
static const struct {
	const char *path;
	const char *type;
	const char *keys[2]; /* of the parts of the path behind the first */
} kinds[] = {
	{ "products", "product", { "id", NULL } },
	{ "orders", "order", { "id", NULL } },
	{ "contacts", "contact", { "@collection", "id" } },
	{ "custom-events", "custom_event", { NULL, NULL } },
};

static void
add_member(struct buf *to, struct str key, struct str raw)
{
	struct jsonw w = jsonw_start(to);

	buf_add_char(to, ',');
	jsonw_str(&w, key);
	buf_add_char(to, ':');
	buf_add_str(to, raw);
}

/* The record as it would be pushed; false when the body contradicts the path.
 */
static bool
write_record(const struct post *post, size_t kind, struct buf *to)
{
	const char *const *keys = kinds[kind].keys;
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '{');
	jsonw_member(&w, "@type", str_of(kinds[kind].type));
	for (size_t i = 0; i < 2 && keys[i] != NULL; i++) {
		struct str part = post->query->parts[i + 1];
		struct str own = json_text(post->root, keys[i], post->arena);

		if (own.len > 0 && !str_eq(own, part))
			return false;
		jsonw_member(&w, keys[i], part);
	}
	JSON_EACH(item, post->root)
	if (!str_is(item->key, "@type") &&
	    (keys[0] == NULL || !str_is(item->key, keys[0])) &&
	    (keys[1] == NULL || !str_is(item->key, keys[1])))
		add_member(to, item->key, item->raw);
	buf_add_char(to, '}');
	return true;
}

/* The record as it is stored. */
static void
show(struct post *post, struct answer *answer)
{
	struct query query = *post->query;

	if (query.count == 1) {
		query.parts[query.count++] =
		    json_text(post->root, "event_type", post->arena);
		query.parts[query.count++] =
		    json_text(post->root, "id", post->arena);
	}
	read_answer(post->store, &query, answer);
	answer->status = 201;
}

void
single_post(struct post *post, struct answer *answer)
{
	struct buf record = BUF_INIT;
	struct flaw flaw;
	size_t kind = 0;

	while (!str_is(post->query->parts[0], kinds[kind].path))
		kind++;
	if (!write_record(post, kind, &record))
		answer_error(answer, 400, "the id is not that of the path");
	else if (record.len > PUSH_RECORD_BYTES)
		answer_error(answer, 400,
		    "Payload invalid: Record is too large.");
	else if (!queue_store(post->queue, post->request, buf_str(&record),
		     &flaw))
		answer_error(answer, 400,
		    arena_format(post->arena, "%s: %s", flaw.path, flaw.message)
			.data);
	else
		show(post, answer);
	buf_free(&record);
}

void
single_mail(struct post *post, struct answer *answer)
{
	struct str to =
	    json_text(json_get(post->root, "to"), "email", post->arena);

	if (to.len == 0) {
		answer_error(answer, 400, "to: this field is required");
		return;
	}
	if (!json_true(json_get(post->root, "sandbox"), false))
		campaign_mail(post->store, to,
		    json_text(post->root, "template_id", post->arena));
	buf_add_text(&answer->body, "{\"status\":\"OK\"}");
}
