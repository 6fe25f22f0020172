#include "audit.h"

#include <unistd.h>

#include "audit/catalogue.h"
#include "audit/list.h"

enum status
audit_exceptions(struct audit *audit)
{
	struct diag *diag = &audit->run->diag;
	struct out out;
	enum status status, end;
	uint64_t count;

	out_open(&out, STDOUT_FILENO);
	status = list_exceptions(audit->state, &out,
	    options_has(&audit->run->options, "all"),
	    options_has(&audit->run->options, "json"), &count, diag);
	end = out_close(&out, diag);
	return status == STATUS_OK ? end : status;
}

enum status
audit_catalogue(struct audit *audit)
{
	struct buf text = BUF_INIT;

	catalogue_write(&text, options_has(&audit->run->options, "json"));
	return audit_print(&text, &audit->run->diag);
}

static struct str
who(struct audit *audit)
{
	const char *by = options_value(&audit->run->options, "by");

	if (by == NULL)
		by = getenv("USER");
	return str_of(by != NULL && by[0] != '\0' ? by : "somebody");
}

static enum status
decide(struct audit *audit,
    enum status (*decision)(struct state *, struct str, struct str, uint64_t *,
	struct diag *),
    const char *done)
{
	for (size_t i = 0; i < audit->operand_count; i++) {
		uint64_t count;
		enum status status =
		    decision(audit->state, str_of(audit->operands[i]),
			who(audit), &count, &audit->run->diag);

		if (status != STATUS_OK)
			return status;
		if (count == 0)
			return audit_unknown(audit,
			    "no open exception is called", audit->operands[i]);
		tool_say(audit->run, "%s: %llu", done,
		    (unsigned long long)count);
	}
	return STATUS_OK;
}

enum status
audit_ack(struct audit *audit)
{
	return decide(audit, list_ack, "acknowledged");
}

enum status
audit_resolve(struct audit *audit)
{
	return decide(audit, list_resolve, "resolved");
}
