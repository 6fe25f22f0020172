#include "stock.h"

#include "base/limits.h"
#include "state/reservation.h"

static bool
reserves(const struct stocks *s)
{
	return s->rule.reserve && !state_is_temporary(s->aggregate.state);
}

enum status
stocks_expire_reserved(struct stocks *s, struct diag *diag)
{
	return reserves(s)
		   ? reservation_expire(s->aggregate.state, instant_now(), diag)
		   : STATUS_OK;
}

enum status
stocks_take_reserved(struct stocks *s, bool *more, struct diag *diag)
{
	enum status status = STATUS_OK;

	*more = reserves(s);
	arena_reset(&s->record);
	for (int i = 0; i < LIMIT_BATCH && *more && status == STATUS_OK; i++) {
		struct str sku;

		status = reservation_take(s->aggregate.state, &s->record, &sku,
		    more, diag);
		names_add(&s->changed, sku);
	}
	return status;
}

enum status
stocks_peek(void *user, bool *due, struct diag *diag)
{
	struct stocks *s = user;

	*due = false;
	return s->rule.reserve
		   ? reservation_waits(s->aggregate.state, due, diag)
		   : STATUS_OK;
}
