#include "why.h"

#include "base/text.h"
#include "base/whole.h"
#include "state/triage.h"

/* Exceptions told of one file: after so many a person looks at the list. */
#define WHY_MAX 1000

struct page {
	struct buf text;
	struct buf escaped;
	uint64_t count;
};

static const char *
escaped(struct page *page, struct str text, size_t max)
{
	buf_clear(&page->escaped);
	return text_escape(&page->escaped, text, max);
}

static const char *
action_of(struct str code)
{
	for (const struct exception_code *at = exception_codes;
	     at->code != NULL; at++)
		if (str_is(code, at->code))
			return at->action;
	return "see sap-ometria-exceptions(7)";
}

static enum status
add_row(void *user, const struct exception_row *row)
{
	struct page *page = user;

	if (++page->count > WHY_MAX)
		return STATUS_OK;
	if (row->src.n > 0)
		buf_add_format(&page->text, "\nIDoc or line %llu",
		    (unsigned long long)row->src.n);
	else
		buf_add_text(&page->text, "\nThe file");
	if (row->src.docnum.len > 0)
		buf_add_format(&page->text, ", number %s",
		    escaped(page, row->src.docnum, 40));
	if (row->line > 0)
		buf_add_format(&page->text, ", at line %zu", row->line);
	if (row->customer.len > 0)
		buf_add_format(&page->text, ", of customer %s",
		    escaped(page, row->customer, 40));
	buf_add_format(&page->text, "\n    %.*s (%.*s, for %s)\n",
	    STR_ARGS(row->code), STR_ARGS(row->severity),
	    escaped(page, row->owner, 60));
	buf_add_format(&page->text, "    what: %s\n",
	    text_message(&page->escaped, row->message, 300));
	buf_add_format(&page->text, "    next: %s\n", action_of(row->code));
	return STATUS_OK;
}

static enum status
compose(struct page *page, struct state *state, struct str file,
    struct diag *diag)
{
	enum status status;

	buf_add_format(&page->text,
	    "Nothing in '%s' could be used. Once it is mended, put the file "
	    "back\ninto the inbox, or have SAP send its IDocs again.\n",
	    escaped(page, file, 200));
	status = exceptions_of_file(state, file, add_row, page, diag);
	if (page->count > WHY_MAX)
		buf_add_format(&page->text,
		    "\nand %llu more: see sync-audit exceptions\n",
		    (unsigned long long)(page->count - WHY_MAX));
	return status;
}

enum status
why_write(struct state *state, struct str file, const char *to,
    struct diag *diag)
{
	struct page page = { .count = 0 };
	enum status status = compose(&page, state, file, diag);

	if (status == STATUS_OK)
		status = whole_write(to, buf_str(&page.text), 0666, diag);
	buf_free(&page.text);
	buf_free(&page.escaped);
	return status;
}
