#include "look.h"

#include "base/instant.h"
#include "state/deadline.h"

static void
pass_deadlines(struct audit *audit)
{
	struct diag ignored;
	struct state *state;

	if (audit_open(audit, STATE_EXISTING, &state, &ignored) != STATUS_OK)
		return;
	deadline_pass(state, instant_now(), &ignored);
	state_close(state);
}

static void
note_alerts(struct audit *audit, const struct health *health)
{
	struct diag ignored;
	struct state *state;

	if (audit_open(audit, STATE_EXISTING, &state, &ignored) != STATUS_OK)
		return;
	alert_note(&health->alerts, state, &ignored);
	state_close(state);
}

/* What is measured is read without the lock, which it would hold for long. */
enum status
look(struct audit *audit, struct health *health)
{
	struct diag *diag = &audit->run->diag;
	struct state *state = NULL;
	enum status status;

	pass_deadlines(audit);
	status = audit_open(audit, STATE_READ, &state, diag);
	if (status == STATUS_OK)
		status = state_begin(state, diag);
	if (status == STATUS_OK) {
		status = health_read(health, state, diag);
		state_rollback(state);
	}
	state_close(state);
	if (status == STATUS_OK)
		note_alerts(audit, health);
	return status;
}
