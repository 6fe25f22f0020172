#include "ometria/said.h"

#include "base/limits.h"

/* All nulls of a record; a record with no room for them goes without. */
#define NULLS_MAX 400

/*
 * The number of a row is its bit in the state: rows are added at the end. What
 * an order says of its customer comes first, and comes together.
 */
static const struct said_field {
	enum desired_kind kind;
	const char *object; /* that holds it, NULL = the record */
	const char *key;
} fields[] = {
	{ DESIRED_ORDER, "customer", "id" },
	{ DESIRED_ORDER, "customer", "email" },
	{ DESIRED_ORDER, "customer", "firstname" },
	{ DESIRED_ORDER, "customer", "lastname" },
	{ DESIRED_ORDER, NULL, "store" },
	{ DESIRED_ORDER, NULL, "coupon_code" },
	{ DESIRED_ORDER, NULL, "payment_method" },
	{ DESIRED_ORDER, NULL, "shipping_method" },
	{ DESIRED_ORDER, NULL, "discount" },
	{ DESIRED_ORDER, NULL, "shipping" },
	{ DESIRED_ORDER, NULL, "tax" },
	{ DESIRED_ORDER, NULL, "totals" },
	{ DESIRED_ORDER, NULL, "shipping_address" },
	{ DESIRED_ORDER, NULL, "billing_address" },
	{ DESIRED_CONTACT, NULL, "phone_number" },
	{ DESIRED_CONTACT, NULL, "prefix" },
	{ DESIRED_CONTACT, NULL, "firstname" },
	{ DESIRED_CONTACT, NULL, "lastname" },
	{ DESIRED_CONTACT, NULL, "country_id" },
	{ DESIRED_CONTACT, NULL, "store_ids" },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

_Static_assert(FIELDS < 63, "bits of an integer of SQLite");

static const struct json *
parent_of(const struct json *root, const struct said_field *field)
{
	return field->object != NULL ? json_get(root, field->object) : root;
}

static uint64_t
fields_of(const struct json *root, enum desired_kind kind)
{
	uint64_t present = 0;

	for (size_t i = 0; i < FIELDS; i++)
		if (fields[i].kind == kind &&
		    json_get(parent_of(root, &fields[i]), fields[i].key)
			    ->type != JSON_ABSENT)
			present |= UINT64_C(1) << i;
	return present;
}

/* Those of the record, or of its object, each with a comma in front. */
static void
add_nulls(struct buf *to, uint64_t gone, bool inner)
{
	for (size_t i = 0; i < FIELDS; i++)
		if ((gone >> i & 1) != 0 && (fields[i].object != NULL) == inner)
			buf_add_format(to, ",\"%s\":null", fields[i].key);
}

/* The text goes in at this place of the payload. */
static void
insert(struct buf *payload, size_t at, struct str text)
{
	struct buf rest = BUF_INIT;

	buf_add(&rest, payload->data + at, payload->len - at);
	payload->len = at;
	buf_add_str(payload, text);
	buf_add_str(payload, buf_str(&rest));
	buf_free(&rest);
}

static void
clear(struct buf *payload, const struct json *root, uint64_t gone)
{
	const struct json *object = json_get(root, fields[0].object);
	struct buf inner = BUF_INIT, outer = BUF_INIT;
	size_t end = payload->len - 1; /* of the record, and of the object */
	size_t at = object->type != JSON_OBJECT
			? 0
			: (size_t)(object->raw.data - payload->data) +
			      object->raw.len - 1;

	add_nulls(&outer, gone, false);
	add_nulls(&inner, gone, true);
	if (inner.len > 0 && at == 0)
		buf_add_format(&outer, ",\"%s\":{%s}", fields[0].object,
		    inner.data + 1);
	insert(payload, end, buf_str(&outer));
	if (at != 0)
		insert(payload, at, buf_str(&inner));
	buf_free(&inner);
	buf_free(&outer);
}

uint64_t
said_complete(struct buf *payload, size_t begin, enum desired_kind kind,
    uint64_t said, struct json_doc *doc)
{
	const struct json *root;
	uint64_t present;

	if (kind != DESIRED_ORDER && kind != DESIRED_CONTACT)
		return said;
	root = json_parse(doc, buf_part(payload, begin, payload->len - begin));
	/* A part of a record says nothing of the rest; an opt-out is to be
	 * taken whatever Ometria makes of null. */
	if (root == NULL || json_true(json_get(root, "@merge"), false) ||
	    json_true(json_get(root, "@force_optin"), false))
		return said;
	present = fields_of(root, kind);
	if ((said & ~present) != 0 &&
	    payload->len - begin <= OMETRIA_RECORD - NULLS_MAX)
		clear(payload, root, said & ~present);
	return said | present;
}
