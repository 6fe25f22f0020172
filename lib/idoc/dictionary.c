#include "idoc/dictionary.h"

#include "base/arena.h"
#include "idoc_dictionary.h"

#define SEGMENTS (sizeof(segment_table) / sizeof(segment_table[0]))

/* A segment of which something was added: new, or in place of a standard one.
 */
struct added {
	struct dictionary_segment segment;
	struct dictionary_layout *layouts; /* of the segment, as are these */
	uint16_t *parents;
	size_t layout_room, parent_room;
};

/* Added segments by a name, sorted. */
struct names {
	struct name {
		const char *text;
		struct added *added;
	} * list;
	size_t count;
};

struct dictionary {
	struct arena arena;
	struct names types;
	struct names definitions;
	uint16_t numbers; /* of types that are no standard ones */
};

struct dictionary *
dictionary_new(void)
{
	return mem_zero(1, sizeof(struct dictionary));
}

void
dictionary_free(struct dictionary *dictionary)
{
	if (dictionary == NULL)
		return;
	arena_free(&dictionary->arena);
	free(dictionary->types.list);
	free(dictionary->definitions.list);
	free(dictionary);
}

static int
compare(const void *key, const void *element)
{
	const struct str *type = key;
	const struct dictionary_segment *segment = element;

	return str_cmp(*type, str_of(segment->name));
}

static const struct dictionary_segment *
find_standard(struct str type)
{
	return bsearch(&type, segment_table, SEGMENTS, sizeof(segment_table[0]),
	    compare);
}

/* Where the text stands among the names, or belongs. */
static size_t
place_of(const struct names *names, struct str text, bool *there)
{
	size_t from = 0, to = names->count;

	*there = false;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = str_cmp(text, str_of(names->list[middle].text));

		if (order > 0)
			from = middle + 1;
		else
			to = middle;
		*there = *there || order == 0;
	}
	return to;
}

static void
insert(struct names *names, size_t at, const char *text, struct added *added)
{
	names->list =
	    mem_grow(names->list, names->count + 1, sizeof(*names->list));
	memmove(names->list + at + 1, names->list + at,
	    (names->count - at) * sizeof(*names->list));
	names->list[at].text = text;
	names->list[at].added = added;
	names->count++;
}

static struct added *
find_added(const struct names *names, struct str text)
{
	bool there;
	size_t at = place_of(names, text, &there);

	return there ? names->list[at].added : NULL;
}

const struct dictionary_segment *
dictionary_find(const struct dictionary *dictionary, struct str type)
{
	const struct added *added = NULL;

	if (dictionary != NULL)
		added = find_added(&dictionary->types, type);
	return added != NULL ? &added->segment : find_standard(type);
}

const struct dictionary_segment *
dictionary_next(const struct dictionary *dictionary,
    const struct dictionary_segment *after)
{
	const struct dictionary_segment *next = NULL, *added;
	size_t from = 0, to = SEGMENTS;
	bool there = false;
	size_t at = 0;

	while (after != NULL && from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(segment_table[middle].name, after->name) > 0)
			to = middle;
		else
			from = middle + 1;
	}
	if (from < SEGMENTS)
		next = &segment_table[from];
	if (dictionary == NULL)
		return next;
	if (after != NULL)
		at = place_of(&dictionary->types, str_of(after->name), &there);
	at += there;
	if (at == dictionary->types.count)
		return next;
	/* An added segment hides the standard one of its name. */
	added = &dictionary->types.list[at].added->segment;
	return next == NULL || strcmp(added->name, next->name) <= 0 ? added
								    : next;
}

const struct dictionary_layout *
dictionary_layout(const struct dictionary_segment *segment,
    struct str definition)
{
	for (size_t i = 0; i < segment->layout_count; i++)
		if (segment->layouts[i].definition != NULL &&
		    str_is(definition, segment->layouts[i].definition))
			return &segment->layouts[i];
	return segment->layout_count > 0 ? &segment->layouts[0] : NULL;
}

bool
dictionary_allows(const struct dictionary_segment *parent,
    const struct dictionary_segment *child)
{
	for (size_t i = 0; i < child->parent_count; i++)
		if (child->parents[i] == parent->number)
			return true;
	return false;
}

const char *
dictionary_name(const struct dictionary *dictionary, uint16_t number)
{
	size_t at = 0;

	if (number < SEGMENTS)
		return segment_table[number].name;
	while (dictionary->types.list[at].added->segment.number != number)
		at++;
	return dictionary->types.list[at].text;
}

/* Three digits from 000 to 099 at the end: what a version looks like. */
static bool
has_version(struct str name)
{
	struct str end;

	if (name.len < 6)
		return false;
	end = (struct str){ name.data + name.len - 3, 3 };
	return str_all_digits(end) && end.data[0] == '0';
}

struct str
dictionary_type(const struct dictionary *dictionary, struct str name, bool flat,
    char to[DICTIONARY_NAME])
{
	bool definition = name.len > 2 && name.data[1] == '2' &&
			  name.data[0] >= 'A' && name.data[0] <= 'Z';
	const struct added *added = NULL;
	struct str type = name, shorter;

	if (name.len >= DICTIONARY_NAME)
		return name;
	if (dictionary != NULL)
		added = find_added(&dictionary->definitions, name);
	if (added != NULL)
		return str_of(added->segment.name);
	if (definition) {
		memcpy(to, name.data, name.len);
		to[1] = '1';
		type.data = to;
	} else if (!flat || str_starts(name, "E1")) {
		return name;
	}
	if (dictionary_find(dictionary, type) != NULL)
		return type;
	shorter = type;
	if (type.len > 5)
		shorter.len -= 3;
	if (has_version(type) || dictionary_find(dictionary, shorter) != NULL)
		return shorter;
	return type;
}

/* A copy of an array with room for more; the old one goes with the arena. */
static void *
grow(struct arena *arena, const void *old, size_t count, size_t size,
    size_t *room)
{
	void *more;

	*room = 2 * count + 2;
	more = arena_array(arena, *room, size);
	if (count > 0)
		memcpy(more, old, count * size);
	return more;
}

/* The added segment of a type, made when there is none: what the standard one
 * has goes on to hold. */
static struct added *
added_of(struct dictionary *dictionary, struct str type)
{
	const struct dictionary_segment *standard = find_standard(type);
	struct added *added;
	bool there;
	size_t at = place_of(&dictionary->types, type, &there);

	if (there)
		return dictionary->types.list[at].added;
	added = arena_alloc(&dictionary->arena, sizeof(*added));
	if (standard != NULL) {
		added->segment = *standard;
		added->segment.layouts = added->layouts =
		    grow(&dictionary->arena, standard->layouts,
			standard->layout_count, sizeof(*added->layouts),
			&added->layout_room);
	} else {
		added->segment.name = arena_str(&dictionary->arena, type).data;
		added->segment.number =
		    (uint16_t)(SEGMENTS + dictionary->numbers++);
	}
	insert(&dictionary->types, at, added->segment.name, added);
	return added;
}

static void
add_parent(struct arena *arena, struct added *added,
    const struct dictionary_segment *parent)
{
	struct dictionary_segment *segment = &added->segment;

	if (dictionary_allows(parent, segment))
		return;
	if (segment->parent_count >= added->parent_room)
		segment->parents = added->parents =
		    grow(arena, segment->parents, segment->parent_count,
			sizeof(*added->parents), &added->parent_room);
	added->parents[segment->parent_count++] = parent->number;
}

/* What a definition adds to the name of its type; -1 where it is not known. */
static int
version_of(const struct dictionary_segment *segment, const char *definition)
{
	struct str name = str_of(definition);
	size_t len = strlen(segment->name);
	uint64_t version = 0;

	if (definition == NULL)
		return -1;
	if (name.len != len + 3 ||
	    !str_to_u64(str_from(name, len), 999, &version))
		return 0;
	return (int)version;
}

/* Before the layouts that are not newer. */
static struct dictionary_layout *
make_room(struct arena *arena, struct added *added, const char *definition)
{
	struct dictionary_segment *segment = &added->segment;
	int version = version_of(segment, definition);
	size_t at = 0;

	if (segment->layout_count >= added->layout_room)
		segment->layouts = added->layouts =
		    grow(arena, segment->layouts, segment->layout_count,
			sizeof(*added->layouts), &added->layout_room);
	while (at < segment->layout_count &&
	       version_of(segment, added->layouts[at].definition) > version)
		at++;
	memmove(added->layouts + at + 1, added->layouts + at,
	    (segment->layout_count - at) * sizeof(*added->layouts));
	segment->layout_count++;
	return &added->layouts[at];
}

static void
remove_layout(struct added *added, const char *definition)
{
	struct dictionary_segment *segment = &added->segment;

	for (size_t i = 0; i < segment->layout_count; i++) {
		if (added->layouts[i].definition == NULL ||
		    strcmp(added->layouts[i].definition, definition) != 0)
			continue;
		segment->layout_count--;
		memmove(added->layouts + i, added->layouts + i + 1,
		    (segment->layout_count - i) * sizeof(*added->layouts));
		return;
	}
}

static void
add_layout(struct arena *arena, struct added *added,
    const struct dictionary_layout *layout, const char *definition)
{
	struct dictionary_field *fields =
	    arena_array(arena, layout->field_count + 1U, sizeof(*fields));
	struct dictionary_layout *copy = make_room(arena, added, definition);

	*copy = *layout;
	copy->definition = definition;
	copy->fields = fields;
	for (size_t i = 0; i < layout->field_count; i++) {
		fields[i] = layout->fields[i];
		fields[i].name = arena_str(arena, str_of(fields[i].name)).data;
	}
}

bool
dictionary_add(struct dictionary *dictionary, struct str type,
    struct str parent, const struct dictionary_layout *layout)
{
	struct added *added = added_of(dictionary, type);
	struct str definition =
	    arena_str(&dictionary->arena, str_of(layout->definition));
	bool there;
	size_t at = place_of(&dictionary->definitions, definition, &there);

	if (dictionary->definitions.count >= DICTIONARY_ADDED ||
	    added->segment.layout_count >= DICTIONARY_LAYOUTS)
		return false;
	remove_layout(added, definition.data);
	add_layout(&dictionary->arena, added, layout, definition.data);
	if (parent.len == 0)
		added->segment.top = true;
	else
		add_parent(&dictionary->arena, added,
		    dictionary_find(dictionary, parent));
	if (there)
		dictionary->definitions.list[at].added = added;
	else
		insert(&dictionary->definitions, at, definition.data, added);
	return true;
}
