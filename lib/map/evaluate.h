#ifndef MAP_EVALUATE_H
#define MAP_EVALUATE_H

/*
 * Rows worked out: from an IDoc to the results of at->results, which row.h's
 * row_value() and the writer of the record read.
 */

#include "map/row.h"

/* All values below a record's or a list element's node, lists excepted;
 * at->scope is entered (path_enter) for the segment it stands at. */
void evaluate_all(const struct row_at *at, const struct row_node *parent);

#endif
