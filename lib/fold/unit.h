#ifndef FOLD_UNIT_H
#define FOLD_UNIT_H

/*
 * Units of measure: between an order and its deliveries, between a movement and
 * the stock that it changes. SAP's units, their ISO
 * codes and the other names of one unit are equal by a built-in table; sections
 * [unit "UNIT"] and [unit "SKU:UNIT"] add to it, and replace what it says of
 * that unit (sap-ometria.conf(5)).
 */

#include "base/hash.h"
#include "base/ratio.h"
#include "fold/order.h"

/* STATUS_CONFIG when a factor of the configuration is not positive. */
enum status unit_rules_check(const struct config *config, struct diag *diag);

/* Of all that the configuration says of units. */
struct hash unit_rules_hash(const struct config *config);

/* Names by which a section may mean a product; any may be empty. */
#define UNIT_NAMES 3
struct unit_product {
	struct str names[UNIT_NAMES];
};

/*
 * A quantity of one unit of a product in another; with `to` empty in the unit
 * that the configuration makes it of in the end. Without `from` it stays what
 * it is. False when the two cannot be compared or a number does not fit.
 */
bool unit_convert(const struct config *config,
    const struct unit_product *product, struct str from, struct str to,
    struct ratio *quantity);

/*
 * What was despatched, in the unit of the order's line: the delivery's own
 * unit, else its base unit, else by the order's own conversion to its price
 * unit, else by the configuration. A unit that either does not name is the
 * other's. False when the two cannot be compared or a number does not fit.
 */
bool unit_despatched(const struct config *config, const struct order_line *line,
    const struct shipment_line *shipped, struct ratio *quantity);

#endif
