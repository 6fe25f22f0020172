#include "audit/profile_parts.h"

#include "audit/table.h"
#include "base/text.h"

#define WIDTH 78
#define INDENT 10
/* Days on one screen; --json has all. */
#define DAYS 31
#define MESSAGES (TABLE_COLUMNS - 2)

/* --- volumes --- */

struct volumes {
	struct str messages[MESSAGES];
	size_t count; /* of them */
	uint64_t days;
	struct arena arena;
};

static enum status
read_messages(struct profile *profile, struct volumes *volumes,
    struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(profile->state,
	    "SELECT message FROM profile_volume GROUP BY message"
	    " ORDER BY sum(n) DESC, message LIMIT ?1",
	    diag);
	enum status status;

	sql_int(rows, 1, MESSAGES);
	while (sql_row(profile->state, rows, &status, diag))
		volumes->messages[volumes->count++] =
		    arena_str(&volumes->arena, sql_get_text(rows, 0));
	return status;
}

static void
end_day(struct table *table, const struct volumes *volumes, uint64_t *counts,
    uint64_t all)
{
	for (size_t i = 0; i < volumes->count; i++) {
		table_number(table, counts[i]);
		counts[i] = 0;
	}
	table_number(table, all);
}

static void
head_volumes(struct table *table, const struct volumes *volumes)
{
	table_start(table, volumes->count + 2);
	table_text(table, STR("day"));
	for (size_t i = 0; i < volumes->count; i++)
		table_head(table, volumes->messages[i].data);
	table_head(table, "all");
}

/* A row for each of the latest days. */
static enum status
write_volumes(struct profile *profile, struct buf *to, struct diag *diag)
{
	sqlite3_stmt *rows;
	struct volumes volumes = { .arena = ARENA_INIT };
	uint64_t counts[MESSAGES] = { 0 }, all = 0;
	char day[11] = "";
	struct table table;
	enum status status = read_messages(profile, &volumes, diag);

	rows = state_sql(profile->state,
	    "SELECT day, message, n FROM profile_volume WHERE day IN (SELECT"
	    " DISTINCT day FROM profile_volume ORDER BY day DESC LIMIT ?1)"
	    " ORDER BY day",
	    diag);
	sql_int(rows, 1, DAYS);
	head_volumes(&table, &volumes);
	while (status == STATUS_OK &&
	       sql_row(profile->state, rows, &status, diag)) {
		struct str next = sql_get_text(rows, 0);

		if (!str_is(next, day)) {
			if (day[0] != '\0')
				end_day(&table, &volumes, counts, all);
			all = 0;
			str_copy(day, sizeof(day), next);
			table_text(&table, next);
		}
		for (size_t i = 0; i < volumes.count; i++)
			if (str_eq(volumes.messages[i], sql_get_text(rows, 1)))
				counts[i] = (uint64_t)sql_get_int(rows, 2);
		all += (uint64_t)sql_get_int(rows, 2);
	}
	if (day[0] != '\0')
		end_day(&table, &volumes, counts, all);
	buf_add_text(to, "\nVolumes by day and message\n");
	table_write(&table, to, 2);
	arena_free(&volumes.arena);
	return status;
}

static bool
next_example(struct str *left, struct str *example)
{
	const char *end =
	    left->len > 0 ? memchr(left->data, '\n', left->len) : NULL;

	if (end == NULL)
		return false;
	*example = (struct str){ left->data, (size_t)(end - left->data) };
	*left = str_from(*left, example->len + 1);
	return true;
}

/* --- text --- */

/* Words behind a head, broken at blanks. */
static void
write_words(struct buf *to, const char *head, const char *text)
{
	size_t at = WIDTH;

	buf_add_format(to, "  %-8s", head);
	for (bool first = true; *text != '\0'; first = false) {
		size_t len = strcspn(text, " ");

		if (first)
			at = INDENT;
		else if (at + 1 + len > WIDTH) {
			buf_add_format(to, "\n%*s", INDENT, "");
			at = INDENT;
		} else {
			buf_add_char(to, ' ');
			at++;
		}
		buf_add(to, text, len);
		at += len;
		text += len + (text[len] == ' ');
	}
	buf_add_char(to, '\n');
}

static void
write_examples(struct buf *to, const struct profile_result *result)
{
	struct str left = buf_str(&result->examples), example;

	buf_add_text(to, "  such as");
	for (const char *between = " "; next_example(&left, &example);
	     between = "; ") {
		buf_add_text(to, between);
		buf_add_str(to, example);
	}
	buf_add_char(to, '\n');
}

static void
write_finding(struct buf *to, const struct profile_check *check,
    const struct profile_result *result)
{
	buf_add_format(to, "\n%s: %llu of %llu %s (", check->name,
	    (unsigned long long)result->count, (unsigned long long)result->of,
	    profile_unit_name(check->unit));
	profile_share(to, result->count, result->of);
	buf_add_text(to, ")\n");
	write_words(to, "what", check->title);
	write_words(to, "effect", check->effect);
	write_words(to, "rule", check->rule);
	write_examples(to, result);
}

static void
add_summary(struct table *summary, const struct profile_check *check,
    const struct profile_result *result)
{
	struct buf share = BUF_INIT;

	profile_share(&share, result->count, result->of);
	table_text(summary, str_of(check->name));
	table_number(summary, result->count);
	table_head(summary, share.data);
	table_text(summary, str_of(check->title));
	buf_free(&share);
}

/* What was found goes to `to`, and a line each into the summary. */
static enum status
ask_all(struct profile *profile, struct table *summary, struct buf *to,
    size_t *found, size_t *asked, struct diag *diag)
{
	struct profile_result result = { .examples = BUF_INIT };
	enum status status = STATUS_OK;

	*found = *asked = 0;
	for (const struct profile_check *check = profile_checks;
	     check->name != NULL && status == STATUS_OK; check++) {
		status = profile_ask(profile, check, &result, diag);
		++*asked;
		if (status != STATUS_OK || result.count == 0)
			continue;
		++*found;
		add_summary(summary, check, &result);
		write_finding(to, check, &result);
	}
	buf_free(&result.examples);
	return status;
}

static const enum profile_unit populations[] = { PROFILE_CUSTOMERS,
	PROFILE_ORDERS, PROFILE_SHIPMENTS, PROFILE_MATERIALS,
	PROFILE_MOVEMENTS };

static enum status
write_head(struct profile *profile, struct buf *to, struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t count = sizeof(populations) / sizeof(populations[0]);

	buf_add_format(to, "%llu files: %llu IDocs, %llu records\n",
	    (unsigned long long)profile->files,
	    (unsigned long long)profile->idocs,
	    (unsigned long long)profile->records);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		uint64_t number;

		status =
		    profile_population(profile, populations[i], &number, diag);
		buf_add_format(to, "%s%llu %s",
		    i > 0 ? ", " : "in them: ", (unsigned long long)number,
		    profile_unit_name(populations[i]));
	}
	buf_add_char(to, '\n');
	return status;
}

enum status
profile_write_text(struct profile *profile, struct buf *to, size_t *found,
    struct diag *diag)
{
	struct buf findings = BUF_INIT;
	struct table summary;
	size_t asked;
	enum status status = write_head(profile, to, diag);

	table_start(&summary, 4);
	table_text(&summary, STR("check"));
	table_head(&summary, "count");
	table_head(&summary, "share");
	table_text(&summary, STR("what"));
	if (status == STATUS_OK)
		status =
		    ask_all(profile, &summary, &findings, found, &asked, diag);
	if (status == STATUS_OK) {
		buf_add_format(to, "%zu of %zu checks found something\n",
		    *found, asked);
		if (*found > 0)
			buf_add_char(to, '\n');
	}
	if (*found > 0)
		table_write(&summary, to, 0);
	else
		table_write(&summary, &findings, 0);
	if (status == STATUS_OK)
		status = write_volumes(profile, to, diag);
	if (*found > 0)
		buf_add_str(to, buf_str(&findings));
	buf_free(&findings);
	return status;
}

/* --- JSON --- */

static enum status
add_volumes(struct profile *profile, struct jsonw *w, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(profile->state,
	    "SELECT day, message, n FROM profile_volume ORDER BY day, message",
	    diag);
	enum status status;

	jsonw_key(w, "volumes");
	jsonw_open(w, '[');
	while (sql_row(profile->state, rows, &status, diag)) {
		jsonw_open(w, '{');
		jsonw_member(w, "day", sql_get_text(rows, 0));
		jsonw_member(w, "message", sql_get_text(rows, 1));
		jsonw_member_int(w, "count", sql_get_int(rows, 2));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	return status;
}

static void
add_check(struct jsonw *w, const struct profile_check *check,
    const struct profile_result *result)
{
	struct buf share = BUF_INIT;
	struct str left = buf_str(&result->examples), example;

	profile_share(&share, result->count, result->of);
	jsonw_open(w, '{');
	jsonw_member(w, "check", str_of(check->name));
	jsonw_member_int(w, "count", (int64_t)result->count);
	jsonw_member_int(w, "of", (int64_t)result->of);
	jsonw_member(w, "unit", str_of(profile_unit_name(check->unit)));
	jsonw_member(w, "share", buf_str(&share));
	jsonw_member(w, "what", str_of(check->title));
	jsonw_member(w, "effect", str_of(check->effect));
	jsonw_member(w, "rule", str_of(check->rule));
	jsonw_key(w, "examples");
	jsonw_open(w, '[');
	while (next_example(&left, &example))
		jsonw_str(w, example);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	buf_free(&share);
}

static enum status
add_checks(struct profile *profile, struct jsonw *w, size_t *found,
    struct diag *diag)
{
	struct profile_result result = { .examples = BUF_INIT };
	enum status status = STATUS_OK;

	*found = 0;
	jsonw_key(w, "checks");
	jsonw_open(w, '[');
	for (const struct profile_check *check = profile_checks;
	     check->name != NULL && status == STATUS_OK; check++) {
		status = profile_ask(profile, check, &result, diag);
		*found += result.count > 0;
		if (status == STATUS_OK)
			add_check(w, check, &result);
	}
	jsonw_close(w, ']');
	buf_free(&result.examples);
	return status;
}

enum status
profile_write_json(struct profile *profile, struct buf *to, size_t *found,
    struct diag *diag)
{
	struct jsonw w = jsonw_start(to);
	enum status status = STATUS_OK;

	jsonw_open(&w, '{');
	jsonw_member_int(&w, "files", (int64_t)profile->files);
	jsonw_member_int(&w, "idocs", (int64_t)profile->idocs);
	jsonw_member_int(&w, "records", (int64_t)profile->records);
	jsonw_key(&w, "in_them");
	jsonw_open(&w, '{');
	for (size_t i = 0; i < sizeof(populations) / sizeof(populations[0]) &&
			   status == STATUS_OK;
	     i++) {
		uint64_t number;

		status =
		    profile_population(profile, populations[i], &number, diag);
		jsonw_member_int(&w, profile_unit_name(populations[i]),
		    (int64_t)number);
	}
	jsonw_close(&w, '}');
	if (status == STATUS_OK)
		status = add_volumes(profile, &w, diag);
	if (status == STATUS_OK)
		status = add_checks(profile, &w, found, diag);
	jsonw_close(&w, '}');
	buf_add_char(to, '\n');
	return status;
}
