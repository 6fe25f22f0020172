#define _GNU_SOURCE /* environ */
#include "notify.h"
#include "digest.h"
#include "look.h"

#include <sys/wait.h>

#include <errno.h>
#include <spawn.h>
#include <unistd.h>

#include "audit/list.h"
#include "base/fd.h"
#include "base/limits.h"

struct notifying {
	struct audit *audit;
	struct state *state; /* the audit's, opened for writing */
	const char *command;
	struct buf record; /* what the command is given */
	uint64_t told, failed, postponed;
};

static void
write_record(struct notifying *notifying, const struct notice *notice,
    const struct exception_row *row)
{
	const struct config *config = notifying->audit->run->config;
	struct jsonw w;

	buf_clear(&notifying->record);
	w = list_begin_record(&notifying->record, row);
	jsonw_member(&w, "notice", str_of(notice_kind_name(notice->kind)));
	list_add_advice(&w, config, row);
	jsonw_close(&w, '}');
	buf_add_char(&notifying->record, '\n');
}

/* The record as a file without a name: no pipe that the command may leave. */
static enum status
hold_record(struct notifying *notifying, int *fd, struct diag *diag)
{
	enum status status = STATUS_OK;

	*fd = fd_unlinked();
	if (*fd < 0)
		return diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot hold what is to be told");
	status = fd_write(*fd, buf_str(&notifying->record), diag);
	if (status == STATUS_OK && lseek(*fd, 0, SEEK_SET) < 0)
		status = diag_errno(diag, STATUS_IO, errno,
		    "cannot hold what is to be told");
	return status;
}

static enum status
start(const struct notifying *notifying, int input, pid_t *child,
    struct diag *diag)
{
	const char *name = notifying->command;
	char *argv[] = { mem_strdup(name), NULL };
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);

	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, input,
		    STDIN_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO,
		    STDOUT_FILENO);
	if (err == 0)
		err = posix_spawnp(child, name, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(argv[0]);
	return err == 0
		   ? STATUS_OK
		   : diag_errno(diag,
			 err == ENOENT ? STATUS_NO_INPUT : STATUS_NOT_ALLOWED,
			 err, "cannot run '%s'", name);
}

/* Its exit code, or -1: a signal ended it. */
static int
wait_for(pid_t child)
{
	int result = 0;

	while (waitpid(child, &result, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(result) ? WEXITSTATUS(result) : -1;
}

/* Tell of so many. *given: as far as is known somebody was told. */
static enum status
tell(struct notifying *notifying, uint64_t count, bool *given,
    struct diag *diag)
{
	enum status status;
	pid_t child;
	int fd, code;

	*given = false;
	status = hold_record(notifying, &fd, diag);
	if (status == STATUS_OK)
		status = start(notifying, fd, &child, diag);
	if (fd >= 0)
		close(fd);
	if (status != STATUS_OK)
		return status;
	code = wait_for(child);
	*given = code != STATUS_UNAVAILABLE && code != STATUS_TRY_AGAIN;
	notifying->told += code == 0 ? count : 0;
	notifying->failed += *given && code != 0 ? count : 0;
	notifying->postponed += *given ? 0 : count;
	return STATUS_OK;
}

/* The results of one call; a failure to note them comes after its own. */
static enum status
end(struct notifying *notifying, const struct notice *notices, size_t count,
    bool given, enum status status, struct diag *diag)
{
	struct diag ignored, *to = status == STATUS_OK ? diag : &ignored;
	enum status ended = STATUS_OK;

	for (size_t i = 0; i < count && ended == STATUS_OK; i += LIMIT_BATCH) {
		bool own;

		ended = state_join(notifying->state, &own, to);
		if (ended != STATUS_OK)
			break;
		for (size_t k = i;
		     k < count && k < i + LIMIT_BATCH && ended == STATUS_OK;
		     k++)
			ended = notice_end(notifying->state, &notices[k], given,
			    to);
		ended = state_leave(notifying->state, own, ended, to);
	}
	return status == STATUS_OK ? ended : status;
}

static enum status
take(struct notifying *notifying, int64_t n)
{
	struct diag *diag = &notifying->audit->run->diag;
	struct arena arena = ARENA_INIT;
	struct notice notice;
	struct exception_row row;
	enum status status;
	bool due, given;

	status = notice_begin(notifying->state, n, &arena, &notice, &row, &due,
	    diag);
	if (status == STATUS_OK && due) {
		write_record(notifying, &notice, &row);
		status = tell(notifying, 1, &given, diag);
		status = end(notifying, &notice, 1, given, status, diag);
	}
	arena_free(&arena);
	return status;
}

/* Some intents of a digest in one transaction; *begun: with those of before. */
static enum status
begin_some(struct notifying *notifying, const struct notice_due *due,
    size_t count, struct digest *digest, struct notice *notices, size_t *begun)
{
	struct diag *diag = &notifying->audit->run->diag;
	struct arena arena = ARENA_INIT;
	enum status status;
	size_t now = *begun;
	bool own, ours;

	status = state_join(notifying->state, &own, diag);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct exception_row row;

		arena_reset(&arena);
		status = notice_begin(notifying->state, due[i].n, &arena,
		    &notices[now], &row, &ours, diag);
		if (status == STATUS_OK && ours)
			digest_add(digest, &notices[now++], &row);
	}
	arena_free(&arena);
	status = state_leave(notifying->state, own, status, diag);
	if (status == STATUS_OK)
		*begun = now;
	return status;
}

/* All of them in one call. */
static enum status
take_digest(struct notifying *notifying, const struct notice_due *due,
    size_t count)
{
	struct audit *audit = notifying->audit;
	struct notice *notices = mem_grow(NULL, count, sizeof(*notices));
	struct digest digest = { .total = 0 };
	enum status status = STATUS_OK;
	size_t begun = 0;
	bool given = false;

	for (size_t i = 0; i < count && status == STATUS_OK; i += LIMIT_BATCH)
		status = begin_some(notifying, &due[i],
		    count - i < LIMIT_BATCH ? count - i : LIMIT_BATCH, &digest,
		    notices, &begun);
	if (status == STATUS_OK && begun > 0) {
		buf_clear(&notifying->record);
		digest_write(&digest, &notifying->record, audit->run->config,
		    due->owner);
		status = tell(notifying, begun, &given, &audit->run->diag);
	}
	status =
	    end(notifying, notices, begun, given, status, &audit->run->diag);
	digest_free(&digest);
	free(notices);
	return status;
}

/* By owner, each one's in the order of the list. */
static int
compare_owner(const void *a, const void *b)
{
	const struct notice_due *left = a, *right = b;
	int order = str_cmp(left->owner, right->owner);

	return order != 0
		   ? order
		   : (left->rank > right->rank) - (left->rank < right->rank);
}

static enum status
take_all(struct notifying *notifying, struct notice_due *due, size_t count,
    uint64_t most)
{
	enum status status = STATUS_OK;
	size_t i = 0;

	if (count > 0)
		qsort(due, count, sizeof(*due), compare_owner);
	while (i < count && status == STATUS_OK && !tool_interrupted()) {
		size_t end = i + 1;

		while (end < count && str_eq(due[end].owner, due[i].owner))
			end++;
		if (end - i > most) {
			status = take_digest(notifying, &due[i], end - i);
			i = end;
			continue;
		}
		for (; i < end && status == STATUS_OK && !tool_interrupted();
		     i++)
			status = take(notifying, due[i].n);
	}
	return status;
}

/* What came of it. */
static enum status
sum_up(const struct notifying *notifying)
{
	struct tool_run *run = notifying->audit->run;

	tool_say(run, "told of: %llu", (unsigned long long)notifying->told);
	if (notifying->failed > 0)
		tool_say(run,
		    "the command failed, and is not run again for: %llu",
		    (unsigned long long)notifying->failed);
	if (notifying->postponed > 0)
		return diag_set(&run->diag, STATUS_UNAVAILABLE,
		    "nobody could be told of %llu, the next run tries again",
		    (unsigned long long)notifying->postponed);
	return notifying->failed > 0 ? STATUS_FINDINGS : STATUS_OK;
}

enum status
notify(struct audit *audit, const char *command, uint64_t most,
    const struct exception_filter *filter)
{
	struct notifying notifying = { .audit = audit, .command = command };
	struct diag *diag = &audit->run->diag;
	struct arena arena = ARENA_INIT;
	struct notice_due *due = NULL;
	size_t count = 0;
	struct health health = { .reasons = BUF_INIT, .arena = ARENA_INIT };
	enum status status = look(audit, &health);

	health_free(&health);
	if (status == STATUS_OK)
		status =
		    audit_open(audit, STATE_EXISTING, &notifying.state, diag);
	if (status == STATUS_OK)
		status = notice_due(notifying.state, filter, &arena, &due,
		    &count, diag);
	if (status == STATUS_OK)
		status = take_all(&notifying, due, count, most);
	state_close(notifying.state);
	arena_free(&arena);
	buf_free(&notifying.record);
	return status == STATUS_OK ? sum_up(&notifying) : status;
}
