#ifndef IDOC_LAYOUT_H
#define IDOC_LAYOUT_H

/*
 * What to cut out of the flat lines of one segment definition, worked out when
 * the definition is first met: of a known segment the fields that somebody
 * wants (all in raw mode), of any other the whole SDATA as one field, SDATA;
 * never a secret one (idoc/secret.h). Fields whose place is inferred (trust C)
 * and what is behind them are not cut out: they are as good as unknown.
 */

#include "idoc/dictionary.h"
#include "idoc/reader.h"

struct layout_field {
	const struct idoc_symbol *name;
	uint16_t offset, length; /* in SDATA, characters */
};

struct layout {
	struct str definition; /* as sent, without blanks at its right */
	const struct idoc_symbol *type;
	const struct dictionary_segment *known; /* NULL: no known segment */
	struct layout_field *fields; /* by offset */
	size_t field_count;
	/* Characters of SDATA that are known; 0 = what is behind is secret, or
	 * nothing is known. */
	size_t end;
	bool missing; /* somebody wants fields of it whose place is not known */
	enum layout_customer {
		LAYOUT_OTHER,
		LAYOUT_KNA1M,
		LAYOUT_ADRMAS
	} customer; /* where a spoiled IDoc's customer number may stand */
	size_t length; /* of the last whole line, to notice a cut one */
};

struct layouts;

struct layouts *layouts_new(struct idoc_symbols *symbols,
    const struct dictionary *dictionary, bool raw);
void layouts_free(struct layouts *layouts);

/* NULL when an IDoc has invented too many names. */
struct layout *layouts_find(struct layouts *layouts, struct str definition);

/* Forget all: between IDocs, when they are crowded. */
void layouts_clear(struct layouts *layouts);
/* Whether they are so many that the next IDoc might not find room, or hold
 * symbols that were forgotten. */
bool layouts_crowded(const struct layouts *layouts);

#endif
