#include "ometria/payload.h"

#include <stdarg.h>

#include "base/limits.h"
#include "base/text.h"
#include "ometria/payload_fields.h"

struct maker {
	struct jsonw w;
	struct arena *arena;
	const struct payload_facts *facts;
	struct payload_fault *fault;
	const struct maker *outer; /* of the object around, NULL = none is */
	const char *within; /* key of this object or array in it */
	bool in_list;
	size_t index; /* in that array, from 0 */
};

static bool put_fields(struct maker *maker, const struct json *body,
    const struct field *table);

static bool fault(struct maker *maker, const char *field, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* lineitems[2].totals.local. */
static void
add_path(struct buf *path, const struct maker *maker)
{
	if (maker->outer == NULL)
		return;
	add_path(path, maker->outer);
	buf_add_text(path, maker->within);
	if (maker->in_list)
		buf_add_format(path, "[%zu]", maker->index);
	buf_add_char(path, '.');
}

/* Always false, so that a failing function can return it. */
static bool
fault(struct maker *maker, const char *field, const char *format, ...)
{
	struct payload_fault *to = maker->fault;
	struct buf path = BUF_INIT;
	char why[96];
	va_list args;

	add_path(&path, maker);
	buf_add_text(&path, field);
	snprintf(to->field, sizeof(to->field), "%s", path.data);
	buf_free(&path);
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	snprintf(to->message, sizeof(to->message), "field '%s' %s", to->field,
	    why);
	return false;
}

static bool
fits(struct maker *maker, const struct field *field, const char *key,
    size_t length)
{
	if (field->limit == 0 || length <= field->limit)
		return true;
	return fault(maker, key, "has %zu characters, Ometria takes %zu",
	    length, field->limit);
}

static bool
put_text(struct maker *maker, const struct field *field, struct str text)
{
	text = str_trim(text);
	if (field->excess == CUT)
		text = text_cut(text, field->limit);
	if (!fits(maker, field, field->to, text_length(text)))
		return false;
	jsonw_member(&maker->w, field->to, text);
	return true;
}

static bool
put_texts(struct maker *maker, const struct field *field,
    const struct json *node)
{
	if (node->type != JSON_ARRAY)
		return fault(maker, field->to, "is not an array");
	jsonw_key(&maker->w, field->to);
	jsonw_open(&maker->w, '[');
	JSON_EACH(item, node)
	jsonw_str(&maker->w, json_str(item, maker->arena));
	jsonw_close(&maker->w, ']');
	return true;
}

static bool
put_number(struct maker *maker, const struct field *field, struct str text)
{
	struct decimal value;

	if (!decimal_parse(text, &value))
		return fault(maker, field->to, "is not a number");
	if (field->kind == INTEGER) {
		value = decimal_trim(value);
		if (value.scale != 0)
			return fault(maker, field->to, "is not a whole number");
	}
	jsonw_key(&maker->w, field->to);
	jsonw_decimal(&maker->w, value);
	return true;
}

static bool
put_time(struct maker *maker, const struct field *field, struct str text)
{
	instant value;

	if (!instant_parse(text, &value))
		return fault(maker, field->to, "is not a time");
	jsonw_member_time(&maker->w, field->to, value);
	return true;
}

static bool
put_raw(struct maker *maker, const struct field *field, const struct json *node)
{
	if (node->type != JSON_OBJECT)
		return fault(maker, field->to, "is not an object");
	if (!fits(maker, field, field->to, text_length(node->raw)))
		return false;
	jsonw_member_raw(&maker->w, field->to, node->raw);
	return true;
}

/* OBJECT, ADDRESS and GROUP: an object by the inner table; size counted as
 * JSON. */
static bool
put_object(struct maker *maker, const struct field *field,
    const struct json *node)
{
	struct maker inner = *maker;
	struct buf *to = maker->w.to;
	size_t begin;

	if (node->type != JSON_OBJECT)
		return fault(maker, field->to, "is not an object");
	jsonw_key(&inner.w, field->to);
	begin = to->len;
	jsonw_open(&inner.w, '{');
	inner.outer = maker;
	inner.within = field->to;
	inner.in_list = false;
	if (!put_fields(&inner, node, field->inner))
		return false;
	jsonw_close(&inner.w, '}');
	maker->w = inner.w;
	return fits(maker, field, field->to,
	    text_length((struct str){ to->data + begin, to->len - begin }));
}

static bool
has_key(const struct maker *maker, const struct json *item,
    const struct field *table)
{
	return table->excess != KEY ||
	       json_text(item, table->from, maker->arena).len > 0;
}

static bool
put_list(struct maker *maker, const struct field *field,
    const struct json *node)
{
	struct maker inner = *maker;

	if (node->type != JSON_ARRAY)
		return fault(maker, field->to, "is not an array");
	jsonw_key(&inner.w, field->to);
	jsonw_open(&inner.w, '[');
	inner.outer = maker;
	inner.within = field->to;
	inner.in_list = true;
	inner.index = 0;
	JSON_EACH(item, node)
	{
		if (!has_key(&inner, item, field->inner))
			continue;
		jsonw_open(&inner.w, '{');
		if (!put_fields(&inner, item, field->inner))
			return false;
		jsonw_close(&inner.w, '}');
		inner.index++;
	}
	jsonw_close(&inner.w, ']');
	maker->w = inner.w;
	return true;
}

/* The master's e-mail, or what the shop said while the master has none; the
 * other way about where the shop owns it. */
static struct str
email_now(const struct maker *maker, const struct json *body)
{
	struct str shop = json_text(body, "email", maker->arena);

	if (maker->facts->person == PERSON_OPTED_OUT)
		return STR_NONE;
	if (maker->facts->person == PERSON_KEPT &&
	    maker->facts->email.len > 0 &&
	    (shop.len == 0 || !maker->facts->shop_email))
		return maker->facts->email;
	return str_trim(shop);
}

static struct str
id_now(const struct maker *maker, struct str id)
{
	return maker->facts->person == PERSON_OPTED_OUT &&
		       maker->facts->id.len > 0
		   ? maker->facts->id
		   : id;
}

/* Who a customer id stands for: the id and the e-mail, nothing else. */
static bool
put_known(struct maker *maker, const struct field *field, const char *id_key,
    const char *email_key, struct str id, struct str email)
{
	if (!fits(maker, field, id_key, text_length(id)) ||
	    !fits(maker, field, email_key, text_length(email)))
		return false;
	jsonw_member(&maker->w, id_key, id);
	jsonw_member(&maker->w, email_key, email);
	return true;
}

static bool
put_customer(struct maker *maker, const struct field *field,
    const struct json *node)
{
	struct maker inner = *maker;
	struct str id = id_now(maker, json_text(node, "id", maker->arena));
	size_t begin = maker->w.to->len;
	size_t open;
	bool good;

	if (maker->facts->person == PERSON_ERASED)
		return true;
	jsonw_key(&inner.w, field->to);
	jsonw_open(&inner.w, '{');
	open = inner.w.to->len;
	inner.outer = maker;
	inner.within = field->to;
	inner.in_list = false;
	if (id.len > 0 && maker->facts->person != PERSON_GUEST)
		good = put_known(&inner, field, "id", "email", id,
		    email_now(maker, node));
	else
		good = put_fields(&inner, node, field->inner);
	if (good && inner.w.to->len == open) {
		inner.w.to->len = begin; /* nothing to say: no object */
		return true;
	}
	jsonw_close(&inner.w, '}');
	maker->w = inner.w;
	return good;
}

static bool
put_identity(struct maker *maker, const struct field *field,
    const struct json *body)
{
	struct str id =
	    maker->facts->person == PERSON_GUEST
		? STR_NONE
		: id_now(maker, json_text(body, "customer_id", maker->arena));
	struct str email = email_now(maker, body);

	if (id.len == 0 && email.len == 0)
		return fault(maker, "identity_email",
		    "is missing: the event names neither customer nor e-mail");
	return put_known(maker, field, "identity_account_id", "identity_email",
	    id, email);
}

static bool
put_null(struct maker *maker, const struct field *field)
{
	jsonw_member_raw(&maker->w, field->to, STR("null"));
	return true;
}

static bool
put_value(struct maker *maker, const struct field *field,
    const struct json *node)
{
	switch (field->kind) {
	case TEXT:
		return put_text(maker, field, json_str(node, maker->arena));
	case TEXTS:
		return put_texts(maker, field, node);
	case MONEY:
	case INTEGER:
		return put_number(maker, field, json_str(node, maker->arena));
	case BOOL:
		if (node->type != JSON_BOOL)
			return fault(maker, field->to, "is not true or false");
		jsonw_member_bool(&maker->w, field->to, json_true(node, false));
		return true;
	case TIME:
		return put_time(maker, field, json_str(node, maker->arena));
	case FLAG:
		if (json_true(node, false))
			jsonw_member(&maker->w, field->to, str_of(field->text));
		return true;
	case RAW:
		return put_raw(maker, field, node);
	case OBJECT:
	case ADDRESS:
		return put_object(maker, field, node);
	case LIST:
		return put_list(maker, field, node);
	case CUSTOMER:
		return put_customer(maker, field, node);
	case GROUP:
	case IDENTITY:
		break; /* made of the whole body, see put_fields */
	}
	return true;
}

static bool
put_fields(struct maker *maker, const struct json *body,
    const struct field *table)
{
	const struct field *field;

	for (field = table; field->from != NULL; field++) {
		const struct json *node = json_get(body, field->from);
		bool good;

		if (field->kind == GROUP)
			good = put_object(maker, field, body);
		else if (field->kind == IDENTITY)
			good = put_identity(maker, field, body);
		else if (field->kind == ADDRESS &&
			 maker->facts->person == PERSON_ERASED)
			good = true;
		else if (node->type == JSON_NULL && field->excess == CLEARED)
			good = put_null(maker, field);
		else if (node->type == JSON_ABSENT || node->type == JSON_NULL)
			good = field->excess != REQUIRED ||
			       fault(maker, field->to, "is missing");
		else
			good = put_value(maker, field, node);
		if (!good)
			return false;
	}
	return true;
}

static bool
put_record(struct maker *maker, enum desired_kind kind, const struct json *body)
{
	size_t begin = maker->w.to->len;
	size_t len;

	if (body == NULL || body->type != JSON_OBJECT)
		return fault(maker, "body", "is not a JSON object");
	jsonw_open(&maker->w, '{');
	jsonw_member(&maker->w, "@type", str_of(desired_kind_name(kind)));
	if (kind == DESIRED_CONTACT)
		jsonw_member(&maker->w, "@collection",
		    maker->facts->collection);
	if (!put_fields(maker, body, payload_fields[kind]))
		return false;
	jsonw_close(&maker->w, '}');
	len = maker->w.to->len - begin;
	if (len <= OMETRIA_RECORD)
		return true;
	snprintf(maker->fault->field, sizeof(maker->fault->field), "record");
	snprintf(maker->fault->message, sizeof(maker->fault->message),
	    "record has %zu bytes, Ometria takes %d", len, OMETRIA_RECORD);
	return false;
}

enum payload_verdict
payload_make(struct buf *to, enum desired_kind kind, struct str body,
    const struct payload_facts *facts, struct json_doc *doc,
    struct arena *arena, struct payload_fault *fault_to)
{
	struct maker maker = {
		.w = jsonw_start(to),
		.arena = arena,
		.facts = facts,
		.fault = fault_to,
	};
	size_t begin = to->len;

	*fault_to = (struct payload_fault){ .field = "" };
	if (kind == DESIRED_EVENT && facts->person == PERSON_ERASED)
		return PAYLOAD_SUPPRESSED;
	if (put_record(&maker, kind, json_parse(doc, body)))
		return PAYLOAD_READY;
	to->len = begin;
	return PAYLOAD_FAULTY;
}
