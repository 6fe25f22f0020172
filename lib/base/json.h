#ifndef BASE_JSON_H
#define BASE_JSON_H

/*
 * The strict JSON reader of the project: one line in, a flat tree of spans
 * out. Nothing is copied or converted, numbers stay as written.
 *
 * It refuses what parsers usually let through and pipelines then disagree
 * about: text behind the value, broken UTF-8, raw control characters, \u0000,
 * lone surrogates, duplicate keys, numbers that JSON does not have, nesting
 * deeper than LIMIT_DEPTH, objects with more than JSON_KEYS_MAX keys.
 *
 * A document's nodes live in struct json_doc, which is reused from line to
 * line (JSON_DOC_INIT, json_doc_free). Nodes and texts are valid until the
 * next json_parse with the same document, and as long as the line is.
 * A lookup that finds nothing returns a node of type JSON_ABSENT, never NULL.
 */

#include "base/arena.h"

#define JSON_KEYS_MAX 1024

enum json_type {
	JSON_ABSENT,
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	struct str key; /* without quotes, unescaped; empty in arrays */
	struct str raw; /* the value as written, quotes included */
	uint32_t skip; /* nodes of this subtree: node + skip is the next */
	uint32_t count; /* members or elements */
	enum json_type type;
	bool escaped; /* a string that holds backslashes */
};

struct json_doc {
	struct json *nodes;
	size_t used;
	size_t size;
	struct arena keys; /* unescaped keys, rare */
	const char *why; /* after a failure: what is wrong */
	size_t at; /* and at which byte of the line */
};

#define JSON_DOC_INIT                                                          \
	{                                                                      \
		NULL, 0, 0, ARENA_INIT, NULL, 0                                \
	}

/* The root node, or NULL with doc->why and doc->at set. */
const struct json *json_parse(struct json_doc *doc, struct str line);
void json_doc_free(struct json_doc *doc);

/* The member of that name, which is not empty. */
const struct json *json_find(const struct json *object, struct str key);

static inline const struct json *
json_get(const struct json *object, const char *key)
{
	return json_find(object, str_of(key));
}

/* Iterate over members or elements; nothing for other types. */
#define JSON_EACH(item, parent)                                                \
	for (const struct json *item = (parent) + 1,                           \
			       *item##_end = (parent) + (parent)->skip;        \
	     item < item##_end; item += item->skip)

/*
 * The text of a string, unescaped into the arena when it must be; of a number
 * or boolean its raw form; empty for anything else.
 */
struct str json_str(const struct json *node, struct arena *arena);

static inline struct str
json_text(const struct json *object, const char *key, struct arena *arena)
{
	return json_str(json_get(object, key), arena);
}

/* The boolean, or fallback when it is none. */
bool json_true(const struct json *node, bool fallback);

#endif
