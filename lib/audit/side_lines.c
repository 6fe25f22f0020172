#include "audit/side_child.h"

#include "base/lines.h"
#include "base/sorter.h"

struct reading {
	struct side_maker *maker;
	struct sorter *desired; /* bodies */
	struct buf key, body, next_key, next;
	bool ahead; /* `next` is there */
};

static enum status
add_line(void *user, struct str line, struct diag *diag)
{
	struct reading *reading = user;
	struct record record;
	struct desired desired;
	enum status status;

	if (record_sniff(line) != RECORD_DESIRED)
		return STATUS_OK;
	arena_reset(&reading->maker->arena);
	status = record_parse(&record, &reading->maker->doc,
	    &reading->maker->arena, line, diag);
	if (status == STATUS_OK)
		status = desired_read(&desired, &record, &reading->maker->arena,
		    diag);
	if (status != STATUS_OK ||
	    !side_wants(reading->maker->plan, desired.kind))
		return status;
	buf_clear(&reading->key);
	side_key(&reading->key, desired.kind, desired.id);
	return sorter_add(reading->desired, buf_str(&reading->key),
	    desired.body, diag);
}

static enum status
read_lines(struct reading *reading, int fd, struct diag *diag)
{
	struct lines lines;
	enum status status;

	lines_open(&lines, fd);
	status = lines_each(&lines, add_line, reading, diag);
	if (status == STATUS_DATA)
		diag_place(diag, "SAP's records", lines.number);
	lines_close(&lines);
	return status == STATUS_OK ? sorter_end(reading->desired, diag)
				   : status;
}

static enum status
look_ahead(struct reading *reading, struct diag *diag)
{
	struct str key, value;
	enum status status =
	    sorter_next(reading->desired, &key, &value, &reading->ahead, diag);

	if (status != STATUS_OK || !reading->ahead)
		return status;
	buf_clear(&reading->next_key);
	buf_add_str(&reading->next_key, key);
	buf_clear(&reading->next);
	buf_add_str(&reading->next, value);
	return STATUS_OK;
}

/* The last of those with one id: it is the newest. */
static enum status
take_newest(struct reading *reading, struct diag *diag)
{
	enum status status;

	buf_clear(&reading->key);
	buf_add_str(&reading->key, buf_str(&reading->next_key));
	do {
		struct buf old = reading->body;

		reading->body = reading->next;
		reading->next = old;
		status = look_ahead(reading, diag);
	} while (status == STATUS_OK && reading->ahead &&
		 str_eq(buf_str(&reading->next_key), buf_str(&reading->key)));
	return status;
}

enum status
side_lines_make(struct side_maker *maker, const void *user, struct diag *diag)
{
	const int *fd = user;
	const struct payload_facts facts = { .collection =
						 maker->plan->collection };
	const struct side_meta meta = { INSTANT_NONE, SIDE_ACCEPTED, false };
	struct reading reading = {
		.maker = maker,
		.desired = sorter_new(SORTER_MEMORY),
	};
	enum status status = read_lines(&reading, *fd, diag);

	if (status == STATUS_OK)
		status = look_ahead(&reading, diag);
	while (status == STATUS_OK && reading.ahead) {
		arena_reset(&maker->arena);
		status = take_newest(&reading, diag);
		if (status == STATUS_OK)
			status = side_maker_put(maker, buf_str(&reading.key),
			    &meta, buf_str(&reading.body), &facts, diag);
	}
	return status;
}
