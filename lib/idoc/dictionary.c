#include "idoc/dictionary.h"

#include "idoc_dictionary.h"

#define SEGMENTS (sizeof(segment_table) / sizeof(segment_table[0]))

static int
compare(const void *key, const void *element)
{
	const struct str *type = key;
	const struct dictionary_segment *segment = element;

	return str_cmp(*type, str_of(segment->name));
}

const struct dictionary_segment *
dictionary_find(struct str type)
{
	return bsearch(&type, segment_table, SEGMENTS, sizeof(segment_table[0]),
	    compare);
}

const struct dictionary_field *
dictionary_fields(const struct dictionary_segment *segment)
{
	return field_table + segment->first_field;
}

bool
dictionary_allows(const struct dictionary_segment *parent,
    const struct dictionary_segment *child)
{
	for (size_t i = 0; i < child->parent_count; i++)
		if (segment_table + parent_table[child->first_parent + i] ==
		    parent)
			return true;
	return false;
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
dictionary_type(struct str name, bool flat, char to[DICTIONARY_NAME])
{
	bool definition = name.len > 2 && name.data[1] == '2' &&
			  name.data[0] >= 'A' && name.data[0] <= 'Z';
	struct str type = name, shorter;

	if (name.len >= DICTIONARY_NAME)
		return name;
	if (definition) {
		memcpy(to, name.data, name.len);
		to[1] = '1';
		type.data = to;
	} else if (!flat || str_starts(name, "E1")) {
		return name;
	}
	if (dictionary_find(type) != NULL)
		return type;
	shorter = type;
	if (type.len > 5)
		shorter.len -= 3;
	if (has_version(type) || dictionary_find(shorter) != NULL)
		return shorter;
	return type;
}
