#include "idoc/symbol.h"

#include <sys/random.h>

#include "base/arena.h"
#include "base/hash.h"

/* Bytes that documents may add; with room for a large IDoc where it is crowded.
 * An ordinary name takes 50, SAP's own are about 4,000. */
#define SYMBOLS_MAX ((size_t)768 * 1024)
#define SYMBOLS_CROWDED (SYMBOLS_MAX / 3)
#define SYMBOLS_FIRST 1024 /* slots at first; a power of two */

struct idoc_symbols {
	struct arena arena;
	struct idoc_symbol **slots; /* open addressing, at most half full */
	size_t size;
	size_t count;
	/* Those that stay; kept.at is NULL until it is said. */
	struct arena_mark kept;
	size_t kept_count;
	uint64_t generation;
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

void
idoc_symbols_keep(struct idoc_symbols *symbols)
{
	if (symbols->kept.block != NULL)
		return;
	/* A mark wants a block to return to. */
	arena_alloc(&symbols->arena, 1);
	symbols->kept = arena_mark(&symbols->arena);
	symbols->kept_count = symbols->count;
}

static size_t
added(const struct idoc_symbols *symbols)
{
	return symbols->arena.used - symbols->kept.used;
}

bool
idoc_symbols_crowded(const struct idoc_symbols *symbols)
{
	return symbols->kept.block != NULL && added(symbols) > SYMBOLS_CROWDED;
}

void
idoc_symbols_forget(struct idoc_symbols *symbols)
{
	struct idoc_symbol **kept;
	size_t count = 0;

	kept = mem_zero(symbols->kept_count + 1, sizeof(struct idoc_symbol *));
	for (size_t i = 0; i < symbols->size; i++)
		if (symbols->slots[i] != NULL &&
		    symbols->slots[i]->number <= symbols->kept_count)
			kept[count++] = symbols->slots[i];
	memset(symbols->slots, 0, symbols->size * sizeof(*symbols->slots));
	for (size_t i = 0; i < count; i++)
		symbols->slots[slot_of(symbols, kept[i]->name)] = kept[i];
	symbols->count = count;
	symbols->generation++;
	arena_release(&symbols->arena, &symbols->kept);
	free(kept);
}

uint64_t
idoc_symbols_generation(const struct idoc_symbols *symbols)
{
	return symbols->generation;
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
	if (added(symbols) > SYMBOLS_MAX)
		return NULL;
	symbol = arena_alloc(&symbols->arena, sizeof(*symbol));
	symbol->name = arena_str(&symbols->arena, name);
	symbol->number = (uint32_t)symbols->count + 1;
	symbols->slots[slot] = symbol;
	if (++symbols->count > symbols->size / 2)
		grow(symbols);
	return symbol;
}
