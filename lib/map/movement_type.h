#ifndef MAP_MOVEMENT_TYPE_H
#define MAP_MOVEMENT_TYPE_H

/*
 * SAP's movement types (BWART) as data: what each does to the unrestricted
 * stock of the plant and location in its line (source: SAP's
 * help page of movement types). A client's own types (9xx, Xxx, Yxx, Zxx) and
 * those that systems use differently are unknown, unless [movement] of the
 * configuration names them; it goes before the table.
 */

#include "base/config.h"

enum movement_effect {
	MOVEMENT_UNKNOWN,
	MOVEMENT_NONE, /* does not touch unrestricted stock */
	MOVEMENT_PLUS,
	MOVEMENT_MINUS,
	MOVEMENT_TRANSFER, /* from the line's place to the receiving place */
	MOVEMENT_TRANSFER_BACK /* the reversal of it */
};

enum movement_effect movement_type_effect(struct str type,
    const struct config *config);

/* Whether a type is the reversal of another. */
bool movement_type_reverses(struct str type);
/* Whether the special stock in a line of that type is the other side of the
 * movement, so that the line is about own stock nevertheless. */
bool movement_type_other(struct str type);

#endif
