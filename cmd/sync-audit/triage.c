#include "audit.h"

#include <unistd.h>

#include "audit/catalogue.h"
#include "audit/list.h"
#include "audit/show.h"
#include "notify.h"

static struct str
text_of(const struct audit *audit, const char *option)
{
	const char *text = options_value(&audit->run->options, option);

	return text != NULL ? str_of(text) : STR_NONE;
}

/* Which exceptions the options choose. */
static enum status
read_filter(struct audit *audit, struct exception_filter *filter)
{
	struct str severity = text_of(audit, "severity");
	struct str standing = text_of(audit, "is");
	struct diag *diag = &audit->run->diag;

	*filter = (struct exception_filter){
		.code = text_of(audit, "code"),
		.owner = text_of(audit, "owner"),
		.subject = text_of(audit, "subject"),
	};
	if (options_has(&audit->run->options, "all"))
		filter->standing = STANDING_ALL;
	if (severity.len > 0 && !severity_of(severity, &filter->least))
		return diag_set(diag, STATUS_USAGE,
		    "option '--severity' takes critical, high, medium or low");
	if (standing.len > 0 && !standing_of(standing, &filter->standing))
		return diag_set(diag, STATUS_USAGE,
		    "option '--is' takes open, new, acknowledged, escalated, "
		    "closed or all");
	return audit_time(audit, "since", &filter->since);
}

static enum status
list(struct audit *audit, enum list_form form)
{
	struct diag *diag = &audit->run->diag;
	struct exception_filter filter;
	struct out out;
	enum status status = read_filter(audit, &filter), end;

	if (status != STATUS_OK)
		return status;
	out_open(&out, STDOUT_FILENO);
	status = list_exceptions(audit->state, &out, &filter, form, diag);
	end = out_close(&out, diag);
	return status == STATUS_OK ? end : status;
}

/* More than how many of one owner are told of by a digest: never, unless it is
 * said. */
static enum status
read_digest(struct audit *audit, uint64_t *most)
{
	struct str text = text_of(audit, "digest");

	*most = UINT64_MAX;
	if (text.len == 0)
		return STATUS_OK;
	if (!options_has(&audit->run->options, "notify"))
		return diag_set(&audit->run->diag, STATUS_USAGE,
		    "option '--digest' is one of '--notify'");
	if (!str_to_u64(text, INT32_MAX, most) || *most == 0)
		return diag_set(&audit->run->diag, STATUS_USAGE,
		    "option '--digest' takes a number from 1 on");
	return STATUS_OK;
}

enum status
audit_exceptions(struct audit *audit)
{
	const struct options *options = &audit->run->options;
	const char *command = options_value(options, "notify");
	struct exception_filter filter;
	uint64_t most;
	enum status status = read_digest(audit, &most);

	if (status != STATUS_OK)
		return status;

	if (command == NULL)
		return list(audit,
		    options_has(options, "json") ? LIST_RECORDS : LIST_TABLE);
	status = read_filter(audit, &filter);
	return status == STATUS_OK ? notify(audit, command, most, &filter)
				   : status;
}

enum status
audit_export(struct audit *audit)
{
	return list(audit, options_has(&audit->run->options, "json")
			       ? LIST_RECORDS
			       : LIST_CSV);
}

enum status
audit_show(struct audit *audit)
{
	bool json = options_has(&audit->run->options, "json");
	struct buf text = BUF_INIT;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < audit->operand_count && status == STATUS_OK;
	     i++) {
		uint64_t count;

		status = show_exceptions(&text, audit->state,
		    str_of(audit->operands[i]), json, &count,
		    &audit->run->diag);
		if (status == STATUS_OK && count == 0)
			status = audit_unknown(audit, "no exception is called",
			    audit->operands[i]);
	}
	if (status == STATUS_OK)
		return audit_print(&text, &audit->run->diag);
	buf_free(&text);
	return status;
}

enum status
audit_catalogue(struct audit *audit)
{
	struct buf text = BUF_INIT;

	catalogue_write(&text, options_has(&audit->run->options, "json"));
	return audit_print(&text, &audit->run->diag);
}

/* Decide about each that is named by the first operands. */
static enum status
decide(struct audit *audit, size_t names,
    enum status (*one)(struct audit *audit, struct str name, uint64_t *count),
    const char *done)
{
	for (size_t i = 0; i < names; i++) {
		const char *name = audit->operands[i];
		uint64_t count;
		enum status status = one(audit, str_of(name), &count);

		if (status != STATUS_OK)
			return status;
		if (count == 0)
			return audit_unknown(audit,
			    "no open exception is called", name);
		tool_say(audit->run, "%s: %llu", done,
		    (unsigned long long)count);
	}
	return STATUS_OK;
}

static enum status
ack(struct audit *audit, struct str name, uint64_t *count)
{
	return triage_ack(audit->state, name, audit_by(audit), count,
	    &audit->run->diag);
}

/* The last operand is whose they become. */
static enum status
assign(struct audit *audit, struct str name, uint64_t *count)
{
	const char *owner = audit->operands[audit->operand_count - 1];

	return triage_assign(audit->state, name, str_of(owner), audit_by(audit),
	    count, &audit->run->diag);
}

static enum status
resolve(struct audit *audit, struct str name, uint64_t *count)
{
	return triage_resolve(audit->state, name, text_of(audit, "why"),
	    audit_by(audit), count, &audit->run->diag);
}

enum status
audit_ack(struct audit *audit)
{
	return decide(audit, audit->operand_count, ack, "acknowledged");
}

enum status
audit_assign(struct audit *audit)
{
	size_t names = audit->operand_count - 1;

	if (names == 0 || audit->operands[names][0] == '\0')
		return diag_set(&audit->run->diag, STATUS_USAGE,
		    "'assign' takes EXCEPTION... OWNER");
	return decide(audit, names, assign, "assigned");
}

enum status
audit_resolve(struct audit *audit)
{
	return decide(audit, audit->operand_count, resolve, "resolved");
}
