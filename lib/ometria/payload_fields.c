#include "ometria/payload_fields.h"

/*
 * Limits: Data API reference, pages contact, order, product, custom event.
 * "< 1 KB (1000 characters)" of properties: fewer than 1,000.
 */
/* clang-format off */
static const struct field contact_fields[] = {
	{"customer_id", "id", TEXT, REQUIRED, 255, NULL, NULL},
	{"customer_id", "customer_id", TEXT, REQUIRED, 255, NULL, NULL},
	{"email", "email", TEXT, OPTIONAL, 255, NULL, NULL},
	{"phone", "phone_number", TEXT, OPTIONAL, 0, NULL, NULL},
	{"prefix", "prefix", TEXT, OPTIONAL, 0, NULL, NULL},
	{"first_name", "firstname", TEXT, OPTIONAL, 64, NULL, NULL},
	{"last_name", "lastname", TEXT, OPTIONAL, 64, NULL, NULL},
	{"country", "country_id", TEXT, OPTIONAL, 2, NULL, NULL},
	{"store_ids", "store_ids", TEXTS, OPTIONAL, 0, NULL, NULL},
	{"opt_in", "marketing_optin", FLAG, OPTIONAL, 0, NULL, "EXPLICITLY_OPTEDIN"},
	{"opt_out", "marketing_optin", FLAG, OPTIONAL, 0, NULL, "EXPLICITLY_OPTEDOUT"},
	{"force", "@force_optin", BOOL, OPTIONAL, 0, NULL, NULL},
	{"unsubscribed_at", "timestamp_unsubscribed", TIME, OPTIONAL, 0, NULL, NULL},
	{"properties", "properties", RAW, OPTIONAL, 999, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field address_fields[] = {
	{"city", "city", TEXT, OPTIONAL, 0, NULL, NULL},
	{"region", "state", TEXT, OPTIONAL, 0, NULL, NULL},
	{"postcode", "postcode", TEXT, OPTIONAL, 0, NULL, NULL},
	{"country", "country_code", TEXT, OPTIONAL, 2, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* In the currency of the sale; in the reporting currency without the first. */
static const struct field line_sum_fields[] = {
	{"currency", "currency", TEXT, REQUIRED, 3, NULL, NULL},
	{"unit_price", "unit_price", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"refunded", "refunded", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"total", "total", MONEY, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field line_totals_fields[] = {
	{"base", "base", OBJECT, OPTIONAL, 0, line_sum_fields + 1, NULL},
	{"local", "local", OBJECT, OPTIONAL, 0, line_sum_fields, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* Of an order. */
static const struct field sum_fields[] = {
	{"currency", "currency", TEXT, REQUIRED, 3, NULL, NULL},
	{"shipping", "shipping", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"grand_total", "grand_total", MONEY, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field totals_fields[] = {
	{"base", "base", OBJECT, OPTIONAL, 0, sum_fields + 1, NULL},
	{"local", "local", OBJECT, OPTIONAL, 0, sum_fields, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* Ometria refuses an order with a line that names no product. */
static const struct field line_fields[] = {
	{"sku", "product_id", TEXT, KEY, 255, NULL, NULL},
	{"sku", "sku", TEXT, OPTIONAL, 255, NULL, NULL},
	{"quantity", "quantity", INTEGER, REQUIRED, 0, NULL, NULL},
	{"unit_price", "unit_price", MONEY, OPTIONAL, 0, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"total", "total", MONEY, OPTIONAL, 0, NULL, NULL},
	{"quantity_refunded", "quantity_refunded", INTEGER, OPTIONAL, 0, NULL, NULL},
	{"refunded", "refunded", MONEY, OPTIONAL, 0, NULL, NULL},
	{"totals", "totals", OBJECT, OPTIONAL, 0, line_totals_fields, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field guest_fields[] = {
	{"email", "email", TEXT, OPTIONAL, 255, NULL, NULL},
	{"first_name", "firstname", TEXT, OPTIONAL, 64, NULL, NULL},
	{"last_name", "lastname", TEXT, OPTIONAL, 64, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field order_fields[] = {
	{"order_id", "id", TEXT, REQUIRED, 36, NULL, NULL},
	{"placed_at", "timestamp", TIME, OPTIONAL, 0, NULL, NULL},
	{"status", "status", TEXT, OPTIONAL, 0, NULL, NULL},
	{"valid", "is_valid", BOOL, REQUIRED, 0, NULL, NULL},
	{"currency", "currency", TEXT, OPTIONAL, 3, NULL, NULL},
	{"subtotal", "subtotal", MONEY, OPTIONAL, 0, NULL, NULL},
	{"discount", "discount", MONEY, OPTIONAL, 0, NULL, NULL},
	{"shipping", "shipping", MONEY, OPTIONAL, 0, NULL, NULL},
	{"tax", "tax", MONEY, OPTIONAL, 0, NULL, NULL},
	{"grand_total", "grand_total", MONEY, OPTIONAL, 0, NULL, NULL},
	{"totals", "totals", OBJECT, OPTIONAL, 0, totals_fields, NULL},
	{"store", "store", TEXT, OPTIONAL, 0, NULL, NULL},
	{"channel", "channel", TEXT, OPTIONAL, 0, NULL, NULL},
	{"coupon", "coupon_code", TEXT, OPTIONAL, 0, NULL, NULL},
	{"payment_method", "payment_method", TEXT, OPTIONAL, 32, NULL, NULL},
	{"shipping_method", "shipping_method", TEXT, OPTIONAL, 32, NULL, NULL},
	{"customer", "customer", CUSTOMER, OPTIONAL, 255, guest_fields, NULL},
	{"shipping_address", "shipping_address", ADDRESS, OPTIONAL, 0, address_fields, NULL},
	{"billing_address", "billing_address", ADDRESS, OPTIONAL, 0, address_fields, NULL},
	{"lines", "lineitems", LIST, OPTIONAL, 0, line_fields, NULL},
	{"properties", "properties", RAW, OPTIONAL, 999, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field attribute_fields[] = {
	{"type", "type", TEXT, REQUIRED, 0, NULL, NULL},
	{"id", "id", TEXT, REQUIRED, 0, NULL, NULL},
	{"label", "label", TEXT, REQUIRED, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field listing_fields[] = {
	{"store", "store", TEXT, REQUIRED, 32, NULL, NULL},
	{"title", "title", TEXT, CUT, 140, NULL, NULL},
	{"price", "price", MONEY, REQUIRED, 0, NULL, NULL},
	{"currency", "currency", TEXT, OPTIONAL, 3, NULL, NULL},
	{"special_price", "special_price", MONEY, OPTIONAL, 0, NULL, NULL},
	{"active", "is_active", BOOL, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field product_properties[] = {
	{"ean", "ean", TEXT, CLEARED, 512, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field product_fields[] = {
	{"sku", "id", TEXT, REQUIRED, 255, NULL, NULL},
	{"title", "title", TEXT, CUT, 140, NULL, NULL},
	{"price", "price", MONEY, OPTIONAL, 0, NULL, NULL},
	{"currency", "currency", TEXT, OPTIONAL, 3, NULL, NULL},
	{"special_price", "special_price", MONEY, CLEARED, 0, NULL, NULL},
	{"special_from", "special_price_dt_from", TIME, CLEARED, 0, NULL, NULL},
	{"special_to", "special_price_dt_to", TIME, CLEARED, 0, NULL, NULL},
	{"variant", "is_variant", BOOL, OPTIONAL, 0, NULL, NULL},
	{"parent", "parent_id", TEXT, CLEARED, 255, NULL, NULL},
	{"in_stock", "is_in_stock", BOOL, OPTIONAL, 0, NULL, NULL},
	{"active", "is_active", BOOL, OPTIONAL, 0, NULL, NULL},
	{"url", "url", TEXT, CLEARED, 1024, NULL, NULL},
	{"image_url", "image_url", TEXT, CLEARED, 1024, NULL, NULL},
	{"attributes", "attributes", LIST, OPTIONAL, 0, attribute_fields, NULL},
	{"listings", "listings", LIST, OPTIONAL, 0, listing_fields, NULL},
	{"properties", "properties", OBJECT, OPTIONAL, 0, product_properties, NULL},
	{"merge", "@merge", BOOL, OPTIONAL, 0, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

static const struct field event_properties[] = {
	{"order_id", "order_id", TEXT, OPTIONAL, 512, NULL, NULL},
	{"carrier", "carrier", TEXT, CUT, 512, NULL, NULL},
	{"tracking_number", "tracking_number", TEXT, OPTIONAL, 512, NULL, NULL},
	{"tracking_url", "tracking_url", TEXT, OPTIONAL, 512, NULL, NULL},
	{"delivery_count", "delivery_count", INTEGER, OPTIONAL, 0, NULL, NULL},
	{"tracking_numbers", "tracking_numbers", TEXT, OPTIONAL, 512, NULL, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};

/* event_type: Ometria cuts names of 32 and more characters by itself. */
static const struct field event_fields[] = {
	{"event_id", "id", TEXT, REQUIRED, 32, NULL, NULL},
	{"event", "event_type", TEXT, REQUIRED, 31, NULL, NULL},
	{"at", "timestamp", TIME, REQUIRED, 0, NULL, NULL},
	{"customer_id", "identity_account_id", IDENTITY, OPTIONAL, 255, NULL, NULL},
	{"", "properties", GROUP, OPTIONAL, 999, event_properties, NULL},
	{NULL, NULL, TEXT, OPTIONAL, 0, NULL, NULL},
};
/* clang-format on */

const struct field *const payload_fields[DESIRED_KIND_COUNT] = {
	[DESIRED_PRODUCT] = product_fields,
	[DESIRED_CONTACT] = contact_fields,
	[DESIRED_ORDER] = order_fields,
	[DESIRED_EVENT] = event_fields,
};
