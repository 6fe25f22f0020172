#include "base/json.h"

#include "base/limits.h"
#include "base/plain.h"
#include "base/text.h"

struct parser {
	struct json_doc *doc;
	const char *start;
	const char *at;
	const char *end;
	struct str inner; /* of the string scanned last, as written */
	bool escaped; /* and whether it holds backslashes */
	unsigned depth;
};

static const struct json absent = { .skip = 1, .type = JSON_ABSENT };

/* What a value is by its first byte; JSON_ABSENT, 0, where none begins so. */
static const unsigned char types[256] = {
	['{'] = JSON_OBJECT,
	['['] = JSON_ARRAY,
	['"'] = JSON_STRING,
	['t'] = JSON_BOOL,
	['f'] = JSON_BOOL,
	['n'] = JSON_NULL,
	['-'] = JSON_NUMBER,
	['0'] = JSON_NUMBER,
	['1'] = JSON_NUMBER,
	['2'] = JSON_NUMBER,
	['3'] = JSON_NUMBER,
	['4'] = JSON_NUMBER,
	['5'] = JSON_NUMBER,
	['6'] = JSON_NUMBER,
	['7'] = JSON_NUMBER,
	['8'] = JSON_NUMBER,
	['9'] = JSON_NUMBER,
};

static bool
fail(struct parser *p, const char *why)
{
	if (p->doc->why == NULL) {
		p->doc->why = why;
		p->doc->at = (size_t)(p->at - p->start);
	}
	return false;
}

static void
skip_space(struct parser *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' ||
				     *p->at == '\r' || *p->at == '\n'))
		p->at++;
}

/* The next node, to be filled; it moves with the one after it. */
static inline struct json *
node_new(struct parser *p)
{
	struct json_doc *doc = p->doc;

	if (doc->used == doc->size) {
		doc->size = doc->size != 0 ? doc->size * 2 : 64;
		doc->nodes =
		    mem_grow(doc->nodes, doc->size, sizeof(*doc->nodes));
	}
	return &doc->nodes[doc->used++];
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = text_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
hex4(const char *at, const char *end, uint32_t *value)
{
	*value = 0;
	if (end - at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(at[i]);

		if (digit < 0)
			return false;
		*value = *value << 4 | (uint32_t)digit;
	}
	return true;
}

/*
 * The code point of the \u escape at `at` (behind the backslash); *used is
 * how many bytes it took. False for NUL and lone surrogates.
 */
static bool
unicode_escape(const char *at, const char *end, uint32_t *value, size_t *used)
{
	uint32_t low;

	if (!hex4(at + 1, end, value) || *value == 0)
		return false;
	*used = 5;
	if (*value < 0xD800 || *value > 0xDFFF)
		return true;
	if (*value > 0xDBFF || end - at < 11 || at[5] != '\\' || at[6] != 'u' ||
	    !hex4(at + 7, end, &low) || low < 0xDC00 || low > 0xDFFF)
		return false;
	*value = 0x10000 + ((*value - 0xD800) << 10) + (low - 0xDC00);
	*used = 11;
	return true;
}

static bool
check_escape(struct parser *p)
{
	uint32_t value;
	size_t used;

	if (p->at + 1 >= p->end)
		return fail(p, "string does not end");
	if (p->at[1] == 'u') {
		if (!unicode_escape(p->at + 1, p->end, &value, &used))
			return fail(p, "bad \\u escape");
		p->at += 1 + used;
		return true;
	}
	if (strchr("\"\\/bfnrt", p->at[1]) == NULL || p->at[1] == '\0')
		return fail(p, "bad escape");
	p->at += 2;
	return true;
}

/* What scan_string found is not all plain: go on at p->at. */
static bool
scan_rest(struct parser *p, const char *begin)
{
	bool high = false;

	for (;;) {
		struct str rest = { p->at, (size_t)(p->end - p->at) };

		rest.len = plain_length(rest);
		p->at += rest.len;
		if (p->at >= p->end)
			return fail(p, "string does not end");
		if (*p->at == '"')
			break;
		if (*p->at == '\\') {
			p->escaped = true;
			if (!check_escape(p))
				return false;
		} else if ((*p->at & 0x80) != 0 || *p->at == 0x7F) {
			high = high || *p->at != 0x7F;
			p->at++;
		} else {
			return fail(p, "control character in a string");
		}
	}
	p->inner = (struct str){ begin, (size_t)(p->at - begin) };
	p->at++;
	if (high && !text_is_utf8(p->inner)) {
		p->at = begin;
		return fail(p, "text is not UTF-8");
	}
	return true;
}

/* At the opening quote; leaves p->at behind the closing one. */
static inline bool
scan_string(struct parser *p)
{
	const char *begin = ++p->at;
	struct str rest = { begin, (size_t)(p->end - begin) };
	size_t len = plain_length(rest);

	p->escaped = false;
	p->at += len;
	if (len == rest.len || *p->at != '"')
		return scan_rest(p, begin);
	p->inner = (struct str){ begin, len };
	p->at++;
	return true;
}

static struct str
unescape(struct str text, struct arena *arena)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at = text.data, *end = text.data + text.len;
	struct buf out = BUF_INIT;
	struct str copy;

	while (at < end) {
		const char *named;
		uint32_t value;
		size_t used;

		if (*at != '\\') {
			buf_add_char(&out, *at++);
			continue;
		}
		at++;
		if (*at == 'u' && unicode_escape(at, end, &value, &used)) {
			text_add_codepoint(&out, value);
			at += used;
			continue;
		}
		named = strchr(from, *at);
		buf_add_char(&out, named != NULL ? to[named - from] : *at);
		at++;
	}
	copy = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return copy;
}

static bool
is_digit(const struct parser *p)
{
	return p->at < p->end && *p->at >= '0' && *p->at <= '9';
}

static bool
skip_digits(struct parser *p)
{
	if (!is_digit(p))
		return fail(p, "bad number");
	while (is_digit(p))
		p->at++;
	return true;
}

static bool
scan_number(struct parser *p)
{
	if (*p->at == '-')
		p->at++;
	if (p->at < p->end && *p->at == '0') {
		p->at++;
		if (is_digit(p))
			return fail(p, "number with a leading zero");
	} else if (!skip_digits(p)) {
		return false;
	}
	if (p->at < p->end && *p->at == '.') {
		p->at++;
		if (!skip_digits(p))
			return false;
	}
	if (p->at < p->end && (*p->at == 'e' || *p->at == 'E')) {
		p->at++;
		if (p->at < p->end && (*p->at == '+' || *p->at == '-'))
			p->at++;
		return skip_digits(p);
	}
	return true;
}

static bool
scan_word(struct parser *p, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(p->end - p->at) < len || memcmp(p->at, word, len) != 0)
		return fail(p, "not a JSON value");
	p->at += len;
	return true;
}

/*
 * *seen has a bit for each length and outer letters of the keys so far: most
 * new keys need not be compared with the others.
 */
static bool
key_is_new(struct parser *p, size_t object, struct str key, uint64_t *seen)
{
	const struct json *parent = &p->doc->nodes[object];
	const struct json *end = p->doc->nodes + p->doc->used;
	uint64_t bit = 1;

	if (parent->count >= JSON_KEYS_MAX)
		return fail(p, "too many keys in one object");
	if (key.len > 0)
		bit <<= (key.len * 5 + (unsigned char)key.data[0] * 3 +
			    (unsigned char)key.data[key.len - 1]) %
			64;
	if ((*seen & bit) == 0) {
		*seen |= bit;
		return true;
	}
	for (const struct json *item = parent + 1; item < end;
	     item += item->skip)
		if (item->key.len == key.len &&
		    memcmp(item->key.data, key.data, key.len) == 0)
			return fail(p, "the same key twice in one object");
	return true;
}

static bool
parse_key(struct parser *p, size_t object, struct str *key, uint64_t *seen)
{
	if (p->at >= p->end || *p->at != '"')
		return fail(p, "key expected");
	if (!scan_string(p))
		return false;
	*key = p->inner;
	if (p->escaped)
		*key = unescape(*key, &p->doc->keys);
	if (!key_is_new(p, object, *key, seen))
		return false;
	skip_space(p);
	if (p->at >= p->end || *p->at != ':')
		return fail(p, "colon expected");
	p->at++;
	skip_space(p);
	return true;
}

/* A string, number, boolean or null; JSON_ABSENT is none of them. */
static inline bool
scan_scalar(struct parser *p, enum json_type type)
{
	if (type == JSON_STRING)
		return scan_string(p);
	if (type == JSON_NUMBER)
		return scan_number(p);
	if (type == JSON_NULL)
		return scan_word(p, "null");
	if (type == JSON_BOOL)
		return scan_word(p, *p->at == 't' ? "true" : "false");
	return fail(p, "value expected");
}

static bool parse_container(struct parser *p, enum json_type type,
    struct str key);

static inline bool
parse_value(struct parser *p, struct str key)
{
	enum json_type type = JSON_ABSENT;
	const char *begin = p->at;
	struct json *node;

	if (p->at < p->end)
		type = (enum json_type)types[(unsigned char)*p->at];
	if (type == JSON_OBJECT || type == JSON_ARRAY)
		return parse_container(p, type, key);
	if (!scan_scalar(p, type))
		return false;
	node = node_new(p);
	node->key = key;
	node->raw = (struct str){ begin, (size_t)(p->at - begin) };
	node->skip = 1;
	node->count = 0;
	node->type = type;
	node->escaped = type == JSON_STRING && p->escaped;
	return true;
}

/* Members or elements up to the closing bracket. */
static bool
parse_items(struct parser *p, char close, size_t self)
{
	uint64_t seen = 0;

	for (;;) {
		struct str key = STR_NONE;

		if (close == '}' && !parse_key(p, self, &key, &seen))
			return false;
		if (!parse_value(p, key))
			return false;
		p->doc->nodes[self].count++;
		skip_space(p);
		if (p->at >= p->end)
			return fail(p, "object or array does not end");
		if (*p->at == close)
			return true;
		if (*p->at != ',')
			return fail(p, "comma expected");
		p->at++;
		skip_space(p);
	}
}

static bool
parse_container(struct parser *p, enum json_type type, struct str key)
{
	const char *begin = p->at;
	char close = type == JSON_OBJECT ? '}' : ']';
	size_t self = p->doc->used;
	struct json *node = node_new(p);

	*node = (struct json){ .key = key, .skip = 1, .type = type };
	if (++p->depth > LIMIT_DEPTH)
		return fail(p, "nested too deeply");
	p->at++;
	skip_space(p);
	if ((p->at >= p->end || *p->at != close) &&
	    !parse_items(p, close, self))
		return false;
	p->at++;
	p->depth--;
	node = &p->doc->nodes[self];
	node->raw = (struct str){ begin, (size_t)(p->at - begin) };
	node->skip = (uint32_t)(p->doc->used - self);
	return true;
}

const struct json *
json_parse(struct json_doc *doc, struct str line)
{
	const char *text = line.data != NULL ? line.data : "";
	struct parser p = { .doc = doc,
		.start = text,
		.at = text,
		.end = text + line.len };

	doc->used = 0;
	doc->why = NULL;
	doc->at = 0;
	arena_reset(&doc->keys);
	if (line.len > UINT32_MAX / 2) {
		doc->why = "line too long";
		return NULL;
	}
	skip_space(&p);
	if (!parse_value(&p, STR_NONE))
		return NULL;
	skip_space(&p);
	if (p.at != p.end) {
		fail(&p, "text behind the value");
		return NULL;
	}
	return doc->nodes;
}

void
json_doc_free(struct json_doc *doc)
{
	free(doc->nodes);
	arena_free(&doc->keys);
	*doc = (struct json_doc)JSON_DOC_INIT;
}

const struct json *
json_find(const struct json *object, struct str key)
{
	if (object->type != JSON_OBJECT)
		return &absent;
	JSON_EACH(item, object)
	if (item->key.len == key.len && item->key.data[0] == key.data[0] &&
	    memcmp(item->key.data, key.data, key.len) == 0)
		return item;
	return &absent;
}

struct str
json_str(const struct json *node, struct arena *arena)
{
	struct str inner;

	if (node->type == JSON_NUMBER || node->type == JSON_BOOL)
		return node->raw;
	if (node->type != JSON_STRING)
		return STR_NONE;
	inner = (struct str){ node->raw.data + 1, node->raw.len - 2 };
	return node->escaped ? unescape(inner, arena) : inner;
}

bool
json_true(const struct json *node, bool fallback)
{
	return node->type == JSON_BOOL ? node->raw.data[0] == 't' : fallback;
}
