#include "page.h"

#include "base/html.h"
#include "journal.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<link rel=\"icon\" href=\"data:,\">"
    "<title>Ometria sandbox</title><style>\n"
    ":root{color-scheme:light dark;--line:#8884;--dim:#595959;--bad:#b3261e;"
    "--good:#146c2e;--tile:#8881}\n"
    "@media(prefers-color-scheme:dark){:root{--dim:#a8a8a8;--bad:#ff8a80;"
    "--good:#7bd88f}}\n"
    "body{font:15px/1.45 system-ui,sans-serif;margin:1.2rem auto;"
    "max-width:75rem;padding:0 1rem}\n"
    "h1{font-size:1.5rem;margin:0}\n"
    "h2{font-size:1.1rem;margin:1.8rem 0 .4rem}\n"
    "p{color:var(--dim);margin:.2rem 0}\n"
    "dl{display:grid;gap:.5rem;grid-template-columns:"
    "repeat(auto-fit,minmax(6.5rem,1fr));margin:1rem 0}\n"
    "dl div{background:var(--tile);border-radius:.4rem;display:flex;"
    "flex-direction:column-reverse;justify-content:flex-end;"
    "padding:.5rem .8rem}\n"
    "dt{color:var(--dim)}dd{font-size:1.5rem;margin:0}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{border-bottom:1px solid var(--line);"
    "padding:.3rem .6rem;text-align:left;vertical-align:top}\n"
    "th{color:var(--dim);font-weight:600}\n"
    ".n{font-variant-numeric:tabular-nums;text-align:right}\n"
    ".n,.w{white-space:nowrap}.long{overflow-wrap:anywhere}\n"
    ".bad{color:var(--bad)}.good{color:var(--good)}\n"
    "@media(max-width:45rem){thead{display:none}\n"
    "tr{border-bottom:1px solid var(--line);display:block;padding:.4rem 0}\n"
    "td{border:0;display:grid;gap:.6rem;grid-template-columns:6.5rem 1fr;"
    "padding:.1rem 0}\n"
    ".n{text-align:left}td:empty{display:none}\n"
    "td::before{color:var(--dim);content:attr(data-of)}}\n"
    "</style></head><body>\n<h1>Ometria sandbox</h1>\n";

/* Columns are named for people; those that are numbers stand to the right. */
static const struct {
	const char *title;
	enum store_statement statement;
	const char *none; /* in place of no rows */
} sections[] = {
	{ "Campaigns that would have started, or not", STORE_PAGE_CAMPAIGNS,
	    "Nobody was about to enter a campaign." },
	{ "Newest at the door of a campaign", STORE_PAGE_ENTRIES, "Nobody." },
	{ "Newest records", STORE_PAGE_RECORDS, "None." },
	{ "Newest requests", STORE_PAGE_REQUESTS, "None." },
	{ "Newest push errors", STORE_PAGE_ERRORS, "None." },
	{ "What a good client does not send", STORE_PAGE_WARNINGS, "Nothing." },
};

/* What is to be seen at once, by column. */
static const struct {
	const char *column, *begins, *class;
} marks[] = {
	{ "Status", "4", "bad" },
	{ "Status", "5", "bad" },
	{ "Status", "none", "bad" },
	{ "Outcome", "suppressed", "bad" },
	{ "Outcome", "started", "good" },
	{ "Time", "", "w" },
	{ "Path", "", "long" },
	{ "Id", "", "long" },
};

static const char *
class_of(sqlite3_stmt *select, int at)
{
	const char *column = sqlite3_column_name(select, at);

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strcmp(marks[i].column, column) == 0 &&
		    str_starts(column_str(select, at), marks[i].begins))
			return marks[i].class;
	return sqlite3_column_type(select, at) == SQLITE_INTEGER ? "n" : "";
}

/* An id that names somebody is not shown. */
static void
add_cell(struct buf *to, sqlite3_stmt *select, int at)
{
	const char *column = sqlite3_column_name(select, at);
	struct str text = column_str(select, at);
	bool hidden = strcmp(column, "Id") == 0 && journal_is_personal(text);

	buf_add_format(to, "<td data-of=\"%s\" class=\"%s\">", column,
	    class_of(select, at));
	html_text(to, hidden ? STR("...") : text);
	buf_add_text(to, "</td>");
}

static void
add_heads(struct buf *to, sqlite3_stmt *select)
{
	buf_add_text(to, "<table><thead><tr>");
	for (int i = 0; i < sqlite3_column_count(select); i++)
		buf_add_format(to, "<th class=\"%s\">%s</th>",
		    sqlite3_column_type(select, i) == SQLITE_INTEGER ? "n" : "",
		    sqlite3_column_name(select, i));
	buf_add_text(to, "</tr></thead>\n");
}

static void
add_table(struct buf *to, sqlite3_stmt *select, const char *none)
{
	bool any = false;

	while (store_step(select)) {
		if (!any)
			add_heads(to, select);
		any = true;
		buf_add_text(to, "<tr>");
		for (int i = 0; i < sqlite3_column_count(select); i++)
			add_cell(to, select, i);
		buf_add_text(to, "</tr>\n");
	}
	if (any)
		buf_add_text(to, "</table>\n");
	else
		buf_add_format(to, "<p>%s</p>\n", none);
}

static void
add_counts(struct buf *to, sqlite3_stmt *select)
{
	buf_add_text(to, "<dl>\n");
	while (store_step(select))
		buf_add_format(to, "<div><dt>%s</dt><dd>%lld</dd></div>\n",
		    (const char *)sqlite3_column_text(select, 0),
		    (long long)sqlite3_column_int64(select, 1));
	buf_add_text(to, "</dl>\n");
}

void
page_print(struct store *store, struct buf *to)
{
	char now[INSTANT_TEXT];

	buf_add_text(to, head);
	buf_add_format(to, "<p>At %s, its own clock.</p>\n",
	    instant_format(instant_now(), now));
	add_counts(to, store_get(store, STORE_PAGE_COUNTS));
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		buf_add_format(to, "<h2>%s</h2>\n", sections[i].title);
		add_table(to, store_get(store, sections[i].statement),
		    sections[i].none);
	}
	buf_add_text(to, "</body></html>\n");
}
