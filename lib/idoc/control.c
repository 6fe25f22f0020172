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

/* In the order of EDI_DC40. */
static const struct control_field fields[] = {
	FIELD("TABNAM", tabnam, 10, 0, 0, 10, false),
	FIELD("MANDT", mandt, 3, 10, 10, 3, false),
	FIELD("DOCNUM", docnum, 16, 13, 13, 16, false),
	FIELD("DOCREL", docrel, 4, 29, 29, 4, false),
	FIELD("STATUS", status, 2, 33, 33, 2, true),
	FIELD("DIRECT", direct, 1, 35, 43, 1, false),
	FIELD("OUTMOD", outmod, 1, 36, 176, 1, true),
	FIELD("EXPRSS", exprss, 1, 37, 463, 1, false),
	FIELD("TEST", test, 1, 38, 177, 1, false),
	FIELD("IDOCTYP", idoctyp, 30, 39, 423, 8, false),
	FIELD("CIMTYP", cimtyp, 30, 69, 431, 8, false),
	FIELD("MESTYP", mestyp, 30, 99, 417, 6, false),
	FIELD("MESCOD", mescod, 3, 129, 170, 3, false),
	FIELD("MESFCT", mesfct, 3, 132, 173, 3, false),
	FIELD("STD", std, 1, 135, 157, 1, false),
	FIELD("STDVRS", stdvrs, 6, 136, 158, 6, false),
	FIELD("STDMES", stdmes, 6, 142, 164, 6, false),
	FIELD("SNDPOR", sndpor, 10, 148, 178, 10, false),
	FIELD("SNDPRT", sndprt, 2, 158, 188, 2, false),
	FIELD("SNDPFC", sndpfc, 2, 160, 441, 2, false),
	FIELD("SNDPRN", sndprn, 10, 162, 190, 10, false),
	FIELD("SNDSAD", sndsad, 21, 172, 200, 21, false),
	FIELD("SNDLAD", sndlad, 70, 193, 221, 70, false),
	FIELD("RCVPOR", rcvpor, 10, 263, 44, 10, false),
	FIELD("RCVPRT", rcvprt, 2, 273, 54, 2, false),
	FIELD("RCVPFC", rcvpfc, 2, 275, 439, 2, false),
	FIELD("RCVPRN", rcvprn, 10, 277, 56, 10, false),
	FIELD("RCVSAD", rcvsad, 21, 287, 66, 21, false),
	FIELD("RCVLAD", rcvlad, 70, 308, 87, 70, false),
	FIELD("CREDAT", credat, 8, 378, 403, 8, true),
	FIELD("CRETIM", cretim, 6, 386, 411, 6, true),
	FIELD("REFINT", refint, 14, 392, 291, 14, true),
	FIELD("REFGRP", refgrp, 14, 406, 305, 14, true),
	FIELD("REFMES", refmes, 14, 420, 319, 14, true),
	FIELD("ARCKEY", arckey, 70, 434, 333, 70, false),
	FIELD("SERIAL", serial, 20, 504, 443, 20, true),
	/* Not in EDI_DC40: no length. */
	FIELD("DOCTYP", doctyp, 0, 0, 35, 8, false),
};

#define FIELDS (int)(sizeof(fields) / sizeof(fields[0]))

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

struct str
control_text(const struct idoc_control *control, int index)
{
	return *(const struct str *)(const void *)((const char *)control +
						   fields[index].member);
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
	bool clean;

	slicer_begin(&slicer, line, slicer_ascii(line) == line.len);
	line =
	    arena_str(arena, slicer_take(&slicer, 0,
				 release3 ? CONTROL_WIDTH_3 : CONTROL_WIDTH));
	slicer_begin(&slicer, line, slicer.ascii);
	clean = is_text(line);
	for (int i = 0; i < FIELDS; i++) {
		const struct control_field *field = &fields[i];
		struct str value =
		    release3
			? slicer_take(&slicer, field->offset_3, field->length_3)
			: slicer_take(&slicer, field->offset, field->length);

		if (value.len > 0 && (clean || is_text(value)))
			*control_value(control, i) = str_trim(value);
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
		{ "WPUBON", "WPUBON" },
	};
	struct str type = without_digits(root);

	if (control->idoctyp.len == 0)
		control->idoctyp = control->doctyp;
	if (str_eq(control->doctyp, control->idoctyp))
		control->doctyp = STR_NONE;
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
	for (int i = 0; i < FIELDS; i++)
		if (!fields[i].changes)
			content_add(content, 'C', control_text(control, i));
}
