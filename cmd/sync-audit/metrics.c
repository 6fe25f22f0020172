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

/* health NULL: there is none. */
static enum status
write_numbers(const char *file, const struct health *health, struct diag *diag)
{
	struct buf text = BUF_INIT;
	enum status status;

	metrics_write(&text, health, instant_now());
	/* Whoever collects it may read it, whatever the umask of the line. */
	status = whole_write(file, buf_str(&text), 0644, diag);
	buf_free(&text);
	return status;
}

void
audit_metrics_down(const char *file)
{
	struct diag ignored; /* the configuration is what is told of */

	write_numbers(file, NULL, &ignored);
}

enum status
audit_metrics(struct audit *audit)
{
	struct tool_run *run = audit->run;
	struct health health = { .reasons = BUF_INIT, .arena = ARENA_INIT };
	enum status status, written;
	struct diag diag;
	bool read = false;

	if (audit->operand_count != 1)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'metrics' takes one operand, the file");
	status = read_health(audit, &health, &read);
	written =
	    write_numbers(audit->operands[0], read ? &health : NULL, &diag);
	if (status == STATUS_OK && written != STATUS_OK) {
		run->diag = diag;
		status = written;
	}
	health_free(&health);
	return status;
}
