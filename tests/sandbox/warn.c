#include "warn.h"
#include "base/decimal.h"
#include "base/text.h"
#include "erase.h"
#include "journal.h"
#include "validate.h"

#define PROPERTIES_MAX 1000 /* characters of all custom properties */
#define EVENT_TYPE_MAX 31

/* Where and about which record. */
struct place {
	struct store *store;
	int64_t request;
	const struct identity *identity;
};

static void
warn(const struct place *place, const char *code, struct str detail)
{
	store_warn(place->store, place->request, code, place->identity->type,
	    place->identity->id, detail);
}

void
warn_batch(struct store *store, int64_t request, const struct json *batch,
    struct arena *arena)
{
	struct identity *all = arena_array(arena, batch->count, sizeof(*all));
	struct place place = { store, request, NULL };
	bool mixed = false;
	size_t count = 0;

	JSON_EACH(record, batch)
	{
		struct identity *own = &all[count];

		*own = apply_identity(record, arena);
		place.identity = own;
		for (size_t i = 0; i < count; i++)
			if (str_eq(all[i].type, own->type) &&
			    str_eq(all[i].collection, own->collection) &&
			    str_eq(all[i].id, own->id)) {
				warn(&place, "duplicate-identity",
				    own->collection);
				break;
			}
		if (!mixed && !str_eq(own->type, all[0].type)) {
			mixed = true;
			warn(&place, "mixed-types", all[0].type);
		}
		count++;
	}
}

static bool
has_offset(struct str time)
{
	for (size_t i = 10; i < time.len; i++)
		if (time.data[i] == 'Z' || time.data[i] == '+' ||
		    time.data[i] == '-')
			return true;
	return false;
}

static void
warn_keys(const struct place *place, const struct json *record,
    struct arena *arena)
{
	const struct field *fields = validate_fields(place->identity->type);

	JSON_EACH(item, record)
	{
		const struct field *field = validate_field(fields, item->key);

		if (str_is(item->key, "@type"))
			continue;
		if (field == NULL)
			warn(place, "unknown-key", item->key);
		else if (field->type == FIELD_TIME &&
			 item->type == JSON_STRING && item->raw.len > 2 &&
			 !has_offset(json_str(item, arena)))
			warn(place, "timestamp-without-offset", item->key);
		else if (strcmp(field->name, "properties") == 0 &&
			 text_length(item->raw) > PROPERTIES_MAX)
			warn(place, "properties-large", STR_NONE);
	}
}

static void
warn_totals(const struct place *place, const struct json *record)
{
	static const char *const parts[] = { "subtotal", "discount", "shipping",
		"tax" };
	struct decimal sum = DECIMAL_ZERO, value;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct json *part = json_get(record, parts[i]);

		if (part->type != JSON_NUMBER)
			continue;
		if (!decimal_parse(part->raw, &value) ||
		    !decimal_add(sum, value, &sum))
			return; /* with an exponent: cannot be told */
		if (i == 1 && decimal_sign(value) > 0)
			warn(place, "positive-discount", part->raw);
	}
	if (decimal_parse(json_get(record, "grand_total")->raw, &value) &&
	    decimal_cmp(sum, value) != 0)
		warn(place, "totals-differ",
		    json_get(record, "grand_total")->raw);
}

static void
warn_lines(const struct place *place, const struct json *record,
    struct arena *arena)
{
	JSON_EACH(line, json_get(record, "lineitems"))
	{
		struct identity product = { .type = STR("product"),
			.id = json_text(line, "product_id", arena) };
		const struct json *discount = json_get(line, "discount");
		struct decimal value;

		if (!apply_is_stored(place->store, &product))
			warn(place, "product-unknown", product.id);
		if (discount->type == JSON_NUMBER &&
		    decimal_parse(discount->raw, &value) &&
		    decimal_sign(value) > 0)
			warn(place, "positive-discount", discount->raw);
	}
}

static void
warn_event(const struct place *place, const struct json *record)
{
	static const char *const keys[] = { "profile_id", "identity_email",
		"identity_phone_number", "identity_account_id" };
	bool known = false;

	if (text_length(place->identity->collection) > EVENT_TYPE_MAX)
		warn(place, "event-type-long", place->identity->collection);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		known |= json_get(record, keys[i])->raw.len > 2;
	if (!known)
		warn(place, "event-without-identity", STR_NONE);
}

/* A partial record that leaves Ometria with an incomplete one, and a partial
 * order always: an order is sent whole. */
static void
warn_partial(const struct place *place, const struct json *record)
{
	const struct field *field = validate_fields(place->identity->type);

	if (str_is(place->identity->type, "contact") ||
	    (!str_is(place->identity->type, "order") &&
		apply_is_stored(place->store, place->identity)))
		return;
	for (; field->name != NULL; field++)
		if (field->required &&
		    json_get(record, field->name)->type == JSON_ABSENT) {
			warn(place, "partial-record", str_of(field->name));
			return;
		}
}

void
warn_record(struct store *store, int64_t request, const struct json *record,
    const struct identity *identity, struct arena *arena)
{
	struct place place = { store, request, identity };

	if (journal_is_personal(identity->id))
		warn(&place, "personal-id", STR_NONE);
	if (erase_state(store, erase_email_of(record, arena), arena) !=
	    ERASE_NO)
		warn(&place, "erased-person", STR_NONE);
	warn_keys(&place, record, arena);
	warn_partial(&place, record);
	if (str_is(identity->type, "order")) {
		warn_totals(&place, record);
		warn_lines(&place, record, arena);
	} else if (str_is(identity->type, "custom_event")) {
		warn_event(&place, record);
	}
}
