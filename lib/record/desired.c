#include "record/desired.h"

#include "base/hash.h"

#define EVENT_ID_MAX 32
#define EVENT_HASH_DIGITS 24

static const char *const kinds[] = {
#define X(name, text) text,
	DESIRED_KINDS(X)
#undef X
};

const char *
desired_kind_name(enum desired_kind kind)
{
	return kinds[kind];
}

bool
desired_kind_of(struct str name, enum desired_kind *kind)
{
	for (size_t i = 0; i < DESIRED_KIND_COUNT; i++)
		if (str_is(name, kinds[i])) {
			*kind = (enum desired_kind)i;
			return true;
		}
	return false;
}

void
desired_write(struct buf *to, const struct desired *desired)
{
	struct buf id = BUF_INIT;
	struct jsonw w;

	buf_add_format(&id, "%s:", kinds[desired->kind]);
	buf_add_str(&id, desired->id);
	w = record_begin(to, RECORD_DESIRED, buf_str(&id), STR_NONE, NULL);
	jsonw_member(&w, "kind", str_of(kinds[desired->kind]));
	if (desired->rev > 0)
		jsonw_member_int(&w, "rev", (int64_t)desired->rev);
	jsonw_member(&w, "customer", desired->customer);
	jsonw_member_true(&w, "urgent", desired->urgent);
	jsonw_member_true(&w, "backfill", desired->backfill);
	jsonw_member_raw(&w, "body", desired->body);
	jsonw_close(&w, '}');
	buf_free(&id);
}

enum status
desired_read(struct desired *desired, const struct record *record,
    struct arena *arena, struct diag *diag)
{
	const struct json *body = json_get(record->root, "body");
	const struct json *rev = json_get(record->root, "rev");
	struct str kind = json_text(record->root, "kind", arena);

	*desired = (struct desired){ .rev = 0 };
	if (!desired_kind_of(kind, &desired->kind))
		return diag_set(diag, STATUS_DATA,
		    "line is no record: key 'kind' names no known kind");
	if (record->id.len <= kind.len + 1 ||
	    memcmp(record->id.data, kind.data, kind.len) != 0 ||
	    record->id.data[kind.len] != ':')
		return diag_set(diag, STATUS_DATA,
		    "line is no record: key 'id' is not kind:id");
	if (body->type != JSON_OBJECT)
		return diag_set(diag, STATUS_DATA,
		    "line is no record: key 'body' is not an object");
	if (rev->type != JSON_ABSENT &&
	    !str_to_u64(rev->raw, INT64_MAX, &desired->rev))
		return diag_set(diag, STATUS_DATA,
		    "line is no record: key 'rev' is not a number");
	desired->id = (struct str){ record->id.data + kind.len + 1,
		record->id.len - kind.len - 1 };
	desired->customer = json_text(record->root, "customer", arena);
	desired->urgent = json_true(json_get(record->root, "urgent"), false);
	desired->backfill =
	    json_true(json_get(record->root, "backfill"), false);
	desired->body = body->raw;
	return STATUS_OK;
}

void
desired_event_id(struct buf *to, struct str order_id)
{
	char hex[HASH_HEX];

	buf_add_text(to, "shipped-");
	if (order_id.len + sizeof("shipped-") - 1 <= EVENT_ID_MAX) {
		buf_add_str(to, order_id);
		return;
	}
	hash_hex(hash_of(order_id), hex);
	buf_add(to, hex, EVENT_HASH_DIGITS);
}
