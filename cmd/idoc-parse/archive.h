#ifndef IDOC_PARSE_ARCHIVE_H
#define IDOC_PARSE_ARCHIVE_H

/*
 * Files that were read, until their IDocs are settled: then they move to the
 * archive, whatever folder they lay in, under a name that nothing has there;
 * those of nothing but exceptions to failed/ below it, each with a page that
 * says why (why.h). A file that is not what was read any more stays.
 *
 * Moves go in batches: the intents are committed, the files renamed, the ends
 * committed. What a killed run left half done is put right by archive_open.
 * Of ARCHIVE_MAX files at once the settlement is awaited; those beyond are
 * found by a later scan (forgot) or the next run.
 */

#include "base/tool.h"
#include "identity.h"
#include "state/run.h"

#define ARCHIVE_MAX 10000

struct archive_file;

struct archive {
	const struct tool_run *tool;
	struct state *state;
	const struct run *run;
	const char *folder;
	char *failed; /* failed/ below it */
	struct stat info; /* of the folder */
	struct archive_file *files;
	size_t count, size;
	int64_t version; /* of the state at the last pass */
	bool forgot; /* there were more than ARCHIVE_MAX */
};

/* Makes the folder when it is missing. */
enum status archive_open(struct archive *archive, const char *folder,
    const struct tool_run *tool, struct state *state, const struct run *run,
    struct diag *diag);
/*
 * A file was read: with so many IDocs and lines in it, or nothing that can be
 * read. 0 and false: not known (any more).
 */
void archive_add(struct archive *archive, const char *path,
    const struct identity *identity, uint64_t found, bool unreadable);
/* Begin anew: a scan is about to find again what is there. */
void archive_forget(struct archive *archive);
/*
 * Move what has settled, if the state changed since the last pass. What cannot
 * be moved is said on standard error and stays. True when no file waits.
 */
bool archive_pass(struct archive *archive);
void archive_free(struct archive *archive);

#endif
