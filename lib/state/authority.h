#ifndef STATE_AUTHORITY_H
#define STATE_AUTHORITY_H

/*
 * Who owns which fact of a customer: [authority] in the configuration. Facts:
 * email, phone, name (with the title), country, properties, consent.
 */

#include "base/config.h"

enum authority {
	AUTHORITY_SAP, /* SAP's word alone, whatever the shop says */
	AUTHORITY_SHOP, /* the shop's where it said something, else SAP's */
	AUTHORITY_OMETRIA /* nothing leaves: what Ometria has stays */
};

enum authority authority_of(const struct config *config, const char *fact);

#endif
