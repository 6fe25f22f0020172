#ifndef PUSH_RESEND_H
#define PUSH_RESEND_H

/* --resend KIND[:ID]: what Ometria has leaves once more. */

#include "push.h"

/* Each of the options given. USAGE when one names nothing. */
enum status resend_run(struct push *push);

#endif
