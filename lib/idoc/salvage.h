#ifndef IDOC_SALVAGE_H
#define IDOC_SALVAGE_H

/*
 * What can still be told of a spoiled XML IDoc, by a plain scan of its bytes:
 * control fields that the parser had not reached, and the customer of a DEBMAS
 * (KUNNR) or ADRMAS (OBJ_ID of object type KNA1). Nothing is guessed: a value
 * counts only when its end tag is there and it is made of the characters that
 * such values have.
 */

#include "idoc/idoc.h"

/* Fill the empty fields of control; values point into raw. */
void salvage_control(struct str raw, struct idoc_control *control);

/* The customer number or empty; points into raw. */
struct str salvage_customer(struct str raw, const struct idoc_control *control);

/* Whether such a message is about a customer: a DEBMAS, an ADRMAS. */
bool salvage_is_debmas(const struct idoc_control *control);
bool salvage_is_adrmas(const struct idoc_control *control);

/* A number fit to be one: 1 to 10 letters or digits. */
bool salvage_is_number(struct str text);

#endif
