#include <unistd.h>

#include "audit/balance.h"
#include "audit/health.h"
#include "audit/list.h"
#include "state/deadline.h"
#include "state/hold.h"

#include "base/fd.h"
#include "base/instant.h"
#include "base/text.h"
#include "base/tool.h"

static const char *const synopsis[] = {
	"status [-s FILE] [--json]",
	"balance [-s FILE] [--all]",
	"exceptions [-s FILE] [--json] [--all]",
	"ack [-s FILE] [--by NAME] EXCEPTION...",
	"resolve [-s FILE] [--by NAME] EXCEPTION...",
	"release [-s FILE] CUSTOMER...",
	"retry [-s FILE] [KIND:ID...]",
	NULL,
};

static const struct option options[] = {
	OPTION_STATE,
	{ "json", 0, NULL, "print JSON instead of a table", false, false },
	{ "all", 'a', NULL, "also closed exceptions; every difference", false,
	    false },
	{ "by", 0, "NAME", "who acknowledges or resolves (default: $USER)",
	    false, false },
	OPTIONS_COMMON,
	{ 0 },
};

static const struct tool tool = {
	.name = "sync-audit",
	.purpose = "tell the truth about the sync, and decide about exceptions",
	.synopsis = synopsis,
	.options = options,
};

struct audit {
	struct tool_run *run;
	struct state *state;
	char **operands;
	size_t operand_count;
};

static enum status
print(struct buf *text, struct diag *diag)
{
	enum status status = fd_write(STDOUT_FILENO, buf_str(text), diag);

	buf_free(text);
	return status;
}

static enum status
status_command(struct audit *audit)
{
	struct diag *diag = &audit->run->diag;
	struct buf text = BUF_INIT;
	struct health health;
	enum status status;

	status = state_begin(audit->state, diag);
	if (status != STATUS_OK)
		return status;
	status = health_read(&health, audit->state, diag);
	state_rollback(audit->state);
	if (status == STATUS_OK) {
		if (options_has(&audit->run->options, "json"))
			health_write_json(&text, &health);
		else
			health_write_text(&text, &health);
		status = print(&text, diag);
	}
	if (status == STATUS_OK && health.verdict != VERDICT_HEALTHY)
		status = STATUS_FINDINGS;
	health_free(&health);
	return status;
}

static enum status
balance_command(struct audit *audit)
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
	status = print(&text, diag);
	return status == STATUS_OK && !holds ? STATUS_FINDINGS : status;
}

static enum status
exceptions_command(struct audit *audit)
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

/* Say that nothing has that name. */
static enum status
unknown(struct audit *audit, const char *what, const char *name)
{
	struct buf safe = BUF_INIT;
	enum status status = diag_set(&audit->run->diag, STATUS_NO_INPUT,
	    "%s '%s'", what, text_escape(&safe, str_of(name), 100));

	buf_free(&safe);
	return status;
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
			return unknown(audit, "no open exception is called",
			    audit->operands[i]);
		tool_say(audit->run, "%s: %llu", done,
		    (unsigned long long)count);
	}
	return STATUS_OK;
}

static enum status
ack_command(struct audit *audit)
{
	return decide(audit, list_ack, "acknowledged");
}

static enum status
resolve_command(struct audit *audit)
{
	return decide(audit, list_resolve, "resolved");
}

static enum status
release_command(struct audit *audit)
{
	for (size_t i = 0; i < audit->operand_count; i++) {
		uint64_t count;
		enum status status = hold_release(audit->state,
		    str_of(audit->operands[i]), &count, &audit->run->diag);

		if (status != STATUS_OK)
			return status;
		if (count == 0)
			return unknown(audit, "no hold on customer",
			    audit->operands[i]);
		tool_say(audit->run, "released: %llu",
		    (unsigned long long)count);
	}
	return STATUS_OK;
}

static enum status
retry_one(struct audit *audit, const char *name)
{
	struct str id = str_of(name);
	enum desired_kind kind;
	uint64_t count;
	enum status status;
	size_t colon = strcspn(name, ":");

	if (colon == id.len ||
	    !desired_kind_of((struct str){ name, colon }, &kind))
		return diag_set(&audit->run->diag, STATUS_USAGE,
		    "'retry' takes KIND:ID, such as order:4711; kinds are "
		    "product, contact, order, custom_event");
	id = (struct str){ name + colon + 1, id.len - colon - 1 };
	status =
	    outbox_retry(audit->state, kind, id, &count, &audit->run->diag);
	if (status == STATUS_OK && count == 0)
		return unknown(audit, "Ometria has not refused", name);
	return status;
}

static enum status
retry_command(struct audit *audit)
{
	enum status status = STATUS_OK;
	uint64_t count;

	for (size_t i = 0; i < audit->operand_count && status == STATUS_OK; i++)
		status = retry_one(audit, audit->operands[i]);
	if (audit->operand_count > 0)
		return status;
	status = outbox_retry(audit->state, DESIRED_PRODUCT, STR_NONE, &count,
	    &audit->run->diag);
	if (status == STATUS_OK)
		tool_say(audit->run, "sent again by the next run: %llu",
		    (unsigned long long)count);
	return status;
}

struct command {
	const char *name;
	enum status (*run)(struct audit *audit);
	enum state_mode mode;
	bool operands, needed; /* takes operands, and at least one */
};

static const struct command commands[] = {
	{ "status", status_command, STATE_READ, false, false },
	{ "balance", balance_command, STATE_READ, false, false },
	{ "exceptions", exceptions_command, STATE_READ, false, false },
	{ "ack", ack_command, STATE_EXISTING, true, true },
	{ "resolve", resolve_command, STATE_EXISTING, true, true },
	{ "release", release_command, STATE_EXISTING, true, true },
	{ "retry", retry_command, STATE_EXISTING, true, false },
	{ 0 },
};

static enum status
choose(struct tool_run *run, const struct command **command)
{
	const char *name = run->options.operands[0];
	size_t count = run->options.operand_count;

	if (count == 0)
		return diag_set(&run->diag, STATUS_USAGE,
		    "what is to be audited? try 'sync-audit --help'");
	for (*command = commands; (*command)->name != NULL; ++*command)
		if (strcmp((*command)->name, name) == 0)
			break;
	if ((*command)->name == NULL)
		return diag_set(&run->diag, STATUS_USAGE,
		    "unknown command; try 'sync-audit --help'");
	if (!(*command)->operands && count > 1)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'%s' takes no operands", (*command)->name);
	if ((*command)->needed && count < 2)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'%s' needs an operand", (*command)->name);
	return STATUS_OK;
}

/*
 * Time alone makes things wrong: look before telling. A reader who may not
 * write gets the state as the last run left it.
 */
static void
pass_deadlines(struct tool_run *run, const char *path)
{
	struct diag ignored;
	struct state *state;

	if (state_open(&state, path, STATE_EXISTING, run->config, &ignored) !=
	    STATUS_OK)
		return;
	deadline_pass(state, instant_now(), &ignored);
	state_close(state);
}

static enum status
audit(struct tool_run *run)
{
	const char *path = options_value(&run->options, "state");
	const struct command *command = NULL;
	struct buf standard = BUF_INIT;
	struct audit audit = { .run = run };
	enum status status = choose(run, &command);

	if (status == STATUS_OK && path == NULL) {
		status = state_default_path(&standard, &run->diag);
		path = standard.data;
	}
	if (status == STATUS_OK && command->mode == STATE_READ)
		pass_deadlines(run, path);
	if (status == STATUS_OK)
		status = state_open(&audit.state, path, command->mode,
		    run->config, &run->diag);
	if (status == STATUS_OK) {
		audit.operands = run->options.operands + 1;
		audit.operand_count = run->options.operand_count - 1;
		status = command->run(&audit);
	}
	state_close(audit.state);
	buf_free(&standard);
	return status;
}

int
main(int argc, char **argv)
{
	return tool_main(&tool, audit, argc, argv);
}
