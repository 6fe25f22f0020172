#define _GNU_SOURCE /* pipe2 */
#include "fold.h"

#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define STAGES (sizeof(stages) / sizeof(stages[0]))
#define ARGUMENTS 16 /* more than any stage is given besides files */

static const char *const stages[] = { "idoc-parse", "sku-normalise",
	"customer-aggregate", "order-aggregate", "stock-aggregate" };

/* The folder of this very program: its siblings are there. */
static enum status
find_tools(struct buf *folder, struct diag *diag)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	while (len > 0 && path[len - 1] != '/')
		len--;
	if (len <= 0)
		return diag_errno(diag, STATUS_OS, errno,
		    "cannot find the other tools");
	buf_add(folder, path, (size_t)len);
	return STATUS_OK;
}

static enum status
make_state(struct fold *fold, struct diag *diag)
{
	const char *place = getenv("TMPDIR");

	buf_add_format(&fold->dir, "%s/sap-ometria.XXXXXX",
	    place != NULL && place[0] != '\0' ? place : "/tmp");
	if (mkdtemp(fold->dir.data) == NULL) {
		enum status status = diag_errno(diag, STATUS_CANNOT_CREATE,
		    errno, "cannot create '%s'", fold->dir.data);

		buf_clear(&fold->dir);
		return status;
	}
	buf_add_format(&fold->path, "%s/sync.db", fold->dir.data);
	return STATUS_OK;
}

/* In the child: one stage of the line. */
static _Noreturn void
become(const struct fold *fold, const struct tool_run *run, const char *tool,
    char *const *from, int in, int out)
{
	const char *now = options_value(&run->options, "now");
	const char *config = config_file(run->config);
	const char *report;
	size_t count = 0, files = 0, reports = 0;
	char **argv;

	while (from != NULL && from[files] != NULL)
		files++;
	while (options_nth(&run->options, "segments", reports) != NULL)
		reports++;
	argv = mem_zero(ARGUMENTS + files + 2 * reports, sizeof(*argv));

#define ADD(text) argv[count++] = mem_strdup(text)
	ADD(tool);
	ADD("-q");
	ADD("-s");
	ADD(fold->path.data);
	if (config != NULL) {
		ADD("-c");
		ADD(config);
	}
	if (now != NULL) {
		ADD("--now");
		ADD(now);
	}
	if (from != NULL) {
		for (size_t i = 0; i < reports; i++) {
			report = options_nth(&run->options, "segments", i);
			ADD("--segments");
			ADD(report);
		}
		ADD("--settle");
		ADD("0");
		ADD("--");
		for (size_t i = 0; i < files; i++)
			ADD(from[i]);
	}
#undef ADD
	argv[count] = NULL;
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execv(tool, argv);
	_exit(STATUS_OS);
}

static enum status
start_line(struct fold *fold, const struct tool_run *run, char *const *from,
    int in, pid_t children[STAGES], struct diag *diag)
{
	struct buf tool = BUF_INIT;
	enum status status = find_tools(&tool, diag);
	size_t folder = tool.len;

	in = in >= 0 ? fcntl(in, F_DUPFD_CLOEXEC, 0)
		     : open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (size_t i = 0; i < STAGES && status == STATUS_OK; i++) {
		int ends[2] = { -1, -1 };

		if (i + 1 == STAGES)
			ends[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
		else if (pipe2(ends, O_CLOEXEC) < 0)
			ends[1] = -1;
		tool.len = folder;
		buf_add_text(&tool, stages[i]);
		if (ends[1] >= 0)
			children[i] = fork();
		if (ends[1] >= 0 && children[i] == 0)
			become(fold, run, tool.data, i == 0 ? from : NULL, in,
			    ends[1]);
		if (ends[1] < 0 || children[i] < 0)
			status = diag_errno(diag, STATUS_OS, errno,
			    "cannot start '%s'", stages[i]);
		close(in);
		close(ends[1]);
		in = ends[0];
	}
	if (in >= 0)
		close(in);
	buf_free(&tool);
	return status;
}

/* Exceptions on the way are findings of those records, not of this run. */
static enum status
end_line(const pid_t children[STAGES], struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < STAGES; i++) {
		int result = 0;
		int code;

		if (children[i] <= 0)
			continue;
		while (waitpid(children[i], &result, 0) < 0 && errno == EINTR)
			;
		code = WIFEXITED(result) ? WEXITSTATUS(result) : STATUS_BUG;
		if (status == STATUS_OK && code > STATUS_FINDINGS)
			status = diag_set(diag, (enum status)code,
			    "cannot fold the files: '%s' ended with exit code "
			    "%d",
			    stages[i], code);
	}
	return status;
}

enum status
fold_run(struct fold *fold, struct tool_run *run, char *const *from, int in,
    struct diag *diag)
{
	pid_t children[STAGES] = { 0 };
	enum status status = make_state(fold, diag), ended;

	if (status != STATUS_OK)
		return status;
	status = start_line(fold, run, from, in, children, diag);
	ended = end_line(children, diag);
	if (status == STATUS_OK)
		status = ended;
	if (status == STATUS_OK && tool_interrupted())
		status = diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
	return status;
}

void
fold_remove(struct fold *fold)
{
	DIR *dir = fold->dir.len > 0 ? opendir(fold->dir.data) : NULL;
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	if (fold->dir.len > 0)
		rmdir(fold->dir.data);
	buf_free(&fold->dir);
	buf_free(&fold->path);
}
