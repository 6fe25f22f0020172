#ifndef MAP_MOVEMENT_TYPE_H
#define MAP_MOVEMENT_TYPE_H

/*
 * SAP's movement types (BWART) as data: what each does to the unrestricted
 * stock of the plant and location in its line (source: SAP's
 * help page of movement types). A client's own types (9xx, Xxx, Yxx, Zxx) and
 * those that systems use differently are unknown.
 */

#include "base/buf.h"

enum movement_effect {
	MOVEMENT_UNKNOWN,
	MOVEMENT_NONE, /* does not touch unrestricted stock */
	MOVEMENT_PLUS,
	MOVEMENT_MINUS,
	MOVEMENT_TRANSFER, /* from the line's place to the receiving place */
	MOVEMENT_TRANSFER_BACK /* the reversal of it */
};

enum movement_effect movement_type_effect(struct str type);

/* Whether a type is a reversal by SAP's numbering: even numbers are. */
bool movement_type_reverses(struct str type);

#endif
