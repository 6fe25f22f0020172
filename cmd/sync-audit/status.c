#include "audit.h"

#include "audit/health.h"

enum status
audit_status(struct audit *audit)
{
	struct diag *diag = &audit->run->diag;
	struct buf text = BUF_INIT;
	struct health health;
	enum status status;

	status = state_begin(audit->state, diag);
	if (status != STATUS_OK)
		return status;
	status = health_read(&health, audit->state, diag);
	state_rollback(audit->state);
	if (status == STATUS_OK) {
		if (options_has(&audit->run->options, "json"))
			health_write_json(&text, &health);
		else
			health_write_text(&text, &health);
		status = audit_print(&text, diag);
	}
	if (status == STATUS_OK && health.verdict != VERDICT_HEALTHY)
		status = STATUS_FINDINGS;
	health_free(&health);
	return status;
}
