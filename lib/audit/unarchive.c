#include "audit/unarchive.h"

#include <unistd.h>

#include "base/whole.h"

enum status
unarchive(const char *from, const char *to, bool again, struct diag *diag)
{
	struct buf page = BUF_INIT;
	enum status status = whole_move(from, to, again, diag);

	buf_add_format(&page, "%s.why", from);
	if (status == STATUS_OK && unlink(page.data) == 0) /* most have none */
		status = whole_sync_name(page.data, diag);
	buf_free(&page);
	return status;
}
