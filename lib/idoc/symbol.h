#ifndef IDOC_SYMBOL_H
#define IDOC_SYMBOL_H

/*
 * Interned names of segments and fields: two equal names are one pointer, so
 * that readers and field maps compare pointers, not texts. `wanted` is set by
 * who will look a name up; readers leave out fields that nobody wants. A name
 * must be wanted before the first IDoc is read: readers remember what it said.
 * What documents bring after that is forgotten when it becomes too much: a tool
 * runs for weeks.
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
 * (hostile input invents names). Stable for the table's life, or until it is
 * forgotten. */
struct idoc_symbol *idoc_symbol(struct idoc_symbols *symbols, struct str name);
/* What there is now stays for good: the first call counts. */
void idoc_symbols_keep(struct idoc_symbols *symbols);
/* Whether there are so many others that they should be forgotten. */
bool idoc_symbols_crowded(const struct idoc_symbols *symbols);
/* Forget the others, between IDocs. Whoever remembers one looks at the
 * generation first, which counts how often that happened. */
void idoc_symbols_forget(struct idoc_symbols *symbols);
uint64_t idoc_symbols_generation(const struct idoc_symbols *symbols);
/* The same without making one: NULL when the name is not there. */
struct idoc_symbol *idoc_symbol_find(const struct idoc_symbols *symbols,
    struct str name);

#endif
