/* The class of a record by the fields in which both sides differ. */

#include "audit/diff_judge.h"
#include "tap.h"

int
main(void)
{
	static const struct {
		const char *what;
		enum desired_kind kind;
		const char *sap, *ometria;
		enum diff_class want;
	} cases[] = {
		{ "nothing", DESIRED_ORDER, "{\"id\":\"1\",\"tax\":8.00}",
		    "{\"id\":\"1\",\"tax\":\"8\",\"more\":1}",
		    DIFF_CLASS_COUNT },
		{ "a field", DESIRED_ORDER, "{\"tax\":8.00}", "{\"tax\":8.01}",
		    DIFF_FIELD },
		{ "an earlier status", DESIRED_ORDER,
		    "{\"status\":\"shipped\"}", "{\"status\":\"confirmed\"}",
		    DIFF_STATUS },
		{ "a later status", DESIRED_ORDER, "{\"status\":\"confirmed\"}",
		    "{\"status\":\"shipped\"}", DIFF_FIELD },
		{ "a status of others", DESIRED_ORDER,
		    "{\"status\":\"shipped\"}", "{\"status\":\"complete\"}",
		    DIFF_FIELD },
		{ "another customer", DESIRED_ORDER,
		    "{\"customer\":{\"id\":\"1\"}}",
		    "{\"customer\":{\"id\":\"2\"}}", DIFF_CUSTOMER },
		{ "no customer", DESIRED_ORDER, "{\"customer\":{\"id\":\"1\"}}",
		    "{}", DIFF_CUSTOMER },
		{ "another e-mail of the order", DESIRED_ORDER,
		    "{\"customer\":{\"id\":\"1\",\"email\":\"a@b\"}}",
		    "{\"customer\":{\"id\":\"1\",\"email\":\"c@d\"}}",
		    DIFF_CLASS_COUNT },
		{ "a customer before a status", DESIRED_ORDER,
		    "{\"status\":\"shipped\",\"customer\":{\"id\":\"1\"}}",
		    "{\"status\":\"pending\",\"customer\":{\"id\":\"2\"}}",
		    DIFF_CUSTOMER },
		{ "a status before what follows from it", DESIRED_ORDER,
		    "{\"status\":\"cancelled\",\"is_valid\":false}",
		    "{\"status\":\"shipped\",\"is_valid\":true}", DIFF_STATUS },
		{ "a padded line", DESIRED_ORDER,
		    "{\"lineitems\":[{\"product_id\":\"12345\"}]}",
		    "{\"lineitems\":[{\"product_id\":\"0012345\"}]}",
		    DIFF_PADDED },
		{ "the tenth line", DESIRED_ORDER,
		    "{\"lineitems\":[{\"sku\":\"1\"},{\"sku\":\"1\"},"
		    "{\"sku\":\"1\"},{\"sku\":\"1\"},{\"sku\":\"1\"},"
		    "{\"sku\":\"1\"},{\"sku\":\"1\"},{\"sku\":\"1\"},"
		    "{\"sku\":\"1\"},{\"sku\":\"1\"},{\"sku\":\"1\"}]}",
		    "{\"lineitems\":[{\"sku\":\"1\"},{\"sku\":\"1\"},"
		    "{\"sku\":\"1\"},{\"sku\":\"1\"},{\"sku\":\"1\"},"
		    "{\"sku\":\"1\"},{\"sku\":\"1\"},{\"sku\":\"1\"},"
		    "{\"sku\":\"1\"},{\"sku\":\"1\"},{\"sku\":\"01\"}]}",
		    DIFF_PADDED },
		{ "another product in a line", DESIRED_ORDER,
		    "{\"lineitems\":[{\"sku\":\"12345\"}]}",
		    "{\"lineitems\":[{\"sku\":\"12346\"}]}", DIFF_FIELD },
		{ "letters are not padded", DESIRED_ORDER,
		    "{\"lineitems\":[{\"sku\":\"A1\"}]}",
		    "{\"lineitems\":[{\"sku\":\"0A1\"}]}", DIFF_FIELD },
		{ "no opt-out", DESIRED_CONTACT,
		    "{\"marketing_optin\":\"EXPLICITLY_OPTEDOUT\","
		    "\"@force_optin\":true}",
		    "{\"marketing_optin\":\"EXPLICITLY_OPTEDIN\"}",
		    DIFF_DELETION },
		{ "an opt-out as a profile shows it", DESIRED_CONTACT,
		    "{\"marketing_optin\":\"EXPLICITLY_OPTEDOUT\","
		    "\"@force_optin\":true}",
		    "{\"marketing_optin\":false}", DIFF_CLASS_COUNT },
		{ "an active product", DESIRED_PRODUCT, "{\"is_active\":false}",
		    "{\"is_active\":true}", DIFF_DELETION },
		{ "a product that is out of stock", DESIRED_PRODUCT,
		    "{\"is_in_stock\":false}", "{\"is_in_stock\":true}",
		    DIFF_FIELD },
	};
	const struct side_plan plan = { .kinds = 0 };
	struct side_ometria *ometria = side_ometria_new(&plan);
	struct diff_judge judge = {
		.ometria = ometria,
		.mine = JSON_DOC_INIT,
		.theirs = JSON_DOC_INIT,
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		IS_INT(diff_judge(&judge, cases[i].kind, str_of(cases[i].sap),
			   str_of(cases[i].ometria)),
		    cases[i].want, cases[i].what);
	diff_judge_free(&judge);
	side_ometria_free(ometria);
	DONE();
}
