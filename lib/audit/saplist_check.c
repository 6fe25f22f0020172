#include "audit/saplist_parts.h"

#include "audit/table.h"
#include "base/text.h"

#define LISTED 100

struct comparison {
	struct saplist *list;
	struct state *state;
	struct buf *to;
	bool all;
	uint64_t faults;
	/* In front of both sides. */
	char number[DOCNUM_DIGITS + 1]; /* of the list */
	struct str mestyp;
	bool listed, sent;
	sqlite3_stmt *ledger;
	bool received;
};

/* The next number of the list; an IDoc that stands in it twice counts once, as
 * sent when one of both says so. */
static enum status
next_listed(struct comparison *with, struct diag *diag)
{
	struct str key, before = { with->number, DOCNUM_DIGITS };
	bool found;
	enum status status;

	do {
		status = sorter_next(with->list->idocs, &key, &with->mestyp,
		    &found, diag);
		key.len = DOCNUM_DIGITS;
	} while (status == STATUS_OK && found && str_eq(key, before));
	with->listed = status == STATUS_OK && found;
	if (!with->listed)
		return status;
	memcpy(with->number, key.data, DOCNUM_DIGITS);
	with->sent = key.data[DOCNUM_DIGITS] == '+';
	return STATUS_OK;
}

static enum status
next_received(struct comparison *with, struct diag *diag)
{
	enum status status;

	with->received = sql_row(with->state, with->ledger, &status, diag);
	return status;
}

static void
add_fault(struct comparison *with, struct str number, struct str mestyp,
    const char *what)
{
	struct buf safe = BUF_INIT;

	if (++with->faults > LISTED && !with->all)
		return;
	buf_add_format(with->to, "IDoc %.*s", STR_ARGS(number));
	if (mestyp.len > 0)
		buf_add_format(with->to, ", %s",
		    text_escape(&safe, mestyp, 40));
	buf_add_format(with->to, ": %s\n", what);
	buf_free(&safe);
}

static void
judge_listed(struct comparison *with, bool received)
{
	struct saplist_tally *tally = saplist_tally(with->list, with->mestyp);

	tally->sent += with->sent;
	tally->kept += !with->sent;
	tally->received += with->sent && received;
	if (!with->sent || received)
		return;
	tally->missing++;
	add_fault(with, str_of(with->number), with->mestyp,
	    "sent, never received");
}

/* Only what the list is about. */
static void
judge_received(struct comparison *with)
{
	struct saplist *list = with->list;
	struct str number = sql_get_text(with->ledger, 0);
	struct str mestyp = sql_get_text(with->ledger, 1);
	struct str when = sql_get_text(with->ledger, 2);
	struct saplist_tally *tally = NULL;

	for (size_t i = 0; i < list->tally_count; i++)
		if (list->at[MESTYP] == 0 ||
		    str_eq(list->tallies[i].mestyp, mestyp))
			tally = &list->tallies[i];
	if (tally == NULL)
		return;
	if (list->first[0] != '\0' && when.len > 0 &&
	    (str_cmp(when, str_of(list->first)) < 0 ||
		str_cmp(when, str_of(list->last)) > 0))
		return;
	tally->unlisted++;
	add_fault(with, number, mestyp, "received, not on SAP's list");
}

static enum status
compare(struct comparison *with, struct diag *diag)
{
	enum status status;

	with->ledger = state_sql(with->state,
	    "SELECT substr('0000000000000000' || docnum, -16), mestyp,"
	    " substr(seq, 1, 14) FROM idoc WHERE docnum NOT LIKE '#%'"
	    " GROUP BY 1 ORDER BY 1",
	    diag);
	status = next_received(with, diag);
	if (status == STATUS_OK)
		status = next_listed(with, diag);
	while (status == STATUS_OK && (with->listed || with->received)) {
		int order = !with->received ? -1
			    : !with->listed
				? 1
				: str_cmp(str_of(with->number),
				      sql_get_text(with->ledger, 0));

		if (order <= 0)
			judge_listed(with, order == 0);
		else
			judge_received(with);
		if (order >= 0)
			status = next_received(with, diag);
		if (status == STATUS_OK && order <= 0)
			status = next_listed(with, diag);
	}
	return status;
}

static void
write_table(const struct saplist *list, struct buf *to)
{
	static const char *const heads[] = { "sent", "received", "missing",
		"not on the list", "not sent yet" };
	struct table table;

	table_start(&table, 6);
	table_text(&table, STR("message type"));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		table_head(&table, heads[i]);
	for (size_t i = 0; i < list->tally_count; i++) {
		const struct saplist_tally *tally = &list->tallies[i];

		table_text(&table,
		    tally->mestyp.len > 0 ? tally->mestyp : STR("(unknown)"));
		table_number(&table, tally->sent);
		table_number(&table, tally->received);
		table_number(&table, tally->missing);
		table_number(&table, tally->unlisted);
		table_number(&table, tally->kept);
	}
	table_write(&table, to, 0);
}

enum status
saplist_write(struct saplist *list, struct state *state, struct buf *to,
    bool all, bool *holds, struct diag *diag)
{
	struct buf faults = BUF_INIT;
	struct comparison with = {
		.list = list,
		.state = state,
		.to = &faults,
		.all = all,
	};
	enum status status = compare(&with, diag);

	if (status == STATUS_OK) {
		write_table(list, to);
		buf_add_str(to, buf_str(&faults));
		if (with.faults > LISTED && !all)
			buf_add_format(to, "and %llu more (--all lists them)\n",
			    (unsigned long long)(with.faults - LISTED));
		if (list->faulty > 0)
			buf_add_format(to,
			    "%llu rows of SAP's list have no IDoc number\n",
			    (unsigned long long)list->faulty);
		if (with.faults == 0)
			buf_add_text(to, "SAP's list and the ledger agree\n");
		else
			buf_add_format(to,
			    "SAP's list and the ledger differ: %llu IDocs\n",
			    (unsigned long long)with.faults);
	}
	buf_free(&faults);
	*holds = with.faults == 0;
	return status;
}
