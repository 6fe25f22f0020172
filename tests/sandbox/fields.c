#include "fields.h"

void
fields_print(struct store *store, const struct page *page,
    struct answer *answer)
{
	sqlite3_stmt *select = store_get(store, STORE_FIELD_LIST);

	bind_int(select, 1, page->limit);
	bind_int(select, 2, page->offset);
	buf_add_char(&answer->body, '[');
	while (store_step(select)) {
		if (answer->rows++ > 0)
			buf_add_char(&answer->body, ',');
		buf_add_str(&answer->body, column_str(select, 0));
	}
	buf_add_char(&answer->body, ']');
}

/* What the change gives back is the answer; nothing: there was none. */
static void
change(struct post *post, enum store_statement which, struct str what,
    struct answer *answer)
{
	sqlite3_stmt *change = store_get(post->store, which);

	bind_str(change, 1, what);
	if (store_step(change)) {
		buf_add_str(&answer->body, column_str(change, 0));
		answer->rows = 1;
	} else {
		answer_error(answer, 404,
		    "custom field with specified ID was not found");
	}
	sqlite3_reset(change);
}

void
fields_post(struct post *post, struct answer *answer)
{
	change(post, STORE_FIELD_ADD, post->body, answer);
}

void
fields_put(struct post *post, struct answer *answer)
{
	change(post, STORE_FIELD_SET, post->body, answer);
}

void
fields_delete(struct post *post, struct answer *answer)
{
	change(post, STORE_FIELD_DROP, post->query->parts[1], answer);
}
