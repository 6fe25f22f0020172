#include "state/state.h"

#include "tap.h"

/* SQLite asks here, and the largest that it asked for is kept. */
static sqlite3_mem_methods usual;
static int largest;

static void *
counted_malloc(int size)
{
	largest = size > largest ? size : largest;
	return usual.xMalloc(size);
}

static void *
counted_realloc(void *memory, int size)
{
	largest = size > largest ? size : largest;
	return usual.xRealloc(memory, size);
}

static void
count(void)
{
	sqlite3_mem_methods counted;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
	counted = usual;
	counted.xMalloc = counted_malloc;
	counted.xRealloc = counted_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
}

/* What a record costs must not hang on how many pages SQLite likes to take. */
static void
test_own_table(void)
{
	struct state *state;
	struct diag diag;
	sqlite3_stmt *row;
	enum status status;

	if (state_open(&state, NULL, STATE_WRITE, NULL, &diag) != STATUS_OK) {
		printf("Bail out! %s\n", diag.message);
		return;
	}
	row = state_sql(state,
	    "SELECT count(*) FROM (SELECT 1 AS n UNION SELECT 2)", &diag);
	largest = 0;
	OK(sql_row(state, row, &status, &diag) && sql_get_int(row, 0) == 2,
	    "a statement with a table of its own");
	OK(largest > 4096 && largest < 3 * 4096, "takes its pages one by one");
	sqlite3_reset(row);
	state_close(state);
}

int
main(void)
{
	count();
	test_own_table();
	DONE();
}
