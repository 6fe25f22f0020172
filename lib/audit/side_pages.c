#include "audit/side_pages.h"

#include "ometria/lookup.h"

#define PAGE_ROWS 250 /* the most that Ometria gives */
#define STEPS_BACK 8 /* until what moved away is left to the second look */

/* A list of one kind, while it is read. */
struct listing {
	struct side_pages *pages;
	struct side_ometria *side;
	enum desired_kind kind;
	uint64_t offset;
	struct buf first; /* id of the first row of the page at offset 0 */
	struct buf last; /* id of the last row that was taken */
	struct buf path;
	struct json_doc doc;
	struct arena arena; /* of one page */
	unsigned back; /* steps back from one page */
};

static void
add_list(struct buf *path, const struct side_plan *plan, enum desired_kind kind)
{
	static const char *const lists[DESIRED_KIND_COUNT] = {
		[DESIRED_PRODUCT] = "/products",
		[DESIRED_CONTACT] = "/contacts",
		[DESIRED_ORDER] = "/orders",
		[DESIRED_EVENT] = "/custom-events",
	};

	buf_add_text(path, lists[kind]);
	if (kind == DESIRED_CONTACT)
		lookup_add_part(path, plan->collection);
}

static void
add_time(struct buf *path, const char *name, instant time, int64_t wider)
{
	char text[INSTANT_TEXT];

	if (time != INSTANT_NONE)
		buf_add_format(path, "&%s=%s", name,
		    instant_format(time + wider, text));
}

static void
set_path(struct listing *list)
{
	const struct side_plan *plan = list->pages->plan;
	struct buf *path = &list->path;

	buf_clear(path);
	add_list(path, plan, list->kind);
	buf_add_format(path, "?limit=%d&offset=%llu", PAGE_ROWS,
	    (unsigned long long)list->offset);
	if (list->kind == DESIRED_PRODUCT)
		buf_add_text(path, "&includeVariants=true");
	if (list->kind == DESIRED_CONTACT)
		add_time(path, "updateSince", plan->since, -PAGES_OVERLAP);
	if (list->kind != DESIRED_ORDER)
		return;
	add_time(path, "updateSince", plan->touched, -PAGES_OVERLAP);
	add_time(path, "updateBefore", plan->as_of, 0);
	add_time(path, "timestampSince", plan->since, -PAGES_OVERLAP);
	add_time(path, "timestampBefore", plan->before, PAGES_OVERLAP);
}

static enum status
get(struct side_pages *pages, const char *path, long *code, struct diag *diag)
{
	struct drain *drain = pages->drain;
	enum status status = limiter_take(pages->half, drain->stop, diag);

	if (status == STATUS_OK)
		status = exchange_get(drain, path, code, diag);
	if (status == STATUS_OK && *code == 0)
		status = diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
	return status;
}

/* Whether a row is where the filters that were asked for keep it out. */
static bool
is_stranger(struct listing *list, const struct json *row)
{
	const struct side_plan *plan = list->pages->plan;
	instant updated = side_updated(row, &list->arena), at;
	bool placed =
	    instant_parse(json_text(row, "timestamp", &list->arena), &at);

	if (list->kind == DESIRED_CONTACT)
		return updated != INSTANT_NONE && plan->since != INSTANT_NONE &&
		       updated < plan->since - PAGES_OVERLAP;
	if (list->kind != DESIRED_ORDER)
		return false;
	if (updated != INSTANT_NONE && plan->as_of != INSTANT_NONE &&
	    updated > plan->as_of)
		return true;
	return placed && ((plan->since != INSTANT_NONE &&
			      at < plan->since - PAGES_OVERLAP) ||
			     (plan->before != INSTANT_NONE &&
				 at > plan->before + PAGES_OVERLAP));
}

static enum status
take_row(struct listing *list, const struct json *row, struct diag *diag)
{
	bool known = true;
	enum status status = STATUS_OK;

	list->pages->rows++;
	if (is_stranger(list, row))
		list->pages->strangers++;
	else if (list->side == NULL)
		status =
		    list->pages->take(list->pages->user, list->kind, row, diag);
	else
		status = side_ometria_add(list->side, list->kind, row->raw,
		    &known, diag);
	if (status == STATUS_OK && !known)
		return diag_set(diag, STATUS_PROTOCOL,
		    "Ometria's list of %ss holds what has no id",
		    desired_kind_name(list->kind));
	return status;
}

static struct str
id_of(struct listing *list, const struct json *row)
{
	return json_text(row, "id", &list->arena);
}

/* Where the page goes on behind what was taken: *found false when the row that
 * was last is not on it. */
static const struct json *
behind_last(struct listing *list, const struct json *page, bool *found)
{
	struct str last = buf_str(&list->last);

	*found = last.len == 0;
	if (*found)
		return page + 1;
	JSON_EACH(row, page)
	if (str_eq(id_of(list, row), last)) {
		*found = true;
		return row + row->skip;
	}
	return page + 1;
}

static void
note(struct buf *to, struct str id)
{
	buf_clear(to);
	buf_add_str(to, id);
}

/* Take what is new on the page; *ended when nothing is. */
static enum status
take_page(struct listing *list, const struct json *page, bool *ended,
    struct diag *diag)
{
	const struct json *end = page + page->skip, *row;
	enum status status = STATUS_OK;
	struct str first;
	bool found;

	row = behind_last(list, page, &found);
	if (!found && list->back < STEPS_BACK && list->offset > 0) {
		/* Rows in front of it went away: they moved towards us. */
		list->offset -=
		    list->offset < PAGE_ROWS / 2 ? list->offset : PAGE_ROWS / 2;
		list->back++;
		return STATUS_OK;
	}
	list->back = 0;
	*ended = page->count == 0;
	if (*ended)
		return STATUS_OK;
	first = id_of(list, page + 1);
	if (list->offset == 0)
		note(&list->first, first);
	else if (page->count > 1 && str_eq(first, buf_str(&list->first)))
		return diag_set(diag, STATUS_PROTOCOL,
		    "Ometria gives the first page of %ss whatever the offset",
		    desired_kind_name(list->kind));
	*ended = row >= end;
	for (; row < end && status == STATUS_OK; row += row->skip) {
		note(&list->last, id_of(list, row));
		status = take_row(list, row, diag);
	}
	list->offset += page->count - (page->count > 1);
	return status;
}

static enum status
read_page(struct listing *list, bool *ended, struct diag *diag)
{
	const struct json *page;
	long code = 0;
	enum status status;

	set_path(list);
	status = get(list->pages, list->path.data, &code, diag);
	if (status != STATUS_OK)
		return status;
	/* A collection that nothing was ever sent to. */
	*ended = code == 404 && list->kind == DESIRED_CONTACT;
	if (*ended)
		return STATUS_OK;
	arena_reset(&list->arena);
	page =
	    json_parse(&list->doc, buf_str(&list->pages->drain->response.body));
	if (code != 200 || page == NULL || page->type != JSON_ARRAY)
		return diag_set(diag, STATUS_PROTOCOL,
		    "Ometria's list of %ss is none: HTTP status %ld",
		    desired_kind_name(list->kind), code);
	return take_page(list, page, ended, diag);
}

static enum status
read_list(struct side_pages *pages, struct side_ometria *side,
    enum desired_kind kind, struct diag *diag)
{
	struct listing list = {
		.pages = pages,
		.side = side,
		.kind = kind,
		.doc = JSON_DOC_INIT,
	};
	enum status status = STATUS_OK;
	bool ended = false;

	while (status == STATUS_OK && !ended)
		status = read_page(&list, &ended, diag);
	buf_free(&list.first);
	buf_free(&list.last);
	buf_free(&list.path);
	json_doc_free(&list.doc);
	arena_free(&list.arena);
	return status;
}

enum status
side_pages_read(struct side_pages *pages, struct side_ometria *side,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	for (int i = 0; i < DESIRED_KIND_COUNT && status == STATUS_OK; i++)
		if (side_wants(pages->plan, (enum desired_kind)i))
			status =
			    read_list(pages, side, (enum desired_kind)i, diag);
	return status;
}

/* An event is known by its type and its id. */
static void
add_event_type(struct buf *path, struct str payload)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	const struct json *event = json_parse(&doc, payload);

	if (event != NULL)
		lookup_add_part(path, json_text(event, "event_type", &arena));
	json_doc_free(&doc);
	arena_free(&arena);
}

enum status
side_pages_look(struct side_pages *pages, enum desired_kind kind, struct str id,
    struct str payload, struct buf *to, bool *there, struct diag *diag)
{
	struct buf path = BUF_INIT;
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *record;
	long code = 0;
	enum status status;

	add_list(&path, pages->plan, kind);
	if (kind == DESIRED_EVENT)
		add_event_type(&path, payload);
	lookup_add_part(&path, id);
	status = get(pages, path.data, &code, diag);
	record = json_parse(&doc, buf_str(&pages->drain->response.body));
	*there = status == STATUS_OK && code == 200 && record != NULL &&
		 record->type == JSON_OBJECT;
	if (*there)
		buf_add_str(to, buf_str(&pages->drain->response.body));
	else if (status == STATUS_OK && code != 404)
		status = diag_set(diag, STATUS_PROTOCOL,
		    "Ometria does not say whether it has a %s: HTTP status %ld",
		    desired_kind_name(kind), code);
	buf_free(&path);
	json_doc_free(&doc);
	return status;
}
