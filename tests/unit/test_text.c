/* UTF-8: what is well formed, counting, cutting, escaping for messages. */

#include "base/text.h"
#include "tap.h"

static void
test_utf8(void)
{
	static const struct {
		const char *bytes;
		bool good;
		const char *what;
	} cases[] = {
		{ "", true, "empty" },
		{ "plain", true, "ASCII" },
		{ "Gr\xC3\xB6\xC3\x9F", true, "two bytes" },
		{ "\xE2\x82\xAC", true, "three bytes" },
		{ "\xF0\x9F\x98\x80", true, "four bytes" },
		{ "\xF4\x8F\xBF\xBF", true, "U+10FFFF" },
		{ "\xEF\xBF\xBF", true, "U+FFFF" },
		{ "12345678\xC3\xB6", true, "behind eight plain bytes" },
		{ "\x80", false, "a continuation byte alone" },
		{ "\xC3", false, "a sequence cut at the end" },
		{ "\xE2\x82", false, "three bytes cut" },
		{ "\xF0\x9F\x98", false, "four bytes cut" },
		{ "\xC3(", false, "a lead byte before ASCII" },
		{ "\xC0\xAF", false, "overlong slash" },
		{ "\xC1\xBF", false, "overlong two bytes" },
		{ "\xE0\x80\xAF", false, "overlong three bytes" },
		{ "\xF0\x80\x80\xAF", false, "overlong four bytes" },
		{ "\xED\xA0\x80", false, "a surrogate" },
		{ "\xED\xBF\xBF", false, "the last surrogate" },
		{ "\xF4\x90\x80\x80", false, "above U+10FFFF" },
		{ "\xF5\x80\x80\x80", false, "F5" },
		{ "\xFE", false, "FE" },
		{ "\xFF", false, "FF" },
		{ "12345678\xE4", false, "Latin-1 behind eight plain bytes" },
		{ "1234567\xE4z", false, "Latin-1 across the eight bytes" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		OK(text_is_utf8(str_of(cases[i].bytes)) == cases[i].good,
		    cases[i].what);
}

/* Every code point comes back well formed; every surrogate does not. */
static void
test_codepoints(void)
{
	struct buf text = BUF_INIT;
	int wrong = 0;

	for (uint32_t point = 1; point <= 0x10FFFF; point++) {
		bool surrogate = point >= 0xD800 && point <= 0xDFFF;

		buf_clear(&text);
		text_add_codepoint(&text, point);
		wrong += text_is_utf8(buf_str(&text)) == surrogate;
		wrong += text_length(buf_str(&text)) != 1;
	}
	IS_INT(wrong, 0, "all code points");
	buf_free(&text);
}

static const char *
cut(const char *text, size_t max)
{
	static struct buf out;

	buf_clear(&out);
	buf_add_str(&out, text_cut(str_of(text), max));
	buf_add(&out, "", 0);
	return out.data;
}

static const char *
escape(struct str text, size_t max)
{
	static struct buf out;

	return text_escape(&out, text, max);
}

static void
test_escape(void)
{
	struct buf message = BUF_INIT;

	IS_STR(escape(STR("order 4711"), 40), "order 4711", "plain stays");
	IS_STR(escape(STR("Gr\xC3\xB6\xC3\x9F"
			  "e"),
		   40),
	    "Gr\xC3\xB6\xC3\x9F"
	    "e",
	    "UTF-8 stays");
	IS_STR(escape(STR("a\nb"), 40), "a\\x0Ab", "a newline");
	IS_STR(escape(STR("\x1B[2J"), 40), "\\x1B[2J",
	    "a terminal's escape sequence");
	IS_STR(escape(STR("\xC2\x9B"
			  "2J"),
		   40),
	    "\\xC2\\x9B2J", "the same in one character (C1)");
	IS_STR(escape(STR("\xC2\xA3"), 40), "\xC2\xA3", "a pound sign stays");
	IS_STR(escape(STR("\x7F"), 40), "\\x7F", "DEL");
	IS_STR(escape(STR("a\0b"), 40), "a\\x00b", "a zero byte");
	IS_STR(escape(STR("it's \"\\"), 40), "it\\x27s \\x22\\x5C",
	    "quotes and backslash");
	IS_STR(escape(STR("\xE4 caf\xE9"), 40), "\\xE4 caf\\xE9",
	    "bytes that are not UTF-8");
	IS_STR(escape(STR("abcdef"), 3), "abc...", "cut");
	IS_STR(escape(STR("ab\xC3\xB6"), 3), "ab\\xC3...",
	    "a character cut in two is never written");
	IS_STR(escape(STR_NONE, 3), "", "nothing");
	IS_STR(text_message(&message, STR("type 'X' of\n\"Y\""), 40),
	    "type 'X' of\\x0A\"Y\"", "a message keeps its own quotes");
	buf_free(&message);
}

int
main(void)
{
	test_utf8();
	test_codepoints();
	IS_INT(text_length(STR("Gr\xC3\xB6\xC3\x9F"
			       "e")),
	    5, "characters, not bytes");
	IS_STR(cut("\xC3\xB6\xC3\xB6\xC3\xB6", 2), "\xC3\xB6\xC3\xB6",
	    "cut between characters");
	IS_STR(cut("abc", 3), "abc", "nothing to cut");
	IS_STR(cut("abc", 0), "", "cut to nothing");
	test_escape();
	OK(text_equal_fold(STR("WebShop"), STR("WEBSHOP")), "ASCII case");
	OK(!text_equal_fold(STR("\xC3\xB6"), STR("\xC3\x96")),
	    "other letters keep their case");
	OK(!text_equal_fold(STR("a"), STR("ab")), "other length");
	DONE();
}
