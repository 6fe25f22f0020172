#include "state/sku_register.h"

#include "tap.h"

/* Who keeps a SKU does not depend on who came first. */

struct sight {
	const char *material, *sku, *seq;
	const char *matnr; /* NULL: there is none */
};

static struct state *state;
static struct arena arena;
static struct diag diag;

static bool
see(const struct sight *sight, struct str *owner)
{
	struct sku_sight seen = {
		.material = str_of(sight->material),
		.matnr = sight->matnr != NULL ? str_of(sight->matnr) : STR_NONE,
		.sku = str_of(sight->sku),
		.seq = str_of(sight->seq),
		.source = SKU_BY_RULE,
	};
	struct sku_standing standing;

	sku_register_see(state, &seen, &arena, &standing, &diag);
	*owner = standing.owner;
	return standing.collides;
}

static const char *
find(const char *material)
{
	struct str sku;
	bool found;

	sku_register_find(state, str_of(material), &arena, &sku, &found, &diag);
	if (!found)
		return "unknown";
	return sku.len > 0 ? sku.data : "none";
}

static void
open_state(void)
{
	state_open(&state, NULL, STATE_WRITE, NULL, &diag);
	state_begin(state, &diag);
}

static void
close_state(void)
{
	state_rollback(state);
	state_close(state);
}

/* One thing that happens to a material, and what is told of it: the SKU it has
 * then, who keeps it where two have it, what is free again, what a mapping gave
 * before. */
static const struct event {
	const char *title;
	char does; /* 's' seen, 'm' mapped by the file, 'u' no longer */
	enum sku_source source;
	const char *material, *sku;
	const char *has, *owner, *freed, *before;
} events[] = {
	{ "seen", 's', SKU_BY_RULE, "A", "1", "1", "", "", "" },
	{ "a guess does not overrule", 's', SKU_GUESSED, "A", "2", "1", "", "",
	    "" },
	{ "nobody saw it: no row", 'm', SKU_BY_MAP, "Z", "9", "", "", "", "" },
	{ "a new row of the file", 'm', SKU_BY_MAP, "A", "X", "X", "", "1",
	    "" },
	{ "another one", 'm', SKU_BY_MAP, "A", "Y", "Y", "", "X", "X" },
	{ "seen after the file came", 's', SKU_BY_MAP, "B", "W", "W", "", "",
	    "" },
	{ "its row changes", 'm', SKU_BY_MAP, "B", "V", "V", "", "W", "W" },
	{ "two of one SKU", 'm', SKU_BY_MAP, "B", "Y", "", "A", "V", "V" },
	{ "the one without is seen", 's', SKU_BY_MAP, "B", "Y", "", "A", "",
	    "" },
	{ "and guessed", 's', SKU_GUESSED, "B", "2", "", "A", "", "" },
	{ "its row is gone", 'u', SKU_BY_RULE, "B", "2", "2", "", "Y", "Y" },
	{ "the same again", 'u', SKU_BY_RULE, "B", "2", "2", "", "", "" },
	{ "gone onto one that is taken", 'u', SKU_BY_RULE, "A", "2", "2", "A",
	    "Y", "Y" },
};

static void
is_text(struct str got, const char *want, const char *what)
{
	IS_STR(got.len > 0 ? arena_str(&arena, got).data : "", want, what);
}

static void
mappings(void)
{
	struct str key, sku;
	struct buf moved = BUF_INIT;

	open_state();
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		const struct event *e = &events[i];
		struct sku_sight sight = {
			.material = str_of(e->material),
			.sku = str_of(e->sku),
			.seq = str_of("20260101000000.0000000000000001"),
			.source = e->source,
		};
		struct sku_standing standing;

		if (e->does == 's')
			sku_register_see(state, &sight, &arena, &standing,
			    &diag);
		else
			sku_register_map(state, sight.material, sight.sku,
			    e->source, &arena, &standing, &diag);
		is_text(standing.sku, e->has, e->title);
		is_text(standing.collides ? standing.owner : STR_NONE, e->owner,
		    "who keeps it");
		is_text(standing.freed, e->freed, "what is free");
		is_text(standing.before, e->before, "what it had");
	}
	for (;;) {
		sku_register_take_moved(state, &arena, &key, &sku, &diag);
		if (key.len == 0)
			break;
		buf_add_format(&moved, "%.*s=%.*s ", STR_ARGS(key),
		    STR_ARGS(sku));
	}
	is_text(buf_str(&moved), "A=2 B= ", "who has moved, once each");
	buf_free(&moved);
	close_state();
}

/* --- two numbers --- */

static int64_t
count_rows(void)
{
	enum status status;
	sqlite3_stmt *statement =
	    state_sql(state, "SELECT count(*) FROM sku", &diag);
	int64_t count = sql_row(state, statement, &status, &diag)
			    ? sql_get_int(statement, 0)
			    : -1;

	sqlite3_reset(statement);
	return count;
}

static void
numbers(void)
{
	static const struct sight sights[] = {
		{ "TYRE-205", "TYRE-205", "20260101000000.1", NULL },
		{ "000000000000000815", "815", "20260102000000.1", NULL },
		{ "TYRE-205", "TYRE-205", "20260103000000.1",
		    "000000000000000815" },
	};
	static const char *const orders[] = { "012", "021", "102", "120", "201",
		"210" };
	struct str owner, number, item;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		open_state();
		for (const char *at = orders[i]; *at != '\0'; at++)
			OK(!see(&sights[*at - '0'], &owner), "no collision");
		IS_STR(find("815"), "TYRE-205", "the SKU of the long number");
		IS_STR(find("TYRE-205"), "TYRE-205", "under either number");
		IS_INT(count_rows(), 1, "one material");
		sku_register_take_joined(state, &arena, &number, &item, &diag);
		is_text(number,
		    strchr(orders[i], '0') < strchr(orders[i], '2') ? "TYRE-205"
								    : "",
		    "what stood under the long number alone is told");
		close_state();
	}
}

/* What is told when the numbers of materials change, or cross. */
static void
renumbered(void)
{
	static const struct {
		const char *title;
		struct sight sight;
		const char *has, *before, *ambiguous;
		bool collides;
	} steps[] = {
		{ "both", { "A", "A", "2026010100", "1" }, "A", "", "", false },
		{ "once more", { "A", "A", "2026010300", "1" }, "A", "", "",
		    false },
		{ "an older record has another one",
		    { "B", "B", "2026010200", "1" }, "A", "", "", false },
		{ "a newer one", { "B", "B", "2026010400", "1" }, "B", "A", "",
		    false },
		{ "which is told once", { "B", "B", "2026010500", "1" }, "B",
		    "", "", false },
		{ "a second material of that number",
		    { "B", "B", "2026010600", "2" }, "", "", "", true },
		{ "a MATNR that is a long number",
		    { "C", "C", "2026010700", "B" }, "C", "", "B", false },
		{ "a long number that is a MATNR",
		    { "B", "B", "2026010700", "4" }, "", "", "B", true },
	};
	struct sku_standing standing;

	open_state();
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct sight *sight = &steps[i].sight;
		struct sku_sight seen = {
			.material = str_of(sight->material),
			.matnr = str_of(sight->matnr),
			.sku = str_of(sight->sku),
			.seq = str_of(sight->seq),
			.source = SKU_BY_RULE,
		};

		sku_register_see(state, &seen, &arena, &standing, &diag);
		is_text(standing.sku, steps[i].has, steps[i].title);
		is_text(standing.before, steps[i].before, "what it had");
		is_text(standing.ambiguous, steps[i].ambiguous, "ambiguous");
		OK(standing.collides == steps[i].collides, "a collision");
	}
	close_state();
}

int
main(void)
{
	static const struct sight sights[] = {
		{ "A-1", "A1", "20260102000000.0000000000000001", NULL },
		{ "A1", "A1", "20260101000000.0000000000000001", NULL },
		{ "A.1", "A1", "20260101000000.0000000000000001", NULL },
	};
	static const char *const orders[] = { "012", "021", "102", "120", "201",
		"210" };
	struct sight padded = { "000000000000000042", "42",
		"20260101000000.0000000000000001", NULL };
	struct sight plain = { "42", "42", "20260102000000.0000000000000001",
		NULL };
	struct str owner;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		bool collided = false;

		open_state();
		for (const char *at = orders[i]; *at != '\0'; at++)
			collided = see(&sights[*at - '0'], &owner);
		OK(collided, "the last one finds the SKU taken");
		IS_STR(owner.data, "A.1", "lower seq, then number keeps it");
		IS_STR(find("A.1"), "A1", "the owner has it");
		IS_STR(find("A-1"), "none", "the others have none");
		IS_STR(find("A1"), "none", "whenever they came");
		close_state();
	}
	open_state();
	IS_STR(find("42"), "unknown", "not seen yet");
	OK(!see(&padded, &owner) && !see(&plain, &owner),
	    "padded and not is one material");
	IS_STR(find("42"), "42", "with one SKU");
	close_state();
	mappings();
	numbers();
	renumbered();
	arena_free(&arena);
	DONE();
}
