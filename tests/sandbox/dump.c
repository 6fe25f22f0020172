#include "dump.h"

static const enum store_statement statements[] = {
	[DUMP_RECORDS] = STORE_DUMP_RECORDS,
	[DUMP_JOURNAL] = STORE_DUMP_JOURNAL,
	[DUMP_HISTORY] = STORE_DUMP_HISTORY,
	[DUMP_ERRORS] = STORE_DUMP_ERRORS,
	[DUMP_WARNINGS] = STORE_DUMP_WARNINGS,
	[DUMP_CAMPAIGNS] = STORE_DUMP_CAMPAIGNS,
};

/* A column: blanks for what would break the line. */
static void
add_column(struct buf *line, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		buf_add_char(line,
		    c == '\t' || c == '\n' || c == '\r' ? ' ' : c);
	}
}

enum status
dump(struct store *store, enum dump_kind kind, struct out *out,
    struct diag *diag)
{
	sqlite3_stmt *select = store_get(store, statements[kind]);
	char separator = kind == DUMP_RECORDS ? ' ' : '\t';
	struct buf line = BUF_INIT;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && store_step(select)) {
		int count = sqlite3_column_count(select);

		buf_clear(&line);
		for (int i = 0; i < count; i++) {
			struct str text = column_str(select, i);

			if (kind == DUMP_RECORDS && text.len == 0)
				continue; /* orders have no collection */
			if (i > 0)
				buf_add_char(&line, separator);
			add_column(&line, text);
		}
		status = out_line(out, buf_str(&line), diag);
	}
	buf_free(&line);
	return status;
}
