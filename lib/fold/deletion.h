#ifndef FOLD_DELETION_H
#define FOLD_DELETION_H

/*
 * What SAP's facts about the status of a customer do in Ometria: one table from
 * fact to action, [deletion] in the configuration. Pure.
 *
 *	deleted        KNA1-LOEVM, the general deletion flag
 *	privacy-block  KNA1-CVP_XBLCK, end of purpose
 *	function-003   a message that deletes (MSGFN 003)
 *	order-block    KNA1-AUFSD; in a sales area KNVV-AUFSD
 *	sales-area     in a sales area: KNVV-LOEVM or its privacy block
 *
 * Facts of a sales area act on that area's store, or on the person.
 */

#include "base/config.h"
#include "base/json.h"

/* By strength: the strongest of several facts counts. */
enum deletion_action {
	DELETION_NOTHING,
	DELETION_STORE, /* the store is no longer the contact's */
	DELETION_OPT_OUT,
	DELETION_ERASE /* and Ometria is asked to delete what it has */
};

/* Of MSGFN 003 in folded facts: a boolean that each customer record says. */
#define DELETION_REMOVED "removed"

/*
 * For a record or folded general data: the strongest action of its own facts,
 * and of its sales areas those that act on the person.
 */
enum deletion_action deletion_of(const struct json *facts,
    const struct config *config, struct arena *arena);
/* For one sales area. */
enum deletion_action deletion_of_area(const struct json *area,
    const struct config *config, struct arena *arena);
/* The facts that stand take all stores away. */
bool deletion_takes_stores(const struct json *facts,
    const struct config *config, struct arena *arena);

#endif
