#include "state/sku_register.h"

#include "tap.h"

/* Who keeps a SKU does not depend on who came first. */

struct sight {
	const char *material, *sku, *seq;
};

static struct state *state;
static struct arena arena;
static struct diag diag;

static bool
see(const struct sight *sight, struct str *owner)
{
	struct sku_sight seen = { str_of(sight->material), str_of(sight->sku),
		str_of(sight->seq), SKU_BY_RULE };
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
		struct sku_sight sight = { str_of(e->material), str_of(e->sku),
			str_of("20260101000000.0000000000000001"), e->source };
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

int
main(void)
{
	static const struct sight sights[] = {
		{ "A-1", "A1", "20260102000000.0000000000000001" },
		{ "A1", "A1", "20260101000000.0000000000000001" },
		{ "A.1", "A1", "20260101000000.0000000000000001" },
	};
	static const char *const orders[] = { "012", "021", "102", "120", "201",
		"210" };
	struct sight padded = { "000000000000000042", "42",
		"20260101000000.0000000000000001" };
	struct sight plain = { "42", "42", "20260102000000.0000000000000001" };
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
	arena_free(&arena);
	DONE();
}
