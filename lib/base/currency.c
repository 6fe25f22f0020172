#include "base/currency.h"

#define CURRENCY_DIGITS 2

/* Those that have not two decimals: ISO 4217, list one. */
static const struct {
	const char *code;
	unsigned digits;
} exceptions[] = {
	{ "BHD", 3 },
	{ "BIF", 0 },
	{ "CLF", 4 },
	{ "CLP", 0 },
	{ "DJF", 0 },
	{ "GNF", 0 },
	{ "IQD", 3 },
	{ "ISK", 0 },
	{ "JOD", 3 },
	{ "JPY", 0 },
	{ "KMF", 0 },
	{ "KRW", 0 },
	{ "KWD", 3 },
	{ "LYD", 3 },
	{ "OMR", 3 },
	{ "PYG", 0 },
	{ "RWF", 0 },
	{ "TND", 3 },
	{ "UGX", 0 },
	{ "UYI", 0 },
	{ "UYW", 4 },
	{ "VND", 0 },
	{ "VUV", 0 },
	{ "XAF", 0 },
	{ "XOF", 0 },
	{ "XPF", 0 },
};

unsigned
currency_digits(struct str code)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (str_is(code, exceptions[i].code))
			return exceptions[i].digits;
	return CURRENCY_DIGITS;
}
