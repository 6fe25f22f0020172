#include "page.h"

#include "journal.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<title>Ometria sandbox</title><style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.4 sans-serif;margin:1rem auto;max-width:75rem;"
    "padding:0 1rem}\n"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}\n"
    "div{overflow-x:auto}table{border-collapse:collapse;width:100%}\n"
    "th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;"
    "border-bottom:1px solid #8886}\n"
    "td{max-width:30rem;overflow-wrap:break-word}\n"
    "p{color:GrayText}\n"
    "</style></head><body>\n<h1>Ometria sandbox</h1>\n";

static const struct {
	const char *title;
	enum store_statement statement; /* columns are named for people */
} sections[] = {
	{ "What it holds", STORE_PAGE_COUNTS },
	{ "Campaigns that would have started, or not", STORE_PAGE_CAMPAIGNS },
	{ "Newest records", STORE_PAGE_RECORDS },
	{ "Newest requests", STORE_PAGE_REQUESTS },
	{ "Newest push errors", STORE_PAGE_ERRORS },
	{ "Newest warnings", STORE_PAGE_WARNINGS },
};

static void
add_escaped(struct buf *to, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.data[i]) {
		case '&':
			buf_add_text(to, "&amp;");
			break;
		case '<':
			buf_add_text(to, "&lt;");
			break;
		case '>':
			buf_add_text(to, "&gt;");
			break;
		case '"':
			buf_add_text(to, "&quot;");
			break;
		default:
			buf_add_char(to, text.data[i]);
		}
	}
}

/* An id that names somebody is not shown. */
static void
add_cell(struct buf *to, sqlite3_stmt *select, int at)
{
	struct str text = column_str(select, at);
	bool id = strcmp(sqlite3_column_name(select, at), "Id") == 0;

	buf_add_text(to, "<td>");
	add_escaped(to, id && journal_is_personal(text) ? STR("...") : text);
}

static void
add_heads(struct buf *to, sqlite3_stmt *select)
{
	buf_add_text(to, "<div><table><tr>");
	for (int i = 0; i < sqlite3_column_count(select); i++) {
		buf_add_text(to, "<th>");
		add_escaped(to, str_of(sqlite3_column_name(select, i)));
	}
	buf_add_text(to, "</tr>\n");
}

static void
add_table(struct buf *to, sqlite3_stmt *select)
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
	buf_add_text(to, any ? "</table></div>\n" : "<p>None.</p>\n");
}

void
page_print(struct store *store, struct buf *to)
{
	char now[INSTANT_TEXT];

	buf_add_text(to, head);
	buf_add_format(to, "<p>At %s, its own clock.</p>\n",
	    instant_format(instant_now(), now));
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		buf_add_format(to, "<h2>%s</h2>\n", sections[i].title);
		add_table(to, store_get(store, sections[i].statement));
	}
	buf_add_text(to, "</body></html>\n");
}
