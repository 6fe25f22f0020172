#ifndef AUDIT_SAPLIST_H
#define AUDIT_SAPLIST_H

/*
 * SAP's own list of the IDocs it sent, table EDIDC as somebody exported it:
 * separated by comma, semicolon, tab or the bars of transaction SE16, with
 * titles and rules around it, its columns named as fields (DOCNUM, MESTYP,
 * CREDAT, CRETIM, STATUS) or as SAP shows them in English or German. Numbers
 * count with and without leading zeros.
 *
 * IDocs that by their status never left SAP are not missed, and inbound ones
 * (status 50 and above) are passed over. Without a status all were sent.
 */

#include "state/state.h"

struct saplist;

/* NO_INPUT, IO, or DATA when it has no column of IDoc numbers. */
enum status saplist_read(struct saplist **list, const char *file,
    struct diag *diag);
void saplist_free(struct saplist *list);

/*
 * The list against the ledger: a table by message type, a line for each IDoc
 * that was sent and never received, or received and is not on the list (at
 * most 100 of them unless all), and a verdict. What was received is looked at
 * for the message types of the list, in the time from its first to its last
 * entry. Once for a list.
 */
enum status saplist_write(struct saplist *list, struct state *state,
    struct buf *to, bool all, bool *holds, struct diag *diag);

#endif
