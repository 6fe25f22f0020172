#ifndef SANDBOX_FIELDS_H
#define SANDBOX_FIELDS_H

/*
 * Custom fields: whatever objects are sent, by their id, which is given to
 * those that have none. What is in them is not documented.
 */

#include "post.h"

void fields_print(struct store *store, const struct page *page,
    struct answer *answer);
/* Routes of post.c: POST adds or replaces, PUT replaces, DELETE takes away. */
void fields_post(struct post *post, struct answer *answer);
void fields_put(struct post *post, struct answer *answer);
void fields_delete(struct post *post, struct answer *answer);

#endif
