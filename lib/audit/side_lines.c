#include "audit/side_lines.h"

#include <sys/wait.h>

#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/lines.h"
#include "base/out.h"
#include "base/sorter.h"
#include "base/tool.h"
#include "ometria/payload.h"

/* What goes from the child to its parent: a record, or, without a key, how it
 * ended. */
struct frame {
	uint32_t key, payload;
};

struct side_lines {
	FILE *frames;
	pid_t child;
	struct buf key, payload;
	uint64_t unfit;
};

/* Of the child. */
struct maker {
	const struct side_plan *plan;
	struct sorter *desired; /* bodies */
	struct out out;
	struct json_doc doc;
	struct arena arena; /* of one record */
	struct buf key, body, next_key, next, payload;
	bool ahead; /* `next` is there */
	uint64_t unfit;
};

/* How the child ended. */
struct ending {
	enum status status;
	uint64_t unfit;
	struct diag diag;
};

static enum status
add_line(struct maker *maker, struct str line, struct diag *diag)
{
	struct record record;
	struct desired desired;
	enum status status;

	if (record_sniff(line) != RECORD_DESIRED)
		return STATUS_OK;
	arena_reset(&maker->arena);
	status = record_parse(&record, &maker->doc, &maker->arena, line, diag);
	if (status == STATUS_OK)
		status = desired_read(&desired, &record, &maker->arena, diag);
	if (status != STATUS_OK || !side_wants(maker->plan, desired.kind))
		return status;
	buf_clear(&maker->key);
	side_key(&maker->key, desired.kind, desired.id);
	return sorter_add(maker->desired, buf_str(&maker->key), desired.body,
	    diag);
}

static enum status
read_lines(struct maker *maker, int fd, struct diag *diag)
{
	enum lines_result result = LINES_LINE;
	enum status status = STATUS_OK;
	struct lines lines;
	struct str line;

	lines_open(&lines, fd);
	while (status == STATUS_OK && result != LINES_END) {
		result = lines_next(&lines, &line, diag);
		if (result == LINES_FAILED)
			status = diag->status;
		else if (result == LINES_TOO_LONG)
			status =
			    diag_set(diag, STATUS_DATA, "the line is too long");
		else if (result != LINES_END)
			status = add_line(maker, line, diag);
	}
	if (status == STATUS_DATA)
		diag_place(diag, "SAP's records", lines.number);
	lines_close(&lines);
	if (status == STATUS_OK && tool_interrupted())
		status = diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
	return status == STATUS_OK ? sorter_end(maker->desired, diag) : status;
}

static enum status
look_ahead(struct maker *maker, struct diag *diag)
{
	struct str key, value;
	enum status status =
	    sorter_next(maker->desired, &key, &value, &maker->ahead, diag);

	if (status != STATUS_OK || !maker->ahead)
		return status;
	buf_clear(&maker->next_key);
	buf_add_str(&maker->next_key, key);
	buf_clear(&maker->next);
	buf_add_str(&maker->next, value);
	return STATUS_OK;
}

/* The last of those with one id: it is the newest. */
static enum status
take_newest(struct maker *maker, struct diag *diag)
{
	enum status status;

	buf_clear(&maker->key);
	buf_add_str(&maker->key, buf_str(&maker->next_key));
	do {
		struct buf old = maker->body;

		maker->body = maker->next;
		maker->next = old;
		status = look_ahead(maker, diag);
	} while (status == STATUS_OK && maker->ahead &&
		 str_eq(buf_str(&maker->next_key), buf_str(&maker->key)));
	return status;
}

static enum status
put_frame(struct maker *maker, struct str key, struct str payload,
    struct diag *diag)
{
	struct frame frame = { (uint32_t)key.len, (uint32_t)payload.len };
	enum status status = out_add(&maker->out,
	    (struct str){ (const char *)&frame, sizeof(frame) }, diag);

	if (status == STATUS_OK)
		status = out_add(&maker->out, key, diag);
	return status == STATUS_OK ? out_add(&maker->out, payload, diag)
				   : status;
}

static enum status
put_payload(struct maker *maker, struct diag *diag)
{
	const struct payload_facts facts = { .collection =
						 maker->plan->collection };
	enum desired_kind kind = (enum desired_kind)(maker->key.data[0] - '0');
	struct payload_fault fault;

	arena_reset(&maker->arena);
	buf_clear(&maker->payload);
	if (payload_make(&maker->payload, kind, buf_str(&maker->body), &facts,
		&maker->doc, &maker->arena, &fault) == PAYLOAD_READY)
		return put_frame(maker, buf_str(&maker->key),
		    buf_str(&maker->payload), diag);
	maker->unfit++;
	return STATUS_OK;
}

static enum status
put_all(struct maker *maker, int fd, struct diag *diag)
{
	enum status status = read_lines(maker, fd, diag);

	if (status == STATUS_OK)
		status = look_ahead(maker, diag);
	while (status == STATUS_OK && maker->ahead) {
		status = take_newest(maker, diag);
		if (status == STATUS_OK)
			status = put_payload(maker, diag);
	}
	return status;
}

/* Memory goes with the process. */
static _Noreturn void
work(const struct side_plan *plan, int in, int out)
{
	struct maker maker = {
		.plan = plan,
		.desired = sorter_new(SORTER_MEMORY),
		.doc = JSON_DOC_INIT,
	};
	struct ending ending = { .unfit = 0 };
	struct diag ignored;

	out_open(&maker.out, out);
	ending.status = put_all(&maker, in, &ending.diag);
	ending.unfit = maker.unfit;
	put_frame(&maker, STR_NONE,
	    (struct str){ (const char *)&ending, sizeof(ending) }, &ignored);
	out_close(&maker.out, &ignored);
	_exit(0);
}

enum status
side_lines_start(struct side_lines **started, const struct side_plan *plan,
    int fd, struct diag *diag)
{
	struct side_lines *lines;
	int ends[2];
	pid_t child = pipe(ends) < 0 ? -1 : fork();

	if (child < 0)
		return diag_errno(diag, STATUS_OS, errno,
		    "cannot start a process for SAP's side");
	if (child == 0) {
		close(ends[0]);
		work(plan, fd, ends[1]);
	}
	close(ends[1]);
	fd_widen(ends[0]);
	lines = mem_zero(1, sizeof(*lines));
	lines->child = child;
	lines->frames = fdopen(ends[0], "r");
	if (lines->frames == NULL)
		status_out_of_memory();
	*started = lines;
	return STATUS_OK;
}

static bool
read_part(struct side_lines *lines, struct buf *to, size_t len)
{
	buf_clear(to);
	buf_reserve(to, len);
	to->len = fread(to->data, 1, len, lines->frames);
	return to->len == len;
}

static enum status
read_ending(struct side_lines *lines, struct diag *diag)
{
	struct ending ending;

	memcpy(&ending, lines->payload.data, sizeof(ending));
	lines->unfit = ending.unfit;
	if (ending.status != STATUS_OK)
		*diag = ending.diag;
	return ending.status;
}

enum status
side_lines_next(struct side_lines *lines, struct str *key, struct str *payload,
    bool *found, struct diag *diag)
{
	struct frame frame;

	*found = false;
	if (fread(&frame, sizeof(frame), 1, lines->frames) != 1 ||
	    !read_part(lines, &lines->key, frame.key) ||
	    !read_part(lines, &lines->payload, frame.payload))
		return diag_set(diag,
		    tool_interrupted() ? STATUS_TRY_AGAIN : STATUS_OS,
		    "the process for SAP's side ended early");
	if (frame.key == 0)
		return read_ending(lines, diag);
	*found = true;
	*key = buf_str(&lines->key);
	*payload = buf_str(&lines->payload);
	return STATUS_OK;
}

uint64_t
side_lines_unfit(const struct side_lines *lines)
{
	return lines->unfit;
}

void
side_lines_free(struct side_lines *lines)
{
	if (lines == NULL)
		return;
	fclose(lines->frames); /* a child that still writes ends by that */
	while (waitpid(lines->child, NULL, 0) < 0 && errno == EINTR)
		;
	buf_free(&lines->key);
	buf_free(&lines->payload);
	free(lines);
}
