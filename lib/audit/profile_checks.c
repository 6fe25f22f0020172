#include "audit/profile_parts.h"

/* What was marked while files and folded tables were read. */
#define MARK "SELECT id, weight FROM profile_mark WHERE name = ?1 ORDER BY id"
/* The same, however often. */
#define EACH "SELECT id, 1 FROM profile_mark WHERE name = ?1 ORDER BY id"
/* What the line excepted or remarked, by the code that is the check's name. */
#define EXC                                                                    \
	"SELECT id, 1 FROM exception WHERE code = ?1 AND open = 1 ORDER BY id"
#define READ                                                                   \
	"SELECT code || ' ' || id, 1 FROM exception WHERE open = 1"            \
	" AND code IN ('idoc-malformed', 'idoc-truncated', 'idoc-too-large',"  \
	" 'idoc-hostile', 'idoc-no-layout', 'idoc-set-aside',"                 \
	" 'file-unreadable') ORDER BY 1"
/* An order number may be an e-mail address: its IDoc stands for it. */
#define ORDERID                                                                \
	"SELECT coalesce(docnum, 'without a number'), 1 FROM exception"        \
	" WHERE code = ?1 AND open = 1 ORDER BY 1"
#define MOVEMENT                                                               \
	"SELECT id, count FROM exception WHERE code = ?1 AND open = 1"         \
	" ORDER BY id"

/* Order of arrival; without a time nothing can be told. */
#define ARRIVED(which)                                                         \
	"SELECT coalesce(docnum, object, '-'), 1 FROM (SELECT n, docnum,"      \
	" object, substr(seq, 1, 14) AS at, max(substr(seq, 1, 14)) OVER ("    \
	"PARTITION BY sys, client, message ORDER BY n ROWS BETWEEN UNBOUNDED"  \
	" PRECEDING AND 1 PRECEDING) AS newest, max(substr(seq, 1, 14)) OVER"  \
	" (PARTITION BY coalesce(object, n) ORDER BY n ROWS BETWEEN UNBOUNDED" \
	" PRECEDING AND 1 PRECEDING) AS own FROM profile_idoc"                 \
	" WHERE seq >= '1') WHERE " which " ORDER BY n"
#define LATE ARRIVED("at < newest AND NOT coalesce(at < own, 0)")
#define OVERTAKEN ARRIVED("at < own")
#define GAP                                                                    \
	"SELECT printf('%s/%s %016d-%016d', sys, client, before + 1,"          \
	" number - 1), number - before - 1 FROM " PROFILE_STEPS                \
	" BETWEEN 2 AND " PROFILE_GAP " + 1 ORDER BY 1"
#define SAME_NUMBER(which)                                                     \
	"SELECT coalesce(docnum, object, '-'), count(*) - 1 FROM profile_idoc" \
	" GROUP BY sys, client, coalesce(docnum, hex(hash)), r"                \
	" HAVING count(*) > 1 AND count(DISTINCT hash) " which " ORDER BY 1"
#define DUPLICATE SAME_NUMBER("= 1")
#define REUSED SAME_NUMBER("> 1")
#define UNMAPPED                                                               \
	"SELECT message, count(*) FROM profile_idoc WHERE mapped = 0"          \
	" GROUP BY message ORDER BY message"

#define CUSTOMER(which)                                                        \
	"SELECT customer, 1 FROM customer AS c WHERE facts IS NOT NULL"        \
	" AND one_time = 0 AND " which " ORDER BY customer"
#define NOBODY CUSTOMER("flagged IS NULL AND email IS NULL AND phone IS NULL")
#define NOEMAIL                                                                \
	CUSTOMER("flagged IS NULL AND email IS NULL AND phone IS NOT NULL")
#define NOPHONE                                                                \
	CUSTOMER("flagged IS NULL AND phone IS NULL AND email IS NOT NULL")
#define SHARED                                                                 \
	CUSTOMER("lower(email) IN (SELECT lower(email) FROM customer"          \
		 " WHERE email IS NOT NULL AND one_time = 0"                   \
		 " GROUP BY lower(email) HAVING count(*) > 1)")
#define DELETED CUSTOMER("deleted = 1")
#define AREA                                                                   \
	CUSTOMER("flagged IS NULL AND EXISTS(SELECT 1"                         \
		 " FROM json_each(c.facts, '$.sales_areas') AS a"              \
		 " WHERE json_extract(a.value, '$.deleted') = 1)")

/* A fact of any document of an order, or of any message about a line. */
#define SAYS(key) "coalesce(json_extract(f.value, '$." key "'), '') <> ''"
#define ORDER(which)                                                           \
	"SELECT id, 1 FROM orders AS o WHERE moved_to IS NULL AND " which      \
	" ORDER BY id"
#define DOCUMENT(which)                                                        \
	"EXISTS(SELECT 1 FROM order_document AS d, json_each(d.facts) AS f"    \
	" WHERE d.order_id = o.id AND (" which "))"
#define ONETIME                                                                \
	ORDER(DOCUMENT("json_extract(f.value, '$.ONE_TIME') = 'true'"          \
		       " OR EXISTS(SELECT 1 FROM customer AS c WHERE"          \
		       " c.customer = json_extract(f.value, '$.CUSTOMER')"     \
		       " AND c.one_time = 1)"))
#define NOCUSTOMER                                                             \
	ORDER(DOCUMENT("1") " AND NOT " DOCUMENT(                              \
	    SAYS("CUSTOMER") " OR " SAYS("EMAIL")))
#define UNKNOWN                                                                \
	ORDER("customer IS NOT NULL AND EXISTS(SELECT 1 FROM customer"         \
	      " WHERE facts IS NOT NULL) AND NOT EXISTS(SELECT 1 FROM"         \
	      " customer AS c WHERE c.customer = o.customer"                   \
	      " AND c.facts IS NOT NULL)")
#define UNCONFIRMED ORDER("provisional_at IS NOT NULL AND confirmed_at IS NULL")
#define REVERSED                                                               \
	"SELECT delivery, 1 FROM shipment WHERE reversed <> 0"                 \
	" ORDER BY delivery"
#define NOSKU                                                                    \
	ORDER(                                                                   \
	    "EXISTS(SELECT 1 FROM order_line AS l WHERE l.order_id = o.id"       \
	    " AND NOT EXISTS(SELECT 1 FROM json_each(l.facts) AS f WHERE " SAYS( \
		"SKU") " OR " SAYS("MATERIAL") "))")

#define SPELLINGS                                                              \
	"SELECT substr(id, 1, instr(id, ' ') - 1) AS bare, 1"                  \
	" FROM profile_mark WHERE name = 'material' GROUP BY bare"             \
	" HAVING count(*) > 1 ORDER BY bare"
#define LOSES "SELECT material, 1 FROM sku WHERE loses = 1 ORDER BY material"
#define TWINS                                                                  \
	"SELECT material, 1 FROM profile_twin WHERE key IN (SELECT key FROM"   \
	" profile_twin GROUP BY key HAVING count(DISTINCT sku) > 1)"           \
	" ORDER BY material"
#define PRODUCTGONE                                                            \
	"SELECT item, 1 FROM product WHERE deleted = 1 ORDER BY item"
#define BASELINE                                                               \
	"SELECT item || ' in ' || plant, 1 FROM stock WHERE base_at IS NULL"   \
	" ORDER BY 1"

/* clang-format off */
const struct profile_check profile_checks[] = {
	{"idoc-unreadable", PROFILE_IDOCS, READ,
		"IDocs, and files, that cannot be read",
		"What they say never reaches Ometria: segments and triggers go on with what was before",
		"the reader's: well-formed XML or the flat layout of the segments, a number for what it is about"},
	{"idoc-encoding", PROFILE_IDOCS, EXC,
		"IDocs whose bytes are not of the character set that they claim",
		"The IDoc is left out; the customer or order stays as it was",
		"XML declaration or UTF-8, else [sap] encoding"},
	{"customer-malformed", PROFILE_IDOCS, EXC,
		"Customers whose master data cannot be read",
		"The customer is held: orders wait, and campaigns use the old address and consent",
		"DEBMAS, ADRMAS and ADR2MAS are read whole or not at all"},
	{"record-invalid", PROFILE_IDOCS, EXC,
		"Lines that are no records",
		"The order or stock level in the line is lost",
		"sap-ometria-record(5)"},
	{"idoc-late", PROFILE_IDOCS, LATE,
		"IDocs that arrived behind a newer one of their message type",
		"Without sequencing, an older state can overtake a newer one",
		"arrival (time of the file, position in it) against SERIAL, else CREDAT and CRETIM"},
	{"idoc-overtaken", PROFILE_IDOCS, OVERTAKEN,
		"IDocs that arrived behind a newer one of the same object",
		"An old address or status replaces the new one: people fall back into segments that they have left",
		"the same, per customer, order, delivery or material"},
	{"idoc-gap", PROFILE_NUMBERS, GAP,
		"IDoc numbers that are missing between two that came",
		"Some may be updates that were lost on the way; others went to another partner",
		"runs of up to 1,000 numbers of a system and client: longer ones are another block of the range"},
	{"idoc-duplicate", PROFILE_IDOCS, DUPLICATE,
		"IDocs and records that came again with the same content",
		"An interface without a ledger counts movements and shipments twice: wrong stock, two mails",
		"system, client, number and a hash of the content"},
	{"idoc-number-reused", PROFILE_IDOCS, REUSED,
		"IDoc numbers that came again with other content",
		"A ledger that trusts numbers drops the second one: that update never arrives",
		"system, client, number and a hash of the content"},
	{"idoc-test", PROFILE_IDOCS, MARK,
		"IDocs that are marked as a test",
		"Somebody expects them in Ometria, and they are left out",
		"EDI_DC40-TEST = X"},
	{"idoc-no-control", PROFILE_IDOCS, MARK,
		"IDocs without a control record",
		"They have no number and no time: neither a duplicate nor an older state can be told",
		"EDI_DC40"},
	{"idoc-unmapped", PROFILE_IDOCS, UNMAPPED,
		"IDocs of message types that nothing reads",
		"What they carry is not used: is it needed for a segment or a trigger?",
		"field maps of idoc-parse, [map] of the configuration"},
	{"segment-custom", PROFILE_SEGMENTS, MARK,
		"Segments of the client that nothing reads",
		"Consent, loyalty and other marketing data is often just there",
		"names of the client's name space, or unknown to the dictionary, without a [map] row"},
	{"segment-unmapped", PROFILE_SEGMENTS, MARK,
		"Standard segments that nothing reads",
		"Mostly none; look whether one holds what a campaign is to use",
		"field maps of idoc-parse, [map] of the configuration"},
	{"text-damaged", PROFILE_TEXTS, MARK,
		"Values that lost characters on their way",
		"Mails greet people by a wrong name, and addresses do not match",
		"U+FFFD, UTF-8 that was encoded twice, a # between letters, UTF-8 that was cut"},
	{"date-invalid", PROFILE_DATES, MARK,
		"Dates that are none",
		"Order dates and validities are left out: lapsed and new buyers are taken for each other",
		"SAP's DATS (YYYYMMDD), in records ISO 8601"},
	{"date-implausible", PROFILE_DATES, MARK,
		"Dates before 1900 or behind 2100",
		"Orders sort before or behind all others: last-order segments are wrong",
		"the Gregorian calendar and common sense"},
	{"country-invalid", PROFILE_COUNTRIES, MARK,
		"Country codes that are none",
		"The contact has no country: it leaves country segments, and phone numbers cannot be completed",
		"ISO 3166-1 alpha-2; Ometria takes nothing else"},
	{"postcode-invalid", PROFILE_POSTCODES, MARK,
		"Postcodes that do not fit their country",
		"Store and region segments miss the customer",
		"the forms of the Universal Postal Union, for 30 countries"},
	{"email-invalid", PROFILE_EMAILS, MARK,
		"E-mail addresses that are none",
		"The address is not sent, or bounces and harms the sender's reputation",
		"RFC 5321's lengths, ASCII, local@domain.tld"},
	{"phone-invalid", PROFILE_PHONES, MARK,
		"Phone numbers that cannot be made international",
		"No SMS reaches the customer",
		"ITU-T E.164, national numbers completed by the country"},
	{"customer-unreachable", PROFILE_CUSTOMERS, NOBODY,
		"Customers with neither e-mail address nor phone",
		"They cannot become contacts: their orders have nobody behind them",
		"one-time accounts and deleted customers are not counted"},
	{"customer-no-email", PROFILE_CUSTOMERS, NOEMAIL,
		"Customers with a phone and no e-mail address",
		"No mail reaches them, and online and SAP histories cannot be joined",
		"the address that is valid and usable now"},
	{"customer-no-phone", PROFILE_CUSTOMERS, NOPHONE,
		"Customers with an e-mail address and no phone",
		"No SMS reaches them",
		"the number that is valid and usable now"},
	{"customer-shared-email", PROFILE_CUSTOMERS, SHARED,
		"Customers that share their e-mail address",
		"Ometria makes one profile of them: one gets the other's recommendations and opt-out",
		"letters large and small are the same"},
	{"customer-deleted", PROFILE_CUSTOMERS, DELETED,
		"Customers with a deletion flag or privacy block",
		"Mailing them is a breach unless each is opted out in Ometria",
		"[deletion]: KNA1-LOEVM, CVP_XBLCK, MSGFN 003"},
	{"area-deleted", PROFILE_CUSTOMERS, AREA,
		"Customers deleted in a sales area alone",
		"They stay in the segments of a store that they have left",
		"KNVV-LOEVM or its privacy block"},
	{"customer-flag-cleared", PROFILE_CUSTOMERS, EXC,
		"Customers whose deletion flag was taken back",
		"Somebody may expect them to be mailed again; nobody asked them",
		"clearing a flag opts nobody in"},
	{"contact-field-cut", PROFILE_CUSTOMERS, EXC,
		"Contacts with a field that Ometria does not take as it is",
		"Names are cut off in the middle in mails",
		"names 64 characters, country 2"},
	{"order-one-time", PROFILE_ORDERS, ONETIME,
		"Orders of one-time accounts",
		"Many people under one number: no history, and never a contact",
		"[customer] one-time-groups, CPD accounts"},
	{"order-no-customer", PROFILE_ORDERS, NOCUSTOMER,
		"Orders with neither a customer number nor an e-mail address",
		"Revenue without a buyer: win-back and lifetime value are wrong",
		"sold-to party AG, and the shop's record"},
	{"order-unknown-customer", PROFILE_ORDERS, UNKNOWN,
		"Orders of customers that are not in these files",
		"The buyer is unknown to segments until the master data comes",
		"counted where any customer is in the files"},
	{"order-totals-mismatch", PROFILE_ORDERS, EXC,
		"Orders whose totals do not add up",
		"Revenue in Ometria differs from SAP's, or Ometria refuses the order",
		"subtotal + discount + shipping + tax = grand total, within [order] tolerance"},
	{"order-no-sku", PROFILE_ORDERS, NOSKU,
		"Orders with a line that has no material",
		"The product is missing in recommendations and replenishment mails",
		"E1EDP19 QUALF 002, MATNR"},
	{"order-id-invalid", PROFILE_ORDERS, ORDERID,
		"Orders whose number cannot be an id in Ometria",
		"The order does not leave",
		"at most 36 characters, no personal data"},
	{"order-two-customers", PROFILE_ORDERS, EXC,
		"Web order numbers with two sold-to parties",
		"One customer's purchase shows in the other's history",
		"one web order has one sold-to party"},
	{"order-unconfirmed", PROFILE_ORDERS, UNCONFIRMED,
		"Shop orders that no document of SAP in these files confirms",
		"The buyer gets an abandoned-cart mail, or a sale is counted that was none",
		"the web order number"},
	{"order-unknown-original", PROFILE_ORDERS, EXC,
		"Changes, returns and credits of orders that are not in these files",
		"Refunds are not taken off the customer's value",
		"the sales document that they refer to"},
	{"order-over-credited", PROFILE_ORDERS, EXC,
		"Orders of which more was credited than ordered",
		"The customer's value is too low",
		"credited quantity of a line"},
	{"order-line-vanished", PROFILE_ORDERS, EXC,
		"Orders that lost a line without a rejection",
		"Ometria recommends on, or reviews, what was not bought",
		"the newest full document against the ones before"},
	{"shipment-without-order", PROFILE_SHIPMENTS, EXC,
		"Deliveries of orders that are not in these files",
		"No shipped mail, and the order stays open",
		"the sales document of the delivery's lines"},
	{"shipment-unknown-line", PROFILE_SHIPMENTS, EXC,
		"Deliveries of items that their order does not have",
		"The order never counts as shipped",
		"VGBEL and VGPOS"},
	{"shipment-over", PROFILE_SHIPMENTS, EXC,
		"Deliveries of more than was ordered",
		"The shipped mail may come too early",
		"despatched quantity in the order's unit"},
	{"shipment-unit", PROFILE_SHIPMENTS, EXC,
		"Deliveries in a unit that cannot be compared with the order's",
		"The order never counts as shipped",
		"[unit], UMVKZ and UMVKN"},
	{"shipment-reversed", PROFILE_SHIPMENTS, REVERSED,
		"Deliveries whose goods issue was taken back",
		"A connector that does not read the reversal has told the customer that the order is shipped",
		"goods issue that was there and is gone, QUALF DEL"},
	{"sku-padded", PROFILE_MATERIALS, EACH,
		"Materials whose number is sent with leading zeros",
		"000012345 in SAP is 12345 in the shop: triggers silently fail",
		"MATN1: zeros fall off numbers of digits alone"},
	{"sku-spellings", PROFILE_MATERIALS, SPELLINGS,
		"Materials whose number comes in several spellings",
		"Without one rule for all, one product becomes two: views and purchases do not meet",
		"with and without leading zeros"},
	{"sku-collision", PROFILE_MATERIALS, LOSES,
		"Materials that become the SKU of another one",
		"Two products are one: wrong stock, wrong recommendations",
		"[sku] strip, upper and map"},
	{"sku-twins", PROFILE_MATERIALS, TWINS,
		"Materials whose SKU differs from another by case or separators",
		"Shop and SAP may mean the same product by them",
		"letters small, separators and zeros gone"},
	{"product-deleted", PROFILE_MATERIALS, PRODUCTGONE,
		"Products with a deletion flag",
		"Mails recommend what cannot be bought",
		"MARA-LVORM and what the configuration adds"},
	{"stock-unknown-movement", PROFILE_MOVEMENTS, MOVEMENT,
		"Movements of a type whose effect is not known",
		"Stock drifts: false back-in-stock mails",
		"SAP's movement types, [movement] of the configuration"},
	{"stock-conflict", PROFILE_MOVEMENTS, EXC,
		"Movement numbers that came with two contents",
		"Stock is wrong by the difference",
		"document, year and item"},
	{"stock-no-baseline", PROFILE_STOCKS, BASELINE,
		"Materials in a plant that move without any snapshot",
		"It is not known whether they can be bought: nothing is sent for them",
		"[stock] baseline"},
	{"stock-negative", PROFILE_MATERIALS, EXC,
		"Materials whose stock is below zero",
		"Something moved that never came: back-in-stock mails are not to be trusted",
		"the sum over sellable places"},
	{"field-limit", PROFILE_DESIRED, MARK,
		"Records that break a limit of Ometria",
		"They do not leave",
		"the limits of the Data API, field by field"},
	{NULL, PROFILE_IDOCS, NULL, NULL, NULL, NULL},
};
