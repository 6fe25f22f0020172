#include "audit.h"

#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

enum status
audit_print(struct buf *text, struct diag *diag)
{
	enum status status = fd_write(STDOUT_FILENO, buf_str(text), diag);

	buf_free(text);
	return status;
}

enum status
audit_unknown(struct audit *audit, const char *what, const char *name)
{
	struct buf safe = BUF_INIT;
	enum status status = diag_set(&audit->run->diag, STATUS_NO_INPUT,
	    "%s '%s'", what, text_escape(&safe, str_of(name), 100));

	buf_free(&safe);
	return status;
}
