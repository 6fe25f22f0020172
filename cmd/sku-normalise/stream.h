#ifndef SKU_NORMALISE_STREAM_H
#define SKU_NORMALISE_STREAM_H

/*
 * Standard input to standard output, without a state. Lines that wait are
 * written whenever the input is idle, so that nothing stays in the tool.
 *
 * A line that cannot be used, by mode:
 * - records: a record-invalid exception takes its place, STATUS_FINDINGS;
 * - keys: it is left out, a message names its number, STATUS_DATA at the end;
 * - text: any line can be used, but a last one without its newline is as above.
 */

#include "base/tool.h"
#include "normalise.h"

enum stream_mode {
	STREAM_RECORDS,
	STREAM_KEYS,
	STREAM_TEXT
};

enum status stream_run(struct normaliser *normaliser, enum stream_mode mode,
    const struct tool_run *run, struct diag *diag);

#endif
