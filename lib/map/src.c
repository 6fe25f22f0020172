#include "map/map.h"

#define SEQ_DIGITS 14
#define DOCNUM_DIGITS 16

/* 14 digits that are a date and a time of SAP's clock. */
static bool
is_moment(struct str text)
{
	instant when;

	return text.len >= SEQ_DIGITS &&
	       str_all_digits((struct str){ text.data, SEQ_DIGITS }) &&
	       zone_from_digits(text, &when);
}

static struct str
join(struct arena *arena, struct str first, struct str second)
{
	const struct str parts[] = { first, second };

	return arena_join(arena, parts, 2);
}

static struct str
moment_of(const struct idoc_control *control, struct arena *arena)
{
	struct str text = str_trim(control->serial);

	if (is_moment(text))
		return text;
	text = join(arena, control->credat, control->cretim);
	if (is_moment(text))
		return text;
	text = join(arena, control->credat, STR("000000"));
	return is_moment(text) ? text : STR("00000000000000");
}

/* Sixteen digits; middleware drops the zeros in front. */
static struct str
docnum_of(struct str docnum, struct arena *arena)
{
	struct str zeros = STR("0000000000000000");

	docnum = str_trim(docnum);
	if (!str_all_digits(docnum) || docnum.len >= DOCNUM_DIGITS)
		return docnum;
	zeros.len = DOCNUM_DIGITS - docnum.len;
	return join(arena, zeros, docnum);
}

void
map_src(const struct idoc_control *control, struct str file, uint64_t n,
    struct hash hash, struct arena *arena, struct record_src *src,
    struct str *seq)
{
	struct str docnum = docnum_of(control->docnum, arena);
	bool numeric = docnum.len == DOCNUM_DIGITS && str_all_digits(docnum);
	struct str seq_parts[] = { moment_of(control, arena), STR("."),
		numeric ? docnum : STR("0000000000000000") };
	char hex[HASH_HEX];

	*src = (struct record_src){
		.sys =
		    control->sndprn.len > 0 ? control->sndprn : control->sndpor,
		.client = control->mandt,
		.docnum = docnum,
		.mestyp = control->mestyp,
		.idoctyp = control->idoctyp,
		.file = file,
		.n = n,
	};
	if (docnum.len == 0) {
		hash_hex(hash, hex);
		src->docnum = arena_format(arena, "#%.16s", hex);
	}
	seq_parts[0].len = SEQ_DIGITS;
	*seq = arena_join(arena, seq_parts, 3);
}
