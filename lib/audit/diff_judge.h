#ifndef AUDIT_DIFF_JUDGE_H
#define AUDIT_DIFF_JUDGE_H

/* One record as SAP wants it beside the same as Ometria shows it: for
 * lib/audit/diff alone. Pure. */

#include "audit/diff.h"
#include "ometria/compare.h"

struct diff_judge {
	const struct side_ometria *ometria; /* what it can tell */
	struct json_doc mine, theirs; /* of the last pair */
	struct arena arena;
	struct comparison comparison; /* valid until the next pair */
};

/* The class of the record; DIFF_CLASS_COUNT when nothing differs. */
enum diff_class diff_judge(struct diff_judge *judge, enum desired_kind kind,
    struct str payload, struct str json);
void diff_judge_free(struct diff_judge *judge);

#endif
