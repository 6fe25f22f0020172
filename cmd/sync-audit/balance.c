#include "audit.h"

#include "audit/balance.h"

enum status
audit_balance(struct audit *audit)
{
	struct diag *diag = &audit->run->diag;
	struct buf text = BUF_INIT;
	bool holds = false;
	enum status status = state_begin(audit->state, diag);

	if (status != STATUS_OK)
		return status;
	status = balance_write(audit->state, &text,
	    options_has(&audit->run->options, "all"), &holds, diag);
	state_rollback(audit->state);
	if (status != STATUS_OK) {
		buf_free(&text);
		return status;
	}
	status = audit_print(&text, diag);
	return status == STATUS_OK && !holds ? STATUS_FINDINGS : status;
}
