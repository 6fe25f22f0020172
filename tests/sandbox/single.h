#ifndef SANDBOX_SINGLE_H
#define SANDBOX_SINGLE_H

/*
 * One record in a request of its own, which is stored at once: POST of
 * /products/ID, /orders/ID, /contacts/COLLECTION/ID and /custom-events/. And
 * the mail that is sent at once, POST /transactional-email/send.
 */

#include "post.h"

void single_post(struct post *post, struct answer *answer);
void single_mail(struct post *post, struct answer *answer);

#endif
