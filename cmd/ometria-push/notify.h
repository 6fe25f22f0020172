#ifndef PUSH_NOTIFY_H
#define PUSH_NOTIFY_H

/*
 * What a service manager is told: plain datagrams to the socket that the
 * environment names (NOTIFY_SOCKET, WATCHDOG_USEC; sd_notify(3)). Without them
 * nothing happens.
 */

#include "base/buf.h"

struct notify {
	int fd; /* -1 = nobody listens */
	int64_t watchdog; /* milliseconds between signs of life, 0 = none */
	int64_t alive; /* ticks of the last one */
};

void notify_open(struct notify *notify);
void notify_close(struct notify *notify);
/* "READY=1", "STOPPING=1", "STATUS=..."; lost when it cannot be sent. */
void notify_say(const struct notify *notify, const char *text);
/* A sign of life, when one is due. */
void notify_alive(struct notify *notify);

#endif
