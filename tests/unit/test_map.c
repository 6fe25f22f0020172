#include "map_sample.h"

/* clang-format off */
static const struct sample customers[] = {
	{"a customer with all its parts", NULL,
	    HEAD("DEBMAS")
	    "E1KNA1M MSGFN=005|KUNNR=0000012345|ANRED=Ms|AUFSD=01|KTOKD=DEBI|LAND1=GB|NAME1=Jane|NAME2=Doe|ORT01=Leeds|PSTLZ=LS1 1AA|STRAS=1 High St|TELF1=07700 900123|SPRAS=E|SPRAS_ISO=EN|BANKN=1\n"
	    " E1KNA11 CNAE=1\n"
	    " E1KNVVM MSGFN=005|VKORG=1000|VTWEG=10|SPART=00|LOEVM=X|AUFSD=02|KDGRP=05\n"
	    " E1KNVVM MSGFN=003|VKORG=2000\n",
	    SEEN("customer", "12345", "DEBMAS", "1")
	    "\"kunnr\":\"0000012345\",\"function\":\"005\",\"one_time\":false,\"deleted\":false,"
	    "\"blocked\":{\"order\":\"01\"},\"prefix\":\"Ms\",\"first_name\":\"Jane\",\"last_name\":\"Doe\","
	    "\"street\":\"1 High St\",\"city\":\"Leeds\",\"postcode\":\"LS1 1AA\",\"country\":\"GB\",\"language\":\"EN\","
	    "\"phone\":\"+447700900123\",\"account_group\":\"DEBI\",\"sales_areas\":["
	    "{\"sales_org\":\"1000\",\"channel\":\"10\",\"division\":\"00\",\"deleted\":true,\"order_block\":\"02\",\"customer_group\":\"05\"},"
	    "{\"sales_org\":\"2000\",\"deleted\":true}]}\n"},
	{"a privacy block is a fact of its own", NULL,
	    HEAD("DEBMAS") "E1KNA1M KUNNR=K1\n E1KNA11 CVP_XBLCK=X\n E1KNVVM VKORG=1|CVP_XBLCK_V=X\n",
	    SEEN("customer", "K1", "DEBMAS", "1") "\"kunnr\":\"K1\",\"deleted\":false,\"privacy_block\":true,"
	    "\"sales_areas\":[{\"sales_org\":\"1\",\"deleted\":false,\"privacy_block\":true}]}\n"},
	{"a message that deletes sets no flag of SAP", NULL,
	    HEAD("DEBMAS") "E1KNA1M KUNNR=K1|MSGFN=003\n",
	    SEEN("customer", "K1", "DEBMAS", "1") "\"kunnr\":\"K1\",\"function\":\"003\",\"deleted\":false}\n"},
	{"zeros that middleware dropped come back", NULL,
	    HEAD("DEBMAS") "E1KNA1M KUNNR=77\n",
	    SEEN("customer", "77", "DEBMAS", "1") "\"kunnr\":\"0000000077\",\"deleted\":false}\n"},
	{"a one-time account group", NULL,
	    HEAD("DEBMAS") "E1KNA1M KUNNR=77|KTOKD=CPDA\n",
	    SEEN("customer", "77", "DEBMAS", "1") "\"kunnr\":\"0000000077\",\"one_time\":true,\"deleted\":false,\"account_group\":\"CPDA\"}\n"},
	{"names as configured", "[customer]\nname1 = full\nname2 = company\n",
	    HEAD("DEBMAS") "E1KNA1M KUNNR=77|NAME1=Anna Maria Smith|NAME2=ACME\n",
	    SEEN("customer", "77", "DEBMAS", "1") "\"kunnr\":\"0000000077\",\"deleted\":false,"
	    "\"first_name\":\"Anna Maria\",\"last_name\":\"Smith\",\"company\":\"ACME\"}\n"},
	{"rows of the configuration add and replace",
	    "[map \"DEBMAS\"]\ncustomer.email = Z1KNA1E/SMTP_ADDR\ncustomer.last_name = E1KNA1M/NAME1\n"
	    "customer.marketing.opt_out = Z1KNA1E[KIND=M]/OUT\ncustomer.sales_areas.tier = E1KNVVM/KVGR1\n"
	    "customer.phone = Z1KNA1E/MOBILE\n",
	    HEAD("DEBMAS") "E1KNA1M KUNNR=77|NAME1=Doe|LAND1=GB|TELF1=1\n Z1KNA1E SMTP_ADDR=a@b.example|MOBILE=07700 900123\n Z1KNA1E KIND=M|OUT=X\n E1KNVVM VKORG=1|KVGR1=A1\n",
	    SEEN("customer", "77", "DEBMAS", "1") "\"kunnr\":\"0000000077\",\"deleted\":false,"
	    "\"first_name\":\"Doe\",\"last_name\":\"Doe\",\"country\":\"GB\",\"phone\":\"+447700900123\","
	    "\"sales_areas\":[{\"sales_org\":\"1\",\"deleted\":false,\"tier\":\"A1\"}],"
	    "\"marketing\":{\"opt_out\":true},\"email\":\"a@b.example\"}\n"},
	{"no number", NULL, HEAD("DEBMAS") "E1KNA1M NAME1=Jane\n",
	    "customer-malformed : the customer number is missing"},
	{"a number of zeros", NULL, HEAD("DEBMAS") "E1KNA1M KUNNR=0000000000\n",
	    "customer-malformed : the customer number is missing"},
	{"a number that is too long", NULL, HEAD("DEBMAS") "E1KNA1M KUNNR=00000000012345\n",
	    "customer-malformed 12345: the customer number is longer than ten characters"},
	{"a number with a blank", NULL, HEAD("DEBMAS") "E1KNA1M KUNNR=12 45\n",
	    "customer-malformed 12 45: the customer number has characters that no customer number has"},
	{"no main segment", NULL, HEAD("DEBMAS") "E1KNB1M BUKRS=1\n",
	    "customer-malformed : it has no segment E1KNA1M"},
	{"addresses", NULL,
	    HEAD("ADRMAS")
	    "E1ADRMAS OBJ_TYPE=KNA1|OBJ_ID=0000012345\n"
	    " E1BPADTEL COUNTRYISO=GB|STD_NO=X|TELEPHONE=0113 4960 000|R_3_USER=3\n"
	    " E1BPADTEL TEL_NO=+44 7700 900123\n"
	    " E1BPADSMTP STD_NO=X|E_MAIL=jane@example.com|VALID_FROM=20260101000000|VALID_TO=99991231235959\n"
	    " E1BPADSMTP E_MAIL=old@example.com|FLG_NOUSE=X\n",
	    SEEN("contact_point", "KNA1:0000012345", "ADRMAS", "1")
	    "\"object\":\"KNA1\",\"object_id\":\"0000012345\",\"customer\":\"12345\",\"emails\":["
	    "{\"address\":\"jane@example.com\",\"default\":true,\"valid_from\":\"2026-01-01T00:00:00Z\"},"
	    "{\"address\":\"old@example.com\",\"unusable\":true}],\"phones\":["
	    "{\"number\":\"+441134960000\",\"mobile\":true,\"default\":true},{\"number\":\"+447700900123\"}]}\n"},
	{"an address of a vendor, segments side by side", NULL,
	    HEAD("ADRMAS") "E1ADRMAS OBJ_TYPE=LFA1|OBJ_ID=V1\nE1BPADSMTP E_MAIL=v@example.com\n",
	    SEEN("contact_point", "LFA1:V1", "ADRMAS", "1")
	    "\"object\":\"LFA1\",\"object_id\":\"V1\",\"emails\":[{\"address\":\"v@example.com\"}]}\n"},
};

static const struct sample orders[] = {
	{"an order with totals, a rejected line and a set", NULL,
	    HEAD("ORDERS")
	    "E1EDK01 CURCY=GBP|BSART=TA\n"
	    "E1EDK14 QUALF=008|ORGID=1000\nE1EDK14 QUALF=007|ORGID=10\nE1EDK14 QUALF=006|ORGID=00\n"
	    "E1EDK03 IDDAT=012|DATUM=20260701|UZEIT=101500\nE1EDK03 IDDAT=022|DATUM=00000000\n"
	    "E1EDK04 MWSBT=4.00\nE1EDK04 MWSBT=0.5\n"
	    "E1EDK05 ALCKZ=-|KSCHL=K007|BETRG=5.00\nE1EDK05 ALCKZ=-|BETRG=1.00-\nE1EDK05 ALCKZ=+|KSCHL=HD00|BETRG=3.95\nE1EDK05 ALCKZ=+|KSCHL=ZZZZ|BETRG=9\n"
	    "E1EDKA1 PARVW=AG|PARTN=0000012345|NAME1=Jane\n"
	    "E1EDKA1 PARVW=WE|ORT01=Leeds|PSTLZ=LS1|LAND1=GB|NAME1=Jane|STRAS=1 High St\n"
	    "E1EDK02 QUALF=001|BELNR=W-100001\nE1EDK02 QUALF=002|BELNR=0000004711\n"
	    "E1EDP01 POSEX=000001|MENGE=2.000|MENEE=PCE|VPREI=1000|PEINH=100|NETWR=20\n"
	    " E1EDP02 QUALF=002|ZEILE=000010\n E1EDP04 MWSBT=4\n E1EDP05 ALCKZ=-|BETRG=2\n E1EDP19 QUALF=001|IDTNR=C-1\n E1EDP19 QUALF=002|IDTNR=000000000000004711|KTEXT=Shirt\n"
	    "E1EDP01 POSEX=000020|MENGE=1|NETWR=99|ABGRU=Z1|UEPOS=000010\n"
	    "E1EDP01 POSEX=000030|MENGE=3|VPREI=0.5|UEPOS=000000\n",
	    SEEN("order", "W-100001", "ORDERS", "1")
	    "\"stage\":\"confirmed\",\"web_order\":\"W-100001\",\"sales_document\":\"4711\",\"kind\":\"order\",\"order_type\":\"TA\","
	    "\"sales_area\":{\"sales_org\":\"1000\",\"channel\":\"10\",\"division\":\"00\"},\"placed_at\":\"2026-07-01T09:15:00Z\","
	    "\"currency\":\"GBP\",\"customer\":{\"id\":\"12345\"},\"status\":\"open\","
	    "\"shipping_address\":{\"city\":\"Leeds\",\"postcode\":\"LS1\",\"country\":\"GB\"},"
	    "\"totals\":{\"subtotal\":\"21.50\",\"discount\":\"-6.00\",\"shipping\":\"3.95\",\"tax\":\"4.50\",\"grand_total\":\"23.95\",\"incomplete\":true},"
	    "\"lines\":[{\"line\":\"10\",\"material\":\"000000000000004711\",\"title\":\"Shirt\",\"quantity\":\"2\",\"unit\":\"PCE\",\"unit_price\":\"10.00\",\"subtotal\":\"20.00\",\"discount\":\"-2.00\",\"tax\":\"4.00\",\"total\":\"24.00\"},"
	    "{\"line\":\"20\",\"quantity\":\"1\",\"subtotal\":\"99.00\",\"total\":\"99.00\",\"rejected\":\"Z1\",\"parent\":\"10\"},"
	    "{\"line\":\"30\",\"quantity\":\"3\",\"unit_price\":\"0.50\",\"subtotal\":\"1.50\",\"total\":\"1.50\"}]}\n"},
	{"header segments below E1EDK01; SAP's own sums", NULL,
	    HEAD("ORDRSP")
	    "E1EDK01 BELNR=0000004712\n E1EDK02 QUALF=001|BELNR=phone order\n E1EDS01 SUMID=002|SUMME=10.00\n E1EDS01 SUMID=005|SUMME=2.00\n E1EDP01 POSEX=10\n",
	    SEEN("order", "4712", "ORDRSP", "1")
	    "\"stage\":\"confirmed\",\"sales_document\":\"4712\",\"kind\":\"order\",\"status\":\"open\","
	    "\"totals\":{\"tax\":\"2.00\",\"grand_total\":\"12.00\"},\"lines\":[{\"line\":\"10\"}],\"po_number\":\"phone order\"}\n"},
	{"a return; the billed value wins", NULL,
	    HEAD("ORDERS")
	    "E1EDK01 BSART=XX\nE1EDK14 QUALF=012|ORGID=RE\nE1EDK02 QUALF=002|BELNR=0060000001\nE1EDK02 QUALF=066|BELNR=W100001\nE1EDS01 SUMID=002|SUMME=10\nE1EDS01 SUMID=011|SUMME=12.5\n",
	    SEEN("order", "W100001", "ORDERS", "1")
	    "\"stage\":\"confirmed\",\"web_order\":\"W100001\",\"sales_document\":\"60000001\",\"kind\":\"return\",\"order_type\":\"RE\",\"refers_to\":{\"web_order\":\"W100001\"},\"status\":\"open\",\"totals\":{\"grand_total\":\"12.50\"}}\n"},
	{"all lines rejected", NULL,
	    HEAD("ORDRSP") "E1EDK01 ACTION=000\nE1EDK02 QUALF=002|BELNR=1\nE1EDP01 POSEX=10|ABGRU=01\nE1EDP01 POSEX=20|ACTION=003\n",
	    SEEN("order", "1", "ORDRSP", "1")
	    "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"order\",\"status\":\"cancelled\",\"reason\":\"01\","
	    "\"lines\":[{\"line\":\"10\",\"rejected\":\"01\"},{\"line\":\"20\",\"action\":\"delete\"}]}\n"},
	{"all lines of a change rejected: there may be others", NULL,
	    HEAD("ORDRSP") "E1EDK01 ACTION=003\nE1EDK02 QUALF=002|BELNR=1\nE1EDP01 POSEX=10|ABGRU=01\nE1EDP01 POSEX=20|ACTION=003\n",
	    SEEN("order", "1", "ORDRSP", "1")
	    "\"stage\":\"changed\",\"sales_document\":\"1\",\"kind\":\"order\","
	    "\"lines\":[{\"line\":\"10\",\"rejected\":\"01\"},{\"line\":\"20\",\"action\":\"delete\"}]}\n"},
	{"a change that deletes one line says nothing of the others", NULL,
	    HEAD("ORDCHG") "E1EDK01 CURCY=GBP\nE1EDK02 QUALF=002|BELNR=1\nE1EDP01 POSEX=20|ACTION=003\n",
	    SEEN("order", "1", "ORDCHG", "1")
	    "\"stage\":\"changed\",\"sales_document\":\"1\",\"kind\":\"order\",\"currency\":\"GBP\",\"lines\":[{\"line\":\"20\",\"action\":\"delete\"}]}\n"},
	{"taken back", NULL,
	    HEAD("ORDRSP") "E1EDK01 ACTION=001\nE1EDK02 QUALF=002|BELNR=1\n",
	    SEEN("order", "1", "ORDRSP", "1")
	    "\"stage\":\"rejected\",\"sales_document\":\"1\",\"kind\":\"order\",\"status\":\"cancelled\"}\n"},
	{"the customer's number is no sales document", NULL,
	    HEAD("ORDRSP") "E1EDK01 BELNR=W100001\nE1EDK02 QUALF=001|BELNR=W100001\n",
	    SEEN("order", "W100001", "ORDRSP", "1")
	    "\"stage\":\"confirmed\",\"web_order\":\"W100001\",\"kind\":\"order\",\"status\":\"open\"}\n"},
	{"an order without any number", NULL, HEAD("ORDERS") "E1EDK01 BELNR=1\n",
	    "idoc-malformed : it has neither a web order number nor a sales document number"},
	{"a row for the lines", "[map \"ORDERS\"]\norder.lines.title = E1EDPT1[TDID=0001]/E1EDPT2/TDLINE\norder.coupon = E1EDK02[QUALF=055]/BELNR | Z1/CODE\n",
	    HEAD("ORDERS") "E1EDK01 ACTION=000\nE1EDK02 QUALF=002|BELNR=1\nZ1 CODE=SALE\nE1EDP01 POSEX=10\n E1EDPT1 TDID=0002\n  E1EDPT2 TDLINE=no\n E1EDPT1 TDID=0001\n  E1EDPT2 TDLINE=yes\n",
	    SEEN("order", "1", "ORDERS", "1")
	    "\"stage\":\"confirmed\",\"sales_document\":\"1\",\"kind\":\"order\",\"status\":\"open\",\"coupon\":\"SALE\",\"totals\":{\"incomplete\":true},\"lines\":[{\"line\":\"10\",\"title\":\"yes\"}]}\n"},
};

static const struct sample goods[] = {
	{"a delivery: two documents, a batch split, other units", NULL,
	    HEAD("DESADV")
	    "E1EDL20 VBELN=0080000001|BOLNR=TRACK1\n"
	    " E1ADRM1 PARTNER_Q=WE|NAME1=Jane\n E1ADRM1 PARTNER_Q=SP|NAME1=DHL\n"
	    " E1EDT13 QUALF=007|ISDD=20260102\n E1EDT13 QUALF=006|ISDD=20260105|ISDZ=080000\n"
	    " E1EDL24 POSNR=000010|MATNR=000000000000004711|LFIMG=2.000|VRKME=CT|LGMNG=24.000|MEINS=ST|VGBEL=0000000009|VGPOS=000090\n"
	    "  E1EDL26 UMVKZ=00012|UMVKN=00001\n  E1EDL43 QUALF=C|BELNR=0000004711|POSNR=000010\n  E1EDL41 QUALI=001|BSTNR=W100001\n"
	    " E1EDL24 POSNR=900001|MATNR=A|LGMNG=1|MEINS=ST|HIPOS=000010|VGBEL=0000000009|VGPOS=000090\n"
	    " E1EDL37 EXIDV=00340\n"
	    "E1EDL20 VBELN=0080000002\n E1EDL18 QUALF=DEL\n E1EDT13 QUALF=006|ISDD=00000000\n E1EDL37 EXIDV=00341\n",
	    SEEN("shipment", "80000001", "DESADV", "1")
	    "\"posted_at\":\"2026-01-05T08:00:00Z\",\"carrier\":\"DHL\",\"tracking_number\":\"TRACK1\",\"lines\":["
	    "{\"line\":\"10\",\"sales_document\":\"4711\",\"sales_line\":\"10\",\"web_order\":\"W100001\",\"material\":\"000000000000004711\",\"quantity\":\"2\",\"unit\":\"CT\","
	    "\"base_quantity\":\"24\",\"base_unit\":\"ST\",\"base_numerator\":\"12\",\"base_denominator\":\"1\"},"
	    "{\"line\":\"900001\",\"sales_document\":\"9\",\"sales_line\":\"90\",\"material\":\"A\",\"quantity\":\"1\",\"unit\":\"ST\",\"parent\":\"10\",\"base_quantity\":\"1\",\"base_unit\":\"ST\"}],\"parcels\":[{\"number\":\"00340\"}]}\n"
	    SEEN("shipment", "80000002", "DESADV", "2") "\"reversed\":true,\"tracking_number\":\"00341\",\"parcels\":[{\"number\":\"00341\"}]}\n"},
	{"one bad delivery spoils its IDoc", NULL,
	    HEAD("SHPCON") "E1EDL20 VBELN=1\nE1EDL20 BOLNR=2\n",
	    "idoc-malformed : the delivery number is missing"},
	{"a material", NULL,
	    HEAD("MATMAS")
	    "E1MARAM MATNR=000000000000004711|MEINS=PCE|EAN11=4006381333931|LVORM=X|MSTAE=01|SATNR=000000000000004700\n"
	    " E1MAKTM SPRAS=E|SPRAS_ISO=EN|MAKTX=Shirt \"blue\"\n E1MAKTM SPRAS=D|MAKTX=Hemd\n E1MAKTM SPRAS=E|MAKTX=again\n E1MAKTM MAKTX=none\n",
	    SEEN("product", "4711", "MATMAS", "1")
	    "\"material\":\"000000000000004711\",\"ean\":\"4006381333931\",\"titles\":{\"EN\":\"Shirt \\\"blue\\\"\",\"DE\":\"Hemd\"},\"unit\":\"PCE\",\"deleted\":true,\"status\":\"01\",\"parent\":\"4700\"}\n"},
	{"a receipt and a transfer", NULL,
	    HEAD("MBGMCR") "@CREDAT=20260201\n@CRETIM=093000\n"
	    "E1MBGMCR\n"
	    " E1BP2017_GM_HEAD_01 PSTNG_DATE=20260201|REF_DOC_NO=4900000001\n"
	    " E1BP2017_GM_ITEM_CREATE MATERIAL=M1|PLANT=1100|STGE_LOC=0001|MOVE_TYPE=101|STCK_TYPE=X|ENTRY_QNT=5.000|ENTRY_UOM=PCE\n"
	    " E1BP2017_GM_ITEM_CREATE MATERIAL=M2|PLANT=1100|STGE_LOC=0001|MOVE_TYPE=301|ENTRY_QNT=1|MOVE_PLANT=1200|MOVE_STLOC=0002\n"
	    " E1BP2017_GM_ITEM_CREATE MATERIAL=M3|PLANT=1100|MOVE_TYPE=901|ENTRY_QNT=1|SPEC_STOCK=K\n",
	    SEEN("stock_movement", "2026-4900000001-1", "MBGMCR", "1")
	    "\"material\":\"M1\",\"plant\":\"1100\",\"location\":\"0001\",\"movement_type\":\"101\",\"sign\":\"+\",\"stock_type\":\"quality\",\"quantity\":\"5\",\"unit\":\"PCE\",\"posted_at\":\"2026-02-01T09:30:00Z\"}\n"
	    SEEN("stock_movement", "2026-4900000001-2-from", "MBGMCR", "2")
	    "\"material\":\"M2\",\"plant\":\"1100\",\"location\":\"0001\",\"movement_type\":\"301\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\",\"posted_at\":\"2026-02-01T09:30:00Z\"}\n"
	    SEEN("stock_movement", "2026-4900000001-2-to", "MBGMCR", "3")
	    "\"material\":\"M2\",\"plant\":\"1200\",\"location\":\"0002\",\"movement_type\":\"301\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\",\"posted_at\":\"2026-02-01T09:30:00Z\"}\n"
	    SEEN("stock_movement", "2026-4900000001-3", "MBGMCR", "4")
	    "\"material\":\"M3\",\"plant\":\"1100\",\"movement_type\":\"901\",\"stock_type\":\"unrestricted\",\"special_stock\":\"K\",\"quantity\":\"1\",\"posted_at\":\"2026-02-01T09:30:00Z\"}\n"},
	{"posted to a day to come, the stock has changed all the same", NULL,
	    HEAD("MBGMCR") "@CREDAT=20260201\n@CRETIM=093000\n"
	    "E1MBGMCR\n"
	    " E1BP2017_GM_HEAD_01 PSTNG_DATE=20260203|REF_DOC_NO=4900000001\n"
	    " E1BP2017_GM_ITEM_CREATE MATERIAL=M1|PLANT=1100|MOVE_TYPE=101|ENTRY_QNT=5|ENTRY_UOM=PCE\n",
	    SEEN("stock_movement", "2026-4900000001-1", "MBGMCR", "1")
	    "\"material\":\"M1\",\"plant\":\"1100\",\"movement_type\":\"101\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"5\",\"unit\":\"PCE\",\"posted_at\":\"2026-02-01T09:30:00Z\"}\n"},
	{"no movement type is never guessed", NULL,
	    HEAD("MBGMCR") "E1BP2017_GM_ITEM_CREATE MATERIAL=M1|ENTRY_QNT=1\n",
	    "idoc-malformed : an item has no movement type"},
	{"the sign that was sent wins; the header stands beside the items", NULL,
	    HEAD("WMMBXY")
	    "E1MBXYH BUDAT=20260710\n"
	    "E1MBXYI MATNR=M1|WERKS=1|LGORT=2|BWART=602|SHKZG=S|MENGE=1.5|MEINS=ST|MBLNR=0049|MJAHR=2026|MBLPO=0003\n"
	    "E1MBXYI MATNR=M1|BWART=101|XSTOB=X|ERFMG=2|ERFME=CT|MENGE=24|MEINS=ST\n"
	    "E1MBXYI MATNR=M1|WERKS=1|BWART=312|MENGE=1|UMLGO=9\n"
	    "E1MBXYI MATNR=M1|BWART=323|MENGE=1\n",
	    SEEN("stock_movement", "2026-49-3", "WMMBXY", "1")
	    "\"material\":\"M1\",\"plant\":\"1\",\"location\":\"2\",\"movement_type\":\"602\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"1.5\",\"unit\":\"ST\",\"posted_at\":\"2026-07-09T23:00:00Z\"}\n"
	    SEEN("stock_movement", "ECC-100-0000000000000007-2", "WMMBXY", "2")
	    "\"material\":\"M1\",\"movement_type\":\"101\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"24\",\"unit\":\"ST\",\"posted_at\":\"2026-07-09T23:00:00Z\"}\n"
	    SEEN("stock_movement", "ECC-100-0000000000000007-3-from", "WMMBXY", "3")
	    "\"material\":\"M1\",\"plant\":\"1\",\"movement_type\":\"312\",\"sign\":\"+\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\",\"posted_at\":\"2026-07-09T23:00:00Z\"}\n"
	    SEEN("stock_movement", "ECC-100-0000000000000007-3-to", "WMMBXY", "4")
	    "\"material\":\"M1\",\"plant\":\"1\",\"location\":\"9\",\"movement_type\":\"312\",\"sign\":\"-\",\"stock_type\":\"unrestricted\",\"quantity\":\"1\",\"posted_at\":\"2026-07-09T23:00:00Z\"}\n"
	    SEEN("stock_movement", "ECC-100-0000000000000007-4", "WMMBXY", "5")
	    "\"material\":\"M1\",\"movement_type\":\"323\",\"sign\":\"+\",\"stock_type\":\"other\",\"quantity\":\"1\",\"posted_at\":\"2026-07-09T23:00:00Z\"}\n"},
	{"a type without a map", NULL, HEAD("ALEAUD") "E1ADHDR MESTYP=X\n",
	    "idoc-unmapped : there is no field map for its message type"},
};

/* clang-format on */

static void
test_raw(void)
{
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct spool output = SPOOL_INIT;
	struct idoc idoc = make_idoc(symbols,
	    HEAD("X") "E1A F=1|G=\"|F=2|H=3|F=4\n E1B\nE1C F=5\n");

	idoc.control.tabnam = STR("EDI_DC40_U");
	idoc.control.refmes = STR("R");
	idoc.root->first->tail = STR("  more");
	map_raw(&idoc, &output);
	IS_STR(output.recent.data,
	    "{\"control\":{\"TABNAM\":\"EDI_DC40\",\"MANDT\":\"100\",\"DOCNUM\":\"0000000000000007\","
	    "\"MESTYP\":\"X\",\"SNDPRN\":\"ECC\",\"REFMES\":\"R\","
	    "\"SERIAL\":\"20261123071200\"},"
	    "\"segments\":[{\"segment\":\"E1A\","
	    "\"fields\":{\"F\":[\"1\",\"2\",\"4\"],\"G\":\"\\\"\",\"H\":\"3\",\"_tail\":\"  more\"},"
	    "\"children\":[{\"segment\":\"E1B\"}]},"
	    "{\"segment\":\"E1C\",\"fields\":{\"F\":\"5\"}}]}",
	    "the segment tree, repeated names as arrays");
	spool_free(&output);
	idoc_symbols_free(symbols);
	arena_reset(&arena);
}

/* A million steps of a path over a big IDoc must not become a square. */
static void
test_large(void)
{
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct map *map = NULL;
	struct diag diag = { 0 };
	struct map_result result;
	struct buf text = BUF_INIT;
	struct spool output = SPOOL_INIT;
	struct idoc idoc;
	int64_t begin = instant_ticks();

	buf_add_text(&text, HEAD("WMMBXY") "E1MBXYH BUDAT=20260101\n");
	for (int i = 0; i < 20000; i++)
		buf_add_text(&text, "E1MBXYI MATNR=1|BWART=101|MENGE=1\n");
	map_new(&map, symbols, NULL, &diag);
	idoc = make_idoc(symbols, text.data);
	map_apply(map, &idoc, &output, &arena, &result, &diag);
	IS_INT(result.records, 20000, "a movement for each of 20,000 items");
	OK(instant_ticks() - begin < 5000, "in linear time");
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
	RUN(customers);
	RUN(orders);
	RUN(goods);
	test_raw();
	test_large();
	arena_free(&arena);
	DONE();
}
