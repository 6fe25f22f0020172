#include "push.h"
#include "apply.h"
#include "campaign.h"
#include "erase.h"
#include "price.h"
#include "switch.h"
#include "validate.h"
#include "warn.h"

#define PROCESS_MAX 2000 /* records a transaction, so that requests get in */

/* Ask the table how many wait and since when the first is due. */
static void
count_waiting(struct queue *queue)
{
	sqlite3_stmt *count = store_get(queue->store, STORE_QUEUE_COUNT);

	if (store_step(count)) {
		queue->waiting = sqlite3_column_int64(count, 0);
		queue->next_due = sqlite3_column_int64(count, 1);
	}
	sqlite3_reset(count);
}

void
queue_open(struct queue *queue, struct store *store, int64_t delay,
    int64_t limit)
{
	*queue = (struct queue){ .store = store,
		.delay = delay,
		.limit = limit,
		.doc = JSON_DOC_INIT,
		.arena = ARENA_INIT };
	count_waiting(queue);
}

void
queue_close(struct queue *queue)
{
	json_doc_free(&queue->doc);
	arena_free(&queue->arena);
}

static bool
is_mixed(const struct json *root)
{
	const struct json *first = json_get(root + 1, "@type");

	JSON_EACH(record, root)
	{
		const struct json *type = json_get(record, "@type");

		if (type->type != JSON_STRING || first->type != JSON_STRING ||
		    !str_eq(type->raw, first->raw))
			return true;
	}
	return false;
}

static const char *
unacceptable(const struct json *root)
{
	if (root->type != JSON_ARRAY)
		return "Payload invalid: an array of records is expected.";
	if (root->count == 0)
		return "Payload invalid: there are no records.";
	if (root->count > PUSH_RECORDS_MAX)
		return "Payload invalid: there are more than 100 records.";
	JSON_EACH(record, root)
	{
		if (record->type != JSON_OBJECT)
			return "Payload invalid: a record is not an object.";
		if (record->raw.len > PUSH_RECORD_BYTES &&
		    switch_get(SWITCH_LARGE) == 0)
			return "Payload invalid: Record is too large.";
	}
	return switch_get(SWITCH_MIXED) == 1 && is_mixed(root)
		   ? "Payload invalid: several types of records."
		   : NULL;
}

/* A text for a column of the journal: no separators of ours. */
static void
add_clean(struct buf *to, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		buf_add_char(to, c < ' ' || c == ',' ? '?' : (char)c);
	}
}

void
batch_read(struct batch *batch, struct str body, struct json_doc *doc,
    struct arena *arena)
{
	const struct json *root = json_parse(doc, body);
	struct str first = STR_NONE;

	*batch = (struct batch){ .why = "Payload invalid: not JSON." };
	if (root == NULL)
		return;
	batch->why = unacceptable(root);
	if (batch->why == NULL)
		batch->records = root;
	if (root->type != JSON_ARRAY)
		return;
	JSON_EACH(record, root)
	{
		struct str type = json_text(record, "@type", arena);

		batch->large += record->raw.len > PUSH_RECORD_BYTES;

		if (batch->count++ == 0) {
			first = type;
			add_clean(&batch->type, type);
		} else {
			buf_add_char(&batch->ids, ',');
			if (!str_eq(type, first)) {
				buf_clear(&batch->type);
				buf_add_text(&batch->type, "mixed");
			}
		}
		add_clean(&batch->ids, json_text(record, "id", arena));
	}
}

void
batch_free(struct batch *batch)
{
	buf_free(&batch->type);
	buf_free(&batch->ids);
	*batch = (struct batch){ .records = NULL };
}

bool
queue_has_room(const struct queue *queue, size_t records)
{
	return queue->waiting + (int64_t)records <= queue->limit;
}

static int64_t
add_history(struct queue *queue, int64_t request,
    const struct identity *identity, struct str record)
{
	sqlite3_stmt *add = store_get(queue->store, STORE_HISTORY_ADD);

	bind_int(add, 1, request);
	bind_str(add, 2, identity->type);
	bind_str(add, 3, identity->id);
	bind_str(add, 4, record);
	store_run(add);
	return store_last_id(queue->store);
}

void
queue_take(struct queue *queue, const struct batch *batch, int64_t request,
    int64_t now)
{
	bool lost = batch->lost;

	if (queue->waiting == 0 || now + queue->delay < queue->next_due)
		queue->next_due = now + queue->delay;
	JSON_EACH(record, batch->records)
	{
		struct identity identity =
		    apply_identity(record, &queue->arena);
		sqlite3_stmt *add;
		int64_t seq;

		if (record->raw.len > PUSH_RECORD_BYTES)
			continue; /* counted as rejected */
		seq = add_history(queue, request, &identity, record->raw);
		if (lost) {
			lost = false;
			continue;
		}
		queue->waiting++;
		add = store_get(queue->store, STORE_QUEUE_ADD);
		bind_int(add, 1, seq);
		bind_int(add, 2, now + queue->delay);
		store_run(add);
	}
	warn_batch(queue->store, request, batch->records, &queue->arena);
	arena_reset(&queue->arena);
}

bool
queue_is_due(const struct queue *queue, int64_t now)
{
	return queue->waiting > 0 && queue->next_due <= now;
}

static void
refuse(struct queue *queue, sqlite3_stmt *row, const struct identity *identity,
    const struct flaw *flaw)
{
	sqlite3_stmt *add = store_get(queue->store, STORE_ERROR_ADD);

	bind_int(add, 1, sqlite3_column_int64(row, 1));
	bind_str(add, 2, column_str(row, 3));
	bind_str(add, 3, identity->type);
	bind_str(add, 4, identity->id);
	bind_str(add, 5, column_str(row, 2));
	bind_int(add, 6, instant_now());
	bind_str(add, 7, str_of(flaw->message));
	bind_str(add, 8, str_of(flaw->path));
	store_run(add);
}

/* Accepted, no error, never seen. */
static bool
is_dropped(struct queue *queue, int64_t seq, const struct identity *identity)
{
	sqlite3_stmt *find = store_get(queue->store, STORE_LOSE_FIND);
	unsigned each = switch_get(SWITCH_DROP);
	bool lost;

	bind_str(find, 1, identity->type);
	bind_str(find, 2, identity->id);
	lost = store_step(find);
	sqlite3_reset(find);
	return lost || (each > 0 && seq % each == 0);
}

/* A person was erased: what becomes of a record that names her again. */
static bool
is_refused(struct store *store, struct str email, struct arena *arena,
    struct flaw *flaw)
{
	static const struct flaw of_email = { "not a valid value",
		"root > email" };

	*flaw = of_email;
	return switch_get(SWITCH_ERASED) == 2 &&
	       erase_state(store, email, arena) == ERASE_DONE;
}

/* Lines with options of a variant make it a product. */
static void
add_variants(struct store *store, const struct json *order, struct str id)
{
	sqlite3_stmt *add = NULL;

	JSON_EACH(line, json_get(order, "lineitems"))
	if (json_get(line, "variant_options")->count > 0)
		add = store_get(store, STORE_VARIANTS_ADD);
	if (add == NULL)
		return;
	bind_str(add, 1, id);
	bind_int(add, 2, instant_now());
	store_run(add);
}

static void
store_record(struct queue *queue, int64_t request, int64_t seq,
    const struct json *record, const struct identity *identity)
{
	struct store *store = queue->store;
	struct str email = erase_email_of(record, &queue->arena);
	bool product = str_is(identity->type, "product");
	struct campaign_before before;

	warn_record(store, request, record, identity, &queue->arena);
	before = campaign_before(store, identity->id, &queue->arena);
	if (product)
		price_before(store, identity->id);
	apply_record(store, record, identity, seq, &queue->arena);
	if (product)
		price_after(store, identity->id);
	if (switch_get(SWITCH_ERASED) == 1 &&
	    erase_state(store, email, &queue->arena) == ERASE_DONE)
		erase_again(store, email, &queue->arena);
	if (str_is(identity->type, "order")) {
		add_variants(store, record, identity->id);
		campaign_order(store, identity->id, &before);
	}
	if (str_is(identity->type, "custom_event"))
		campaign_event(store, record, &queue->arena);
}

/* False when it is refused; one that is dropped is not. */
static bool
take_record(struct queue *queue, int64_t request, int64_t seq,
    const struct json *record, const struct identity *identity,
    struct flaw *flaw)
{
	bool partial = !str_is(identity->type, "custom_event") &&
		       apply_is_merge(queue->store, record, identity);

	if (is_dropped(queue, seq, identity))
		return true;
	if (!validate_record(record, identity->type, partial, &queue->arena,
		flaw) ||
	    is_refused(queue->store, erase_email_of(record, &queue->arena),
		&queue->arena, flaw))
		return false;
	store_record(queue, request, seq, record, identity);
	return true;
}

static void
process(struct queue *queue, sqlite3_stmt *row)
{
	const struct json *record = json_parse(&queue->doc, column_str(row, 2));
	struct identity identity;
	struct flaw flaw;

	if (record == NULL)
		return; /* cannot be: it was read before it was queued */
	identity = apply_identity(record, &queue->arena);
	if (!take_record(queue, sqlite3_column_int64(row, 1),
		sqlite3_column_int64(row, 0), record, &identity, &flaw))
		refuse(queue, row, &identity, &flaw);
}

bool
queue_store(struct queue *queue, int64_t request, struct str record,
    struct flaw *flaw)
{
	const struct json *root = json_parse(&queue->doc, record);
	struct identity identity = apply_identity(root, &queue->arena);
	int64_t seq = add_history(queue, request, &identity, record);
	bool stored = take_record(queue, request, seq, root, &identity, flaw);

	arena_reset(&queue->arena);
	return stored;
}

/* In another order than they came: of all that wait, once one is due. */
static sqlite3_stmt *
ask_next(struct queue *queue, int64_t now)
{
	unsigned queue_order = switch_get(SWITCH_QUEUE_ORDER);
	unsigned batch_order = switch_get(SWITCH_BATCH_ORDER);
	sqlite3_stmt *next;

	if (queue_order == 0 && batch_order == 0) {
		next = store_get(queue->store, STORE_QUEUE_NEXT);
		bind_int(next, 1, now);
		return next;
	}
	next = store_get(queue->store, STORE_QUEUE_NEXT_OF_ALL);
	bind_int(next, 1, queue_order);
	bind_int(next, 2, batch_order);
	bind_int(next, 3, switch_get(SWITCH_SEED));
	return next;
}

void
queue_process(struct queue *queue, int64_t now)
{
	for (int i = 0; i < PROCESS_MAX; i++) {
		sqlite3_stmt *next = ask_next(queue, now);
		sqlite3_stmt *drop;
		int64_t seq;

		if (!store_step(next))
			break;
		seq = sqlite3_column_int64(next, 0);
		process(queue, next);
		arena_reset(&queue->arena);
		sqlite3_reset(next);
		drop = store_get(queue->store, STORE_QUEUE_DROP);
		bind_int(drop, 1, seq);
		store_run(drop);
	}
	count_waiting(queue);
}
