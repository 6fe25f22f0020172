#include "audit.h"

#include <sys/stat.h>

#include <errno.h>
#include <unistd.h>

#include "audit/profile.h"
#include "base/fd.h"
#include "base/folder.h"
#include "base/sorter.h"
#include "base/text.h"
#include "fold.h"
#include "idoc/segments.h"

#define NS_S INT64_C(1000000000)
#define COPY_BYTES 65536

struct profiling {
	struct audit *audit;
	struct fold fold;
	struct segments segments;
	struct state *state;
	struct profile *profile;
	struct sorter *files; /* by the time they were written, and name */
	int standard; /* a copy of standard input, -1 = it is not asked for */
};

static enum status
on_file(void *user, const char *path, const struct stat *info,
    struct diag *diag)
{
	struct profiling *p = user;
	struct buf key = BUF_INIT;
	int64_t written = info->st_mtim.tv_sec * NS_S + info->st_mtim.tv_nsec;
	enum status status;

	buf_add_u64(&key, written > 0 ? (uint64_t)written : 0, 20);
	buf_add_text(&key, path);
	status = sorter_add(p->files, buf_str(&key), str_of(path), diag);
	buf_free(&key);
	return status;
}

static void
on_passed(void *user, const char *path, int err)
{
	struct profiling *p = user;
	struct buf safe = BUF_INIT;

	text_escape(&safe, str_of(path), 200);
	tool_say(p->audit->run, "'%s' is left out: %s", safe.data,
	    err == 0 ? "it is a symbolic link" : strerror(err));
	buf_free(&safe);
}

/* It is read twice. */
static enum status
copy_standard(struct profiling *p, struct diag *diag)
{
	char bytes[COPY_BYTES];
	struct stat info;
	size_t len = 1;
	enum status status = STATUS_OK;

	if (p->standard >= 0)
		return diag_set(diag, STATUS_USAGE,
		    "'-' is standard input, which there is one of");
	p->standard = fd_unlinked();
	if (p->standard < 0)
		return diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot keep standard input in a temporary file");
	while (status == STATUS_OK && len > 0) {
		status =
		    fd_read(STDIN_FILENO, bytes, sizeof(bytes), &len, diag);
		if (status == STATUS_OK)
			status = fd_write(p->standard,
			    (struct str){ bytes, len }, diag);
	}
	if (status == STATUS_OK && (fstat(p->standard, &info) < 0 ||
				       lseek(p->standard, 0, SEEK_SET) < 0))
		status = diag_errno(diag, STATUS_IO, errno,
		    "cannot read standard input again");
	return status == STATUS_OK ? on_file(p, "-", &info, diag) : status;
}

static enum status
find_files(struct profiling *p, struct diag *diag)
{
	const struct folder_walk walk = { .file = on_file,
		.passed = on_passed,
		.user = p };
	enum status status = STATUS_OK;

	for (size_t i = 0; i < p->audit->operand_count && status == STATUS_OK;
	     i++) {
		const char *path = p->audit->operands[i];
		struct stat info;

		if (strcmp(path, "-") == 0)
			status = copy_standard(p, diag);
		else if (stat(path, &info) != 0)
			status = text_errno(diag, STATUS_NO_INPUT, errno,
			    "cannot find", path);
		else if (S_ISDIR(info.st_mode))
			status = folder_walk(&walk, path, diag);
		else if (S_ISREG(info.st_mode))
			status = on_file(p, path, &info, diag);
		else
			status = diag_set(diag, STATUS_USAGE,
			    "'profile' takes files and folders: they are read "
			    "twice");
	}
	return status == STATUS_OK ? sorter_end(p->files, diag) : status;
}

static enum status
read_file(struct profiling *p, const char *name, struct diag *diag)
{
	if (strcmp(name, "-") != 0)
		return profile_file(p->profile, name, diag);
	return lseek(p->standard, 0, SEEK_SET) == 0
		   ? profile_read(p->profile, p->standard, name, diag)
		   : diag_errno(diag, STATUS_IO, errno,
			 "cannot read standard input again");
}

static enum status
read_files(struct profiling *p, struct diag *diag)
{
	struct str key, path;
	bool found = true;
	enum status status = STATUS_OK;

	while (status == STATUS_OK) {
		char *name;

		status = sorter_next(p->files, &key, &path, &found, diag);
		if (status != STATUS_OK || !found)
			break;
		name = mem_str(path);
		status = read_file(p, name, diag);
		free(name);
		if (status == STATUS_OK && tool_interrupted())
			status =
			    diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
	}
	return status;
}

static enum status
read_all(struct profiling *p, struct diag *diag)
{
	struct tool_run *run = p->audit->run;
	enum status status = find_files(p, diag);

	if (status == STATUS_OK)
		status = segments_load(&p->segments, run, diag);
	if (status == STATUS_OK)
		status = fold_run(&p->fold, run, p->audit->operands,
		    p->standard, diag);
	if (status == STATUS_OK)
		status = state_open(&p->state, p->fold.path.data,
		    STATE_EXISTING, run->config, diag);
	if (status == STATUS_OK)
		status = profile_open(&p->profile, p->state, run->config,
		    p->segments.dictionary, diag);
	if (status == STATUS_OK)
		status = read_files(p, diag);
	return status == STATUS_OK ? profile_look(p->profile, diag) : status;
}

enum status
audit_profile(struct audit *audit)
{
	struct diag *diag = &audit->run->diag;
	struct profiling p = { .audit = audit,
		.files = sorter_new(SORTER_MEMORY / 4),
		.standard = -1 };
	struct buf text = BUF_INIT;
	size_t found = 0;
	enum status status = read_all(&p, diag);

	if (status == STATUS_OK)
		status =
		    options_has(&audit->run->options, "json")
			? profile_write_json(p.profile, &text, &found, diag)
			: profile_write_text(p.profile, &text, &found, diag);
	profile_free(p.profile);
	state_close(p.state);
	fold_remove(&p.fold);
	segments_free(&p.segments);
	sorter_free(p.files);
	if (p.standard >= 0)
		close(p.standard);
	if (status != STATUS_OK) {
		buf_free(&text);
		return status;
	}
	status = audit_print(&text, diag);
	return status == STATUS_OK && found > 0 ? STATUS_FINDINGS : status;
}
