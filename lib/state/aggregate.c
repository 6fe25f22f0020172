#include "state/aggregate.h"

#include <unistd.h>

#include "state/final.h"
#include "state/ledger.h"
#include "state/outbox.h"

const struct option aggregate_options[] = {
	OPTION_STATE,
	OPTIONS_COMMON,
	{ 0 },
};

const char *const aggregate_synopsis[] = {
	"[-c FILE] [-s FILE]",
	NULL,
};

/* at_end, or due when more is given. */
static enum status
call_at_end(struct aggregate *a, bool *more, struct diag *diag)
{
	struct buf output = BUF_INIT;
	enum status status = state_begin(a->state, diag);

	/* At the end nobody knows any more which record said what. */
	if (more != NULL)
		outbox_set_age(a->state, OUTBOX_DUE);
	else if (a->filter.past && !a->filter.lived)
		outbox_set_age(a->state, OUTBOX_HISTORY);
	if (status == STATUS_OK)
		status = more != NULL
			     ? a->due(a->filter.user, more, &output, diag)
			     : a->at_end(a->filter.user, &output, diag);
	if (status == STATUS_OK)
		status = state_commit(a->state, diag);
	else
		state_rollback(a->state);
	outbox_set_age(a->state, OUTBOX_LIVE);
	if (status == STATUS_OK)
		status = out_add(&a->out, buf_str(&output), diag);
	buf_free(&output);
	return status;
}

static bool
went_well(enum status status)
{
	return status == STATUS_OK || status == STATUS_FINDINGS;
}

/* All that time has made due; what it gives leaves at once. */
static enum status
pass_due(struct aggregate *a, struct diag *diag)
{
	bool more = a->due != NULL;
	enum status status = STATUS_OK;

	while (more && status == STATUS_OK)
		status = call_at_end(a, &more, diag);
	return status == STATUS_OK ? out_flush(&a->out, diag) : status;
}

static enum status
loop(struct aggregate *a, struct diag *diag)
{
	enum status status, ended = STATUS_OK;
	uint64_t excepted;

	if (a->begin != NULL && !state_is_temporary(a->state)) {
		status = a->begin(a->filter.user, diag);
		if (status != STATUS_OK)
			return status;
	}
	a->filter.stages = a->filter.types;
	status = filter_run(&a->filter, a->fd, diag);
	if (!went_well(status))
		return status;
	excepted = a->run.excepted;
	if (!state_is_temporary(a->state))
		ended = pass_due(a, diag);
	else if (a->at_end != NULL)
		ended = call_at_end(a, NULL, diag);
	if (ended == STATUS_OK && state_is_temporary(a->state))
		ended = final_print(a->state, &a->out, diag);
	if (ended != STATUS_OK)
		return ended;
	return a->run.excepted > excepted ? STATUS_FINDINGS : status;
}

enum status
aggregate_run(struct aggregate *a, struct tool_run *run)
{
	const char *tool = run->tool->name;
	struct diag *diag = &run->diag;
	enum status status, ended;
	struct diag later;

	if (run->options.operand_count > 0)
		return diag_set(diag, STATUS_USAGE,
		    "takes no operands: records come by standard input");
	status = state_open(&a->state, options_value(&run->options, "state"),
	    STATE_WRITE, run->config, diag);
	if (status != STATUS_OK)
		return status;
	out_open(&a->out, STDOUT_FILENO);
	a->filter.state = a->state;
	a->filter.run = &a->run;
	a->filter.out = &a->out;
	a->filter.tool = tool;
	status = run_begin(a->state, &a->run, tool, diag);
	if (status == STATUS_OK) {
		status = loop(a, diag);
		status = run_end(a->state, &a->run, status, diag);
	}
	ended = out_close(&a->out, &later);
	if (went_well(status) && ended != STATUS_OK) {
		status = ended;
		*diag = later;
	}
	state_close(a->state);
	return status;
}

enum status
aggregate_arrive(struct state *state, struct record *record,
    struct arena *arena, bool *stamped, bool *duplicate, struct diag *diag)
{
	struct record_src src;
	char digits[15];
	enum status status;

	status = ledger_adopt(state, record, arena, &src, duplicate, diag);
	if (status != STATUS_OK)
		return status;
	record->src = src;
	*stamped = record->seq.len == 0;
	if (*stamped) {
		zone_to_digits(instant_now(), digits);
		record->seq = arena_format(arena, "%s.%016d", digits, 0);
	}
	return STATUS_OK;
}

enum status
aggregate_idle(struct aggregate *a, struct diag *diag)
{
	return state_is_temporary(a->state) ? STATUS_OK : pass_due(a, diag);
}
