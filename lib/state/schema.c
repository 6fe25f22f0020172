#include "state/schema.h"

static const char meta_schema[] = "CREATE TABLE meta("
				  " key TEXT PRIMARY KEY,"
				  " value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
				  "PRAGMA application_id = 0x534F4D31;"
				  "PRAGMA user_version = 1;";

static const char *const version_1[] = {
	ledger_schema,
	outbox_schema,
	delivery_schema,
	hold_schema,
	exceptions_schema,
	run_schema,
	customer_schema,
	order_schema,
	stock_schema,
	sku_schema,
	deadline_schema,
	meta_schema,
	NULL,
};

static const char *const version_2[] = {
	ledger_death_schema,
	ledger_move_schema,
	exceptions_schema_2,
	"PRAGMA user_version = 2;",
	NULL,
};

static const char *const version_3[] = {
	order_schema_3,
	"PRAGMA user_version = 3;",
	NULL,
};

static const char *const version_4[] = {
	customer_schema_4,
	"PRAGMA user_version = 4;",
	NULL,
};

static const char *const version_5[] = {
	customer_schema_5,
	erasure_schema_5,
	suppression_schema_5,
	"PRAGMA user_version = 5;",
	NULL,
};

static const char *const version_6[] = {
	customer_schema_6,
	delivery_schema_6,
	stock_schema_6,
	sku_schema_6,
	seen_schema_6,
	"PRAGMA user_version = 6;",
	NULL,
};

static const char *const version_7[] = {
	ledger_schema_7,
	delivery_schema_7,
	sku_schema_7,
	product_schema_7,
	stock_schema_7,
	availability_schema_7,
	reservation_schema_7,
	product_said_schema_7,
	sku_other_schema_7,
	run_schema_7,
	trace_schema_7,
	retain_schema_7,
	exceptions_schema_7,
	notice_schema_7,
	"PRAGMA user_version = 7;",
	NULL,
};

static const char *const version_8[] = {
	ledger_schema_8,
	ledger_archived_schema_8,
	retain_schema_8,
	retain_order_schema_8,
	availability_schema_8,
	goods_issue_schema_8,
	order_anew_schema_8,
	sku_schema_8,
	order_anew_product_schema_8,
	outbox_schema_8,
	"PRAGMA user_version = 8;",
	NULL,
};

static const char *const *const versions[] = { version_1, version_2, version_3,
	version_4, version_5, version_6, version_7, version_8 };

_Static_assert(sizeof(versions) / sizeof(versions[0]) == SCHEMA_VERSION,
    "a row of texts for each version");

enum status
schema_upgrade(struct state *state, int64_t version, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (; version < SCHEMA_VERSION; version++)
		for (const char *const *text = versions[version];
		     *text != NULL && status == STATUS_OK; text++)
			status = state_exec(state, *text, diag);
	return status;
}
