#ifndef PUSH_DELIVER_H
#define PUSH_DELIVER_H

/* The modes: standard input first, records while others leave, rehearsal. */

#include "push.h"

/*
 * The open state: standard input to its end, unless --drain or --follow; what
 * is to be sent again; then everything that may leave now. With --follow
 * records are taken until their input ends. TRY_AGAIN: another pusher is at
 * work, and delivers what came here as well.
 */
enum status deliver_run(struct push *push);

#endif
