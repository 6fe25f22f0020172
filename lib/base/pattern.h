#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

/* Extended regular expressions of POSIX. Where memory runs out the process
 * ends: it is neither a wrong expression nor a text that does not match. */

#include <regex.h>
#include <stdbool.h>

/* False when it is no expression, and then there is nothing to free. */
bool pattern_compile(regex_t *pattern, const char *expression);
bool pattern_matches(const regex_t *pattern, const char *text);

#endif
