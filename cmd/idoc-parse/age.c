#include "age.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/instant.h"
#include "base/text.h"
#include "state/ledger.h"
#include "state/meta.h"

/* Files that one pass removes at most: the next one is an hour later. */
#define FILES_MAX 10000

struct ageing {
	struct archive *archive;
	int64_t before; /* seconds since 1970 */
	size_t removed;
};

static void
say(const struct ageing *ageing, const char *path, int err)
{
	struct buf name = BUF_INIT;

	tool_say(ageing->archive->tool, "cannot remove '%s': %s",
	    text_escape(&name, str_of(path), 200), strerror(err));
	buf_free(&name);
}

static bool
is_archived(const struct ageing *ageing, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str folder = { path, (size_t)(slash - path) };

	return !str_ends(str_of(path), ".why") &&
	       (str_is(folder, ageing->archive->folder) ||
		   str_is(folder, ageing->archive->failed));
}

/* The file first: killed in between, the next pass finds no file of a name
 * that the ledger has, which says nothing wrong. */
static enum status
remove_file(struct ageing *ageing, const char *path, struct diag *diag)
{
	struct state *state = ageing->archive->state;
	struct buf why = BUF_INIT;
	enum status status;

	if (unlink(path) != 0) {
		say(ageing, path, errno);
		return STATUS_OK;
	}
	buf_add_format(&why, "%s.why", path);
	unlink(why.data);
	buf_free(&why);
	ageing->removed++;
	status = state_begin(state, diag);
	return status == STATUS_OK
		   ? state_leave(state, true,
			 ledger_file_gone(state, str_of(path), diag), diag)
		   : status;
}

/*
 * What SAP wrote long ago may have come today, and a file that was touched or
 * copied back from a backup is as old as before: the ledger knows. Where it
 * does not, the time of the inode is that of the move.
 */
static enum status
on_file(void *user, const char *path, const struct stat *info,
    struct diag *diag)
{
	struct ageing *ageing = user;
	struct state *state = ageing->archive->state;
	instant came = (instant)info->st_ctim.tv_sec;
	enum status status;
	bool needed;

	if (ageing->removed >= FILES_MAX || tool_interrupted() ||
	    !is_archived(ageing, path))
		return STATUS_OK;
	status = ledger_file_archived(state, str_of(path), &came, diag);
	if (status != STATUS_OK || came >= ageing->before)
		return status;
	status = ledger_file_needed(state, str_of(path), &needed, diag);
	return status == STATUS_OK && !needed ? remove_file(ageing, path, diag)
					      : status;
}

/* Whether this process is the first one in this hour. */
static enum status
is_first(struct state *state, int64_t now, bool *first, struct diag *diag)
{
	char hour[32];
	struct hash hash;
	enum status status = state_begin(state, diag);
	bool same = false;

	snprintf(hour, sizeof(hour), "%lld", (long long)(now / 3600));
	hash = hash_of(str_of(hour));
	if (status != STATUS_OK)
		return status;
	status = meta_is(state, "archive-aged", hash, &same, diag);
	if (status == STATUS_OK && !same)
		status = meta_set(state, "archive-aged", hash, diag);
	*first = !same;
	return state_leave(state, true, status, diag);
}

enum status
age_pass(struct archive *archive, struct diag *diag)
{
	struct ageing ageing = { .archive = archive };
	const struct folder_walk walk = { .file = on_file, .user = &ageing };
	int64_t retain = config_duration(state_config(archive->state),
	    "archive", NULL, "retain");
	int64_t now = instant_now();
	enum status status;
	bool first;

	if (retain == 0)
		return STATUS_OK;
	status = is_first(archive->state, now, &first, diag);
	if (status != STATUS_OK || !first)
		return status;
	ageing.before = now - retain / 1000;
	status = folder_walk(&walk, archive->folder, diag);
	if (ageing.removed > 0)
		tool_note(archive->tool, "%zu archived files aged out",
		    ageing.removed);
	return status;
}
