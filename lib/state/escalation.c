#include "state/escalation.h"
#include "state/exceptions.h"

#include "base/arena.h"
#include "base/instant.h"

/* What is decided at once: open exceptions of one code and owner. */
struct group {
	struct str code, owner;
};

struct groups {
	struct group *list;
	size_t count, size;
	struct arena arena;
};

static enum status
read_groups(struct state *state, struct groups *groups, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT DISTINCT code, owner FROM exception WHERE open = 1"
	    " AND acked_at IS NULL AND escalated_at IS NULL",
	    diag);
	enum status status;

	while (sql_row(state, statement, &status, diag)) {
		if (groups->count == groups->size) {
			groups->size = groups->size > 0 ? 2 * groups->size : 16;
			groups->list = mem_grow(groups->list, groups->size,
			    sizeof(*groups->list));
		}
		groups->list[groups->count++] = (struct group){
			sql_copy(statement, 0, &groups->arena),
			sql_copy(statement, 1, &groups->arena),
		};
	}
	return status;
}

/* The nearest section that says it. */
static const char *
setting(const struct config *config, const struct group *group,
    const char *of_code, const char *of_all)
{
	const char *text =
	    exceptions_setting(config, group->code.data, of_code);

	if (text == NULL)
		text = config_text(config, "owner", group->owner.data, of_code);
	return text != NULL ? text
			    : config_text(config, "escalation", NULL, of_all);
}

static enum status
escalate(struct state *state, const struct group *group, int64_t now,
    struct diag *diag)
{
	const struct config *config = state_config(state);
	const char *after = setting(config, group, "escalate-after", "after");
	const char *to = setting(config, group, "escalate-to", "to");
	sqlite3_stmt *statement;
	int64_t milliseconds;

	if (after == NULL || !duration_parse(str_of(after), &milliseconds))
		return STATUS_OK;
	statement = state_sql(state,
	    "UPDATE exception SET severity = 3, escalated_at = ?3,"
	    " owner = coalesce(?4, owner) WHERE open = 1 AND code = ?1"
	    " AND owner = ?2 AND acked_at IS NULL AND escalated_at IS NULL"
	    " AND coalesce(opened_at, first_at) <= ?5",
	    diag);
	sql_text(statement, 1, group->code);
	sql_text(statement, 2, group->owner);
	sql_time(statement, 3, now);
	if (to != NULL)
		sql_text(statement, 4, str_of(to));
	sql_int(statement, 5, now - milliseconds / 1000);
	return sql_run(state, statement, diag);
}

_Static_assert(SEVERITY_CRITICAL == 3, "escalate");

enum status
escalation_pass(struct state *state, int64_t now, struct diag *diag)
{
	struct groups groups = { .arena = ARENA_INIT };
	enum status status = read_groups(state, &groups, diag);

	for (size_t i = 0; i < groups.count && status == STATUS_OK; i++)
		status = escalate(state, &groups.list[i], now, diag);
	free(groups.list);
	arena_free(&groups.arena);
	return status;
}
