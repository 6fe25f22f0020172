#include "base/jsonw.h"

#include "base/plain.h"

struct jsonw
jsonw_start(struct buf *to)
{
	return (struct jsonw){ to, false };
}

static void
next(struct jsonw *w)
{
	if (w->comma)
		buf_add_char(w->to, ',');
	w->comma = true;
}

void
jsonw_open(struct jsonw *w, char bracket)
{
	next(w);
	buf_add_char(w->to, bracket);
	w->comma = false;
}

void
jsonw_close(struct jsonw *w, char bracket)
{
	buf_add_char(w->to, bracket);
	w->comma = true;
}

void
jsonw_key(struct jsonw *w, const char *key)
{
	next(w);
	buf_add_char(w->to, '"');
	buf_add_text(w->to, key);
	buf_add(w->to, "\":", 2);
	w->comma = false;
}

void
jsonw_head(struct jsonw *w, struct str head)
{
	next(w);
	buf_add_str(w->to, head);
	w->comma = false;
}

static void
add_escaped(struct buf *to, char c)
{
	switch (c) {
	case '"':
		buf_add(to, "\\\"", 2);
		break;
	case '\\':
		buf_add(to, "\\\\", 2);
		break;
	case '\n':
		buf_add(to, "\\n", 2);
		break;
	case '\r':
		buf_add(to, "\\r", 2);
		break;
	case '\t':
		buf_add(to, "\\t", 2);
		break;
	default:
		buf_add_format(to, "\\u%04x", (unsigned char)c);
	}
}

static void
add_unplain(struct buf *to, struct str text)
{
	while (text.len > 0) {
		size_t len = plain_length(text);

		if (len == 0)
			len = plain_high(text);
		if (len == 0)
			add_escaped(to, text.data[0]);
		else
			buf_add(to, text.data, len);
		len += len == 0;
		text.data += len;
		text.len -= len;
	}
}

void
jsonw_str(struct jsonw *w, struct str text)
{
	next(w);
	buf_add_char(w->to, '"');
	if (plain_all(text))
		buf_add_str(w->to, text);
	else
		add_unplain(w->to, text);
	buf_add_char(w->to, '"');
}

void
jsonw_pair(struct jsonw *w, struct str head, struct str text)
{
	const size_t more = head.len + text.len + 3; /* comma and quotes */
	struct buf *to = w->to;
	char *at;

	if (text.len == 0 || !plain_all(text)) {
		jsonw_head(w, head);
		jsonw_str(w, text);
		return;
	}
	if (to->size - to->len <= more)
		buf_reserve(to, more);
	at = to->data + to->len;
	if (w->comma)
		*at++ = ',';
	memcpy(at, head.data, head.len);
	at += head.len;
	*at++ = '"';
	memcpy(at, text.data, text.len);
	at += text.len;
	*at++ = '"';
	*at = '\0';
	to->len = (size_t)(at - to->data);
	w->comma = true;
}

void
jsonw_bool(struct jsonw *w, bool value)
{
	next(w);
	buf_add_text(w->to, value ? "true" : "false");
}

void
jsonw_int(struct jsonw *w, int64_t value)
{
	next(w);
	if (value < 0)
		buf_add_char(w->to, '-');
	buf_add_u64(w->to,
	    value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value, 1);
}

void
jsonw_raw(struct jsonw *w, struct str json)
{
	next(w);
	buf_add_str(w->to, json);
}

void
jsonw_decimal_text(struct jsonw *w, struct decimal value)
{
	next(w);
	buf_add_char(w->to, '"');
	decimal_add_to(w->to, value);
	buf_add_char(w->to, '"');
}

void
jsonw_decimal(struct jsonw *w, struct decimal value)
{
	next(w);
	decimal_add_to(w->to, value);
}

void
jsonw_member(struct jsonw *w, const char *key, struct str text)
{
	if (text.len == 0)
		return;
	jsonw_key(w, key);
	jsonw_str(w, text);
}

void
jsonw_member_true(struct jsonw *w, const char *key, bool value)
{
	if (value)
		jsonw_member_bool(w, key, true);
}

void
jsonw_member_time(struct jsonw *w, const char *key, instant value)
{
	char text[INSTANT_TEXT];

	jsonw_member(w, key, str_of(instant_format(value, text)));
}

void
jsonw_member_bool(struct jsonw *w, const char *key, bool value)
{
	jsonw_key(w, key);
	jsonw_bool(w, value);
}

void
jsonw_member_int(struct jsonw *w, const char *key, int64_t value)
{
	jsonw_key(w, key);
	jsonw_int(w, value);
}

void
jsonw_member_raw(struct jsonw *w, const char *key, struct str json)
{
	jsonw_key(w, key);
	jsonw_raw(w, json);
}
