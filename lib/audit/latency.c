#include "audit/latency.h"

#include <stdlib.h>

#include "state/delivery_result.h"
#include "state/trace.h"

#include "base/instant.h"

/* The moments that an IDoc passes; stage n ends at moment n + 1. */
enum moment {
	CREATED,
	PARSED,
	FOLDED,
	SENT,
	ACCEPTED,
	VERIFIED,
	MOMENTS
};

struct measured {
	struct str mestyp;
	struct histogram stages[LATENCY_STAGES];
};

struct measuring {
	struct latency *to;
	struct measured *types[LATENCY_TYPES];
	struct arena *arena;
};

const char *
latency_stage_name(enum latency_stage stage)
{
	static const char *const names[] = { "parsed", "folded", "sent",
		"accepted", "verified", "all" };

	return names[stage];
}

/* The histograms of a message type; the last place is for all that find none.
 */
static struct measured *
type_of(struct measuring *m, struct str mestyp)
{
	struct latency *to = m->to;

	for (size_t i = 0; i < to->count; i++)
		if (str_eq(m->types[i]->mestyp, mestyp) ||
		    i == LATENCY_TYPES - 1)
			return m->types[i];
	if (to->count == LATENCY_TYPES - 1)
		mestyp = STR("other");
	m->types[to->count] = mem_zero(1, sizeof(*m->types[0]));
	m->types[to->count]->mestyp = arena_str(m->arena, mestyp);
	return m->types[to->count++];
}

static void
add(struct measuring *m, struct measured *type, enum latency_stage stage,
    int64_t from, int64_t to)
{
	if (from == INSTANT_NONE || to == INSTANT_NONE)
		return;
	histogram_add(&type->stages[stage], to - from);
	m->to->spent[stage] += to > from ? to - from : 0;
}

static void
add_all(struct measuring *m, struct str mestyp, const int64_t at[MOMENTS])
{
	struct measured *type = type_of(m, mestyp);

	for (int stage = LATENCY_PARSED; stage <= LATENCY_VERIFIED; stage++)
		add(m, type, (enum latency_stage)stage, at[stage],
		    at[stage + 1]);
	add(m, type, LATENCY_ALL,
	    at[CREATED] != INSTANT_NONE ? at[CREATED] : at[PARSED],
	    at[ACCEPTED]);
}

/* A record made outside SAP has a number that begins with '#'. */
static int64_t
created_at(struct str docnum, struct str seq)
{
	instant at;

	if (docnum.len == 0 || docnum.data[0] == '#' || seq.len < 14)
		return INSTANT_NONE;
	seq.len = 14;
	return zone_from_digits(seq, &at) ? at : INSTANT_NONE;
}

static int
by_name(const void *a, const void *b)
{
	const struct latency_type *first = a, *second = b;

	return str_cmp(first->mestyp, second->mestyp);
}

static void
finish(struct measuring *m)
{
	for (size_t i = 0; i < m->to->count; i++) {
		struct latency_type *type = &m->to->types[i];

		type->mestyp = m->types[i]->mestyp;
		for (int stage = 0; stage < LATENCY_STAGES; stage++)
			type->stages[stage] =
			    histogram_figures(&m->types[i]->stages[stage]);
		free(m->types[i]);
	}
	qsort(m->to->types, m->to->count, sizeof(m->to->types[0]), by_name);
}

_Static_assert(DELIVERY_ACCEPTED == 1, "TRACE_DELIVERY");

/* Newest first: the ledger gives ascending numbers, and there is no index by
 * time. */
enum status
latency_read(struct latency *latency, struct state *state, int64_t since,
    struct arena *arena, struct diag *diag)
{
	sqlite3_stmt *row = state_sql(state,
	    "SELECT i.mestyp, i.docnum, i.seq, i.first_at, t.folded_at,"
	    " d.began_at, d.ended_at, (SELECT min(m.confirmed_at)"
	    "  FROM delivery_record AS m JOIN delivery AS d"
	    "  ON d.id = m.delivery WHERE m.id = t.id AND d.kind = t.kind"
	    "  AND m.rev >= t.rev AND m.refused = 0)"
	    " FROM trace AS t JOIN idoc AS i ON i.id = t.idoc"
	    " LEFT JOIN delivery AS d ON d.id = " TRACE_DELIVERY
	    " WHERE i.backfill = 0"
	    " ORDER BY t.idoc DESC LIMIT ?1",
	    diag);
	struct measuring m = { .to = latency, .arena = arena };
	enum status status;

	*latency = (struct latency){ .count = 0 };
	sql_int(row, 1, LATENCY_MOST);
	while (sql_row(state, row, &status, diag)) {
		int64_t at[MOMENTS];

		at[CREATED] =
		    created_at(sql_get_text(row, 1), sql_get_text(row, 2));
		for (int moment = PARSED; moment < MOMENTS; moment++)
			at[moment] = sql_get_time(row, moment + 2);
		if (at[PARSED] < since)
			break;
		add_all(&m, sql_get_text(row, 0), at);
	}
	sqlite3_reset(row);
	finish(&m);
	return status;
}

enum latency_stage
latency_slowest(const struct latency *latency)
{
	enum latency_stage slowest = LATENCY_ALL;
	int64_t most = 0;

	for (int stage = LATENCY_PARSED; stage <= LATENCY_ACCEPTED; stage++)
		if (latency->spent[stage] > most) {
			most = latency->spent[stage];
			slowest = (enum latency_stage)stage;
		}
	return slowest;
}
