#include "ometria/seen.h"

#include "ometria/exchange.h"
#include "ometria/readback.h"
#include "ometria/refuse.h"
#include "state/exceptions.h"

#define SEEN_ROUNDS 3
#define SEEN_SAMPLE 3 /* records of a kind */
#define SEEN_PAGE 100
#define SEEN_STEP 4 /* of a service at a time: others are to leave, too */

/* What is looked for, and how many of it a round. */
static const struct source {
	enum seen_which which;
	enum drain_confirm from, upto; /* with which --confirm */
	size_t most; /* 0 = all */
} sources[] = {
	{ SEEN_DOUBTED, DRAIN_CONFIRM_NONE, DRAIN_CONFIRM_SAMPLE, SEEN_PAGE },
	{ SEEN_NEWEST, DRAIN_CONFIRM_SAMPLE, DRAIN_CONFIRM_SAMPLE,
	    SEEN_SAMPLE },
	{ SEEN_UNCONFIRMED, DRAIN_CONFIRM_ALL, DRAIN_CONFIRM_ALL, 0 },
};

#define SOURCES (sizeof(sources) / sizeof(sources[0]))

struct round {
	struct drain *drain;
	bool last; /* what does not show now is left to the next run */
	size_t seen, absent;
};

/*
 * Nobody waits in this run for what is read back as one of many, or did not
 * show in an earlier run. Where all is to be seen, all is worth a wait.
 */
static bool
is_last_look(const struct round *round, enum seen_which which,
    const struct seen_row *row)
{
	return round->last || (round->drain->confirm != DRAIN_CONFIRM_ALL &&
				  (which == SEEN_NEWEST || row->looked));
}

#define SAMPLE_CODE "push-unconfirmed"
#define SAMPLE_SUBJECT "sample"

/* Sending goes on where reading is not what the documentation says: it is told,
 * and no more of the sample is asked for. */
static enum status
go_without_sample(struct drain *drain, const struct diag *why,
    struct diag *diag)
{
	struct diag cause = *why;

	drain->samples_off = true;
	return refuse_raise(drain, SAMPLE_CODE, SAMPLE_SUBJECT, STR("ometria"),
	    cause.message, diag);
}

static enum status
heal_sample(struct drain *drain, struct diag *diag)
{
	bool own;
	enum status status = state_join(drain->state, &own, diag);

	if (status != STATUS_OK)
		return status;
	return state_leave(drain->state, own,
	    exceptions_heal(drain->state, SAMPLE_CODE, SAMPLE_SUBJECT,
		STR("ometria"), diag),
	    diag);
}

static enum status
get(struct drain *drain, enum seen_which which, const struct seen_row *row,
    struct readback *found, struct diag *diag)
{
	bool sample = which == SEEN_NEWEST;
	enum status status;

	drain->samples_one = sample;
	status = readback_get(drain, row, found, diag);
	drain->samples_one = false;
	if (!sample)
		return status;
	if (status == STATUS_PROTOCOL) {
		found->verdict = READBACK_ENDED;
		return go_without_sample(drain, diag, diag);
	}
	return status == STATUS_OK && found->verdict == READBACK_SAME
		   ? heal_sample(drain, diag)
		   : status;
}

static enum status
look_for(struct round *round, enum seen_which which, const struct seen_row *row,
    struct diag *diag)
{
	struct drain *drain = round->drain;
	struct readback found;
	bool queued = false, last = is_last_look(round, which, row);
	enum status status = get(drain, which, row, &found, diag);

	if (status != STATUS_OK || found.verdict == READBACK_ENDED)
		return status;
	if (found.verdict == READBACK_SAME || last || row->lost)
		status = readback_settle(drain, row, &found, &queued, diag);
	round->seen += found.verdict == READBACK_SAME;
	round->absent += found.verdict != READBACK_SAME && !queued && !last;
	if (status == STATUS_OK && found.verdict != READBACK_SAME && !queued &&
	    last)
		status = seen_absent(drain->state, row->kind, row->id, row->rev,
		    diag);
	/* Sent again, it is to be polled for. */
	drain->unpolled = drain->unpolled || queued;
	return status;
}

static enum status
look_for_page(struct round *round, const struct seen_query *query,
    struct buf *last, size_t *count, struct diag *diag)
{
	struct drain *drain = round->drain;
	struct seen_row rows[SEEN_PAGE];
	enum status status;

	arena_reset(&drain->arena);
	status =
	    seen_rows(drain->state, query, &drain->arena, rows, count, diag);
	for (size_t i = 0;
	     i < *count && status == STATUS_OK && !drain->stop() &&
	     !(query->which == SEEN_NEWEST && drain->samples_off);
	     i++)
		status = look_for(round, query->which, &rows[i], diag);
	buf_clear(last);
	if (*count == query->max)
		buf_add_str(last, rows[*count - 1].id);
	return status;
}

/* A service takes a step from where it was, and begins again at the end. */
static enum status
look_for_kind(struct round *round, const struct source *source,
    enum desired_kind kind, struct diag *diag)
{
	struct drain *drain = round->drain;
	bool step = drain->input != NULL;
	struct buf own = BUF_INIT;
	struct buf *after = step && source->which != SEEN_NEWEST
				? &drain->seen_after[kind]
				: &own;
	struct seen_query query = { .kind = kind,
		.which = source->which,
		.due = step };
	enum status status;
	size_t count;

	query.max = source->most != 0 ? source->most : SEEN_PAGE;
	if (step && query.max > SEEN_STEP)
		query.max = SEEN_STEP;
	if (step && source->which == SEEN_NEWEST)
		query.max = 1;
	do {
		query.after = buf_str(after);
		status = look_for_page(round, &query, after, &count, diag);
	} while (status == STATUS_OK && count == query.max && !step &&
		 source->most == 0 && !drain->stop());
	buf_free(&own);
	return status;
}

/*
 * Where events are read is told by others than Ometria: one that is there and
 * is not found would be sent twice, so they are no sample. A service takes one
 * record at a time, of one kind after the other: most of the rate is for what
 * is to be sent.
 */
static bool
takes_sample(const struct drain *drain, enum desired_kind kind)
{
	return !drain->samples_off && kind != DESIRED_EVENT &&
	       (drain->input == NULL ||
		   (unsigned)kind == drain->samples % DESIRED_EVENT);
}

static enum status
look_for_source(struct round *round, const struct source *source,
    enum desired_kind kind, struct diag *diag)
{
	const struct drain *drain = round->drain;

	if (drain->confirm < source->from || drain->confirm > source->upto ||
	    (source->which == SEEN_NEWEST && !takes_sample(drain, kind)))
		return STATUS_OK;
	return look_for_kind(round, source, kind, diag);
}

static enum status
run_round(struct round *round, bool contacts, struct diag *diag)
{
	enum status status = STATUS_OK;

	round->absent = 0;
	for (int kind = 0; kind < DESIRED_KIND_COUNT; kind++)
		for (size_t i = 0; i < SOURCES && status == STATUS_OK; i++)
			if ((kind == DESIRED_CONTACT) == contacts)
				status = look_for_source(round, &sources[i],
				    (enum desired_kind)kind, diag);
	return status;
}

/* *seen: how many were. */
static enum status
run_rounds(struct drain *drain, bool contacts, size_t *seen, struct diag *diag)
{
	struct round round = { .drain = drain, .absent = 1 };
	int rounds = drain->input != NULL ? 1 : SEEN_ROUNDS;
	int64_t pause =
	    drain->settle < DRAIN_SETTLE_MAX ? drain->settle : DRAIN_SETTLE_MAX;
	enum status status = STATUS_OK;

	for (int i = 1; i <= rounds && round.absent > 0; i++) {
		if (i > 1 && !exchange_pause(drain, pause))
			break;
		round.last = i == rounds;
		status = run_round(&round, contacts, diag);
		if (status != STATUS_OK || drain->stop())
			break;
	}
	*seen = round.seen;
	return status;
}

enum status
seen_run(struct drain *drain, bool *more, struct diag *diag)
{
	size_t seen = 0;
	enum status status = run_rounds(drain, true, &seen, diag);

	drain->samples++;
	*more = status == STATUS_OK && seen > 0 && drain->input == NULL &&
		drain->confirm == DRAIN_CONFIRM_ALL;
	if (status == STATUS_OK && !*more && !drain->stop())
		status = run_rounds(drain, false, &seen, diag);
	return status;
}
