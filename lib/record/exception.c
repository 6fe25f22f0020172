#include "record/exception.h"

#include <assert.h>

static const char *const severities[] = { "low", "medium", "high", "critical" };

const struct exception_code *
exception_code_find(const char *code)
{
	const struct exception_code *row;

	for (row = exception_codes; row->code != NULL; row++)
		if (strcmp(row->code, code) == 0)
			break;
	assert(row->code != NULL);
	return row;
}

const char *
severity_name(enum severity severity)
{
	return severities[severity];
}

bool
severity_of(struct str name, enum severity *severity)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
		if (str_is(name, severities[i])) {
			*severity = (enum severity)i;
			return true;
		}
	return false;
}

void
exception_write(struct buf *to, const struct exception *exception)
{
	const struct exception_code *row = exception_code_find(exception->code);
	struct buf id = BUF_INIT;
	struct jsonw w;

	buf_add_format(&id, "%s:%s:", exception->code, exception->subject);
	buf_add_str(&id, exception->id);
	w = record_begin(to, RECORD_EXCEPTION, buf_str(&id), STR_NONE,
	    &exception->src);
	jsonw_member(&w, "code", str_of(exception->code));
	jsonw_member(&w, "severity", str_of(severity_name(row->severity)));
	jsonw_key(&w, "subject");
	jsonw_open(&w, '{');
	jsonw_member(&w, "type", str_of(exception->subject));
	jsonw_member(&w, "id", exception->id);
	jsonw_close(&w, '}');
	jsonw_member(&w, "customer", exception->customer);
	jsonw_member(&w, "message", exception->message);
	jsonw_member_bool(&w, "settles", exception->settles);
	jsonw_close(&w, '}');
	buf_free(&id);
}

enum status
exception_read(struct exception *exception, const struct record *record,
    struct arena *arena, struct diag *diag)
{
	const struct json *subject = json_get(record->root, "subject");
	struct str code = json_text(record->root, "code", arena);
	const struct exception_code *row;

	*exception = (struct exception){ .src = record->src };
	for (row = exception_codes; row->code != NULL; row++)
		if (str_is(code, row->code))
			break;
	if (row->code == NULL)
		return diag_set(diag, STATUS_DATA,
		    "line is no record: key 'code' names no known exception");
	exception->code = row->code;
	exception->subject =
	    arena_str(arena, json_text(subject, "type", arena)).data;
	exception->id = json_text(subject, "id", arena);
	exception->customer = json_text(record->root, "customer", arena);
	exception->message = json_text(record->root, "message", arena);
	exception->settles =
	    json_true(json_get(record->root, "settles"), false);
	if (exception->subject[0] == '\0' || exception->id.len == 0)
		return diag_set(diag, STATUS_DATA,
		    "line is no record: key 'subject' lacks type or id");
	return STATUS_OK;
}
