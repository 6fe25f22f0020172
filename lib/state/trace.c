#include "state/trace.h"
#include "state/schema.h"
#include "state/state_private.h"

#include "base/arena.h"
#include "base/instant.h"

/* rev: of the outbox row when the IDoc was folded. The key begins with the
 * IDoc, so that a new trace is always put behind the last one. */
const char trace_schema_7[] =
    "CREATE TABLE trace("
    " idoc INTEGER NOT NULL,"
    " kind INTEGER NOT NULL,"
    " id TEXT NOT NULL,"
    " rev INTEGER NOT NULL,"
    " folded_at INTEGER NOT NULL,"
    " PRIMARY KEY(idoc, kind, id)) STRICT, WITHOUT ROWID;";

struct trace_link {
	struct str sys, client, docnum;
	enum desired_kind kind;
	struct str id;
	int64_t idoc; /* of the ledger, 0 = it is to be asked */
	uint64_t rev; /* 0 = none waits */
	size_t next; /* of its chain, from 1 */
};

void
trace_use(struct state *state, struct trace *trace)
{
	state->trace = state_is_temporary(state) ? NULL : trace;
}

static size_t *
head_of(struct trace *trace, struct str id)
{
	return &trace->heads[str_spread(id) & (TRACE_HEADS - 1)];
}

static bool
is_about(const struct trace_link *link, enum desired_kind kind, struct str id)
{
	return link->kind == kind && str_eq(link->id, id);
}

static void
add(struct trace *trace, struct trace_link link, size_t *head)
{
	if (trace->count == trace->size) {
		trace->size = trace->size == 0 ? 64 : 2 * trace->size;
		trace->links =
		    mem_grow(trace->links, trace->size, sizeof(*trace->links));
	}
	link.next = *head;
	trace->links[trace->count++] = link;
	*head = trace->count;
}

void
trace_add(struct trace *trace, const struct record_src *src,
    enum desired_kind kind, struct str id)
{
	size_t *head = head_of(trace, id);
	const struct trace_link *last =
	    *head > 0 ? &trace->links[*head - 1] : NULL;

	if (src->docnum.len == 0 || id.len == 0)
		return;
	/* The records of an IDoc follow each other, and mostly mean one. */
	if (last != NULL && is_about(last, kind, id) &&
	    str_eq(last->docnum, src->docnum))
		return;
	add(trace,
	    (struct trace_link){
		.sys = arena_str(&trace->arena, src->sys),
		.client = arena_str(&trace->arena, src->client),
		.docnum = arena_str(&trace->arena, src->docnum),
		.kind = kind,
		.id = arena_str(&trace->arena, id),
	    },
	    head);
}

void
trace_put(struct state *state, enum desired_kind kind, struct str id,
    uint64_t rev)
{
	struct trace *trace = state->trace;
	struct trace_link *link;

	if (trace == NULL)
		return;
	for (size_t at = *head_of(trace, id); at > 0; at = link->next) {
		link = &trace->links[at - 1];
		if (is_about(link, kind, id))
			link->rev = rev;
	}
}

/* Those of the record in hand are the last ones. */
void
trace_idoc(struct state *state, struct str docnum, int64_t idoc)
{
	struct trace *trace = state->trace;
	size_t at = trace != NULL ? trace->count : 0;

	for (; at > 0 && trace->links[at - 1].idoc == 0 &&
	       str_eq(trace->links[at - 1].docnum, docnum);
	     at--)
		trace->links[at - 1].idoc = idoc;
}

static enum status
find_idoc(struct state *state, struct trace_link *link, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT id FROM idoc WHERE sys = coalesce(?1, '')"
	    " AND client = coalesce(?2, '') AND docnum = ?3",
	    diag);
	enum status status;

	sql_text(statement, 1, link->sys);
	sql_text(statement, 2, link->client);
	sql_text(statement, 3, link->docnum);
	if (sql_row(state, statement, &status, diag))
		link->idoc = sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

static enum status
save(struct state *state, struct trace_link *link, int64_t now,
    struct diag *diag)
{
	enum status status = STATUS_OK;
	sqlite3_stmt *statement;

	if (link->idoc == 0)
		status = find_idoc(state, link, diag);
	if (status != STATUS_OK || link->idoc == 0)
		return status;
	statement = state_sql(state,
	    "INSERT INTO trace(idoc, kind, id, rev, folded_at)"
	    " VALUES(?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT(idoc, kind, id) DO UPDATE"
	    " SET rev = excluded.rev, folded_at = excluded.folded_at",
	    diag);
	sql_int(statement, 1, link->idoc);
	sql_int(statement, 2, link->kind);
	sql_text(statement, 3, link->id);
	sql_int(statement, 4, (int64_t)link->rev);
	sql_time(statement, 5, now);
	return sql_run(state, statement, diag);
}

enum status
trace_save(struct state *state, struct diag *diag)
{
	struct trace *trace = state->trace;
	enum status status = STATUS_OK;
	int64_t now = instant_now();

	if (trace == NULL)
		return STATUS_OK;
	for (size_t i = 0; i < trace->count && status == STATUS_OK; i++)
		if (trace->links[i].rev > 0)
			status = save(state, &trace->links[i], now, diag);
	trace->count = 0;
	memset(trace->heads, 0, sizeof(trace->heads));
	arena_reset(&trace->arena);
	return status;
}

void
trace_free(struct trace *trace)
{
	arena_free(&trace->arena);
	free(trace->links);
	*trace = (struct trace){ .count = 0 };
}

/* Only the oldest are looked at: there is no index by time. */
enum status
trace_prune(struct state *state, int64_t now, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "DELETE FROM trace WHERE folded_at <= ?1 AND idoc <= ("
	    " SELECT max(idoc) FROM"
	    "  (SELECT idoc FROM trace ORDER BY idoc LIMIT 5000))"
	    " AND NOT EXISTS(SELECT 1 FROM outbox AS o"
	    "  WHERE o.kind = trace.kind AND o.id = trace.id"
	    "  AND (o.state > 0 OR o.accepted_rev > o.confirmed_rev))",
	    diag);

	sql_int(statement, 1, now - TRACE_KEPT);
	return sql_run(state, statement, diag);
}
