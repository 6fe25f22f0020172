/* Records in order, whatever the memory they are given. */

#include <sys/resource.h>

#include <signal.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/sorter.h"
#include "tap.h"

/* A key for a number: in order, upside down, or all over the place. */
enum spread {
	ASCENDING,
	DESCENDING,
	SCATTERED
};

static uint64_t
place_of(enum spread spread, uint64_t i, uint64_t count)
{
	switch (spread) {
	case ASCENDING:
		return i;
	case DESCENDING:
		return count - 1 - i;
	case SCATTERED:
		break;
	}
	return i * UINT64_C(2654435761) % count;
}

/* Every key twice; values tell in which order both came. */
static enum status
add_all(struct sorter *sorter, enum spread spread, uint64_t count)
{
	struct buf key = BUF_INIT, value = BUF_INIT;
	enum status status = STATUS_OK;
	struct diag diag;

	for (uint64_t i = 0; i < 2 * count && status == STATUS_OK; i++) {
		buf_clear(&key);
		buf_clear(&value);
		buf_add_text(&key, "common-beginning-");
		buf_add_u64(&key, place_of(spread, i % count, count), 8);
		buf_add_u64(&value, i / count, 0);
		buf_add(&value, "...............................", i % 32);
		status =
		    sorter_add(sorter, buf_str(&key), buf_str(&value), &diag);
	}
	if (status == STATUS_OK)
		status = sorter_end(sorter, &diag);
	buf_free(&key);
	buf_free(&value);
	return status;
}

/* The number of the first record that is not where it belongs; 2 * count when
 * all are. */
static uint64_t
first_wrong(struct sorter *sorter, uint64_t count)
{
	struct buf want = BUF_INIT;
	struct diag diag;
	uint64_t i;

	for (i = 0; i < 2 * count; i++) {
		struct str key, value;
		bool found = false, good;

		buf_clear(&want);
		buf_add_text(&want, "common-beginning-");
		buf_add_u64(&want, i / 2, 8);
		good = sorter_next(sorter, &key, &value, &found, &diag) ==
			   STATUS_OK &&
		       found && str_eq(key, buf_str(&want)) &&
		       value.data[0] == (char)('0' + i % 2);
		if (!good)
			break;
	}
	buf_free(&want);
	return i;
}

static void
test_orders(void)
{
	static const struct {
		const char *what;
		enum spread spread;
		uint64_t count;
		size_t memory;
	} cases[] = {
		{ "nothing", ASCENDING, 0, 4096 },
		{ "one record", ASCENDING, 1, 4096 },
		{ "in memory", SCATTERED, 1000, SORTER_MEMORY },
		{ "in order, in the file", ASCENDING, 5000, 4096 },
		{ "upside down, in the file", DESCENDING, 5000, 4096 },
		{ "merged in many levels", SCATTERED, 5000, 4096 },
		{ "merged once", SCATTERED, 20000, 256 * 1024 },
		{ "records over the memory", SCATTERED, 50, 16 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sorter *sorter = sorter_new(cases[i].memory);
		struct str key, value;
		struct diag diag;
		bool found = true;

		OK(add_all(sorter, cases[i].spread, cases[i].count) ==
			STATUS_OK,
		    cases[i].what);
		IS_INT(first_wrong(sorter, cases[i].count), 2 * cases[i].count,
		    "comes out in order, the earlier of equals first");
		OK(sorter_next(sorter, &key, &value, &found, &diag) ==
			    STATUS_OK &&
			!found,
		    "and then ends");
		sorter_free(sorter);
	}
	sorter_free(NULL);
}

/* Keys that are the start of one another, hold NULs, or are empty. */
static void
test_keys(void)
{
	static const struct str keys[] = {
		{ "", 0 },
		{ "\0", 1 },
		{ "a", 1 },
		{ "a\0", 2 },
		{ "a\0b", 3 },
		{ "ab", 2 },
		{ "\xFF", 1 },
	};
	const size_t count = sizeof(keys) / sizeof(keys[0]);

	for (size_t memory = 32; memory <= SORTER_MEMORY;
	     memory += SORTER_MEMORY - 32) {
		struct sorter *sorter = sorter_new(memory);
		struct diag diag;
		size_t good = 0;

		for (size_t i = count; i > 0; i--)
			sorter_add(sorter, keys[i - 1], keys[i - 1], &diag);
		sorter_end(sorter, &diag);
		for (size_t i = 0; i < count; i++) {
			struct str key, value;
			bool found = false;

			sorter_next(sorter, &key, &value, &found, &diag);
			good += found && str_eq(key, keys[i]) &&
				str_eq(value, keys[i]);
		}
		IS_INT(good, count, "bytes decide, the shorter one first");
		sorter_free(sorter);
	}
}

static void
test_no_room(void)
{
	struct rlimit limit, small;
	struct sorter *sorter = sorter_new(4096);

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 16 * 1024;
	setrlimit(RLIMIT_FSIZE, &small);
	IS_INT(add_all(sorter, SCATTERED, 5000), STATUS_CANNOT_CREATE,
	    "a full disk is told");
	setrlimit(RLIMIT_FSIZE, &limit);
	sorter_free(sorter);
	setenv("TMPDIR", "/nowhere", 1);
	sorter = sorter_new(4096);
	IS_INT(add_all(sorter, SCATTERED, 5000), STATUS_CANNOT_CREATE,
	    "and so is a folder that is missing");
	unsetenv("TMPDIR");
	sorter_free(sorter);
}

int
main(void)
{
	test_orders();
	test_keys();
	test_no_room();
	DONE();
}
