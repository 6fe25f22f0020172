#include "idoc/secret.h"

static const char *const names[] = {
	/* payment cards */
	"CARDNUMBER", "CARD_NAME", "CARD_NO", "CARD_NUMBER", "CCNAME", "CCNUM",
	"CC_NAME", "CC_NUMBER", "CC_VALID_F", "CC_VALID_T", "CVVAL", "EXDATBI",
	"KARTENFNR", "KARTENNR", "KARTNR",
	/* bank accounts */
	"ACCOUNTHOLDER", "ACCOUNTNR", "ACC_HOLDER", "ACNAM", "ACNUM",
	"BANKACCOUNT", "BANKDETAILID", "BANKKEY", "BANKL", "BANKLZ", "BANKN",
	"BANKNR", "BANK_ACCT", "BANK_KEY", "BANK_NO", "BIBAN", "BKREF", "BNKLZ",
	"COLL_AUTH", "IBAN", "IBAN_BANKL", "IBAN_BIC", "KOINH", "KOINH_N",
	"KONTOINH", "KONTONR", "PSKTO", "SWIFT", "SWIFT_CODE",
	/* birth dates, and what else is private about a contact */
	"BIRTHDATE", "BIRTHDT", "BIRTH_DATE", "DATE_OF_BIRTH", "FAMST", "GBDAT",
	"GEBDAT", "PARGE",
	/* users, cashiers, clerks, sales persons */
	"AENAM", "BNAME", "CASHIER", "CHANGED_BY", "CHUSR", "CREATED_BY",
	"CRUSR", "CSHNAME", "ERFNAM", "ERNAM", "KASSIERER", "PERNR", "PR_UNAME",
	"UNAME", "USERNAME", "USER_NAME", "USNAM", "VERKAEUFER", "ZSABE"
};

/* Segments about an account or a card, and what tells the kind of payment. */
static const struct guarded {
	const char *type;
	const char *open[6];
} segments[] = {
	{ "E1BPCCARD", { "CC_TYPE" } }, /* card in an order */
	{ "E1EDK28", { NULL } }, /* bank of an order or invoice */
	{ "E1EDK36", { "CCINS", "CCINS_BEZEI" } }, /* its payment card */
	{ "E1IDB02", { NULL } }, /* bank in a payment message */
	{ "E1KNBKM", { NULL } }, /* bank of a customer */
	{ "E1LFBKM", { NULL } }, /* bank of a vendor */
	/* payments at the till, one by one and added up */
	{ "E1WPB06",
	    { "VORZEICHEN", "ZAHLART", "SUMME", "CCINS", "WAEHRUNG" } },
	{ "E1WPZ02",
	    { "VORZEICHEN", "ZAHLART", "SUMME", "CCINS", "WAEHRUNG" } },
};

bool
secret_name(struct str field)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(field, names[i]))
			return true;
	return false;
}

static const struct guarded *
find(struct str type)
{
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++)
		if (str_is(type, segments[i].type))
			return &segments[i];
	return NULL;
}

bool
secret_segment(struct str type)
{
	return find(type) != NULL;
}

bool
secret_field(struct str type, struct str field)
{
	const struct guarded *segment = find(type);

	if (segment == NULL)
		return secret_name(field);
	for (size_t i = 0; segment->open[i] != NULL; i++)
		if (str_is(field, segment->open[i]))
			return false;
	return true;
}
