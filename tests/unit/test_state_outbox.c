#include "state/delivery.h"
#include "state/hold.h"
#include "state/outbox.h"
#include "state/seen.h"

#include "base/instant.h"
#include "config_text.h"
#include "tap.h"

#define MAX 10

static struct state *state;
static struct config *config;
static struct arena arena = ARENA_INIT;
static struct diag diag;
static struct outbox_row rows[MAX];
static bool contacts_first;

static void
fresh(void)
{
	state_close(state);
	arena_reset(&arena);
	instant_fix(1000000);
	if (state_open(&state, NULL, STATE_WRITE, config, &diag) != STATUS_OK)
		printf("Bail out! %s\n", diag.message);
}

static enum outbox_change
put_lane(enum desired_kind kind, const char *id, const char *customer,
    const char *body, enum lane lane)
{
	struct desired desired = { .kind = kind,
		.id = str_of(id),
		.customer = str_of(customer),
		.body = str_of(body) };
	enum outbox_change change = OUTBOX_SAME;

	state_begin(state, &diag);
	if (outbox_put(state, &desired, lane, &change, &diag) != STATUS_OK)
		printf("# %s\n", diag.message);
	state_commit(state, &diag);
	return change;
}

static enum outbox_change
put(enum desired_kind kind, const char *id, const char *customer,
    const char *body)
{
	return put_lane(kind, id, customer, body, LANE_LIVE);
}

/* The next batch as "id id id"; "" when nothing is sendable. */
static const char *
batch(size_t *count)
{
	static char text[200];
	struct outbox_want want = { .max = MAX,
		.contacts_first = contacts_first };
	enum desired_kind kind;
	size_t used = 0;

	text[0] = '\0';
	if (outbox_batch(state, &arena, &want, rows, count, &kind, &diag) !=
	    STATUS_OK)
		return diag.message;
	for (size_t i = 0; i < *count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s%.*s", i > 0 ? " " : "", STR_ARGS(rows[i].id));
	return text;
}

static int64_t
intend(void)
{
	int64_t id = 0;
	size_t count;

	batch(&count);
	if (delivery_intend(state, rows, count, STR("[bytes]"), &id, &diag) !=
	    STATUS_OK)
		printf("# %s\n", diag.message);
	return id;
}

static void
deliver(void)
{
	delivery_accepted(state, intend(), STR("req"), &diag);
}

static struct outbox_row
row_of(enum desired_kind kind, const char *id)
{
	struct outbox_row row = { .rev = 0 };
	bool found;

	outbox_get(state, kind, str_of(id), &arena, &row, &found, &diag);
	return row;
}

static void
test_revisions(void)
{
	size_t n;

	fresh();
	IS_INT(put(DESIRED_PRODUCT, "A", NULL, "{\"a\":1}"), OUTBOX_QUEUED,
	    "a new body is queued");
	IS_INT(put(DESIRED_PRODUCT, "A", NULL, "{\"a\":1}"), OUTBOX_SAME,
	    "the same body is not");
	deliver();
	IS_STR(batch(&n), "", "nothing is left after delivery");
	IS_INT(put(DESIRED_PRODUCT, "A", NULL, "{\"a\":1}"), OUTBOX_SAME,
	    "Ometria has it");
	IS_INT(put(DESIRED_PRODUCT, "A", NULL, "{\"a\":2}"), OUTBOX_QUEUED,
	    "a change is queued");
	IS_INT(row_of(DESIRED_PRODUCT, "A").rev, 2, "as revision 2");
	IS_INT(put(DESIRED_PRODUCT, "A", NULL, "{\"a\":1}"), OUTBOX_REVERTED,
	    "and void when it is taken back");
	IS_INT(row_of(DESIRED_PRODUCT, "A").rev, 1, "revision 1 stands again");
	IS_STR(batch(&n), "", "nothing to send");
	put(DESIRED_PRODUCT, "A", NULL, "{\"a\":3}");
	IS_INT(row_of(DESIRED_PRODUCT, "A").rev, 3,
	    "a revision number is never used twice");
}

static void
test_in_flight(void)
{
	struct delivery_batch pending;
	int64_t id;
	size_t n;
	bool found;

	fresh();
	put(DESIRED_PRODUCT, "A", NULL, "{\"a\":1}");
	deliver();
	put(DESIRED_PRODUCT, "A", NULL, "{\"a\":2}");
	id = intend();
	IS_STR(batch(&n), "", "what is in flight is not sent twice");
	delivery_pending(state, &arena, 0, &pending, &found, &diag);
	OK(found && pending.id == id && str_is(pending.bytes, "[bytes]"),
	    "after a crash the same bytes are sent again");
	IS_INT(put(DESIRED_PRODUCT, "A", NULL, "{\"a\":1}"), OUTBOX_QUEUED,
	    "a body of before is queued while another is in flight");
	delivery_pending(state, &arena, 0, &pending, &found, &diag);
	OK(!found, "a superseded batch is dissolved");
	IS_STR(batch(&n), "A", "and its record queued again");
	IS_INT(rows[0].rev, 3, "in its newest revision");
	IS_INT(put(DESIRED_PRODUCT, "A", NULL, "{\"a\":2}"), OUTBOX_QUEUED,
	    "what Ometria has is not known now");
	id = intend();
	put(DESIRED_PRODUCT, "A", NULL, "{\"a\":5}");
	delivery_accepted(state, id, STR("req-9"), &diag);
	IS_STR(batch(&n), "A", "accepted is said of a revision");
	IS_INT(row_of(DESIRED_PRODUCT, "A").accepted_rev, 4, "of that one");

	uint64_t rev, retried;

	delivery_find(state, STR("req-9"), DESIRED_PRODUCT, STR("A"), &rev,
	    &diag);
	IS_INT(rev, 4, "found by request id");
	id = intend();
	delivery_find(state, STR("req-9"), DESIRED_PRODUCT, STR("A"), &rev,
	    &diag);
	IS_INT(rev, 4, "also while a newer one is on its way");
	delivery_accepted(state, id, STR("req-10"), &diag);
	delivery_refused(state, DESIRED_PRODUCT, STR("A"), 5, STR("no"), &diag);
	outbox_retry(state, DESIRED_PRODUCT, STR("A"), &retried, &diag);
	id = intend();
	delivery_find(state, STR("req-10"), DESIRED_PRODUCT, STR("A"), &rev,
	    &diag);
	IS_INT(rev, 0, "what was sent again is not refused by its old error");
	delivery_accepted(state, id, STR_NONE, &diag);
	delivery_find(state, STR("req-10"), DESIRED_PRODUCT, STR("A"), &rev,
	    &diag);
	IS_INT(rev, 0, "nor when it was accepted");
	delivery_find(state, STR("req-11"), DESIRED_PRODUCT, STR("A"), &rev,
	    &diag);
	IS_INT(rev, 5, "but by that of the request whose answer was lost");
	put(DESIRED_PRODUCT, "A", NULL, "{\"a\":6}");
	put(DESIRED_PRODUCT, "B", NULL, "{}");
	batch(&n);
	put(DESIRED_PRODUCT, "B", NULL, "{\"b\":1}");
	IS_INT(delivery_intend(state, rows, n, STR("x"), &id, &diag),
	    STATUS_TRY_AGAIN, "a row that changed since is not sent");
	IS_STR(batch(&n), "A B", "and nothing of the intent stays");
}

static void
test_order_of_kinds(void)
{
	size_t n;

	fresh();
	put(DESIRED_EVENT, "E1", "7", "{\"order_id\":\"O1\"}");
	put(DESIRED_ORDER, "O1", "7", "{\"o\":1}");
	put(DESIRED_ORDER, "O2", "8", "{\"o\":2}");
	put(DESIRED_CONTACT, "7", "7", "{\"c\":1}");
	put(DESIRED_PRODUCT, "P", NULL, "{}");
	IS_STR(batch(&n), "P", "products first");
	deliver();
	IS_STR(batch(&n), "7", "then contacts");
	int64_t contact = intend();

	IS_STR(batch(&n), "O2",
	    "the contact in flight holds back its own customer's order only");
	deliver();
	IS_STR(batch(&n), "", "the event waits for its order");
	delivery_accepted(state, contact, STR_NONE, &diag);
	IS_STR(batch(&n), "O1", "then the order");
	deliver();
	IS_STR(batch(&n), "E1", "and last the event");
	put(DESIRED_CONTACT, "7", "7", "{\"c\":2}");
	IS_INT(delivery_intend(state, rows, n, STR("x"), &contact, &diag),
	    STATUS_TRY_AGAIN, "a contact that came since goes before it");
	IS_STR(batch(&n), "7", "as it is the next to leave");
	deliver();
	put(DESIRED_ORDER, "O1", "7", "{\"o\":9}");
	IS_STR(batch(&n), "O1", "a newer order goes before the event");
}

static void
test_lanes(void)
{
	size_t n;

	fresh();
	put_lane(DESIRED_PRODUCT, "P1", NULL, "{}", LANE_BACKFILL);
	put_lane(DESIRED_ORDER, "O1", NULL, "{}", LANE_LIVE);
	put_lane(DESIRED_CONTACT, "7", "7", "{}", LANE_BACKFILL);
	put_lane(DESIRED_ORDER, "O2", "7", "{}", LANE_URGENT);
	IS_STR(batch(&n), "7", "an urgent order takes its contact with it");
	deliver();
	IS_STR(batch(&n), "O2", "urgent before live");
	deliver();
	IS_STR(batch(&n), "O1", "live before backfill");
	deliver();
	IS_STR(batch(&n), "P1", "backfill last");
	put_lane(DESIRED_ORDER, "O3", "8", "{}", LANE_URGENT);
	put_lane(DESIRED_CONTACT, "8", "8", "{}", LANE_BACKFILL);
	IS_STR(batch(&n), "8", "also when the contact comes last");
}

/* One row, put again and again by records of an age, and its lane then. */
static void
test_ages(void)
{
	static const struct {
		enum outbox_age age;
		const char *id, *body;
		enum lane lane;
		const char *what;
	} puts[] = {
		{ OUTBOX_HISTORY, "A", "1", LANE_BACKFILL, "history waits" },
		{ OUTBOX_DUE, "A", "1", LANE_BACKFILL,
		    "and goes on to when nothing new is said" },
		{ OUTBOX_LIVE, "A", "1", LANE_LIVE,
		    "a live record takes it along" },
		{ OUTBOX_DUE, "B", "1", LANE_LIVE,
		    "what does not wait as history is live then" },
		{ OUTBOX_HISTORY, "B", "2", LANE_LIVE,
		    "and is not slowed down by history" },
		{ OUTBOX_HISTORY, "C", "1", LANE_BACKFILL, "history again" },
		{ OUTBOX_DUE, "C", "2", LANE_LIVE, "what is news is live" },
	};

	fresh();
	for (size_t i = 0; i < sizeof(puts) / sizeof(puts[0]); i++) {
		outbox_set_age(state, puts[i].age);
		put(DESIRED_ORDER, puts[i].id, NULL, puts[i].body);
		IS_INT(row_of(DESIRED_ORDER, puts[i].id).lane, puts[i].lane,
		    puts[i].what);
	}
	outbox_set_age(state, OUTBOX_LIVE);
}

/* What a statement costs is counted in steps of SQLite's machine: time says
 * little on a busy one. Since the last call. */
static int64_t
steps_taken(void)
{
	sqlite3 *db = sqlite3_db_handle(state_sql(state, "SELECT 1", &diag));
	int64_t steps = 0;

	for (sqlite3_stmt *at = sqlite3_next_stmt(db, NULL); at != NULL;
	     at = sqlite3_next_stmt(db, at))
		steps += sqlite3_stmt_status(at, SQLITE_STMTSTATUS_VM_STEP, 1);
	return steps;
}

/* Steps that a batch takes before a hundred thousand orders. */
#define STEPS_MAX 5000

static void
test_burst(void)
{
	size_t n;

	fresh();
	state_exec(state,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 100000)"
	    " INSERT INTO outbox(kind, id, state, lane, rev, last_rev, hash,"
	    "  body, customer, queued_at)"
	    " SELECT 2, 'B' || i, 1, i % 2, 1, 1, zeroblob(32), '{}', i, 1000"
	    " FROM n",
	    &diag);
	deliver();
	put(DESIRED_CONTACT, "77", "77", "{\"c\":1}");
	steps_taken();
	OK(strncmp(batch(&n), "B", 1) == 0 && n == MAX,
	    "urgent orders by the hundred thousand");
	OK(steps_taken() < STEPS_MAX, "of which a batch reads a few");
	contacts_first = true;
	IS_STR(batch(&n), "77", "a contact waits for one batch of them");
	OK(steps_taken() < STEPS_MAX, "and is found without reading them");
	deliver();
	contacts_first = false;
	put(DESIRED_CONTACT, "77", "77", "{\"c\":2}");
	deliver();
	OK(str_is(rows[0].id, "B22"), "the orders go on after it");
	contacts_first = true;
	IS_STR(batch(&n), "77", "the next update waits no longer");
	contacts_first = false;
}

static void
test_holds(void)
{
	struct outbox_backlog backlog;
	uint64_t count;
	size_t n;

	fresh();
	hold_set(state, STR("7"), STR("DEBMAS"), STR("2026-5"), &diag);
	put(DESIRED_ORDER, "O1", "7", "{}");
	put(DESIRED_ORDER, "O2", "8", "{}");
	IS_STR(batch(&n), "O2", "orders of a held customer stay");
	put(DESIRED_CONTACT, "7", "7", "{}");
	IS_STR(batch(&n), "7", "the contact does not");
	outbox_backlog(state, DESIRED_ORDER, &backlog, &diag);
	OK(backlog.pending == 2 && backlog.held == 1 && backlog.sendable == 1,
	    "the backlog tells");
	hold_answer(state, STR("7"), STR("DEBMAS"), STR("2026-4"), &diag);
	deliver();
	deliver();
	hold_lift(state, &count, &diag);
	IS_INT(count, 0, "an older record does not answer");
	hold_answer(state, STR("7"), STR("ADRMAS"), STR("2026-6"), &diag);
	hold_lift(state, &count, &diag);
	IS_INT(count, 0, "nor does another message type");
	hold_answer(state, STR("7"), STR("DEBMAS"), STR("2026-6"), &diag);
	put(DESIRED_CONTACT, "7", "7", "{\"c\":2}");
	hold_lift(state, &count, &diag);
	IS_INT(count, 0, "nor before the contact is delivered");
	deliver();
	hold_lift(state, &count, &diag);
	IS_INT(count, 1, "a newer one with its contact does");
	IS_STR(batch(&n), "O1", "the order goes");
	hold_set(state, STR("7"), STR("DEBMAS"), STR("2026-7"), &diag);
	hold_release(state, STR("7"), &count, &diag);
	IS_INT(count, 1, "or a person releases");
	hold_set(state, STR("7"), STR("DEBMAS"), STR("2026-7"), &diag);
	hold_release(state, STR("7"), &count, &diag);
	IS_INT(count, 0, "the record that was released holds no more");
	hold_set(state, STR("7"), STR("DEBMAS"), STR("2026-8"), &diag);

	int64_t id;

	IS_INT(delivery_intend(state, rows, n, STR("x"), &id, &diag),
	    STATUS_TRY_AGAIN, "a hold set since the batch was chosen stops it");
	state_exec(state,
	    "INSERT INTO customer(customer, seq, email)"
	    " VALUES('9', '2026-4', 'Nine@example.com')",
	    &diag);
	put(DESIRED_ORDER, "O9", NULL,
	    "{\"customer\":{\"email\":\"nine@example.com\"}}");
	put(DESIRED_EVENT, "E9", NULL, "{\"email\":\"nine@example.com\"}");
	IS_STR(batch(&n), "O9", "an order known by an e-mail alone");
	hold_set(state, STR("9"), STR("DEBMAS"), STR("2026-5"), &diag);
	IS_STR(batch(&n), "", "is held with the person");
	hold_lift(state, &count, &diag);
	IS_INT(count, 0, "facts older than the failed record do not answer it");
	state_exec(state, "DELETE FROM hold", &diag);
	hold_set(state, STR("9"), STR("DEBMAS"), STR("2026-3"), &diag);
	hold_lift(state, &count, &diag);
	IS_INT(count, 1, "newer facts that are folded already do");
}

static void
test_refused(void)
{
	uint64_t count;
	size_t n;

	fresh();
	put(DESIRED_CONTACT, "7", "7", "{\"c\":1}");
	put(DESIRED_ORDER, "O1", "7", "{}");
	intend();
	delivery_refused(state, DESIRED_CONTACT, STR("7"), 1, STR("no"), &diag);
	hold_set(state, STR("7"), STR(HOLD_REJECTED), STR("2026"), &diag);
	IS_STR(batch(&n), "", "refused: neither contact nor order");
	IS_INT(put(DESIRED_CONTACT, "7", "7", "{\"c\":1}"), OUTBOX_SAME,
	    "the same body is still refused");
	hold_lift(state, &count, &diag);
	IS_INT(count, 0, "held while it is");
	put(DESIRED_CONTACT, "7", "7", "{\"c\":2}");
	deliver();
	hold_lift(state, &count, &diag);
	IS_INT(count, 1, "a newer revision lifts it");
	IS_STR(batch(&n), "O1", "the order goes");
	deliver();
	delivery_refused(state, DESIRED_ORDER, STR("O1"), 1, STR("no"), &diag);
	IS_INT(row_of(DESIRED_ORDER, "O1").accepted_rev, 0,
	    "refused after it was accepted");
	outbox_retry(state, DESIRED_ORDER, STR("O1"), &count, &diag);
	IS_INT(count, 1, "retry");
	IS_STR(batch(&n), "O1", "makes it sendable");
}

static void
test_time(void)
{
	uint64_t confirmed, waiting;
	size_t n;

	fresh();
	put(DESIRED_PRODUCT, "A", NULL, "{}");
	delivery_returned(state, intend(), 1500, STR("503"), &diag);
	IS_STR(batch(&n), "", "a returned record pauses");
	instant_fix(1000002);
	IS_STR(batch(&n), "A", "and is sendable after");
	outbox_withhold(state, DESIRED_PRODUCT, STR("A"), 1000010, &diag);
	IS_STR(batch(&n), "", "withheld");
	instant_fix(1000010);
	IS_STR(batch(&n), "A", "until its time");
	outbox_withhold(state, DESIRED_PRODUCT, STR("A"), INT64_MAX, &diag);
	put(DESIRED_PRODUCT, "A", NULL, "{\"a\":2}");
	IS_STR(batch(&n), "", "or until told, over revisions");
	outbox_withhold(state, DESIRED_PRODUCT, STR("A"), INSTANT_NONE, &diag);
	deliver();
	delivery_confirm(state, 2000, &confirmed, &waiting, &diag);
	OK(confirmed == 0 && waiting == 1, "accepted is not confirmed");
	instant_fix(1000012);
	delivery_confirm(state, 2000, &confirmed, &waiting, &diag);
	OK(confirmed == 1 && waiting == 0, "before it settled");
}

/* More than one transaction confirms, also behind rows that stay as they are.
 */
static void
test_many(void)
{
	uint64_t confirmed, waiting;

	fresh();
	put(DESIRED_PRODUCT, "A", NULL, "{}");
	deliver();
	state_begin(state, &diag);
	sql_run(state,
	    state_sql(state,
		"WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL"
		" SELECT i + 1 FROM number WHERE i < 4999)"
		" INSERT INTO outbox(kind, id, state, lane, rev, last_rev,"
		"  hash, body, queued_at, intent_rev, accepted_rev,"
		"  accepted_at, doubted) SELECT kind, printf('%04d', i),"
		"  state, lane, rev, last_rev, hash, body, queued_at,"
		"  intent_rev, accepted_rev, accepted_at, i <= 2500"
		" FROM outbox, number",
		&diag),
	    &diag);
	state_commit(state, &diag);
	delivery_confirm(state, 0, &confirmed, &waiting, &diag);
	OK(confirmed == 2500 && waiting == 2500, "however many there are");
}

static void
test_gap(void)
{
	struct outbox_backlog backlog;
	size_t n;

	config_free(config);
	config = config_from("[ometria]\ngap = 5s\n");
	fresh();
	put(DESIRED_CONTACT, "7", NULL, "{\"a\":1}");
	deliver();
	put(DESIRED_CONTACT, "7", NULL, "{\"a\":2}");
	put(DESIRED_ORDER, "O1", "7", "{\"o\":1}");
	put(DESIRED_CONTACT, "8", NULL, "{\"a\":1}");
	IS_STR(batch(&n), "8", "a second revision waits, another record not");
	deliver();
	IS_STR(batch(&n), "", "nor does the order of its customer leave");
	outbox_backlog(state, DESIRED_CONTACT, &backlog, &diag);
	OK(backlog.pending == 1 && backlog.sendable == 0, "it is not sendable");
	put_lane(DESIRED_CONTACT, "7", NULL, "{\"a\":3}", LANE_URGENT);
	IS_STR(batch(&n), "", "an opt-out waits as well");
	instant_fix(1000004);
	IS_STR(batch(&n), "", "one second too early");
	instant_fix(1000005);
	IS_STR(batch(&n), "7", "until the gap has passed");
	deliver();
	put(DESIRED_CONTACT, "7", NULL, "{\"a\":4}");
	IS_STR(batch(&n), "", "the next waits again");
	seen_mark(state, DESIRED_CONTACT, STR("7"), 3, &diag);
	IS_STR(batch(&n), "7", "unless the former was seen in Ometria");
	deliver();
	put(DESIRED_CONTACT, "7", NULL, "{\"a\":5}");
	instant_fix(900000);
	IS_STR(batch(&n), "7", "a clock that was set back keeps nothing");
}

static size_t
due(void)
{
	struct seen_query query = { .kind = DESIRED_CONTACT,
		.which = SEEN_UNCONFIRMED,
		.due = true,
		.max = 1 };
	struct seen_row row;
	size_t count;

	seen_rows(state, &query, &arena, &row, &count, &diag);
	return count;
}

static void
look_at(int64_t time)
{
	instant_fix(time);
	seen_absent(state, DESIRED_CONTACT, STR("7"), 1, &diag);
}

/* What does not show is looked for ever less. */
static void
test_due(void)
{
	bool queued;

	fresh();
	put(DESIRED_CONTACT, "7", NULL, "{\"a\":1}");
	deliver();
	IS_INT(due(), 1, "what was accepted is to be looked for");
	look_at(1000004);
	IS_INT(due(), 0, "not at once again");
	instant_fix(1000006);
	IS_INT(due(), 1, "but after a quarter of its age");
	look_at(1004000);
	instant_fix(1005000);
	IS_INT(due(), 0, "which grows");
	seen_again(state, DESIRED_CONTACT, STR("7"), 1, true, &queued, &diag);
	OK(queued, "it is sent once more");
	deliver();
	IS_INT(due(), 1, "and then looked for at once");
	seen_again(state, DESIRED_CONTACT, STR("7"), 2, true, &queued, &diag);
	OK(!queued, "a repetition is not repeated");
	seen_mark(state, DESIRED_CONTACT, STR("7"), 2, &diag);
	IS_INT(due(), 0, "what was seen is not looked for");
}

int
main(void)
{
	config = config_from("[ometria]\ngap = 0s\n");
	test_revisions();
	test_in_flight();
	test_order_of_kinds();
	test_lanes();
	test_ages();
	test_burst();
	test_holds();
	test_refused();
	test_time();
	test_many();
	test_gap();
	test_due();
	state_close(state);
	config_free(config);
	arena_free(&arena);
	DONE();
}
