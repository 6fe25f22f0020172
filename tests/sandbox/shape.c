#include "shape.h"

#include "switch.h"

#define TIME_LEN 22 /* "2026-03-02T08:00:00Z" with its quotes */

static bool
is_time(struct str rest)
{
	static const char form[] = "\"0000-00-00T00:00:00Z\"";

	if (rest.len < TIME_LEN)
		return false;
	for (size_t i = 0; i < TIME_LEN; i++)
		if (form[i] == '0' ? rest.data[i] < '0' || rest.data[i] > '9'
				   : rest.data[i] != form[i])
			return false;
	return true;
}

/* Bytes of a number with a decimal point that begins here, 0 = none does. */
static size_t
money_len(struct str rest)
{
	size_t len = rest.len > 0 && rest.data[0] == '-', digits = len;

	while (len < rest.len && rest.data[len] >= '0' && rest.data[len] <= '9')
		len++;
	if (len == digits || len == rest.len || rest.data[len] != '.')
		return 0;
	len++;
	while (len < rest.len && rest.data[len] >= '0' && rest.data[len] <= '9')
		len++;
	return len;
}

static size_t
add_time(struct buf *to, struct str rest)
{
	bool blank = switch_get(SWITCH_TIMES) == 2;

	buf_add(to, rest.data, 11);
	buf_add_char(to, blank ? ' ' : 'T');
	buf_add(to, rest.data + 12, 8);
	buf_add_text(to, blank ? "+00\"" : "+00:00\"");
	return TIME_LEN;
}

static size_t
add_string(struct buf *to, struct str rest)
{
	size_t len = 1;

	while (len < rest.len && rest.data[len] != '"')
		len += rest.data[len] == '\\' ? 2 : 1;
	len++;
	buf_add(to, rest.data, len);
	return len;
}

void
shape_add(struct buf *to, struct str json)
{
	bool money = switch_get(SWITCH_MONEY) == 1;
	bool times = switch_get(SWITCH_TIMES) > 0;

	if (!money && !times) {
		buf_add_str(to, json);
		return;
	}
	for (size_t i = 0; i < json.len;) {
		struct str rest = { json.data + i, json.len - i };
		size_t number = money ? money_len(rest) : 0;

		if (times && is_time(rest)) {
			i += add_time(to, rest);
		} else if (rest.data[0] == '"') {
			i += add_string(to, rest);
		} else if (number > 0) {
			buf_add_format(to, "\"%.*s\"", (int)number, rest.data);
			i += number;
		} else {
			buf_add_char(to, rest.data[0]);
			i++;
		}
	}
}
