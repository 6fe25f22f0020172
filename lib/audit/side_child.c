#include "audit/side_child.h"

#include <sys/wait.h>

#include <errno.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/tool.h"

/* What goes from the child to its parent: a record, or, without a key, how it
 * ended. */
struct frame {
	uint32_t key, payload;
	struct side_meta meta;
};

/* How the child ended. */
struct ending {
	enum status status;
	uint64_t unfit;
	struct diag diag;
};

struct side_child {
	FILE *frames;
	pid_t pid;
	struct buf key, payload;
	uint64_t unfit;
};

static enum status
put_frame(struct side_maker *maker, const struct frame *frame, struct str key,
    struct str payload, struct diag *diag)
{
	enum status status = out_add(&maker->out,
	    (struct str){ (const char *)frame, sizeof(*frame) }, diag);

	if (status == STATUS_OK)
		status = out_add(&maker->out, key, diag);
	return status == STATUS_OK ? out_add(&maker->out, payload, diag)
				   : status;
}

enum status
side_maker_put(struct side_maker *maker, struct str key,
    const struct side_meta *meta, struct str body,
    const struct payload_facts *facts, struct diag *diag)
{
	enum desired_kind kind = (enum desired_kind)(key.data[0] - '0');
	struct payload_fault fault;
	struct frame frame;

	memset(&frame, 0, sizeof(frame));
	frame.meta.accepted_at = meta->accepted_at;
	frame.meta.standing = meta->standing;
	frame.meta.revised = meta->revised;
	buf_clear(&maker->payload);
	if (payload_make(&maker->payload, kind, body, facts, &maker->doc,
		&maker->arena, &fault) != PAYLOAD_READY) {
		frame.meta.standing = SIDE_UNFIT;
		maker->unfit++;
	}
	frame.key = (uint32_t)key.len;
	frame.payload = (uint32_t)maker->payload.len;
	return put_frame(maker, &frame, key, buf_str(&maker->payload), diag);
}

static _Noreturn void
work(const struct side_plan *plan, int fd,
    enum status (*make)(struct side_maker *, const void *, struct diag *),
    const void *user)
{
	struct side_maker maker = { .plan = plan, .doc = JSON_DOC_INIT };
	struct frame frame;
	struct ending ending;
	struct diag ignored;

	memset(&frame, 0, sizeof(frame));
	memset(&ending, 0, sizeof(ending));
	out_open(&maker.out, fd);
	ending.status = make(&maker, user, &ending.diag);
	ending.unfit = maker.unfit;
	frame.payload = sizeof(ending);
	put_frame(&maker, &frame, STR_NONE,
	    (struct str){ (const char *)&ending, sizeof(ending) }, &ignored);
	out_close(&maker.out, &ignored);
	_exit(0); /* memory goes with the process */
}

enum status
side_child_start(struct side_child **started, const struct side_plan *plan,
    enum status (*make)(struct side_maker *, const void *, struct diag *),
    const void *user, struct diag *diag)
{
	struct side_child *child;
	int ends[2];
	pid_t pid = pipe(ends) < 0 ? -1 : fork();

	if (pid < 0)
		return diag_errno(diag, STATUS_OS, errno,
		    "cannot start a process for SAP's side");
	if (pid == 0) {
		close(ends[0]);
		work(plan, ends[1], make, user);
	}
	close(ends[1]);
	fd_widen(ends[0]);
	child = mem_zero(1, sizeof(*child));
	child->pid = pid;
	child->frames = fdopen(ends[0], "r");
	if (child->frames == NULL)
		status_out_of_memory();
	*started = child;
	return STATUS_OK;
}

static bool
read_part(struct side_child *child, struct buf *to, size_t len)
{
	buf_clear(to);
	buf_reserve(to, len);
	to->len = fread(to->data, 1, len, child->frames);
	return to->len == len;
}

static enum status
read_ending(struct side_child *child, struct diag *diag)
{
	struct ending ending;

	memcpy(&ending, child->payload.data, sizeof(ending));
	child->unfit = ending.unfit;
	if (ending.status != STATUS_OK)
		*diag = ending.diag;
	return ending.status;
}

enum status
side_child_next(struct side_child *child, struct str *key,
    struct side_meta *meta, struct str *payload, bool *found, struct diag *diag)
{
	struct frame frame;

	*found = false;
	if (fread(&frame, sizeof(frame), 1, child->frames) != 1 ||
	    !read_part(child, &child->key, frame.key) ||
	    !read_part(child, &child->payload, frame.payload))
		return diag_set(diag,
		    tool_interrupted() ? STATUS_TRY_AGAIN : STATUS_OS,
		    "the process for SAP's side ended early");
	if (frame.key == 0)
		return read_ending(child, diag);
	*found = true;
	*key = buf_str(&child->key);
	*meta = frame.meta;
	*payload = buf_str(&child->payload);
	return STATUS_OK;
}

uint64_t
side_child_unfit(const struct side_child *child)
{
	return child->unfit;
}

void
side_child_free(struct side_child *child)
{
	if (child == NULL)
		return;
	fclose(child->frames); /* a child that still writes ends by that */
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	buf_free(&child->key);
	buf_free(&child->payload);
	free(child);
}
