#include "audit/mask.h"

#include "base/jsonw.h"
#include "base/text.h"
#include "idoc/control.h"
#include "idoc/dictionary.h"

/* Fields that hold numbers, codes, quantities and dates, and no person. */
static const char *const shown[] = {
	/* SAP's */
	"MSGFN", "KUNNR", "OBJ_TYPE", "OBJ_ID", "QUALF", "PARVW", "PARTN",
	"BELNR", "POSEX", "ZEILE", "IDTNR", "MATNR", "MENGE", "MENEE", "CURCY",
	"AUART", "BSART", "VBELN", "POSNR", "VGBEL", "VGPOS", "LFIMG", "VRKME",
	"DATUM", "UZEIT", "IDDAT", "WERKS", "LGORT", "BWART", "VKORG", "VTWEG",
	"SPART", "SUMID", "SUMME", "LAND1", "SPRAS", "LOEVM", "LVORM", "AUFSD",
	"LIFSD", "FAKSD", "KTOKD", "MBLNR", "MJAHR", "ERFMG", "ERFME", "ACTION",
	"MATERIAL", "PLANT", "STGE_LOC", "MOVE_TYPE", "ENTRY_QNT", "ENTRY_UOM",
	"PSTNG_DATE", "DOC_DATE", "CVP_XBLCK",
	/* ours */
	"v", "type", "id", "seq", "sys", "client", "docnum", "mestyp",
	"idoctyp", "stage", "kind", "web_order", "sales_document", "order_type",
	"currency", "status", "line", "sku", "material", "quantity", "unit",
	"unit_price", "subtotal", "discount", "tax", "total", "grand_total",
	"shipping", "placed_at", "posted_at", "as_of", "plant", "location",
	"movement_type", "sign", "country", "language", "kunnr", "customer_id",
	"order_id", "sales_org", "channel", "division"
};

static bool
is_shown(struct str name)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (str_is(name, shown[i]))
			return true;
	return control_index(name) >= 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A word of a few letters, or with a digit in it; never an address. */
static bool
is_code(struct str value)
{
	bool digit = false;

	for (size_t i = 0; i < value.len; i++) {
		char c = text_upper(value.data[i]);

		digit |= is_digit(c);
		if (!is_digit(c) && (c < 'A' || c > 'Z') &&
		    strchr("._:/+-", c) == NULL)
			return false;
	}
	return digit || value.len <= 10;
}

static void
add_shape(struct buf *to, struct str text)
{
	while (text.len > 0) {
		size_t len = text_sequence(text);
		char c = text.data[0];

		if (len > 1 || (unsigned char)c >= 0x80)
			c = 'x';
		else if (is_digit(c))
			c = '9';
		else if (c >= 'A' && c <= 'Z')
			c = 'X';
		else if (c >= 'a' && c <= 'z')
			c = 'x';
		else if ((unsigned char)c < ' ' && c != '\n')
			c = ' ';
		buf_add_char(to, c);
		text = str_from(text, len > 0 ? len : 1);
	}
}

void
mask_field(struct buf *to, struct str name, struct str value)
{
	if (is_shown(name) && is_code(value))
		buf_add_str(to, value);
	else
		add_shape(to, value);
}

/* A name such as first_name; no address. */
static size_t
key_length(struct str key)
{
	size_t len = 0;

	while (len < key.len && len < 30 &&
	       (key.data[len] == '_' ||
		   (key.data[len] >= 'a' && key.data[len] <= 'z')))
		len++;
	return len;
}

/* Whoever made the record named its keys: nothing is believed of them. */
static void
write_key(struct jsonw *w, struct str key)
{
	struct buf text = BUF_INIT;

	if (is_shown(key) || key_length(key) == key.len)
		buf_add_str(&text, key);
	else
		add_shape(&text, key);
	jsonw_str(w, buf_str(&text));
	buf_add_char(w->to, ':');
	w->comma = false;
	buf_free(&text);
}

static void
write_value(struct jsonw *w, struct str name, const struct json *value,
    struct arena *arena)
{
	bool object = value->type == JSON_OBJECT;
	struct buf text = BUF_INIT;

	if (value->type == JSON_STRING || value->type == JSON_NUMBER) {
		mask_field(&text, name, json_str(value, arena));
		jsonw_str(w, buf_str(&text));
	} else if (!object && value->type != JSON_ARRAY) {
		jsonw_raw(w, value->raw);
	} else {
		jsonw_open(w, object ? '{' : '[');
		JSON_EACH(item, value)
		{
			if (object)
				write_key(w, item->key);
			write_value(w, object ? item->key : name, item, arena);
		}
		jsonw_close(w, object ? '}' : ']');
	}
	buf_free(&text);
}

void
mask_json(struct buf *to, const struct json *value, struct arena *arena)
{
	struct jsonw w = jsonw_start(to);

	write_value(&w, STR_NONE, value, arena);
}

static bool
layout_has(const struct dictionary_segment *segment, struct str name)
{
	for (size_t i = 0; i < segment->layout_count; i++)
		for (size_t k = 0; k < segment->layouts[i].field_count; k++)
			if (str_is(name, segment->layouts[i].fields[k].name))
				return true;
	return false;
}

/* A name of SAP's: none that a person can have. */
static bool
is_sap_name(struct str name)
{
	const struct dictionary_segment *segment = NULL;
	char to[DICTIONARY_NAME];

	if (str_is(name, "IDOC") || str_starts(name, "EDI_DC") ||
	    control_index(name) >= 0 ||
	    dictionary_find(NULL, dictionary_type(NULL, name, true, to)) !=
		NULL)
		return true;
	while ((segment = dictionary_next(NULL, segment)) != NULL)
		if (layout_has(segment, name))
			return true;
	return false;
}

static size_t
name_length(struct str text)
{
	size_t len = 0;

	while (len < text.len &&
	       (is_digit(text.data[len]) || text.data[len] == '_' ||
		   (text.data[len] >= 'A' && text.data[len] <= 'Z')))
		len++;
	return len;
}

/* What stands at a place: up to the next tag or line. */
static size_t
piece_end(struct str bytes, size_t at)
{
	size_t end = at;

	while (end < bytes.len && bytes.data[end] != '<' &&
	       (end == at || bytes.data[end - 1] != '\n'))
		end++;
	return end;
}

void
mask_broken(struct buf *to, struct str bytes)
{
	for (size_t at = 0, end; at < bytes.len; at = end) {
		bool tag = bytes.data[at] == '<';
		bool fresh = tag || at == 0 || bytes.data[at - 1] == '\n';
		size_t begin = at + tag;
		struct str name, rest;

		if (tag && begin < bytes.len && bytes.data[begin] == '/')
			begin++;
		buf_add(to, bytes.data + at, begin - at);
		name = str_from(bytes, begin);
		name.len = fresh ? name_length(name) : 0;
		if (name.len > 0 && !is_sap_name(name))
			name.len = 0;
		buf_add_str(to, name);
		end = piece_end(bytes, begin + name.len);
		rest = (struct str){ bytes.data + begin + name.len,
			end - begin - name.len };
		if (tag && begin == at + 1 && str_starts(rest, ">")) {
			buf_add_char(to, '>');
			mask_field(to, name, str_from(rest, 1));
		} else
			add_shape(to, rest);
	}
}
