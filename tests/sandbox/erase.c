#include "erase.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/text.h"

static struct str
anonymous(struct str email, struct arena *arena)
{
	char hex[HASH_HEX], *lower = arena_alloc(arena, email.len + 1);

	for (size_t i = 0; i < email.len; i++)
		lower[i] = text_lower(email.data[i]);
	hash_hex(hash_of((struct str){ lower, email.len }), hex);
	return arena_format(arena, "%s@anonymous.ometria", hex);
}

static void
erase_email(struct store *store, struct str email, struct str comment,
    struct arena *arena)
{
	static const enum store_statement steps[] = { STORE_ERASE_RECORDS,
		STORE_ERASE_PROFILES };
	struct str hashed = anonymous(email, arena);
	sqlite3_stmt *add = store_get(store, STORE_ERASE_ADD);
	char now[INSTANT_TEXT];

	bind_str(add, 1, email);
	bind_str(add, 2, hashed);
	bind_str(add, 3, comment);
	bind_str(add, 4, str_of(instant_format(instant_now(), now)));
	store_run(add);
	for (size_t i = 0; i < 2; i++) {
		sqlite3_stmt *step = store_get(store, steps[i]);

		bind_str(step, 1, email);
		bind_str(step, 2, hashed);
		store_run(step);
	}
}

void
erase_answer(struct store *store, struct str body, struct json_doc *doc,
    struct arena *arena, struct answer *answer)
{
	const struct json *root = json_parse(doc, body);
	struct str comment, email;
	size_t count = 0;

	if (root == NULL || root->type != JSON_OBJECT ||
	    (json_get(root, "action")->type != JSON_ABSENT &&
		!str_is(json_text(root, "action", arena), "anonymise"))) {
		answer_error(answer, 400, "not a data deletion request");
		return;
	}
	comment = json_text(root, "comment", arena);
	email = json_text(root, "email", arena);
	if (email.len > 0)
		erase_email(store, email, comment, arena);
	JSON_EACH(identity, json_get(root, "identities"))
	{
		email = json_text(identity, "email", arena);
		if (email.len > 0) {
			erase_email(store, email, comment, arena);
			count++;
		}
	}
	if (email.len == 0) {
		answer_error(answer, 400, "email: not a valid value");
		return;
	}
	answer->status = 201;
	answer->rows = count;
	buf_add_format(&answer->body,
	    "{\"id\":\"%lld\",\"action\":"
	    "\"anonymise\",\"timestamp_completed\":"
	    "null}",
	    (long long)store_last_id(store));
}

void
erase_list(struct store *store, struct str id, struct answer *answer)
{
	sqlite3_stmt *select = store_get(store, STORE_ERASE_LIST);
	struct jsonw w = jsonw_start(&answer->body);

	bind_str_or_null(select, 1, id);
	jsonw_open(&w, '[');
	while (store_step(select)) {
		answer->rows++;
		jsonw_open(&w, '{');
		jsonw_member(&w, "id", column_str(select, 0));
		jsonw_member(&w, "action", STR("anonymise"));
		jsonw_member(&w, "comment", column_str(select, 1));
		jsonw_key(&w, "identities");
		jsonw_open(&w, '[');
		jsonw_open(&w, '{');
		jsonw_member(&w, "hashed_email", column_str(select, 2));
		jsonw_close(&w, '}');
		jsonw_close(&w, ']');
		jsonw_member(&w, "timestamp_completed", column_str(select, 3));
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
}

bool
erase_was(struct store *store, struct str email)
{
	sqlite3_stmt *select = store_get(store, STORE_ERASE_WAS);
	bool yes;

	bind_str(select, 1, email);
	yes = email.len > 0 && store_step(select);
	sqlite3_reset(select);
	return yes;
}
