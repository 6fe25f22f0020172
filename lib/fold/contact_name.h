#ifndef FOLD_CONTACT_NAME_H
#define FOLD_CONTACT_NAME_H

/*
 * Whose name a contact bears: a person's own, or that of a contact person
 * (KNVK) when the customer is a company or has no name. Pure.
 *
 * A customer is a company by its account group ([customer] company-groups,
 * person-groups: who is not in the latter) or by its title (company-titles). A
 * company's own name and title are nobody's. While the account group that
 * decides is not known, neither is the name.
 */

#include "base/config.h"
#include "base/json.h"

struct contact_name {
	struct str prefix, first, last; /* trimmed; empty when there is none */
};

/* From the facts of general data or a shop's record; texts live in the arena
 * or in the facts. */
struct contact_name contact_name(const struct json *facts,
    const struct config *config, struct arena *arena);

#endif
