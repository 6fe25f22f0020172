#ifndef BASE_CONFIG_HINT_H
#define BASE_CONFIG_HINT_H

/* What is wrong with a name or value of the configuration, and what was meant
 * by it. For lib/base/config.c alone. */

#include "base/config.h"

/* A section that does not exist, or one with (without) a label that takes
 * none (one). The text says so. */
void config_hint_section(struct str name, bool labelled, struct buf *text);
/* A key that its section does not have: the nearest one that it has, else the
 * section that has it. */
void config_hint_key(struct str section, bool labelled, const char *key,
    struct buf *text);
/* A value that is none of "a|b|c". */
void config_hint_choice(const char *choices, const char *value,
    struct buf *text);

#endif
