#ifndef OMETRIA_PARCEL_H
#define OMETRIA_PARCEL_H

/* The records of a batch as Ometria wants them. For lib/ometria alone. */

#include "ometria/refuse.h"

/* A record with its payload, a span of the buffer of all. */
struct parcel {
	struct outbox_row row;
	size_t begin, len;
};

struct parcels {
	struct parcel *list; /* in the arena that they were packed with */
	size_t count;
	struct buf bytes;
	struct refusal *refused; /* there too */
	size_t refused_count;
};

/*
 * Pack rows of one kind, whose texts outlive the parcels. Left out is what is
 * not to be sent: a record that breaks a limit, which parcels_refuse refuses
 * then, an event of an erased person, which is withheld, and an event that
 * Ometria has although the state did not know it, which is written down as
 * accepted. The network is used for events alone.
 */
enum status parcels_pack(struct drain *drain, struct parcels *parcels,
    struct arena *arena, const struct outbox_row *rows, size_t count,
    struct diag *diag);

/* Refuse what breaks a limit, in transactions of its own. */
enum status parcels_refuse(struct drain *drain, struct parcels *parcels,
    struct diag *diag);

/* The request body of some of them, a JSON array; replaces what was in it. */
void parcels_join(const struct parcels *parcels, size_t from, size_t count,
    struct buf *body);

#endif
