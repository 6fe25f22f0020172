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

#define MOVED(r) SEEN("stock_movement", "ECC-100-0000000000000007-" r, "WMMBXY", r)
#define POSTED(r) SEEN("stock_movement", "ECC-100-0000000000000007-" r, "MBGMCR", r)

static const struct sample movements[] = {
	{"types of the client's own; a built-in one replaced", "[movement \"901\"]\neffect = minus\n[movement \"Z11\"]\neffect = none\n[movement \"561\"]\neffect = minus\n",
	    HEAD("WMMBXY") "E1MBXYI MATNR=M|BWART=901|ERFMG=1|ERFME=ST\nE1MBXYI MATNR=M|BWART=Z11|ERFMG=1\nE1MBXYI MATNR=M|BWART=561|ERFMG=1\nE1MBXYI MATNR=M|BWART=Z12|ERFMG=1\n",
	    MOVED("1") "\"material\":\"M\",\"movement_type\":\"901\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\",\"unit\":\"ST\"}\n"
	    MOVED("2") "\"material\":\"M\",\"movement_type\":\"Z11\",\"sign\":\"+\",\"stock_type\":\"other\",\"quantity\":\"1\"}\n"
	    MOVED("3") "\"material\":\"M\",\"movement_type\":\"561\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"
	    MOVED("4") "\"material\":\"M\",\"movement_type\":\"Z12\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"},
	{"a type of two places", "[movement \"903\"]\neffect = transfer\n",
	    HEAD("WMMBXY") "E1MBXYI MATNR=M|WERKS=1|BWART=903|ERFMG=1|UMWRK=2\n",
	    SEEN("stock_movement", "ECC-100-0000000000000007-1-from", "WMMBXY", "1") "\"material\":\"M\",\"plant\":\"1\",\"movement_type\":\"903\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"
	    SEEN("stock_movement", "ECC-100-0000000000000007-1-to", "WMMBXY", "2") "\"material\":\"M\",\"plant\":\"2\",\"movement_type\":\"903\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"},
	{"a mark on a reversal says it again", NULL,
	    HEAD("WMMBXY") "E1MBXYI MATNR=M|BWART=102|XSTOB=X|ERFMG=1\nE1MBXYI MATNR=M|BWART=122|XSTOB=X|ERFMG=1\n",
	    MOVED("1") "\"material\":\"M\",\"movement_type\":\"102\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"
	    MOVED("2") "\"material\":\"M\",\"movement_type\":\"122\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"},
	{"from special stock to own: the line is about own stock; a posted one is not", NULL,
	    HEAD("WMMBXY") "E1MBXYI MATNR=M|BWART=411|SOBKZ=K|ERFMG=1\nE1MBXYI MATNR=M|BWART=411|SOBKZ=K|SHKZG=H|ERFMG=1\nE1MBXYI MATNR=M|BWART=601|SOBKZ=E|ERFMG=1\n",
	    MOVED("1") "\"material\":\"M\",\"movement_type\":\"411\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"
	    MOVED("2") "\"material\":\"M\",\"movement_type\":\"411\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"special_stock\":\"K\",\"quantity\":\"1\"}\n"
	    MOVED("3") "\"material\":\"M\",\"movement_type\":\"601\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"special_stock\":\"E\",\"quantity\":\"1\"}\n"},
	{"base units; initial ones are none", NULL,
	    HEAD("WMMBXY") "E1MBXYI MATNR=M|BWART=101|ERFMG=2.000|ERFME=CT|MENGE=0.000|MEINS=ST\n",
	    MOVED("1") "\"material\":\"M\",\"movement_type\":\"101\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"2\",\"unit\":\"CT\"}\n"},
	{"a cancelling document that does not say which type it posts", NULL,
	    HEAD("MBGMCR") "E1BP2017_GM_CODE GM_CODE=06\nE1BP2017_GM_ITEM_CREATE MATERIAL=M|MOVE_TYPE=101|ENTRY_QNT=1\nE1BP2017_GM_ITEM_CREATE MATERIAL=M|MOVE_TYPE=102|ENTRY_QNT=1\nE1BP2017_GM_ITEM_CREATE MATERIAL=M|MOVE_TYPE=101|XSTOB=X|ENTRY_QNT=1\n",
	    POSTED("1") "\"material\":\"M\",\"movement_type\":\"101\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"
	    POSTED("2") "\"material\":\"M\",\"movement_type\":\"102\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"
	    POSTED("3") "\"material\":\"M\",\"movement_type\":\"101\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\"}\n"},
};

#define ORDER(type, fields) HEAD(type) "E1EDK01 CURCY=GBP\nE1EDK02 QUALF=002|BELNR=1\n" fields
#define ORDERED(type, kind) SEEN("order", "1", type, "1") "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"" kind "\",\"currency\":\"GBP\",\"status\":\"open\","
#define CHANGED SEEN("order", "1", "ORDCHG", "1") "\"stage\":\"changed\",\"sales_document\":\"1\",\"kind\":\"order\",\"currency\":\"GBP\",\"status\":\"open\","
#define SOME SEEN("order", "1", "ORDRSP", "1") "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"partial\":true,"

static const struct sample orders[] = {
	{"signs of conditions, whichever way they are written", NULL,
	    ORDER("ORDERS", "E1EDK05 ALCKZ=-|KSCHL=K007|BETRG=5.00\nE1EDK05 ALCKZ=-|KSCHL=K007|BETRG=1.00-\nE1EDK05 ALCKZ=+|KSCHL=K007|BETRG=-0.50\nE1EDK05 KSCHL=HM00|BETRG=+3\nE1EDK05 ALCKZ=+|KOTXT=Total|BETRG=100\nE1EDK05 ALCKZ=+|KSCHL=HD00|BETRG=3,50\nE1EDP01 POSEX=1|NETWR=10.00\n"),
	    ORDERED("ORDERS", "order") "\"totals\":{\"subtotal\":\"10.00\",\"discount\":\"-6.50\",\"shipping\":\"3.00\",\"grand_total\":\"6.50\"},\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\"}]}\n"},
	{"a surcharge of no known kind leaves the total open", NULL,
	    ORDER("ORDERS", "E1EDK05 ALCKZ=+|KSCHL=ZFEE|BETRG=2\nE1EDP01 POSEX=1|NETWR=10\n"),
	    ORDERED("ORDERS", "order") "\"totals\":{\"subtotal\":\"10.00\",\"grand_total\":\"10.00\",\"incomplete\":true},\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\"}]}\n"},
	{"but not where SAP sends it", NULL,
	    ORDER("ORDERS", "E1EDK05 ALCKZ=+|KSCHL=ZFEE|BETRG=2\nE1EDS01 SUMID=002|SUMME=12\nE1EDS01 SUMID=005|SUMME=2.40\nE1EDP01 POSEX=1|NETWR=10\n"),
	    ORDERED("ORDERS", "order") "\"totals\":{\"subtotal\":\"10.00\",\"tax\":\"2.40\",\"grand_total\":\"14.40\"},\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\"}]}\n"},
	{"a line without an amount", NULL,
	    ORDER("ORDRSP", "E1EDP01 POSEX=1|NETWR=10\nE1EDP01 POSEX=2|MENGE=1\nE1EDP01 POSEX=3|MENGE=1|ABGRU=01\n"),
	    ORDERED("ORDRSP", "order") "\"totals\":{\"subtotal\":\"10.00\",\"grand_total\":\"10.00\",\"incomplete\":true},\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\"},{\"line\":\"2\",\"quantity\":\"1\"},{\"line\":\"3\",\"quantity\":\"1\",\"rejected\":\"01\"}]}\n"},
	{"schedule lines, an EAN, the long number, free goods of a set", NULL,
	    ORDER("ORDRSP", "E1EDP01 POSEX=000010|MENGE=3.000|NETWR=9\n E1EDP20 WMENG=1.000|EDATU=20260302\n E1EDP20 WMENG=1.000\n E1EDP19 QUALF=001|IDTNR=C1\n E1EDP19 QUALF=003|IDTNR=0012\n E1EDP19 QUALF=002|IDTNR_EXTERNAL=LONG|IDTNR=18\nE1EDP01 POSEX=000011|PSTYV=TANN|UEPOS=000010|NETWR=0.00\n"),
	    ORDERED("ORDRSP", "order") "\"totals\":{\"subtotal\":\"9.00\",\"grand_total\":\"9.00\"},\"lines\":[{\"line\":\"10\",\"material\":\"LONG\",\"matnr\":\"18\",\"ean\":\"0012\",\"quantity\":\"3\",\"confirmed_quantity\":\"2\",\"subtotal\":\"9.00\",\"total\":\"9.00\"},{\"line\":\"11\",\"subtotal\":\"0.00\",\"total\":\"0.00\",\"parent\":\"10\",\"category\":\"TANN\"}]}\n"},
	{"the unit of the price, where it is another", NULL,
	    ORDER("ORDCHG", "E1EDP01 POSEX=1|MENGE=2|MENEE=CT|PMENE=PCE|BPUMZ=6|BPUMN=1\nE1EDP01 POSEX=2|MENGE=2|MENEE=PCE|PMENE=PCE|BPUMZ=1|BPUMN=1\nE1EDP01 POSEX=3|MENEE=PCE|PMENE=/|BPUMZ=1\n"),
	    CHANGED "\"lines\":[{\"line\":\"1\",\"quantity\":\"2\",\"unit\":\"CT\",\"price_unit\":\"PCE\",\"price_numerator\":\"6\",\"price_denominator\":\"1\"},{\"line\":\"2\",\"quantity\":\"2\",\"unit\":\"PCE\"},{\"line\":\"3\",\"unit\":\"PCE\"}]}\n"},
	{"a change has no totals of some lines", NULL,
	    ORDER("ORDCHG", "E1EDP01 POSEX=1|ACTION=002|NETWR=10\n"),
	    CHANGED "\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\",\"action\":\"change\"}]}\n"},
	{"but those that SAP sends", NULL,
	    ORDER("ORDCHG", "E1EDS01 SUMID=011|SUMME=99\nE1EDP01 POSEX=1|ACTION=001|NETWR=10\n"),
	    CHANGED "\"totals\":{\"grand_total\":\"99.00\"},\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\",\"action\":\"add\"}]}\n"},
	{"some lines of a document: no subtotal, and no status where they are gone", NULL,
	    ORDER("ORDRSP", "E1EDP01 POSEX=1|ACTION=002|NETWR=10|ABGRU=01\nE1EDP01 POSEX=2|ACTION=003\n"),
	    SOME "\"kind\":\"order\",\"currency\":\"GBP\",\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\",\"rejected\":\"01\",\"action\":\"change\"},{\"line\":\"2\",\"action\":\"delete\"}]}\n"},
	{"one line that did not change: all of them", NULL,
	    ORDER("ORDRSP", "E1EDP01 POSEX=1|ACTION=002|NETWR=10\nE1EDP01 POSEX=2|ACTION=004|NETWR=5\n"),
	    ORDERED("ORDRSP", "order") "\"totals\":{\"subtotal\":\"15.00\",\"grand_total\":\"15.00\"},\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\",\"action\":\"change\"},{\"line\":\"2\",\"subtotal\":\"5.00\",\"total\":\"5.00\"}]}\n"},
	{"a message type that always holds some", "[order]\npartial-messages = ORDRSP\n",
	    ORDER("ORDRSP", "E1EDP01 POSEX=1|NETWR=10\n"),
	    SOME "\"kind\":\"order\",\"currency\":\"GBP\",\"status\":\"open\",\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\"}]}\n"},
	{"a reason for rejection that leaves a line open", "[order]\nopen-rejections = W1\n",
	    ORDER("ORDERS", "E1EDP01 POSEX=1|NETWR=10|ABGRU=W1\nE1EDP01 POSEX=2|NETWR=5|ABGRU=01\n"),
	    ORDERED("ORDERS", "order") "\"totals\":{\"subtotal\":\"10.00\",\"grand_total\":\"10.00\"},\"lines\":[{\"line\":\"1\",\"subtotal\":\"10.00\",\"total\":\"10.00\",\"rejected\":\"W1\"},{\"line\":\"2\",\"subtotal\":\"5.00\",\"total\":\"5.00\",\"rejected\":\"01\"}]}\n"},
	{"a return by its category; our number at the customer is no customer", NULL,
	    ORDER("ORDRSP", "E1EDK14 QUALF=021|ORGID=H\nE1EDKA1 PARVW=AG|LIFNR=V77\nE1EDS01 SUMID=002|SUMME=1|WAERQ=EUR\n"),
	    ORDERED("ORDRSP", "return") "\"totals\":{\"grand_total\":\"1.00\"}}\n"},
	{"a rate to the company's currency", NULL,
	    HEAD("ORDERS") "E1EDK01 CURCY=EUR|HWAER=GBP|WKURS=0.85000\nE1EDK02 QUALF=002|BELNR=1\n",
	    SEEN("order", "1", "ORDERS", "1") "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"order\",\"currency\":\"EUR\",\"base_currency\":\"GBP\",\"exchange_rate\":\"0.85\",\"status\":\"open\"}\n"},
	{"the other way round by a slash or a minus", NULL,
	    HEAD("ORDERS") "E1EDK01 CURCY=EUR|HWAER=GBP|WKURS=1.25-\nE1EDK02 QUALF=002|BELNR=1\n",
	    SEEN("order", "1", "ORDERS", "1") "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"order\",\"currency\":\"EUR\",\"base_currency\":\"GBP\",\"exchange_rate\":\"0.8\",\"status\":\"open\"}\n"},
	{"a slash", NULL,
	    HEAD("ORDERS") "E1EDK01 CURCY=EUR|HWAER=GBP|WKURS=/1.25\nE1EDK02 QUALF=002|BELNR=1\n",
	    SEEN("order", "1", "ORDERS", "1") "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"order\",\"currency\":\"EUR\",\"base_currency\":\"GBP\",\"exchange_rate\":\"0.8\",\"status\":\"open\"}\n"},
	{"one currency has no rate", NULL,
	    HEAD("ORDERS") "E1EDK01 CURCY=GBP|HWAER=GBP|WKURS=1.00000\nE1EDK02 QUALF=002|BELNR=1\n",
	    SEEN("order", "1", "ORDERS", "1") "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"order\",\"currency\":\"GBP\",\"status\":\"open\"}\n"},
	{"a price to the currency's minor unit", NULL,
	    HEAD("ORDERS") "E1EDK01 CURCY=KWD\nE1EDK02 QUALF=002|BELNR=1\nE1EDP01 POSEX=1|MENGE=3|VPREI=0.333\n",
	    SEEN("order", "1", "ORDERS", "1") "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"order\",\"currency\":\"KWD\",\"status\":\"open\",\"totals\":{\"subtotal\":\"0.999\",\"grand_total\":\"0.999\"},\"lines\":[{\"line\":\"1\",\"quantity\":\"3\",\"unit_price\":\"0.333\",\"subtotal\":\"0.999\",\"total\":\"0.999\"}]}\n"},
	{"what a return refers to", NULL,
	    ORDER("ORDRSP", "E1EDK02 QUALF=001|BELNR=W100001\nE1EDK02 QUALF=011|BELNR=0000004711\nE1EDK14 QUALF=012|ORGID=RE\nE1EDP01 POSEX=10|MENGE=1\n E1EDP02 QUALF=016|BELNR=0000004711|ZEILE=000020\n"),
	    SEEN("order", "W100001", "ORDRSP", "1") "\"stage\":\"confirmed\",\"web_order\":\"W100001\",\"sales_document\":\"1\",\"kind\":\"return\",\"order_type\":\"RE\",\"refers_to\":{\"sales_document\":\"4711\",\"web_order\":\"W100001\"},\"currency\":\"GBP\",\"status\":\"open\",\"totals\":{\"incomplete\":true},\"lines\":[{\"line\":\"10\",\"sales_document\":\"4711\",\"sales_line\":\"20\",\"quantity\":\"1\"}]}\n"},
	{"numbers on items alone", NULL,
	    HEAD("ORDRSP") "E1EDK01 ACTION=000\nE1EDP01 POSEX=1|NETWR=1\n E1EDP02 QUALF=001|BELNR=W100001\n E1EDP02 QUALF=002|BELNR=0000000001|ZEILE=000010\n",
	    SEEN("order", "W100001", "ORDRSP", "1") "\"stage\":\"confirmed\",\"web_order\":\"W100001\",\"sales_document\":\"1\",\"kind\":\"order\",\"status\":\"open\",\"totals\":{\"subtotal\":\"1.00\",\"grand_total\":\"1.00\"},\"lines\":[{\"line\":\"10\",\"subtotal\":\"1.00\",\"total\":\"1.00\"}]}\n"},
};

static const struct sample deliveries[] = {
	{"goods that come back are negative", NULL,
	    HEAD("DESADV") "E1EDL20 VBELN=0084000001\n E1EDL24 POSNR=10|LFIMG=1|VRKME=ST\n  E1EDL26 SHKZG=X\n E1EDL24 POSNR=20|LFIMG=2|VRKME=ST\n  E1EDL43 QUALF=H|BELNR=0060000001|POSNR=000010\n E1EDL24 POSNR=30|LFIMG=3|VRKME=ST\n  E1EDL26 SHKZG=H\n",
	    SEEN("shipment", "84000001", "DESADV", "1") "\"lines\":[{\"line\":\"10\",\"quantity\":\"-1\",\"unit\":\"ST\"},{\"line\":\"20\",\"sales_document\":\"60000001\",\"sales_line\":\"10\",\"quantity\":\"-2\",\"unit\":\"ST\"},{\"line\":\"30\",\"quantity\":\"3\",\"unit\":\"ST\"}]}\n"},
	{"a warehouse that confirms without a date has posted nothing", NULL,
	    HEAD("SHPCON") "E1EDL20 VBELN=1\n E1EDL18 QUALF=PGI\n E1EDL18 QUALF=DEL\n E1EDT13 QUALF=006|NTANF=20260302|ISDD=00000000\n",
	    SEEN("shipment", "1", "SHPCON", "1") "\"reversed\":true}\n"},
	{"a number of each parcel", NULL,
	    HEAD("DESADV") "E1EDL20 VBELN=1\n E1EDL37 EXIDV=00000000000000000017|EXIDV2=JD01\n E1EDL37 EXIDV=00000000000000000018\n",
	    SEEN("shipment", "1", "DESADV", "1") "\"tracking_number\":\"JD01\",\"parcels\":[{\"number\":\"JD01\"},{\"number\":\"00000000000000000018\"}]}\n"},
};

static const struct sample unsent[] = {
	{"what a reduced message does not send is unknown", NULL,
	    HEAD("DEBMAS") "E1KNA1M KUNNR=0000000001|LOEVM=/|NAME1=/|ORT01=/|LAND1=/|TELF1=/|KTOKD=/\n",
	    SEEN("customer", "1", "DEBMAS", "1") "\"kunnr\":\"0000000001\",\"reduced\":true}\n"},
	{"contact persons, one of whom is gone", NULL,
	    HEAD("DEBMAS") "E1KNA1M KUNNR=0000000001\n E1KNVKM PARNR=0000000012|NAMEV=Ann|NAME1=Hart|ANRED=Ms\n E1KNVKM MSGFN=003|PARNR=0000000003\n",
	    SEEN("customer", "1", "DEBMAS", "1") "\"kunnr\":\"0000000001\",\"deleted\":false,\"contact_persons\":[{\"number\":\"12\",\"prefix\":\"Ms\",\"first_name\":\"Ann\",\"last_name\":\"Hart\"},{\"number\":\"3\",\"deleted\":true}]}\n"},
	{"a phone that is not to be used, and one for a time", NULL,
	    HEAD("ADRMAS") "E1ADRMAS OBJ_TYPE=KNA1|OBJ_ID=7\n E1BPADTEL TEL_NO=+442079460000|FLG_NOUSE=X\n E1BPADTEL TEL_NO=+442079460001|VALID_FROM=20260302000000|VALID_TO=20260401000000\n",
	    SEEN("contact_point", "KNA1:7", "ADRMAS", "1") "\"object\":\"KNA1\",\"object_id\":\"7\",\"customer\":\"7\",\"phones\":[{\"number\":\"+442079460000\",\"unusable\":true},{\"number\":\"+442079460001\",\"valid_from\":\"2026-03-02T00:00:00Z\",\"valid_to\":\"2026-03-31T23:00:00Z\"}]}\n"},
	{"a message that deletes says so", NULL,
	    HEAD("DEBMAS") "E1KNA1M MSGFN=003|KUNNR=0000000001|LOEVM=/\n",
	    SEEN("customer", "1", "DEBMAS", "1") "\"kunnr\":\"0000000001\",\"function\":\"003\"}\n"},
	{"positions of addresses", NULL,
	    HEAD("ADR2MAS") "E1ADR2MAS OBJ_TYPE=BUS1006001|OBJ_ID=7\n E1BPAD2VL COUNTRYISO=GB\n E1BPADSMTP E_MAIL=b@x.example|CONSNUMBER=002\n E1BPADTEL TELEPHONE=07700 900123|CONSNUMBER=001\n",
	    SEEN("contact_point", "BUS1006001:7", "ADR2MAS", "1") "\"object\":\"BUS1006001\",\"object_id\":\"7\",\"emails\":[{\"address\":\"b@x.example\",\"position\":\"2\"}],\"phones\":[{\"number\":\"+447700900123\",\"position\":\"1\"}]}\n"},
};

static const struct sample products[] = {
	{"the EAN of the base unit", NULL,
	    HEAD("MATMAS") "E1MARAM MATNR=M|MEINS=ST\n E1MARMM MEINH=KAR|EAN11=14\n E1MARMM MEINH=ST|EAN11=0012\n E1MAKTM MSGFN=003|SPRAS=E|MAKTX=gone\n",
	    SEEN("product", "M", "MATMAS", "1") "\"material\":\"M\",\"ean\":\"0012\",\"eans\":{\"14\":\"KAR\",\"0012\":\"ST\"},\"titles\":{\"EN\":null},\"unit\":\"ST\",\"deleted\":false}\n"},
	{"EANs that are taken away, and a text that is not sent", NULL,
	    HEAD("MATMAS") "E1MARAM MATNR=M|MEINS=ST\n E1MARMM MEINH=ST\n  E1MEANM MSGFN=003|MEINH=ST|EAN11=1\n E1MARMM MEINH=KAR|EAN11=2\n E1MARMM MSGFN=003|MEINH=PAL|EAN11=3\n E1MAKTM SPRAS=E|MAKTX=/\n E1MAKTM SPRAS=D|MAKTX=Hut\n",
	    SEEN("product", "M", "MATMAS", "1") "\"material\":\"M\",\"eans\":{\"1\":null,\"2\":\"KAR\",\"3\":null},\"titles\":{\"DE\":\"Hut\"},\"unit\":\"ST\",\"deleted\":false}\n"},
	{"its main one among several", NULL,
	    HEAD("MATMAS") "E1MARAM MATNR=M|MEINS=ST|MSGFN=003\n E1MARMM MEINH=ST\n  E1MEANM MEINH=ST|EAN11=1\n  E1MEANM MEINH=ST|EAN11=2|HPEAN=X\n",
	    SEEN("product", "M", "MATMAS", "1") "\"material\":\"M\",\"function\":\"003\",\"ean\":\"2\",\"eans\":{\"1\":\"ST\",\"2\":\"ST\"},\"unit\":\"ST\",\"deleted\":true}\n"},
	{"a reduced message: the flag is not said, or is", NULL,
	    HEAD("MATMAS") "E1MARAM MSGFN=004|MATNR=M|LVORM=/|MSTAE=/|MATKL=/|EAN11=/|SATNR=/\nE1MARAM MSGFN=004|MATNR=N|MSTAE=/|MATKL=/|EAN11=/|SATNR=/\nE1MARAM MSGFN=004|MATNR=O|LVORM=X|MSTAE=/|MATKL=/|EAN11=/|SATNR=/\n",
	    SEEN("product", "M", "MATMAS", "1") "\"material\":\"M\",\"function\":\"004\",\"reduced\":true}\n"
	    SEEN("product", "N", "MATMAS", "2") "\"material\":\"N\",\"function\":\"004\",\"reduced\":true,\"deleted\":false}\n"
	    SEEN("product", "O", "MATMAS", "3") "\"material\":\"O\",\"function\":\"004\",\"reduced\":true,\"deleted\":true}\n"},
	{"a reduced message: what it sends without a value has none", NULL,
	    HEAD("MATMAS") "E1MARAM MSGFN=004|MATNR=M|MEINS=ST|LVORM=/\nE1MARAM MSGFN=004|MATNR=N|LVORM=/|MSTAE=02|MATKL=C|SATNR=000000000000000001\n E1MARMM EAN11=4\n",
	    SEEN("product", "M", "MATMAS", "1") "\"material\":\"M\",\"function\":\"004\",\"reduced\":true,\"ean\":null,\"unit\":\"ST\",\"status\":null,\"parent\":null,\"attributes\":{\"category\":null}}\n"
	    SEEN("product", "N", "MATMAS", "2") "\"material\":\"N\",\"function\":\"004\",\"reduced\":true,\"ean\":\"4\",\"status\":\"02\",\"parent\":\"1\",\"attributes\":{\"category\":\"C\"}}\n"},
	{"a long material number", NULL,
	    HEAD("MATMAS") "E1MARAM MATNR=18\n E1MARA1 MATNR_EXTERNAL=0000000000000000000000000000000000000040\n",
	    SEEN("product", "40", "MATMAS", "1") "\"material\":\"0000000000000000000000000000000000000040\",\"matnr\":\"18\",\"deleted\":false}\n"},
	{"a variant of which nothing more is said", NULL,
	    HEAD("ARTMAS") "E1BPE1VARKEY MATERIAL=G|VARIANT=V\nE1BPE1MATHEAD MATERIAL=G\nE1BPE1MEANRT MATERIAL=V|EAN_UPC=1\n",
	    SEEN("product", "V", "ARTMAS", "1") "\"material\":\"V\",\"ean\":\"1\",\"parent\":\"G\"}\n"
	    SEEN("product", "G", "ARTMAS", "2") "\"material\":\"G\"}\n"},
	{"long numbers alone; segments below the head", NULL,
	    HEAD("ARTMAS") "E1BPE1MATHEAD MATERIAL_EXTERNAL=LONG1\n E1BPE1MARART MATERIAL_LONG=LONG1|BASE_UOM_ISO=PCE\n E1BPE1VARKEY MATERIAL_LONG=LONG1|VARIANT_LONG=LONG1\n",
	    SEEN("product", "LONG1", "ARTMAS", "1") "\"material\":\"LONG1\",\"unit\":\"PCE\",\"deleted\":false}\n"},
};
/* clang-format on */

/* As many articles as an IDoc may hold; a square of them would be noticed by
 * whoever waits for this test. */
static void
test_articles(void)
{
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct map *map = NULL;
	struct diag diag = { 0 };
	struct map_result result;
	struct buf text = BUF_INIT;
	struct spool output = SPOOL_INIT;
	struct idoc idoc;

	buf_add_text(&text, HEAD("ARTMAS") "E1BPE1MATHEAD MATERIAL=G\n");
	for (int i = 0; i < 100000; i++)
		buf_add_format(&text,
		    "E1BPE1VARKEY MATERIAL=G|VARIANT=V%d\n"
		    "E1BPE1MARART MATERIAL=V%d|BASE_UOM=ST\n",
		    i, 99999 - i);
	map_new(&map, symbols, NULL, &diag);
	idoc = make_idoc(symbols, text.data);
	map_apply(map, &idoc, &output, &arena, &result, &diag);
	IS_INT(result.records, 100001, "a product for each variant");
	buf_free(&text);
	spool_free(&output);
	map_free(map);
	idoc_symbols_free(symbols);
	arena_reset(&arena);
}

int
main(void)
{
	struct diag diag = { 0 };

	zone_use("Europe/London", &diag);
	RUN(invoices);
	RUN(receipts);
	RUN(orders);
	RUN(deliveries);
	RUN(unsent);
	RUN(movements);
	RUN(products);
	test_articles();
	arena_free(&arena);
	DONE();
}
