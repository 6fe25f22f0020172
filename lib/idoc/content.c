#include "idoc/content.h"

void
content_begin(struct content *content, bool on)
{
	static const unsigned char key[16];

	content->on = on;
	content->used = 0;
	if (on)
		hash_begin(&content->hasher, key);
}

static void
flush(struct content *content)
{
	hash_add(&content->hasher, content->bytes, content->used);
	content->used = 0;
}

static void
add_bytes(struct content *content, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	if (len > sizeof(content->bytes) - content->used)
		flush(content);
	if (len > sizeof(content->bytes)) {
		hash_add(&content->hasher, bytes, len);
		return;
	}
	memcpy(content->bytes + content->used, bytes, len);
	content->used += len;
}

void
content_add(struct content *content, char kind, struct str piece)
{
	char head[5] = { kind, (char)(piece.len & 0xFF),
		(char)(piece.len >> 8 & 0xFF), (char)(piece.len >> 16 & 0xFF),
		(char)(piece.len >> 24 & 0xFF) };

	if (!content->on)
		return;
	add_bytes(content, head, sizeof(head));
	add_bytes(content, piece.data, piece.len);
}

struct hash
content_end(struct content *content)
{
	if (!content->on)
		return (struct hash){ { 0 } };
	content->on = false;
	flush(content);
	return hash_end(&content->hasher);
}
