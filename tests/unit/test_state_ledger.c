#include "state/ledger.h"

#include "tap.h"

static struct state *state;
static struct diag diag;

static struct ledger_idoc
idoc(const char *docnum, const char *file, const char *content)
{
	return (struct ledger_idoc){
		.src = { .sys = STR("ECC"),
		    .client = STR("100"),
		    .docnum = str_of(docnum),
		    .mestyp = STR("ORDERS"),
		    .file = str_of(file),
		    .n = 1 },
		.seq = STR("20260101000000.0000000000000001"),
		.hash = hash_of(str_of(content)),
	};
}

static int
see(struct ledger_idoc given, int64_t *id)
{
	enum ledger_verdict verdict;

	if (ledger_see(state, &given, &verdict, id, &diag) != STATUS_OK)
		return -1;
	return (int)verdict;
}

static void
settle(const char *docnum, uint64_t r, enum outcome outcome)
{
	struct record_src src = idoc(docnum, "", "").src;

	src.r = r;
	if (ledger_settle(state, &src, outcome, NULL, &diag) != STATUS_OK)
		printf("# %s\n", diag.message);
}

static bool
file_settled(const char *file, bool *excepted)
{
	struct ledger_file now;

	ledger_file(state, str_of(file), &now, &diag);
	*excepted = now.idocs > 0 && now.excepted == now.idocs;
	return now.settled;
}

static void
test_settlement(void)
{
	bool excepted;
	int64_t id;

	IS_INT(see(idoc("1", "a.xml", "one"), &id), LEDGER_NEW, "new");
	OK(!file_settled("a.xml", &excepted), "not settled before its end");
	settle("1", 3, OUTCOME_FOLDED);
	settle("1", 3, OUTCOME_FOLDED);
	settle("1", 1, OUTCOME_FOLDED);
	ledger_total(state, id, 3, &diag);
	OK(!file_settled("a.xml", &excepted),
	    "three outcomes for two records do not settle three");
	IS_INT(see(idoc("1", "a.xml", "one"), &id), LEDGER_OPEN,
	    "it is processed again");
	settle("1", 2, OUTCOME_SUPERSEDED);
	OK(file_settled("a.xml", &excepted) && !excepted, "settled");
	IS_INT(see(idoc("1", "b.xml", "one"), &id), LEDGER_DUPLICATE,
	    "a copy is a duplicate");
	OK(file_settled("b.xml", &excepted) && !excepted,
	    "its file waits for nothing");
	settle("1", 2, OUTCOME_DUPLICATE);
	IS_INT(see(idoc("1", "b.xml", "other"), &id), LEDGER_REUSED,
	    "the same number with other content is processed");
	OK(!file_settled("b.xml", &excepted), "and open again");
	ledger_total(state, id, 0, &diag);
	OK(file_settled("b.xml", &excepted) && !excepted,
	    "an IDoc without records is settled at its end");
}

static void
test_excepted(void)
{
	struct ledger_idoc broken = idoc("2", "c.xml", "brok");
	bool excepted;
	int64_t id;

	broken.broken = true;
	IS_INT(see(broken, &id), LEDGER_NEW, "a broken IDoc");
	ledger_total(state, id, 1, &diag);
	settle("2", 1, OUTCOME_EXCEPTED);
	OK(file_settled("c.xml", &excepted) && excepted,
	    "its exception settles it, all of the file is excepted");
	IS_INT(see(broken, &id), LEDGER_RETRY, "again broken: tried again");
	ledger_total(state, id, 1, &diag);
	settle("2", 1, OUTCOME_EXCEPTED);
	IS_INT(see(idoc("2", "d.xml", "good"), &id), LEDGER_RETRY,
	    "a good one of its number is tried");
	ledger_total(state, id, 1, &diag);
	settle("2", 1, OUTCOME_FOLDED);
	IS_INT(see(broken, &id), LEDGER_DUPLICATE,
	    "a broken copy of a settled one is a duplicate");
	settle("2", 1, OUTCOME_EXCEPTED);
	OK(file_settled("d.xml", &excepted) && !excepted,
	    "an outcome that is there stays");
	IS_INT(see(idoc("3", "e.xml", "x"), &id), LEDGER_NEW, "another");
	ledger_total(state, id, 1, &diag);
	settle("3", 1, OUTCOME_EXCEPTED);
	settle("3", 1, OUTCOME_FOLDED);
	IS_INT(see(idoc("3", "e.xml", "x"), &id), LEDGER_DUPLICATE,
	    "an excepted record may still be folded");
}

static void
test_early(void)
{
	bool excepted;
	int64_t id;

	settle("4", 1, OUTCOME_FOLDED);
	IS_INT(see(idoc("4", "f.xml", "x"), &id), LEDGER_NEW,
	    "an outcome may come before the IDoc is seen");
	ledger_total(state, id, 1, &diag);
	OK(file_settled("f.xml", &excepted), "and settles it");
	IS_INT(ledger_settle(state, &(struct record_src){ .r = 1 },
		   OUTCOME_FOLDED, NULL, &diag),
	    STATUS_OK, "without a number there is nothing to settle");
}

static void
test_moved(void)
{
	struct ledger_idoc again = idoc("5", "in/g.xml", "x");
	bool excepted;
	int64_t id;

	see(again, &id);
	ledger_file_moved(state, STR("in/g.xml"), STR("done/g.xml"), &diag);
	OK(file_settled("in/g.xml", &excepted), "a moved file is gone");
	OK(!file_settled("done/g.xml", &excepted), "and known where it went");
	see(idoc("6", "in/g.xml", "y"), &id);
	IS_INT(
	    ledger_file_moved(state, STR("in/g.xml"), STR("done/g.xml"), &diag),
	    STATUS_OK, "an archive name that was emptied by hand");
}

static void
test_adopt(void)
{
	static const char line[] =
	    "{\"v\":1,\"type\":\"order\",\"id\":\"W1\",\"stage\":\"provisional\"}";
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	struct record record;
	struct record_src src, again;
	bool duplicate;

	record_parse(&record, &doc, &arena, str_of(line), &diag);
	IS_INT(ledger_adopt(state, &record, &arena, &src, &duplicate, &diag),
	    STATUS_OK, "a line without src is adopted");
	OK(!duplicate && src.docnum.len == 17 && src.docnum.data[0] == '#' &&
		str_is(src.sys, "shop") && str_is(src.mestyp, "order"),
	    "named by its content");
	ledger_adopt(state, &record, &arena, &again, &duplicate, &diag);
	OK(!duplicate, "open: not a duplicate");
	ledger_settle(state, &src, OUTCOME_FOLDED, NULL, &diag);
	ledger_adopt(state, &record, &arena, &again, &duplicate, &diag);
	OK(duplicate && str_eq(src.docnum, again.docnum),
	    "settled: the same line is a duplicate");
	json_doc_free(&doc);
	arena_free(&arena);
}

/* How far an IDoc is settled is written late, but never too late. */
static void
test_in_turns(void)
{
	bool excepted;
	int64_t seven, eight;

	see(idoc("7", "h.xml", "x"), &seven);
	see(idoc("8", "h.xml", "y"), &eight);
	ledger_total(state, seven, 3, &diag);
	ledger_total(state, eight, 2, &diag);
	settle("7", 1, OUTCOME_FOLDED);
	settle("7", 3, OUTCOME_FOLDED);
	settle("8", 1, OUTCOME_FOLDED);
	settle("7", 2, OUTCOME_FOLDED);
	OK(!file_settled("h.xml", &excepted), "two in turns: one is open");
	settle("8", 2, OUTCOME_FOLDED);
	OK(file_settled("h.xml", &excepted), "both are settled");
}

static void
test_undone(void)
{
	bool excepted;
	int64_t id;

	state_begin(state, &diag);
	settle("9", 1, OUTCOME_FOLDED);
	settle("9", 2, OUTCOME_FOLDED);
	state_rollback(state);
	state_begin(state, &diag);
	settle("9", 1, OUTCOME_FOLDED);
	IS_INT(state_commit(state, &diag), STATUS_OK,
	    "what was undone is not taken to be there");
	state_begin(state, &diag);
	settle("9", 2, OUTCOME_FOLDED);
	state_commit(state, &diag);
	state_begin(state, &diag);
	see(idoc("9", "i.xml", "x"), &id);
	ledger_total(state, id, 2, &diag);
	OK(file_settled("i.xml", &excepted), "what a commit wrote is");
	state_commit(state, &diag);
}

int
main(void)
{
	if (state_open(&state, NULL, STATE_WRITE, NULL, &diag) != STATUS_OK) {
		printf("Bail out! %s\n", diag.message);
		return 1;
	}
	state_begin(state, &diag);
	test_settlement();
	test_excepted();
	test_early();
	test_moved();
	test_adopt();
	test_in_turns();
	IS_INT(state_commit(state, &diag), STATUS_OK, "commit");
	test_undone();
	state_close(state);
	DONE();
}
