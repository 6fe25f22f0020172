#include "state/filter.h"
#include "state/exceptions.h"
#include "state/ledger.h"
#include "state/outbox.h"

#include "base/instant.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/tool.h"

/* How often a waiting filter looks whether a signal came. */
#define WAIT_MS 1000
/* How often it looks at what time alone changes. */
#define IDLE_MS 60000

enum kind {
	PASS, /* held back behind an own line, to be written as it is */
	OWN, /* of its own types, or to be parsed to know */
	INVALID /* no line to parse: why says what is wrong */
};

struct item {
	enum kind kind;
	const char *why;
	size_t number; /* line of the input */
	size_t at, len; /* in held, without newline */
	size_t given, length; /* in output, with newlines */
};

struct filter_loop {
	struct filter *filter;
	struct lines lines;
	struct json_doc doc;
	struct arena arena;
	struct buf held;
	struct buf output;
	struct item *items;
	size_t count, size;
	size_t own;
	uint64_t before; /* exceptions of the run when it began */
	int64_t idled; /* ticks of the last look at what time changes */
	struct diag *diag;
};

static void
add(struct filter_loop *loop, enum kind kind, struct str line, const char *why)
{
	if (loop->count == loop->size) {
		loop->size = loop->size == 0 ? 64 : 2 * loop->size;
		loop->items =
		    mem_grow(loop->items, loop->size, sizeof(*loop->items));
	}
	loop->items[loop->count++] = (struct item){
		.kind = kind,
		.why = why,
		.number = loop->lines.number,
		.at = loop->held.len,
		.len = line.len,
	};
	buf_add_str(&loop->held, line);
	loop->own += kind != PASS;
}

static bool
full(const struct filter_loop *loop)
{
	return loop->own >= LIMIT_BATCH || loop->held.len >= LIMIT_BATCH_BYTES;
}

enum status
filter_except(struct filter *filter, const struct exception *exception,
    struct buf *output, struct diag *diag)
{
	enum status status = exceptions_raise(filter->state, exception, diag);

	if (status == STATUS_OK && exception->settles)
		status = ledger_settle(filter->state, &exception->src,
		    OUTCOME_EXCEPTED, NULL, diag);
	if (status != STATUS_OK)
		return status;
	exception_write(output, exception);
	buf_add_char(output, '\n');
	filter->run->excepted++;
	return STATUS_OK;
}

/* The first of a type that arrives where it should. */
static enum status
heal_stage(struct filter *filter, enum record_type type, struct diag *diag)
{
	uint32_t bit = UINT32_C(1) << type;

	if ((filter->stages & bit) == 0)
		return STATUS_OK;
	filter->stages &= ~bit;
	return exceptions_heal(filter->state, "stage-missing", "type",
	    str_of(record_type_name(type)), diag);
}

/* The line is named by its content, so that the same one counts up. */
static enum status
except_line(struct filter_loop *loop, const struct item *item, struct str line,
    const char *why)
{
	struct exception exception = {
		.code = "record-invalid",
		.subject = "line",
	};
	char hex[HASH_HEX];

	if (line.len > 0) {
		hash_hex(hash_of(line), hex);
		exception.id = arena_format(&loop->arena, "#%.16s", hex);
	} else
		exception.id = arena_format(&loop->arena, "%s:%zu",
		    loop->filter->tool, item->number);
	exception.message = arena_format(&loop->arena,
	    "line %zu of the input of %s was left out: %s", item->number,
	    loop->filter->tool, why);
	return filter_except(loop->filter, &exception, &loop->output,
	    loop->diag);
}

static enum status
end_batch(struct filter_loop *loop)
{
	struct filter *filter = loop->filter;

	return filter->batch_end == NULL
		   ? STATUS_OK
		   : filter->batch_end(filter->user, &loop->output, loop->diag);
}

/* Where history gives way to what is live, or the other way round, what is in
 * hand is worked out first: neither waits, or hurries, with the other. */
static enum status
turn_age(struct filter_loop *loop, bool past)
{
	struct filter *filter = loop->filter;
	enum status status = filter->past == past ? STATUS_OK : end_batch(loop);

	filter->past = past;
	filter->lived = filter->lived || !past;
	outbox_set_age(filter->state, past ? OUTBOX_HISTORY : OUTBOX_LIVE);
	return status;
}

static enum status
apply_own(struct filter_loop *loop, const struct item *item, struct str line)
{
	struct filter *filter = loop->filter;
	struct diag fault = { .status = STATUS_OK };
	struct record record;

	if (record_parse(&record, &loop->doc, &loop->arena, line, &fault) !=
	    STATUS_OK)
		return except_line(loop, item, line, fault.message);
	if ((filter->types & (UINT32_C(1) << record.type)) == 0) {
		buf_add_str(&loop->output, line);
		buf_add_char(&loop->output, '\n');
		return STATUS_OK;
	}
	if (turn_age(loop, record.src.backfill) != STATUS_OK ||
	    heal_stage(filter, record.type, loop->diag) != STATUS_OK)
		return loop->diag->status;
	filter->run->read++;
	return filter->apply(filter->user, &record, &loop->output, loop->diag);
}

static enum status
apply_item(struct filter_loop *loop, struct item *item)
{
	struct str line = { loop->held.data + item->at, item->len };
	enum status status;

	item->given = loop->output.len;
	if (item->kind == PASS)
		return STATUS_OK;
	arena_reset(&loop->arena);
	if (item->kind == INVALID)
		status = except_line(loop, item, line, item->why);
	else
		status = apply_own(loop, item, line);
	item->length = loop->output.len - item->given;
	return status;
}

static uint64_t
count_lines(struct str text)
{
	uint64_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == '\n';
	return count;
}

static enum status
apply_all(struct filter_loop *loop)
{
	struct filter *filter = loop->filter;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < loop->count && status == STATUS_OK; i++)
		status = apply_item(loop, &loop->items[i]);
	if (status == STATUS_OK)
		status = end_batch(loop);
	outbox_set_age(filter->state, OUTBOX_LIVE);
	if (status == STATUS_OK)
		status = trace_save(filter->state, loop->diag);
	if (status == STATUS_OK)
		filter->run->written += count_lines(buf_str(&loop->output));
	return status;
}

/* Only now, after the commit, may anything of the batch be seen outside. */
static enum status
write_all_items(struct filter_loop *loop)
{
	struct out *out = loop->filter->out;
	enum status status = STATUS_OK;
	size_t end = 0;

	for (size_t i = 0; i < loop->count && status == STATUS_OK; i++) {
		const struct item *item = &loop->items[i];

		if (item->kind == PASS) {
			status = out_line(out,
			    buf_part(&loop->held, item->at, item->len),
			    loop->diag);
			continue;
		}
		end = item->given + item->length;
		status = out_add(out,
		    buf_part(&loop->output, item->given, item->length),
		    loop->diag);
	}
	if (status == STATUS_OK && loop->output.len > end)
		status = out_add(out,
		    buf_part(&loop->output, end, loop->output.len - end),
		    loop->diag);
	return status;
}

/* Large lines must not keep their memory for the rest of the run. */
static void
empty(struct buf *buf)
{
	if (buf->size > 2 * LIMIT_BATCH_BYTES)
		buf_free(buf);
	buf_clear(buf);
}

static enum status
settle(struct filter_loop *loop)
{
	struct state *state = loop->filter->state;
	enum status status;

	if (loop->count == 0)
		return STATUS_OK;
	status = state_begin(state, loop->diag);
	if (status != STATUS_OK)
		return status;
	status = state_leave(state, true, apply_all(loop), loop->diag);
	if (status == STATUS_OK)
		status = write_all_items(loop);
	loop->count = loop->own = 0;
	empty(&loop->held);
	empty(&loop->output);
	return status;
}

static enum status
look_idle(struct filter_loop *loop)
{
	int64_t now = instant_ticks();
	bool due = now - loop->idled >= IDLE_MS;
	enum status status = STATUS_OK;

	if (loop->filter->idle == NULL)
		return STATUS_OK;
	if (!due && loop->filter->peek != NULL)
		status =
		    loop->filter->peek(loop->filter->user, &due, loop->diag);
	if (status != STATUS_OK || !due)
		return status;
	loop->idled = now;
	return loop->filter->idle(loop->filter->user, loop->diag);
}

/*
 * Wait for input. When it pauses, the batch in hand is committed and all
 * output leaves before the wait. False: a signal came.
 */
static enum status
wait_input(struct filter_loop *loop, bool *interrupted)
{
	int64_t since;
	enum status status;

	*interrupted = tool_interrupted();
	if (*interrupted ||
	    lines_ready(&loop->lines, loop->count > 0 ? LIMIT_IDLE : 0))
		return STATUS_OK;
	status = settle(loop);
	/* Short pauses, one behind the other, must not keep it off. */
	if (status == STATUS_OK)
		status = look_idle(loop);
	if (status == STATUS_OK)
		status = out_flush(loop->filter->out, loop->diag);
	since = instant_ticks();
	while (status == STATUS_OK && !*interrupted &&
	       !lines_ready(&loop->lines, WAIT_MS)) {
		*interrupted = tool_interrupted();
		if (!*interrupted)
			status = look_idle(loop);
	}
	loop->filter->run->wait_input += instant_ticks() - since;
	return status;
}

static enum status
take_line(struct filter_loop *loop, struct str line)
{
	enum record_type type = record_sniff(line);

	if (type == RECORD_UNKNOWN ||
	    (loop->filter->types & (UINT32_C(1) << type)) != 0)
		add(loop, OWN, line, NULL);
	else if (loop->count > 0)
		add(loop, PASS, line, NULL);
	else
		return out_line(loop->filter->out, line, loop->diag);
	return full(loop) ? settle(loop) : STATUS_OK;
}

static enum status
step(struct filter_loop *loop, bool *end)
{
	struct str line = STR_NONE;

	switch (lines_next(&loop->lines, &line, loop->diag)) {
	case LINES_LINE:
		return take_line(loop, line);
	case LINES_TOO_LONG:
		add(loop, INVALID, STR_NONE, "it is longer than 4 MiB");
		return STATUS_OK;
	case LINES_UNFINISHED:
		add(loop, INVALID, line, "its end is missing");
		return STATUS_OK;
	case LINES_FAILED:
		return loop->diag->status;
	case LINES_END:
	default:
		*end = true;
		return STATUS_OK;
	}
}

struct filter_loop *
filter_begin(struct filter *filter, int fd, struct diag *diag)
{
	struct filter_loop *loop = mem_zero(1, sizeof(*loop));

	loop->filter = filter;
	loop->doc = (struct json_doc)JSON_DOC_INIT;
	loop->arena = (struct arena)ARENA_INIT;
	loop->before = filter->run->excepted;
	loop->diag = diag;
	loop->idled = instant_ticks();
	lines_open(&loop->lines, fd);
	trace_use(filter->state, &filter->trace);
	return loop;
}

enum status
filter_turn(struct filter_loop *loop, bool *more, bool *ended)
{
	bool any = false;
	enum status status = STATUS_OK;

	/* A full batch is settled by the step that fills it. */
	while (status == STATUS_OK && !*ended && !(any && loop->count == 0) &&
	       lines_ready(&loop->lines, any ? LIMIT_IDLE : 0)) {
		status = step(loop, ended);
		any = any || loop->count > 0;
	}
	if (status == STATUS_OK)
		status = settle(loop);
	if (status == STATUS_OK)
		status = out_flush(loop->filter->out, loop->diag);
	*more = !*ended && lines_ready(&loop->lines, 0);
	return status;
}

enum status
filter_end(struct filter_loop *loop, enum status status)
{
	bool findings = loop->filter->run->excepted > loop->before;

	lines_close(&loop->lines);
	json_doc_free(&loop->doc);
	arena_free(&loop->arena);
	buf_free(&loop->held);
	buf_free(&loop->output);
	free(loop->items);
	trace_use(loop->filter->state, NULL);
	trace_free(&loop->filter->trace);
	free(loop);
	return status == STATUS_OK && findings ? STATUS_FINDINGS : status;
}

enum status
filter_run(struct filter *filter, int fd, struct diag *diag)
{
	struct filter_loop *loop = filter_begin(filter, fd, diag);
	enum status status = STATUS_OK;
	bool end = false;

	while (status == STATUS_OK && !end) {
		status = wait_input(loop, &end);
		if (status == STATUS_OK && !end)
			status = step(loop, &end);
	}
	if (status == STATUS_OK)
		status = settle(loop);
	if (status == STATUS_OK)
		status = out_flush(filter->out, diag);
	return filter_end(loop, status);
}
