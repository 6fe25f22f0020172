#include "intake.h"

#include "base/fd.h"
#include "base/limits.h"
#include "base/out.h"
#include "base/text.h"
#include "gather.h"
#include "lines.h"
#include "map/explain.h"
#include "map/map.h"
#include "state/ledger_death.h"

static const char unreadable_code[] = "file-unreadable";

/* How much of a file tells what it is. */
#define SNIFF_BYTES 8192
#define SNIFF_LEAST 512

struct intake {
	const struct tool_run *tool;
	struct gather gather;
	struct state *state;
	struct run run;
	struct idoc_symbols *symbols;
	struct idoc_reader *reader;
	struct map *map;
	struct arena arena; /* of the IDoc in hand */
	const char *file;
	uint64_t found; /* IDocs and faults in the file in hand */
	unsigned warned; /* of which oddities it was said that it has them */
	bool unreadable; /* nothing in that file could be read */
	bool cut; /* a signal ended the reading of it */
	bool raw;
	bool explain;
	bool hash;
	struct diag *diag; /* of the call in progress, for the sinks */
};

/* An encoding that nobody knows is a mistake of whoever named it. */
static enum status
check_encodings(const struct intake_options *options, struct diag *diag)
{
	const struct config *config = options->tool->config;
	const char *fallback = config_text(config, "sap", NULL, "encoding");
	const struct config_entry *entry;
	struct buf name = BUF_INIT;

	if (options->encoding != NULL &&
	    !idoc_knows_encoding(options->encoding)) {
		diag_set(diag, STATUS_USAGE, "encoding '%s' is not known",
		    text_escape(&name, str_of(options->encoding), 40));
		buf_free(&name);
		return STATUS_USAGE;
	}
	if (fallback == NULL || idoc_knows_encoding(fallback))
		return STATUS_OK;
	diag_set(diag, STATUS_CONFIG, "encoding '%s' is not known",
	    text_escape(&name, str_of(fallback), 40));
	for (size_t i = 0; (entry = config_entry(config, i)) != NULL; i++)
		if (strcmp(entry->section, "sap") == 0 &&
		    strcmp(entry->key, "encoding") == 0)
			diag_place(diag, config_file(config), entry->line);
	buf_free(&name);
	return STATUS_CONFIG;
}

static enum status
open_reader(struct intake *intake, const struct intake_options *options,
    struct diag *diag)
{
	struct idoc_options reader = {
		.format = options->format,
		.encoding = options->encoding,
		.fallback =
		    config_text(options->tool->config, "sap", NULL, "encoding"),
		.dictionary = options->dictionary,
		.raw = options->raw,
		.hash = options->state != NULL,
	};
	enum status status;

	intake->symbols = idoc_symbols_new();
	intake->reader = idoc_reader_new(intake->symbols, &reader);
	status = check_encodings(options, diag);
	if (status != STATUS_OK)
		return status;
	return map_new(&intake->map, intake->symbols, options->tool->config,
	    diag);
}

enum status
intake_open(struct intake **result, const struct intake_options *options,
    struct diag *diag)
{
	struct intake *intake = mem_zero(1, sizeof(*intake));
	enum status status;

	*result = intake;
	intake->tool = options->tool;
	intake->raw = options->raw;
	intake->explain = options->explain;
	intake->hash = options->state != NULL;
	status = open_reader(intake, options, diag);
	if (status == STATUS_OK && options->state != NULL)
		status = state_open(&intake->state, options->state, STATE_WRITE,
		    options->tool->config, diag);
	if (status == STATUS_OK && intake->state != NULL)
		status =
		    run_begin(intake->state, &intake->run, "idoc-parse", diag);
	gather_open(&intake->gather, intake->state, options->tool,
	    &intake->run);
	intake->gather.backfill = options->backfill;
	if (status == STATUS_OK && intake->state != NULL)
		status = ledger_deaths_find(intake->state, &intake->run,
		    &intake->gather.deaths, NULL, diag);
	if (status == STATUS_OK && intake->explain) {
		explain_head(&intake->gather.records.recent);
		status = gather_pass(&intake->gather, diag);
	}
	return status;
}

/*
 * Without a ledger no content hash is computed; an IDoc without a number still
 * needs a name of its own, so that its records are not taken for another's.
 */
static struct hash
hash_of_tree(const struct idoc *idoc)
{
	static const unsigned char key[16];
	const struct idoc_segment *at = idoc->root->first;
	struct hasher hasher;

	hash_begin(&hasher, key);
	while (at != NULL) {
		hash_add(&hasher, at->type->name.data, at->type->name.len);
		for (size_t i = 0; i < at->field_count; i++)
			hash_add(&hasher, at->fields[i].value.data,
			    at->fields[i].value.len);
		at = idoc_after(idoc->root, at);
	}
	return hash_end(&hasher);
}

static enum status
map_idoc(struct intake *intake, const struct idoc *idoc,
    struct gather_item *item)
{
	struct map_result result = { 0 };
	enum status status;

	if (str_is(idoc->control.test, "X")) {
		item->ignored_by = "test-idoc";
		return STATUS_OK;
	}
	if (!map_knows(intake->map, idoc->control.mestyp)) {
		item->ignored_by = "unmapped";
		return STATUS_OK;
	}
	status = map_apply(intake->map, idoc, &intake->gather.records,
	    &intake->arena, &result, intake->diag);
	if (status == STATUS_OK)
		status = spool_status(&intake->gather.records, intake->diag);
	if (status != STATUS_OK)
		return status;
	if (result.code != NULL) {
		item->code = result.code;
		item->message = result.message;
		item->customer = result.subject;
	}
	item->ignored_by = result.ignored_by;
	item->total = result.records;
	return STATUS_OK;
}

/* What an IDoc has that is odd but does no harm: once a file. */
static void
warn(struct intake *intake, const struct idoc *idoc)
{
	const struct {
		bool seen;
		const char *what;
	} oddities[] = {
		{ idoc->control_missing,
		    "no control record, the type is that of the root element" },
		{ idoc->nesting_repaired,
		    "segments were not nested, the segment trees say how" },
		{ idoc->docnum_differs,
		    "data records carry another DOCNUM than the control record" },
		{ idoc->bytes_replaced,
		    "characters that were cut in their middle are replaced" },
	};
	struct buf file = BUF_INIT;

	for (unsigned i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++) {
		if (!oddities[i].seen || (intake->warned & 1U << i) != 0)
			continue;
		intake->warned |= 1U << i;
		buf_clear(&file);
		tool_say(intake->gather.tool, "%s:%zu: warning: %s",
		    text_escape(&file, idoc->file, 200), idoc->line,
		    oddities[i].what);
	}
	buf_free(&file);
}

/* Neither in the ledger nor a record: a line for each value. */
static enum status
explain_idoc(struct intake *intake, const struct idoc *idoc)
{
	const struct idoc_control *control = &idoc->control;
	struct spool *output = &intake->gather.records;
	struct map_result result = { 0 };

	arena_reset(&intake->arena);
	if (str_is(control->test, "X"))
		explain_fault(&output->recent, control, idoc->file, idoc->n,
		    "ignored", "test-idoc", STR_NONE);
	else if (!map_knows(intake->map, control->mestyp))
		explain_fault(&output->recent, control, idoc->file, idoc->n,
		    "ignored", "idoc-unmapped", control->mestyp);
	else
		map_explain(intake->map, idoc, intake->tool->verbose, output,
		    &intake->arena, &result);
	if (result.code != NULL)
		gather_say(&intake->gather, result.code, idoc->file, idoc->line,
		    result.message);
	return gather_pass(&intake->gather, intake->diag);
}

static enum status
explain_broken(struct intake *intake, const struct idoc_fault *fault)
{
	explain_fault(&intake->gather.records.recent, &fault->control,
	    fault->file, fault->n, "exception", fault->code, fault->message);
	gather_say(&intake->gather, fault->code, fault->file, fault->line,
	    fault->message);
	return gather_pass(&intake->gather, intake->diag);
}

static enum status
on_idoc(void *user, const struct idoc *idoc)
{
	struct intake *intake = user;
	struct gather_item item = { 0 };
	struct idoc copy = *idoc;
	enum status status;

	intake->found++;
	warn(intake, idoc);
	if (intake->raw) {
		map_raw(idoc, &intake->gather.records);
		buf_add_char(&intake->gather.records.recent, '\n');
		return gather_pass(&intake->gather, intake->diag);
	}
	if (intake->explain)
		return explain_idoc(intake, idoc);
	arena_reset(&intake->arena);
	copy.backfill = intake->gather.backfill;
	if (!intake->hash && idoc->control.docnum.len == 0)
		copy.hash = hash_of_tree(idoc);
	map_src(&copy.control, copy.file, copy.n, copy.hash, &intake->arena,
	    &item.idoc.src, &item.idoc.seq);
	item.idoc.hash = copy.hash;
	status = map_idoc(intake, &copy, &item);
	if (status == STATUS_OK)
		status = gather_add(&intake->gather, &item, intake->diag);
	return status;
}

static bool
is_master_data(struct str mestyp)
{
	return str_is(mestyp, "DEBMAS") || str_is(mestyp, "ADRMAS") ||
	       str_is(mestyp, "ADR2MAS");
}

/* The same for an IDoc that could not be read: where it stands names it. */
static struct hash
hash_of_place(struct intake *intake, const struct idoc_fault *fault)
{
	return hash_of(arena_format(&intake->arena, "%s#%llu@%llu",
	    intake->file, (unsigned long long)fault->n,
	    (unsigned long long)fault->offset));
}

/*
 * A customer record that could not be read holds the customer; when not even
 * the customer number can be found in the wreck, the file is named.
 */
static enum status
on_fault(void *user, const struct idoc_fault *fault)
{
	struct intake *intake = user;
	struct gather_item item = { .code = fault->code,
		.message = fault->message };

	intake->found++;
	arena_reset(&intake->arena);
	if (intake->raw)
		return gather_say(&intake->gather, fault->code, fault->file,
		    fault->line, fault->message);
	if (intake->explain)
		return explain_broken(intake, fault);
	item.idoc.hash =
	    intake->hash ? fault->hash : hash_of_place(intake, fault);
	map_src(&fault->control, fault->file, fault->n, item.idoc.hash,
	    &intake->arena, &item.idoc.src, &item.idoc.seq);
	item.idoc.broken = true;
	item.line = fault->line;
	if (is_master_data(fault->control.mestyp)) {
		/* Somebody may be attacking: that is for SAP's team as well. */
		if (strcmp(fault->code, "idoc-hostile") == 0)
			item.because = fault->code;
		item.code = "customer-malformed";
		item.customer = str_alpha_out(fault->kunnr);
		if (item.customer.len == 0)
			item.message = arena_format(&intake->arena,
			    "%.*s; whose it is cannot be told, it is IDoc %llu"
			    " of '%s'",
			    STR_ARGS(fault->message),
			    (unsigned long long)fault->n, intake->file);
	}
	return gather_add(&intake->gather, &item, intake->diag);
}

/* A pipe may pause behind its first line: what tells is enough. */
static bool
is_told(struct str start)
{
	enum idoc_content content = idoc_sniff(start);

	return start.len >= SNIFF_LEAST ||
	       (content != IDOC_CONTENT_EMPTY && content != IDOC_CONTENT_OTHER);
}

static enum status
read_start(int fd, struct str *start, char bytes[SNIFF_BYTES],
    struct diag *diag)
{
	size_t got = 1;

	*start = (struct str){ bytes, 0 };
	while (got > 0 && !is_told(*start)) {
		enum status status = fd_read(fd, bytes + start->len,
		    SNIFF_BYTES - start->len, &got, diag);

		if (status != STATUS_OK)
			return status;
		start->len += got;
	}
	return STATUS_OK;
}

static enum status
unreadable(struct intake *intake, const char *code, const char *why,
    struct diag *diag)
{
	/* why may be words in diag, which is about to be used again. */
	arena_reset(&intake->arena);
	why = arena_format(&intake->arena, "%s", why).data;
	intake->unreadable = true;
	if (intake->raw || intake->explain)
		return gather_say(&intake->gather, code, str_of(intake->file),
		    0, str_of(why));
	return gather_file(&intake->gather, code, intake->file, why, diag);
}

/* What is gathered does not wait for what a pipe may bring. */
static enum status
on_idle(void *user)
{
	struct intake *intake = user;

	return gather_flush(&intake->gather, intake->diag);
}

static enum status
read_idocs(struct intake *intake, int fd, struct str start, struct diag *diag)
{
	const struct idoc_sink sink = { on_idoc, on_fault, intake, on_idle };
	enum status status;

	status =
	    idoc_read(intake->reader, fd, intake->file, start, &sink, diag);
	if (status == STATUS_DATA && intake->found == 0)
		status =
		    unreadable(intake, unreadable_code, diag->message, diag);
	return status;
}

enum status
intake_skip(struct intake *intake, const char *code, const char *name,
    const char *why, struct diag *diag)
{
	intake->file = name;
	intake->found = 0;
	return unreadable(intake, code, why, diag);
}

static void
note_file(const struct intake *intake)
{
	struct buf name = BUF_INIT;

	tool_note(intake->tool, "%s: %llu IDocs",
	    text_escape(&name, str_of(intake->file), 200),
	    (unsigned long long)intake->found);
	buf_free(&name);
}

enum status
intake_file(struct intake *intake, int fd, const char *name, struct diag *diag)
{
	char bytes[SNIFF_BYTES];
	struct str start;
	uint64_t before = intake->gather.added;
	enum status status;

	intake->file = name;
	intake->found = 0;
	intake->warned = 0;
	intake->unreadable = false;
	intake->cut = false;
	intake->diag = diag;
	if (read_start(fd, &start, bytes, diag) != STATUS_OK)
		return intake_skip(intake, unreadable_code, name, diag->message,
		    diag);
	status = STATUS_OK;
	switch (idoc_sniff(start)) {
	case IDOC_CONTENT_EMPTY:
		/* An empty pipe is an idle one; an empty file is a broken one.
		 */
		if (strcmp(name, "-") != 0)
			status = unreadable(intake, unreadable_code,
			    "it is empty", diag);
		break;
	case IDOC_CONTENT_RECORDS:
		if (intake->raw || intake->explain)
			status = unreadable(intake, unreadable_code,
			    "it holds records", diag);
		else
			status = lines_pass(&intake->gather, fd, name, start,
			    &intake->cut, diag);
		intake->found = intake->gather.added - before;
		break;
	case IDOC_CONTENT_XML:
	case IDOC_CONTENT_FLAT:
	case IDOC_CONTENT_OTHER:
		status = read_idocs(intake, fd, start, diag);
		break;
	}
	if (status == STATUS_OK)
		note_file(intake);
	return status;
}

enum status
intake_flush(struct intake *intake, struct diag *diag)
{
	return gather_flush(&intake->gather, diag);
}

enum status
intake_finish(struct intake *intake, struct diag *diag)
{
	enum status status = gather_flush(&intake->gather, diag);
	enum status closed = gather_close(&intake->gather, diag);

	return status != STATUS_OK ? status : closed;
}

bool
intake_unreadable(const struct intake *intake)
{
	return intake->unreadable;
}

bool
intake_output_failed(const struct intake *intake)
{
	return intake->gather.out.err != 0;
}

bool
intake_cut(const struct intake *intake)
{
	return intake->cut;
}

uint64_t
intake_excepted(const struct intake *intake)
{
	return intake->gather.excepted;
}

uint64_t
intake_found(const struct intake *intake)
{
	return intake->found;
}

const struct run *
intake_run(const struct intake *intake)
{
	return &intake->run;
}

void
intake_waited(struct intake *intake, int64_t milliseconds)
{
	intake->run.wait_input += milliseconds;
}

struct state *
intake_state(struct intake *intake)
{
	return intake->state;
}

enum status
intake_close(struct intake *intake, enum status status, struct diag *diag)
{
	if (intake == NULL)
		return status;
	if (intake->state != NULL && intake->run.tool != NULL)
		status = run_end(intake->state, &intake->run, status, diag);
	state_close(intake->state);
	map_free(intake->map);
	idoc_reader_free(intake->reader);
	idoc_symbols_free(intake->symbols);
	gather_free(&intake->gather);
	arena_free(&intake->arena);
	free(intake);
	return status;
}
