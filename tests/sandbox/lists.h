#ifndef SANDBOX_LISTS_H
#define SANDBOX_LISTS_H

/*
 * Lists of contacts (segments), which @add_to_lists and @remove_from_lists
 * change. A list is there since somebody was on it; what else Ometria knows of
 * one is not known here.
 */

#include "base/json.h"
#include "read.h"

/* The contact joins or leaves. */
void lists_join(struct store *store, struct str list, struct str collection,
    struct str id, bool joins);

/* What GET asks for, by its path: all lists, one, its contacts, or who joined
 * and left since. */
void lists_print(struct store *store, const struct query *query,
    const struct page *page, instant since, struct answer *answer);

#endif
