#include "audit.h"

#include "audit/report.h"
#include "base/whole.h"

/* From files alone unless a state was named, or nothing was. */
static enum status
open_state(struct audit *audit)
{
	const struct options *options = &audit->run->options;
	enum status status;

	if (!options_has(options, "state") &&
	    (options_has(options, "profile") || options_has(options, "diff")))
		return STATUS_OK;
	status =
	    audit_open(audit, STATE_READ, &audit->state, &audit->run->diag);
	return status == STATUS_OK
		   ? state_begin(audit->state, &audit->run->diag)
		   : status;
}

enum status
audit_report(struct audit *audit)
{
	struct tool_run *run = audit->run;
	const char *output = options_value(&run->options, "output");
	struct report_files files = { .doc = JSON_DOC_INIT };
	struct buf text = BUF_INIT;
	enum status status;

	if (output == NULL)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'report' needs '--output', the file of the page");
	status = open_state(audit);
	if (status == STATUS_OK)
		status = report_files_read(&files,
		    options_value(&run->options, "profile"),
		    options_value(&run->options, "diff"), &run->diag);
	if (status == STATUS_OK)
		status = report_write(&text, audit->state, &files,
		    options_has(&run->options, "mask"), &run->diag);
	if (status == STATUS_OK)
		status = whole_write(output, buf_str(&text), 0600, &run->diag);
	report_files_free(&files);
	buf_free(&text);
	return status;
}
