/*
 * The strict JSON reader: each refusal, values against cJSON as reference,
 * and the writer's way back.
 */

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/jsonw.h"
#include "base/limits.h"
#include "base/text.h"
#include "tap.h"

static struct json_doc doc = JSON_DOC_INIT;
static struct arena arena = ARENA_INIT;

static void
test_refused(void)
{
	static const struct {
		struct str line;
		const char *why;
	} cases[] = {
		{ { "", 0 }, "value expected" },
		{ { "  ", 2 }, "value expected" },
		{ { "{} {}", 5 }, "text behind the value" },
		{ { "{}x", 3 }, "text behind the value" },
		{ { "{}\0", 3 }, "text behind the value" },
		{ { "{\"a\":1", 6 }, "object or array does not end" },
		{ { "[1", 2 }, "object or array does not end" },
		{ { "[1,", 3 }, "value expected" },
		{ { "[1,]", 4 }, "value expected" },
		{ { "[,1]", 4 }, "value expected" },
		{ { "{\"a\":1,}", 8 }, "key expected" },
		{ { "{a:1}", 5 }, "key expected" },
		{ { "{'a':1}", 7 }, "key expected" },
		{ { "{\"a\" 1}", 7 }, "colon expected" },
		{ { "{\"a\":}", 6 }, "value expected" },
		{ { "[1 2]", 5 }, "comma expected" },
		{ { "[1}", 3 }, "comma expected" },
		{ { "\"abc", 4 }, "string does not end" },
		{ { "\"abc\\", 5 }, "string does not end" },
		{ { "\"abc\\\"", 6 }, "string does not end" },
		{ { "\"a\nb\"", 5 }, "control character in a string" },
		{ { "\"a\0b\"", 5 }, "control character in a string" },
		{ { "\"1234567890\x1F\"", 13 },
		    "control character in a string" },
		{ { "\"\\x41\"", 6 }, "bad escape" },
		{ { "\"\\\0\"", 4 }, "bad escape" },
		{ { "\"\\u12\"", 6 }, "bad \\u escape" },
		{ { "\"\\u12G4\"", 8 }, "bad \\u escape" },
		{ { "\"\\u0000\"", 8 }, "bad \\u escape" },
		{ { "\"\\ud800\"", 8 }, "bad \\u escape" },
		{ { "\"\\udc00\"", 8 }, "bad \\u escape" },
		{ { "\"\\ud800\\u0041\"", 14 }, "bad \\u escape" },
		{ { "\"\\ud800\\ud800\"", 14 }, "bad \\u escape" },
		{ { "\"\xE4\"", 3 }, "text is not UTF-8" },
		{ { "\"1234567\xC0\xAF\"", 11 }, "text is not UTF-8" },
		{ { "\"\xED\xA0\x80\"", 5 }, "text is not UTF-8" },
		{ { "{\"\xFF\":1}", 7 }, "text is not UTF-8" },
		{ { "{\"a\":1,\"a\":2}", 13 },
		    "the same key twice in one object" },
		{ { "{\"a\":1,\"\\u0061\":2}", 18 },
		    "the same key twice in one object" },
		{ { "{\"\":1,\"\":2}", 11 },
		    "the same key twice in one object" },
		{ { "{\"a\":{\"b\":[1]},\"a\":2}", 21 },
		    "the same key twice in one object" },
		{ { "01", 2 }, "number with a leading zero" },
		{ { "-01", 3 }, "number with a leading zero" },
		{ { "-", 1 }, "bad number" },
		{ { "1.", 2 }, "bad number" },
		{ { "1e", 2 }, "bad number" },
		{ { "1e+", 3 }, "bad number" },
		{ { ".5", 2 }, "value expected" },
		{ { "+1", 2 }, "value expected" },
		{ { "0x10", 4 }, "text behind the value" },
		{ { "NaN", 3 }, "value expected" },
		{ { "Infinity", 8 }, "value expected" },
		{ { "-Infinity", 9 }, "bad number" },
		{ { "nul", 3 }, "not a JSON value" },
		{ { "nulll", 5 }, "text behind the value" },
		{ { "True", 4 }, "value expected" },
		{ { "trux", 4 }, "not a JSON value" },
		{ { "\xEF\xBB\xBF{}", 5 }, "value expected" },
		{ { "/**/{}", 6 }, "value expected" },
	};
	struct buf what = BUF_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct json *root = json_parse(&doc, cases[i].line);

		IS_STR(root == NULL ? doc.why : "accepted", cases[i].why,
		    text_escape(&what, cases[i].line, 40));
	}
	buf_free(&what);
	json_parse(&doc, STR("{\"a\":1,\"b\":x}"));
	IS_INT(doc.at, 11, "the byte that is wrong");
	OK(json_parse(&doc, STR_NONE) == NULL, "no text at all");
}

static void
test_limits(void)
{
	struct buf text = BUF_INIT;

	for (int i = 0; i < LIMIT_DEPTH; i++)
		buf_add_char(&text, '[');
	for (int i = 0; i < LIMIT_DEPTH; i++)
		buf_add_char(&text, ']');
	OK(json_parse(&doc, buf_str(&text)) != NULL, "the deepest nesting");
	buf_clear(&text);
	for (int i = 0; i < 1000000; i++)
		buf_add_text(&text, "{\"a\":");
	OK(json_parse(&doc, buf_str(&text)) == NULL, "a million levels");
	IS_STR(doc.why, "nested too deeply", "are refused");
	buf_clear(&text);
	buf_add_char(&text, '{');
	for (int i = 0; i < JSON_KEYS_MAX; i++)
		buf_add_format(&text, "%s\"k%d\":0", i > 0 ? "," : "", i);
	buf_add_char(&text, '}');
	OK(json_parse(&doc, buf_str(&text)) != NULL, "the most keys");
	text.len--;
	buf_add_text(&text, ",\"one more\":0}");
	OK(json_parse(&doc, buf_str(&text)) == NULL, "one key more");
	IS_STR(doc.why, "too many keys in one object", "is refused");
	buf_free(&text);
}

/* Whether our tree and cJSON's say the same, value for value, in order. */
static bool
same(const struct json *ours, const cJSON *theirs)
{
	const cJSON *child = theirs->child;

	switch (ours->type) {
	case JSON_NULL:
		return cJSON_IsNull(theirs);
	case JSON_BOOL:
		return cJSON_IsBool(theirs) &&
		       json_true(ours, false) == cJSON_IsTrue(theirs);
	case JSON_NUMBER: {
		struct buf text = BUF_INIT;
		double value;

		buf_add_str(&text, ours->raw);
		value = strtod(text.data, NULL);
		buf_free(&text);
		return cJSON_IsNumber(theirs) &&
		       !(value < theirs->valuedouble) &&
		       !(value > theirs->valuedouble);
	}
	case JSON_STRING:
		return cJSON_IsString(theirs) &&
		       str_is(json_str(ours, &arena), theirs->valuestring);
	case JSON_ARRAY:
	case JSON_OBJECT:
		if ((ours->type == JSON_ARRAY) != cJSON_IsArray(theirs) ||
		    ours->count != (uint32_t)cJSON_GetArraySize(theirs))
			return false;
		JSON_EACH(item, ours)
		{
			if (ours->type == JSON_OBJECT &&
			    !str_is(item->key, child->string))
				return false;
			if (!same(item, child))
				return false;
			child = child->next;
		}
		return true;
	case JSON_ABSENT:
		break;
	}
	return false;
}

static uint64_t random_state = 88172645463325252;

/* xorshift64: the same documents at every run. */
static unsigned
pick(unsigned below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state % below);
}

static void
add_random_string(struct buf *to)
{
	static const char *const parts[] = { "a", "B7", " ", "\\n", "\\\"",
		"\\\\", "\\/", "\\b\\f\\r\\t", "\\u00e4", "\\u20AC",
		"\\ud83d\\ude00", "\xC3\xB6", "\xE2\x82\xAC",
		"\xF0\x9F\x98\x80", "12345678", "{[,:]}", "'" };

	buf_add_char(to, '"');
	for (unsigned i = pick(6); i > 0; i--)
		buf_add_text(to, parts[pick(sizeof(parts) / sizeof(*parts))]);
	buf_add_char(to, '"');
}

static void
add_random_space(struct buf *to)
{
	static const char *const spaces[] = { "", "", "", " ", "\t", "  ",
		"\r" };

	buf_add_text(to, spaces[pick(7)]);
}

static void
add_random(struct buf *to, unsigned depth)
{
	static const char *const plain[] = { "null", "true", "false", "0", "-0",
		"12.50", "-7", "1e3", "1E-2", "123456789012" };
	unsigned kind = pick(depth > 5 ? 4 : 8);

	add_random_space(to);
	if (kind < 2) {
		buf_add_text(to, plain[pick(10)]);
	} else if (kind < 4) {
		add_random_string(to);
	} else {
		buf_add_char(to, kind < 6 ? '{' : '[');
		for (unsigned i = 0, n = pick(5); i < n; i++) {
			if (i > 0)
				buf_add_char(to, ',');
			add_random_space(to);
			if (kind < 6)
				buf_add_format(to, "\"k%u\\u00e4\" :", i);
			add_random(to, depth + 1);
		}
		buf_add_char(to, kind < 6 ? '}' : ']');
	}
	add_random_space(to);
}

static void
test_reference(void)
{
	struct buf text = BUF_INIT;
	int wrong = 0, mangled = 0;

	for (int i = 0; i < 20000; i++) {
		const struct json *ours;
		cJSON *theirs;

		buf_clear(&text);
		add_random(&text, 0);
		arena_reset(&arena);
		ours = json_parse(&doc, buf_str(&text));
		theirs = cJSON_ParseWithLength(text.data, text.len);
		if (ours == NULL || theirs == NULL || !same(ours, theirs))
			wrong++;
		cJSON_Delete(theirs);
	}
	IS_INT(wrong, 0, "20,000 documents read as cJSON reads them");
	/* What we accept of a damaged document, cJSON must read alike. */
	for (int i = 0; i < 50000; i++) {
		const struct json *ours;
		cJSON *theirs;

		buf_clear(&text);
		add_random(&text, 3);
		text.data[pick((unsigned)text.len)] =
		    "\"{}[],:\\0e-\n\x80"[pick(13)];
		arena_reset(&arena);
		ours = json_parse(&doc, buf_str(&text));
		if (ours == NULL)
			continue;
		theirs = cJSON_ParseWithLength(text.data, text.len);
		mangled += theirs == NULL || !same(ours, theirs);
		cJSON_Delete(theirs);
	}
	IS_INT(mangled, 0, "what is accepted of damaged ones too");
	buf_free(&text);
}

static void
test_lookup(void)
{
	const struct json *root =
	    json_parse(&doc, STR("{\"a\":{\"x\":[1,2]},\"n\":9007199254740993,"
				 "\"t\":true,\"s\":\"\\u00e4\",\"z\":null}"));
	int members = 0;

	IS_INT(json_get(root, "n")->type, JSON_NUMBER, "get");
	OK(str_is(json_text(root, "n", &arena), "9007199254740993"),
	    "a number stays as written");
	OK(str_is(json_text(root, "s", &arena), "\xC3\xA4"), "unescaped");
	OK(str_is(json_get(json_get(root, "a"), "x")->raw, "[1,2]"),
	    "a value as written");
	IS_INT(json_get(root, "x")->type, JSON_ABSENT,
	    "a key of an inner object is not one of the outer");
	IS_INT(json_get(json_get(root, "n"), "x")->type, JSON_ABSENT,
	    "a number has no keys");
	OK(json_true(json_get(root, "none"), true), "fallback");
	OK(!json_true(json_get(root, "z"), false), "null is not true");
	IS_INT(json_text(root, "z", &arena).len, 0, "null has no text");
	JSON_EACH(item, root)
	members++;
	IS_INT(members, 5, "each member once");
	members = 0;
	JSON_EACH(item, json_get(root, "none"))
	members++;
	IS_INT(members, 0, "nothing has no members");
}

static void
test_writer(void)
{
	struct buf line = BUF_INIT, all = BUF_INIT;
	struct jsonw w;
	const struct json *root;

	for (unsigned c = 1; c < 0x800; c++)
		text_add_codepoint(&all, c);
	text_add_codepoint(&all, 0x1F600);
	w = jsonw_start(&line);
	jsonw_open(&w, '{');
	jsonw_member(&w, "text", buf_str(&all));
	jsonw_member(&w, "nothing", STR_NONE);
	jsonw_member_true(&w, "no", false);
	jsonw_member_time(&w, "never", INSTANT_NONE);
	jsonw_member_time(&w, "at", 0);
	jsonw_key(&w, "list");
	jsonw_open(&w, '[');
	jsonw_int(&w, INT64_MIN);
	jsonw_decimal(&w, (struct decimal){ -1250, 2 });
	jsonw_decimal_text(&w, (struct decimal){ 5, 3 });
	jsonw_open(&w, '{');
	jsonw_close(&w, '}');
	jsonw_bool(&w, false);
	jsonw_close(&w, ']');
	jsonw_member_raw(&w, "raw", STR("1e400"));
	jsonw_close(&w, '}');
	root = json_parse(&doc, buf_str(&line));
	OK(root != NULL, "what is written can be read");
	OK(root != NULL &&
		str_eq(json_text(root, "text", &arena), buf_str(&all)),
	    "every character survives");
	OK(memchr(line.data, '\n', line.len) == NULL, "on one line");
	OK(str_ends(buf_str(&line),
	       ",\"at\":\"1970-01-01T00:00:00Z\",\"list\":["
	       "-9223372036854775808,-12.50,\"0.005\",{},false],"
	       "\"raw\":1e400}"),
	    "commas, and nothing for what there is not");
	buf_free(&line);
	buf_free(&all);
}

/* Texts are read and written in blocks: each byte at each place of them. */
static void
test_places(void)
{
	static const char *const pieces[] = { "\"", "\\", "\n", "\x1F", "\x01",
		"\x7F", " ", "~", "\xC3\xBC", "\xE2\x82\xAC" };
	const size_t count = sizeof(pieces) / sizeof(pieces[0]);
	size_t wrong = 0, accepted = 0;

	for (size_t i = 0; i < 50 * 50 * count; i++) {
		size_t len = i / count / 50, place = i / count % 50;
		struct buf text = BUF_INIT, line = BUF_INIT, raw = BUF_INIT;
		struct jsonw w = jsonw_start(&line);
		const struct json *root;

		for (size_t k = 0; k <= len; k++)
			buf_add_text(&text,
			    k == place ? pieces[i % count] : "x");
		jsonw_str(&w, buf_str(&text));
		root = json_parse(&doc, buf_str(&line));
		arena_reset(&arena);
		wrong += root == NULL ||
			 !str_eq(json_str(root, &arena), buf_str(&text));
		/* Unescaped, what must be escaped ends or spoils a text. */
		buf_add_char(&raw, '"');
		buf_add_str(&raw, buf_str(&text));
		buf_add_char(&raw, '"');
		if (place <= len && i % count < 5)
			accepted += json_parse(&doc, buf_str(&raw)) != NULL;
		else
			wrong += json_parse(&doc, buf_str(&raw)) == NULL;
		buf_free(&text);
		buf_free(&line);
		buf_free(&raw);
	}
	IS_INT((long long)wrong, 0, "texts of any length come back");
	IS_INT((long long)accepted, 0, "and none is read unescaped");
}

int
main(void)
{
	test_refused();
	test_limits();
	test_reference();
	test_lookup();
	test_writer();
	test_places();
	json_doc_free(&doc);
	arena_free(&arena);
	DONE();
}
