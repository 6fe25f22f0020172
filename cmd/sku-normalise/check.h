#ifndef SKU_NORMALISE_CHECK_H
#define SKU_NORMALISE_CHECK_H

/*
 * The audit of product ids: two lists of SKUs, and for each SKU of one that the
 * other does not have its probable partner there and what tells the two apart.
 * Memory is bounded: the lists are put in order on disk.
 */

#include "base/tool.h"

/*
 * The two files: JSON lines (the member "sku", else "id", else "product_id"), a
 * table of separated cells (the column of that name, in any case, else the
 * first), or plain text. "-" is standard input. Prints side, sku, partner and
 * why, by tabs; FINDINGS when there is anything to print. state: the register,
 * which knows partners as well; NULL for none.
 */
enum status check_run(struct tool_run *run, char **files, bool json,
    const char *state, struct diag *diag);

#endif
