#include "base/pause.h"

#include <errno.h>

bool
pause_for(int64_t milliseconds, bool (*stop)(void))
{
	struct timespec left = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};

	if (milliseconds <= 0)
		return stop == NULL || !stop();
	for (;;) {
		if (stop != NULL && stop())
			return false;
		if (nanosleep(&left, &left) == 0 || errno != EINTR)
			return true;
	}
}
