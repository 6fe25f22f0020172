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

static enum status
look_for(struct drain *drain, const struct json *event, bool *there,
    struct diag *diag)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *record = NULL;
	struct buf path = BUF_INIT;
	long code = 0;
	enum status status;

	buf_add_text(&path, "/custom-events");
	lookup_add_part(&path, json_text(event, "event_type", &drain->arena));
	lookup_add_part(&path, json_text(event, "id", &drain->arena));
	status = exchange_get(drain, path.data, &code, diag);
	buf_free(&path);
	if (status == STATUS_OK)
		status = lookup_answer(drain, code, &doc, &record, diag);
	*there = record != NULL;
	json_doc_free(&doc);
	return status;
}

static enum status
look_for_some(struct drain *drain, const struct json *events, bool *there,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t looked = 0;

	*there = false;
	JSON_EACH(event, events)
	{
		if (looked++ == LOOKUP_EVENTS || status != STATUS_OK || *there)
			break;
		status = look_for(drain, event, there, diag);
	}
	return status;
}

enum status
lookup_events(struct drain *drain, struct str bytes, bool *there,
    struct diag *diag)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *events = json_parse(&doc, bytes);
	int64_t pause =
	    drain->settle < DRAIN_SETTLE_MAX ? drain->settle : DRAIN_SETTLE_MAX;
	enum status status = STATUS_OK;

	*there = false;
	if (events != NULL && !drain->rehearsal)
		status = look_for_some(drain, events, there, diag);
	if (events != NULL && !drain->rehearsal && status == STATUS_OK &&
	    !*there && exchange_pause(drain, pause))
		status = look_for_some(drain, events, there, diag);
	json_doc_free(&doc);
	return status;
}
