#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

/*
 * The HTTP side: one thread of libmicrohttpd on 127.0.0.1. It takes `lock`
 * around everything that touches the store or the queue, so that the main
 * thread can process the queue between requests. Each request is one
 * transaction with one row of the journal.
 */

#include <pthread.h>
#include <stdatomic.h>

#include "push.h"
#include "rate.h"

struct sandbox {
	const char *key;
	struct store *store;
	struct queue queue;
	struct rate rates[RATE_COUNT];
	struct json_doc doc;
	struct arena arena;
	pthread_mutex_t lock;
	atomic_bool stopping; /* ends the waiting of slow answers */
};

struct MHD_Daemon;

/* Listens on port (0 = any); sets *port; NULL with diag when it cannot. */
struct MHD_Daemon *http_start(struct sandbox *sandbox, uint16_t *port,
    struct diag *diag);
/* Ends the thread; connections are closed. */
void http_stop(struct sandbox *sandbox, struct MHD_Daemon *daemon);

#endif
