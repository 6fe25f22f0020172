#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

/*
 * What the sandbox holds, as a page for people: counts, the newest records,
 * requests, errors, warnings, campaigns. One HTML document without scripts;
 * every text is escaped.
 */

#include "store.h"

void page_print(struct store *store, struct buf *to);

#endif
