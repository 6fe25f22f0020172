#include "audit/report_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/text.h"

#define DIFFERENCES 200 /* listed */

static enum status
open_file(const char *name, int *fd, struct diag *diag)
{
	struct buf safe = BUF_INIT;

	*fd = open(name, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return STATUS_OK;
	diag_errno(diag, STATUS_NO_INPUT, errno, "cannot open '%s'",
	    text_escape(&safe, str_of(name), 200));
	buf_free(&safe);
	return STATUS_NO_INPUT;
}

/* A file whose lines are not what the command prints. */
static enum status
read_lines(const char *name, const char *command,
    enum status (*take)(void *user, struct str line, struct diag *diag),
    void *user, struct diag *diag)
{
	struct lines lines;
	int fd;
	enum status status = open_file(name, &fd, diag);

	if (status != STATUS_OK)
		return status;
	lines_open(&lines, fd);
	status = lines_each(&lines, take, user, diag);
	if (status == STATUS_DATA) {
		diag_set(diag, STATUS_DATA,
		    "is not what 'sync-audit %s --json' prints", command);
		diag_place(diag, name, lines.number);
	}
	lines_close(&lines);
	close(fd);
	return status;
}

static enum status
take_profile(void *user, struct str line, struct diag *diag)
{
	struct report_files *files = user;

	if (files->profile != NULL)
		return diag_set(diag, STATUS_DATA, "more than one line");
	buf_add_str(&files->text, line);
	files->profile = json_parse(&files->doc, buf_str(&files->text));
	return files->profile != NULL &&
		       json_get(files->profile, "checks")->type == JSON_ARRAY
		   ? STATUS_OK
		   : diag_set(diag, STATUS_DATA, "no checks");
}

/* --- the differences --- */

/* A line of diff; the fields of one record follow each other. */
struct difference {
	struct str class, kind, id, field, sap, ometria;
};

struct differences {
	struct report_files *files;
	struct json_doc doc;
	struct arena arena;
	struct buf key, last; /* class, kind and id of a record */
};

static bool
read_difference(struct differences *all, struct str line,
    struct difference *one)
{
	const struct json *root;

	arena_reset(&all->arena);
	root = json_parse(&all->doc, line);
	if (root == NULL)
		return false;
	one->class = json_text(root, "class", &all->arena);
	one->kind = json_text(root, "kind", &all->arena);
	one->id = json_text(root, "id", &all->arena);
	one->field = json_text(root, "field", &all->arena);
	one->sap = json_text(root, "sap", &all->arena);
	one->ometria = json_text(root, "ometria", &all->arena);
	return one->class.len > 0;
}

/* DIFF_CLASS_COUNT: none, such as what --repair queues. */
static enum diff_class
class_of(const struct difference *one)
{
	int at = 0;

	while (at < DIFF_CLASS_COUNT &&
	       !str_is(one->class, diff_class_name((enum diff_class)at)))
		at++;
	return (enum diff_class)at;
}

static enum status
take_difference(void *user, struct str line, struct diag *diag)
{
	struct differences *all = user;
	struct report_files *files = all->files;
	struct difference one;
	enum desired_kind kind;
	enum diff_class class;

	if (!read_difference(all, line, &one))
		return diag_set(diag, STATUS_DATA, "no class");
	if (str_is(one.class, "revenue")) {
		report_match_take(files, one.id, one.field,
		    (struct str[REVENUE_SIDES]){ one.sap, one.ometria });
		return STATUS_OK;
	}
	class = class_of(&one);
	if (class == DIFF_CLASS_COUNT || !desired_kind_of(one.kind, &kind))
		return STATUS_OK;
	buf_clear(&all->key);
	buf_add_str(&all->key, one.class);
	buf_add_char(&all->key, '\n');
	buf_add_str(&all->key, one.kind);
	buf_add_char(&all->key, '\n');
	buf_add_str(&all->key, one.id);
	if (!str_eq(buf_str(&all->key), buf_str(&all->last)))
		files->counts[class][kind]++;
	buf_clear(&all->last);
	buf_add_str(&all->last, buf_str(&all->key));
	if (files->fields++ < DIFFERENCES) {
		buf_add_str(&files->first, line);
		buf_add_char(&files->first, '\n');
	}
	return STATUS_OK;
}

static void
differences_free(struct differences *all)
{
	json_doc_free(&all->doc);
	arena_free(&all->arena);
	buf_free(&all->key);
	buf_free(&all->last);
}

enum status
report_files_read(struct report_files *files, const char *profile,
    const char *diff, struct diag *diag)
{
	struct differences all = { .files = files, .doc = JSON_DOC_INIT };
	enum status status = STATUS_OK;

	*files = (struct report_files){ .doc = JSON_DOC_INIT };
	files->diff = diff != NULL;
	if (profile != NULL)
		status =
		    read_lines(profile, "profile", take_profile, files, diag);
	if (status == STATUS_OK && profile != NULL && files->profile == NULL)
		status = diag_set(diag, STATUS_DATA, "the profile is empty");
	if (status == STATUS_OK && diff != NULL)
		status = read_lines(diff, "diff", take_difference, &all, diag);
	differences_free(&all);
	return status;
}

void
report_files_free(struct report_files *files)
{
	json_doc_free(&files->doc);
	buf_free(&files->text);
	buf_free(&files->first);
	report_match_free(files->match);
}

uint64_t
report_diff_count(const struct report_files *files, enum diff_class class,
    enum desired_kind kind)
{
	uint64_t count = 0;

	for (int i = 0; i < DESIRED_KIND_COUNT; i++)
		if (kind == DESIRED_KIND_COUNT || i == (int)kind)
			count += files->counts[class][i];
	return count;
}

static uint64_t
number_of(const struct json *object, const char *key)
{
	uint64_t number = 0;

	str_to_u64(json_get(object, key)->raw, UINT64_MAX, &number);
	return number;
}

uint64_t
report_profile_count(const struct report_files *files, const char *check)
{
	struct arena arena = ARENA_INIT;
	uint64_t count = 0;

	if (files->profile == NULL)
		return 0;
	JSON_EACH(item, json_get(files->profile, "checks"))
	{
		if (str_is(json_text(item, "check", &arena), check))
			count = number_of(item, "count");
	}
	arena_free(&arena);
	return count;
}

static const struct report_column difference_columns[] = {
	{ "class", REPORT_TEXT },
	{ "kind", REPORT_TEXT },
	{ "id", REPORT_TEXT },
	{ "field", REPORT_TEXT },
	{ "SAP", REPORT_TEXT },
	{ "Ometria", REPORT_TEXT },
	{ NULL, REPORT_TEXT },
};

static void
write_difference(struct report *report, const struct difference *one)
{
	bool product = str_is(one->kind, "product");

	report_row_begin(report);
	report_cell_text(report, REPORT_TEXT, one->class);
	report_cell_text(report, REPORT_TEXT, one->kind);
	report_cell_text(report, product ? REPORT_TEXT : REPORT_PERSON,
	    one->id);
	report_cell_text(report, REPORT_TEXT, one->field);
	report_cell_text(report, product ? REPORT_TEXT : REPORT_PERSON,
	    one->sap);
	report_cell_text(report, product ? REPORT_TEXT : REPORT_PERSON,
	    one->ometria);
	report_row_end(report);
}

static void
list_differences(struct report *report)
{
	struct differences all = { .doc = JSON_DOC_INIT };
	struct str left = buf_str(&report->files->first);

	if (report->files->fields == 0) {
		buf_add_text(report->to,
		    "<p class=none>SAP and Ometria agree.</p>\n");
		return;
	}
	report_table_begin(report, difference_columns);
	while (left.len > 0) {
		size_t len = strcspn(left.data, "\n");
		struct difference one;

		if (read_difference(&all, (struct str){ left.data, len }, &one))
			write_difference(report, &one);
		left = str_from(left, len + 1);
	}
	report_table_end(report);
	differences_free(&all);
	if (report->files->fields > DIFFERENCES)
		buf_add_format(report->to,
		    "<p>The first %d of %llu differing fields.</p>\n",
		    DIFFERENCES, (unsigned long long)report->files->fields);
}

void
report_diff_tables(struct report *report)
{
	static const struct report_column columns[] = {
		{ "class", REPORT_TEXT },
		{ "records", REPORT_NUMBER },
		{ NULL, REPORT_TEXT },
	};

	report_section(report, "diff", "SAP beside Ometria",
	    "Records that differ between SAP's truth and what Ometria shows, "
	    "by class; what the classes mean is in sync-audit(1).");
	report_table_begin(report, columns);
	for (int i = 0; i < DIFF_CLASS_COUNT; i++) {
		enum diff_class class = (enum diff_class)i;

		report_row_begin(report);
		report_cell_text(report, REPORT_TEXT,
		    str_of(diff_class_name(class)));
		report_cell_number(report, REPORT_NUMBER,
		    (int64_t)report_diff_count(report->files, class,
			DESIRED_KIND_COUNT));
		report_row_end(report);
	}
	report_table_end(report);
	list_differences(report);
	report_match_write(report);
}

/* --- the profile --- */

/* Materials are nobody's: their numbers may be shown. */
static void
write_examples(struct report *report, const struct json *check)
{
	bool open =
	    !report->mask ||
	    str_is(json_text(check, "unit", &report->arena), "materials");
	struct buf text = BUF_INIT;

	JSON_EACH(example, json_get(check, "examples"))
	{
		if (text.len > 0)
			buf_add_text(&text, "; ");
		buf_add_str(&text, json_str(example, &report->arena));
	}
	report_cell_text(report, open ? REPORT_TEXT : REPORT_PERSON,
	    buf_str(&text));
	buf_free(&text);
}

static void
write_check(struct report *report, const struct json *check)
{
	struct arena *arena = &report->arena;

	report_row_begin(report);
	report_cell_text(report, REPORT_TEXT, json_text(check, "what", arena));
	report_cell_number(report, REPORT_NUMBER,
	    (int64_t)number_of(check, "count"));
	report_cell_text(report, REPORT_SHARE,
	    json_text(check, "share", arena));
	report_cell_text(report, REPORT_TEXT,
	    json_text(check, "effect", arena));
	write_examples(report, check);
	report_row_end(report);
}

/* By so many characters of the day: 10, or 7 for months. False when there are
 * more than a chart has room for. */
static bool
add_volumes(struct report *report, struct chart *chart, size_t characters)
{
	JSON_EACH(row, json_get(report->files->profile, "volumes"))
	{
		struct str day = json_text(row, "day", &report->arena);
		size_t at;

		if (day.len > characters)
			day.len = characters;
		if (!chart_point(chart, day, &report->arena, &at))
			return false;
		if (chart->values[0][at] == CHART_NONE)
			chart->values[0][at] = 0;
		chart->values[0][at] += (int64_t)number_of(row, "count");
	}
	return true;
}

static void
write_volumes(struct report *report)
{
	struct chart *chart = mem_zero(1, sizeof(*chart));

	chart->id = "volumes";
	chart->title = "Messages by day";
	chart->about = "IDocs and records of the profiled files by the day of "
		       "their making in SAP, or by month where there are many: "
		       "gaps are times without any.";
	chart->form = CHART_BARS;
	chart->series[0] = "messages";
	if (!add_volumes(report, chart, 10)) {
		chart->points = 0;
		add_volumes(report, chart, 7);
	}
	chart_write(chart, report->to);
	free(chart);
}

void
report_profile_tables(struct report *report)
{
	static const struct report_column columns[] = {
		{ "what was found", REPORT_TEXT },
		{ "count", REPORT_NUMBER },
		{ "share", REPORT_SHARE },
		{ "effect if nothing is done", REPORT_TEXT },
		{ "such as", REPORT_TEXT },
		{ NULL, REPORT_TEXT },
	};
	const struct json *profile = report->files->profile;
	size_t found = 0;

	report_section(report, "profile", "The raw data",
	    "What an audit of the extract found, before anything was sent; the "
	    "checks are in sap-ometria-profile(7).");
	buf_add_format(report->to,
	    "<p>%llu files, %llu IDocs, %llu records.</p>\n",
	    (unsigned long long)number_of(profile, "files"),
	    (unsigned long long)number_of(profile, "idocs"),
	    (unsigned long long)number_of(profile, "records"));
	JSON_EACH(check, json_get(profile, "checks"))
	{
		if (number_of(check, "count") == 0)
			continue;
		if (found++ == 0)
			report_table_begin(report, columns);
		write_check(report, check);
	}
	if (found > 0)
		report_table_end(report);
	else
		buf_add_text(report->to,
		    "<p class=none>No check found anything.</p>\n");
	write_volumes(report);
}
