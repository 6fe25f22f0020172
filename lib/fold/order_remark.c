#include "fold/order_remark.h"

#include "record/exception.h"

bool
order_remark_has(const struct order_remarks *remarks, const char *code,
    const char *subject, struct str id)
{
	for (size_t i = 0; i < remarks->count; i++) {
		const struct order_remark *at = &remarks->list[i];

		if (strcmp(at->code, code) == 0 &&
		    strcmp(at->subject, subject) == 0 && str_eq(at->id, id))
			return true;
	}
	return false;
}

void
order_remark_add(struct order_remarks *remarks, const char *code,
    const char *subject, struct str id, struct str message, struct arena *arena)
{
	struct order_remark *larger;

	if (order_remark_has(remarks, code, subject, id))
		return;
	if (remarks->count == remarks->size) {
		remarks->size = remarks->size * 2 + 4;
		larger = arena_array(arena, remarks->size, sizeof(*larger));
		if (remarks->count > 0)
			memcpy(larger, remarks->list,
			    remarks->count * sizeof(*larger));
		remarks->list = larger;
	}
	remarks->list[remarks->count++] =
	    (struct order_remark){ code, subject, id, message };
}

struct str
order_remark_text(const struct order_remarks *remarks, struct arena *arena)
{
	struct buf text = BUF_INIT;
	struct jsonw w = jsonw_start(&text);
	struct str kept;

	if (remarks->count == 0)
		return STR_NONE;
	jsonw_open(&w, '[');
	for (size_t i = 0; i < remarks->count; i++) {
		jsonw_open(&w, '[');
		jsonw_str(&w, str_of(remarks->list[i].code));
		jsonw_str(&w, str_of(remarks->list[i].subject));
		jsonw_str(&w, remarks->list[i].id);
		jsonw_close(&w, ']');
	}
	jsonw_close(&w, ']');
	kept = arena_str(arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

static const char *
known_code(struct str code)
{
	for (const struct exception_code *row = exception_codes;
	     row->code != NULL; row++)
		if (str_is(code, row->code))
			return row->code;
	return NULL;
}

static void
read_one(struct order_remarks *remarks, const struct json *node,
    struct arena *arena)
{
	struct str parts[3] = { STR_NONE, STR_NONE, STR_NONE };
	const char *code;
	size_t count = 0;

	JSON_EACH(part, node)
	{
		if (count < 3)
			parts[count++] = json_str(part, arena);
	}
	code = known_code(parts[0]);
	if (code != NULL)
		order_remark_add(remarks, code,
		    str_is(parts[1], "order") ? "order" : "shipment", parts[2],
		    STR_NONE, arena);
}

void
order_remark_read(struct order_remarks *remarks, struct str text,
    struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *root = text.len == 0 ? NULL : json_parse(&doc, text);

	*remarks = (struct order_remarks){ .count = 0 };
	if (root != NULL)
		JSON_EACH(one, root)
		{
			read_one(remarks, one, arena);
		}
	json_doc_free(&doc);
}
