#include "intake.h"

#include "state/exceptions.h"
#include "state/hold.h"
#include "state/ledger.h"
#include "state/outbox.h"

struct intake {
	struct filter filter;
	struct filter_loop *loop;
	struct arena arena;
	uint32_t missing; /* types whose aggregator was missed already */
	bool findings;
};

static enum status
except(struct intake *intake, const struct record *record, const char *code,
    const char *subject, struct str id, const char *message, struct buf *output,
    struct diag *diag)
{
	struct exception exception = {
		.code = code,
		.subject = subject,
		.id = id,
		.message = str_of(message),
		.src = record->src,
	};

	intake->findings = true;
	return filter_except(&intake->filter, &exception, output, diag);
}

/*
 * The state knows it when it has given this revision or a later one: it may
 * have gone back to an accepted one while the line was in the pipe.
 */
static enum status
take_desired(struct intake *intake, struct desired *desired, struct diag *diag)
{
	struct outbox_row row;
	enum outbox_change change;
	bool found = false;
	enum status status = STATUS_OK;

	if (desired->rev > 0)
		status = outbox_get(intake->filter.state, desired->kind,
		    desired->id, &intake->arena, &row, &found, diag);
	if (status != STATUS_OK || (found && row.last_rev >= desired->rev))
		return status;
	return outbox_put(intake->filter.state, desired,
	    desired->urgent ? LANE_URGENT : LANE_LIVE, &change, diag);
}

/*
 * A tool with a state has raised what it writes, and a later record may have
 * healed it before the line arrives here: the copy must not open it again.
 */
static enum status
take_exception(struct intake *intake, struct exception *exception,
    struct str seq, struct diag *diag)
{
	struct state *state = intake->filter.state;
	bool known;
	enum status status = exceptions_known(state, exception, &known, diag);

	intake->findings = true;
	if (status == STATUS_OK && !known)
		status = exceptions_raise(state, exception, diag);
	if (status == STATUS_OK && exception->settles)
		status = ledger_settle(state, &exception->src, OUTCOME_EXCEPTED,
		    NULL, diag);
	if (status != STATUS_OK || known || exception->customer.len == 0 ||
	    strcmp(exception->code, "customer-malformed") != 0)
		return status;
	return hold_set(state, exception->customer, exception->src.mestyp, seq,
	    diag);
}

/* One exception a type and run: the line stays open, the cause is one. */
static enum status
miss_stage(struct intake *intake, const struct record *record,
    struct buf *output, struct diag *diag)
{
	uint32_t bit = UINT32_C(1) << record->type;
	const char *type = record_type_name(record->type);
	struct record nowhere = { .type = record->type };
	char message[160];

	if ((intake->missing & bit) != 0)
		return STATUS_OK;
	intake->missing |= bit;
	snprintf(message, sizeof(message),
	    "%s records came without an aggregator: put %s into the pipe", type,
	    record_type_tool(record->type));
	return except(intake, &nowhere, "stage-missing", "type", str_of(type),
	    message, output, diag);
}

static enum status
apply(void *user, struct record *record, struct buf *output, struct diag *diag)
{
	struct intake *intake = user;
	struct exception exception;
	struct desired desired;
	enum status status;

	arena_reset(&intake->arena);
	if (record->type == RECORD_DESIRED) {
		status = desired_read(&desired, record, &intake->arena, diag);
		if (status == STATUS_OK)
			return take_desired(intake, &desired, diag);
	} else if (record->type == RECORD_EXCEPTION) {
		status =
		    exception_read(&exception, record, &intake->arena, diag);
		if (status == STATUS_OK)
			return take_exception(intake, &exception, record->seq,
			    diag);
	} else {
		return miss_stage(intake, record, output, diag);
	}
	if (status != STATUS_DATA)
		return status;
	return except(intake, record, "record-invalid",
	    record_type_name(record->type), record->id, diag->message, output,
	    diag);
}

static void
set_up(struct intake *intake, struct state *state, struct run *run,
    struct out *out)
{
	*intake = (struct intake){
		.filter = {
			.state = state,
			.run = run,
			.out = out,
			.tool = "ometria-push",
			.types = UINT32_MAX & ~(UINT32_C(1) << RECORD_UNKNOWN),
			.apply = apply,
			.user = intake,
		},
	};
}

enum status
intake_run(struct state *state, struct run *run, struct out *out, int fd,
    struct diag *diag)
{
	struct intake intake;
	enum status status;

	set_up(&intake, state, run, out);
	status = filter_run(&intake.filter, fd, diag);
	arena_free(&intake.arena);
	return status == STATUS_OK && intake.findings ? STATUS_FINDINGS
						      : status;
}

struct intake *
intake_begin(struct state *state, struct run *run, struct out *out, int fd,
    struct diag *diag)
{
	struct intake *intake = mem_zero(1, sizeof(*intake));

	set_up(intake, state, run, out);
	intake->loop = filter_begin(&intake->filter, fd, diag);
	return intake;
}

enum status
intake_turn(struct intake *intake, bool *more, bool *ended)
{
	return filter_turn(intake->loop, more, ended);
}

enum status
intake_end(struct intake *intake, enum status status)
{
	status = filter_end(intake->loop, status);
	if (status == STATUS_OK && intake->findings)
		status = STATUS_FINDINGS;
	arena_free(&intake->arena);
	free(intake);
	return status;
}
