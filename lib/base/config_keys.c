#include "base/config.h"

/* One row a key; sap-ometria.conf(5) is tested against this table. */
#define DELETION_ACTIONS "nothing|store-removal|opt-out|erase"

/* clang-format off */
const struct config_key config_keys[] = {
	{"sap", false, "timezone", CONFIG_TEXT, "Europe/London", NULL, "zone of SAP's local dates and times"},
	{"sap", false, "encoding", CONFIG_TEXT, "windows-1252", NULL, "encoding of flat files that do not claim UTF-8"},
	{"sap", false, "segments", CONFIG_LIST, NULL, NULL, "reports of transaction WE60 with further segments, beside this file"},

	{"ometria", false, "url", CONFIG_TEXT, "https://api.ometria.com/v2", NULL, "base address of the Data API"},
	{"ometria", false, "ca-file", CONFIG_TEXT, NULL, NULL, "PEM file of the authorities to trust, beside this file"},
	{"ometria", false, "collection", CONFIG_TEXT, "sap", NULL, "collection of the contacts that are sent"},
	{"ometria", false, "rate", CONFIG_NUMBER, "4", NULL, "requests in any second, over all tools on one state; 0 = no limit"},
	{"ometria", false, "connections", CONFIG_NUMBER, "8", NULL, "requests under way at once, 1 to 8"},
	{"ometria", false, "batch", CONFIG_NUMBER, "100", NULL, "records in one request, at most 100"},
	{"ometria", false, "timeout", CONFIG_DURATION, "5m", NULL, "how long a drain retries before it gives up with exit 69"},
	{"ometria", false, "settle", CONFIG_DURATION, "2s", NULL, "age of an accepted record at which a clean error poll confirms it"},
	{"ometria", false, "gap", CONFIG_DURATION, NULL, NULL, "least time between two revisions of one record; absent = settle"},
	{"ometria", false, "visible-within", CONFIG_DURATION, "15m", NULL, "age at which an accepted record that does not show is missing"},
	{"ometria", false, "retry", CONFIG_DURATION, "1s", NULL, "first pause of the exponential backoff"},
	{"ometria", false, "linger", CONFIG_DURATION, "200ms", NULL, "how long an incomplete batch waits when following"},

	{"sales-area", true, "store", CONFIG_TEXT, NULL, NULL, "store identifier in Ometria; label: sales organisation/channel"},
	{"sales-area", true, "channel", CONFIG_TEXT, "online", NULL, "channel of orders of that sales area"},

	{"plant", true, "sellable", CONFIG_BOOL, "yes", NULL, "whether its stock can be sold online"},
	{"plant", true, "safety", CONFIG_DECIMAL, "0", NULL, "quantity of each SKU that the plant keeps back"},
	{"plant", true, "locations", CONFIG_LIST, NULL, NULL, "storage locations that count; absent = all"},

	{"stock", false, "threshold", CONFIG_DECIMAL, "1", NULL, "in stock while the sum is at least this"},
	{"stock", false, "restock", CONFIG_DECIMAL, "1", NULL, "back in stock when the sum is at least this"},
	{"stock", false, "safety", CONFIG_DECIMAL, "0", NULL, "quantity of each SKU that is kept back over all plants"},
	{"stock", false, "special-stock", CONFIG_LIST, NULL, NULL, "special stock indicators that count as own stock"},
	{"stock", false, "decimal", CONFIG_CHOICE, "point", "point|comma", "what stands before the decimals in a stock list"},
	{"stock", false, "baseline", CONFIG_CHOICE, "snapshot", "snapshot|zero", "what stock is before the first snapshot"},
	{"stock", false, "source", CONFIG_CHOICE, "documents", "documents|deliveries", "what tells of goods issued to customers: material documents or deliveries"},
	{"stock", false, "delivery-types", CONFIG_LIST, "601,602", NULL, "movement types that deliveries tell of"},
	{"stock", false, "damping", CONFIG_DURATION, "30m", NULL, "how long a flapping SKU stands still before it is back; 0s = no damping"},
	{"stock", false, "flips", CONFIG_NUMBER, "6", NULL, "so many changes within damping make a SKU a flapping one"},
	{"stock", false, "reserve", CONFIG_BOOL, "no", NULL, "whether what is ordered and not yet despatched is kept back"},
	{"stock", false, "reserve-for", CONFIG_DURATION, "30d", NULL, "how long after it was placed an order keeps stock back"},
	{"stock", false, "skew", CONFIG_DURATION, "5m", NULL, "movements this close to a snapshot cannot bring a SKU back"},

	{"levels", false, "encoding", CONFIG_TEXT, NULL, NULL, "encoding of a stock list that is not UTF-8; absent = that of [sap]"},
	{"levels", false, "material", CONFIG_LIST, NULL, NULL, "headings of the column of the material; absent = SAP's"},
	{"levels", false, "plant", CONFIG_LIST, NULL, NULL, "headings of the column of the plant"},
	{"levels", false, "location", CONFIG_LIST, NULL, NULL, "headings of the column of the storage location"},
	{"levels", false, "quantity", CONFIG_LIST, NULL, NULL, "headings of the column of the stock that can be sold"},
	{"levels", false, "special-stock", CONFIG_LIST, NULL, NULL, "headings of the column of the special stock indicator"},

	{"movement", true, "effect", CONFIG_CHOICE, NULL, "plus|minus|none|transfer|transfer-back", "what a movement type does to unrestricted stock; label: the type"},

	{"sku", false, "strip", CONFIG_TEXT, "", NULL, "characters removed from every material number, in double quotes"},
	{"sku", false, "map", CONFIG_TEXT, NULL, NULL, "mapping file of materials and SKUs, beside this file"},
	{"sku", false, "upper", CONFIG_BOOL, "no", NULL, "whether letters become upper case"},

	{"unit", true, "base", CONFIG_TEXT, NULL, NULL, "the unit that it is made of; label: unit, or SKU:unit"},
	{"unit", true, "factor", CONFIG_DECIMAL, "1", NULL, "how many of the base are per of it"},
	{"unit", true, "per", CONFIG_DECIMAL, "1", NULL, "of how many of it the factor speaks"},

	{"order", false, "web-number", CONFIG_REGEX, "^[^[:blank:]@]*([0-9][^[:blank:]@]*){4,}$", NULL, "which purchase order numbers are web order numbers"},
	{"order", false, "confirm-within", CONFIG_DURATION, "30m", NULL, "SAP's silence after which a provisional order is an exception"},
	{"order", false, "pending-valid", CONFIG_BOOL, "yes", NULL, "whether a provisional order counts as valid"},
	{"order", false, "return-types", CONFIG_LIST, "RE,ZRE", NULL, "order types that are returns"},
	{"order", false, "credit-types", CONFIG_LIST, "G2", NULL, "order types that are credit memo requests"},
	{"order", false, "no-sale-types", CONFIG_LIST, "AF,AG,KA,KB,KL,KN", NULL, "order types that are no sale"},
	{"order", false, "open-rejections", CONFIG_LIST, NULL, NULL, "reasons for rejection that do not cancel a line"},
	{"order", false, "partial-messages", CONFIG_LIST, NULL, NULL, "message types that hold only the lines that changed"},
	{"order", false, "shipping-conditions", CONFIG_LIST, "HD00,HM00", NULL, "condition types that are shipping charges"},
	{"order", false, "totals-mismatch", CONFIG_CHOICE, "send", "send|withhold", "what happens to an order whose totals do not add up"},
	{"order", false, "totals-tolerance", CONFIG_NUMBER, "0", NULL, "minor units of the currency by which totals may be off"},
	{"order", false, "base-currency", CONFIG_TEXT, NULL, NULL, "the reporting currency in which orders of other currencies are told as well"},
	{"order", false, "free-categories", CONFIG_LIST, "TANN", NULL, "item categories of free goods"},
	{"order", false, "no-delivery-categories", CONFIG_LIST, "TAD,TAE", NULL, "item categories that are never delivered"},
	{"order", false, "fulfil-grace", CONFIG_DURATION, "0s", NULL, "how long the fulfilment event waits for further documents"},

	{"till", false, "prices", CONFIG_CHOICE, "gross", "gross|net", "whether prices of till receipts include the tax"},
	{"till", false, "price-conditions", CONFIG_LIST, "VKP0,VKA0,PN10,PR00", NULL, "condition types of till receipts that are prices"},
	{"till", false, "discount-conditions", CONFIG_LIST, NULL, NULL, "condition types of till receipts that are discounts"},
	{"till", false, "customer-qualifiers", CONFIG_LIST, NULL, NULL, "qualifiers that say a receipt's customer number is SAP's"},

	{"customer", false, "name1", CONFIG_CHOICE, "first", "first|last|full|company", "what NAME1 holds"},
	{"customer", false, "name2", CONFIG_CHOICE, "last", "first|last|full|company", "what NAME2 holds"},
	{"customer", false, "one-time-groups", CONFIG_LIST, "CPD,CPDA", NULL, "account groups of one-time customers"},
	{"customer", false, "person-groups", CONFIG_LIST, NULL, NULL, "account groups of persons; when given, all others are companies"},
	{"customer", false, "company-groups", CONFIG_LIST, NULL, NULL, "account groups of companies"},
	{"customer", false, "company-titles", CONFIG_LIST, "Company,Firma", NULL, "titles that companies bear, and no person"},
	{"customer", false, "contact-person", CONFIG_CHOICE, "first", "first|none", "whose name stands for a company, or for a customer without one"},
	{"customer", false, "address-alone", CONFIG_CHOICE, "send", "send|wait", "whether an address makes a contact before the general data came"},

	{"authority", false, "email", CONFIG_CHOICE, "sap", "sap|shop", "who owns the e-mail address, of contacts and on orders"},
	{"authority", false, "phone", CONFIG_CHOICE, "sap", "sap|shop|ometria", "who owns the phone of a contact"},
	{"authority", false, "name", CONFIG_CHOICE, "sap", "sap|shop|ometria", "who owns title and names of a contact"},
	{"authority", false, "country", CONFIG_CHOICE, "sap", "sap|shop|ometria", "who owns the country of a contact"},
	{"authority", false, "properties", CONFIG_CHOICE, "sap", "sap|shop|ometria", "who owns the custom properties of a contact"},
	{"authority", false, "consent", CONFIG_CHOICE, "ometria", "ometria|sap|shop", "who owns the consent to marketing"},

	{"deletion", false, "action", CONFIG_CHOICE, "opt-out", "opt-out|anonymise", "what an opt-out is: anonymise sends nothing of the person any more"},
	{"deletion", false, "deleted", CONFIG_CHOICE, "opt-out", DELETION_ACTIONS, "what the general deletion flag (KNA1-LOEVM) does"},
	{"deletion", false, "privacy-block", CONFIG_CHOICE, "erase", DELETION_ACTIONS, "what the privacy block (KNA1-CVP_XBLCK) does"},
	{"deletion", false, "function-003", CONFIG_CHOICE, "opt-out", DELETION_ACTIONS, "what a message that deletes (MSGFN 003) does"},
	{"deletion", false, "order-block", CONFIG_CHOICE, "nothing", DELETION_ACTIONS, "what an order block (AUFSD) does"},
	{"deletion", false, "sales-area", CONFIG_CHOICE, "store-removal", DELETION_ACTIONS, "what deletion or privacy block of a sales area does"},
	{"deletion", false, "verify-within", CONFIG_DURATION, "24h", NULL, "time for an opt-out or a deletion request to be confirmed"},
	{"deletion", false, "request", CONFIG_CHOICE, "off", "off|on", "whether Ometria is asked to erase what it has of a person"},

	{"product", false, "inactive-status", CONFIG_LIST, NULL, NULL, "cross-plant statuses (MARA-MSTAE) whose products are not active"},
	{"product", false, "parents", CONFIG_TEXT, NULL, NULL, "file of variants and their parents, beside this file"},
	{"product", false, "master", CONFIG_CHOICE, "shop", "shop|sap", "who owns product data beside availability"},

	{"state", false, "retain", CONFIG_DURATION, NULL, NULL, "age at which the state forgets settled IDocs; absent = never"},

	{"archive", false, "retain", CONFIG_DURATION, NULL, NULL, "age at which archived files are removed; absent = never"},

	{"exception", true, "owner", CONFIG_TEXT, NULL, NULL, "who is to act; label: exception code, * allowed at its end"},
	{"exception", true, "severity", CONFIG_CHOICE, NULL, "critical|high|medium|low", "severity instead of the built-in one"},
	{"exception", true, "escalate-after", CONFIG_DURATION, NULL, NULL, "age at which it becomes critical, unless acknowledged"},
	{"exception", true, "escalate-to", CONFIG_TEXT, NULL, NULL, "who is to act then; absent = who was to act before"},

	{"owner", true, "address", CONFIG_TEXT, NULL, NULL, "where to reach them: told to the command of --notify; label: owner"},
	{"owner", true, "escalate-after", CONFIG_DURATION, NULL, NULL, "age at which an exception of theirs becomes critical"},
	{"owner", true, "escalate-to", CONFIG_TEXT, NULL, NULL, "who is to act then"},

	{"escalation", false, "after", CONFIG_DURATION, NULL, NULL, "age at which any exception becomes critical; absent = never"},
	{"escalation", false, "to", CONFIG_TEXT, NULL, NULL, "who is to act then"},

	{"alert", false, "critical", CONFIG_NUMBER, "0", "off", "open critical exceptions that nobody has acknowledged"},
	{"alert", false, "high", CONFIG_NUMBER, "0", "off", "open high exceptions that nobody has acknowledged"},
	{"alert", false, "medium", CONFIG_NUMBER, "off", "off", "open medium exceptions that nobody has acknowledged"},
	{"alert", false, "low", CONFIG_NUMBER, "off", "off", "open low exceptions that nobody has acknowledged"},
	{"alert", false, "held", CONFIG_NUMBER, "0", "off", "customers who are held"},
	{"alert", false, "refused", CONFIG_NUMBER, "0", "off", "records that Ometria refused"},
	{"alert", false, "backlog", CONFIG_NUMBER, "10000", "off", "records that wait for Ometria"},
	{"alert", false, "opt-out", CONFIG_DURATION, "4h", "off", "age of an opt-out or deletion that Ometria has not confirmed"},
	{"alert", false, "oldest-flip", CONFIG_DURATION, "15m", "off", "age of a change of availability that waits"},
	{"alert", false, "oldest-product", CONFIG_DURATION, "1h", "off", "age of another change of a product that waits"},
	{"alert", false, "oldest-contact", CONFIG_DURATION, "1h", "off", "age of a contact that waits"},
	{"alert", false, "oldest-order", CONFIG_DURATION, "1h", "off", "age of an order that waits"},
	{"alert", false, "oldest-event", CONFIG_DURATION, "1h", "off", "age of an event that waits"},
	{"alert", false, "event-age", CONFIG_DURATION, "2h", "off", "time since what a waiting event is about happened"},
	{"alert", false, "unconfirmed", CONFIG_DURATION, "1h", "off", "time since Ometria accepted what is not confirmed"},
	{"alert", false, "unsettled", CONFIG_DURATION, "15m", "off", "time since an IDoc without an outcome was touched"},
	{"alert", false, "no-run", CONFIG_DURATION, "1h", "off", "time since idoc-parse or ometria-push last ended well"},
	{"alert", false, "latency", CONFIG_DURATION, "1h", "off", "time from SAP to Ometria that 95 of 100 keep, by message type"},

	{"map", true, "*", CONFIG_ROW, NULL, NULL, "field-map row; label: message type"},

	{NULL, false, NULL, CONFIG_TEXT, NULL, NULL, NULL},
};
