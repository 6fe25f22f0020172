#include "audit/list.h"

#include "base/instant.h"

struct list {
	struct out *out;
	struct buf line;
	struct diag *diag;
	uint64_t count;
};

/* A cell of the tab-separated form: no tab, no line end. */
static void
add_cell(struct buf *to, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		buf_add_char(to,
		    (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
}

static enum status
write_cells(void *user, const struct exception_row *row)
{
	struct list *list = user;
	struct buf *line = &list->line;
	char age[32];

	buf_clear(line);
	duration_format(instant_now() - row->first_at, age, sizeof(age));
	add_cell(line, row->code);
	buf_add_char(line, '\t');
	add_cell(line, row->severity);
	buf_add_char(line, '\t');
	add_cell(line, row->owner);
	buf_add_char(line, '\t');
	add_cell(line, row->subject);
	buf_add_char(line, ':');
	add_cell(line, row->id);
	buf_add_char(line, '\t');
	add_cell(line, row->customer);
	buf_add_format(line, "\t%s\t%llu\t", age,
	    (unsigned long long)row->count);
	add_cell(line, row->message);
	list->count += row->open;
	return out_line(list->out, buf_str(line), list->diag);
}

static void
write_keys(struct jsonw *w, const struct exception_row *row)
{
	jsonw_member(w, "code", row->code);
	jsonw_member(w, "severity", row->severity);
	jsonw_key(w, "subject");
	jsonw_open(w, '{');
	jsonw_member(w, "type", row->subject);
	jsonw_member(w, "id", row->id);
	jsonw_close(w, '}');
	jsonw_member(w, "customer", row->customer);
	jsonw_member(w, "message", row->message);
	jsonw_member(w, "owner", row->owner);
	jsonw_member_time(w, "first_at", row->first_at);
	jsonw_member_time(w, "last_at", row->last_at);
	jsonw_member_int(w, "count", (int64_t)row->count);
	jsonw_member_bool(w, "open", row->open);
	jsonw_member(w, "acknowledged_by", row->acked_by);
	jsonw_member(w, "resolution", row->resolution);
}

static enum status
write_record(void *user, const struct exception_row *row)
{
	struct list *list = user;
	struct buf id = BUF_INIT;
	struct jsonw w;

	buf_add_str(&id, row->code);
	buf_add_char(&id, ':');
	buf_add_str(&id, row->subject);
	buf_add_char(&id, ':');
	buf_add_str(&id, row->id);
	buf_clear(&list->line);
	w = record_begin(&list->line, RECORD_EXCEPTION, buf_str(&id), STR_NONE,
	    &row->src);
	write_keys(&w, row);
	jsonw_close(&w, '}');
	buf_free(&id);
	list->count += row->open;
	return out_line(list->out, buf_str(&list->line), list->diag);
}

enum status
list_exceptions(struct state *state, struct out *out, bool all, bool json,
    uint64_t *count, struct diag *diag)
{
	static const char head[] = "code\tseverity\towner\tsubject\tcustomer\t"
				   "age\tcount\tmessage";
	struct list list = { .out = out, .line = BUF_INIT, .diag = diag };
	enum status status = STATUS_OK;

	if (!json)
		status = out_line(out, str_of(head), diag);
	if (status == STATUS_OK)
		status = exceptions_each(state, all,
		    json ? write_record : write_cells, &list, diag);
	buf_free(&list.line);
	*count = list.count;
	return status;
}

#define NAMED                                                                  \
	" WHERE open = 1 AND (code || ':' || subject || ':' || id = ?1"        \
	" OR subject || ':' || id = ?1 OR code = ?1)"

static enum status
decide(struct state *state, const char *sql, struct str name, struct str by,
    uint64_t *count, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;
	bool own;

	*count = 0;
	status = state_join(state, &own, diag);
	if (status != STATUS_OK)
		return status;
	statement = state_sql(state, sql, diag);
	sql_text(statement, 1, name);
	sql_text(statement, 2, by);
	sql_time(statement, 3, instant_now());
	status = sql_run(state, statement, diag);
	if (status == STATUS_OK)
		*count = (uint64_t)state_changes(state);
	return state_leave(state, own, status, diag);
}

enum status
list_ack(struct state *state, struct str name, struct str by, uint64_t *count,
    struct diag *diag)
{
	return decide(state,
	    "UPDATE exception SET acked_by = ?2, acked_at = ?3" NAMED, name, by,
	    count, diag);
}

enum status
list_resolve(struct state *state, struct str name, struct str by,
    uint64_t *count, struct diag *diag)
{
	return decide(state,
	    "UPDATE exception SET open = 0, closed_at = ?3,"
	    " resolution = 'resolved by ' || ?2" NAMED,
	    name, by, count, diag);
}
