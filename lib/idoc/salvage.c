#define _GNU_SOURCE /* memmem */
#include "idoc/salvage.h"

#include "idoc/control.h"

#define CUSTOMER_LENGTH 10 /* KUNNR */

static bool
is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < 0x20 || c > 0x7E || c == '&')
			return false;
	}
	return text.len > 0;
}

/*
 * The text of the next element of that name behind *at: <NAME>text</ or
 * <NAME attribute>text</. *at moves behind it.
 */
static struct str
next_element(struct str raw, size_t *at, const char *name)
{
	size_t name_len = strlen(name);
	const char *end = raw.data + raw.len, *found, *close;
	const char *from = raw.data + *at;

	while (from < end && (found = memmem(from, (size_t)(end - from), name,
				  name_len)) != NULL) {
		const char *text = found + name_len;

		from = text;
		if (found == raw.data || (found[-1] != '<' && found[-1] != ':'))
			continue;
		if (text < end && *text != '>') {
			if (*text != ' ')
				continue;
			text = memchr(text, '>', (size_t)(end - text));
			if (text == NULL)
				break;
		}
		if (text++ >= end)
			break;
		close = memchr(text, '<', (size_t)(end - text));
		if (close == NULL || end - close < 2)
			break;
		from = close;
		if (close[1] != '/')
			continue;
		*at = (size_t)(close - raw.data);
		return str_trim((struct str){ text, (size_t)(close - text) });
	}
	*at = raw.len;
	return STR_NONE;
}

void
salvage_control(struct str raw, struct idoc_control *control)
{
	const char *record;

	if (raw.len == 0)
		return;
	record = memmem(raw.data, raw.len, "</EDI_DC40", strlen("</EDI_DC40"));
	if (record != NULL)
		raw.len = (size_t)(record - raw.data);
	for (int i = 0; i < control_count(); i++) {
		struct str *value = control_value(control, i);
		struct str found;
		size_t at = 0;

		if (value->len > 0)
			continue;
		found = next_element(raw, &at, control_name(i));
		if (is_plain(found) && found.len <= control_length(i))
			*value = found;
	}
}

bool
salvage_is_debmas(const struct idoc_control *control)
{
	return str_is(control->mestyp, "DEBMAS") ||
	       (control->mestyp.len == 0 &&
		   str_starts(control->idoctyp, "DEBMAS"));
}

bool
salvage_is_adrmas(const struct idoc_control *control)
{
	struct str type = control->mestyp;

	if (type.len > 0)
		return str_is(type, "ADRMAS") || str_is(type, "ADR2MAS");
	return str_starts(control->idoctyp, "ADRMAS") ||
	       str_starts(control->idoctyp, "ADR2MAS");
}

bool
salvage_is_number(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= 'a' && c <= 'z'))
			return false;
	}
	return text.len > 0 && text.len <= CUSTOMER_LENGTH;
}

struct str
salvage_customer(struct str raw, const struct idoc_control *control)
{
	const char *name = "KUNNR";
	struct str value = STR_NONE;
	size_t at = 0;

	if (raw.len == 0)
		return STR_NONE;
	if (salvage_is_adrmas(control)) {
		/* An address of a vendor or plant has other numbers. */
		if (!str_is(next_element(raw, &at, "OBJ_TYPE"), "KNA1"))
			return STR_NONE;
		name = "OBJ_ID";
		at = 0;
	} else if (!salvage_is_debmas(control)) {
		return STR_NONE;
	}
	while (at < raw.len) {
		value = next_element(raw, &at, name);
		if (salvage_is_number(value))
			return value;
	}
	return STR_NONE;
}
