#include "audit.h"

#include "audit/metrics.h"
#include "base/instant.h"
#include "base/whole.h"

/* The numbers of the state; what is wrong with it is told all the same. */
static enum status
read_health(struct tool_run *run, const char *path, struct health *health,
    bool *read)
{
	struct state *state = NULL;
	enum status status =
	    state_open(&state, path, STATE_READ, run->config, &run->diag);

	if (status == STATUS_OK)
		status = state_begin(state, &run->diag);
	if (status == STATUS_OK) {
		status = health_read(health, state, &run->diag);
		*read = status == STATUS_OK;
		state_rollback(state);
	}
	state_close(state);
	return status;
}

enum status
audit_metrics(struct audit *audit)
{
	struct tool_run *run = audit->run;
	const char *path = options_value(&run->options, "state");
	struct buf standard = BUF_INIT, text = BUF_INIT;
	struct health health = { .reasons = BUF_INIT, .arena = ARENA_INIT };
	enum status status = STATUS_OK, written;
	struct diag diag;
	bool read = false;

	if (audit->operand_count != 1)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'metrics' takes one operand, the file");
	if (path == NULL) {
		status = state_default_path(&standard, &run->diag);
		path = standard.data;
	}
	if (status == STATUS_OK)
		status = read_health(run, path, &health, &read);
	metrics_write(&text, read ? &health : NULL, instant_now());
	/* Whoever collects it may read it, whatever the umask of the line. */
	written = whole_write(audit->operands[0], buf_str(&text), 0644, &diag);
	if (status == STATUS_OK && written != STATUS_OK) {
		run->diag = diag;
		status = written;
	}
	health_free(&health);
	buf_free(&standard);
	buf_free(&text);
	return status;
}
