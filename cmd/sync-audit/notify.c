#define _GNU_SOURCE /* environ */
#include "notify.h"
#include "look.h"

#include <sys/wait.h>

#include <errno.h>
#include <spawn.h>
#include <unistd.h>

#include "audit/list.h"
#include "base/fd.h"
#include "state/notice.h"

struct notifying {
	struct audit *audit;
	struct state *state; /* the audit's, opened for writing */
	const char *command;
	struct buf record;
	uint64_t told, failed, postponed;
};

static void
write_record(struct notifying *notifying, const struct notice *notice)
{
	const struct config *config = notifying->audit->run->config;
	struct jsonw w;

	buf_clear(&notifying->record);
	w = list_begin_record(&notifying->record, &notice->row);
	jsonw_member(&w, "notice", str_of(notice_kind_name(notice->kind)));
	list_add_advice(&w, config, &notice->row);
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

/* *given: as far as is known somebody was told. */
static enum status
tell(struct notifying *notifying, const struct notice *notice, bool *given,
    struct diag *diag)
{
	enum status status;
	pid_t child;
	int fd, code;

	*given = false;
	write_record(notifying, notice);
	status = hold_record(notifying, &fd, diag);
	if (status == STATUS_OK)
		status = start(notifying, fd, &child, diag);
	if (fd >= 0)
		close(fd);
	if (status != STATUS_OK)
		return status;
	code = wait_for(child);
	*given = code != STATUS_UNAVAILABLE && code != STATUS_TRY_AGAIN;
	notifying->told += code == 0;
	notifying->failed += *given && code != 0;
	notifying->postponed += !*given;
	return STATUS_OK;
}

static enum status
take(struct notifying *notifying, int64_t n)
{
	struct state *state = notifying->state;
	struct diag *diag = &notifying->audit->run->diag, ignored;
	struct arena arena = ARENA_INIT;
	struct notice notice;
	enum status status, ended;
	bool due, given;

	status = notice_begin(state, n, &arena, &notice, &due, diag);
	if (status == STATUS_OK && due) {
		status = tell(notifying, &notice, &given, diag);
		ended = notice_end(state, &notice, given,
		    status == STATUS_OK ? diag : &ignored);
		if (status == STATUS_OK)
			status = ended;
	}
	arena_free(&arena);
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
notify(struct audit *audit, const char *command,
    const struct exception_filter *filter)
{
	struct notifying notifying = { .audit = audit, .command = command };
	struct diag *diag = &audit->run->diag;
	int64_t *due = NULL;
	size_t count = 0;
	struct health health = { .reasons = BUF_INIT, .arena = ARENA_INIT };
	enum status status = look(audit, &health);

	health_free(&health);
	if (status == STATUS_OK)
		status =
		    audit_open(audit, STATE_EXISTING, &notifying.state, diag);
	if (status == STATUS_OK)
		status =
		    notice_due(notifying.state, filter, &due, &count, diag);
	for (size_t i = 0;
	     i < count && status == STATUS_OK && !tool_interrupted(); i++)
		status = take(&notifying, due[i]);
	state_close(notifying.state);
	free(due);
	buf_free(&notifying.record);
	return status == STATUS_OK ? sum_up(&notifying) : status;
}
