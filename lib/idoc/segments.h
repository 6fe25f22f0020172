#ifndef IDOC_SEGMENTS_H
#define IDOC_SEGMENTS_H

/*
 * The segments that a run knows: the standard ones, and those of SAP's reports
 * (we60.h) that [sap] segments and --segments name.
 */

#include "base/arena.h"
#include "base/tool.h"
#include "idoc/dictionary.h"

struct segments {
	struct dictionary *dictionary; /* NULL: the standard ones alone */
	struct arena names; /* of the reports */
};

/*
 * Read the reports: first those of the configuration, whose names are taken
 * from the folder of its file, then those of the command line; later ones win.
 * STATUS_NO_INPUT when one of the command line is not there, else
 * STATUS_CONFIG. segments is to be freed in any case.
 */
enum status segments_load(struct segments *segments, const struct tool_run *run,
    struct diag *diag);
void segments_free(struct segments *segments);

#endif
