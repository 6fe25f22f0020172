#include "idoc/control.h"

#include "base/text.h"
#include "idoc/slicer.h"

struct control_field {
	const char *name;
	size_t member;
	uint16_t length;
	uint16_t offset; /* in EDI_DC40 */
	uint16_t offset_3; /* in EDI_DC */
	uint16_t length_3;
	bool changes; /* when the same IDoc is sent again */
};

#define FIELD(name, member, length, offset, offset_3, length_3, changes)       \
	{                                                                      \
		name, offsetof(struct idoc_control, member), length, offset,   \
		    offset_3, length_3, changes                                \
	}

static const struct control_field fields[] = {
	FIELD("TABNAM", tabnam, 10, 0, 0, 10, false),
	FIELD("MANDT", mandt, 3, 10, 10, 3, false),
	FIELD("DOCNUM", docnum, 16, 13, 13, 16, false),
	FIELD("DOCREL", docrel, 4, 29, 29, 4, false),
	FIELD("STATUS", status, 2, 33, 33, 2, true),
	FIELD("DIRECT", direct, 1, 35, 43, 1, false),
	FIELD("TEST", test, 1, 38, 177, 1, false),
	FIELD("IDOCTYP", idoctyp, 30, 39, 423, 8, false),
	FIELD("CIMTYP", cimtyp, 30, 69, 431, 8, false),
	FIELD("MESTYP", mestyp, 30, 99, 417, 6, false),
	FIELD("MESCOD", mescod, 3, 129, 170, 3, false),
	FIELD("MESFCT", mesfct, 3, 132, 173, 3, false),
	FIELD("SNDPOR", sndpor, 10, 148, 178, 10, false),
	FIELD("SNDPRT", sndprt, 2, 158, 188, 2, false),
	FIELD("SNDPRN", sndprn, 10, 162, 190, 10, false),
	FIELD("RCVPOR", rcvpor, 10, 263, 44, 10, false),
	FIELD("RCVPRT", rcvprt, 2, 273, 54, 2, false),
	FIELD("RCVPRN", rcvprn, 10, 277, 56, 10, false),
	FIELD("CREDAT", credat, 8, 378, 403, 8, true),
	FIELD("CRETIM", cretim, 6, 386, 411, 6, true),
	FIELD("REFINT", refint, 14, 392, 291, 14, true),
	FIELD("ARCKEY", arckey, 70, 434, 333, 70, false),
	FIELD("SERIAL", serial, 20, 504, 443, 20, true),
};

#define FIELDS (int)(sizeof(fields) / sizeof(fields[0]))

/* DOCTYP of release 3.x: the IDoc type where IDOCTYP is not filled. */
#define DOCTYP_OFFSET 35
#define DOCTYP_LENGTH 8

int
control_index(struct str name)
{
	for (int i = 0; i < FIELDS; i++)
		if (str_is(name, fields[i].name))
			return i;
	return -1;
}

int
control_count(void)
{
	return FIELDS;
}

const char *
control_name(int index)
{
	return fields[index].name;
}

size_t
control_length(int index)
{
	return fields[index].length;
}

struct str *
control_value(struct idoc_control *control, int index)
{
	return (struct str *)(void *)((char *)control + fields[index].member);
}

/* A value that a record can carry; a line that holds others is a fault. */
static bool
is_text(struct str value)
{
	return text_is_utf8(value) &&
	       (value.len == 0 || memchr(value.data, '\0', value.len) == NULL);
}

void
control_read_flat(struct idoc_control *control, struct str line, bool release3,
    struct arena *arena)
{
	struct slicer slicer;

	slicer_begin(&slicer, line, slicer_ascii(line) == line.len);
	for (int i = 0; i < FIELDS; i++) {
		const struct control_field *field = &fields[i];
		struct str value =
		    release3
			? slicer_take(&slicer, field->offset_3, field->length_3)
			: slicer_take(&slicer, field->offset, field->length);

		if (value.len > 0 && is_text(value))
			*control_value(control, i) =
			    str_trim(arena_str(arena, value));
	}
	if (release3 && control->idoctyp.len == 0) {
		struct str type =
		    slicer_take(&slicer, DOCTYP_OFFSET, DOCTYP_LENGTH);

		if (is_text(type))
			control->idoctyp = arena_str(arena, type);
	}
}

/* The name without the digits of its version: DEBMAS07 -> DEBMAS. */
static struct str
without_digits(struct str name)
{
	while (name.len > 0 && name.data[name.len - 1] >= '0' &&
	       name.data[name.len - 1] <= '9')
		name.len--;
	return name;
}

void
control_complete(struct idoc_control *control, struct str root,
    struct arena *arena)
{
	static const struct {
		const char *type;
		const char *message;
	} certain[] = {
		{ "DEBMAS", "DEBMAS" },
		{ "ADRMAS", "ADRMAS" },
		{ "ADR2MAS", "ADR2MAS" },
		{ "ADR3MAS", "ADR3MAS" },
		{ "MATMAS", "MATMAS" },
		{ "ARTMAS", "ARTMAS" },
		{ "INVOIC", "INVOIC" },
		{ "MBGMCR", "MBGMCR" },
		{ "WMMBID", "WMMBXY" },
	};
	struct str type = without_digits(root);

	/* A basic type ends in two digits; other roots are anybody's names. */
	if (control->idoctyp.len == 0 && type.len > 2 &&
	    root.len == type.len + 2)
		control->idoctyp = arena_str(arena, root);
	if (control->mestyp.len > 0)
		return;
	type = without_digits(control->idoctyp);
	for (size_t i = 0; i < sizeof(certain) / sizeof(certain[0]); i++)
		if (str_is(type, certain[i].type))
			control->mestyp = str_of(certain[i].message);
}

void
control_content(const struct idoc_control *control, struct content *content)
{
	for (int i = 0; i < FIELDS; i++) {
		const struct str *value =
		    (const struct str *)(const void *)((const char *)control +
						       fields[i].member);

		if (!fields[i].changes)
			content_add(content, 'C', *value);
	}
}
