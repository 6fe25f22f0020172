#include "audit/sapstatus.h"

#include "record/desired.h"
#include "state/delivery_result.h"
#include "state/ledger.h"
#include "state/outbox_rows.h"
#include "state/retain.h"
#include "state/trace.h"

#include "base/instant.h"
#include "base/text.h"

#define POSITIVE 16
#define NEGATIVE 17
#define RECORD_WIDTH 562

/* Where the fields stand in EDI_DS40. */
enum field {
	TABNAM,
	MANDT,
	DOCNUM,
	LOGDAT,
	LOGTIM,
	STATUS,
	STATYP,
	STAPA1,
	STAPA2,
	STAPA3,
	STAPA4,
	STATXT,
	REPID,
	SEGNUM,
	ARCKEY
};

static const struct {
	size_t at, width;
} fields[] = {
	[TABNAM] = { 0, 10 },
	[MANDT] = { 10, 3 },
	[DOCNUM] = { 13, 16 },
	[LOGDAT] = { 29, 8 },
	[LOGTIM] = { 37, 6 },
	[STATUS] = { 43, 2 },
	[STATYP] = { 71, 1 },
	[STAPA1] = { 72, 50 },
	[STAPA2] = { 122, 50 },
	[STAPA3] = { 172, 50 },
	[STAPA4] = { 222, 50 },
	[STATXT] = { 272, 70 },
	[REPID] = { 354, 30 },
	[SEGNUM] = { 414, 6 },
	[ARCKEY] = { 492, 70 },
};

/* What is told of one IDoc. */
struct telling {
	int64_t idoc;
	struct str client, docnum;
	int64_t before; /* the status told last, 0 = none */
	bool traced; /* lately enough for what it is part of to be known */
	int64_t status; /* 0: nothing is to be told yet */
	int64_t at;
	struct buf text, words, subject, request;
};

/*
 * Characters that every code page of SAP has; an ampersand would be taken for
 * the place of a parameter. Cut to the width.
 */
static void
put(char *record, enum field field, struct str text)
{
	char *to = record + fields[field].at;
	size_t used = 0;

	while (text.len > 0 && used < fields[field].width) {
		size_t length = text_sequence(text);
		char c = text.data[0];

		if (length != 1)
			c = '?';
		else if (c == '&')
			c = '+';
		else if (c < ' ' || c > '~')
			c = ' ';
		to[used++] = c;
		text = str_from(text, length > 0 ? length : 1);
	}
}

/* Words that may be longer than one parameter. */
static void
put_words(char *record, struct str words)
{
	for (int field = STAPA1; field <= STAPA4 && words.len > 0; field++) {
		struct str part = text_cut(words, fields[field].width);

		put(record, (enum field)field, part);
		words = str_from(words, part.len);
	}
}

static void
write_record(struct buf *to, const struct telling *telling)
{
	bool good = telling->status == POSITIVE;
	char record[RECORD_WIDTH + 2], digits[15];

	memset(record, ' ', RECORD_WIDTH);
	record[RECORD_WIDTH] = '\n';
	zone_to_digits(telling->at, digits);
	put(record, TABNAM, STR("EDI_DS40"));
	put(record, MANDT, telling->client);
	put(record, DOCNUM, telling->docnum);
	put(record, LOGDAT, (struct str){ digits, 8 });
	put(record, LOGTIM, str_of(digits + 8));
	put(record, STATUS, good ? STR("16") : STR("17"));
	put(record, STATYP, good ? STR("S") : STR("E"));
	put(record, STATXT, buf_str(&telling->text));
	if (telling->words.len > 0)
		put_words(record, buf_str(&telling->words));
	else {
		put(record, STAPA1, buf_str(&telling->request));
		put(record, STAPA2, buf_str(&telling->subject));
	}
	put(record, REPID, STR("sap-ometria"));
	put(record, SEGNUM, STR("000000"));
	put(record, ARCKEY, buf_str(&telling->request));
	buf_add(to, record, RECORD_WIDTH + 1);
}

/* The open exception that names the IDoc, the most severe. */
static enum status
read_exception(struct state *state, struct telling *telling, bool *found,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT code, message, last_at FROM exception WHERE open = 1"
	    " AND docnum = ?2 AND client IS ?1 ORDER BY severity DESC, n"
	    " LIMIT 1",
	    diag);
	enum status status;

	sql_text(statement, 1, telling->client);
	sql_text(statement, 2, telling->docnum);
	*found = sql_row(state, statement, &status, diag);
	if (!*found)
		return status;
	buf_add_str(&telling->words, sql_get_text(statement, 0));
	buf_add_text(&telling->words, ": ");
	buf_add_str(&telling->words, sql_get_text(statement, 1));
	telling->at = sql_get_time(statement, 2);
	sqlite3_reset(statement);
	return STATUS_OK;
}

static enum status
tell_excepted(struct state *state, struct telling *telling, struct diag *diag)
{
	bool found;
	enum status status = STATUS_OK;

	telling->status = NEGATIVE;
	if (telling->before == NEGATIVE)
		return STATUS_OK;
	status = read_exception(state, telling, &found, diag);
	if (found)
		buf_add_str(&telling->text, buf_str(&telling->words));
	else
		buf_add_text(&telling->text, "ended in an exception");
	return status;
}

static void
tell_refused(struct telling *telling, struct str kind, struct str id,
    struct str words)
{
	telling->status = NEGATIVE;
	buf_clear(&telling->text);
	buf_clear(&telling->words);
	buf_add_str(&telling->words, words);
	buf_add_format(&telling->text, "Ometria refused %.*s ", STR_ARGS(kind));
	buf_add_str(&telling->text, id);
	buf_add_text(&telling->text, ": ");
	buf_add_str(&telling->text, words);
}

static void
tell_accepted(struct telling *telling, struct str kind, struct str id,
    sqlite3_stmt *row)
{
	if (telling->subject.len > 0)
		return;
	buf_add_format(&telling->subject, "%.*s:", STR_ARGS(kind));
	buf_add_str(&telling->subject, id);
	buf_add_str(&telling->request, sql_get_text(row, 4));
	if (!sql_is_null(row, 5))
		telling->at = sql_get_time(row, 5);
	buf_add_text(&telling->text, "accepted, request ");
	buf_add_str(&telling->text, telling->request.len > 0
					? buf_str(&telling->request)
					: STR("unknown"));
	buf_add_char(&telling->text, ' ');
	buf_add_str(&telling->text, buf_str(&telling->subject));
}

enum end {
	END_WAITS,
	END_REFUSED,
	END_STORED
};

_Static_assert(END_REFUSED == 1 && END_STORED == 2 && ROW_IDLE == 0 &&
		   ROW_REFUSED == 3 && DELIVERY_ACCEPTED == 1,
    "numbers in the SQL below");

/* All that the IDoc is part of; a refusal outweighs, what waits keeps the rest
 * back. */
static enum status
tell_traced(struct state *state, struct telling *telling, bool *traced,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "WITH t AS (SELECT t.kind, t.id, CASE"
	    "  WHEN o.n IS NULL OR o.confirmed_rev >= t.rev"
	    "   OR (o.state = 0 AND o.confirmed_rev = o.accepted_rev) THEN 2"
	    "  WHEN o.state = 3 THEN 1 ELSE 0 END AS end, o.error,"
	    "  " TRACE_DELIVERY " AS delivery"
	    "  FROM trace AS t LEFT JOIN outbox AS o"
	    "  ON o.kind = t.kind AND o.id = t.id WHERE t.idoc = ?1)"
	    "SELECT t.kind, t.id, end, error, request_id, ended_at FROM t"
	    " LEFT JOIN delivery AS d ON d.id = t.delivery ORDER BY t.kind,"
	    " t.id",
	    diag);
	bool waits = false;
	enum status status;

	*traced = false;
	sql_int(statement, 1, telling->idoc);
	while (sql_row(state, statement, &status, diag)) {
		int64_t kind = sql_get_int(statement, 0);
		int64_t end = sql_get_int(statement, 2);
		struct str name =
		    str_of(desired_kind_name((enum desired_kind)kind));
		struct str id = sql_get_text(statement, 1);

		*traced = true;
		waits = waits || end == END_WAITS;
		if (telling->status == NEGATIVE)
			continue;
		if (end == END_REFUSED)
			tell_refused(telling, name, id,
			    sql_get_text(statement, 3));
		else if (end == END_STORED)
			tell_accepted(telling, name, id, statement);
	}
	if (*traced && telling->status == 0 && !waits)
		telling->status = POSITIVE;
	return status;
}

/* Nothing of it had to be sent. An open remark about it may still end so. */
static enum status
tell_unsent(struct state *state, struct telling *telling, unsigned outcomes,
    struct str rule, struct diag *diag)
{
	static const char *const texts[] = {
		[OUTCOME_FOLDED] = "taken into account, nothing had to be sent",
		[OUTCOME_SUPERSEDED] = "superseded by a newer IDoc",
		[OUTCOME_DUPLICATE] = "duplicate of what was there before",
		[OUTCOME_EXCEPTED] = "",
		[OUTCOME_IGNORED] = "not for Ometria, by rule ",
	};
	enum outcome outcome = OUTCOME_FOLDED;
	bool open = false;
	enum status status = read_exception(state, telling, &open, diag);

	if (status != STATUS_OK || open)
		return status;
	telling->status = POSITIVE;
	if (outcomes == 0) {
		buf_add_text(&telling->text, "holds nothing for Ometria");
		return STATUS_OK;
	}
	while ((outcomes & 1u << outcome) == 0)
		outcome++;
	buf_add_text(&telling->text,
	    outcome == OUTCOME_FOLDED && !telling->traced ? "taken into account"
							  : texts[outcome]);
	if (outcome == OUTCOME_IGNORED)
		buf_add_str(&telling->text, rule);
	return STATUS_OK;
}

static enum status
tell(struct state *state, struct telling *telling, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT outcome, rule FROM idoc_record WHERE idoc = ?1", diag);
	struct buf rule = BUF_INIT;
	unsigned outcomes = 0;
	bool traced = false;
	enum status status;

	sql_int(statement, 1, telling->idoc);
	while (sql_row(state, statement, &status, diag)) {
		outcomes |= 1u << sql_get_int(statement, 0);
		if (rule.len == 0)
			buf_add_str(&rule, sql_get_text(statement, 1));
	}
	if (status == STATUS_OK && (outcomes & 1u << OUTCOME_EXCEPTED) != 0)
		status = tell_excepted(state, telling, diag);
	else if (status == STATUS_OK)
		status = tell_traced(state, telling, &traced, diag);
	if (status == STATUS_OK && !traced && telling->status == 0)
		status =
		    tell_unsent(state, telling, outcomes, buf_str(&rule), diag);
	buf_free(&rule);
	return status;
}

static void
add(struct sapstatus *to, const struct telling *telling)
{
	write_record(&to->text, telling);
	if (to->count == to->size) {
		to->size = to->size == 0 ? 256 : 2 * to->size;
		to->idocs = mem_grow(to->idocs, to->size, sizeof(*to->idocs));
	}
	to->idocs[to->count++] =
	    telling->status == POSITIVE ? telling->idoc : -telling->idoc;
	to->refused += telling->status != POSITIVE;
}

/* The next IDoc of the statement; what was told of it is not told again. */
static enum status
step(struct sapstatus *to, struct state *state, sqlite3_stmt *row,
    struct telling *telling, struct diag *diag)
{
	enum status status;

	telling->idoc = sql_get_int(row, 0);
	telling->client = sql_get_text(row, 1);
	telling->docnum = sql_get_text(row, 2);
	telling->before = sql_get_int(row, 3);
	telling->traced = sql_get_int(row, 4) != 0;
	telling->status = 0;
	buf_clear(&telling->text);
	buf_clear(&telling->words);
	buf_clear(&telling->subject);
	buf_clear(&telling->request);
	status = tell(state, telling, diag);
	if (status == STATUS_OK && telling->status != 0 &&
	    telling->status != telling->before)
		add(to, telling);
	return status;
}

enum status
sapstatus_read(struct sapstatus *to, struct state *state, int64_t now,
    struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(state,
	    "SELECT id, client, docnum, reported, last_at > ?1 FROM idoc"
	    " WHERE settled = 1"
	    " AND (reported IS NULL OR reported = 17) AND " RETAIN_TOLD
	    " ORDER BY id",
	    diag);
	struct telling telling = { .idoc = 0 };
	enum status status;

	sql_int(rows, 1, now - TRACE_KEPT);
	while (sql_row(state, rows, &status, diag)) {
		to->more = to->count == SAPSTATUS_MOST;
		if (to->more)
			break;
		telling.at = now;
		status = step(to, state, rows, &telling, diag);
		if (status != STATUS_OK)
			break;
	}
	sqlite3_reset(rows);
	buf_free(&telling.text);
	buf_free(&telling.words);
	buf_free(&telling.subject);
	buf_free(&telling.request);
	return status;
}

/* One that was read anew in the meantime is told of when it has an end. */
enum status
sapstatus_told(const struct sapstatus *from, struct state *state,
    struct diag *diag)
{
	enum status status = state_begin(state, diag);

	for (size_t i = 0; i < from->count && status == STATUS_OK; i++) {
		sqlite3_stmt *statement = state_sql(state,
		    "UPDATE idoc SET reported = ?2"
		    " WHERE id = ?1 AND settled = 1",
		    diag);
		int64_t idoc = from->idocs[i];

		sql_int(statement, 1, idoc < 0 ? -idoc : idoc);
		sql_int(statement, 2, idoc < 0 ? NEGATIVE : POSITIVE);
		status = sql_run(state, statement, diag);
	}
	return state_leave(state, true, status, diag);
}

void
sapstatus_free(struct sapstatus *sapstatus)
{
	buf_free(&sapstatus->text);
	free(sapstatus->idocs);
}
