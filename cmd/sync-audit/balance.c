#include "audit.h"

#include "audit/balance.h"
#include "audit/saplist.h"

/* Both proofs, at one moment of the state. */
static enum status
prove(struct audit *audit, struct saplist *list, struct buf *text, bool *holds)
{
	struct diag *diag = &audit->run->diag;
	struct balance_plan plan = {
		.all = options_has(&audit->run->options, "all"),
		.daily = options_has(&audit->run->options, "daily"),
	};
	bool agree = true;
	enum status status = state_begin(audit->state, diag);

	if (status != STATUS_OK)
		return status;
	status = balance_write(audit->state, text, plan, holds, diag);
	if (status == STATUS_OK && list != NULL)
		status = saplist_write(list, audit->state, text, plan.all,
		    &agree, diag);
	state_rollback(audit->state);
	*holds = *holds && agree;
	return status;
}

enum status
audit_balance(struct audit *audit)
{
	struct diag *diag = &audit->run->diag;
	const char *file = options_value(&audit->run->options, "sap-list");
	struct saplist *list = NULL;
	struct buf text = BUF_INIT;
	bool holds = false;
	enum status status = STATUS_OK;

	if (file != NULL)
		status = saplist_read(&list, file, diag);
	if (status == STATUS_OK)
		status = prove(audit, list, &text, &holds);
	saplist_free(list);
	if (status != STATUS_OK) {
		buf_free(&text);
		return status;
	}
	status = audit_print(&text, diag);
	return status == STATUS_OK && !holds ? STATUS_FINDINGS : status;
}
