#ifndef STATE_TRIAGE_H
#define STATE_TRIAGE_H

/*
 * Exceptions as people see them: which there are, what became of each, and
 * what is decided about them. Names of exceptions are code:type:id, type:id (of
 * the subject), or a code alone; decisions are about the open ones.
 */

#include "record/exception.h"
#include "state/state.h"

enum standing {
	STANDING_OPEN,
	STANDING_NEW, /* open, and nobody knows of it yet */
	STANDING_ACKNOWLEDGED, /* open */
	STANDING_ESCALATED, /* open */
	STANDING_CLOSED,
	STANDING_ALL
};

/* "open" and so on, for options. */
bool standing_of(struct str name, enum standing *standing);

/* Those of which all is true; texts that are empty do not choose. */
struct exception_filter {
	enum standing standing;
	enum severity least;
	struct str code; /* a pattern: customer-* */
	struct str owner;
	struct str subject; /* type, or type:id */
	struct str name; /* code:type:id, type:id or code */
	instant since; /* last seen then or later; INSTANT_NONE */
};

struct exception_row {
	int64_t n; /* the row's number */
	struct str code, severity, owner, subject, id, customer, message;
	struct record_src src;
	size_t line; /* of the file; 0 unknown */
	uint64_t count;
	bool open;
	bool reopened; /* it was closed before */
	instant first_at, last_at;
	instant opened_at; /* the last time */
	instant acked_at, escalated_at, closed_at; /* INSTANT_NONE: not */
	struct str acked_by, assigned_by;
	struct str resolution, why; /* empty while it is open */
};

/* Call each, the open and most severe and oldest first; filter NULL: the open
 * ones. Stops at the first result that is not STATUS_OK and returns it. */
enum status exceptions_each(struct state *state,
    const struct exception_filter *filter,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag);
/* The one row of that number, if it is there. */
enum status exceptions_one(struct state *state, int64_t n,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag);
/* The same for the open ones of a file (name as in src.file), in the order in
 * which they stand in it. */
enum status exceptions_of_file(struct state *state, struct str file,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag);

/* What became of one: raised, reopened, acknowledged, assigned, released,
 * retried, escalated, closed, notified; earliest first. */
struct exception_event {
	instant at;
	struct str what, who, text;
};
enum status triage_history(struct state *state, int64_t n,
    enum status (*each)(void *user, const struct exception_event *event),
    void *user, struct diag *diag);

/* Forget what was closed over 400 days ago, so that a year can be looked back
 * on, with its history. Inside a transaction. */
enum status triage_prune(struct state *state, int64_t now, struct diag *diag);

/*
 * Decide about the open exceptions of that name; *count = how many there were.
 * Assigned, they keep the owner whatever the configuration says. why may be
 * empty. Own transaction.
 */
enum status triage_ack(struct state *state, struct str name, struct str by,
    uint64_t *count, struct diag *diag);
enum status triage_assign(struct state *state, struct str name,
    struct str owner, struct str by, uint64_t *count, struct diag *diag);
/* Note in the history what else was done about them. Joins a transaction. */
enum status triage_note(struct state *state, struct str name, const char *what,
    struct str by, struct diag *diag);
enum status triage_resolve(struct state *state, struct str name, struct str why,
    struct str by, uint64_t *count, struct diag *diag);

#endif
