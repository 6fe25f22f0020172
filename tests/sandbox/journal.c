#include "journal.h"

#include "base/hash.h"

#define KEY_HEX 8 /* of the hash of a key, which tells keys apart */

bool
journal_is_personal(struct str text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		struct str rest = { text.data + i, text.len - i };

		if (rest.data[0] == '@' || rest.data[0] == ' ' ||
		    str_starts(rest, "%40") || str_starts(rest, "%20"))
			return true;
		digits += rest.data[0] >= '0' && rest.data[0] <= '9';
	}
	return (str_starts(text, "+") || str_starts(text, "%2B")) &&
	       digits >= 8;
}

/* Part by part, separated by one of these characters. */
static void
add_masked(struct buf *to, struct str text, const char *separators)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		struct str part = str_from(text, from);

		part.len = i - from;
		if (i < text.len && strchr(separators, text.data[i]) == NULL)
			continue;
		if (journal_is_personal(part))
			buf_add_text(to, "...");
		else
			buf_add_str(to, part);
		if (i < text.len)
			buf_add_char(to, text.data[i]);
		from = i + 1;
	}
}

int64_t
journal_begin(struct store *store, const char *method, const char *uri,
    const char *key)
{
	sqlite3_stmt *add = store_get(store, STORE_JOURNAL_ADD);
	char now[INSTANT_TEXT], hash[HASH_HEX] = "";
	struct buf path = BUF_INIT;

	if (key != NULL) {
		hash_hex(hash_of(str_of(key)), hash);
		hash[KEY_HEX] = '\0';
	}
	add_masked(&path, str_of(uri), "/?&=");
	bind_str(add, 1, str_of(instant_format(instant_now(), now)));
	bind_str(add, 2, str_of(method));
	bind_str(add, 3, buf_str(&path));
	bind_str(add, 4, str_of(hash));
	bind_int(add, 5, instant_now_ms());
	store_run(add);
	buf_free(&path);
	return store_last_id(store);
}

void
journal_end(struct store *store, const struct journal_end *end)
{
	sqlite3_stmt *update = store_get(store, STORE_JOURNAL_END);
	struct buf ids = BUF_INIT;
	char hash[HASH_HEX] = "";

	if (end->body.len > 0)
		hash_hex(hash_of(end->body), hash);
	add_masked(&ids, buf_str(&end->batch->ids), ",");
	bind_int(update, 1, end->seq);
	bind_int(update, 2, end->status);
	bind_str(update, 3, str_of(end->request_id));
	bind_str(update, 4, buf_str(&end->batch->type));
	bind_int(update, 5, (int64_t)end->records);
	bind_str(update, 6, buf_str(&ids));
	bind_str(update, 7, str_of(hash));
	store_run(update);
	buf_free(&ids);
}
