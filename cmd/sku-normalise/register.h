#ifndef SKU_NORMALISE_REGISTER_H
#define SKU_NORMALISE_REGISTER_H

/*
 * Records with a state: every material number goes into the SKU register, and
 * two materials that collapse into one SKU become a sku-collision exception;
 * the one that loses its SKU goes on without.
 */

#include "normalise.h"

enum status register_run(struct normaliser *normaliser,
    const struct config *config, const char *path, struct diag *diag);

#endif
