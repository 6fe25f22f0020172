#include "record/exception.h"

/* clang-format off */
const struct exception_code exception_codes[] = {
	{"push-refused-key", SEVERITY_CRITICAL, "operator", CLOSED_BY_ITSELF, "Nothing leaves",
		"Ometria refused the API key",
		"check the API key in Ometria's settings and in the key file",
		"Nothing is lost: the outbox is delivered by the next run with a valid key"},

	{"latency", SEVERITY_MEDIUM, "operator", CLOSED_BY_ITSELF, "Much waits",
		"Records take longer than they should from SAP to Ometria",
		"see 'sync-audit status' for the stage that waits",
		"Its subject is the limit of '[alert]' that is crossed (latency), see "
		"sap-ometria.conf(5); 'sync-audit status' and 'sync-audit exceptions --notify' "
		"look"},
	{"backlog", SEVERITY_MEDIUM, "operator", CLOSED_BY_ITSELF, "Much waits",
		"Records gather before a stage",
		"see 'sync-audit status' for the stage that waits",
		"Its subject is the limit of '[alert]' that is crossed (backlog, oldest-flip, "
		"oldest-order and others), see sap-ometria.conf(5); 'sync-audit status' and "
		"'sync-audit exceptions --notify' look"},

	{"idoc-malformed", SEVERITY_HIGH, "sap-team", CLOSED_BY_EITHER, "IDocs cannot be read",
		"An IDoc cannot be read: characters that XML forbids, elements that do not "
		"match, a field that its record needs is missing or wrong",
		"mend in SAP what the message names and send the IDoc again (BD87, or WE19 for "
		"a corrected copy)",
		"Only this IDoc is lost; the others of the file are read. The message names "
		"what is wrong and, for XML, where. Of faults in a row in one file that nothing "
		"identifies, no IDoc number and no customer, the first 1,000 are said one by "
		"one and the others as one, with their count. The same IDoc number is tried "
		"again and success closes the exception"},
	{"idoc-truncated", SEVERITY_HIGH, "sap-team", CLOSED_BY_EITHER, "IDocs cannot be read",
		"The file ends in the middle of an IDoc",
		"have the file written again",
		"The IDocs before it were read. A disk that was full or a transfer that broke "
		"is the usual reason"},
	{"idoc-too-large", SEVERITY_HIGH, "sap-team", CLOSED_BY_EITHER, "IDocs cannot be read",
		"One IDoc is larger than the limits of the reader: 128 MB of fields, or 4 MB "
		"for one record",
		"have SAP send the document in several IDocs",
		"A distribution model that bundles documents is the usual reason"},
	{"idoc-number-reused", SEVERITY_HIGH, "sap-team", CLOSED_BY_PERSON, "IDocs cannot be read",
		"An IDoc number that was settled came again with other content",
		"compare the two files and find out why one IDoc number came with two contents",
		"It is processed, because it may be new facts. A system copy that kept its "
		"number ranges, or a file edited by hand, is the usual reason. Which of the two "
		"is right cannot be seen here: resolve it when you know"},
	{"idoc-hostile", SEVERITY_HIGH, "sap-team", CLOSED_BY_EITHER, "IDocs cannot be read",
		"An IDoc, or the XML between two, holds a document type, entities, nesting or "
		"numbers of names that SAP does not write",
		"find out who or what wrote the file",
		"Nothing was expanded or fetched. If SAP's XML port was set to embed a DTD, "
		"switch that off"},
	{"idoc-encoding", SEVERITY_HIGH, "sap-team", CLOSED_BY_EITHER, "IDocs cannot be read",
		"Bytes of the file do not belong to the character set that it claims",
		"set the character set of the port, or '[sap] encoding'",
		"In SAP it is a setting of the port (WE21); '[sap] encoding' is for flat files"},
	{"idoc-unmapped", SEVERITY_LOW, "sap-team", CLOSED_BY_PERSON, "IDocs cannot be read",
		"IDocs of a message type arrive for which there is no field map",
		"stop distributing this message type here, or add field-map rows",
		"Said once for each type and run; the IDocs are settled as ignored by rule. "
		"Field-map rows stand in '[map]'. That none comes for a while does not say that "
		"it was stopped: resolve it when it was"},
	{"idoc-no-layout", SEVERITY_MEDIUM, "sap-team", CLOSED_BY_EITHER, "IDocs cannot be read",
		"A flat IDoc holds a segment whose layout is not known, or not for sure, and a "
		"field map needs what is in it",
		"give the layout of the segment with '--segments' (transaction WE60)",
		"The IDoc is not read. What WE60 prints of the IDoc type (format 'parser') is "
		"what idoc-parse(1) takes; XML, which SAP's port can write as well, needs no "
		"layout"},

	{"idoc-set-aside", SEVERITY_HIGH, "sap-team", CLOSED_BY_EITHER, "A file does not move",
		"A tool of the line died three times while it had this IDoc, or file, in its "
		"hands",
		"report it, with the file, to whoever maintains these tools; once they are "
		"mended, put it into the inbox again",
		"It is not given to the line any more, so that what comes behind it gets "
		"through. A tool that was stopped by a signal, or by a restart of the machine, "
		"does not count. The IDoc is tried again when it comes again"},
	{"file-unreadable", SEVERITY_HIGH, "sap-team", CLOSED_BY_PERSON, "A file does not move",
		"Nothing in a file can be read as IDocs or records",
		"look at the file and have it sent anew",
		"It was moved to the folder failed/ of the archive when there is one. A file of "
		"the same name that can be read later need not be the same: resolve it when "
		"what was in it has come"},
	{"stage-missing", SEVERITY_HIGH, "operator", CLOSED_BY_ITSELF, "A file does not move",
		"Records reached ometria-push that an aggregator should have taken",
		"put the aggregator that the message names into the pipe",
		"They stay open and are read again. The first such record that the aggregator "
		"takes closes this"},
	{"record-invalid", SEVERITY_MEDIUM, "operator", CLOSED_BY_EITHER, "A file does not move",
		"A line in a pipe is no record: not JSON, cut off, too long, or without the "
		"keys that every record has",
		"look at the tool or script in front that wrote the line",
		"The line is left out, reading goes on. A line that was cut usually means that "
		"the tool in front died. A record of an IDoc or of a movement that lacks what "
		"it needs is one as well: that exception closes when the same comes right. A "
		"line that was left out never comes again for all that can be seen here"},

	{"balance", SEVERITY_HIGH, "operator", CLOSED_BY_ITSELF, "Something has no outcome",
		"Something was read and has no outcome",
		"run 'sync-audit balance', which names it",
		"Its subject is the limit of '[alert]' that is crossed (unsettled), see "
		"sap-ometria.conf(5); 'sync-audit status' and 'sync-audit exceptions --notify' "
		"look"},

	{"customer-malformed", SEVERITY_CRITICAL, "marketing", CLOSED_BY_EITHER, "A customer is held",
		"A customer's master data came in a form that cannot be used",
		"have the customer sent again from SAP; its updates and orders wait",
		"Other customers go on. Transaction BD12 sends a customer again. The hold lifts "
		"when a newer valid record was delivered, or by 'sync-audit release'"},
	{"customer-rejected", SEVERITY_CRITICAL, "marketing", CLOSED_BY_ITSELF, "A customer is held",
		"Ometria refused the contact of a customer",
		"correct in SAP what Ometria refused; updates and orders of the customer wait",
		"The message holds Ometria's words and the field. The next change of the "
		"customer is sent and lifts the hold; the same contact is sent again after "
		"'sync-audit retry'"},

	{"customer-no-identity", SEVERITY_LOW, "marketing", CLOSED_BY_ITSELF, "A contact is not right",
		"A customer has neither an e-mail address nor a phone and so cannot become a "
		"contact",
		"enter an e-mail address or phone in SAP if the customer is to be contacted",
		"Otherwise nothing has to be done"},
	{"customer-shared-email", SEVERITY_MEDIUM, "marketing", CLOSED_BY_ITSELF, "A contact is not right",
		"Several customers have the same e-mail address; Ometria makes one profile of "
		"them",
		"decide which of the customers keeps the e-mail address",
		"The exception is that of the lowest number and names the others, which need "
		"another address in SAP"},
	{"customer-one-time", SEVERITY_MEDIUM, "marketing", CLOSED_BY_EITHER, "A contact is not right",
		"A customer became a one-time account, and Ometria has a contact of before",
		"take the contact out of Ometria by hand, or give the account another group in "
		"SAP",
		"SAP made a one-time account of it, or its number turned out to be one after "
		"its address had come. Nothing of it is sent any more; its orders are those of "
		"guests"},
	{"contact-field-cut", SEVERITY_LOW, "marketing", CLOSED_BY_ITSELF, "A contact is not right",
		"A field of a contact was longer than Ometria takes and was cut, or left out",
		"shorten the field in SAP",
		"A custom property may be dropped from the field map instead; where the text "
		"does not matter, nothing has to be done"},

	{"deletion-overdue", SEVERITY_CRITICAL, "marketing", CLOSED_BY_ITSELF, "Opt-outs are overdue",
		"An opt-out or a deletion request was not confirmed by Ometria in time",
		"opt the customer out in Ometria by hand, then find out why it did not arrive",
		"The time is '[deletion] verify-within'; it was refused, waits, or Ometria "
		"cannot be reached. The exception heals when Ometria has confirmed all of it"},

	{"customer-flag-cleared", SEVERITY_MEDIUM, "marketing", CLOSED_BY_EITHER, "A person is to be forgotten",
		"SAP took back the deletion flag of a customer who was opted out because of it",
		"decide whether the customer may be contacted again; nobody was opted in",
		"Whoever may be contacted again is opted in in Ometria. It is a decision about "
		"a person, so that a person resolves it; flagged once more in SAP it closes by "
		"itself"},
	{"deletion-request", SEVERITY_HIGH, "marketing", CLOSED_BY_EITHER, "A person is to be forgotten",
		"A person is to be erased, and Ometria was not asked or refused",
		"ask Ometria to erase the person, by hand or with 'sync-audit retry'",
		"It is not asked while '[deletion] request' is off. Ask again with 'sync-audit "
		"retry deletion:CUSTOMER', or by hand, and then resolve the exception"},
	{"customer-suppressed", SEVERITY_HIGH, "marketing", CLOSED_BY_ITSELF, "A person is to be forgotten",
		"A customer has the e-mail address of an erased person",
		"decide whether this is the erased person: give it another e-mail address, or "
		"block it too",
		"Nothing of it is sent"},

	{"sku-collision", SEVERITY_HIGH, "ecommerce", CLOSED_BY_ITSELF, "A product id does not match",
		"Two material numbers give the same SKU",
		"add a mapping row for one of the two materials",
		"The older one keeps it; lines of the other leave without a product and its "
		"stock is not counted. Look whether '[sku] strip' removes what tells them apart"},
	{"ean-collision", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "A product id does not match",
		"Two products have one EAN, leading zeros or not",
		"take the EAN away from one of the two materials in SAP",
		"GTIN-8, -12, -13 and -14 that differ in leading zeros are one. Materials of "
		"one SKU may share it. Nothing is held back, but what names a product by its "
		"EAN cannot tell the two apart"},
	{"material-ambiguous", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_PERSON, "A product id does not match",
		"A number is the MATNR of one material and the long number of another",
		"have messages and lists carry both numbers, or renumber one material; then "
		"resolve it",
		"What carries both numbers is told apart; what carries this number alone is "
		"taken to mean the MATNR, and may be wrong"},
	{"sku-missing", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "A product id does not match",
		"A movement or a stock level has neither a material number nor a SKU, or a line "
		"of an order an EAN that no single product has",
		"have the material number added to the document or the mapping, or the EAN to "
		"its material",
		"The movement or level does not count; the same one with its number closes it. "
		"The line leaves without a product; a product with that EAN closes it, and the "
		"order is sent again"},

	{"product-incomplete", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "A product cannot be sent",
		"With '[product] master = sap' a product has no title, no price or no complete "
		"parent yet, and waits",
		"maintain the title or price in SAP, or have the shop hand it over",
		"Ometria takes no product without title and price, and a parent has to be there "
		"before its variants. The message says what is missing. What Ometria has of the "
		"product already keeps its availability up to date"},

	{"sku-mapping-changed", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_PERSON, "The mapping of products changed",
		"A row of the mapping file gives a material another SKU than it did, or is "
		"gone, or SAP gives it another long number",
		"check the mapping file and the long number in SAP, then resolve it",
		"stock-aggregate(1) sends the product under the new one, and retires the old "
		"one in Ometria (inactive) where no other material has it; order-aggregate(1) "
		"sends the orders that name it again. Whether that was meant cannot be seen "
		"here"},

	{"order-unconfirmed", SEVERITY_HIGH, "operations", CLOSED_BY_ITSELF, "SAP has not confirmed an order",
		"The shop handed over an order that SAP has not confirmed in time",
		"find out why SAP has not confirmed the shop's order",
		"The time is '[order] confirm-within'. Ometria has it as pending. The interface "
		"between shop and SAP is the place to look"},

	{"order-totals-mismatch", SEVERITY_MEDIUM, "operations", CLOSED_BY_ITSELF, "Orders are not right",
		"The sums of an order do not add up, or cannot be told",
		"compare the order's totals in SAP with its conditions",
		"Subtotal, discount, shipping and tax of an order do not give its total to the "
		"cent, or SAP sent neither a total nor all that it is made of; lines changed "
		"and what the totals are now does not follow; or the documents of one order are "
		"in different currencies. The message tells the difference. What is off by no "
		"more than '[order] totals-tolerance' is none. Whether such orders leave is set "
		"by '[order] totals-mismatch'; condition types that are shipping charges by "
		"'[order] shipping-conditions'; those of till receipts by '[till]'"},
	{"order-id-invalid", SEVERITY_HIGH, "operations", CLOSED_BY_EITHER, "Orders are not right",
		"An order number cannot be an id, or the web order number came too late to be "
		"one",
		"correct the order number where it is made",
		"It is longer than 36 characters or holds personal data, such as an e-mail "
		"address: the order does not leave. Or an order was sent under its sales "
		"document before its web order number was known: the old one is void. In the "
		"second case nothing has to be done, unless it happens often: then SAP says the "
		"web number too late. The next message of that sales document with a number "
		"that can be an id closes it"},
	{"order-unknown-original", SEVERITY_MEDIUM, "operations", CLOSED_BY_ITSELF, "Orders are not right",
		"A change, return or credit memo refers to an order that was never seen",
		"have the order sent again from SAP",
		"The document is kept and takes effect when the order comes. A return receipt "
		"of a till that names the receipt which it takes back is one too: receipts have "
		"no numbers of their own that would lead to the sale"},
	{"order-over-credited", SEVERITY_LOW, "operations", CLOSED_BY_ITSELF, "Orders are not right",
		"More of a line was credited than was ordered",
		"compare the credit memos of the order in SAP",
		"What SAP credited leaves as it is"},
	{"order-line-vanished", SEVERITY_MEDIUM, "operations", CLOSED_BY_ITSELF, "Orders are not right",
		"A line of an order is no longer in its newest document, and nothing said that "
		"it was rejected",
		"check in SAP whether the line was rejected or lost",
		"The order leaves with the line as it was"},
	{"order-two-customers", SEVERITY_HIGH, "operations", CLOSED_BY_ITSELF, "Orders are not right",
		"One web order number came with two different sold-to parties",
		"correct the purchase order number of one of the two sales orders in SAP, or "
		"give all of them the same sold-to party",
		"It is about the sales document that came second: the order leaves without it. "
		"Or about the order, when a document that was part of it changes its party: "
		"nothing of it leaves meanwhile. It closes when all of its documents have the "
		"same party, or this one a number of its own"},

	{"shipment-over", SEVERITY_MEDIUM, "operations", CLOSED_BY_ITSELF, "A shipment is not right",
		"More was despatched than ordered of a line, over all deliveries and in the "
		"order's unit",
		"check the quantities of the delivery",
		"The fulfilment of the order is not held back"},
	{"shipment-unknown-line", SEVERITY_MEDIUM, "operations", CLOSED_BY_ITSELF, "A shipment is not right",
		"A delivery refers to an item that its order does not have",
		"check the delivery's reference to the order item",
		"The item does not count towards fulfilment"},
	{"shipment-without-order", SEVERITY_MEDIUM, "operations", CLOSED_BY_ITSELF, "A shipment is not right",
		"A delivery refers to an order that was never seen",
		"have the order sent from SAP",
		"It is kept and counts when the order comes"},
	{"shipment-reversed", SEVERITY_HIGH, "operations", CLOSED_BY_EITHER, "A shipment is not right",
		"Goods issue was taken back, or a line was added, after the customer was told "
		"that the order is shipped",
		"tell customer service, for the customer was told that the order is on its way",
		"The event cannot be withdrawn. The order keeps its status, and no second event "
		"follows; the exception heals when all lines are despatched again"},
	{"shipment-unit", SEVERITY_MEDIUM, "operations", CLOSED_BY_ITSELF, "A shipment is not right",
		"Order and delivery use units that cannot be compared",
		"have delivery or order carry the conversion, or add a section '[unit "
		"\"SKU:UNIT\"]' to the configuration",
		"The item does not count and the order cannot become fulfilled. Neither the "
		"delivery's units and conversion (LFIMG and VRKME, LGMNG and MEINS, UMVKZ and "
		"UMVKN) nor the order's (PMENE, BPUMZ and BPUMN) lead from one to the other"},

	{"event-late", SEVERITY_MEDIUM, "operator", CLOSED_BY_PERSON, "Events were late",
		"A fulfilment event was over four hours old when it was sent",
		"if customers were to be told, have that done by hand",
		"Ometria stores it and starts no automation. Once that is decided, look at what "
		"was late. What is past does not mend itself"},

	{"stock-no-baseline", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "Stock is not right",
		"Movements of a plant arrive before any snapshot of it",
		"send a stock snapshot of the plant, or set '[stock] baseline' to zero",
		"Its stock is not known and nothing is said to Ometria"},
	{"stock-negative", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "Stock is not right",
		"The sum of movements is below zero, which stock cannot be",
		"count the stock, or send a snapshot",
		"The SKU is taken to be out of stock. A movement was lost, or came twice under "
		"two numbers; a snapshot of the plant puts it right. Movements that leave it "
		"so count up, those of one batch once"},
	{"stock-unknown-movement", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "Stock is not right",
		"A movement has a movement type whose effect is not known and no sign",
		"say in SAP's output which way the quantity goes, or in '[movement]' what the "
		"type does",
		"It is not counted. The next run of stock-aggregate(1) that knows the type "
		"closes it. What was not counted is counted when its file is read again; a "
		"snapshot makes that unnecessary"},
	{"stock-unit", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "Stock is not right",
		"A movement is in a unit that cannot be converted into the base unit of its "
		"material",
		"say in '[unit]' what the unit is made of, and have the file read again",
		"It is not counted until its file is read again"},
	{"stock-conflict", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "Stock is not right",
		"One movement number came with two contents",
		"check the material document in SAP",
		"The earlier one counts. A snapshot of the place that is later than the "
		"movement closes it: the movement does not matter any more"},
	{"stock-drift", SEVERITY_MEDIUM, "ecommerce", CLOSED_BY_ITSELF, "Stock is not right",
		"A snapshot differs from the one before it and the movements in between",
		"find the document of the movement that never arrived",
		"They differ by more than the movements within '[stock] skew' of it explain: a "
		"movement never arrived, or came late. The message has both quantities. The "
		"snapshot counts"},
	{"stock-flapping", SEVERITY_LOW, "ecommerce", CLOSED_BY_ITSELF, "Stock is not right",
		"A SKU goes in and out of stock in quick succession",
		"raise '[stock] restock'",
		"So often within '[stock] damping' as '[stock] flips' says; that it is out is "
		"still said at once, that it is back only when it has stood still for that long"},

	{"push-rejected", SEVERITY_HIGH, "operator", CLOSED_BY_ITSELF, "Ometria refused a record",
		"Ometria refused one record",
		"correct what Ometria refused, then 'sync-audit retry'",
		"The rest of its batch was delivered. The message holds Ometria's words. The "
		"next change of the record is sent, or the same record again after 'sync-audit "
		"retry'"},
	{"push-limit", SEVERITY_HIGH, "operator", CLOSED_BY_ITSELF, "Ometria refused a record",
		"A record breaks a limit of Ometria and does not leave",
		"shorten the field that the message names",
		"In characters: 36 for the number of an order, 32 for that of an event, 31 for "
		"its type, 512 for each of its texts; 64 for a name, 255 for e-mail addresses, "
		"customer and product numbers, 32 for the methods of payment and shipping, 3 "
		"for a currency, 2 for a country; fewer than 1,000 for the properties of a "
		"record together. A record has 60,000 bytes at most. The next change of the "
		"record is sent"},

	{"push-unconfirmed", SEVERITY_MEDIUM, "operator", CLOSED_BY_ITSELF, "SAP and Ometria differ",
		"It is not known whether Ometria stored what it accepted",
		"run 'sync-audit verify', which reads the records back",
		"The counts in its answer do not add up, or its list of errors names no "
		"records. The records are read back by themselves, too. The exception heals "
		"when each of them was seen or sent again. About 'sample:ometria' it says that "
		"Ometria does not let ometria-push read back: is the key allowed to?"},
	{"push-missing", SEVERITY_HIGH, "operator", CLOSED_BY_ITSELF, "SAP and Ometria differ",
		"Ometria accepted a record and does not show it",
		"run 'sync-audit verify'; if it stays, report it to Ometria with the request id "
		"of the journal",
		"It was read back after '[ometria] visible-within'. It is sent once more; the "
		"exception heals when it shows"},
	{"push-differs", SEVERITY_HIGH, "operator", CLOSED_BY_ITSELF, "SAP and Ometria differ",
		"Ometria accepted a record and shows other content than was sent",
		"run 'sync-audit verify'; if it stays, find out who else writes these fields",
		"It was read back after '[ometria] visible-within': an older revision overtook "
		"it, somebody else writes the record, or Ometria changes the fields that the "
		"message names. It is sent once more, unless it is an event; the exception "
		"heals when it shows what was sent"},

	{NULL, SEVERITY_LOW, NULL, CLOSED_BY_PERSON, NULL, NULL, NULL, NULL},
};
