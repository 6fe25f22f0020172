#include "audit.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "audit/diff.h"
#include "audit/diff_write.h"
#include "audit/side_pages.h"
#include "base/lines.h"
#include "fold.h"
#include "reader.h"
#include "repair.h"

/* What is accepted takes a while to show (Data API, processing queue). */
#define SETTLE "15m"

struct comparing {
	struct audit *audit;
	struct side_plan plan;
	struct diff diff;
	struct out out;
	struct diff_writer writer;
	struct reader reader;
	struct side_pages pages;
	struct fold fold;
	struct buf standard; /* path of the default state */
	const char *path; /* of the state */
	struct sorter *repairs; /* keys of what SAP is right about */
	struct buf key;
};

static enum status
read_kinds(struct comparing *c, struct diag *diag)
{
	const char *text = options_value(&c->audit->run->options, "kind");
	struct str left = str_of(text != NULL ? text : "contact,order,product");

	while (left.len > 0) {
		size_t len = 0;
		enum desired_kind kind;

		while (len < left.len && left.data[len] != ',')
			len++;
		if (!desired_kind_of((struct str){ left.data, len }, &kind))
			return diag_set(diag, STATUS_USAGE,
			    "option '--kind' takes product, contact, order, "
			    "custom_event, with commas between them");
		c->plan.kinds |= 1U << kind;
		left = str_from(left, len + 1);
	}
	return STATUS_OK;
}

static enum status
read_plan(struct comparing *c, struct diag *diag)
{
	const struct tool_run *run = c->audit->run;
	const char *settle = options_value(&run->options, "settle");
	int64_t milliseconds = 0;
	enum status status = read_kinds(c, diag);

	if (status == STATUS_OK)
		status = audit_time(c->audit, "since", &c->plan.since);
	if (status == STATUS_OK)
		status = audit_time(c->audit, "before", &c->plan.before);
	if (status != STATUS_OK)
		return status;
	if (!duration_parse(str_of(settle != NULL ? settle : SETTLE),
		&milliseconds))
		return diag_set(diag, STATUS_USAGE,
		    "option '--settle' takes a duration such as 15m");
	if (options_has(&run->options, "ometria") &&
	    options_has(&run->options, "url"))
		return diag_set(diag, STATUS_USAGE,
		    "options '--ometria' and '--url' are two sources of one "
		    "side");
	if (options_has(&run->options, "repair") &&
	    options_has(&run->options, "sap"))
		return diag_set(diag, STATUS_USAGE,
		    "'--repair' needs the state; '--sap' compares files");
	if (options_has(&run->options, "dry-run") &&
	    !options_has(&run->options, "repair"))
		return diag_set(diag, STATUS_USAGE,
		    "'--dry-run' is for '--repair': nothing else is changed");
	if (options_has(&run->options, "revenue") &&
	    !side_wants(&c->plan, DESIRED_ORDER))
		return diag_set(diag, STATUS_USAGE,
		    "'--revenue' is of orders, which '--kind' leaves out");
	c->plan.settle = milliseconds / 1000;
	c->plan.touched = INSTANT_NONE;
	c->plan.as_of = instant_now();
	c->plan.collection =
	    str_of(config_text(run->config, "ometria", NULL, "collection"));
	c->plan.sku = sku_rule_of(run->config);
	c->plan.config = run->config;
	return STATUS_OK;
}

static enum status
open_file(const char *file, int *fd, struct diag *diag)
{
	*fd = strcmp(file, "-") == 0 ? STDIN_FILENO
				     : open(file, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return STATUS_OK;
	diag_errno(diag, STATUS_NO_INPUT, errno, "cannot open the file");
	diag_place(diag, file, 0);
	return STATUS_NO_INPUT;
}

static void
close_file(int fd)
{
	if (fd > STDIN_FILENO)
		close(fd);
}

/* An export shows the moment at which it was written. */
static enum status
read_export(struct comparing *c, const char *file, struct diag *diag)
{
	struct stat about;
	enum status status;
	int fd;

	status = open_file(file, &fd, diag);
	if (status != STATUS_OK)
		return status;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
	    about.st_mtime < c->plan.as_of)
		c->plan.as_of = about.st_mtime;
	status = side_ometria_export(c->diff.ometria, fd, diag);
	close_file(fd);
	return status;
}

static enum status
look(void *user, enum desired_kind kind, struct str id, struct str payload,
    struct buf *to, bool *there, struct diag *diag)
{
	struct comparing *c = user;

	return side_pages_look(&c->pages, kind, id, payload, to, there, diag);
}

static enum status
read_api(struct comparing *c, struct diag *diag)
{
	enum status status =
	    reader_open(&c->reader, c->audit->run, c->path, diag);

	if (status != STATUS_OK)
		return status;
	c->pages = (struct side_pages){
		.plan = &c->plan,
		.drain = &c->reader.drain,
		.half = &c->reader.half,
	};
	c->diff.look = look;
	status = side_pages_read(&c->pages, c->diff.ometria, diag);
	if (status == STATUS_OK && c->pages.strangers > 0)
		tool_say(c->audit->run,
		    "Ometria ignored a filter: %llu of %llu rows were not "
		    "asked for and are left out",
		    (unsigned long long)c->pages.strangers,
		    (unsigned long long)c->pages.rows);
	return status;
}

static enum status
read_ometria(struct comparing *c, struct diag *diag)
{
	const char *file = options_value(&c->audit->run->options, "ometria");
	enum status status;

	c->diff.ometria = side_ometria_new(&c->plan);
	status = file != NULL ? read_export(c, file, diag) : read_api(c, diag);
	return status == STATUS_OK ? side_ometria_end(c->diff.ometria, diag)
				   : status;
}

/* Whether a file holds desired records: by its first line that is no remark on
 * the way. */
static enum status
holds_desired(const char *file, bool *yes, struct diag *diag)
{
	enum record_type type = RECORD_EXCEPTION;
	struct lines lines;
	struct str line;
	struct stat about;
	int fd;
	enum status status = open_file(file, &fd, diag);

	*yes = fd == STDIN_FILENO;
	if (status != STATUS_OK || *yes)
		return status;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
		lines_open(&lines, fd);
		while (type == RECORD_EXCEPTION &&
		       lines_next(&lines, &line, diag) == LINES_LINE)
			type = record_sniff(line);
		lines_close(&lines);
	}
	close(fd);
	*yes = type == RECORD_DESIRED;
	return STATUS_OK;
}

static enum status
fold_files(struct comparing *c, const char *from, struct diag *diag)
{
	char *name = mem_strdup(from);
	char *const names[] = { name, NULL };
	enum status status = fold_run(&c->fold, c->audit->run, names, -1, diag);

	free(name);
	return status == STATUS_OK ? side_sap_state(&c->diff.sap, &c->plan,
					 c->fold.path.data, false, diag)
				   : status;
}

static enum status
read_sap(struct comparing *c, struct diag *diag)
{
	struct tool_run *run = c->audit->run;
	const char *file = options_value(&run->options, "sap");
	bool desired = false;
	enum status status = STATUS_OK;
	int fd = -1;

	if (file != NULL)
		status = holds_desired(file, &desired, diag);
	if (status != STATUS_OK)
		return status;
	if (file != NULL && !desired)
		return fold_files(c, file, diag);
	if (file == NULL)
		return side_sap_state(&c->diff.sap, &c->plan, c->path, true,
		    diag);
	status = open_file(file, &fd, diag);
	if (status == STATUS_OK)
		status = side_sap_lines(&c->diff.sap, &c->plan, fd, diag);
	close_file(fd);
	return status;
}

/* That it is there, and ours, is known before anything is read. */
static enum status
check_state(struct comparing *c, struct diag *diag)
{
	struct tool_run *run = c->audit->run;
	struct state *state = NULL;
	enum status status = STATUS_OK;

	c->path = options_value(&run->options, "state");
	if (options_has(&run->options, "sap"))
		return STATUS_OK;
	if (c->path == NULL) {
		status = state_default_path(&c->standard, diag);
		c->path = c->standard.data;
	}
	if (status == STATUS_OK)
		status =
		    state_open(&state, c->path, STATE_READ, run->config, diag);
	if (status == STATUS_OK)
		state_close(state);
	return status;
}

static enum status
found(void *user, const struct diff_finding *finding, struct diag *diag)
{
	struct comparing *c = user;
	enum status status = diff_write(&c->writer, finding, diag);

	if (status != STATUS_OK || c->repairs == NULL || !finding->repairable)
		return status;
	buf_clear(&c->key);
	side_key(&c->key, finding->kind, finding->id);
	return sorter_add(c->repairs, buf_str(&c->key), STR_NONE, diag);
}

static void
say_summary(struct comparing *c)
{
	const struct diff *diff = &c->diff;
	struct tool_run *run = c->audit->run;
	struct buf text = BUF_INIT;

	for (int i = 0; i < DIFF_CLASS_COUNT; i++)
		if (diff->counts[i] > 0)
			buf_add_format(&text, ", %llu %s",
			    (unsigned long long)diff->counts[i],
			    diff_class_name((enum diff_class)i));
	tool_say(run, "%llu on both sides%s%s",
	    (unsigned long long)diff->compared,
	    diff_total(diff) == 0 ? ", no difference" : "",
	    text.data != NULL ? text.data : "");
	buf_free(&text);
	if (diff->again > 0)
		tool_say(run,
		    "%llu were not on a page, and there when asked "
		    "for by id",
		    (unsigned long long)diff->again);
	if (diff->changed > 0)
		tool_say(run,
		    "%llu changed while they were read: the later row counts",
		    (unsigned long long)diff->changed);
	if (side_sap_unfit(diff->sap) > 0)
		tool_say(run,
		    "%llu break a limit of Ometria or are of erased people: "
		    "they never leave",
		    (unsigned long long)side_sap_unfit(diff->sap));
}

/* A process reads SAP's side: beside an export at once; beside the API when
 * that is done, for a state that is read for hours cannot tidy up. */
static enum status
read_sides(struct comparing *c, struct diag *diag)
{
	bool export = options_has(&c->audit->run->options, "ometria");
	enum status status = export ? read_sap(c, diag) : read_ometria(c, diag);

	if (status != STATUS_OK)
		return status;
	return export ? read_ometria(c, diag) : read_sap(c, diag);
}

static enum status
repair(struct comparing *c, struct diag *diag)
{
	struct tool_run *run = c->audit->run;
	struct repair repair = {
		.keys = c->repairs,
		.writer = &c->writer,
		.dry = options_has(&run->options, "dry-run"),
	};
	enum status status = state_open(&repair.state, c->path,
	    repair.dry ? STATE_READ : STATE_EXISTING, run->config, diag);

	if (status == STATUS_OK)
		status = repair_run(&repair, diag);
	if (status == STATUS_OK)
		tool_say(run, "%llu %s", (unsigned long long)repair.queued,
		    repair.dry ? "would be sent again"
			       : "are sent again by the next run");
	state_close(repair.state);
	return status;
}

static enum status
write_revenue(void *user, const struct revenue_row *row, struct diag *diag)
{
	struct comparing *c = user;

	return diff_write_revenue(&c->writer, row, diag);
}

/* Of CSV without the amounts nothing can be said. */
static enum status
begin_revenue(struct comparing *c, struct diag *diag)
{
	static const char *const columns[] = { "timestamp", "is_valid",
		"currency", "grand_total" };

	if (!options_has(&c->audit->run->options, "revenue"))
		return STATUS_OK;
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (!side_ometria_tells(c->diff.ometria, str_of(columns[i])))
			return diag_set(diag, STATUS_DATA,
			    "'--revenue' needs the column '%s' in Ometria's "
			    "export",
			    columns[i]);
	c->diff.revenue = revenue_new();
	return STATUS_OK;
}

static enum status
compare(struct comparing *c, struct diag *diag)
{
	const struct options *options = &c->audit->run->options;
	enum status status = read_plan(c, diag);

	if (status == STATUS_OK)
		status = check_state(c, diag);
	if (status == STATUS_OK)
		status = read_sides(c, diag);
	if (status == STATUS_OK)
		status = begin_revenue(c, diag);
	if (status == STATUS_OK)
		status = diff_write_head(&c->writer, diag);
	c->diff.plan = &c->plan;
	c->diff.all = options_has(options, "all");
	c->diff.found = found;
	c->diff.user = c;
	if (options_has(options, "repair"))
		c->repairs = sorter_new(SORTER_MEMORY / 4);
	if (status == STATUS_OK)
		status = diff_run(&c->diff, diag);
	if (status == STATUS_OK && c->diff.revenue != NULL)
		status = revenue_each(c->diff.revenue, write_revenue, c, diag);
	if (status == STATUS_OK)
		say_summary(c);
	return status == STATUS_OK && c->repairs != NULL ? repair(c, diag)
							 : status;
}

enum status
audit_diff(struct audit *audit)
{
	const struct options *options = &audit->run->options;
	struct diag *diag = &audit->run->diag, late;
	struct comparing c = {
		.audit = audit,
		.writer = { .out = &c.out,
		    .json = options_has(options, "json"),
		    .unmask = options_has(options, "unmask") },
		.reader = { .shared = { .fd = -1 }, .half = { .fd = -1 } },
	};
	enum status status, end;

	out_open(&c.out, STDOUT_FILENO);
	status = compare(&c, diag);
	end = out_close(&c.out, &late);
	if (status == STATUS_OK && end != STATUS_OK) {
		*diag = late;
		status = end;
	}
	side_sap_free(c.diff.sap);
	side_ometria_free(c.diff.ometria);
	reader_close(&c.reader);
	fold_remove(&c.fold);
	diff_writer_free(&c.writer);
	sorter_free(c.repairs);
	revenue_free(c.diff.revenue);
	buf_free(&c.standard);
	buf_free(&c.key);
	return status == STATUS_OK && diff_total(&c.diff) > 0 ? STATUS_FINDINGS
							      : status;
}
