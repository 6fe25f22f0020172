/*
 * The yardstick of an aggregator: its own rows, upserted by a bare loop.
 *
 *	upsert orders|stock STATE NEW <RECORDS
 *
 * STATE is what the aggregator made of the records. For each record the rows
 * of its IDoc and of its order or movement are upserted into NEW, which has the
 * same tables and indexes, 500 records a transaction, as durably as the tool
 * does it. All rows are in memory before the clock starts. Prints seconds and
 * rows.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>

#define BATCH 500
#define COLUMNS 32

static sqlite3 *from, *to;

static void
fail(const char *what)
{
	fprintf(stderr, "upsert: %s: %s\n", what,
	    sqlite3_errmsg(to != NULL ? to : from));
	exit(1);
}

/* A table's rows that belong to one key, and the statement that puts them. */
struct table {
	const char *name;
	const char *query; /* key first, then all columns */
	sqlite3_stmt *put;
	sqlite3_value **values;
	char **keys;
	size_t columns, rows, room;
};

static struct table idocs[] = {
	{ .name = "idoc", .query = "SELECT id, * FROM idoc ORDER BY id" },
	{ .name = "idoc_record",
	    .query = "SELECT idoc, * FROM idoc_record ORDER BY idoc" },
};

static struct table orders[] = {
	{ .name = "orders", .query = "SELECT id, * FROM orders ORDER BY id" },
	{ .name = "order_document",
	    .query = "SELECT order_id, * FROM order_document"
		     " ORDER BY order_id, document" },
	{ .name = "order_line",
	    .query = "SELECT order_id, * FROM order_line"
		     " ORDER BY order_id, document, line" },
	{ .name = "outbox",
	    .query = "SELECT id, * FROM outbox WHERE kind = 2 ORDER BY id" },
};

/* Each movement with the cell that it changes. */
static struct table stock[] = {
	{ .name = "movement",
	    .query = "SELECT id, * FROM movement ORDER BY id" },
	{ .name = "stock",
	    .query = "SELECT m.id, s.* FROM movement AS m"
		     " JOIN stock AS s USING(item, plant, location)"
		     " ORDER BY m.id" },
};

static struct table *facts = orders;
static size_t fact_count;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
load(struct table *table)
{
	sqlite3_stmt *rows;

	if (sqlite3_prepare_v2(from, table->query, -1, &rows, NULL))
		fail(table->name);
	table->columns = (size_t)sqlite3_column_count(rows) - 1;
	while (sqlite3_step(rows) == SQLITE_ROW) {
		if (table->rows == table->room) {
			table->room = table->room ? 2 * table->room : 1024;
			table->keys = realloc(table->keys,
			    table->room * sizeof(*table->keys));
			table->values = realloc(table->values,
			    table->room * table->columns *
				sizeof(*table->values));
		}
		table->keys[table->rows] =
		    strdup((const char *)sqlite3_column_text(rows, 0));
		for (size_t i = 0; i < table->columns; i++)
			table->values[table->rows * table->columns + i] =
			    sqlite3_value_dup(
				sqlite3_column_value(rows, (int)i + 1));
		table->rows++;
	}
	sqlite3_finalize(rows);
}

static int
copy_schema(void *user, int count, char **values, char **names)
{
	(void)user, (void)count, (void)names;
	return sqlite3_exec(to, values[0], NULL, NULL, NULL);
}

/* INSERT ... ON CONFLICT DO UPDATE of every column. */
static void
prepare(struct table *table)
{
	char sql[4096], question[256];
	sqlite3_stmt *columns;
	size_t len = 0, marks = 0;

	snprintf(sql, sizeof(sql), "SELECT * FROM %s LIMIT 0", table->name);
	sqlite3_prepare_v2(to, sql, -1, &columns, NULL);
	for (size_t i = 0; i < table->columns; i++)
		marks += (size_t)snprintf(question + marks,
		    sizeof(question) - marks, "%s?", i > 0 ? "," : "");
	len = (size_t)snprintf(sql, sizeof(sql),
	    "INSERT INTO %s VALUES(%s) ON CONFLICT DO UPDATE SET ", table->name,
	    question);
	for (size_t i = 0; i < table->columns; i++)
		len += (size_t)snprintf(sql + len, sizeof(sql) - len,
		    "%s%s=excluded.%s", i > 0 ? "," : "",
		    sqlite3_column_name(columns, (int)i),
		    sqlite3_column_name(columns, (int)i));
	sqlite3_finalize(columns);
	if (sqlite3_prepare_v3(to, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&table->put, NULL))
		fail(sql);
}

static void
put_row(struct table *table, size_t row)
{
	for (size_t i = 0; i < table->columns; i++)
		sqlite3_bind_value(table->put, (int)i + 1,
		    table->values[row * table->columns + i]);
	if (sqlite3_step(table->put) != SQLITE_DONE)
		fail(table->name);
	sqlite3_reset(table->put);
}

/* The first row of a key: rows are sorted by it. */
static size_t
first_row(const struct table *table, const char *key)
{
	size_t low = 0, high = table->rows;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(table->keys[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
put_event(size_t event, const char *id)
{
	size_t rows = 0;

	for (size_t t = 0; t < COUNT(idocs); t++)
		if (event < idocs[t].rows) {
			put_row(&idocs[t], event);
			rows++;
		}
	for (size_t t = 0; t < fact_count; t++)
		for (size_t row = first_row(&facts[t], id);
		     row < facts[t].rows && strcmp(facts[t].keys[row], id) == 0;
		     row++, rows++)
			put_row(&facts[t], row);
	return rows;
}

/* The "id" of each line of standard input. */
static char **
read_ids(size_t *count)
{
	char **ids = NULL, *line = NULL;
	size_t room = 0, size = 0;

	for (*count = 0; getline(&line, &size, stdin) > 0; (*count)++) {
		char *id = strstr(line, "\"id\":\""), *end;

		if (id == NULL || (end = strchr(id + 6, '"')) == NULL)
			continue;
		*end = '\0';
		if (*count == room) {
			room = room ? 2 * room : 1024;
			ids = realloc(ids, room * sizeof(*ids));
		}
		ids[*count] = strdup(id + 6);
	}
	free(line);
	return ids;
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	size_t count, rows = 0;
	double begun;
	char **ids;

	if (argc != 4 || sqlite3_open(argv[2], &from))
		return 64;
	fact_count = COUNT(orders);
	if (strcmp(argv[1], "stock") == 0) {
		facts = stock;
		fact_count = COUNT(stock);
	}
	for (size_t i = 0; i < COUNT(idocs); i++)
		load(&idocs[i]);
	for (size_t i = 0; i < fact_count; i++)
		load(&facts[i]);
	ids = read_ids(&count);
	if (sqlite3_open(argv[3], &to) ||
	    sqlite3_exec(to,
		"PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
		"PRAGMA foreign_keys=OFF;PRAGMA cache_size=-8000;PRAGMA wal_autocheckpoint=4000",
		NULL, NULL, NULL) ||
	    sqlite3_exec(from,
		"SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND"
		" tbl_name IN ('idoc', 'idoc_record', 'orders',"
		" 'order_document', 'order_line', 'outbox', 'movement',"
		" 'stock')"
		" ORDER BY type = 'index'",
		copy_schema, NULL, NULL))
		fail("open");
	for (size_t i = 0; i < COUNT(idocs); i++)
		prepare(&idocs[i]);
	for (size_t i = 0; i < fact_count; i++)
		prepare(&facts[i]);
	begun = seconds();
	for (size_t i = 0; i < count; i++) {
		if (i % BATCH == 0)
			sqlite3_exec(to, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		rows += put_event(i, ids[i]);
		if (i % BATCH == BATCH - 1 || i + 1 == count)
			sqlite3_exec(to, "COMMIT", NULL, NULL, NULL);
	}
	printf("%.4f %zu\n", seconds() - begun, rows);
	sqlite3_close(to);
	return 0;
}
