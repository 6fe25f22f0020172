#ifndef SANDBOX_SHAPE_H
#define SANDBOX_SHAPE_H

/* How values are returned: money as numbers or strings, times in other forms
 * (switch.h). Everything else is left as it was sent. */

#include "base/buf.h"

/* Append JSON text, or the rest of one, in the shape that is set. */
void shape_add(struct buf *to, struct str json);

#endif
