#include "audit.h"

#include "audit/metrics.h"
#include "base/instant.h"
#include "base/whole.h"

/* The numbers of the state; what is wrong with it is told all the same. */
static enum status
read_health(struct audit *audit, struct health *health, bool *read)
{
	struct diag *diag = &audit->run->diag;
	struct state *state;
	enum status status = audit_open(audit, STATE_READ, &state, diag);

	if (status == STATUS_OK)
		status = state_begin(state, diag);
	if (status == STATUS_OK) {
		status = health_read(health, state, diag);
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
	struct buf text = BUF_INIT;
	struct health health = { .reasons = BUF_INIT, .arena = ARENA_INIT };
	enum status status, written;
	struct diag diag;
	bool read = false;

	if (audit->operand_count != 1)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'metrics' takes one operand, the file");
	status = read_health(audit, &health, &read);
	metrics_write(&text, read ? &health : NULL, instant_now());
	/* Whoever collects it may read it, whatever the umask of the line. */
	written = whole_write(audit->operands[0], buf_str(&text), 0644, &diag);
	if (status == STATUS_OK && written != STATUS_OK) {
		run->diag = diag;
		status = written;
	}
	health_free(&health);
	buf_free(&text);
	return status;
}
