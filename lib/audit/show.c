#include "audit/show.h"

#include "audit/list.h"
#include "audit/origin.h"
#include "base/text.h"

#define TEXT_MAX 2000 /* bytes of a value */

struct show {
	struct buf *to;
	struct state *state;
	struct diag *diag;
	bool json;
	uint64_t count;
	struct buf cell;
	struct jsonw w; /* of the history */
};

/* What belongs to one exception. */
struct found {
	struct origin origin;
	struct buf outbox;
};

static void
add_pair(struct show *show, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	buf_clear(&show->cell);
	buf_add_format(show->to, "%s: %s\n", name,
	    text_message(&show->cell, value, TEXT_MAX));
}

static void
add_time(struct show *show, const char *name, instant at)
{
	char text[INSTANT_TEXT];

	add_pair(show, name, str_of(instant_format(at, text)));
}

static void
add_standing(struct show *show, const struct exception_row *row)
{
	struct buf text = BUF_INIT;

	buf_add_text(&text, row->open ? "open" : "closed, ");
	if (!row->open)
		buf_add_str(&text, row->resolution);
	else if (row->acked_by.len > 0)
		buf_add_format(&text, ", acknowledged by %.*s",
		    STR_ARGS(row->acked_by));
	if (row->open && row->escalated_at != INSTANT_NONE)
		buf_add_text(&text, ", escalated");
	add_pair(show, "standing", buf_str(&text));
	buf_free(&text);
	add_pair(show, "why", row->why);
}

static void
add_source(struct show *show, const struct exception_row *row,
    const struct found *found)
{
	struct buf text = BUF_INIT;

	if (row->src.docnum.len > 0)
		buf_add_format(&text, "%.*s %.*s of %.*s client %.*s",
		    STR_ARGS(row->src.mestyp), STR_ARGS(row->src.docnum),
		    STR_ARGS(row->src.sys), STR_ARGS(row->src.client));
	add_pair(show, "IDoc", buf_str(&text));
	buf_clear(&text);
	if (found->origin.file.len > 0)
		buf_add_str(&text, buf_str(&found->origin.file));
	if (text.len > 0 && row->src.n > 0)
		buf_add_format(&text, ", number %llu in it",
		    (unsigned long long)row->src.n);
	if (text.len > 0 && row->line > 0)
		buf_add_format(&text, ", line %zu", row->line);
	add_pair(show, "file", buf_str(&text));
	add_pair(show, "read as", buf_str(&found->origin.was));
	buf_free(&text);
}

static void
add_catalogue(struct show *show, const struct exception_code *code)
{
	static const char *const ends[] = {
		[CLOSED_BY_ITSELF] = "when its cause is gone",
		[CLOSED_BY_EITHER] =
		    "when its cause is gone where that shows, else by a person",
		[CLOSED_BY_PERSON] = "by a person alone",
	};

	if (code == NULL)
		return;
	add_pair(show, "meaning", str_of(code->meaning));
	add_pair(show, "besides", str_of(code->detail));
	add_pair(show, "next", str_of(code->action));
	buf_add_format(show->to, "see: sap-ometria-runbook(7), %s\n",
	    code->runbook);
	add_pair(show, "closed", str_of(ends[code->closed_by]));
}

static enum status
add_event(void *user, const struct exception_event *event)
{
	struct show *show = user;
	struct buf line = BUF_INIT;
	char at[INSTANT_TEXT];

	if (show->json) {
		jsonw_open(&show->w, '{');
		jsonw_member_time(&show->w, "at", event->at);
		jsonw_member(&show->w, "what", event->what);
		jsonw_member(&show->w, "who", event->who);
		jsonw_member(&show->w, "text", event->text);
		jsonw_close(&show->w, '}');
		return STATUS_OK;
	}
	buf_add_format(&line, "%s %.*s%s%.*s%s%.*s",
	    instant_format(event->at, at), STR_ARGS(event->what),
	    event->who.len > 0 ? " by " : "", STR_ARGS(event->who),
	    event->text.len > 0 ? ": " : "", STR_ARGS(event->text));
	buf_clear(&show->cell);
	buf_add_format(show->to, "    %s\n",
	    text_message(&show->cell, buf_str(&line), TEXT_MAX));
	buf_free(&line);
	return STATUS_OK;
}

/* Lines, indented. */
static void
add_lines(struct show *show, const char *head, struct str text)
{
	if (text.len > 0)
		buf_add_format(show->to, "%s:\n", head);
	while (text.len > 0) {
		const char *end = memchr(text.data, '\n', text.len);
		size_t len = end != NULL ? (size_t)(end - text.data) : text.len;

		buf_clear(&show->cell);
		buf_add_format(show->to, "    %s\n",
		    text_message(&show->cell, (struct str){ text.data, len },
			TEXT_MAX));
		text = str_from(text, len + 1);
	}
}

static enum status
write_text(struct show *show, const struct exception_row *row,
    const struct found *found)
{
	const char *address =
	    list_address(state_config(show->state), row->owner);
	struct buf name = BUF_INIT;
	enum status status;

	if (show->count > 0)
		buf_add_char(show->to, '\n');
	buf_add_format(&name, "%.*s:%.*s:%.*s", STR_ARGS(row->code),
	    STR_ARGS(row->subject), STR_ARGS(row->id));
	add_pair(show, "exception", buf_str(&name));
	buf_free(&name);
	add_standing(show, row);
	add_pair(show, "severity", row->severity);
	add_pair(show, "owner", row->owner);
	if (address != NULL)
		add_pair(show, "address", str_of(address));
	add_pair(show, "customer", row->customer);
	add_pair(show, "message", row->message);
	buf_add_format(show->to, "count: %llu\n",
	    (unsigned long long)row->count);
	add_time(show, "first seen", row->first_at);
	add_time(show, "last seen", row->last_at);
	add_catalogue(show, list_code(row->code));
	add_source(show, row, found);
	buf_add_text(show->to, "history:\n");
	status =
	    triage_history(show->state, row->n, add_event, show, show->diag);
	add_lines(show, "in the file, masked", buf_str(&found->origin.text));
	add_pair(show, "not to be shown", buf_str(&found->origin.trouble));
	add_lines(show, "for Ometria, masked", buf_str(&found->outbox));
	return status;
}

static enum status
write_object(struct show *show, const struct exception_row *row,
    const struct found *found)
{
	enum status status;

	show->w = list_begin_record(show->to, row);
	list_add_advice(&show->w, state_config(show->state), row);
	jsonw_member(&show->w, "file", buf_str(&found->origin.file));
	if (row->line > 0)
		jsonw_member_int(&show->w, "line", (int64_t)row->line);
	jsonw_key(&show->w, "history");
	jsonw_open(&show->w, '[');
	status =
	    triage_history(show->state, row->n, add_event, show, show->diag);
	jsonw_close(&show->w, ']');
	jsonw_member(&show->w, "in_file", buf_str(&found->origin.text));
	jsonw_member(&show->w, "trouble", buf_str(&found->origin.trouble));
	if (found->outbox.len > 0)
		jsonw_member_raw(&show->w, "for_ometria",
		    str_trim(buf_str(&found->outbox)));
	jsonw_close(&show->w, '}');
	buf_add_char(show->to, '\n');
	return status;
}

static enum status
show_one(void *user, const struct exception_row *row)
{
	struct show *show = user;
	struct found found = { .outbox = BUF_INIT };
	enum status status;

	status = origin_find(&found.origin, show->state, row, show->diag);
	if (status == STATUS_OK)
		status =
		    origin_outbox(&found.outbox, show->state, row, show->diag);
	if (status == STATUS_OK)
		status =
		    (show->json ? write_object : write_text)(show, row, &found);
	show->count++;
	origin_free(&found.origin);
	buf_free(&found.outbox);
	return status;
}

enum status
show_exceptions(struct buf *to, struct state *state, struct str name, bool json,
    uint64_t *count, struct diag *diag)
{
	const struct exception_filter filter = { .standing = STANDING_ALL,
		.name = name,
		.since = INSTANT_NONE };
	struct show show = { .to = to,
		.state = state,
		.diag = diag,
		.json = json };
	enum status status =
	    exceptions_each(state, &filter, show_one, &show, diag);

	*count = show.count;
	buf_free(&show.cell);
	return status;
}
