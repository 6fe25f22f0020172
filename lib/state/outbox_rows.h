#ifndef STATE_OUTBOX_ROWS_H
#define STATE_OUTBOX_ROWS_H

/* The column outbox.state; for lib/state and lib/audit only. */

enum row_state {
	ROW_IDLE, /* Ometria has accepted what is desired */
	ROW_WAITING, /* a revision waits (maybe held, withheld or paused) */
	ROW_IN_FLIGHT, /* an intent without a result; a newer one may wait */
	ROW_REFUSED /* Ometria refused the newest revision */
};

#endif
