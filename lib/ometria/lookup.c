#include "ometria/lookup.h"

#include "ometria/exchange.h"

/* More than one, because a single event may have been refused for itself. */
#define LOOKUP_EVENTS 3

void
lookup_add_part(struct buf *path, struct str text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	buf_add_char(path, '/');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c != '\0' && strchr(plain, c) != NULL)
			buf_add_char(path, (char)c);
		else
			buf_add_format(path, "%%%02X", c);
	}
}

enum status
lookup_answer(struct drain *drain, long code, struct json_doc *doc,
    const struct json **record, struct diag *diag)
{
	const struct json *root = NULL;

	*record = NULL;
	if (code == 200)
		root = json_parse(doc, buf_str(&drain->response.body));
	if (root != NULL && root->type == JSON_OBJECT &&
	    json_get(root, "id")->type != JSON_ABSENT)
		*record = root;
	return *record != NULL || code == 0 || code == 404
		   ? STATUS_OK
		   : diag_set(diag, STATUS_PROTOCOL,
			 "unexpected answer to a look-up: HTTP status %ld",
			 code);
}

/* Events that are looked for, and what was found so far. */
struct search {
	struct drain *drain;
	struct buf *paths;
	struct question *questions;
	size_t *which; /* event of each question */
	enum lookup *found;
	size_t count, asked;
};

static void
add_path(struct search *search, size_t i, const struct json *event)
{
	struct arena *arena = &search->drain->arena;
	struct buf *path = &search->paths[i];

	buf_add_text(path, "/custom-events");
	lookup_add_part(path, json_text(event, "event_type", arena));
	lookup_add_part(path, json_text(event, "id", arena));
}

static enum status
note_found(void *user, const struct question *question, struct diag *diag)
{
	struct search *search = user;
	size_t i = (size_t)(question - search->questions);
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *record = NULL;
	enum status status =
	    lookup_answer(search->drain, question->code, &doc, &record, diag);

	if (status == STATUS_OK)
		search->found[search->which[i]] =
		    record != NULL ? LOOKUP_THERE : LOOKUP_ABSENT;
	json_doc_free(&doc);
	return status;
}

/* Ask for those that are not known to be there, the first `most` of them. */
static enum status
look_for(struct search *search, size_t most, struct diag *diag)
{
	size_t count = 0;

	for (size_t i = 0; i < search->count && count < most; i++) {
		if (search->found[i] == LOOKUP_THERE)
			continue;
		search->found[i] = LOOKUP_UNKNOWN;
		search->questions[count] =
		    (struct question){ .path = search->paths[i].data };
		search->which[count++] = i;
	}
	return exchange_get_all(search->drain, search->questions, count,
	    note_found, search, diag);
}

static bool
is_any(const struct search *search, size_t count, enum lookup what)
{
	for (size_t i = 0; i < count; i++)
		if (search->found[i] == what)
			return true;
	return false;
}

/*
 * At first a few: while Ometria processes, the others are not there either, and
 * are asked for once, when it had the time to. enough: one that is there.
 */
static enum status
look_twice(struct search *search, bool enough, struct diag *diag)
{
	struct drain *drain = search->drain;
	int64_t pause =
	    drain->settle < DRAIN_SETTLE_MAX ? drain->settle : DRAIN_SETTLE_MAX;
	size_t few =
	    search->count < LOOKUP_EVENTS ? search->count : LOOKUP_EVENTS;
	enum status status = look_for(search, few, diag);

	if (status == STATUS_OK && !is_any(search, few, LOOKUP_ABSENT))
		status = look_for(search, search->count, diag);
	if (status != STATUS_OK || drain->stop() ||
	    !is_any(search, search->count, LOOKUP_ABSENT) ||
	    (enough && is_any(search, search->count, LOOKUP_THERE)) ||
	    !exchange_pause(drain, pause))
		return status;
	return look_for(search, search->count, diag);
}

/* What was not asked for at last is not known: stop() came first. */
static enum status
look_up(struct drain *drain, struct str bytes, bool enough, enum lookup *found,
    struct diag *diag)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *events = json_parse(&doc, bytes);
	struct search search = { .drain = drain, .found = found };
	enum status status;

	if (events == NULL)
		return diag_set(diag, STATUS_BUG, "a batch is no JSON");
	search.paths = mem_zero(events->count, sizeof(*search.paths));
	search.questions = mem_zero(events->count, sizeof(*search.questions));
	search.which = mem_zero(events->count, sizeof(*search.which));
	JSON_EACH(event, events)
	{
		if (enough && search.count == LOOKUP_EVENTS)
			break;
		found[search.count] = LOOKUP_UNKNOWN;
		add_path(&search, search.count++, event);
	}
	json_doc_free(&doc);
	status = look_twice(&search, enough, diag);
	if (drain->stop())
		for (size_t i = 0; i < search.count; i++)
			if (found[i] == LOOKUP_ABSENT)
				found[i] = LOOKUP_UNKNOWN;
	for (size_t i = 0; i < search.count; i++)
		buf_free(&search.paths[i]);
	free(search.paths);
	free(search.questions);
	free(search.which);
	return status;
}

enum status
lookup_events(struct drain *drain, struct str bytes, enum lookup *found,
    struct diag *diag)
{
	return look_up(drain, bytes, false, found, diag);
}

enum status
lookup_batch(struct drain *drain, struct str bytes, enum lookup *found,
    struct diag *diag)
{
	enum lookup some[LOOKUP_EVENTS] = { LOOKUP_UNKNOWN };
	enum status status = look_up(drain, bytes, true, some, diag);

	*found = some[0];
	for (size_t i = 1; i < LOOKUP_EVENTS; i++)
		if (some[i] == LOOKUP_THERE)
			*found = LOOKUP_THERE;
	return status;
}
