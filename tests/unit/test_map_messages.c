#include "map_sample.h"

#define INVOICE(fields) HEAD("INVOIC") "E1EDK01 BELNR=9\n" fields
#define BILLED(kind) SEEN("invoice", "9", "INVOIC", "1") "\"kind\":\"" kind "\""

/* clang-format off */
static const struct sample invoices[] = {
	{"an invoice by its category, whatever its type", NULL,
	    INVOICE("E1EDK14 QUALF=015|ORGID=G2\nE1EDK14 QUALF=021|ORGID=M\n"),
	    BILLED("invoice") ",\"billing_type\":\"G2\"}\n"},
	{"a credit memo", NULL, INVOICE("E1EDK14 QUALF=021|ORGID=O\n"), BILLED("credit") "}\n"},
	{"a cancelled invoice", NULL, INVOICE("E1EDK14 QUALF=021|ORGID=N\nE1EDK02 QUALF=087|BELNR=08\n"),
	    BILLED("cancellation") ",\"refers_to\":{\"invoice\":\"8\"}}\n"},
	{"a cancelled credit memo", NULL, INVOICE("E1EDK14 QUALF=021|ORGID=S\n"), BILLED("cancellation") "}\n"},
	{"between companies", NULL, INVOICE("E1EDK14 QUALF=021|ORGID=6\n"), BILLED("invoice") "}\n"},
	{"a returns credit by its type", NULL, INVOICE("E1EDK14 QUALF=015|ORGID=RE\n"),
	    BILLED("credit") ",\"billing_type\":\"RE\"}\n"},
	{"a type of the client's own", "[order]\ncredit-types = ZG2\n", INVOICE("E1EDK14 QUALF=015|ORGID=ZG2\n"),
	    BILLED("credit") ",\"billing_type\":\"ZG2\"}\n"},
	{"an unknown type, and what E1EDK01 calls it", NULL,
	    HEAD("INVOIC") "E1EDK01 BELNR=9|BSART=CRME\nE1EDK14 QUALF=015|ORGID=ZZ\n",
	    BILLED("credit") ",\"billing_type\":\"ZZ\"}\n"},
	{"its own number is no reference", NULL,
	    INVOICE("E1EDK02 QUALF=009|BELNR=0000000009\nE1EDK02 QUALF=087|BELNR=0000000009\n"), BILLED("invoice") "}\n"},
	{"net and tax make the total; the date is the billing date", NULL,
	    INVOICE("E1EDK03 IDDAT=012|DATUM=20260301\nE1EDK03 IDDAT=026|DATUM=20260302\nE1EDS01 SUMID=010|SUMME=10.00-\nE1EDS01 SUMID=005|SUMME=2.00-|WAERQ=EUR\n"),
	    BILLED("invoice") ",\"date\":\"2026-03-02\",\"currency\":\"EUR\",\"totals\":{\"subtotal\":\"-10.00\",\"tax\":\"-2.00\",\"grand_total\":\"-12.00\"}}\n"},
	{"orders on items alone; no customer's material", NULL,
	    INVOICE("E1EDP01 POSEX=000010|MENGE=2.000|NETWR=5\n E1EDP02 QUALF=001|BELNR=W100001\n E1EDP02 QUALF=002|BELNR=0000004711|ZEILE=000020\n E1EDP19 QUALF=001|IDTNR=C1\n"),
	    BILLED("invoice") ",\"refers_to\":{\"sales_document\":\"4711\",\"web_order\":\"W100001\"},\"lines\":[{\"line\":\"10\",\"sales_document\":\"4711\",\"sales_line\":\"20\",\"web_order\":\"W100001\",\"quantity\":\"2\",\"net\":\"5.00\"}]}\n"},
	{"without a number", NULL, HEAD("INVOIC") "E1EDK01 CURCY=GBP\n",
	    "idoc-malformed : the number of the billing document is missing"},
};

#define RECEIPT(fields) HEAD("WPUBON") "E1WPB01 KASSID=01|VORGDATUM=20260302|BONNUMMER=0007" fields
#define RANG(id) SEEN("order", id, "WPUBON", "1") "\"stage\":\"confirmed\",\"sales_document\":\"" id "\",\"kind\":\"order\",\"placed_at\":\"2026-03-02T00:00:00Z\","
#define OPEN "\"status\":\"open\",\"channel\":\"in store\","

static const struct sample receipts[] = {
	{"a receipt of the sending site; prices without tax", "[till]\nprices = net\n",
	    RECEIPT("\n E1WPB02 QUALARTNR=ARTN|ARTNR=A1|VORZEICHEN=-|MENGE=2.000\n  E1WPB03 KONDITION=VKP0|KONDVALUE=10.00-\n  E1WPB04 MWSBT=2\n"),
	    RANG("ECC-1-7-20260302") OPEN
	    "\"totals\":{\"subtotal\":\"10.00\",\"tax\":\"2.00\",\"grand_total\":\"12.00\"},"
	    "\"lines\":[{\"line\":\"1\",\"material\":\"A1\",\"quantity\":\"2\",\"unit_price\":\"5.00\",\"subtotal\":\"10.00\",\"tax\":\"2.00\",\"total\":\"12.00\"}],\"site\":\"ECC\"}\n"},
	{"a number of any kind is no customer; a site with a channel", "[sales-area \"T1\"]\nstore = s\nchannel = kiosk\n",
	    RECEIPT("|POSKREIS=T1|KUNDNR=123456785\n"),
	    RANG("T1-1-7-20260302") "\"status\":\"open\",\"store\":\"s\",\"channel\":\"kiosk\",\"totals\":{\"incomplete\":true},\"site\":\"T1\"}\n"},
	{"a qualified number is", "[till]\ncustomer-qualifiers = KU\n",
	    RECEIPT("|POSKREIS=T1|QUALKDNR=KU|KUNDNR=1003\n"),
	    RANG("T1-1-7-20260302") "\"customer\":{\"id\":\"1003\"}," OPEN "\"totals\":{\"incomplete\":true},\"site\":\"T1\"}\n"},
	{"a till that is named at length", NULL,
	    HEAD("WPUBON") "E1WPB01 POSKREIS=T1|KASSID=jane@example.com|VORGDATUM=20260302|BONNUMMER=7\n",
	    RANG("Rda7b3625c7bde1ee5bce83dd-20260302") OPEN "\"totals\":{\"incomplete\":true},\"site\":\"T1\"}\n"},
	{"an article of an unknown kind has no number here", NULL,
	    RECEIPT("|POSKREIS=T1\n E1WPB02 QUALARTNR=ZZ|ARTNR=A1|VORZEICHEN=-|MENGE=1\n"),
	    RANG("T1-1-7-20260302") OPEN "\"totals\":{\"incomplete\":true},\"lines\":[{\"line\":\"1\",\"quantity\":\"1\"}],\"site\":\"T1\"}\n"},
	{"an item without a sign", NULL, RECEIPT("\n E1WPB02 ARTNR=A1|MENGE=1\n"),
	    "idoc-malformed : an item of a receipt has no sign: it was neither sold nor returned"},
	{"a receipt without a date", NULL, HEAD("WPUBON") "E1WPB01 BONNUMMER=7|VORGDATUM=00000000\n",
	    "idoc-malformed : a receipt has no date"},
	{"a receipt without a number", NULL, HEAD("WPUBON") "E1WPB01 KASSID=1|VORGDATUM=20260302\n",
	    "idoc-malformed : a receipt has no number"},
};
/* clang-format on */

int
main(void)
{
	struct diag diag = { 0 };

	zone_use("Europe/London", &diag);
	RUN(invoices);
	RUN(receipts);
	arena_free(&arena);
	DONE();
}
