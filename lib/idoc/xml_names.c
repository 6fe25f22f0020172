#include "idoc/xml_names.h"

#include "base/arena.h"
#include "idoc/control.h"
#include "idoc/secret.h"

#define NAMES_MAX 16384 /* SAP's own segments and fields are about 4,000 */
#define NAMES_CROWDED 8192 /* begin afresh with the next document */
#define NAMES_SLOTS 32768 /* a power of two, twice the maximum */

struct xml_names {
	struct idoc_symbols *symbols;
	bool raw;
	struct arena arena;
	size_t count;
	struct xml_name *slots[NAMES_SLOTS];
};

struct xml_names *
xml_names_new(struct idoc_symbols *symbols, bool raw)
{
	struct xml_names *names = mem_zero(1, sizeof(*names));

	names->symbols = symbols;
	names->raw = raw;
	return names;
}

void
xml_names_free(struct xml_names *names)
{
	if (names == NULL)
		return;
	arena_free(&names->arena);
	free(names);
}

void
xml_names_clear(struct xml_names *names)
{
	if (names->count == 0)
		return;
	arena_reset(&names->arena);
	memset(names->slots, 0, sizeof(names->slots));
	names->count = 0;
}

bool
xml_names_crowded(const struct xml_names *names)
{
	return names->count > NAMES_CROWDED;
}

/* XML cannot hold '/' in a name: SAP writes _-CWM_-TOLGR. */
static struct str
decode(struct arena *arena, struct str name)
{
	struct str text = arena_str(arena, name);
	char *to = arena_alloc(arena, name.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		bool slash = name.data[i] == '_' && i + 1 < name.len &&
			     name.data[i + 1] == '-';

		to[len++] = slash ? '/' : name.data[i];
		i += slash;
	}
	text.data = to;
	text.len = len;
	return text;
}

/* E2KNA1M005GRP, E1KNA1MGRP: a segment's name and GRP. */
static bool
is_group(struct str name)
{
	char buffer[DICTIONARY_NAME];

	if (!str_ends(name, "GRP") || name.len < 6)
		return false;
	if ((name.data[0] == 'E' || name.data[0] == 'Z') && name.data[1] == '2')
		return true;
	name.len -= 3;
	return dictionary_find(dictionary_type(name, false, buffer)) != NULL;
}

static enum xml_name_kind
kind_of(struct str name, const struct dictionary_segment *known)
{
	if (str_is(name, "IDOC"))
		return XML_NAME_IDOC;
	if (str_is(name, "EDI_DC40") || str_is(name, "EDI_DC40_U") ||
	    str_is(name, "EDI_DC"))
		return XML_NAME_CONTROL;
	if (str_is(name, "idocData"))
		return XML_NAME_DATA;
	if (known != NULL)
		return XML_NAME_SEGMENT;
	if (is_group(name))
		return XML_NAME_GROUP;
	if (str_starts(name, "DATAHEADERCOLUMN_") || str_is(name, "SEGMENTPAD"))
		return XML_NAME_IGNORED;
	return XML_NAME_OTHER;
}

static struct xml_name *
name_new(struct xml_names *names, const xmlChar *key)
{
	struct xml_name *name = arena_alloc(&names->arena, sizeof(*name));
	char buffer[DICTIONARY_NAME];
	struct str type;

	name->key = key;
	name->text = decode(&names->arena, str_of((const char *)key));
	type = dictionary_type(name->text, false, buffer);
	name->known = dictionary_find(type);
	name->guarded = secret_segment(type);
	name->secret = name->guarded || secret_name(name->text);
	name->kind = kind_of(name->text, name->known);
	name->control = control_index(name->text);
	name->keep_left = str_is(name->text, "TDLINE");
	if (name->kind == XML_NAME_IGNORED || name->secret)
		return name;
	if (names->raw) {
		name->field = idoc_symbol(names->symbols, name->text);
		name->no_symbol = name->field == NULL;
	} else {
		name->field = idoc_symbol_find(names->symbols, name->text);
		if (name->field != NULL && !name->field->wanted)
			name->field = NULL;
	}
	return name;
}

struct xml_name *
xml_names_find(struct xml_names *names, const xmlChar *key)
{
	/* Pointers into libxml2's string pools: their low bits carry little. */
	uint64_t hash = (uint64_t)(uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15);
	size_t slot = (size_t)(hash >> 40) & (NAMES_SLOTS - 1);

	for (; names->slots[slot] != NULL;
	     slot = (slot + 1) & (NAMES_SLOTS - 1))
		if (names->slots[slot]->key == key)
			return names->slots[slot];
	if (names->count == NAMES_MAX)
		return NULL;
	names->count++;
	return names->slots[slot] = name_new(names, key);
}

bool
xml_names_type(struct xml_names *names, struct xml_name *name)
{
	char buffer[DICTIONARY_NAME];

	if (name->type == NULL)
		name->type = idoc_symbol(names->symbols,
		    dictionary_type(name->text, false, buffer));
	return name->type != NULL;
}
