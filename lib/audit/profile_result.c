#include "audit/profile_parts.h"

#include "base/text.h"

#define EXAMPLE_BYTES 80

static const struct {
	const char *name, *sql;
} units[] = {
#define X(name, text, sql) { text, sql },
	PROFILE_UNITS(X)
#undef X
};

const char *
profile_unit_name(enum profile_unit unit)
{
	return units[unit].name;
}

enum status
profile_population(struct profile *profile, enum profile_unit unit,
    uint64_t *count, struct diag *diag)
{
	sqlite3_stmt *statement;
	enum status status;

	*count = profile->seen[unit];
	if (units[unit].sql == NULL)
		return STATUS_OK;
	statement = state_sql(profile->state, units[unit].sql, diag);
	if (sql_row(profile->state, statement, &status, diag))
		*count = (uint64_t)sql_get_int(statement, 0);
	sqlite3_reset(statement);
	return status;
}

enum status
profile_ask(struct profile *profile, const struct profile_check *check,
    struct profile_result *result, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(profile->state, check->sql, diag);
	size_t examples = 0;
	enum status status;

	result->count = 0;
	buf_clear(&result->examples);
	sql_text(rows, 1, str_of(check->name));
	while (sql_row(profile->state, rows, &status, diag)) {
		struct buf safe = BUF_INIT;

		result->count += (uint64_t)sql_get_int(rows, 1);
		if (examples++ >= PROFILE_EXAMPLES)
			continue;
		buf_add_text(&result->examples,
		    text_escape(&safe, sql_get_text(rows, 0), EXAMPLE_BYTES));
		buf_add_char(&result->examples, '\n');
		buf_free(&safe);
	}
	return status == STATUS_OK
		   ? profile_population(profile, check->unit, &result->of, diag)
		   : status;
}

void
profile_share(struct buf *to, uint64_t count, uint64_t of)
{
	struct decimal share, whole = { (int64_t)of, 0 };

	if (!decimal_div((struct decimal){ (int64_t)count * 100, 0 }, whole, 1,
		&share)) {
		buf_add_char(to, '-');
		return;
	}
	decimal_add_to(to, share);
	buf_add_text(to, " %");
}
