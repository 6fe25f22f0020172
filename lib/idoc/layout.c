#include "idoc/layout.h"

#include "base/arena.h"
#include "idoc/secret.h"

#define LAYOUTS_MAX 2048 /* definitions; SAP's own messages use about 300 */
#define LAYOUTS_CROWDED (LAYOUTS_MAX / 4) /* the next IDoc is to have room */
#define LAYOUTS_SLOTS 4096 /* a power of two, twice the above */
#define SDATA_LENGTH 1000

struct layouts {
	struct idoc_symbols *symbols;
	uint64_t generation; /* of the symbols that the layouts hold */
	const struct dictionary *dictionary;
	bool raw;
	struct arena arena;
	size_t count;
	struct layout *slots[LAYOUTS_SLOTS];
};

struct layouts *
layouts_new(struct idoc_symbols *symbols, const struct dictionary *dictionary,
    bool raw)
{
	struct layouts *layouts = mem_zero(1, sizeof(*layouts));

	layouts->symbols = symbols;
	layouts->dictionary = dictionary;
	layouts->raw = raw;
	return layouts;
}

void
layouts_free(struct layouts *layouts)
{
	if (layouts == NULL)
		return;
	arena_free(&layouts->arena);
	free(layouts);
}

void
layouts_clear(struct layouts *layouts)
{
	arena_reset(&layouts->arena);
	memset(layouts->slots, 0, sizeof(layouts->slots));
	layouts->count = 0;
	layouts->generation = idoc_symbols_generation(layouts->symbols);
}

bool
layouts_crowded(const struct layouts *layouts)
{
	return layouts->count > LAYOUTS_CROWDED ||
	       layouts->generation != idoc_symbols_generation(layouts->symbols);
}

/* The symbol of a field that is to be kept, NULL when it is not. */
static const struct idoc_symbol *
kept(const struct layouts *layouts, const struct layout *layout,
    const char *name)
{
	const struct idoc_symbol *symbol;

	if (secret_field(layout->type->name, str_of(name)))
		return NULL;
	if (layouts->raw)
		return idoc_symbol(layouts->symbols, str_of(name));
	symbol = idoc_symbol_find(layouts->symbols, str_of(name));
	return symbol != NULL && symbol->wanted ? symbol : NULL;
}

static void
add_field(struct layout *layout, const struct idoc_symbol *name, size_t offset,
    size_t length)
{
	struct layout_field *field;

	if (name == NULL)
		return;
	field = &layout->fields[layout->field_count++];
	field->name = name;
	field->offset = (uint16_t)offset;
	field->length = (uint16_t)length;
}

/* How many of its first fields stand where they are said to stand. */
static size_t
trusted(const struct dictionary_layout *known)
{
	size_t count = 0;

	while (known != NULL && count < known->field_count &&
	       known->fields[count].trust != DICTIONARY_INFERRED)
		count++;
	return count;
}

/* Of a segment that no field can be cut out of: all its data as one. */
static void
keep_data(struct layouts *layouts, struct layout *layout)
{
	layout->missing = layout->type->wanted && !layouts->raw;
	layout->fields =
	    arena_array(&layouts->arena, 1, sizeof(*layout->fields));
	add_field(layout, kept(layouts, layout, "SDATA"), 0, SDATA_LENGTH);
}

static void
fill_fields(struct layouts *layouts, struct layout *layout)
{
	const struct dictionary_layout *known = NULL;
	const struct dictionary_field *field;
	size_t count;

	if (layout->known != NULL)
		known = dictionary_layout(layout->known, layout->definition);
	count = trusted(known);
	if (known == NULL || count == 0) {
		keep_data(layouts, layout);
		return;
	}
	layout->fields =
	    arena_array(&layouts->arena, count, sizeof(*layout->fields));
	for (field = known->fields; field < known->fields + count; field++)
		add_field(layout, kept(layouts, layout, field->name),
		    field->offset, field->length);
	if (!secret_segment(layout->type->name))
		layout->end = known->width;
	/* The rest may be there, but nobody knows where. */
	for (; field < known->fields + known->field_count; field++) {
		if (secret_field(layout->type->name, str_of(field->name)))
			layout->end = 0;
		else if (layout->end > field->offset)
			layout->end = field->offset;
		if (layout->type->wanted && !layouts->raw &&
		    kept(layouts, layout, field->name) != NULL)
			layout->missing = true;
	}
}

static struct layout *
layout_new(struct layouts *layouts, struct str definition)
{
	char buffer[DICTIONARY_NAME];
	struct str type =
	    dictionary_type(layouts->dictionary, definition, true, buffer);
	const struct idoc_symbol *symbol = idoc_symbol(layouts->symbols, type);
	struct layout *layout;

	if (symbol == NULL)
		return NULL;
	layout = arena_alloc(&layouts->arena, sizeof(*layout));
	layout->definition = arena_str(&layouts->arena, definition);
	layout->type = symbol;
	layout->known = dictionary_find(layouts->dictionary, type);
	if (str_is(type, "E1KNA1M"))
		layout->customer = LAYOUT_KNA1M;
	else if (str_is(type, "E1ADRMAS"))
		layout->customer = LAYOUT_ADRMAS;
	fill_fields(layouts, layout);
	return layout;
}

struct layout *
layouts_find(struct layouts *layouts, struct str definition)
{
	size_t slot = (size_t)str_spread(definition) & (LAYOUTS_SLOTS - 1);

	for (; layouts->slots[slot] != NULL;
	     slot = (slot + 1) & (LAYOUTS_SLOTS - 1))
		if (str_eq(layouts->slots[slot]->definition, definition))
			return layouts->slots[slot];
	if (layouts->count == LAYOUTS_MAX)
		return NULL;
	layouts->slots[slot] = layout_new(layouts, definition);
	layouts->count += layouts->slots[slot] != NULL;
	return layouts->slots[slot];
}
