#include "lists.h"

#include "base/jsonw.h"

void
lists_join(struct store *store, struct str list, struct str collection,
    struct str id, bool joins)
{
	sqlite3_stmt *change =
	    store_get(store, joins ? STORE_LIST_ADD : STORE_LIST_DROP);

	bind_str(change, 1, list);
	bind_str(change, 2, collection);
	bind_str(change, 3, id);
	store_run(change);
	if (sqlite3_changes(sqlite3_db_handle(change)) == 0)
		return;
	change = store_get(store, STORE_LIST_CHANGE);
	bind_str(change, 1, list);
	bind_str(change, 2, collection);
	bind_str(change, 3, id);
	bind_str(change, 4, joins ? STR("added") : STR("removed"));
	bind_int(change, 5, instant_now());
	store_run(change);
}

static void
print_list(struct jsonw *w, sqlite3_stmt *row)
{
	jsonw_open(w, '{');
	jsonw_member(w, "@type", STR("list"));
	jsonw_member(w, "id", column_str(row, 0));
	jsonw_member_int(w, "size", sqlite3_column_int64(row, 1));
	jsonw_member(w, "status", STR("READY"));
	jsonw_member_time(w, "timestamp_created", sqlite3_column_int64(row, 2));
	jsonw_member_time(w, "timestamp_last_refreshed",
	    sqlite3_column_int64(row, 3));
	jsonw_member(w, "title", column_str(row, 0));
	jsonw_member(w, "type", STR("STATIC"));
	jsonw_close(w, '}');
}

static void
print_contact(struct jsonw *w, sqlite3_stmt *row)
{
	jsonw_open(w, '{');
	jsonw_member(w, "@type", STR("contact"));
	jsonw_member(w, "@collection", column_str(row, 0));
	jsonw_member(w, "id", column_str(row, 1));
	jsonw_close(w, '}');
}

static void
print_change(struct jsonw *w, sqlite3_stmt *row)
{
	jsonw_open(w, '{');
	jsonw_member(w, "@collection", column_str(row, 0));
	jsonw_member(w, "id", column_str(row, 1));
	jsonw_member(w, "change", column_str(row, 2));
	jsonw_member_time(w, "timestamp", sqlite3_column_int64(row, 3));
	jsonw_close(w, '}');
}

static void
print_rows(sqlite3_stmt *select, const struct page *page, instant since,
    void (*print)(struct jsonw *w, sqlite3_stmt *row), struct answer *answer)
{
	struct jsonw w = jsonw_start(&answer->body);

	bind_int(select, 2, page->limit);
	bind_int(select, 3, page->offset);
	if (sqlite3_bind_parameter_count(select) > 3)
		bind_int(select, 4, since);
	jsonw_open(&w, '[');
	while (store_step(select)) {
		print(&w, select);
		answer->rows++;
	}
	jsonw_close(&w, ']');
}

/* The list of this id alone; false when there is none. */
static bool
print_one(struct store *store, struct str id, struct buf *to)
{
	sqlite3_stmt *select = store_get(store, STORE_LISTS);
	struct jsonw w = jsonw_start(to);
	bool found;

	bind_str(select, 1, id);
	bind_int(select, 2, 1);
	bind_int(select, 3, 0);
	found = store_step(select);
	if (found)
		print_list(&w, select);
	sqlite3_reset(select);
	return found;
}

void
lists_print(struct store *store, const struct query *query,
    const struct page *page, instant since, struct answer *answer)
{
	bool changes = query->count > 2 && str_is(query->parts[2], "changes");
	sqlite3_stmt *select;

	if (query->count == 1) {
		print_rows(store_get(store, STORE_LISTS), page, since,
		    print_list, answer);
		return;
	}
	if (!print_one(store, query->parts[1], &answer->body)) {
		answer_error(answer, 404,
		    "list with specified ID was not found");
		return;
	}
	answer->rows = 1;
	if (query->count == 2)
		return;
	buf_clear(&answer->body);
	answer->rows = 0;
	select =
	    store_get(store, changes ? STORE_LIST_CHANGES : STORE_LIST_MEMBERS);
	bind_str(select, 1, query->parts[1]);
	print_rows(select, page, since, changes ? print_change : print_contact,
	    answer);
}
