#include "putback.h"

#include <errno.h>
#include <unistd.h>

#include "audit/origin.h"
#include "audit/unarchive.h"
#include "base/text.h"
#include "state/ledger.h"

/* Names of files, each once and with a NUL behind it. */
struct files {
	struct buf names;
	uint64_t exceptions;
};

static enum status
add_file(void *user, const struct exception_row *row)
{
	struct files *files = user;

	files->exceptions++;
	for (size_t at = 0; at < files->names.len;) {
		struct str known = str_of(files->names.data + at);

		if (str_eq(known, row->src.file))
			return STATUS_OK;
		at += known.len + 1;
	}
	if (row->src.file.len > 0) {
		buf_add_str(&files->names, row->src.file);
		buf_add_char(&files->names, '\0');
	}
	return STATUS_OK;
}

static enum status
fail(struct audit *audit, enum status code, const char *what, const char *name)
{
	struct buf safe = BUF_INIT;
	int err = errno;
	enum status status = diag_errno(&audit->run->diag, code, err, "%s '%s'",
	    what, text_escape(&safe, str_of(name), 200));

	buf_free(&safe);
	return status;
}

/* The intent; *again: an earlier one was cut short. */
static enum status
begin(struct audit *audit, struct str now, struct str was, bool *again)
{
	struct diag *diag = &audit->run->diag;
	enum status status;
	bool own;

	status = state_join(audit->state, &own, diag);
	if (status != STATUS_OK)
		return status;
	status = ledger_move_begun(audit->state, LEDGER_PUT_BACK, now, was,
	    again, diag);
	if (status == STATUS_OK)
		status = ledger_move_begin(audit->state, LEDGER_PUT_BACK, now,
		    was, diag);
	return state_leave(audit->state, own, status, diag);
}

static enum status
move_back(struct audit *audit, struct str now, struct str was)
{
	struct diag *diag = &audit->run->diag, ignored;
	bool again, own;
	enum status ended, status = begin(audit, now, was, &again);

	if (status == STATUS_OK)
		status = unarchive(now.data, was.data, again, diag);
	if (status != STATUS_OK && status != STATUS_NO_INPUT &&
	    status != STATUS_CANNOT_CREATE)
		return status;
	ended = state_join(audit->state, &own, &ignored);
	if (ended == STATUS_OK)
		ended = state_leave(audit->state, own,
		    ledger_move_end(audit->state, LEDGER_PUT_BACK, now, was,
			status == STATUS_OK, &ignored),
		    &ignored);
	if (status == STATUS_OK && ended != STATUS_OK)
		*diag = ignored;
	return status == STATUS_OK ? ended : status;
}

static enum status
put_back(struct audit *audit, const char *was)
{
	struct buf now = BUF_INIT, safe = BUF_INIT;
	bool moved;
	enum status status = origin_file(audit->state, str_of(was), &now,
	    &moved, &audit->run->diag);

	if (status == STATUS_OK && moved)
		status = move_back(audit, buf_str(&now), str_of(was));
	else if (status == STATUS_OK && access(was, R_OK) != 0)
		status = fail(audit, STATUS_NO_INPUT, "cannot read", was);
	if (status == STATUS_OK)
		tool_say(audit->run, "read again by the next run: '%s'",
		    text_escape(&safe, str_of(was), 200));
	buf_free(&now);
	buf_free(&safe);
	return status;
}

enum status
putback(struct audit *audit, const char *name)
{
	const struct exception_filter filter = { .name = str_of(name),
		.since = INSTANT_NONE };
	struct files files = { .names = BUF_INIT };
	enum status status = exceptions_each(audit->state, &filter, add_file,
	    &files, &audit->run->diag);

	if (status == STATUS_OK && files.exceptions == 0 &&
	    strchr(name, ':') == NULL)
		status = diag_set(&audit->run->diag, STATUS_USAGE,
		    "'retry' takes KIND:ID, such as order:4711, with kinds "
		    "product, contact, order, custom_event and deletion; or "
		    "the name of an open exception");
	else if (status == STATUS_OK && files.exceptions == 0)
		status =
		    audit_unknown(audit, "no open exception is called", name);
	else if (status == STATUS_OK && files.names.len == 0)
		status = audit_unknown(audit, "no file is known of", name);
	for (size_t at = 0; at < files.names.len && status == STATUS_OK;) {
		const char *was = files.names.data + at;

		status = put_back(audit, was);
		at += strlen(was) + 1;
	}
	if (status == STATUS_OK)
		status = triage_note(audit->state, str_of(name), "retried",
		    audit_by(audit), &audit->run->diag);
	buf_free(&files.names);
	return status;
}
