#include "settings.h"

#include "report.h"

/* A hundred years. */
#define DAYS_MAX 36500

static bool
never(void)
{
	return false;
}

static enum status
check_modes(struct push *push)
{
	struct tool_run *run = push->run;

	if (push->follow && options_has(&run->options, "drain"))
		return diag_set(&run->diag, STATUS_USAGE,
		    "options '--follow' and '--drain' exclude each other");
	if (push->follow && push->dry)
		return diag_set(&run->diag, STATUS_USAGE,
		    "options '--follow' and '--dry-run' exclude each other");
	return STATUS_OK;
}

/* Requests in any second: the option, else the configuration. */
static enum status
read_rate(struct push *push)
{
	const struct tool_run *run = push->run;
	const char *text = options_value(&run->options, "rate");
	uint64_t number =
	    (uint64_t)config_number(run->config, "ometria", NULL, "rate");

	if (text != NULL && !str_to_u64(str_of(text), LIMITER_MAX, &number))
		return diag_set(&push->run->diag, STATUS_USAGE,
		    "option '--rate' takes a whole number from 0 to %d",
		    LIMITER_MAX);
	push->rate = (size_t)number;
	return STATUS_OK;
}

static enum status
read_confirm(const struct tool_run *run, enum drain_confirm *confirm,
    struct diag *diag)
{
	static const char *const names[] = { "none", "sample", "all" };
	const char *text = options_value(&run->options, "confirm");

	*confirm = DRAIN_CONFIRM_SAMPLE;
	for (size_t i = 0; text != NULL && i < sizeof(names) / sizeof(names[0]);
	     i++)
		if (strcmp(text, names[i]) == 0) {
			*confirm = (enum drain_confirm)i;
			return STATUS_OK;
		}
	return text == NULL ? STATUS_OK
			    : diag_set(diag, STATUS_USAGE,
				  "option '--confirm' takes all, sample or "
				  "none");
}

/* Milliseconds; 0 = not given. */
static enum status
read_timeout(const struct tool_run *run, int64_t *timeout, struct diag *diag)
{
	const char *text = options_value(&run->options, "timeout");

	*timeout = 0;
	if (text != NULL &&
	    (!duration_parse(str_of(text), timeout) || *timeout == 0))
		return diag_set(diag, STATUS_USAGE,
		    "option '--timeout' takes a time such as 90s or 5m");
	return STATUS_OK;
}

/* Milliseconds; 0 = for ever. */
static enum status
read_retain(const struct tool_run *run, struct retain_ages *retain,
    struct diag *diag)
{
	const char *text = options_value(&run->options, "retain");
	uint64_t days;

	retain->all = config_duration(run->config, "state", NULL, "retain");
	retain->orders =
	    config_duration(run->config, "state", NULL, "retain-orders");
	if (text == NULL)
		return STATUS_OK;
	if (!str_to_u64(str_of(text), DAYS_MAX, &days) || days == 0)
		return diag_set(diag, STATUS_USAGE,
		    "option '--retain' takes a number of days");
	retain->all = (int64_t)days * 24 * 3600 * 1000;
	return STATUS_OK;
}

enum status
settings_read(struct push *push)
{
	struct tool_run *run = push->run;
	enum status status;

	if (run->options.operand_count > 0)
		return diag_set(&run->diag, STATUS_USAGE,
		    "it takes no operands; records come on standard input");
	push->dry = options_has(&run->options, "dry-run");
	push->follow = options_has(&run->options, "follow");
	status = check_modes(push);
	if (status == STATUS_OK)
		status = read_confirm(run, &push->drain.confirm, &run->diag);
	if (status == STATUS_OK)
		status = read_timeout(run, &push->drain.timeout, &run->diag);
	if (status == STATUS_OK)
		status = read_retain(run, &push->drain.retain, &run->diag);
	return status == STATUS_OK ? read_rate(push) : status;
}

void
settings_drain(struct push *push)
{
	const struct config *config = push->run->config;
	struct drain *drain = &push->drain;

	drain->state = push->state;
	drain->limiter = &push->limiter;
	drain->collection =
	    str_of(config_text(config, "ometria", NULL, "collection"));
	drain->batch = (size_t)config_number(config, "ometria", NULL, "batch");
	drain->connections =
	    (size_t)config_number(config, "ometria", NULL, "connections");
	drain->retry = config_duration(config, "ometria", NULL, "retry");
	if (drain->timeout == 0)
		drain->timeout =
		    config_duration(config, "ometria", NULL, "timeout");
	drain->settle = config_duration(config, "ometria", NULL, "settle");
	drain->visible =
	    config_duration(config, "ometria", NULL, "visible-within");
	drain->rehearsal = push->dry;
	drain->stop = push->dry ? never : tool_interrupted;
	drain->excepted = report_exception;
	drain->tick = report_tick;
	drain->user = push;
}
