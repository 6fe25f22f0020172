#ifndef STATE_LEDGER_H
#define STATE_LEDGER_H

/*
 * The ledger: each IDoc seen, and the outcome of each of its records. An IDoc
 * is settled when all records 1..total have an outcome; until then it is
 * emitted again by every run. A record made outside SAP is an IDoc of one
 * record: sys "shop", docnum '#' and the hash of its line.
 *
 * Key: system, client, IDoc number (sap-ometria(7)). All
 * calls below stand inside a transaction of the caller.
 */

#include "record/record.h"
#include "state/state.h"

enum ledger_verdict {
	LEDGER_NEW, /* never seen: process it */
	LEDGER_OPEN, /* seen, not settled: process it again */
	LEDGER_RETRY, /* was excepted: process it again */
	LEDGER_REUSED, /* same number, other content: process and report */
	LEDGER_DUPLICATE /* settled: do not process */
};

enum outcome {
	OUTCOME_FOLDED,
	OUTCOME_SUPERSEDED,
	OUTCOME_DUPLICATE,
	OUTCOME_EXCEPTED,
	OUTCOME_IGNORED /* by a named rule */
};

struct ledger_idoc {
	struct record_src
	    src; /* sys, client, docnum, mestyp, idoctyp, file, n */
	struct str seq;
	struct hash hash; /* of the content */
	bool broken; /* could not be read: its outcome is an exception */
	int64_t run; /* that gives it to the line, 0 = none */
	bool anew; /* outcomes of some of its records are void */
};

/*
 * idoc-parse has read an IDoc. Writes or refreshes its row and counts the
 * sight; *id names the row for ledger_total. A broken copy of a settled number
 * is a duplicate. For LEDGER_RETRY and LEDGER_REUSED the old outcomes are
 * removed.
 */
enum status ledger_see(struct state *state, const struct ledger_idoc *idoc,
    enum ledger_verdict *verdict, int64_t *id, struct diag *diag);

/* The IDoc ended: it gave this many records (0 settles it at once). */
enum status ledger_total(struct state *state, int64_t id, uint64_t total,
    struct diag *diag);

/*
 * Write the outcome of a record by its src (r may be 0: taken as 1); rule names
 * why for IGNORED, else NULL. Whoever comes first writes: an outcome that is
 * there stays, unless it is EXCEPTED. A src without docnum is no business of
 * the ledger: nothing is written.
 */
enum status ledger_settle(struct state *state, const struct record_src *src,
    enum outcome outcome, const char *rule, struct diag *diag);

/*
 * Records of one IDoc are settled one behind the other: how far it is settled
 * is written once, when another IDoc follows, when the ledger is asked, and by
 * state_commit, which calls this.
 */
enum status ledger_save(struct state *state, struct diag *diag);

/* A record was folded, and a rule kept back something that follows from it. */
enum status ledger_remark(struct state *state, const struct record_src *src,
    const char *rule, struct diag *diag);

/*
 * For a record without src (it came by pipe from outside): register its line
 * as an IDoc of one record and fill src. *duplicate: it is settled already.
 * The texts of src live in the arena.
 */
enum status ledger_adopt(struct state *state, const struct record *record,
    struct arena *arena, struct record_src *src, bool *duplicate,
    struct diag *diag);

/* What the ledger knows of a file, by its name as in src.file. */
struct ledger_file {
	bool settled; /* every IDoc of it is */
	uint64_t idocs; /* that were last read in it */
	uint64_t excepted; /* of those, the ones of nothing but exceptions */
};

enum status ledger_file(struct state *state, struct str name,
    struct ledger_file *file, struct diag *diag);
/* Whether an archived file may be read again: an IDoc of it is not settled, or
 * has an exception that is open. */
enum status ledger_file_needed(struct state *state, struct str name,
    bool *needed, struct diag *diag);
/* When a file came into the archive; *at stays as it is where nobody knows, as
 * of one that came when none aged out. */
enum status ledger_file_archived(struct state *state, struct str name,
    instant *at, struct diag *diag);
/* A file was removed: its IDocs are in none. */
enum status ledger_file_gone(struct state *state, struct str name,
    struct diag *diag);
/* A file was moved: remember where it is now. */
enum status ledger_file_moved(struct state *state, struct str file,
    struct str now, struct diag *diag);

/*
 * Moves: the intent is committed before the rename, its end after it. What a
 * dead run left is found by ledger_move_left (*found), which has no
 * transaction of its own either.
 */
enum status ledger_move_begin(struct state *state, int64_t run, struct str from,
    struct str to, struct diag *diag);
/* In place of a run: a person had an archived file put back. */
#define LEDGER_PUT_BACK 0
/* Whether that intent is there. */
enum status ledger_move_begun(struct state *state, int64_t run, struct str from,
    struct str to, bool *begun, struct diag *diag);
/* done: it is there now, in the archive or back from it; else it stayed where
 * it was. */
enum status ledger_move_end(struct state *state, int64_t run, struct str from,
    struct str to, bool done, struct diag *diag);
enum status ledger_move_left(struct state *state, int64_t *run,
    struct buf *from, struct buf *to, bool *found, struct diag *diag);

#endif
