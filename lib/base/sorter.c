#define _GNU_SOURCE /* fallocate */
#include "base/sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/merge.h"
#include "base/out.h"

/* Bytes of a block for each of its entries: records are seldom shorter. */
#define BYTES_A_RECORD 128

/* A record of the block: the first bytes of its key in which keys differ, as a
 * number, and where it begins. */
struct entry {
	uint64_t prefix;
	size_t at;
};

struct sorter {
	size_t memory;
	size_t fan; /* runs that can be merged at once */
	struct buf block;
	struct entry *entries, *scratch;
	size_t count, most;
	bool ascending; /* the block came in order */
	struct buf first; /* the first key of all */
	size_t common; /* what all keys begin with */
	int fd; /* of the file, -1 = none */
	uint64_t size; /* of it */
	struct merge_run *runs;
	size_t run_count;
	struct buf last; /* the greatest key of the last run */
	struct merge merge;
	size_t given; /* of the block, when nothing is in the file */
};

struct sorter *
sorter_new(size_t memory)
{
	struct sorter *sorter = mem_zero(1, sizeof(*sorter));

	sorter->memory = memory;
	sorter->fan = memory / 2 / MERGE_READ;
	if (sorter->fan < 2)
		sorter->fan = 2;
	sorter->most = memory / BYTES_A_RECORD + 1;
	sorter->fd = -1;
	return sorter;
}

static void
free_block(struct sorter *sorter)
{
	buf_free(&sorter->block);
	free(sorter->entries);
	free(sorter->scratch);
	sorter->entries = sorter->scratch = NULL;
	sorter->count = 0;
}

void
sorter_free(struct sorter *sorter)
{
	if (sorter == NULL)
		return;
	merge_free(&sorter->merge);
	free_block(sorter);
	buf_free(&sorter->first);
	buf_free(&sorter->last);
	free(sorter->runs);
	if (sorter->fd >= 0)
		close(sorter->fd);
	free(sorter);
}

static enum status
no_file(int err, struct diag *diag)
{
	return diag_errno(diag, STATUS_CANNOT_CREATE, err,
	    "cannot sort in a temporary file");
}

static struct str
key_at(const struct sorter *sorter, size_t at)
{
	struct str key, value;

	merge_record(sorter->block.data + at, &key, &value);
	return key;
}

static bool
entry_after(const struct sorter *sorter, const struct entry *a,
    const struct entry *b)
{
	if (a->prefix != b->prefix)
		return a->prefix > b->prefix;
	return str_cmp(key_at(sorter, a->at), key_at(sorter, b->at)) > 0;
}

/* Two neighbours of that width become one, in to. */
static void
merge_entries(const struct sorter *sorter, const struct entry *from,
    struct entry *to, size_t left, size_t width)
{
	size_t middle = left + width, end = middle + width;
	size_t a = left, b;

	if (middle > sorter->count)
		middle = sorter->count;
	if (end > sorter->count)
		end = sorter->count;
	b = middle;
	for (size_t i = left; i < end; i++)
		if (b == end ||
		    (a < middle && !entry_after(sorter, &from[a], &from[b])))
			to[i] = from[a++];
		else
			to[i] = from[b++];
}

static void
sort_block(struct sorter *sorter)
{
	struct entry *from = sorter->entries, *to = sorter->scratch;

	if (sorter->ascending)
		return;
	for (size_t i = 0; i < sorter->count; i++)
		from[i].prefix =
		    merge_prefix(key_at(sorter, from[i].at), sorter->common);
	for (size_t width = 1; width < sorter->count; width *= 2) {
		struct entry *other = from;

		for (size_t left = 0; left < sorter->count; left += 2 * width)
			merge_entries(sorter, from, to, left, width);
		from = to;
		to = other;
	}
	sorter->entries = from;
	sorter->scratch = to;
}

static enum status
write_block(struct sorter *sorter, struct diag *diag)
{
	struct out out;
	enum status status = STATUS_OK, end;

	if (sorter->fd < 0)
		sorter->fd = fd_unlinked();
	if (sorter->fd < 0)
		return no_file(errno, diag);
	out_open(&out, sorter->fd);
	for (size_t i = 0; i < sorter->count && status == STATUS_OK; i++) {
		const char *at = sorter->block.data + sorter->entries[i].at;
		struct str key, value;
		size_t len = merge_record(at, &key, &value);

		status = out_add(&out, (struct str){ at, len }, diag);
	}
	end = out_close(&out, diag);
	return status == STATUS_OK && end == STATUS_OK ? STATUS_OK
						       : no_file(out.err, diag);
}

static void
add_run(struct sorter *sorter, uint64_t length, unsigned level)
{
	sorter->runs = mem_grow(sorter->runs, sorter->run_count + 1,
	    sizeof(*sorter->runs));
	sorter->runs[sorter->run_count++] =
	    (struct merge_run){ sorter->size, sorter->size + length, level };
	sorter->size += length;
}

static enum status
start_merge(const struct sorter *sorter, struct merge *merge,
    const struct merge_run *runs, size_t count, struct diag *diag)
{
	return merge_start(merge, sorter->fd, sorter->common, runs, count,
	    sorter->memory / 2, diag);
}

/* What is written is behind what is there: nobody moves in the file. */
static enum status
write_merged(struct sorter *sorter, struct merge *merge, uint64_t *length,
    struct diag *diag)
{
	struct out out;
	enum status status = STATUS_OK, put = STATUS_OK, end;
	bool found = true;

	out_open(&out, sorter->fd);
	for (*length = 0; put == STATUS_OK;) {
		struct merge_head head;

		status = merge_next(merge, &found, diag);
		if (status != STATUS_OK || !found)
			break;
		head = (struct merge_head){ (uint32_t)merge->key.len,
			(uint32_t)merge->value.len };
		put = out_add(&out,
		    (struct str){ (const char *)&head, sizeof(head) }, diag);
		if (put == STATUS_OK)
			put = out_add(&out, merge->key, diag);
		if (put == STATUS_OK)
			put = out_add(&out, merge->value, diag);
		*length += sizeof(head) + merge->key.len + merge->value.len;
	}
	if (status != STATUS_OK) {
		buf_free(&out.held);
		return status;
	}
	end = out_close(&out, diag);
	return put == STATUS_OK && end == STATUS_OK ? STATUS_OK
						    : no_file(out.err, diag);
}

/* The last `count` runs become one behind them; their room is given back. */
static enum status
merge_runs(struct sorter *sorter, size_t count, struct diag *diag)
{
	struct merge_run *runs = sorter->runs + sorter->run_count - count;
	uint64_t begin = runs[0].begin, end = sorter->size, length = 0;
	unsigned level = runs[0].level + 1;
	struct merge merge;
	enum status status = start_merge(sorter, &merge, runs, count, diag);

	if (status == STATUS_OK)
		status = write_merged(sorter, &merge, &length, diag);
	merge_free(&merge);
	if (status != STATUS_OK)
		return status;
	sorter->run_count -= count;
	add_run(sorter, length, level);
	/* Where holes are not known the file only takes more room. */
	(void)!fallocate(sorter->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
	    (off_t)begin, (off_t)(end - begin));
	return STATUS_OK;
}

/* As many runs of one level as can be merged become one of the next. */
static enum status
settle_runs(struct sorter *sorter, struct diag *diag)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK) {
		size_t alike = 0;

		while (alike < sorter->run_count &&
		       sorter->runs[sorter->run_count - 1 - alike].level ==
			   sorter->runs[sorter->run_count - 1].level)
			alike++;
		if (alike < sorter->fan)
			break;
		status = merge_runs(sorter, alike, diag);
	}
	return status;
}

/* The block goes to the file: onto the last run when it follows it. */
static enum status
flush(struct sorter *sorter, struct diag *diag)
{
	struct str greatest;
	enum status status;
	bool follows;

	sort_block(sorter);
	follows = sorter->run_count > 0 &&
		  sorter->runs[sorter->run_count - 1].level == 0 &&
		  str_cmp(buf_str(&sorter->last),
		      key_at(sorter, sorter->entries[0].at)) <= 0;
	status = write_block(sorter, diag);
	if (status != STATUS_OK)
		return status;
	greatest = key_at(sorter, sorter->entries[sorter->count - 1].at);
	buf_clear(&sorter->last);
	buf_add_str(&sorter->last, greatest);
	if (follows) {
		sorter->size += sorter->block.len;
		sorter->runs[sorter->run_count - 1].end = sorter->size;
	} else
		add_run(sorter, sorter->block.len, 0);
	buf_clear(&sorter->block);
	sorter->count = 0;
	return settle_runs(sorter, diag);
}

static void
note_key(struct sorter *sorter, struct str key)
{
	struct str first = buf_str(&sorter->first);
	size_t alike = 0;

	if (first.data == NULL) {
		buf_add_str(&sorter->first, key);
		sorter->common = key.len;
		return;
	}
	while (alike < sorter->common && alike < key.len &&
	       first.data[alike] == key.data[alike])
		alike++;
	sorter->common = alike;
}

enum status
sorter_add(struct sorter *sorter, struct str key, struct str value,
    struct diag *diag)
{
	struct merge_head head = { (uint32_t)key.len, (uint32_t)value.len };
	size_t size = sizeof(head) + key.len + value.len;
	enum status status = STATUS_OK;

	if (sorter->count == sorter->most ||
	    (sorter->count > 0 && sorter->block.len + size > sorter->memory))
		status = flush(sorter, diag);
	if (status != STATUS_OK)
		return status;
	if (sorter->entries == NULL) {
		buf_reserve(&sorter->block, sorter->memory);
		sorter->entries =
		    mem_zero(sorter->most, sizeof(*sorter->entries));
		sorter->scratch =
		    mem_zero(sorter->most, sizeof(*sorter->scratch));
	}
	note_key(sorter, key);
	sorter->ascending =
	    sorter->count == 0 ||
	    (sorter->ascending &&
		str_cmp(key_at(sorter, sorter->entries[sorter->count - 1].at),
		    key) <= 0);
	sorter->entries[sorter->count++].at = sorter->block.len;
	buf_add(&sorter->block, &head, sizeof(head));
	buf_add_str(&sorter->block, key);
	buf_add_str(&sorter->block, value);
	return STATUS_OK;
}

enum status
sorter_end(struct sorter *sorter, struct diag *diag)
{
	enum status status = STATUS_OK;

	if (sorter->run_count == 0) {
		sort_block(sorter);
		return STATUS_OK;
	}
	if (sorter->count > 0)
		status = flush(sorter, diag);
	free_block(sorter);
	while (status == STATUS_OK && sorter->run_count > sorter->fan) {
		size_t count = sorter->run_count - sorter->fan + 1;

		status = merge_runs(sorter,
		    count < sorter->fan ? count : sorter->fan, diag);
	}
	return status == STATUS_OK ? start_merge(sorter, &sorter->merge,
					 sorter->runs, sorter->run_count, diag)
				   : status;
}

enum status
sorter_next(struct sorter *sorter, struct str *key, struct str *value,
    bool *found, struct diag *diag)
{
	enum status status;

	if (sorter->run_count == 0) {
		*found = sorter->given < sorter->count;
		if (*found)
			merge_record(sorter->block.data +
					 sorter->entries[sorter->given++].at,
			    key, value);
		return STATUS_OK;
	}
	status = merge_next(&sorter->merge, found, diag);
	*key = sorter->merge.key;
	*value = sorter->merge.value;
	return status;
}
