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

enum status
audit_time(struct audit *audit, const char *option, instant *time)
{
	const char *text = options_value(&audit->run->options, option);
	struct buf day = BUF_INIT;
	bool good;

	*time = INSTANT_NONE;
	if (text == NULL)
		return STATUS_OK;
	buf_add_text(&day, text);
	if (day.len == strlen("YYYY-MM-DD"))
		buf_add_text(&day, "T00:00:00Z");
	good = instant_parse(buf_str(&day), time);
	buf_free(&day);
	return good ? STATUS_OK
		    : diag_set(&audit->run->diag, STATUS_USAGE,
			  "option '--%s' takes a time such as "
			  "2026-03-02T08:00:00Z",
			  option);
}

enum status
audit_open(struct audit *audit, enum state_mode mode, struct state **state,
    struct diag *diag)
{
	const char *path = options_value(&audit->run->options, "state");
	struct buf standard = BUF_INIT;
	enum status status = STATUS_OK;

	*state = NULL;
	if (path == NULL) {
		status = state_default_path(&standard, diag);
		path = standard.data;
	}
	if (status == STATUS_OK)
		status =
		    state_open(state, path, mode, audit->run->config, diag);
	buf_free(&standard);
	return status;
}

struct str
audit_by(struct audit *audit)
{
	const char *by = options_value(&audit->run->options, "by");

	if (by == NULL)
		by = getenv("USER");
	return str_of(by != NULL && by[0] != '\0' ? by : "somebody");
}
