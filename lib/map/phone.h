#ifndef MAP_PHONE_H
#define MAP_PHONE_H

/*
 * Telephone numbers as E.164: "+" and 8 to 15 digits (ITU-T E.164). National
 * numbers need the country (ISO alpha-2). What cannot be told for sure stays
 * as it was typed: a guess would reach somebody else's telephone.
 */

#include "base/arena.h"

/* True with the number in E.164, false when it could not be made so. */
bool phone_e164(struct str typed, struct str country, struct arena *arena,
    struct str *number);

#endif
