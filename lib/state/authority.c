#include "state/authority.h"

enum authority
authority_of(const struct config *config, const char *fact)
{
	struct str owner = str_of(config_text(config, "authority", NULL, fact));

	if (str_is(owner, "shop"))
		return AUTHORITY_SHOP;
	return str_is(owner, "ometria") ? AUTHORITY_OMETRIA : AUTHORITY_SAP;
}
