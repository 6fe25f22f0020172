#include "audit/report_parts.h"

#include "base/html.h"
#include "base/instant.h"

static bool
is_number(enum report_cell cell)
{
	return cell == REPORT_NUMBER || cell == REPORT_AGE ||
	       cell == REPORT_SHARE;
}

void
report_table_begin(struct report *report, const struct report_column *columns)
{
	buf_add_text(report->to,
	    "<div class=wide tabindex=0><table class=sort><thead><tr>");
	for (; columns->head != NULL; columns++)
		html_element(report->to,
		    is_number(columns->cell) ? "th class=n scope=col"
					     : "th scope=col",
		    str_of(columns->head));
	buf_add_text(report->to, "</tr></thead><tbody>\n");
}

void
report_table_end(struct report *report)
{
	buf_add_text(report->to, "</tbody></table></div>\n");
}

void
report_row_begin(struct report *report)
{
	buf_add_text(report->to, "<tr>");
}

void
report_row_end(struct report *report)
{
	buf_add_text(report->to, "</tr>\n");
}

void
report_cell_text(struct report *report, enum report_cell cell, struct str text)
{
	if (cell == REPORT_PERSON && report->mask && text.len > 0)
		text = STR("masked");
	html_element(report->to, is_number(cell) ? "td class=n" : "td", text);
}

void
report_cell_number(struct report *report, enum report_cell cell, int64_t number)
{
	char text[32] = "-";

	if (number != INSTANT_NONE && cell == REPORT_AGE)
		duration_format(number, text, sizeof(text));
	else if (number != INSTANT_NONE && cell == REPORT_TIME)
		instant_format(number, text);
	else if (number != INSTANT_NONE)
		snprintf(text, sizeof(text), "%lld", (long long)number);
	buf_add_format(report->to, "<td%s data-v=%lld>%s</td>",
	    is_number(cell) ? " class=n" : "", (long long)number, text);
}

static void
write_row(struct report *report, sqlite3_stmt *row,
    const struct report_column *columns)
{
	report_row_begin(report);
	for (int i = 0; columns[i].head != NULL; i++) {
		enum report_cell cell = columns[i].cell;

		if (cell == REPORT_TEXT || cell == REPORT_PERSON)
			report_cell_text(report, cell, sql_get_text(row, i));
		else
			report_cell_number(report, cell, sql_get_time(row, i));
	}
	report_row_end(report);
}

enum status
report_query(struct report *report, const char *sql,
    const struct report_column *columns)
{
	sqlite3_stmt *rows = state_sql(report->state, sql, report->diag);
	bool any = false;
	enum status status;

	sql_int(rows, 1, instant_now());
	while (sql_row(report->state, rows, &status, report->diag)) {
		if (!any)
			report_table_begin(report, columns);
		any = true;
		write_row(report, rows, columns);
	}
	if (any)
		report_table_end(report);
	else
		buf_add_text(report->to, "<p class=none>None.</p>\n");
	return status;
}
