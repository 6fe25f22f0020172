#ifndef STOCK_AGGREGATE_LEVELS_H
#define STOCK_AGGREGATE_LEVELS_H

/*
 * SAP's stock list (MB52, MARD) as stock_level records: one for each material,
 * plant and location, rows of its batches added up. Columns are found by their
 * names, SAP's or those of [levels]; rows of a special stock are left out. A
 * row that cannot be read is a record as well, named FILE:LINE, so that it
 * becomes an exception. Memory does not grow with the list.
 */

#include "sku/sku.h"
#include "stock.h"

struct levels_rule {
	const struct config *config;
	const char *file;
	instant as_of;
	bool partial; /* it may be empty */
	bool comma; /* decimals stand behind a comma, not a point */
	struct sku_rule sku;
};

struct levels {
	int fd; /* of the records, at their beginning; the caller closes it */
	struct names plants; /* of the list */
	uint64_t faulty; /* rows and sums that could not be read */
};

/* NO_INPUT when the file cannot be read, DATA when it has no heading
 * or, unless it is partial, nothing behind it. */
enum status levels_read(struct levels *levels, const struct levels_rule *rule,
    struct diag *diag);

#endif
