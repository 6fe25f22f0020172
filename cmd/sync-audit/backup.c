#include "audit.h"

#include "state/backup.h"

enum status
audit_backup(struct audit *audit)
{
	if (audit->operand_count > 1)
		return diag_set(&audit->run->diag, STATUS_USAGE,
		    "'backup' takes one operand, the copy");
	return state_backup(audit->state, audit->operands[0], tool_interrupted,
	    &audit->run->diag);
}
