#ifndef BASE_CURRENCY_H
#define BASE_CURRENCY_H

/*
 * Minor units of currencies (ISO 4217): how many decimals an amount has. Two
 * where nothing else is known, also for an empty code.
 */

#include "base/buf.h"

#define CURRENCY_DIGITS_MAX 4

unsigned currency_digits(struct str code);

#endif
