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
	bool collides;

	sku_register_see(state, str_of(sight->material), str_of(sight->sku),
	    str_of(sight->seq), &collides, owner, &arena, &diag);
	return collides;
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
	arena_free(&arena);
	DONE();
}
