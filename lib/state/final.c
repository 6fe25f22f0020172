#include "state/final.h"

#include "base/instant.h"
#include "record/desired.h"
#include "state/outbox.h"
#include "state/outbox_rows.h"

_Static_assert(ROW_WAITING == 1 && DESIRED_PRODUCT == 0,
    "numbers in the SQL of this file");

enum status
final_print(struct state *state, struct out *out, struct diag *diag)
{
	enum status status = STATUS_OK, written = STATUS_OK;
	struct buf line = BUF_INIT;
	sqlite3_stmt *statement = state_sql(state,
	    "SELECT kind, id, customer, lane, body FROM outbox"
	    " WHERE state = 1 AND (withheld IS NULL OR withheld <= ?1)"
	    " ORDER BY kind, kind = 0 AND"
	    "  coalesce(json_extract(body, '$.variant'), 0), id",
	    diag);

	sql_time(statement, 1, instant_now());
	while (
	    written == STATUS_OK && sql_row(state, statement, &status, diag)) {
		struct desired desired = {
			.kind = (enum desired_kind)sql_get_int(statement, 0),
			.id = sql_get_text(statement, 1),
			.customer = sql_get_text(statement, 2),
			.urgent = sql_get_int(statement, 3) == LANE_URGENT,
			.backfill = sql_get_int(statement, 3) == LANE_BACKFILL,
			.body = sql_get_text(statement, 4),
		};

		buf_clear(&line);
		desired_write(&line, &desired);
		written = out_line(out, buf_str(&line), diag);
	}
	sqlite3_reset(statement);
	buf_free(&line);
	return status != STATUS_OK ? status : written;
}
