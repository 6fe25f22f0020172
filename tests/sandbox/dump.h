#ifndef SANDBOX_DUMP_H
#define SANDBOX_DUMP_H

/* What the sandbox holds, as text that tests compare. */

#include "base/out.h"
#include "store.h"

enum dump_kind {
	DUMP_RECORDS, /* "contact sap 1001 {json}", sorted */
	DUMP_JOURNAL, /* seq method path status type count ids, by tabs */
	DUMP_HISTORY, /* seq request type id body, by tabs */
	DUMP_ERRORS, /* request type id message path, by tabs */
	DUMP_WARNINGS, /* request code type id detail, by tabs */
	DUMP_CAMPAIGNS /* profile campaign outcome reason id time, by tabs */
};

enum status dump(struct store *store, enum dump_kind kind, struct out *out,
    struct diag *diag);

#endif
