#include "audit.h"

#include <unistd.h>

#include "audit/sapstatus.h"
#include "base/instant.h"
#include "base/text.h"
#include "base/whole.h"
#include "state/retain.h"

/* SAP deletes the file when it has read it; what it has not may not be lost. */
static enum status
check_free(const char *file, struct diag *diag)
{
	struct buf safe = BUF_INIT;

	if (access(file, F_OK) != 0)
		return STATUS_OK;
	diag_set(diag, STATUS_TRY_AGAIN,
	    "'%s' is still there: SAP has not taken it yet",
	    text_escape(&safe, str_of(file), 200));
	buf_free(&safe);
	return STATUS_TRY_AGAIN;
}

static enum status
read_all(struct audit *audit, struct sapstatus *told)
{
	struct diag *diag = &audit->run->diag;
	enum status status = state_begin(audit->state, diag);

	if (status != STATUS_OK)
		return status;
	status = sapstatus_read(told, audit->state, instant_now(), diag);
	state_rollback(audit->state);
	return status;
}

/* Told is what is on disk under its name: a crash before that is noted tells it
 * twice, never not at all. */
enum status
audit_sap_status(struct audit *audit)
{
	struct diag *diag = &audit->run->diag;
	struct sapstatus told = { .count = 0 };
	const char *file = audit->operands[0];
	enum status status = STATUS_OK;

	if (audit->operand_count != 1)
		return diag_set(diag, STATUS_USAGE,
		    "'sap-status' takes one operand, the file");
	status = retain_telling(audit->state, diag);
	if (status == STATUS_OK)
		status = check_free(file, diag);
	if (status == STATUS_OK)
		status = read_all(audit, &told);
	if (status == STATUS_OK && told.count > 0) {
		status = whole_write(file, buf_str(&told.text), 0660, diag);
		if (status == STATUS_OK)
			status = sapstatus_told(&told, audit->state, diag);
	}
	if (status == STATUS_OK)
		tool_say(audit->run, "IDocs told of: %zu, refused: %zu%s",
		    told.count, told.refused,
		    told.more ? "; there are more: run it again" : "");
	sapstatus_free(&told);
	return status;
}
