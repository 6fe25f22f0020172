#ifndef PUSH_SETTINGS_H
#define PUSH_SETTINGS_H

/* What the options and the configuration ask for. */

#include "push.h"

/* The options into the run; USAGE when they do not go together or mean
 * nothing. */
enum status settings_read(struct push *push);
/* What the drain has to know, once the state is open. */
void settings_drain(struct push *push);

#endif
