#ifndef PUSH_PUSH_H
#define PUSH_PUSH_H

/*
 * One run of ometria-push, which its parts share: settings.h fills it, report.h
 * tells of it, deliver.h does the work.
 */

#include "base/out.h"
#include "base/tool.h"
#include "intake.h"
#include "notify.h"
#include "ometria/erase.h"
#include "progress.h"

struct push {
	struct tool_run *run;
	struct state *state;
	struct out out;
	bool dry;
	bool follow;
	bool findings;
	size_t rate; /* requests in any second, 0 = no limit */
	struct run journal;
	struct limiter limiter;
	struct drain drain;
	struct erasing erasing;
	struct drain_input input; /* following */
	struct intake *intake;
	struct notify notify;
	struct progress progress;
};

#endif
