#include "audit.h"

#include <unistd.h>

#include "audit/erase.h"
#include "base/folder.h"
#include "base/instant.h"
#include "base/lines.h"
#include "base/out.h"
#include "base/text.h"
#include "fold/contact.h"
#include "state/ledger.h"

struct erasing {
	struct audit *audit;
	struct person person;
	bool apply;
	struct out out;
	uint64_t named; /* files */
	uint64_t by_hand; /* files that only a person can take apart */
	uint64_t waits; /* for a push, or for a file to settle */
};

/* One row: what, which, how many, of how many. */
static enum status
tell(struct erasing *e, const char *what, const char *name, uint64_t count,
    uint64_t of, struct diag *diag)
{
	struct buf row = BUF_INIT, safe = BUF_INIT;
	enum status status;

	buf_add_format(&row, "%s\t%s\t%llu\t", what,
	    text_escape(&safe, str_of(name), 4096), (unsigned long long)count);
	if (of > 0)
		buf_add_u64(&row, of, 0);
	status = out_line(&e->out, buf_str(&row), diag);
	buf_free(&row);
	buf_free(&safe);
	return status;
}

/* A file that is still to be settled is read again: first the line. */
static enum status
settled(struct erasing *e, const char *path, bool *yes, struct diag *diag)
{
	struct ledger_file file;
	enum status status =
	    ledger_file(e->audit->state, str_of(path), &file, diag);

	*yes = file.settled;
	return status;
}

static enum status
on_file(void *user, const char *path, const struct stat *info,
    struct diag *diag)
{
	struct erasing *e = user;
	struct erase_file found;
	const char *what = "file";
	enum status status;
	bool ready;

	(void)info;
	if (str_ends(str_of(path), ".why"))
		return STATUS_OK;
	if (tool_interrupted())
		return diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
	status = settled(e, path, &ready, diag);
	if (status == STATUS_OK)
		status = erase_file(e->audit->state, &e->person, path,
		    e->apply && ready, &found, diag);
	if (status != STATUS_OK || found.named == 0)
		return status;
	e->named++;
	if (!ready) {
		e->waits++;
		what = "open-file";
	} else if (found.by_hand) {
		e->by_hand++;
		what = "by-hand";
	}
	return tell(e, what, path, found.named, found.idocs, diag);
}

static void
on_passed(void *user, const char *path, int err)
{
	struct erasing *e = user;
	struct buf safe = BUF_INIT;

	if (err == 0)
		return;
	e->by_hand++;
	tool_say(e->audit->run, "cannot list '%s'",
	    text_escape(&safe, str_of(path), 200));
	buf_free(&safe);
}

/* The folders that files were archived into, without those below others. */
static enum status
known_folders(struct erasing *e, struct buf *names, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(e->audit->state,
	    "SELECT DISTINCT CASE WHEN name LIKE '%/failed/'"
	    " THEN substr(name, 1, length(name) - 7) ELSE name END"
	    " FROM (SELECT rtrim(name, replace(name, '/', '')) AS name"
	    "  FROM file WHERE was IS NOT NULL AND instr(name, '/')"
	    "  UNION SELECT name FROM forgotten_folder)",
	    diag);
	enum status status;

	while (sql_row(e->audit->state, statement, &status, diag)) {
		struct str folder = sql_get_text(statement, 0);

		if (folder.len > 1 && folder.data[folder.len - 1] == '/')
			folder.len--;
		buf_add_str(names, folder);
		buf_add_char(names, '\0');
	}
	return status;
}

static enum status
erase_files(struct erasing *e, struct diag *diag)
{
	const struct folder_walk walk = { .file = on_file,
		.passed = on_passed,
		.user = e };
	const char *given = options_value(&e->audit->run->options, "archive");
	struct buf names = BUF_INIT;
	enum status status = STATUS_OK;

	if (given != NULL)
		buf_add(&names, given, strlen(given) + 1);
	else
		status = known_folders(e, &names, diag);
	for (size_t at = 0; at < names.len && status == STATUS_OK;
	     at += strlen(names.data + at) + 1)
		status = folder_walk(&walk, names.data + at, diag);
	buf_free(&names);
	return status;
}

static enum status
erase_rows(struct erasing *e, struct diag *diag)
{
	struct state *state = e->audit->state;
	struct erase_state found;
	enum status status = STATUS_OK;

	if (e->apply)
		status = erase_apply(state, &e->person, diag);
	if (status == STATUS_OK)
		status = erase_look(state, &e->person, &found, diag);
	if (status == STATUS_OK)
		status = tell(e, "state", "customer", found.contacts, 0, diag);
	if (status == STATUS_OK)
		status = tell(e, "state", "orders", found.orders, 0, diag);
	if (status == STATUS_OK && found.waits > 0)
		status = tell(e, "state", "to-send", found.waits, 0, diag);
	e->waits += found.waits;
	return status;
}

/* A guest's address may be a customer's, whose own it is. */
static void
tell_others(struct erasing *e)
{
	struct buf safe = BUF_INIT;

	for (size_t i = 0; i < e->person.others.count; i++) {
		buf_clear(&safe);
		tool_say(e->audit->run,
		    "customer '%s' has the address or phone as well and stays",
		    text_escape(&safe, e->person.others.list[i], 40));
	}
	buf_free(&safe);
}

static enum status
conclude(struct erasing *e)
{
	struct audit *audit = e->audit;
	bool guest = e->person.customer.len == 0;

	tell_others(e);
	if (!e->person.known && e->person.orders.count == 0 && e->named == 0)
		return guest
			   ? diag_set(&audit->run->diag, STATUS_NO_INPUT,
				 "nothing is known of a guest of that address")
			   : audit_unknown(audit,
				 "nothing is known of customer",
				 audit->operands[0]);
	if (!e->apply) {
		tool_say(audit->run,
		    "nothing was changed: --yes takes it away for good");
		return STATUS_OK;
	}
	if (guest)
		tool_say(audit->run,
		    "Ometria is told nothing: ask it to erase the address");
	if (e->waits > 0)
		return diag_set(&audit->run->diag, STATUS_TRY_AGAIN,
		    "not all of it is out: let the line and ometria-push run, "
		    "then erase again");
	return e->by_hand > 0 ? STATUS_FINDINGS : STATUS_OK;
}

/* Files first: the state knows them by what it is about to forget; so while one
 * is not settled it keeps that. */
static enum status
erase(struct erasing *e, struct diag *diag)
{
	enum status status =
	    out_line(&e->out, STR("what\tname\tcount\tof"), diag);

	if (status == STATUS_OK)
		status = erase_files(e, diag);
	if (status == STATUS_OK && (!e->apply || e->waits == 0))
		status = erase_rows(e, diag);
	if (status == STATUS_OK && e->apply)
		status = state_compact(e->audit->state, diag);
	return status;
}

/* An address is personal data: others would see it among the arguments. */
static enum status
read_address(struct audit *audit, struct buf *address)
{
	struct diag *diag = &audit->run->diag;
	struct lines lines;
	struct str line = STR_NONE;
	enum lines_result result;

	lines_open(&lines, STDIN_FILENO);
	result = lines_next(&lines, &line, diag);
	if (result == LINES_LINE || result == LINES_UNFINISHED)
		buf_add_str(address, str_trim(line));
	lines_close(&lines);
	if (result == LINES_FAILED)
		return diag->status;
	return contact_email_valid(buf_str(address))
		   ? STATUS_OK
		   : diag_set(diag, STATUS_DATA,
			 "standard input does not begin with an e-mail "
			 "address");
}

static enum status
gather(struct erasing *e)
{
	struct audit *audit = e->audit;
	struct str customer = str_of(audit->operands[0]);
	struct buf address = BUF_INIT;
	enum status status = STATUS_OK;

	if (str_is(customer, "-")) {
		customer = STR_NONE;
		status = read_address(audit, &address);
	} else if (memchr(customer.data, '@', customer.len) != NULL) {
		status = diag_set(&audit->run->diag, STATUS_USAGE,
		    "the address of a guest comes by standard input: 'erase -'");
	}
	if (status == STATUS_OK)
		status = person_gather(&e->person, audit->state,
		    str_alpha_out(customer), buf_str(&address),
		    &audit->run->diag);
	buf_free(&address);
	return status;
}

enum status
audit_erase(struct audit *audit)
{
	struct tool_run *run = audit->run;
	struct erasing e = { .audit = audit,
		.apply = options_has(&run->options, "yes") &&
			 !options_has(&run->options, "dry-run") };
	enum status status, ended;
	struct diag later;

	if (audit->operand_count > 1)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'erase' takes one customer");
	out_open(&e.out, STDOUT_FILENO);
	status = gather(&e);
	if (status == STATUS_OK)
		status = erase(&e, &run->diag);
	ended = out_close(&e.out, &later);
	if (status == STATUS_OK && ended != STATUS_OK) {
		run->diag = later;
		status = ended;
	}
	if (status == STATUS_OK)
		status = conclude(&e);
	person_free(&e.person);
	return status;
}
