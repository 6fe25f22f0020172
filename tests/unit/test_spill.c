/* What is too large for memory waits in files: regions, arenas, spools. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/spool.h"
#include "tap.h"

/* Files of this process may have size bytes and no more: a full disk. */
static void
files_end_at(rlim_t size)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = size;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void
test_unlinked(void)
{
	int fd = fd_unlinked();
	struct stat about;

	OK(fd >= 0 && fstat(fd, &about) == 0 && about.st_nlink == 0,
	    "the file has no name");
	IS_INT(about.st_mode & 0777, 0600, "and is open to its owner alone");
	OK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0, "and to no other program");
	close(fd);
	setenv("TMPDIR", "/nowhere", 1);
	OK(fd_unlinked() < 0 && errno == ENOENT, "TMPDIR says where");
	unsetenv("TMPDIR");
}

/* KiB of the mapping around memory that are resident. */
static unsigned long
resident(const void *memory)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	unsigned long begin, end, kib, found = 0;
	char line[512];
	bool here = false;

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
			here = begin <= (uintptr_t)memory &&
			       (uintptr_t)memory < end;
		else if (here && sscanf(line, "Rss: %lu", &kib) == 1)
			found = kib;
	}
	if (maps != NULL)
		fclose(maps);
	return found;
}

/* A list, as the segments of an IDoc are one. */
struct link {
	struct link *next;
	size_t number;
	char text[100];
};

static struct link *
fill(struct arena *arena, size_t count)
{
	struct link *first = NULL, **to = &first;

	for (size_t i = 0; i < count; i++) {
		*to = arena_alloc(arena, sizeof(**to));
		(*to)->number = i;
		snprintf((*to)->text, sizeof((*to)->text), "link %zu", i);
		to = &(*to)->next;
	}
	return first;
}

/* Whether the list is as it was filled; *most: KiB resident on the way. */
static bool
is_filled(const struct link *at, size_t count, const void *spilled,
    unsigned long *most)
{
	char text[100];

	*most = 0;
	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "link %zu", i);
		if (at == NULL || at->number != i ||
		    strcmp(at->text, text) != 0)
			return false;
		if (spilled != NULL && i % 4096 == 0 &&
		    resident(spilled) > *most)
			*most = resident(spilled);
		if (at->next != NULL)
			region_pass(at, at->next);
		at = at->next;
	}
	return at == NULL;
}

static void
test_arena(void)
{
	enum {
		COUNT = 100000
	};
	struct arena arena = { .hold = LIMIT_HELD };
	struct arena_mark mark;
	struct link *first = fill(&arena, 1000), *again;
	unsigned long most;

	OK(arena.region == NULL, "little is held in memory");
	arena_reset(&arena);
	first = fill(&arena, COUNT);
	OK(arena.region != NULL && arena.err == 0, "much is not");
	OK(resident(arena.at) < 400, "what was filled is not resident");
	OK(is_filled(first, COUNT, arena.at, &most), "its content stays");
	OK(most > 0 && most < 400, "a walk has a bounded footprint");
	mark = arena_mark(&arena);
	again = fill(&arena, COUNT);
	OK(is_filled(again, COUNT, NULL, &most), "more of it");
	arena_release(&arena, &mark);
	IS_INT(arena.used, mark.used, "released to the mark");
	OK(arena_take(&arena, 16) == (void *)mark.at,
	    "what was released is handed out again");
	OK(is_filled(first, COUNT, NULL, &most), "what was marked stays");
	arena_reset(&arena);
	OK(arena.region == NULL, "a reset closes the file");
	mark = arena_mark(&arena);
	fill(&arena, COUNT);
	arena_release(&arena, &mark);
	IS_INT(arena.used, 0, "released to nothing");
	first = fill(&arena, 20000);
	OK(is_filled(first, 20000, NULL, &most), "and filled again");
	arena_free(&arena);
}

static void
test_small_marks(void)
{
	struct arena arena = ARENA_INIT;
	struct arena_mark mark = arena_mark(&arena);
	char *begin, *text;

	arena_take(&arena, 100);
	arena_release(&arena, &mark);
	OK(arena.first == NULL && arena.left == 0,
	    "released to the very start");
	begin = arena_str(&arena, STR("stays")).data != NULL ? arena.at : NULL;
	mark = arena_mark(&arena);
	for (int i = 0; i < 1000; i++) {
		text = arena_take(&arena, 1000);
		memset(text, 'x', 1000);
	}
	arena_release(&arena, &mark);
	OK(arena.at == begin, "released over many blocks");
	arena_free(&arena);
}

static void
test_arena_full(void)
{
	struct arena arena = { .hold = LIMIT_HELD };
	struct link *first;
	unsigned long most;

	files_end_at(3 * MIB);
	first = fill(&arena, 100000);
	files_end_at(RLIM_INFINITY);
	IS_INT(arena.err, EFBIG, "a full disk is said");
	OK(is_filled(first, 100000, NULL, &most), "and loses nothing");
	arena_reset(&arena);
	IS_INT(arena.err, 0, "the next one is another matter");
	setenv("TMPDIR", "/nowhere", 1);
	fill(&arena, 100000);
	unsetenv("TMPDIR");
	IS_INT(arena.err, ENOENT, "so is a missing directory");
	arena_free(&arena);
}

/* All that comes out of a spool between two places. */
static struct buf
replayed(const struct spool *spool, uint64_t begin, uint64_t length)
{
	struct buf got = BUF_INIT;
	struct out out;
	struct diag diag;
	int fd = fd_unlinked();
	ssize_t len;

	out_open(&out, fd);
	if (spool_replay(spool, begin, length, &out, &diag) != STATUS_OK)
		buf_add_text(&got, diag.message);
	out_close(&out, &diag);
	lseek(fd, 0, SEEK_SET);
	buf_reserve(&got, 8 * MIB);
	len = read(fd, got.data + got.len, 8 * MIB);
	got.len += len > 0 ? (size_t)len : 0;
	close(fd);
	return got;
}

static bool
replays(const struct spool *spool, uint64_t begin, const struct buf *want,
    size_t length)
{
	struct buf got = replayed(spool, begin, length);
	bool same =
	    str_eq(buf_str(&got), buf_part(want, (size_t)begin, length));

	buf_free(&got);
	return same;
}

/* Numbered lines, to a spool and to what it is compared with. */
static void
add_lines(struct spool *spool, struct buf *want, int from, int to)
{
	for (int i = from; i < to; i++) {
		buf_add_format(&spool->recent, "line %d\n", i);
		buf_add_format(want, "line %d\n", i);
		spool_settle(spool);
	}
}

static void
test_spool(void)
{
	struct spool spool = SPOOL_INIT;
	struct buf want = BUF_INIT;
	size_t middle;

	add_lines(&spool, &want, 0, 100);
	OK(spool.fd < 0, "little is held in memory");
	OK(replays(&spool, 0, &want, want.len), "and comes out");
	add_lines(&spool, &want, 100, 300000);
	middle = (size_t)spool.filed;
	OK(spool.fd >= 0 && spool.recent.size <= 2 * LIMIT_HELD, "much is not");
	IS_INT(spool_length(&spool), want.len, "all is counted");
	OK(replays(&spool, 0, &want, want.len), "all comes out");
	OK(replays(&spool, 1000001, &want, 100000), "a part of the file");
	OK(replays(&spool, middle - 7, &want, 20), "a part around its end");
	OK(replays(&spool, middle + 1, &want, 20), "a part of the memory");
	OK(replays(&spool, 5, &want, 0), "nothing");
	OK(str_eq(spool_recent(&spool, middle + 1),
	       str_from(buf_str(&want), middle + 1)) &&
		spool_recent(&spool, middle - 1).len == 0,
	    "what is in memory");
	spool_cut(&spool, middle + 10);
	want.len = middle + 10;
	OK(replays(&spool, 0, &want, want.len), "cut in memory");
	spool_cut(&spool, 1000);
	want.len = 1000;
	add_lines(&spool, &want, 0, 100000);
	OK(replays(&spool, 0, &want, want.len), "cut in the file");
	spool_clear(&spool);
	OK(spool_length(&spool) == 0 && spool.fd < 0, "cleared, file and all");
	buf_free(&want);
	spool_free(&spool);
}

static void
test_spool_full(void)
{
	struct spool spool = SPOOL_INIT;
	struct buf want = BUF_INIT, got;
	struct diag diag = { 0 };

	files_end_at(MIB);
	add_lines(&spool, &want, 0, 300000);
	files_end_at(RLIM_INFINITY);
	IS_INT(spool_status(&spool, &diag), STATUS_CANNOT_CREATE,
	    "a full disk is said");
	IS_STR(diag.message,
	    "cannot hold the records of a large IDoc: File too large", "so");
	OK(spool.recent.size <= 2 * LIMIT_HELD, "and memory does not grow");
	got = replayed(&spool, 0, 10);
	OK(str_starts(buf_str(&got), "cannot hold"), "nothing half comes out");
	buf_free(&got);
	spool_clear(&spool);
	IS_INT(spool_status(&spool, &diag), STATUS_OK,
	    "the next one is another matter");
	buf_free(&want);
	spool_free(&spool);
}

int
main(void)
{
	/* Beyond a limit a write is to fail, not to kill. */
	signal(SIGXFSZ, SIG_IGN);
	test_unlinked();
	test_arena();
	test_small_marks();
	test_arena_full();
	test_spool();
	test_spool_full();
	DONE();
}
