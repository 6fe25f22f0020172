#include "audit/alert.h"

#include "state/exceptions.h"

static enum status
note(struct state *state, const struct alerts *alerts, enum alert alert,
    struct diag *diag)
{
	struct buf message = BUF_INIT;
	struct exception exception = {
		.code = alert_code(alert),
		.subject = "alert",
		.id = str_of(alert_key(alert)),
	};
	bool open;
	enum status status = exceptions_is_open(state, exception.code,
	    exception.subject, exception.id, &open, diag);

	if (status == STATUS_OK && open && !alert_crossed(alerts, alert))
		status = exceptions_heal(state, exception.code,
		    exception.subject, exception.id, diag);
	else if (status == STATUS_OK && !open && alert_crossed(alerts, alert)) {
		alert_say(&message, alerts, alert);
		exception.message = buf_str(&message);
		status = exceptions_raise(state, &exception, diag);
	}
	buf_free(&message);
	return status;
}

enum status
alert_note(const struct alerts *alerts, struct state *state, struct diag *diag)
{
	enum status status = state_begin(state, diag);

	for (int alert = 0; alert < ALERT_COUNT && status == STATUS_OK; alert++)
		if (alert_code((enum alert)alert) != NULL)
			status = note(state, alerts, (enum alert)alert, diag);
	return state_leave(state, true, status, diag);
}
