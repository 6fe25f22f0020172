/* Country codes and the forms of postcodes. */

#include "base/country.h"
#include "tap.h"

int
main(void)
{
	static const struct {
		const char *code;
		bool known;
	} codes[] = {
		{ "GB", true },
		{ "ZW", true },
		{ "AD", true },
		{ "UK", false },
		{ "QQ", false },
		{ "gb", false },
		{ "D A", false },
		{ "", false },
		{ "D ", false },
	};
	static const struct {
		const char *code, *postcode;
		bool fits;
	} postcodes[] = {
		{ "GB", "LS1 4AP", true },
		{ "GB", "ls14ap", true },
		{ "GB", "EC1A 1BB", true },
		{ "GB", "LS 4AP", false },
		{ "GB", "12345", false },
		{ "DE", "80331", true },
		{ "DE", "D-80331", false },
		{ "DE", "DE-80331", true },
		{ "DE", "8033", false },
		{ "NL", "1012 AB", true },
		{ "US", "10001-1234", true },
		{ "US", "10001-12", false },
		{ "SE", "SE-111 22", true },
		{ "PL", "00-001", true },
		{ "DE", "", false },
		{ "DE", "803310000000000000000000", false },
		{ "HK", "whatever", true },
		{ "", "whatever", true },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		OK(country_known(str_of(codes[i].code)) == codes[i].known,
		    codes[i].code);
	for (size_t i = 0; i < sizeof(postcodes) / sizeof(postcodes[0]); i++)
		OK(country_postcode_fits(str_of(postcodes[i].code),
		       str_of(postcodes[i].postcode)) == postcodes[i].fits,
		    postcodes[i].postcode);
	DONE();
}
