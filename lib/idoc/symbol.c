#include "idoc/symbol.h"

#include <sys/random.h>

#include "base/arena.h"
#include "base/hash.h"

#define SYMBOLS_MAX 65536
#define SYMBOLS_FIRST 1024 /* slots at first; a power of two */

struct idoc_symbols {
	struct arena arena;
	struct idoc_symbol **slots; /* open addressing, at most half full */
	size_t size;
	size_t count;
	unsigned char
	    key[16]; /* secret, so that names cannot be made to collide */
};

struct idoc_symbols *
idoc_symbols_new(void)
{
	struct idoc_symbols *symbols = mem_zero(1, sizeof(*symbols));

	/* Without entropy the key stays zero: slower at worst. */
	if (getrandom(symbols->key, sizeof(symbols->key), GRND_NONBLOCK) < 0)
		memset(symbols->key, 0, sizeof(symbols->key));
	symbols->size = SYMBOLS_FIRST;
	symbols->slots = mem_zero(symbols->size, sizeof(*symbols->slots));
	return symbols;
}

void
idoc_symbols_free(struct idoc_symbols *symbols)
{
	if (symbols == NULL)
		return;
	arena_free(&symbols->arena);
	free(symbols->slots);
	free(symbols);
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t
slot_of(const struct idoc_symbols *symbols, struct str name)
{
	struct hasher hasher;
	struct hash hash;
	size_t slot;

	hash_begin(&hasher, symbols->key);
	hash_add(&hasher, name.data, name.len);
	hash = hash_end(&hasher);
	memcpy(&slot, hash.bytes, sizeof(slot));
	for (slot &= symbols->size - 1; symbols->slots[slot] != NULL;
	     slot = (slot + 1) & (symbols->size - 1))
		if (str_eq(symbols->slots[slot]->name, name))
			break;
	return slot;
}

static void
grow(struct idoc_symbols *symbols)
{
	struct idoc_symbol **old = symbols->slots;
	size_t old_size = symbols->size;

	symbols->size *= 2;
	symbols->slots = mem_zero(symbols->size, sizeof(*symbols->slots));
	for (size_t i = 0; i < old_size; i++)
		if (old[i] != NULL)
			symbols->slots[slot_of(symbols, old[i]->name)] = old[i];
	free(old);
}

struct idoc_symbol *
idoc_symbol_find(const struct idoc_symbols *symbols, struct str name)
{
	return symbols->slots[slot_of(symbols, name)];
}

struct idoc_symbol *
idoc_symbol(struct idoc_symbols *symbols, struct str name)
{
	size_t slot = slot_of(symbols, name);
	struct idoc_symbol *symbol = symbols->slots[slot];

	if (symbol != NULL)
		return symbol;
	if (symbols->count == SYMBOLS_MAX)
		return NULL;
	symbol = arena_alloc(&symbols->arena, sizeof(*symbol));
	symbol->name = arena_str(&symbols->arena, name);
	symbol->number = (uint32_t)symbols->count + 1;
	symbols->slots[slot] = symbol;
	if (++symbols->count > symbols->size / 2)
		grow(symbols);
	return symbol;
}
