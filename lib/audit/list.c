#include "audit/list.h"

#include "base/csv.h"
#include "base/instant.h"

struct list {
	struct out *out;
	struct buf line;
	struct diag *diag;
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
	duration_format(instant_now() - row->opened_at, age, sizeof(age));
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
	jsonw_member_time(w, "opened_at", row->opened_at);
	jsonw_member_time(w, "acknowledged_at", row->acked_at);
	jsonw_member(w, "acknowledged_by", row->acked_by);
	jsonw_member(w, "assigned_by", row->assigned_by);
	jsonw_member_time(w, "escalated_at", row->escalated_at);
	jsonw_member_time(w, "closed_at", row->closed_at);
	jsonw_member(w, "resolution", row->resolution);
	jsonw_member(w, "why", row->why);
}

struct jsonw
list_begin_record(struct buf *to, const struct exception_row *row)
{
	struct buf id = BUF_INIT;
	struct jsonw w;

	buf_add_format(&id, "%.*s:%.*s:", STR_ARGS(row->code),
	    STR_ARGS(row->subject));
	buf_add_str(&id, row->id);
	w = record_begin(to, RECORD_EXCEPTION, buf_str(&id), STR_NONE,
	    &row->src);
	write_keys(&w, row);
	buf_free(&id);
	return w;
}

const struct exception_code *
list_code(struct str code)
{
	for (const struct exception_code *at = exception_codes;
	     at->code != NULL; at++)
		if (str_is(code, at->code))
			return at;
	return NULL;
}

const char *
list_address(const struct config *config, struct str owner)
{
	struct buf label = BUF_INIT;
	const char *address;

	buf_add_str(&label, owner);
	address = config_text(config, "owner", label.data, "address");
	buf_free(&label);
	return address;
}

void
list_add_address(struct jsonw *w, const struct config *config, struct str owner)
{
	const char *address = list_address(config, owner);

	if (address != NULL)
		jsonw_member(w, "address", str_of(address));
}

void
list_add_meaning(struct jsonw *w, struct str code)
{
	const struct exception_code *row = list_code(code);

	if (row == NULL)
		return;
	jsonw_member(w, "meaning", str_of(row->meaning));
	jsonw_member(w, "action", str_of(row->action));
	jsonw_member(w, "runbook", str_of(row->runbook));
}

void
list_add_advice(struct jsonw *w, const struct config *config,
    const struct exception_row *row)
{
	list_add_address(w, config, row->owner);
	list_add_meaning(w, row->code);
}

static enum status
write_record(void *user, const struct exception_row *row)
{
	struct list *list = user;
	struct jsonw w;

	buf_clear(&list->line);
	w = list_begin_record(&list->line, row);
	jsonw_close(&w, '}');
	return out_line(list->out, buf_str(&list->line), list->diag);
}

static void
add_time(struct buf *to, instant at)
{
	char text[INSTANT_TEXT];

	csv_add(to, str_of(instant_format(at, text)));
}

static enum status
write_csv(void *user, const struct exception_row *row)
{
	struct list *list = user;
	struct buf *line = &list->line;
	const struct str texts[] = { row->code, row->severity, row->owner,
		row->subject, row->id, row->customer, row->message,
		row->acked_by, row->assigned_by, row->resolution, row->why,
		row->src.sys, row->src.client, row->src.docnum, row->src.mestyp,
		row->src.file };
	const instant times[] = { row->first_at, row->last_at, row->opened_at,
		row->acked_at, row->escalated_at, row->closed_at };

	buf_clear(line);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		csv_add(line, texts[i]);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		add_time(line, times[i]);
	buf_add_format(line, "%llu,%s", (unsigned long long)row->count,
	    row->open ? "open" : "closed");
	return out_line(list->out, buf_str(line), list->diag);
}

/* Of each form: its header, if it has one, and its lines. */
static const struct {
	const char *head;
	enum status (*write)(void *user, const struct exception_row *row);
} forms[] = {
	[LIST_TABLE] = { "code\tseverity\towner\tsubject\tcustomer\tage\tcount"
			 "\tmessage",
	    write_cells },
	[LIST_RECORDS] = { NULL, write_record },
	[LIST_CSV] = { "code,severity,owner,subject_type,subject_id,customer,"
		       "message,acknowledged_by,assigned_by,resolution,why,"
		       "system,client,docnum,mestyp,file,first_at,last_at,"
		       "opened_at,acknowledged_at,escalated_at,closed_at,count,"
		       "standing",
	    write_csv },
};

enum status
list_exceptions(struct state *state, struct out *out,
    const struct exception_filter *filter, enum list_form form,
    struct diag *diag)
{
	struct list list = { .out = out, .line = BUF_INIT, .diag = diag };
	enum status status = STATUS_OK;

	if (forms[form].head != NULL)
		status = out_line(out, str_of(forms[form].head), diag);
	if (status == STATUS_OK)
		status = exceptions_each(state, filter, forms[form].write,
		    &list, diag);
	buf_free(&list.line);
	return status;
}
