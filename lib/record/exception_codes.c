#include "record/exception.h"

/* clang-format off */
const struct exception_code exception_codes[] = {
	{"idoc-malformed", SEVERITY_HIGH, "sap-team", "have SAP send the IDoc again (WE19, BD87) after mending what the message names"},
	{"idoc-truncated", SEVERITY_HIGH, "sap-team", "have the file written again: it ends in the middle of an IDoc"},
	{"idoc-too-large", SEVERITY_HIGH, "sap-team", "have SAP send the document in several IDocs"},
	{"idoc-number-reused", SEVERITY_HIGH, "sap-team", "find out why one IDoc number came with two contents (system copy, manual edit)"},
	{"idoc-hostile", SEVERITY_HIGH, "sap-team", "find out who wrote a document type or entities into an IDoc"},
	{"idoc-encoding", SEVERITY_HIGH, "sap-team", "set the character set of the port, or [sap] encoding"},
	{"idoc-unmapped", SEVERITY_LOW, "sap-team", "stop distributing this message type here, or add field-map rows"},
	{"idoc-no-layout", SEVERITY_MEDIUM, "sap-team", "give the layout of the segment with --segments (transaction WE60)"},
	{"file-unreadable", SEVERITY_HIGH, "sap-team", "look at the file: nothing in it can be read as IDocs or records"},
	{"stage-missing", SEVERITY_HIGH, "operator", "put the named aggregator into the pipe"},
	{"record-invalid", SEVERITY_MEDIUM, "operator", "look at the line: a tool or script in the pipe writes what is no record"},

	{"customer-malformed", SEVERITY_CRITICAL, "marketing", "have the customer sent again from SAP; its updates and orders wait"},
	{"customer-rejected", SEVERITY_CRITICAL, "marketing", "correct in SAP what Ometria refused; updates and orders of the customer wait"},
	{"customer-no-identity", SEVERITY_LOW, "marketing", "enter an e-mail address or phone in SAP if the customer is to be contacted"},
	{"customer-shared-email", SEVERITY_MEDIUM, "marketing", "decide which of the customers keeps the e-mail address"},
	{"customer-flag-cleared", SEVERITY_MEDIUM, "marketing", "decide whether the customer may be contacted again; nothing was opted in"},
	{"deletion-overdue", SEVERITY_CRITICAL, "marketing", "opt the customer out in Ometria by hand, then find out why it did not arrive"},
	{"contact-field-cut", SEVERITY_LOW, "marketing", "shorten the field in SAP"},

	{"sku-collision", SEVERITY_HIGH, "ecommerce", "add a mapping row for one of the two materials"},
	{"sku-missing", SEVERITY_MEDIUM, "ecommerce", "have the material number added to the document or the mapping"},

	{"order-totals-mismatch", SEVERITY_MEDIUM, "operations", "compare the order's totals in SAP with its conditions"},
	{"order-unconfirmed", SEVERITY_HIGH, "operations", "find out why SAP has not confirmed the shop's order"},
	{"order-id-invalid", SEVERITY_HIGH, "operations", "correct the order number: over 36 characters or personal data in it"},
	{"order-unknown-original", SEVERITY_MEDIUM, "operations", "have the order sent again from SAP: a document refers to it"},
	{"order-line-vanished", SEVERITY_MEDIUM, "operations", "check in SAP whether the line was rejected or lost"},
	{"order-two-customers", SEVERITY_HIGH, "operations", "one web order number came with two sold-to parties: correct one order in SAP"},
	{"shipment-over", SEVERITY_MEDIUM, "operations", "check the delivery: more was despatched than ordered"},
	{"shipment-unknown-line", SEVERITY_MEDIUM, "operations", "check the delivery's reference to the order item"},
	{"shipment-without-order", SEVERITY_MEDIUM, "operations", "have the order sent from SAP: a delivery refers to it"},
	{"shipment-reversed", SEVERITY_HIGH, "operations", "the customer was told that the order is shipped; goods issue was taken back"},
	{"shipment-unit", SEVERITY_MEDIUM, "operations", "maintain the unit conversion: order and delivery use units that cannot be compared"},
	{"event-late", SEVERITY_MEDIUM, "operator", "the event was over four hours old: its automation will not start"},

	{"stock-no-baseline", SEVERITY_MEDIUM, "ecommerce", "send a stock snapshot of the plant, or set [stock] baseline"},
	{"stock-negative", SEVERITY_MEDIUM, "ecommerce", "count the stock: the ledger is below zero"},
	{"stock-unknown-movement", SEVERITY_MEDIUM, "ecommerce", "say in the configuration what the movement type does"},
	{"stock-conflict", SEVERITY_MEDIUM, "ecommerce", "one movement number came with two contents: check the document in SAP"},
	{"stock-late", SEVERITY_MEDIUM, "ecommerce", "a movement came after a newer snapshot had replaced it: check the document's delay"},
	{"stock-drift", SEVERITY_MEDIUM, "ecommerce", "find the movement that never arrived: snapshot and ledger differ"},
	{"stock-flapping", SEVERITY_LOW, "ecommerce", "raise the restock quantity of the SKU"},

	{"push-rejected", SEVERITY_HIGH, "operator", "correct what Ometria refused, then 'sync-audit retry'"},
	{"push-limit", SEVERITY_HIGH, "operator", "shorten the named field: the record breaks a limit of Ometria"},
	{"push-unconfirmed", SEVERITY_MEDIUM, "operator", "run 'sync-audit verify': Ometria's answer did not tell what it stored"},
	{"push-missing", SEVERITY_HIGH, "operator", "run 'sync-audit verify': a record was accepted and is not visible"},
	{"push-refused-key", SEVERITY_CRITICAL, "operator", "check the API key in Ometria's settings"},
	{"latency", SEVERITY_MEDIUM, "operator", "see 'sync-audit status' for the stage that waits"},
	{"backlog", SEVERITY_MEDIUM, "operator", "see 'sync-audit status' for the stage that waits"},
	{"balance", SEVERITY_HIGH, "operator", "run 'sync-audit balance': something was read and has no outcome"},

	{NULL, SEVERITY_LOW, NULL, NULL},
};
