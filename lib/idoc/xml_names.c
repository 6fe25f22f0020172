#include "idoc/xml_names.h"

#include <sys/random.h>

#include "base/arena.h"
#include "idoc/control.h"
#include "idoc/secret.h"

/* SAP's names have 30 characters, those of messages in its middleware 120. */
#define NAME_LENGTH 128
/* What the names of one IDoc may take, and of all before it: an ordinary one
 * takes 130 bytes, SAP's own are about 4,000. */
#define NAMES_MAX ((size_t)768 * 1024)
#define NAMES_CROWDED (NAMES_MAX / 3)
#define NAMES_FIRST 1024 /* slots at first; a power of two */
#define KEYS 1024 /* pointers remembered; a power of two */

/* What tells names apart in a slot without looking at them. */
struct slot {
	uint64_t hash;
	struct xml_name *name;
};

struct xml_names {
	struct idoc_symbols *symbols;
	uint64_t generation; /* of the symbols that the names hold */
	const struct dictionary *dictionary;
	bool raw;
	struct arena arena;
	struct slot *slots; /* open addressing, at most half full */
	size_t size;
	size_t count;
	uint64_t secret; /* odd, so that names cannot be made to collide */
	struct {
		const xmlChar *key;
		struct xml_name *name;
	} keys[KEYS];
};

struct xml_names *
xml_names_new(struct idoc_symbols *symbols, const struct dictionary *dictionary,
    bool raw)
{
	struct xml_names *names = mem_zero(1, sizeof(*names));

	names->symbols = symbols;
	names->dictionary = dictionary;
	names->raw = raw;
	names->size = NAMES_FIRST;
	names->slots = mem_zero(names->size, sizeof(*names->slots));
	/* Without entropy it stays guessable: slower at worst. */
	if (getrandom(&names->secret, sizeof(names->secret), GRND_NONBLOCK) < 0)
		names->secret = UINT64_C(0x9e3779b97f4a7c15);
	names->secret |= 1;
	return names;
}

void
xml_names_free(struct xml_names *names)
{
	if (names == NULL)
		return;
	arena_free(&names->arena);
	free(names->slots);
	free(names);
}

void
xml_names_clear(struct xml_names *names)
{
	names->generation = idoc_symbols_generation(names->symbols);
	if (names->count == 0)
		return;
	arena_reset(&names->arena);
	memset(names->slots, 0, names->size * sizeof(*names->slots));
	memset(names->keys, 0, sizeof(names->keys));
	names->count = 0;
}

bool
xml_names_crowded(const struct xml_names *names)
{
	return names->arena.used > NAMES_CROWDED ||
	       names->generation != idoc_symbols_generation(names->symbols);
}

/* XML cannot hold '/' in a name: SAP writes _-CWM_-TOLGR. */
static struct str
decode(struct arena *arena, struct str name)
{
	char *to = arena_alloc(arena, name.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		bool slash = name.data[i] == '_' && i + 1 < name.len &&
			     name.data[i + 1] == '-';

		to[len++] = slash ? '/' : name.data[i];
		i += slash;
	}
	return (struct str){ to, len };
}

/* E2KNA1M005GRP, E1KNA1MGRP, ZE1KNVVM_TXT000GRP: a segment's name and GRP. */
static bool
is_group(const struct dictionary *dictionary, struct str name)
{
	char buffer[DICTIONARY_NAME];

	if (!str_ends(name, "GRP") || name.len < 6)
		return false;
	if ((name.data[0] == 'E' || name.data[0] == 'Z') && name.data[1] == '2')
		return true;
	name.len -= 3;
	/* A definition's, but no field of an append (ZZ...). */
	if (name.data[0] == 'Z' && name.data[1] != 'Z' &&
	    dictionary_type(dictionary, name, true, buffer).len < name.len)
		return true;
	name = dictionary_type(dictionary, name, false, buffer);
	return dictionary_find(dictionary, name) != NULL;
}

static enum xml_name_kind
kind_of(const struct dictionary *dictionary, struct str name,
    const struct dictionary_segment *known)
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
	if (is_group(dictionary, name))
		return XML_NAME_GROUP;
	if (str_starts(name, "DATAHEADERCOLUMN_") || str_is(name, "SEGMENTPAD"))
		return XML_NAME_IGNORED;
	return XML_NAME_OTHER;
}

static struct xml_name *
name_new(struct xml_names *names, struct str sent)
{
	struct xml_name *name = arena_alloc(&names->arena, sizeof(*name));
	char buffer[DICTIONARY_NAME];
	struct str type;

	name->sent = arena_str(&names->arena, sent);
	name->text = decode(&names->arena, sent);
	type = dictionary_type(names->dictionary, name->text, false, buffer);
	name->known = dictionary_find(names->dictionary, type);
	name->definition =
	    name->text.len > 2 && name->text.data[1] == '2' &&
	    (name->text.data[0] == 'E' || name->text.data[0] == 'Z');
	name->guarded = secret_segment(type);
	name->secret = name->guarded || secret_name(name->text);
	name->kind = kind_of(names->dictionary, name->text, name->known);
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

static size_t
slot_of(const struct xml_names *names, struct str sent, uint64_t hash)
{
	size_t slot = (size_t)(hash >> 40) & (names->size - 1);

	for (; names->slots[slot].name != NULL;
	     slot = (slot + 1) & (names->size - 1))
		if (names->slots[slot].hash == hash &&
		    str_eq(names->slots[slot].name->sent, sent))
			break;
	return slot;
}

static void
grow(struct xml_names *names)
{
	struct slot *old = names->slots;
	size_t old_size = names->size;

	names->size *= 2;
	names->slots = mem_zero(names->size, sizeof(*names->slots));
	for (size_t i = 0; i < old_size; i++)
		if (old[i].name != NULL)
			names->slots[slot_of(names, old[i].name->sent,
			    old[i].hash)] = old[i];
	free(old);
}

struct xml_name *
xml_names_find(struct xml_names *names, struct str sent)
{
	struct xml_name *name;
	uint64_t hash = 0;
	size_t slot;

	if (sent.len > NAME_LENGTH)
		return NULL;
	for (size_t i = 0; i < sent.len; i++)
		hash = (hash ^ (unsigned char)sent.data[i]) * names->secret;
	slot = slot_of(names, sent, hash);
	name = names->slots[slot].name;
	if (name != NULL || names->arena.used > NAMES_MAX)
		return name;
	name = name_new(names, sent);
	names->slots[slot] = (struct slot){ hash, name };
	if (++names->count > names->size / 2)
		grow(names);
	return name;
}

struct xml_name *
xml_names_of_key(struct xml_names *names, const xmlChar *key)
{
	/* Pointers into libxml2's string pools: their low bits carry little. */
	uint64_t hash = (uint64_t)(uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 40) & (KEYS - 1);

	if (names->keys[at].key != key) {
		names->keys[at].name =
		    xml_names_find(names, str_of((const char *)key));
		names->keys[at].key = names->keys[at].name != NULL ? key : NULL;
	}
	return names->keys[at].name;
}

bool
xml_names_type(struct xml_names *names, struct xml_name *name)
{
	char buffer[DICTIONARY_NAME];
	struct str type;

	if (name->defined != NULL)
		return true;
	type = dictionary_type(names->dictionary, name->text, false, buffer);
	name->type = idoc_symbol(names->symbols, type);
	if (name->type == NULL)
		return false;
	type = dictionary_type(names->dictionary, name->text, true, buffer);
	name->defined = idoc_symbol(names->symbols, type);
	name->defined_known = dictionary_find(names->dictionary, type);
	return name->defined != NULL;
}
