#ifndef IDOC_SECRET_H
#define IDOC_SECRET_H

/*
 * What never leaves SAP, whoever asks for it: payment cards, bank accounts,
 * birth dates, names and numbers of users, cashiers and clerks, what is said
 * of a contact's private life. The readers do not keep such a field, so that
 * no record, no exception and no raw tree can hold it; a configured path that
 * names one is refused.
 *
 * Field names are SAP's, of the segments' own notes (transaction WE60) and of
 * the BAPIs that segments are made from. A field of a customer's own that
 * holds such data under another name cannot be known here.
 */

#include "base/buf.h"

/* Whether a field is secret, in a segment of that type (E1EDK36, not E2..). */
bool secret_field(struct str type, struct str field);

/* Whether it is so in every segment. */
bool secret_name(struct str field);

/*
 * Whether all fields of that segment are secret but a few: also those that no
 * table has, its data without a layout (SDATA), and what a longer line holds
 * behind its last known field.
 */
bool secret_segment(struct str type);

#endif
