#include <unistd.h>

#include "state/state.h"

#include "state_files.h"
#include "tap.h"

/* SQLite asks here: for how much at once, and how much it held at most. */
static sqlite3_mem_methods usual;
static int largest, held, most;

static void *
note(void *memory, int asked)
{
	largest = asked > largest ? asked : largest;
	held += memory != NULL ? usual.xSize(memory) : 0;
	most = held > most ? held : most;
	return memory;
}

static void *
counted_malloc(int size)
{
	return note(usual.xMalloc(size), size);
}

static void *
counted_realloc(void *memory, int size)
{
	held -= usual.xSize(memory);
	return note(usual.xRealloc(memory, size), size);
}

static void
counted_free(void *memory)
{
	held -= memory != NULL ? usual.xSize(memory) : 0;
	usual.xFree(memory);
}

static void
count(void)
{
	sqlite3_mem_methods counted;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual);
	counted = usual;
	counted.xMalloc = counted_malloc;
	counted.xRealloc = counted_realloc;
	counted.xFree = counted_free;
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

/* Reports sort as many rows as there are IDocs. */
static void
test_sort(void)
{
	char path[] = "/tmp/test_state_memory_XXXXXX";
	struct state *state = NULL;
	struct diag diag;
	sqlite3_stmt *row;
	enum status status;

	close(mkstemp(path));
	if (state_open(&state, path, STATE_WRITE, NULL, &diag) == STATUS_OK) {
		state_close(state);
		state = NULL;
	}
	if (state_open(&state, path, STATE_READ, NULL, &diag) != STATUS_OK) {
		printf("Bail out! %s\n", diag.message);
		return;
	}
	most = held;
	row = state_sql(state,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 60000) SELECT max(c) FROM (SELECT count(*) AS c FROM n"
	    " GROUP BY printf('%100d', i % 7))",
	    &diag);
	OK(sql_row(state, row, &status, &diag) && sql_get_int(row, 0) == 8572,
	    "what reads sorts six megabytes");
	OK(most < 4 << 20, "in less than four");
	sqlite3_reset(row);
	state_close(state);
	state_files_remove(path);
}

int
main(void)
{
	count();
	test_own_table();
	test_sort();
	DONE();
}
