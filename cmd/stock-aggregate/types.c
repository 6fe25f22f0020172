#include "stock.h"

#include "map/movement_type.h"
#include "state/triage.h"

/* Types, each with a NUL behind it. */
struct types {
	struct buf text;
	const struct config *config;
};

static enum status
add_known(void *user, const struct exception_row *row)
{
	struct types *types = user;

	if (movement_type_effect(row->id, types->config) == MOVEMENT_UNKNOWN)
		return STATUS_OK;
	buf_add_str(&types->text, row->id);
	buf_add_char(&types->text, '\0');
	return STATUS_OK;
}

enum status
stocks_heal_types(struct stocks *s, struct diag *diag)
{
	const struct exception_filter filter = {
		.code = STR("stock-unknown-movement"),
		.subject = STR("movement_type"),
		.since = INSTANT_NONE,
	};
	struct state *state = s->aggregate.state;
	struct types types = { .config = state_config(state) };
	enum status status =
	    exceptions_each(state, &filter, add_known, &types, diag);
	bool own;

	if (status == STATUS_OK && types.text.len > 0)
		status = state_join(state, &own, diag);
	if (status == STATUS_OK && types.text.len > 0) {
		for (size_t at = 0;
		     at < types.text.len && status == STATUS_OK;) {
			struct str type = str_of(types.text.data + at);

			status =
			    exceptions_heal(state, "stock-unknown-movement",
				"movement_type", type, diag);
			at += type.len + 1;
		}
		status = state_leave(state, own, status, diag);
	}
	buf_free(&types.text);
	return status;
}
