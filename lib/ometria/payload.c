#include "ometria/payload.h"

#include <stdarg.h>

#include "base/limits.h"
#include "base/text.h"

enum field_kind {
	TEXT,
	TEXTS, /* array of texts */
	MONEY, /* decimal text to exact number */
	INTEGER, /* decimal text or number without a fraction */
	BOOL,
	TIME,
	FLAG, /* true gives the fixed text of the row */
	RAW, /* an object as it stands */
	OBJECT, /* a member object, by the inner table */
	GROUP, /* an object made of members of this one, by the inner table */
	LIST, /* an array of objects, by the inner table */
	CUSTOMER, /* order.customer: from the body and the master */
	IDENTITY /* the identity_ keys of an event */
};

enum excess {
	OPTIONAL, /* too long is a fault, absent is fine */
	REQUIRED, /* too long or absent is a fault */
	CUT, /* too long is cut: free text that nothing depends on */
	KEY /* absent: the element of the list is left out */
};

struct field {
	const char *from; /* key of the body */
	const char *to; /* key of the payload */
	enum field_kind kind;
	enum excess excess;
	size_t limit; /* characters, of RAW and GROUP as JSON; 0 = none */
	const struct field *inner;
	const char *text; /* FLAG */
};

/* Limits: Data API reference, pages contact, order, product, custom event. */
/* clang-format off */
static const struct field contact_fields[] = {
	{"customer_id", "id", TEXT, REQUIRED, 255, NULL, NULL},
	{"customer_id", "customer_id", TEXT, REQUIRED, 255, NULL, NULL},
	{"email", "email", TEXT, OPTIONAL, 255, NULL, NULL},
	{"phone", "phone_number", TEXT, OPTIONAL, 0, NULL, NULL},
	{"prefix", "prefix", TEXT, OPTIONAL, 0, NULL, NULL},
	{"first_name", "firstname", TEXT, OPTIONAL, 64, NULL, NULL},
	{"last_name", "lastname", TEXT, OPTIONAL, 64, NULL, NULL},
	{"country", "country_id", TEXT, OPTIONAL, 2, NULL, NULL},
	{"store_ids", "store_ids", TEXTS, OPTIONAL, 0, NULL, NULL},
	{"opt_in", "marketing_optin", FLAG, OPTIONAL, 0, NULL, "EXPLICITLY_OPTEDIN"},
	{"opt_out", "marketing_optin", FLAG, OPTIONAL, 0, NULL, "EXPLICITLY_OPTEDOUT"},
	{"force", "@force_optin", BOOL, OPTIONAL, 0, NULL, NULL},
	{"unsubscribed_at", "timestamp_unsubscribed", TIME, OPTIONAL, 0, NULL, NULL},
	{"properties", "properties", RAW, OPTIONAL, 999, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field address_fields[] = {
	{"city", "city", TEXT, OPTIONAL, 0, NULL, NULL},
	{"region", "state", TEXT, OPTIONAL, 0, NULL, NULL},
	{"postcode", "postcode", TEXT, OPTIONAL, 0, NULL, NULL},
	{"country", "country_code", TEXT, OPTIONAL, 2, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* Of a line: in the reporting currency, and in that of the sale. */
static const struct field line_base_fields[] = {
	{"unit_price", "unit_price", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"refunded", "refunded", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"total", "total", MONEY, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field line_local_fields[] = {
	{"currency", "currency", TEXT, REQUIRED, 3, NULL, NULL},
	{"unit_price", "unit_price", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"refunded", "refunded", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"total", "total", MONEY, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field line_totals_fields[] = {
	{"base", "base", OBJECT, OPTIONAL, 0, line_base_fields, NULL},
	{"local", "local", OBJECT, OPTIONAL, 0, line_local_fields, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* Of an order. */
static const struct field base_fields[] = {
	{"shipping", "shipping", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"grand_total", "grand_total", MONEY, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field local_fields[] = {
	{"currency", "currency", TEXT, REQUIRED, 3, NULL, NULL},
	{"shipping", "shipping", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"grand_total", "grand_total", MONEY, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field totals_fields[] = {
	{"base", "base", OBJECT, OPTIONAL, 0, base_fields, NULL},
	{"local", "local", OBJECT, OPTIONAL, 0, local_fields, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* Ometria refuses an order with a line that names no product. */
static const struct field line_fields[] = {
	{"sku", "product_id", TEXT, KEY, 255, NULL, NULL},
	{"sku", "sku", TEXT, OPTIONAL, 255, NULL, NULL},
	{"quantity", "quantity", INTEGER, REQUIRED, 0, NULL, NULL},
	{"unit_price", "unit_price", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"total", "total", MONEY, OPTIONAL, 0, NULL, NULL},
	{"quantity_refunded", "quantity_refunded", INTEGER, OPTIONAL, 0, NULL, NULL},
	{"refunded", "refunded", MONEY, OPTIONAL, 0, NULL, NULL},
	{"totals", "totals", OBJECT, OPTIONAL, 0, line_totals_fields, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field guest_fields[] = {
	{"email", "email", TEXT, OPTIONAL, 255, NULL, NULL},
	{"first_name", "firstname", TEXT, OPTIONAL, 64, NULL, NULL},
	{"last_name", "lastname", TEXT, OPTIONAL, 64, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field order_fields[] = {
	{"order_id", "id", TEXT, REQUIRED, 36, NULL, NULL},
	{"placed_at", "timestamp", TIME, OPTIONAL, 0, NULL, NULL},
	{"status", "status", TEXT, OPTIONAL, 0, NULL, NULL},
	{"valid", "is_valid", BOOL, REQUIRED, 0, NULL, NULL},
	{"currency", "currency", TEXT, OPTIONAL, 3, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"shipping", "shipping", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"grand_total", "grand_total", MONEY, OPTIONAL, 0, NULL, NULL},
	{"totals", "totals", OBJECT, OPTIONAL, 0, totals_fields, NULL},
	{"store", "store", TEXT, OPTIONAL, 0, NULL, NULL},
	{"channel", "channel", TEXT, OPTIONAL, 0, NULL, NULL},
	{"coupon", "coupon_code", TEXT, OPTIONAL, 0, NULL, NULL},
	{"payment_method", "payment_method", TEXT, OPTIONAL, 32, NULL, NULL},
	{"shipping_method", "shipping_method", TEXT, OPTIONAL, 32, NULL, NULL},
	{"customer", "customer", CUSTOMER, OPTIONAL, 255, NULL, NULL},
	{"shipping_address", "shipping_address", OBJECT, OPTIONAL, 0, address_fields, NULL},
	{"billing_address", "billing_address", OBJECT, OPTIONAL, 0, address_fields, NULL},
	{"lines", "lineitems", LIST, OPTIONAL, 0, line_fields, NULL},
	{"properties", "properties", RAW, OPTIONAL, 1000, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field product_fields[] = {
	{"sku", "id", TEXT, REQUIRED, 255, NULL, NULL},
	{"in_stock", "is_in_stock", BOOL, OPTIONAL, 0, NULL, NULL},
	{"active", "is_active", BOOL, OPTIONAL, 0, NULL, NULL},
	{"merge", "@merge", BOOL, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field event_properties[] = {
	{"order_id", "order_id", TEXT, OPTIONAL, 512, NULL, NULL},
	{"carrier", "carrier", TEXT, CUT, 512, NULL, NULL},
	{"tracking_number", "tracking_number", TEXT, OPTIONAL, 512, NULL, NULL},
	{"tracking_url", "tracking_url", TEXT, OPTIONAL, 512, NULL, NULL},
	{"delivery_count", "delivery_count", INTEGER, OPTIONAL, 0, NULL, NULL},
	{"tracking_numbers", "tracking_numbers", TEXT, OPTIONAL, 512, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* event_type: Ometria cuts names of 32 and more characters by itself. */
static const struct field event_fields[] = {
	{"event_id", "id", TEXT, REQUIRED, 32, NULL, NULL},
	{"event", "event_type", TEXT, REQUIRED, 31, NULL, NULL},
	{"at", "timestamp", TIME, REQUIRED, 0, NULL, NULL},
	{"customer_id", "identity_account_id", IDENTITY, OPTIONAL, 255, NULL, NULL},
	{"", "properties", GROUP, OPTIONAL, 1000, event_properties, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};
/* clang-format on */

static const struct field *const tables[DESIRED_KIND_COUNT] = {
	[DESIRED_PRODUCT] = product_fields,
	[DESIRED_CONTACT] = contact_fields,
	[DESIRED_ORDER] = order_fields,
	[DESIRED_EVENT] = event_fields,
};

struct maker {
	struct jsonw w;
	struct arena *arena;
	const struct payload_facts *facts;
	struct payload_fault *fault;
	const char *within; /* key of the object or array around, or NULL */
	bool in_list;
	size_t index; /* in that array, from 0 */
};

static bool put_fields(struct maker *maker, const struct json *body,
    const struct field *table);

static bool fault(struct maker *maker, const char *field, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* Always false, so that a failing function can return it. */
static bool
fault(struct maker *maker, const char *field, const char *format, ...)
{
	struct payload_fault *to = maker->fault;
	char why[96];
	va_list args;

	if (maker->within == NULL)
		snprintf(to->field, sizeof(to->field), "%s", field);
	else if (maker->in_list)
		snprintf(to->field, sizeof(to->field), "%s[%zu].%s",
		    maker->within, maker->index, field);
	else
		snprintf(to->field, sizeof(to->field), "%s.%s", maker->within,
		    field);
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

/* OBJECT and GROUP: an object by the inner table; size counted as JSON. */
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
	inner.within = field->to;
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
	inner.within = field->to;
	if (id.len > 0 && maker->facts->person != PERSON_GUEST)
		good = put_known(&inner, field, "id", "email", id,
		    email_now(maker, node));
	else
		good = put_fields(&inner, node, guest_fields);
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
		else if (field->inner == address_fields &&
			 maker->facts->person == PERSON_ERASED)
			good = true;
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
	if (!put_fields(maker, body, tables[kind]))
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
