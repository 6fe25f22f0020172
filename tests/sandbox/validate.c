#include "validate.h"
#include "base/decimal.h"
#include "base/instant.h"
#include "base/text.h"
#include "switch.h"

/* Data API reference: lengths are characters, R = required, O = optional. */
#define R true
#define O false
#define S FIELD_STRING
#define END                                                                    \
	{                                                                      \
		NULL, S, O, 0, NULL                                            \
	}

static const struct field sms_fields[] = {
	{ "allow_marketing", FIELD_BOOL, O, 0, NULL },
	{ "allow_transactional", FIELD_BOOL, O, 0, NULL },
	{ "dt_updated_marketing", FIELD_TIME, O, 0, NULL },
	{ "dt_updated_transactional", FIELD_TIME, O, 0, NULL },
	END,
};

static const struct field channels_fields[] = {
	{ "sms", FIELD_OBJECT, O, 0, sms_fields },
	END,
};

static const struct field contact_fields[] = {
	{ "@collection", S, O, 0, NULL },
	{ "@force_optin", FIELD_BOOL, O, 0, NULL },
	{ "@merge", FIELD_BOOL, O, 0, NULL },
	{ "@add_to_lists", FIELD_STRINGS, O, 16, NULL },
	{ "@remove_from_lists", FIELD_STRINGS, O, 16, NULL },
	{ "id", S, R, 255, NULL },
	{ "email", S, O, 255, NULL },
	{ "phone_number", S, O, 32, NULL },
	{ "customer_id", S, O, 255, NULL },
	{ "marketing_optin", FIELD_OPTIN, O, 0, NULL },
	{ "prefix", S, O, 64, NULL },
	{ "firstname", S, O, 64, NULL },
	{ "middlename", S, O, 64, NULL },
	{ "lastname", S, O, 64, NULL },
	{ "gender", FIELD_GENDER, O, 0, NULL },
	{ "date_of_birth", FIELD_DATE, O, 0, NULL },
	{ "country_id", FIELD_COUNTRY, O, 0, NULL },
	{ "store_ids", FIELD_STRINGS, O, 0, NULL },
	{ "timezone", S, O, 0, NULL },
	{ "timestamp_acquired", FIELD_TIME, O, 0, NULL },
	{ "timestamp_subscribed", FIELD_TIME, O, 0, NULL },
	{ "timestamp_unsubscribed", FIELD_TIME, O, 0, NULL },
	{ "channels", FIELD_OBJECT, O, 0, channels_fields },
	{ "properties", FIELD_OBJECT, O, 0, NULL },
	END,
};

static const struct field customer_fields[] = {
	{ "id", S, O, 255, NULL },
	{ "email", S, O, 255, NULL },
	{ "firstname", S, O, 64, NULL },
	{ "lastname", S, O, 64, NULL },
	{ "phone_number", S, O, 32, NULL },
	END,
};

static const struct field address_fields[] = {
	{ "city", S, O, 255, NULL },
	{ "state", S, O, 255, NULL },
	{ "postcode", S, O, 32, NULL },
	{ "country_code", FIELD_COUNTRY, O, 0, NULL },
	END,
};

static const struct field option_fields[] = {
	{ "type", S, R, 255, NULL },
	{ "id", S, R, 255, NULL },
	{ "label", S, R, 255, NULL },
	END,
};

static const struct field attribute_fields[] = {
	{ "type", S, R, 255, NULL },
	{ "id", S, O, 255, NULL },
	{ "value", S, O, 255, NULL },
	{ "label", S, O, 255, NULL },
	END,
};

static const struct field line_fields[] = {
	{ "product_id", S, R, 255, NULL },
	{ "variant_id", S, O, 255, NULL },
	{ "sku", S, O, 255, NULL },
	{ "quantity", FIELD_INTEGER, R, 0, NULL },
	{ "unit_price", FIELD_NUMBER, R, 0, NULL },
	{ "quantity_refunded", FIELD_INTEGER, O, 0, NULL },
	{ "refunded", FIELD_NUMBER, O, 0, NULL },
	{ "subtotal", FIELD_NUMBER, O, 0, NULL },
	{ "discount", FIELD_NUMBER, O, 0, NULL },
	{ "tax", FIELD_NUMBER, O, 0, NULL },
	{ "total", FIELD_NUMBER, O, 0, NULL },
	{ "is_on_sale", FIELD_BOOL, O, 0, NULL },
	{ "variant_options", FIELD_ARRAY, O, 0, option_fields },
	{ "totals", FIELD_OBJECT, O, 0, NULL },
	{ "properties", FIELD_OBJECT, O, 0, NULL },
	END,
};

static const struct field order_fields[] = {
	{ "@merge", FIELD_BOOL, O, 0, NULL },
	{ "id", S, R, 36, NULL },
	{ "timestamp", FIELD_TIME, R, 0, NULL },
	{ "grand_total", FIELD_NUMBER, R, 0, NULL },
	{ "subtotal", FIELD_NUMBER, R, 0, NULL },
	{ "discount", FIELD_NUMBER, O, 0, NULL },
	{ "shipping", FIELD_NUMBER, O, 0, NULL },
	{ "tax", FIELD_NUMBER, O, 0, NULL },
	{ "currency", FIELD_CURRENCY, R, 0, NULL },
	{ "totals", FIELD_OBJECT, O, 0, NULL },
	{ "web_id", S, O, 255, NULL },
	{ "status", S, O, 255, NULL },
	{ "is_valid", FIELD_BOOL, O, 0, NULL },
	{ "customer", FIELD_OBJECT, O, 0, customer_fields },
	{ "lineitems", FIELD_ARRAY, O, 0, line_fields },
	{ "ip_address", S, O, 64, NULL },
	{ "channel", S, O, 255, NULL },
	{ "store", S, O, 255, NULL },
	{ "payment_method", S, O, 32, NULL },
	{ "shipping_method", S, O, 32, NULL },
	{ "shipping_address", FIELD_OBJECT, O, 0, address_fields },
	{ "billing_address", FIELD_OBJECT, O, 0, address_fields },
	{ "coupon_code", S, O, 255, NULL },
	{ "properties", FIELD_OBJECT, O, 0, NULL },
	END,
};

static const struct field listing_fields[] = {
	{ "title", S, O, 140, NULL },
	{ "price", FIELD_NUMBER, O, 0, NULL },
	{ "store", S, O, 32, NULL },
	{ "currency", FIELD_CURRENCY, O, 0, NULL },
	{ "is_active", FIELD_BOOL, O, 0, NULL },
	{ "special_price", FIELD_NUMBER, O, 0, NULL },
	{ "url", S, O, 1024, NULL },
	{ "image_url", S, O, 1024, NULL },
	END,
};

static const struct field product_fields[] = {
	{ "@merge", FIELD_BOOL, O, 0, NULL },
	{ "id", S, R, 255, NULL },
	{ "title", S, R, 140, NULL },
	{ "price", FIELD_NUMBER, R, 0, NULL },
	{ "currency", FIELD_CURRENCY, O, 0, NULL },
	{ "sku", S, O, 255, NULL },
	{ "is_variant", FIELD_BOOL, O, 0, NULL },
	{ "parent_id", S, O, 255, NULL },
	{ "special_price", FIELD_NUMBER, O, 0, NULL },
	{ "special_price_dt_from", FIELD_TIME, O, 0, NULL },
	{ "special_price_dt_to", FIELD_TIME, O, 0, NULL },
	{ "is_active", FIELD_BOOL, O, 0, NULL },
	{ "is_in_stock", FIELD_BOOL, O, 0, NULL },
	{ "url", S, O, 1024, NULL },
	{ "image_url", S, O, 1024, NULL },
	{ "attributes", FIELD_ARRAY, O, 0, attribute_fields },
	{ "listings", FIELD_ARRAY, O, 0, listing_fields },
	{ "properties", FIELD_OBJECT, O, 0, NULL },
	END,
};

static const struct field event_fields[] = {
	{ "id", S, R, 32, NULL },
	{ "event_type", S, R, 64, NULL },
	{ "timestamp", FIELD_TIME, R, 0, NULL },
	{ "properties", FIELD_OBJECT, R, 0, NULL },
	{ "profile_id", S, O, 255, NULL },
	{ "identity_email", S, O, 255, NULL },
	{ "identity_phone_number", S, O, 32, NULL },
	{ "identity_account_id", S, O, 255, NULL },
	END,
};

static const struct {
	const char *type;
	const struct field *fields;
} types[] = {
	{ "contact", contact_fields },
	{ "order", order_fields },
	{ "product", product_fields },
	{ "custom_event", event_fields },
};

static const char not_valid[] = "not a valid value";

const struct field *
validate_fields(struct str type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_is(type, types[i].type))
			return types[i].fields;
	return NULL;
}

const struct field *
validate_field(const struct field *fields, struct str key)
{
	for (; fields->name != NULL; fields++)
		if (str_is(key, fields->name))
			return fields;
	return NULL;
}

static bool
flawed(struct flaw *flaw, const char *path, const char *name,
    const char *message)
{
	flaw->message = message;
	snprintf(flaw->path, sizeof(flaw->path), "%s > %s", path, name);
	return false;
}

static bool
letters(struct str text, size_t count, bool lower_too)
{
	if (text.len != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if ((text.data[i] < 'A' || text.data[i] > 'Z') &&
		    (!lower_too || text_upper(text.data[i]) < 'A' ||
			text_upper(text.data[i]) > 'Z'))
			return false;
	return true;
}

static bool
is_date(struct str text)
{
	char buffer[] = "YYYY-MM-DDT00:00:00Z";
	instant value;

	if (text.len != 10)
		return false;
	memcpy(buffer, text.data, 10);
	return instant_parse(str_of(buffer), &value);
}

static bool
is_integer(struct str raw)
{
	for (size_t i = 0; i < raw.len; i++)
		if ((raw.data[i] < '0' || raw.data[i] > '9') &&
		    (i > 0 || raw.data[i] != '-'))
			return false;
	return true;
}

static bool
good_text(const struct field *field, struct str text)
{
	instant value;

	switch (field->type) {
	case FIELD_STRING:
		return field->max == 0 || text_length(text) <= field->max;
	case FIELD_TIME:
		return instant_parse(text, &value);
	case FIELD_DATE:
		return is_date(text);
	case FIELD_COUNTRY:
		return letters(text, 2, true);
	case FIELD_CURRENCY:
		return letters(text, 3, false);
	case FIELD_OPTIN:
		return str_is(text, "EXPLICITLY_OPTEDIN") ||
		       str_is(text, "EXPLICITLY_OPTEDOUT") ||
		       str_is(text, "NOT_SPECIFIED");
	case FIELD_GENDER:
		return str_is(text, "m") || str_is(text, "f") ||
		       str_is(text, "o");
	case FIELD_NUMBER:
	case FIELD_INTEGER:
	case FIELD_BOOL:
	case FIELD_OBJECT:
	case FIELD_ARRAY:
	case FIELD_STRINGS:
		break;
	}
	return false;
}

/* Lists are named by texts or integers. */
static bool
good_strings(const struct field *field, const struct json *node)
{
	if (node->type != JSON_ARRAY ||
	    (field->max > 0 && node->count > field->max))
		return false;
	JSON_EACH(item, node)
	if (item->type != JSON_STRING &&
	    (item->type != JSON_NUMBER || field->name[0] != '@'))
		return false;
	return true;
}

/* A text in place of a number or a boolean. */
static bool
good_coerced(const struct field *field, struct str text)
{
	struct decimal value;

	if (field->type == FIELD_BOOL)
		return str_is(text, "true") || str_is(text, "false");
	return (field->type == FIELD_NUMBER ||
		   (field->type == FIELD_INTEGER && is_integer(text))) &&
	       decimal_parse(text, &value);
}

static bool
good_scalar(const struct field *field, const struct json *node,
    struct arena *arena)
{
	if (switch_get(SWITCH_COERCE) == 1 && node->type == JSON_STRING &&
	    good_coerced(field, json_str(node, arena)))
		return true;
	switch (field->type) {
	case FIELD_NUMBER:
		return node->type == JSON_NUMBER;
	case FIELD_INTEGER:
		return node->type == JSON_NUMBER && is_integer(node->raw);
	case FIELD_BOOL:
		return node->type == JSON_BOOL;
	case FIELD_STRINGS:
		return good_strings(field, node);
	case FIELD_STRING:
	case FIELD_TIME:
	case FIELD_DATE:
	case FIELD_COUNTRY:
	case FIELD_CURRENCY:
	case FIELD_OPTIN:
	case FIELD_GENDER:
		return node->type == JSON_STRING &&
		       good_text(field, json_str(node, arena));
	case FIELD_OBJECT:
	case FIELD_ARRAY:
		break;
	}
	return false;
}

static bool
is_blank(const struct json *node)
{
	return node->type == JSON_ABSENT || node->type == JSON_NULL ||
	       (node->type == JSON_STRING && node->raw.len == 2);
}

static bool check_object(const struct json *object, const struct field *fields,
    const char *path, bool partial, struct arena *arena, struct flaw *flaw);

static bool
check_array(const struct json *array, const struct field *field,
    const char *path, struct arena *arena, struct flaw *flaw)
{
	size_t i = 0;

	JSON_EACH(item, array)
	{
		struct str name =
		    arena_format(arena, "%s > %s > %zu", path, field->name, i);

		if (item->type != JSON_OBJECT) {
			flaw->message = not_valid;
			snprintf(flaw->path, sizeof(flaw->path), "%s",
			    name.data);
			return false;
		}
		if (!check_object(item, field->sub, name.data, false, arena,
			flaw))
			return false;
		i++;
	}
	return true;
}

static bool
check_field(const struct json *node, const struct field *field,
    const char *path, struct arena *arena, struct flaw *flaw)
{
	if (field->type == FIELD_OBJECT) {
		if (node->type != JSON_OBJECT)
			return flawed(flaw, path, field->name, not_valid);
		if (field->sub == NULL)
			return true;
		return check_object(node, field->sub,
		    arena_format(arena, "%s > %s", path, field->name).data,
		    false, arena, flaw);
	}
	if (field->type == FIELD_ARRAY) {
		if (node->type != JSON_ARRAY)
			return flawed(flaw, path, field->name, not_valid);
		return check_array(node, field, path, arena, flaw);
	}
	if (!good_scalar(field, node, arena))
		return flawed(flaw, path, field->name, not_valid);
	return true;
}

static bool
check_keys(const struct json *object, const struct field *fields,
    const char *path, struct arena *arena, struct flaw *flaw)
{
	if (switch_get(SWITCH_UNKNOWN_KEYS) == 0)
		return true;
	JSON_EACH(item, object)
	if (!str_is(item->key, "@type") &&
	    validate_field(fields, item->key) == NULL)
		return flawed(flaw, path, arena_str(arena, item->key).data,
		    "unknown field");
	return true;
}

static bool
check_object(const struct json *object, const struct field *fields,
    const char *path, bool partial, struct arena *arena, struct flaw *flaw)
{
	if (!check_keys(object, fields, path, arena, flaw))
		return false;
	for (; fields->name != NULL; fields++) {
		const struct json *node = json_get(object, fields->name);
		bool needed = fields->required &&
			      (!partial || strcmp(fields->name, "id") == 0);

		if (is_blank(node)) {
			if (needed)
				return flawed(flaw, path, fields->name,
				    "this field is required");
			continue;
		}
		if (!check_field(node, fields, path, arena, flaw))
			return false;
	}
	return true;
}

bool
validate_record(const struct json *record, struct str type, bool partial,
    struct arena *arena, struct flaw *flaw)
{
	const struct field *fields = validate_fields(type);

	if (fields == NULL)
		return flawed(flaw, "root", "@type", not_valid);
	return check_object(record, fields, "root", partial, arena, flaw);
}
