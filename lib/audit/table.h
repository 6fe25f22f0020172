#ifndef AUDIT_TABLE_H
#define AUDIT_TABLE_H

/*
 * A table for a person: cells row by row, columns as wide as their widest
 * cell, two blanks between them, texts left and numbers right.
 */

#include "base/buf.h"

#define TABLE_COLUMNS 16
#define TABLE_BOLD "\033[1m"
#define TABLE_PLAIN "\033[m"

struct table {
	size_t columns;
	bool bold; /* the first row, by a terminal's sequences */
	struct buf text; /* all cells, one behind the other */
	size_t *ends; /* of each cell in text */
	bool *right;
	size_t count, size;
};

void table_start(struct table *table, size_t columns);
/* Control characters become blanks. */
void table_text(struct table *table, struct str text);
void table_head(struct table *table, const char *text); /* over numbers */
void table_number(struct table *table, uint64_t number);
/* Append to `to`, indented, and free the table. */
void table_write(struct table *table, struct buf *to, size_t indent);

#endif
