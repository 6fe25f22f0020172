#ifndef SANDBOX_SPOIL_H
#define SANDBOX_SPOIL_H

/* Answers that do not arrive as they were meant (fault.h). */

#include <microhttpd.h>

#include "fault.h"

/*
 * The answer as a response of the server, spoilt when these faults say so; the
 * body is taken over. NULL when there is no memory.
 */
struct MHD_Response *spoil_response(const struct fault_hits *faults,
    struct buf *body);

#endif
