#include "base/hash.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "state/order.h"

/* Orders of more lines than this find them by hash. */
#define LINES_PLAIN 16

struct order_document *
order_document_find(const struct order_state *order, struct str document)
{
	for (size_t i = 0; i < order->document_count; i++)
		if (str_eq(order->documents[i].document, document))
			return &order->documents[i];
	return NULL;
}

static bool
is_line(const struct order_line *at, struct str document, struct str line)
{
	return str_eq(at->line, line) && str_eq(at->document, document);
}

/* The slot of a line, or the free one where it belongs. The numbers are the
 * sender's, so the hash is one that cannot be made to collide. */
static size_t
line_slot(const struct order_state *order, struct str document, struct str line)
{
	static const unsigned char key[16] = { 'o', 'r', 'd', 'e', 'r' };
	size_t mask = order->line_slot_count - 1, slot;
	struct hasher hasher;
	struct hash hash;

	hash_begin(&hasher, key);
	hash_add(&hasher, document.data, document.len);
	hash_add(&hasher, "/", 1);
	hash_add(&hasher, line.data, line.len);
	hash = hash_end(&hasher);
	memcpy(&slot, hash.bytes, sizeof(slot));
	for (slot &= mask; order->line_slots[slot] != 0;
	     slot = (slot + 1) & mask)
		if (is_line(&order->lines[order->line_slots[slot] - 1],
			document, line))
			break;
	return slot;
}

int
order_line_cmp(const struct order_line *a, const struct order_line *b)
{
	int order = str_cmp(a->document, b->document);

	if (order == 0 && a->line.len != b->line.len)
		order = a->line.len < b->line.len ? -1 : 1;
	return order != 0 ? order : str_cmp(a->line, b->line);
}

struct order_line *
order_line_find(const struct order_state *order, struct str document,
    struct str line)
{
	uint32_t at;

	if (order->line_slot_count > 0) {
		at = order->line_slots[line_slot(order, document, line)];
		return at > 0 ? &order->lines[at - 1] : NULL;
	}
	for (size_t i = 0; i < order->line_count; i++)
		if (is_line(&order->lines[i], document, line))
			return &order->lines[i];
	return NULL;
}

static void
enter_line(struct order_state *order, size_t index)
{
	const struct order_line *line = &order->lines[index];

	order->line_slots[line_slot(order, line->document, line->line)] =
	    (uint32_t)index + 1;
}

/* The newest line goes into the table, which is at most half full. */
static void
index_line(struct order_state *order, struct arena *arena)
{
	if (order->line_count <= LINES_PLAIN)
		return;
	if (order->line_count * 2 <= order->line_slot_count) {
		enter_line(order, order->line_count - 1);
		return;
	}
	order->line_slot_count = order->line_slot_count == 0
				     ? (size_t)LINES_PLAIN * 4
				     : order->line_slot_count * 2;
	order->line_slots = arena_array(arena, order->line_slot_count,
	    sizeof(*order->line_slots));
	memset(order->line_slots, 0,
	    order->line_slot_count * sizeof(*order->line_slots));
	for (size_t i = 0; i < order->line_count; i++)
		enter_line(order, i);
}

struct order_document *
order_document_take(struct order_state *order, struct str document,
    struct arena *arena)
{
	struct order_document *found = order_document_find(order, document);

	if (found != NULL)
		return found;
	order->documents =
	    arena_more(arena, order->documents, order->document_count,
		&order->document_size, sizeof(*order->documents));
	found = &order->documents[order->document_count++];
	*found = (struct order_document){ .document = document };
	return found;
}

struct order_line *
order_line_take(struct order_state *order, struct str document, struct str line,
    struct arena *arena)
{
	struct order_line *found = order_line_find(order, document, line);

	if (found != NULL)
		return found;
	order->lines = arena_more(arena, order->lines, order->line_count,
	    &order->line_size, sizeof(*order->lines));
	found = &order->lines[order->line_count++];
	*found = (struct order_line){ .document = document, .line = line };
	index_line(order, arena);
	return found;
}

struct shipment *
order_shipment_add(struct order_state *order, struct arena *arena)
{
	order->shipments =
	    arena_more(arena, order->shipments, order->shipment_count,
		&order->shipment_size, sizeof(*order->shipments));
	return &order->shipments[order->shipment_count++];
}

struct credit *
order_credit_add(struct order_state *order, struct arena *arena)
{
	order->credits = arena_more(arena, order->credits, order->credit_count,
	    &order->credit_size, sizeof(*order->credits));
	return &order->credits[order->credit_count++];
}

static bool
seq_is_first(const struct order_fact *facts, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (str_eq(facts[i].seq, facts[index].seq))
			return false;
	return facts[index].seq.len > 0;
}

/*
 * [{"seq":S,"NAME":"value",...},...]: most facts of a document share the seq
 * of its last full message, so it is written once.
 */
void
order_facts_write(struct buf *to, const struct order_fact *facts,
    const char *const *names, size_t count)
{
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '[');
	for (size_t i = 0; i < count; i++) {
		if (!seq_is_first(facts, i))
			continue;
		jsonw_open(&w, '{');
		jsonw_member(&w, "seq", facts[i].seq);
		for (size_t j = i; j < count; j++) {
			if (!str_eq(facts[j].seq, facts[i].seq))
				continue;
			jsonw_key(&w, names[j]);
			jsonw_str(&w, facts[j].value);
		}
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
}

/* The index of a name; members stand in table order, so start behind the last
 * one. */
static size_t
name_index(const char *const *names, size_t count, size_t from, struct str key)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = (from + i) % count;

		if (str_is(key, names[at]))
			return at;
	}
	return count;
}

static void
read_group(struct order_fact *facts, const char *const *names, size_t count,
    const struct json *group, struct arena *arena)
{
	struct str seq = json_text(group, "seq", arena);
	size_t at = 0;

	JSON_EACH(member, group)
	{
		size_t index = name_index(names, count, at, member->key);

		if (index == count)
			continue;
		facts[index].value = json_str(member, arena);
		facts[index].seq = seq;
		at = index + 1;
	}
}

enum status
order_facts_read(struct order_fact *facts, const char *const *names,
    size_t count, struct str json, struct arena *arena, struct diag *diag)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *root = json_parse(&doc, json);

	if (root == NULL) {
		diag_set(diag, STATUS_DATA, "state holds a broken order: %s",
		    doc.why);
		json_doc_free(&doc);
		return STATUS_DATA;
	}
	JSON_EACH(group, root)
	{
		read_group(facts, names, count, group, arena);
	}
	json_doc_free(&doc);
	return STATUS_OK;
}
