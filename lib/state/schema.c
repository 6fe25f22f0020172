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
};

enum status
schema_create(struct state *state, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < sizeof(version_1) / sizeof(version_1[0]) &&
			   status == STATUS_OK;
	     i++)
		status = state_exec(state, version_1[i], diag);
	return status;
}
