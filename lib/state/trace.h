#ifndef STATE_TRACE_H
#define STATE_TRACE_H

/*
 * The trace: which IDocs a revision of an Ometria record contains, and when
 * they were folded into it. With the ledger (created in SAP, parsed) and the
 * journal of deliveries (sent, accepted, confirmed) that is the whole way of an
 * IDoc; a column says nothing twice.
 *
 * An IDoc of which nothing had to be sent, because Ometria had it all already
 * or the record is none that leaves, has no trace. A trace goes after a week,
 * once what it is about is confirmed.
 */

#include "record/desired.h"
#include "state/state.h"

#define TRACE_HEADS 1024 /* a power of two */
/* Seconds for which a trace is kept, at least. */
#define TRACE_KEPT ((int64_t)7 * 24 * 3600)

/* The delivery by which a row of `trace AS t` reached Ometria first, for
 * lib/audit. */
#define TRACE_DELIVERY                                                         \
	"(SELECT min(m.delivery) FROM delivery_record AS m"                    \
	" JOIN delivery AS d ON d.id = m.delivery WHERE m.id = t.id"           \
	" AND d.kind = t.kind AND m.rev >= t.rev AND m.refused = 0"            \
	" AND d.result = 1)"

/* What the records of a batch are part of; starts as {0}. */
struct trace {
	struct arena arena;
	struct trace_link *links;
	size_t count, size;
	size_t heads[TRACE_HEADS]; /* of chains of links, by their id, from 1 */
};

/* From now on the outbox tells it of revisions; with NULL no more. */
void trace_use(struct state *state, struct trace *trace);
/* The record from src has a part in what this Ometria record is to be. One
 * without an IDoc number has no trace. Texts are copied. */
void trace_add(struct trace *trace, const struct record_src *src,
    enum desired_kind kind, struct str id);
/* The ledger: this IDoc has the number of what was added last. */
void trace_idoc(struct state *state, struct str docnum, int64_t idoc);
/* The outbox: this revision waits to be sent, and holds what was added. */
void trace_put(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev);
/*
 * At the end of a batch, in its transaction: write what has a revision, and
 * forget the batch.
 */
enum status trace_save(struct state *state, struct diag *diag);
void trace_free(struct trace *trace);

/* Drop what is older than a week and confirmed, so many at a time that no
 * transaction is long. */
enum status trace_prune(struct state *state, int64_t now, struct diag *diag);

#endif
