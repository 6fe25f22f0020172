#include "sync-audit/audit.h"

#include "base/near.h"

static const char *const synopsis[] = {
	"status [-s FILE] [--json] [--watch SECONDS]",
	"balance [-s FILE] [--daily] [--all] [--sap-list FILE]",
	"diff [-s FILE] [--sap PATH] [--ometria FILE] [--url URL] "
	"[--api-key-file FILE] [--kind LIST] [--since TIME] [--before TIME] "
	"[--settle DURATION] [--json] [--all] [--unmask] [--revenue] [--repair] "
	"[-n]",
	"verify [-s FILE] [--url URL] [--api-key-file FILE] [--sample N] "
	"[--all] [--json] [-n]",
	"exceptions [-s FILE] [--code CODE] [--severity LEVEL] [--owner NAME] "
	"[--subject TYPE:ID] [--since TIME] [--is STANDING] [--all] [--json] "
	"[--notify CMD] [--digest N]",
	"export [-s FILE] [--code CODE] [--severity LEVEL] [--owner NAME] "
	"[--subject TYPE:ID] [--since TIME] [--is STANDING] [--all] [--json]",
	"show [-s FILE] [--json] EXCEPTION...",
	"catalogue [--json]",
	"ack [-s FILE] [--by NAME] EXCEPTION...",
	"assign [-s FILE] [--by NAME] EXCEPTION... OWNER",
	"resolve [-s FILE] [--by NAME] [--why TEXT] EXCEPTION...",
	"release [-s FILE] [--by NAME] CUSTOMER...",
	"retry [-s FILE] [--by NAME] [KIND:ID|EXCEPTION...]",
	"erase [-s FILE] [--archive DIR] [-n | --yes] CUSTOMER|-",
	"profile [--json] [--segments FILE] PATH...",
	"report [-s FILE] -o FILE [--mask] [--profile FILE] [--diff FILE]",
	"metrics [-s FILE] FILE",
	"sap-status [-s FILE] FILE",
	"backup [-s FILE] COPY",
	"config [--json]",
	NULL,
};

static const struct option options[] = {
	OPTION_STATE,
	{ "json", 0, NULL, "print JSON instead of a table", false, false },
	{ "watch", 0, "SECONDS", "look again and again, until interrupted",
	    false, false },
	{ "daily", 0, NULL, "a row for each message type and day", false,
	    false },
	{ "all", 'a', NULL, "also closed exceptions; every difference", false,
	    false },
	{ "code", 0, "CODE", "only these exceptions, such as 'customer-*'",
	    false, false },
	{ "severity", 0, "LEVEL", "only of this severity or above", false,
	    false },
	{ "owner", 0, "NAME", "only of this owner", false, false },
	{ "subject", 0, "TYPE:ID", "only about this, or of this type", false,
	    false },
	{ "is", 0, "STANDING",
	    "open (default), new, acknowledged, escalated, closed, all", false,
	    false },
	{ "notify", 0, "CMD", "run a program once for each that is new", false,
	    false },
	{ "digest", 0, "N", "run it once for all of an owner with more than N",
	    false, false },
	{ "by", 0, "NAME", "who decides about exceptions (default: $USER)",
	    false, false },
	{ "why", 0, "TEXT", "why an exception is over", false, false },
	{ "sap-list", 0, "FILE", "also compare with SAP's list of sent IDocs",
	    false, false },
	{ "sap", 0, "PATH", "SAP's side: IDocs or records instead of a state",
	    false, false },
	{ "ometria", 0, "FILE", "Ometria's side: an export instead of its API",
	    false, false },
	{ "url", 0, "URL", "base address of Ometria's Data API", true, false },
	{ "api-key-file", 0, "FILE", "read the API key from this file", true,
	    false },
	{ "kind", 0, "LIST",
	    "what is compared (default: contact,order,product)", false, false },
	{ "since", 0, "TIME", "only what is of this time or later", false,
	    false },
	{ "before", 0, "TIME", "only what is earlier", false, false },
	{ "settle", 0, "DURATION", "time that Ometria has to show what it took",
	    false, false },
	{ "revenue", 0, NULL, "also the revenue of both by day and channel",
	    false, false },
	{ "repair", 0, NULL, "send again what SAP is right about", false,
	    false },
	{ "sample", 0, "N", "only N of the newest and N of the oldest", false,
	    false },
	{ "archive", 0, "DIR", "where archived files are, instead of as noted",
	    false, false },
	{ "yes", 0, NULL, "take it away for good", false, false },
	{ "dry-run", 'n', NULL, "change nothing, only tell", false, false },
	{ "unmask", 0, NULL, "print names, e-mail addresses and phones", false,
	    false },
	{ "segments", 0, "FILE",
	    "know the segments of this report of SAP (WE60), too", false,
	    true },
	{ "output", 'o', "FILE", "write the page to this file", false, false },
	{ "mask", 0, NULL, "a page without numbers of persons", false, false },
	{ "profile", 0, "FILE", "with what 'profile --json' printed", false,
	    false },
	{ "diff", 0, "FILE", "with what 'diff --json' printed", false, false },
	OPTIONS_COMMON,
	{ 0 },
};

/* Options of single commands; a command that has none of its own has NULL. */
#define TAKES(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define CHOICE                                                                 \
	"code", "severity", "owner", "subject", "since", "is", "all", "json"

/* clang-format off */
static const struct command commands[] = {
	{ "status", audit_status, STATE_READ, false, false, TAKES("json", "watch"), true },
	{ "balance", audit_balance, STATE_READ, false, false, TAKES("daily", "all", "sap-list"), false },
	{ "diff", audit_diff, STATE_READ, false, false, TAKES("sap", "ometria", "url", "api-key-file", "kind", "since", "before", "settle", "json", "all", "unmask", "revenue", "repair", "dry-run"), true },
	{ "verify", audit_verify, STATE_EXISTING, false, false, TAKES("url", "api-key-file", "sample", "all", "json", "dry-run"), false },
	{ "exceptions", audit_exceptions, STATE_READ, false, false, TAKES(CHOICE, "notify", "digest"), false },
	{ "export", audit_export, STATE_READ, false, false, TAKES(CHOICE), false },
	{ "show", audit_show, STATE_READ, true, true, TAKES("json"), false },
	{ "catalogue", audit_catalogue, STATE_READ, false, false, TAKES("json"), true },
	{ "ack", audit_ack, STATE_EXISTING, true, true, TAKES("by"), false },
	{ "assign", audit_assign, STATE_EXISTING, true, true, TAKES("by"), false },
	{ "resolve", audit_resolve, STATE_EXISTING, true, true, TAKES("by", "why"), false },
	{ "release", audit_release, STATE_EXISTING, true, true, TAKES("by"), false },
	{ "retry", audit_retry, STATE_EXISTING, true, false, TAKES("by"), false },
	{ "erase", audit_erase, STATE_EXISTING, true, true, TAKES("archive", "yes", "dry-run"), false },
	{ "profile", audit_profile, STATE_READ, true, true, TAKES("json", "segments"), true },
	{ "report", audit_report, STATE_READ, false, false, TAKES("output", "mask", "profile", "diff"), true },
	{ "metrics", audit_metrics, STATE_READ, true, true, NULL, true },
	{ "sap-status", audit_sap_status, STATE_EXISTING, true, true, NULL, false },
	{ "backup", audit_backup, STATE_COPY, true, true, NULL, false },
	{ "config", audit_config, STATE_READ, false, false, TAKES("json"), true },
	{ 0 },
};
/* clang-format on */

static bool
takes(const struct command *command, const char *option)
{
	const char *const *own = command->options;

	for (; own != NULL && *own != NULL; own++)
		if (strcmp(*own, option) == 0)
			return true;
	return false;
}

/* An option that belongs to other commands only is a mistake, not a no-op. */
static enum status
check_options(const struct tool_run *run, const struct command *command,
    struct diag *diag)
{
	for (size_t i = 0; i < run->options.given_count; i++) {
		const char *name = run->options.given[i].option->name;
		const struct command *other = commands;

		if (run->options.given[i].environment || takes(command, name))
			continue;
		while (other->name != NULL && !takes(other, name))
			other++;
		if (other->name != NULL)
			return diag_set(diag, STATUS_USAGE,
			    "'%s' takes no option '--%s'", command->name, name);
	}
	return STATUS_OK;
}

static enum status
unknown_command(const char *name, struct diag *diag)
{
	struct buf text = BUF_INIT;
	struct near near;

	near_begin(&near, str_of(name));
	for (const struct command *row = commands; row->name != NULL; row++)
		near_offer(&near, row->name);
	buf_add_text(&text, "unknown command");
	near_say(&near, "", &text);
	buf_add_text(&text, "; try 'sync-audit --help'");
	diag_set(diag, STATUS_USAGE, "%s", text.data);
	buf_free(&text);
	return STATUS_USAGE;
}

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
		return unknown_command(name, &run->diag);
	if (!(*command)->operands && count > 1)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'%s' takes no operands", (*command)->name);
	if ((*command)->needed && count < 2)
		return diag_set(&run->diag, STATUS_USAGE,
		    "'%s' needs an operand", (*command)->name);
	return check_options(run, *command, &run->diag);
}

static enum status
audit(struct tool_run *run)
{
	const struct command *command = NULL;
	struct audit audit = { .run = run };
	enum status status = choose(run, &command);

	if (status != STATUS_OK)
		return status;
	audit.operands = run->options.operands + 1;
	audit.operand_count = run->options.operand_count - 1;
	if (!command->stateless)
		status =
		    audit_open(&audit, command->mode, &audit.state, &run->diag);
	if (status == STATUS_OK)
		status = command->run(&audit);
	state_close(audit.state);
	return status;
}

/* Whoever collects the numbers is not left with those of before. */
static void
unprepared(struct tool_run *run)
{
	if (run->options.operand_count == 2 &&
	    strcmp(run->options.operands[0], "metrics") == 0)
		audit_metrics_down(run->options.operands[1]);
}

static const struct tool tool = {
	.name = "sync-audit",
	.purpose = "tell the truth about the sync, and decide about exceptions",
	.synopsis = synopsis,
	.options = options,
	.unprepared = unprepared,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, audit, argc, argv);
}
