#include "audit/profile_parts.h"

#include "base/country.h"
#include "base/text.h"
#include "map/value.h"

/* Years in which people were born, orders placed and validities end. */
#define YEAR_FIRST 1900
#define YEAR_LAST 2100

struct field_row {
	const char *segment; /* NULL = any */
	const char *name;
	enum profile_kind kind;
};

/* Fields of SAP's types DATS, LAND1 and MATNR in the segments of the line. */
static const struct field_row field_rows[] = {
	{ "E1EDK03", "DATUM", PROFILE_DATE },
	{ NULL, "NTANF", PROFILE_DATE },
	{ NULL, "NTEND", PROFILE_DATE },
	{ NULL, "ISDD", PROFILE_DATE },
	{ NULL, "IEDD", PROFILE_DATE },
	{ NULL, "EDATU", PROFILE_DATE },
	{ NULL, "BUDAT", PROFILE_DATE },
	{ NULL, "BLDAT", PROFILE_DATE },
	{ NULL, "PSTNG_DATE", PROFILE_DATE },
	{ NULL, "DOC_DATE", PROFILE_DATE },
	{ NULL, "DATAB", PROFILE_DATE },
	{ NULL, "DATBI", PROFILE_DATE },
	{ NULL, "FROM_DATE", PROFILE_DATE },
	{ NULL, "TO_DATE", PROFILE_DATE },
	{ NULL, "VALID_FROM", PROFILE_DATE },
	{ NULL, "VALID_TO", PROFILE_DATE },
	{ NULL, "ERSDA", PROFILE_DATE },
	{ NULL, "LAEDA", PROFILE_DATE },
	{ NULL, "VFDAT", PROFILE_DATE },
	{ NULL, "LAND1", PROFILE_COUNTRY },
	{ NULL, "COUNTRY", PROFILE_COUNTRY },
	{ NULL, "COUNTRY1", PROFILE_COUNTRY },
	{ NULL, "COUNTRYISO", PROFILE_COUNTRY },
	{ NULL, "MATNR", PROFILE_MATERIAL },
	{ NULL, "MATERIAL", PROFILE_MATERIAL },
	{ "E1EDP19", "IDTNR", PROFILE_MATERIAL },
};

/* Keys of records, sap-ometria-record(5). */
static const struct field_row record_rows[] = {
	{ NULL, "placed_at", PROFILE_DATE },
	{ NULL, "posted_at", PROFILE_DATE },
	{ NULL, "date", PROFILE_DATE },
	{ NULL, "as_of", PROFILE_DATE },
	{ NULL, "valid_from", PROFILE_DATE },
	{ NULL, "valid_to", PROFILE_DATE },
	{ NULL, "country", PROFILE_COUNTRY },
	{ NULL, "material", PROFILE_MATERIAL },
};

/* What an IDoc is about: the first of these fields that is filled. */
static const struct {
	const char *segment, *name;
} object_rows[] = {
	{ "E1KNA1M", "KUNNR" },
	{ "E1ADRMAS", "OBJ_ID" },
	{ "E1EDK01", "BELNR" },
	{ "E1EDL20", "VBELN" },
	{ "E1MARAM", "MATNR" },
};

#define FIELDS (sizeof(field_rows) / sizeof(field_rows[0]))
#define RECORD_KEYS (sizeof(record_rows) / sizeof(record_rows[0]))
#define OBJECTS (sizeof(object_rows) / sizeof(object_rows[0]))

/* The rows' names as symbols: what IDocs have is compared by pointer. */
struct profile_fields {
	struct {
		const struct idoc_symbol *segment, *name;
	} fields[FIELDS], objects[OBJECTS];
};

static const struct idoc_symbol *
symbol_of(struct idoc_symbols *symbols, const char *name)
{
	return name != NULL ? idoc_symbol(symbols, str_of(name)) : NULL;
}

struct profile_fields *
profile_fields_new(struct idoc_symbols *symbols)
{
	struct profile_fields *fields = mem_zero(1, sizeof(*fields));

	for (size_t i = 0; i < FIELDS; i++) {
		fields->fields[i].segment =
		    symbol_of(symbols, field_rows[i].segment);
		fields->fields[i].name = symbol_of(symbols, field_rows[i].name);
	}
	for (size_t i = 0; i < OBJECTS; i++) {
		fields->objects[i].segment =
		    symbol_of(symbols, object_rows[i].segment);
		fields->objects[i].name =
		    symbol_of(symbols, object_rows[i].name);
	}
	return fields;
}

void
profile_fields_free(struct profile_fields *fields)
{
	free(fields);
}

/* Where a value stands. */
struct place {
	struct profile *profile;
	struct str owner; /* the IDoc or record */
	struct str segment, field;
};

static enum status
mark_place(const struct place *place, const char *check, struct diag *diag)
{
	struct buf *id = &place->profile->id;

	buf_clear(id);
	buf_add_str(id, place->owner);
	buf_add_char(id, ' ');
	if (place->segment.len > 0) {
		buf_add_str(id, place->segment);
		buf_add_char(id, '-');
	}
	buf_add_str(id, place->field);
	return profile_mark(place->profile, check, buf_str(id), diag);
}

/* Initial, and the end of time: both mean that there is no date. */
static bool
is_no_date(struct str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] != '0' && value.data[i] != ' ')
			return str_is(value, "99991231") ||
			       str_is(value, "9999-12-31");
	return true;
}

static bool
is_date(struct str value, instant *at)
{
	char digits[8];

	if (value.len == 10 && value.data[4] == '-' && value.data[7] == '-') {
		memcpy(digits, value.data, 4);
		memcpy(digits + 4, value.data + 5, 2);
		memcpy(digits + 6, value.data + 8, 2);
		value = (struct str){ digits, sizeof(digits) };
	}
	return zone_from_sap(value, STR_NONE, at) || instant_parse(value, at);
}

static enum status
check_date(const struct place *place, struct str value, struct diag *diag)
{
	char text[INSTANT_TEXT];
	uint64_t year = 0;
	instant at;

	if (is_no_date(value))
		return STATUS_OK;
	place->profile->seen[PROFILE_DATES]++;
	if (!is_date(value, &at))
		return mark_place(place, "date-invalid", diag);
	instant_format(at, text);
	str_to_u64((struct str){ text, 4 }, UINT64_MAX, &year);
	if (year < YEAR_FIRST || year > YEAR_LAST)
		return mark_place(place, "date-implausible", diag);
	return STATUS_OK;
}

static enum status
check_country(const struct place *place, struct str value, struct diag *diag)
{
	const struct row_at at = { .arena = &place->profile->arena };
	struct row_result code = value_country(&at, &value);

	place->profile->seen[PROFILE_COUNTRIES]++;
	if (code.kind == ROW_TEXT && country_known(code.text))
		return STATUS_OK;
	return mark_place(place, "country-invalid", diag);
}

/* The number as it is written, beside the number that it stands for. */
static enum status
check_material(const struct place *place, struct str value, struct diag *diag)
{
	struct buf *id = &place->profile->id;
	struct str bare = str_alpha_out(value);

	if (bare.len != value.len) {
		enum status status =
		    profile_mark(place->profile, "sku-padded", bare, diag);

		if (status != STATUS_OK)
			return status;
	}
	buf_clear(id);
	buf_add_str(id, bare);
	buf_add_char(id, ' ');
	buf_add_str(id, value);
	return profile_mark(place->profile, "material", buf_str(id), diag);
}

static bool
is_letter(char c)
{
	char upper = text_upper(c);

	return upper >= 'A' && upper <= 'Z';
}

/*
 * Whether a text lost characters on its way: U+FFFD, UTF-8 that was read as
 * Latin-1 and written as UTF-8 again (a C2 or C3 character before one of
 * U+0080 to U+00BF), or the '#' between letters that SAP writes for what a code
 * page does not have.
 */
static bool
is_damaged(struct str text)
{
	for (size_t i = 0; i + 2 < text.len; i++) {
		const char *at = text.data + i;
		unsigned char next = (unsigned char)at[1];

		if (memcmp(at, "\xEF\xBF\xBD", 3) == 0 ||
		    (next == '#' && is_letter(at[0]) && is_letter(at[2])))
			return true;
		if (at[0] == '\xC3' && (next == 0x82 || next == 0x83) &&
		    at[2] == '\xC2')
			return true;
	}
	return false;
}

static enum status
check_kind(const struct place *place, enum profile_kind kind, struct str value,
    struct diag *diag)
{
	switch (kind) {
	case PROFILE_DATE:
		return check_date(place, value, diag);
	case PROFILE_COUNTRY:
		return check_country(place, value, diag);
	case PROFILE_MATERIAL:
		return check_material(place, value, diag);
	}
	return STATUS_OK;
}

static enum status
check_text(const struct place *place, struct str value, struct diag *diag)
{
	place->profile->seen[PROFILE_TEXTS]++;
	return is_damaged(value) ? mark_place(place, "text-damaged", diag)
				 : STATUS_OK;
}

/* --- IDocs --- */

static enum status
check_field(struct place *place, const struct idoc_segment *segment,
    const struct idoc_field *field, struct diag *diag)
{
	const struct profile_fields *fields = place->profile->fields;
	enum status status;

	place->field = field->name->name;
	status = check_text(place, field->value, diag);
	for (size_t i = 0; i < FIELDS && status == STATUS_OK; i++)
		if (fields->fields[i].name == field->name &&
		    (fields->fields[i].segment == NULL ||
			fields->fields[i].segment == segment->type))
			return check_kind(place, field_rows[i].kind,
			    field->value, diag);
	return status;
}

/* A client's own segments have names of the client's name space. */
static bool
is_custom(const struct profile *profile, struct str type)
{
	char first = type.len > 0 ? type.data[0] : '\0';

	return first == 'Z' || first == 'Y' || first == '/' ||
	       dictionary_find(profile->dictionary, type) == NULL;
}

/* One with values that no row of the field maps leads to. */
static enum status
check_segment(struct place *place, const struct idoc *idoc,
    const struct idoc_segment *segment, struct diag *diag)
{
	struct profile *profile = place->profile;

	profile->seen[PROFILE_SEGMENTS]++;
	if (segment->field_count == 0 || segment->type->wanted ||
	    !map_knows(profile->map, idoc->control.mestyp))
		return STATUS_OK;
	buf_clear(&profile->id);
	buf_add_str(&profile->id, idoc->control.mestyp);
	buf_add_char(&profile->id, ' ');
	buf_add_str(&profile->id, segment->type->name);
	return profile_mark(profile,
	    is_custom(profile, segment->type->name) ? "segment-custom"
						    : "segment-unmapped",
	    buf_str(&profile->id), diag);
}

static struct str
object_of(struct profile *profile, const struct idoc *idoc,
    const struct idoc_segment *segment)
{
	const struct profile_fields *fields = profile->fields;

	for (size_t i = 0; i < OBJECTS; i++) {
		struct str value;

		if (fields->objects[i].segment != segment->type)
			continue;
		value = idoc_value(segment, fields->objects[i].name);
		if (value.len > 0)
			return arena_format(&profile->arena, "%.*s %.*s",
			    STR_ARGS(idoc->control.mestyp),
			    STR_ARGS(str_alpha_out(value)));
	}
	return STR_NONE;
}

enum status
profile_segments(struct profile *profile, const struct idoc *idoc,
    struct str name, struct str *object, struct diag *diag)
{
	const struct idoc_segment *at = idoc->root->first;
	struct place place = { .profile = profile, .owner = name };
	enum status status = STATUS_OK;

	while (at != NULL && status == STATUS_OK) {
		place.segment = at->type->name;
		if (object->len == 0)
			*object = object_of(profile, idoc, at);
		status = check_segment(&place, idoc, at, diag);
		for (size_t i = 0; i < at->field_count && status == STATUS_OK;
		     i++)
			status = check_field(&place, at, &at->fields[i], diag);
		at = idoc_after(idoc->root, at);
	}
	return status;
}

/* --- records --- */

static enum status
check_value(struct place *place, const struct json *value, struct diag *diag)
{
	struct str text = json_str(value, &place->profile->arena);
	enum status status;

	place->field = value->key;
	status = check_text(place, text, diag);
	for (size_t i = 0; i < RECORD_KEYS && status == STATUS_OK; i++)
		if (str_is(value->key, record_rows[i].name) && text.len > 0)
			return check_kind(place, record_rows[i].kind, text,
			    diag);
	return status;
}

enum status
profile_values(struct profile *profile, const struct json *root,
    struct str name, struct diag *diag)
{
	struct place place = { .profile = profile, .owner = name };
	enum status status = STATUS_OK;

	/* The nodes of a document lie in their order, subtrees included. */
	for (const struct json *at = root;
	     at < root + root->skip && status == STATUS_OK; at++)
		if (at->type == JSON_STRING)
			status = check_value(&place, at, diag);
	return status;
}
