#ifndef IDOC_PARSE_SEGMENTS_H
#define IDOC_PARSE_SEGMENTS_H

/* The known segments as a person reads them: --list-segments. */

#include "idoc/segments.h"

/*
 * Print what is known as a table on standard output: all segments, or the
 * fields of the one that name (a type or a definition, in any case) means.
 * STATUS_FINDINGS when there is none, which is said.
 */
enum status segments_list(const struct segments *segments,
    const struct tool_run *run, const char *name);

#endif
