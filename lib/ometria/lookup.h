#ifndef OMETRIA_LOOKUP_H
#define OMETRIA_LOOKUP_H

/* Whether events of which the answer was lost did arrive. For lib/ometria
 * alone. */

#include "ometria/drain.h"

enum lookup {
	LOOKUP_UNKNOWN, /* stop() came first: it must not be sent */
	LOOKUP_THERE,
	LOOKUP_ABSENT /* as Ometria says, after the settle time */
};

/*
 * Each of an array of events as they are sent; found[] has a place for each.
 * What is not found is looked for once more after the settle time, since
 * processing takes a while: once for all.
 */
enum status lookup_events(struct drain *drain, struct str bytes,
    enum lookup *found, struct diag *diag);

/*
 * The same of a batch as it was sent. Ometria queues a batch as a whole, so a
 * few of its events stand for all.
 */
enum status lookup_batch(struct drain *drain, struct str bytes,
    enum lookup *found, struct diag *diag);

/*
 * The record that the answer to a question holds, NULL = there is none: 404, or
 * code 0, not asked. PROTOCOL for all else, such as a page of somebody in
 * between or half an answer, which is no evidence either way.
 */
enum status lookup_answer(struct drain *drain, long code, struct json_doc *doc,
    const struct json **record, struct diag *diag);

/* Append "/text" to a path, with all that is not plain escaped. */
void lookup_add_part(struct buf *path, struct str text);

#endif
