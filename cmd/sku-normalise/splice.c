#include "splice.h"

#include "base/jsonw.h"

void
splice_clear(struct splice *splice)
{
	splice->count = 0;
	buf_clear(&splice->texts);
}

void
splice_free(struct splice *splice)
{
	free(splice->edits);
	buf_free(&splice->texts);
	*splice = (struct splice){ NULL, 0, 0, BUF_INIT };
}

/* Keep the edits in the order of the line; they nearly always come so. */
static void
add_edit(struct splice *splice, struct str span, size_t from)
{
	size_t at = splice->count;

	while (at > 0 && splice->edits[at - 1].span.data > span.data)
		at--;
	if (at > 0 && span.len > 0 &&
	    splice->edits[at - 1].span.data == span.data)
		return; /* the same value by two paths */
	if (splice->count == splice->size) {
		splice->size = splice->size != 0 ? splice->size * 2 : 16;
		splice->edits = mem_grow(splice->edits, splice->size,
		    sizeof(*splice->edits));
	}
	memmove(splice->edits + at + 1, splice->edits + at,
	    (splice->count++ - at) * sizeof(*splice->edits));
	splice->edits[at] = (struct edit){ span, from, splice->texts.len };
}

static void
add_string(struct splice *splice, struct str text)
{
	struct jsonw w = jsonw_start(&splice->texts);

	jsonw_str(&w, text);
}

void
splice_value(struct splice *splice, struct str raw, struct str text)
{
	size_t from = splice->texts.len;

	add_string(splice, text);
	add_edit(splice, raw, from);
}

/* The opening quote of a member's key, or NULL when it was escaped. */
static const char *
key_start(struct str line, const struct json *member)
{
	const char *key = member->key.data;

	if (key <= line.data || key >= line.data + line.len)
		return NULL;
	return key - 1;
}

bool
splice_before(struct splice *splice, struct str line, const struct json *member,
    const char *key, struct str text)
{
	const char *start = key_start(line, member);
	size_t from = splice->texts.len;

	if (start == NULL)
		return false;
	buf_add_char(&splice->texts, '"');
	buf_add_text(&splice->texts, key);
	buf_add_text(&splice->texts, "\":");
	add_string(splice, text);
	buf_add_char(&splice->texts, ',');
	add_edit(splice, (struct str){ start, 0 }, from);
	return true;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
splice_remove(struct splice *splice, struct str line, const struct json *member)
{
	const char *start = key_start(line, member);
	const char *end = member->raw.data + member->raw.len;

	if (start == NULL)
		return false;
	while (is_space(*end))
		end++;
	if (*end == ',') {
		end++;
	} else {
		/* The last member: the comma before it goes. */
		while (is_space(start[-1]))
			start--;
		if (start[-1] == ',')
			start--;
	}
	add_edit(splice, (struct str){ start, (size_t)(end - start) },
	    splice->texts.len);
	return true;
}

void
splice_apply(const struct splice *splice, struct str line, struct buf *to)
{
	const char *at = line.data;

	for (size_t i = 0; i < splice->count; i++) {
		const struct edit *edit = &splice->edits[i];

		buf_add(to, at, (size_t)(edit->span.data - at));
		buf_add(to, splice->texts.data + edit->from,
		    edit->to - edit->from);
		at = edit->span.data + edit->span.len;
	}
	buf_add(to, at, (size_t)(line.data + line.len - at));
}
