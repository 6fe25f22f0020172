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
moment_of(const struct idoc_control *control, struct arena *arena)
{
	struct str text = str_trim(control->serial);

	if (is_moment(text))
		return text;
	text = arena_format(arena, "%.*s%.*s", STR_ARGS(control->credat),
	    STR_ARGS(control->cretim));
	if (is_moment(text))
		return text;
	text = arena_format(arena, "%.*s000000", STR_ARGS(control->credat));
	return is_moment(text) ? text : STR("00000000000000");
}

/* Sixteen digits; middleware drops the zeros in front. */
static struct str
docnum_of(struct str docnum, struct arena *arena)
{
	docnum = str_trim(docnum);
	if (!str_all_digits(docnum) || docnum.len >= DOCNUM_DIGITS)
		return docnum;
	return arena_format(arena, "%.*s%.*s",
	    (int)(DOCNUM_DIGITS - docnum.len), "0000000000000000",
	    STR_ARGS(docnum));
}

void
map_src(const struct idoc_control *control, struct str file, uint64_t n,
    struct hash hash, struct arena *arena, struct record_src *src,
    struct str *seq)
{
	struct str docnum = docnum_of(control->docnum, arena);
	bool numeric = docnum.len == DOCNUM_DIGITS && str_all_digits(docnum);
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
	*seq = arena_format(arena, "%.14s.%.*s", moment_of(control, arena).data,
	    DOCNUM_DIGITS, numeric ? docnum.data : "0000000000000000");
}
