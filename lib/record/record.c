#include "record/record.h"

#include "base/text.h"

static const struct {
	const char *name;
	const char *tool;
} types[] = { { "", "" },
#define X(name, text, tool) { text, tool },
	RECORD_TYPES(X)
#undef X
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

const char *
record_type_name(enum record_type type)
{
	return types[type].name;
}

const char *
record_type_tool(enum record_type type)
{
	return types[type].tool;
}

enum record_type
record_type_of(struct str name)
{
	for (size_t i = 1; i < TYPE_COUNT; i++)
		if (str_is(name, types[i].name))
			return (enum record_type)i;
	return RECORD_UNKNOWN;
}

enum record_type
record_sniff(struct str line)
{
	static const char prefix[] = "{\"v\":1,\"type\":\"";
	const size_t len = sizeof(prefix) - 1;
	const char *quote;

	if (line.len <= len || memcmp(line.data, prefix, len) != 0)
		return RECORD_UNKNOWN;
	quote = memchr(line.data + len, '"', line.len - len);
	if (quote == NULL)
		return RECORD_UNKNOWN;
	return record_type_of(
	    (struct str){ line.data + len, (size_t)(quote - line.data) - len });
}

static bool
parse_src(struct record_src *src, const struct json *node, struct arena *arena)
{
	*src = (struct record_src){ 0 };
	if (node->type == JSON_ABSENT)
		return true;
	if (node->type != JSON_OBJECT)
		return false;
	src->sys = json_text(node, "sys", arena);
	src->client = json_text(node, "client", arena);
	src->docnum = json_text(node, "docnum", arena);
	src->mestyp = json_text(node, "mestyp", arena);
	src->idoctyp = json_text(node, "idoctyp", arena);
	src->file = json_text(node, "file", arena);
	if (json_get(node, "n")->type == JSON_NUMBER &&
	    !str_to_u64(json_get(node, "n")->raw, UINT32_MAX, &src->n))
		return false;
	if (json_get(node, "r")->type == JSON_NUMBER &&
	    !str_to_u64(json_get(node, "r")->raw, UINT32_MAX, &src->r))
		return false;
	src->backfill = json_true(json_get(node, "backfill"), false);
	return true;
}

/* What is wrong with the parsed root, or NULL. */
static const char *
envelope_fault(struct record *record, struct arena *arena)
{
	const struct json *root = record->root;
	const struct json *seq = json_get(root, "seq");

	if (root->type != JSON_OBJECT)
		return "not a JSON object";
	if (!str_is(json_get(root, "v")->raw, "1"))
		return "key 'v' is not 1";
	record->type = record_type_of(json_text(root, "type", arena));
	if (record->type == RECORD_UNKNOWN)
		return "key 'type' names no known record type";
	if (json_get(root, "id")->type != JSON_STRING)
		return "key 'id' is not a text";
	record->id = json_text(root, "id", arena);
	if (record->id.len == 0)
		return "key 'id' is empty";
	if (seq->type != JSON_ABSENT && seq->type != JSON_STRING)
		return "key 'seq' is not a text";
	record->seq = json_str(seq, arena);
	if (!parse_src(&record->src, json_get(root, "src"), arena))
		return "key 'src' is malformed";
	return NULL;
}

enum status
record_parse(struct record *record, struct json_doc *doc, struct arena *arena,
    struct str line, struct diag *diag)
{
	const char *fault;

	*record = (struct record){ .line = line };
	record->root = json_parse(doc, line);
	if (record->root == NULL)
		return diag_set(diag, STATUS_DATA,
		    "line is not JSON at byte %zu: %s", doc->at + 1, doc->why);
	fault = envelope_fault(record, arena);
	if (fault != NULL)
		return diag_set(diag, STATUS_DATA, "line is no record: %s",
		    fault);
	return STATUS_OK;
}

static void
write_src(struct jsonw *w, const struct record_src *src)
{
	jsonw_open(w, '{');
	jsonw_member(w, "sys", src->sys);
	jsonw_member(w, "client", src->client);
	jsonw_member(w, "docnum", src->docnum);
	jsonw_member(w, "mestyp", src->mestyp);
	jsonw_member(w, "idoctyp", src->idoctyp);
	jsonw_member(w, "file", src->file);
	if (src->n > 0)
		jsonw_member_int(w, "n", (int64_t)src->n);
	if (src->r > 0)
		jsonw_member_int(w, "r", (int64_t)src->r);
	if (src->backfill)
		jsonw_member_bool(w, "backfill", true);
	jsonw_close(w, '}');
}

struct jsonw
record_begin(struct buf *to, enum record_type type, struct str id,
    struct str seq, const struct record_src *src)
{
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '{');
	jsonw_key(&w, "v");
	jsonw_int(&w, 1);
	jsonw_member(&w, "type", str_of(record_type_name(type)));
	jsonw_member(&w, "id", id);
	jsonw_member(&w, "seq", seq);
	if (src != NULL &&
	    (src->sys.len > 0 || src->docnum.len > 0 || src->mestyp.len > 0)) {
		jsonw_key(&w, "src");
		write_src(&w, src);
	}
	return w;
}

void
record_stamp(struct buf *to, const struct record *record, struct str seq,
    const struct record_src *src)
{
	struct jsonw w = record_begin(to, record->type, record->id,
	    record->seq.len > 0 ? record->seq : seq, src);

	JSON_EACH(item, record->root)
	{
		if (str_is(item->key, "v") || str_is(item->key, "type") ||
		    str_is(item->key, "id") || str_is(item->key, "seq") ||
		    str_is(item->key, "src"))
			continue;
		buf_add_char(to, ',');
		w.comma = false;
		jsonw_str(&w, item->key);
		buf_add_char(to, ':');
		buf_add_str(to, item->raw);
	}
	w.comma = true;
	jsonw_close(&w, '}');
}
