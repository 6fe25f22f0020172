#include "rate.h"

void
rate_open(struct rate *rate, size_t limit, int64_t window)
{
	*rate = (struct rate){ .limit = limit, .window = window };
	if (limit == 0)
		return;
	rate->times = mem_zero(limit, sizeof(*rate->times));
	for (size_t i = 0; i < limit; i++)
		rate->times[i] = INT64_MIN / 2;
}

void
rate_close(struct rate *rate)
{
	free(rate->times);
	rate->times = NULL;
}

bool
rate_grant(struct rate *rate, int64_t now)
{
	if (rate->limit == 0)
		return true;
	if (now - rate->times[rate->next] < rate->window)
		return false;
	rate->times[rate->next] = now;
	rate->next = (rate->next + 1) % rate->limit;
	return true;
}
