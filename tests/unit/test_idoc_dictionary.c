/* What is added to the standard segments at run time. */

#include "idoc/dictionary.h"
#include "tap.h"

static const struct dictionary_field own[] = { { "MAIL", 0, 60, 'A' },
	{ "SHOE", 60, 4, 'A' } };

static bool
add(struct dictionary *dictionary, const char *type, const char *parent,
    const char *definition, const char *source, unsigned short fields)
{
	struct dictionary_layout layout = { definition, source, own, fields,
		(unsigned short)(fields > 1 ? 64 : 60) };

	return dictionary_add(dictionary, str_of(type), str_of(parent),
	    &layout);
}

static const char *
layout_for(const struct dictionary *dictionary, const char *type,
    const char *definition)
{
	const struct dictionary_segment *segment =
	    dictionary_find(dictionary, str_of(type));
	const struct dictionary_layout *layout =
	    segment != NULL ? dictionary_layout(segment, str_of(definition))
			    : NULL;

	if (layout == NULL)
		return "none";
	return layout->definition != NULL ? layout->definition : "unknown";
}

static const char *
type_of(const struct dictionary *dictionary, const char *name, bool flat)
{
	static char text[DICTIONARY_NAME];
	char buffer[DICTIONARY_NAME];

	str_copy(text, sizeof(text),
	    dictionary_type(dictionary, str_of(name), flat, buffer));
	return text;
}

static void
test_new_type(void)
{
	struct dictionary *dictionary = dictionary_new();
	const struct dictionary_segment *customer, *mine, *below;

	OK(add(dictionary, "Z1KNA1E", "E1KNA1M", "Z2KNA1E000", "a.txt", 2),
	    "a segment of the client");
	OK(add(dictionary, "Z1SHOE", "Z1KNA1E", "ZFUNNY777", "a.txt", 1),
	    "one below it");
	customer = dictionary_find(dictionary, STR("E1KNA1M"));
	mine = dictionary_find(dictionary, STR("Z1KNA1E"));
	below = dictionary_find(dictionary, STR("Z1SHOE"));
	OK(mine != NULL && below != NULL && customer != NULL, "are found");
	if (mine == NULL || below == NULL || customer == NULL)
		return;
	OK(dictionary_allows(customer, mine) && !mine->top,
	    "below a standard segment");
	OK(dictionary_allows(mine, below) && !dictionary_allows(below, mine) &&
		!dictionary_allows(customer, below),
	    "below one that was added");
	OK(customer == dictionary_find(NULL, STR("E1KNA1M")),
	    "the standard segment is the same");
	IS_STR(mine->layouts->fields[1].name, "SHOE", "its fields");
	IS_STR(mine->layouts->source, "a.txt", "and where they are from");
	IS_STR(type_of(dictionary, "ZFUNNY777", false), "Z1SHOE",
	    "a definition of a report names its type");
	IS_STR(type_of(NULL, "ZFUNNY777", true), "ZFUNNY777",
	    "and without the report does not");
	OK(dictionary_find(NULL, STR("Z1KNA1E")) == NULL,
	    "the standard table is untouched");
	dictionary_free(dictionary);
}

/* E1EDP01 is compiled in as E2EDP01011, E1KNB5M without a definition. */
static void
test_versions(void)
{
	struct dictionary *dictionary = dictionary_new();
	const struct dictionary_segment *segment;

	add(dictionary, "E1EDP01", "E1EDK01", "E2EDP01008", "old.txt", 1);
	IS_STR(layout_for(dictionary, "E1EDP01", "E2EDP01008"), "E2EDP01008",
	    "a line's own definition");
	IS_STR(layout_for(dictionary, "E1EDP01", "E2EDP01011"), "E2EDP01011",
	    "the standard one stays");
	IS_STR(layout_for(dictionary, "E1EDP01", "E2EDP01009"), "E2EDP01011",
	    "another definition takes the newest");
	add(dictionary, "E1EDP01", "E1EDK01", "E2EDP01012", "new.txt", 2);
	IS_STR(layout_for(dictionary, "E1EDP01", "E2EDP01013"), "E2EDP01012",
	    "which a report may have");
	add(dictionary, "E1EDP01", "", "E2EDP01008", "later.txt", 2);
	segment = dictionary_find(dictionary, STR("E1EDP01"));
	if (segment == NULL)
		return;
	IS_INT(segment->layout_count, 3, "one layout a definition");
	IS_STR(dictionary_layout(segment, STR("E2EDP01008"))->source,
	    "later.txt", "the later report wins");
	OK(segment->top, "a place at the top is added to the others");
	OK(dictionary_allows(dictionary_find(NULL, STR("E1EDK01")), segment),
	    "which stay");
	add(dictionary, "E1EDP01", "E1EDK01", "E2EDP01011", "own.txt", 2);
	IS_STR(dictionary_layout(dictionary_find(dictionary, STR("E1EDP01")),
		   STR("E2EDP01011"))
		   ->source,
	    "own.txt", "and over the standard one");
	add(dictionary, "E1KNB5M", "E1KNB1M", "E2KNB5M", "own.txt", 2);
	IS_STR(layout_for(dictionary, "E1KNB5M", "E2KNB5M001"), "E2KNB5M",
	    "a known definition before an unknown one");
	dictionary_free(dictionary);
}

static void
test_order(void)
{
	struct dictionary *dictionary = dictionary_new();
	const struct dictionary_segment *at = NULL, *next;
	size_t standard = 0, all = 0;
	bool sorted = true;

	while ((at = dictionary_next(NULL, at)) != NULL)
		standard++;
	add(dictionary, "Z1LAST", "E1KNA1M", "Z2LAST000", "a.txt", 1);
	add(dictionary, "E1EDK01", "", "E2EDK01006", "a.txt", 1);
	add(dictionary, "/AAA/FIRST", "", "/AAA/FIRST000", "a.txt", 1);
	while ((next = dictionary_next(dictionary, at)) != NULL) {
		sorted =
		    sorted && (at == NULL || strcmp(at->name, next->name) < 0);
		at = next;
		all++;
	}
	OK(standard > 250 && all == standard + 2, "each segment once");
	OK(sorted, "by name");
	dictionary_free(dictionary);
}

static void
test_limits(void)
{
	struct dictionary *dictionary = dictionary_new();
	char type[32], definition[32];
	size_t count = 0;
	bool good = true;

	for (int i = 0; i < DICTIONARY_LAYOUTS; i++) {
		snprintf(definition, sizeof(definition), "Z2ONE%03d", i);
		good = good &&
		       add(dictionary, "Z1ONE", "", definition, "a.txt", 1);
		count++;
	}
	OK(good && !add(dictionary, "Z1ONE", "", "Z2ONE999", "a.txt", 1),
	    "a type has no more than so many layouts");
	for (; count < DICTIONARY_ADDED && good; count++) {
		snprintf(type, sizeof(type), "Z1T%zu", count);
		snprintf(definition, sizeof(definition), "Z2T%zu000", count);
		good = add(dictionary, type, "", definition, "a.txt", 1);
	}
	OK(good && !add(dictionary, "Z1MORE", "", "Z2MORE000", "a.txt", 1),
	    "and a dictionary so many");
	IS_STR(layout_for(dictionary, "Z1T5000", "Z2T5000000"), "Z2T5000000",
	    "all are found");
	dictionary_free(dictionary);
}

int
main(void)
{
	test_new_type();
	test_versions();
	test_order();
	test_limits();
	dictionary_free(NULL);
	DONE();
}
