#include "state/order_anew.h"

#include "state/customer.h"
#include "state/order.h"
#include "tap.h"

/* The orders that are worked out anew when a customer becomes a one-time
 * account, or is none any more: those of the customer, wherever they stand
 * among all others. */

#define ORDERS (2 * ORDER_ANEW_RANGE + 10)

static struct state *state;
static struct arena arena = ARENA_INIT;
static struct diag diag;

/* As it is while the customer is known by the number, or a guest's then. */
static void
store_order(unsigned number, const char *customer, bool guest)
{
	struct order_state order = {
		.id = arena_format(&arena, "W%05u", number),
		.customer = guest ? STR_NONE : str_of(customer),
		.provisional_at = INSTANT_NONE,
		.confirmed_at = INSTANT_NONE,
	};
	struct order_document *document =
	    order_document_take(&order, str_of("1"), &arena);

	document->facts[ORDER_CUSTOMER] =
	    (struct order_fact){ str_of(customer), STR("20260302080000.1") };
	document->changed = true;
	if (order_store(state, &order, &diag) != STATUS_OK)
		printf("# %s\n", diag.message);
}

static void
store_customer(const char *id, bool one_time)
{
	struct contact_state customer;

	customer_load(state, str_of(id), &arena, &customer, &diag);
	customer.one_time = one_time;
	if (customer_store(state, &customer, &diag) != STATUS_OK)
		printf("# %s\n", diag.message);
}

/* All that is taken until nothing waits, as "id id"; limit stops it before. */
static const char *
taken(int limit)
{
	static char text[100];
	size_t used = 0;
	bool waits;

	text[0] = '\0';
	while (order_anew_waits(state, &waits, &diag) == STATUS_OK && waits &&
	       limit-- > 0) {
		struct str ids[ORDER_ANEW_RANGE];
		size_t count;

		if (order_anew_take(state, &arena, ids, &count, &diag) !=
		    STATUS_OK)
			return diag.message;
		for (size_t i = 0; i < count && used < sizeof(text); i++)
			used += (size_t)snprintf(text + used,
			    sizeof(text) - used, "%s%.*s", used > 0 ? " " : "",
			    STR_ARGS(ids[i]));
	}
	return text;
}

int
main(void)
{
	bool waits;

	state_open(&state, NULL, STATE_WRITE, NULL, &diag);
	state_begin(state, &diag);
	for (unsigned i = 0; i < ORDERS; i++)
		store_order(i, i == 3 || i == ORDERS - 1 ? "9" : "1", false);
	store_order(7, "9", true);
	store_order(8, "8", true);
	store_customer("1", false);
	order_anew_waits(state, &waits, &diag);
	OK(!waits, "a customer that becomes known as one: nothing is due");
	store_customer("9", true);
	IS_STR(taken(100), "W00003 W00007 W01009",
	    "a one-time account: its orders, in every range");
	store_customer("9", true);
	IS_STR(taken(100), "", "it still is one: nothing is due");
	store_customer("9", false);
	IS_STR(taken(1), "W00003 W00007", "it is none: those, a range of it");
	store_customer("8", true);
	IS_STR(taken(100), "W00003 W00007 W00008 W01009",
	    "another one meanwhile: from the beginning, for both");
	state_rollback(state);
	state_close(state);
	arena_free(&arena);
	DONE();
}
