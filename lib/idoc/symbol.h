#ifndef IDOC_SYMBOL_H
#define IDOC_SYMBOL_H

/*
 * Interned names of segments and fields: two equal names are one pointer, so
 * that readers and field maps compare pointers, not texts. `wanted` is set by
 * who will look a name up; readers leave out fields that nobody wants. A name
 * must be wanted before the first IDoc is read: readers remember what it said.
 */

#include "base/buf.h"

struct idoc_symbol {
	struct str name; /* as SAP writes it: E1KNA1M, KUNNR, /CWM/TOLGR */
	bool wanted;
	uint32_t number; /* from 1, in the order in which they were made */
};

struct idoc_symbols;

struct idoc_symbols *idoc_symbols_new(void);
void idoc_symbols_free(struct idoc_symbols *symbols);
/* The symbol of a name, made when it is new. NULL when there are too many
 * (hostile input invents names): LIMIT 65,536. Stable for the table's life. */
struct idoc_symbol *idoc_symbol(struct idoc_symbols *symbols, struct str name);
/* The same without making one: NULL when the name is not there. */
struct idoc_symbol *idoc_symbol_find(const struct idoc_symbols *symbols,
    struct str name);

#endif
