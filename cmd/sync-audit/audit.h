#ifndef SYNC_AUDIT_AUDIT_H
#define SYNC_AUDIT_AUDIT_H

/*
 * The commands of sync-audit: a file for each, or for a few that belong
 * together, and a row each in the table of sync-audit.c.
 */

#include "base/instant.h"
#include "base/tool.h"
#include "state/state.h"

struct audit {
	struct tool_run *run;
	struct state *state; /* NULL for a command that opens none */
	char **operands; /* behind the command, NULL-terminated */
	size_t operand_count;
};

struct command {
	const char *name;
	enum status (*run)(struct audit *audit);
	enum state_mode mode;
	bool operands, needed; /* takes operands, and at least one */
	const char *const *options; /* its own, besides the common ones */
	bool stateless; /* no state is opened for it */
};

/* status.c: the verdict, and what it rests on. */
enum status audit_status(struct audit *audit);
/* balance.c: the conservation proof over the ledger. */
enum status audit_balance(struct audit *audit);
/* diff.c: SAP's truth beside Ometria's. */
enum status audit_diff(struct audit *audit);
/* verify.c: whether Ometria shows what it accepted. */
enum status audit_verify(struct audit *audit);
/* triage.c: exceptions, and what people decide about them. */
enum status audit_exceptions(struct audit *audit);
enum status audit_export(struct audit *audit);
enum status audit_show(struct audit *audit);
enum status audit_catalogue(struct audit *audit);
enum status audit_ack(struct audit *audit);
enum status audit_assign(struct audit *audit);
enum status audit_resolve(struct audit *audit);
/* again.c: what was held or refused goes on. */
enum status audit_release(struct audit *audit);
enum status audit_retry(struct audit *audit);
/* profile.c: an audit of raw IDocs and records alone. */
enum status audit_profile(struct audit *audit);
/* report.c: a page for who has to decide. */
enum status audit_report(struct audit *audit);
/* backup.c: a copy of the state while the line goes on. */
enum status audit_backup(struct audit *audit);
/* erase.c: a person is taken out of the state and the archive. */
enum status audit_erase(struct audit *audit);
/* metrics.c: the numbers of the sync for a collector. */
enum status audit_metrics(struct audit *audit);
/* There are none, for the configuration is wrong: the file says so. */
void audit_metrics_down(const char *file);
/* sap-status.c: what became of SAP's IDocs, for its status file input. */
enum status audit_sap_status(struct audit *audit);
/* config.c: the effective configuration, and where each value comes from. */
enum status audit_config(struct audit *audit);

/* audit.c, for the commands. */

/* Open the state of the command line, or the default one; NULL on failure. */
enum status audit_open(struct audit *audit, enum state_mode mode,
    struct state **state, struct diag *diag);
/* Write the text to standard output, and free it. */
enum status audit_print(struct buf *text, struct diag *diag);
/* The value of an option that is a time, or a day, which begins at midnight
 * UTC; INSTANT_NONE when it was not given. */
enum status audit_time(struct audit *audit, const char *option, instant *time);
/* Who decides: --by, else $USER. */
struct str audit_by(struct audit *audit);
/* Say that nothing has that name: NO_INPUT. */
enum status audit_unknown(struct audit *audit, const char *what,
    const char *name);

#endif
