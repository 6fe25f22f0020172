#include "audit.h"

#include <unistd.h>

#include "audit/table.h"
#include "audit/verify.h"
#include "base/jsonw.h"
#include "base/out.h"
#include "ometria/exchange.h"
#include "reader.h"

#define SAMPLE_MAX 10000

struct verifying {
	struct out out;
	bool json;
	bool headed; /* the line over the findings is written */
};

static const char *
verdict_of(const struct readback *found)
{
	return found->verdict == READBACK_MISSING ? "missing" : "differs";
}

static void
add_json(struct buf *to, const struct seen_row *row,
    const struct readback *found)
{
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '{');
	jsonw_member(&w, "kind", str_of(desired_kind_name(row->kind)));
	jsonw_member(&w, "id", row->id);
	jsonw_member(&w, "customer", row->customer);
	jsonw_member(&w, "verdict", str_of(verdict_of(found)));
	jsonw_member_int(&w, "age", row->age / 1000);
	jsonw_key(&w, "fields");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < found->comparison.count; i++)
		jsonw_str(&w, found->comparison.list[i].field);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
}

static void
add_line(struct buf *to, const struct seen_row *row,
    const struct readback *found)
{
	char age[16];

	duration_format(row->age / 1000, age, sizeof(age));
	buf_add_format(to, "%s\t%s\t%.*s\t%s\t", verdict_of(found),
	    desired_kind_name(row->kind), STR_ARGS(row->id), age);
	compare_add_fields(to, &found->comparison);
}

static enum status
on_found(void *user, const struct seen_row *row, const struct readback *found,
    struct diag *diag)
{
	struct verifying *v = user;
	struct buf line = BUF_INIT;
	enum status status;

	if (v->json)
		add_json(&line, row, found);
	else {
		if (!v->headed)
			buf_add_text(&line, "verdict\tkind\tid\tage\tfields\n");
		v->headed = true;
		add_line(&line, row, found);
	}
	status = out_line(&v->out, buf_str(&line), diag);
	buf_free(&line);
	return status;
}

static void
add_counts(struct buf *to, const struct verify *verify)
{
	static const char *const heads[] = { "looked at", "same", "not yet",
		"missing", "differ", "sent again" };
	struct table table;

	table_start(&table, 7);
	table_text(&table, STR_NONE);
	for (size_t i = 0; i < 6; i++)
		table_head(&table, heads[i]);
	for (int i = 0; i < DESIRED_KIND_COUNT; i++) {
		const struct verify_count *count = &verify->counts[i];

		table_text(&table,
		    str_of(desired_kind_name((enum desired_kind)i)));
		table_number(&table, count->looked);
		table_number(&table, count->same);
		table_number(&table, count->young);
		table_number(&table, count->missing);
		table_number(&table, count->differ);
		table_number(&table, count->queued);
	}
	table_write(&table, to, 0);
}

static uint64_t
stale_contacts(const struct verify_decay *decay)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < VERIFY_AGES; i++)
		sum += decay->stale[i];
	return sum;
}

static void
add_decay(struct buf *to, const struct verify_decay *decay)
{
	uint64_t stale = stale_contacts(decay);
	struct table table;
	char age[16];

	buf_add_format(to,
	    "\nContacts older in Ometria than in SAP: %llu of "
	    "%llu\n",
	    (unsigned long long)stale, (unsigned long long)decay->contacts);
	if (stale == 0)
		return;
	table_start(&table, 2);
	for (size_t i = 0; i < VERIFY_AGES; i++) {
		table_text(&table, str_of(verify_age(i)));
		table_number(&table, decay->stale[i]);
	}
	table_write(&table, to, 2);
	duration_format(decay->oldest, age, sizeof(age));
	buf_add_format(to, "  oldest: %s\n", age);
}

static void
add_kinds(struct jsonw *w, const struct verify *verify)
{
	jsonw_key(w, "kinds");
	jsonw_open(w, '{');
	for (int i = 0; i < DESIRED_KIND_COUNT; i++) {
		const struct verify_count *count = &verify->counts[i];

		jsonw_key(w, desired_kind_name((enum desired_kind)i));
		jsonw_open(w, '{');
		jsonw_member_int(w, "looked", (int64_t)count->looked);
		jsonw_member_int(w, "same", (int64_t)count->same);
		jsonw_member_int(w, "not_yet", (int64_t)count->young);
		jsonw_member_int(w, "missing", (int64_t)count->missing);
		jsonw_member_int(w, "differ", (int64_t)count->differ);
		jsonw_member_int(w, "sent_again", (int64_t)count->queued);
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
}

static void
add_summary_json(struct buf *to, const struct verify *verify)
{
	struct jsonw w = jsonw_start(to);
	const struct verify_decay *decay = &verify->decay;

	jsonw_open(&w, '{');
	add_kinds(&w, verify);
	jsonw_key(&w, "decay");
	jsonw_open(&w, '{');
	jsonw_member_int(&w, "contacts", (int64_t)decay->contacts);
	jsonw_member_int(&w, "stale", (int64_t)stale_contacts(decay));
	jsonw_key(&w, "ages");
	jsonw_open(&w, '{');
	for (size_t i = 0; i < VERIFY_AGES; i++)
		jsonw_member_int(&w, verify_age(i), (int64_t)decay->stale[i]);
	jsonw_close(&w, '}');
	jsonw_member_int(&w, "oldest", decay->oldest);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	buf_add_char(to, '\n');
}

static enum status
write_summary(struct verifying *v, const struct verify *verify,
    struct diag *diag)
{
	struct buf text = BUF_INIT;
	enum status status;

	if (v->json)
		add_summary_json(&text, verify);
	else {
		if (v->headed)
			buf_add_char(&text, '\n');
		add_counts(&text, verify);
		add_decay(&text, &verify->decay);
	}
	status = out_add(&v->out, buf_str(&text), diag);
	buf_free(&text);
	return status;
}

static enum status
read_sample(const struct tool_run *run, size_t *sample, struct diag *diag)
{
	const char *text = options_value(&run->options, "sample");
	uint64_t number = 0;

	if (text != NULL &&
	    (!str_to_u64(str_of(text), SAMPLE_MAX, &number) || number == 0))
		return diag_set(diag, STATUS_USAGE,
		    "option '--sample' takes a number from 1 to %d",
		    SAMPLE_MAX);
	*sample = (size_t)number;
	return STATUS_OK;
}

static void
set_drain(struct drain *drain, struct audit *audit)
{
	const struct config *config = audit->run->config;

	drain->state = audit->state;
	drain->collection =
	    str_of(config_text(config, "ometria", NULL, "collection"));
	drain->settle = config_duration(config, "ometria", NULL, "settle");
	drain->visible =
	    config_duration(config, "ometria", NULL, "visible-within");
}

static bool
differs(const struct verify *verify)
{
	for (int i = 0; i < DESIRED_KIND_COUNT; i++)
		if (verify->counts[i].missing + verify->counts[i].differ > 0)
			return true;
	return false;
}

/* A long pause that Ometria asks for is one of the next runs as well. */
static enum status
look(struct verify *verify, struct diag *diag)
{
	struct diag late;
	enum status status = verify_run(verify, diag), kept = STATUS_OK;

	if (!verify->dry)
		kept = exchange_keep(verify->drain, &late);
	if (status == STATUS_OK && kept != STATUS_OK) {
		*diag = late;
		status = kept;
	}
	return status;
}

enum status
audit_verify(struct audit *audit)
{
	struct tool_run *run = audit->run;
	struct diag *diag = &run->diag, late;
	struct verifying v = { .json = options_has(&run->options, "json") };
	struct reader reader;
	struct verify verify = { .drain = &reader.drain,
		.half = &reader.half,
		.all = options_has(&run->options, "all"),
		.dry = options_has(&run->options, "dry-run"),
		.found = on_found,
		.user = &v };
	enum status status, end;

	status = read_sample(run, &verify.sample, diag);
	if (status != STATUS_OK)
		return status;
	out_open(&v.out, STDOUT_FILENO);
	status = reader_open(&reader, run, state_path(audit->state), diag);
	set_drain(&reader.drain, audit);
	if (status == STATUS_OK)
		status = look(&verify, diag);
	if (status == STATUS_OK)
		status = write_summary(&v, &verify, diag);
	end = out_close(&v.out, &late);
	if (status == STATUS_OK && end != STATUS_OK) {
		*diag = late;
		status = end;
	}
	arena_free(&reader.drain.arena);
	json_doc_free(&reader.drain.doc);
	reader_close(&reader);
	return status == STATUS_OK && differs(&verify) ? STATUS_FINDINGS
						       : status;
}
