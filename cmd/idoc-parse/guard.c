#include "guard.h"

#include "base/instant.h"
#include "base/pause.h"
#include "base/text.h"
#include "record/record.h"
#include "state/ledger_death.h"

/* How long a suspect may take to be settled before it counts as slow, and how
 * often that is looked at. */
#define AWAIT_MS 3000
#define AWAIT_STEP_MS 5

/* Whose master data the first record is. */
static struct str
customer_of(struct str records, struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct record record;
	struct diag ignored;
	struct str line = records, customer = STR_NONE;
	const char *newline =
	    line.len > 0 ? memchr(line.data, '\n', line.len) : NULL;

	if (newline != NULL)
		line.len = (size_t)(newline - line.data);
	if (line.len > 0 &&
	    record_parse(&record, &doc, arena, line, &ignored) == STATUS_OK) {
		if (record.type == RECORD_CUSTOMER)
			customer = arena_str(arena, record.id);
		else if (record.type == RECORD_CONTACT_POINT)
			customer = json_text(record.root, "customer", arena);
	}
	json_doc_free(&doc);
	return customer;
}

void
guard_set_aside(struct gather_item *item, struct str records,
    struct arena *arena)
{
	struct str customer = customer_of(records, arena);

	item->code = "idoc-set-aside";
	item->message = STR("a tool died three times with this IDoc in hand");
	if (customer.len > 0) {
		item->because = item->code;
		item->code = "customer-malformed";
		item->customer = customer;
	}
	item->total = 0;
	item->ignored_by = NULL;
	item->idoc.anew = true;
}

static enum status
find_death(struct state *state, const struct run *run,
    const struct record_src *src, bool *waits, struct diag *diag)
{
	struct buf number = BUF_INIT;
	uint64_t deaths, fresh;
	bool any;
	enum status status = ledger_deaths(state, src, &deaths, diag);

	*waits = deaths > 0;
	if (status != STATUS_OK || !*waits)
		return status;
	status = ledger_deaths_find(state, run, &any, &fresh, diag);
	if (status != STATUS_OK || fresh == 0)
		return status;
	diag_set(diag, STATUS_TRY_AGAIN,
	    "a tool of the line died with IDoc '%s' in hand; run it again",
	    text_escape(&number, src->docnum, 40));
	buf_free(&number);
	return STATUS_TRY_AGAIN;
}

enum status
guard_await(struct state *state, const struct run *run,
    const struct record_src *src, struct diag *diag)
{
	int64_t until = instant_ticks() + AWAIT_MS;
	enum status status;
	bool waits;

	do {
		status = find_death(state, run, src, &waits, diag);
	} while (status == STATUS_OK && waits && instant_ticks() < until &&
		 pause_for(AWAIT_STEP_MS, tool_interrupted));
	return status;
}
