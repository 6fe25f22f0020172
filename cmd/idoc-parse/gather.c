#define _GNU_SOURCE /* memmem */
#include "gather.h"

#include <errno.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "guard.h"
#include "state/exceptions.h"
#include "state/hold.h"
#include "state/ledger_death.h"

/* An item and where its records are. */
struct gather_entry {
	struct gather_item item;
	uint64_t begin, length;
};

void
gather_open(struct gather *gather, struct state *state,
    const struct tool_run *tool, struct run *run)
{
	*gather = (struct gather){ .state = state, .tool = tool, .run = run };
	gather->records = (struct spool)SPOOL_INIT;
	gather->entries = mem_zero(LIMIT_BATCH, sizeof(*gather->entries));
	out_open(&gather->out, STDOUT_FILENO);
}

/* Write what is held of an item. */
static enum status
write_records(struct gather *gather, uint64_t begin, uint64_t length,
    struct diag *diag)
{
	return spool_replay(&gather->records, begin, length, &gather->out,
	    diag);
}

/* What left goes, unless the item in hand has its records behind it. */
static void
forget_records(struct gather *gather)
{
	if (spool_length(&gather->records) > gather->placed)
		return;
	spool_clear(&gather->records);
	gather->placed = 0;
}

enum status
gather_pass(struct gather *gather, struct diag *diag)
{
	enum status status =
	    write_records(gather, 0, spool_length(&gather->records), diag);

	spool_clear(&gather->records);
	return status;
}

enum status
gather_say(struct gather *gather, const char *code, struct str file,
    size_t line, struct str message)
{
	struct buf name = BUF_INIT, text = BUF_INIT;

	gather->excepted++;
	text_escape(&name, file, 200);
	text_message(&text, message, 300);
	if (line > 0)
		tool_say(gather->tool, "%s:%zu: %s: %s", name.data, line, code,
		    text.data);
	else
		tool_say(gather->tool, "%s: %s: %s", name.data, code,
		    text.data);
	buf_free(&name);
	buf_free(&text);
	return STATUS_OK;
}

static void
copy_src(struct arena *arena, struct record_src *src)
{
	src->sys = arena_str(arena, src->sys);
	src->client = arena_str(arena, src->client);
	src->docnum = arena_str(arena, src->docnum);
	src->mestyp = arena_str(arena, src->mestyp);
	src->idoctyp = arena_str(arena, src->idoctyp);
	src->file = arena_str(arena, src->file);
}

static void
copy_item(struct gather *gather, const struct gather_item *item)
{
	struct gather_entry *entry = &gather->entries[gather->count++];
	struct gather_item *copy = &entry->item;

	*copy = *item;
	copy->idoc.run = gather->run->id;
	entry->begin = gather->placed;
	gather->placed = spool_length(&gather->records);
	entry->length = gather->placed - entry->begin;
	spool_settle(&gather->records);
	copy_src(&gather->arena, &copy->idoc.src);
	copy->idoc.seq = arena_str(&gather->arena, item->idoc.seq);
	copy->message = arena_str(&gather->arena, item->message);
	copy->customer = arena_str(&gather->arena, item->customer);
}

/* The exception that an item became; its record is written behind. */
static struct exception
exception_of(const struct gather_item *item, struct buf *id)
{
	const struct record_src *src = &item->idoc.src;
	struct exception exception = { .code = item->code,
		.subject = "idoc",
		.id = src->docnum,
		.customer = item->customer,
		.message = item->message,
		.src = *src,
		.settles = true,
		.line = item->line };

	exception.src.r = 1;
	if (strcmp(item->code, "customer-malformed") == 0 &&
	    item->customer.len > 0) {
		exception.subject = "customer";
		exception.id = item->customer;
	} else if (strcmp(item->code, "record-invalid") == 0) {
		buf_clear(id);
		buf_add_str(id, src->file);
		buf_add_format(id, "#%llu", (unsigned long long)src->n);
		exception.subject = "line";
		exception.id = buf_str(id);
	}
	return exception;
}

/* A remark about an IDoc that goes on, or about a message type. */
static enum status
remark(struct gather *gather, const char *code, const char *subject,
    struct str id, struct str message, const struct record_src *src,
    struct diag *diag)
{
	struct exception exception = { .code = code,
		.subject = subject,
		.id = id,
		.message = message,
		.src = *src };

	gather_say(gather, code, src->file, 0, message);
	exception_write(&gather->exceptions, &exception);
	buf_add_char(&gather->exceptions, '\n');
	if (gather->state == NULL)
		return STATUS_OK;
	return exceptions_raise(gather->state, &exception, diag);
}

static enum status
except(struct gather *gather, const struct gather_item *item, struct diag *diag)
{
	struct buf id = BUF_INIT;
	struct exception exception = exception_of(item, &id);
	enum status status = STATUS_OK;

	gather_say(gather, item->code, item->idoc.src.file, item->line,
	    item->message);
	exception_write(&gather->exceptions, &exception);
	buf_add_char(&gather->exceptions, '\n');
	if (gather->state != NULL)
		status = exceptions_raise(gather->state, &exception, diag);
	if (status == STATUS_OK && gather->state != NULL)
		status = ledger_settle(gather->state, &exception.src,
		    OUTCOME_EXCEPTED, NULL, diag);
	if (status == STATUS_OK && gather->state != NULL &&
	    strcmp(item->code, "customer-malformed") == 0 &&
	    item->customer.len > 0)
		status = hold_set(gather->state, item->customer,
		    item->idoc.src.mestyp, item->idoc.seq, diag);
	buf_free(&id);
	return status;
}

/* One low exception per message type and run, never silence. */
static enum status
remark_unmapped(struct gather *gather, const struct gather_item *item,
    struct diag *diag)
{
	struct str mestyp = item->idoc.src.mestyp;
	struct buf name = BUF_INIT, message = BUF_INIT;
	enum status status = STATUS_OK;

	buf_add_char(&name, '\n');
	buf_add_str(&name, mestyp);
	buf_add_char(&name, '\n');
	if (gather->unmapped.len == 0 ||
	    memmem(gather->unmapped.data, gather->unmapped.len, name.data,
		name.len) == NULL) {
		buf_add_str(&gather->unmapped, buf_str(&name));
		text_escape(&name, mestyp, 30);
		buf_add_format(&message,
		    "no field-map rows for message type '%s'", name.data);
		status = remark(gather, "idoc-unmapped", "message",
		    mestyp.len > 0 ? mestyp : STR("none"), buf_str(&message),
		    &item->idoc.src, diag);
	}
	buf_free(&name);
	buf_free(&message);
	return status;
}

/* Enter an item in the ledger; *emit: its records are to leave. */
static enum status
enter(struct gather *gather, struct gather_item *item, bool *emit,
    struct diag *diag)
{
	enum ledger_verdict verdict = LEDGER_NEW;
	struct record_src first = item->idoc.src;
	enum status status = STATUS_OK;
	int64_t id = 0;

	first.r = 1;
	gather->run->read++;
	if (gather->state != NULL)
		status =
		    ledger_see(gather->state, &item->idoc, &verdict, &id, diag);
	*emit = verdict != LEDGER_DUPLICATE;
	gather->run->duplicates += !*emit;
	if (status != STATUS_OK || !*emit)
		return status;
	if (verdict == LEDGER_REUSED)
		status = remark(gather, "idoc-number-reused", "idoc",
		    item->idoc.src.docnum,
		    STR("one IDoc number came with two contents"),
		    &item->idoc.src, diag);
	if (status == STATUS_OK && gather->state != NULL)
		status = ledger_total(gather->state, id,
		    item->code != NULL || item->ignored_by != NULL
			? 1
			: item->total,
		    diag);
	if (status != STATUS_OK)
		return status;
	if (item->because != NULL)
		status =
		    remark(gather, item->because, "idoc", item->idoc.src.docnum,
			item->message, &item->idoc.src, diag);
	if (item->idoc.anew && status == STATUS_OK)
		status = ledger_deaths_forget(gather->state, id, diag);
	if (item->code != NULL && status == STATUS_OK)
		return except(gather, item, diag);
	if (gather->state != NULL && verdict == LEDGER_RETRY)
		status = exceptions_heal(gather->state, NULL, "idoc",
		    item->idoc.src.docnum, diag);
	if (status == STATUS_OK && item->ignored_by != NULL &&
	    strcmp(item->ignored_by, "unmapped") == 0)
		status = remark_unmapped(gather, item, diag);
	if (status == STATUS_OK && item->ignored_by != NULL &&
	    gather->state != NULL)
		status = ledger_settle(gather->state, &first, OUTCOME_IGNORED,
		    item->ignored_by, diag);
	return status;
}

static enum status
enter_all(struct gather *gather, struct diag *diag)
{
	/* Nothing is entered whose records cannot leave. */
	enum status status = spool_status(&gather->records, diag);

	if (status != STATUS_OK)
		return status;
	if (gather->state != NULL)
		status = state_begin(gather->state, diag);
	for (size_t i = 0; i < gather->count && status == STATUS_OK; i++) {
		struct gather_entry *entry = &gather->entries[i];
		bool emit;

		status = enter(gather, &entry->item, &emit, diag);
		if (!emit)
			entry->item.total = entry->length = 0;
	}
	if (gather->state == NULL)
		return status;
	if (status == STATUS_OK)
		return state_commit(gather->state, diag);
	state_rollback(gather->state);
	return status;
}

enum status
gather_flush(struct gather *gather, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (gather->count > 0)
		status = enter_all(gather, diag);
	for (size_t i = 0; i < gather->count && status == STATUS_OK; i++) {
		const struct gather_entry *entry = &gather->entries[i];

		gather->run->written += entry->item.total;
		status =
		    write_records(gather, entry->begin, entry->length, diag);
	}
	if (status == STATUS_OK)
		status =
		    out_add(&gather->out, buf_str(&gather->exceptions), diag);
	if (status == STATUS_OK)
		status = out_flush(&gather->out, diag);
	gather->run->excepted = gather->excepted;
	gather->count = 0;
	buf_clear(&gather->exceptions);
	arena_reset(&gather->arena);
	forget_records(gather);
	return status;
}

/* Without a state nothing has to be gathered: one item at a time. */
static enum status
pass(struct gather *gather, struct gather_item *item, struct diag *diag)
{
	bool emit;
	enum status status = enter(gather, item, &emit, diag);

	gather->run->written += item->total;
	if (status == STATUS_OK)
		status = gather_pass(gather, diag);
	if (status == STATUS_OK && gather->exceptions.len > 0)
		status =
		    out_add(&gather->out, buf_str(&gather->exceptions), diag);
	buf_clear(&gather->exceptions);
	return status;
}

/* An IDoc that tools have died with: alone, or not at all. */
static enum status
add_suspect(struct gather *gather, struct gather_item *item, uint64_t deaths,
    struct diag *diag)
{
	enum status status = gather_flush(gather, diag);

	if (status != STATUS_OK)
		return status;
	if (deaths >= DEATHS_MAX) {
		guard_set_aside(item,
		    spool_recent(&gather->records, gather->placed),
		    &gather->arena);
		spool_cut(&gather->records, gather->placed);
	}
	copy_item(gather, item);
	status = gather_flush(gather, diag);
	if (status == STATUS_OK && deaths < DEATHS_MAX)
		status = guard_await(gather->state, gather->run,
		    &item->idoc.src, diag);
	return status;
}

enum status
gather_add(struct gather *gather, const struct gather_item *item,
    struct diag *diag)
{
	struct gather_item now = *item;
	uint64_t deaths = 0;
	enum status status;

	gather->added++;
	now.idoc.src.backfill = now.idoc.src.backfill || gather->backfill;
	if (gather->state == NULL)
		return pass(gather, &now, diag);
	if (gather->deaths && item->code == NULL) {
		status = ledger_deaths(gather->state, &item->idoc.src, &deaths,
		    diag);
		if (status != STATUS_OK)
			return status;
	}
	if (deaths >= DEATHS_CAREFUL)
		return add_suspect(gather, &now, deaths, diag);
	copy_item(gather, &now);
	if (gather->count < LIMIT_BATCH &&
	    gather->arena.used + gather->placed < LIMIT_BATCH_BYTES)
		return STATUS_OK;
	return gather_flush(gather, diag);
}

enum status
gather_file(struct gather *gather, const char *code, const char *file,
    const char *why, struct diag *diag)
{
	struct record_src src = { .file = str_of(file) };
	enum status status = STATUS_OK;

	if (gather->state != NULL)
		status = state_begin(gather->state, diag);
	if (status == STATUS_OK)
		status = remark(gather, code, "file", str_of(file), str_of(why),
		    &src, diag);
	if (gather->state != NULL && status == STATUS_OK)
		status = state_commit(gather->state, diag);
	else if (gather->state != NULL)
		state_rollback(gather->state);
	return status;
}

enum status
gather_close(struct gather *gather, struct diag *diag)
{
	enum status status = out_close(&gather->out, diag);

	if (close(STDOUT_FILENO) != 0 && status == STATUS_OK)
		status = diag_errno(diag, STATUS_IO, errno,
		    "cannot close the output");
	return status;
}

void
gather_free(struct gather *gather)
{
	free(gather->entries);
	spool_free(&gather->records);
	arena_free(&gather->arena);
	buf_free(&gather->exceptions);
	buf_free(&gather->unmapped);
	buf_free(&gather->out.held);
}
