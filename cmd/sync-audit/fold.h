#ifndef SYNC_AUDIT_FOLD_H
#define SYNC_AUDIT_FOLD_H

/*
 * IDocs and records folded on the spot: the other tools of the line, those
 * beside this one, run over files and folders into a state of their own, which
 * goes with it.
 */

#include "audit.h"

struct fold {
	struct buf dir; /* of the state */
	struct buf path; /* of it */
};

/*
 * from: files and folders, ends with NULL; in: what `-` among them is, read
 * from where it stands, -1 = there is none. --segments of the run count.
 * fold_remove in any case. A stage that fails gives its exit code.
 */
enum status fold_run(struct fold *fold, struct tool_run *run, char *const *from,
    int in, struct diag *diag);
void fold_remove(struct fold *fold);

#endif
