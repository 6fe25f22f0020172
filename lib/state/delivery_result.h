#ifndef STATE_DELIVERY_RESULT_H
#define STATE_DELIVERY_RESULT_H

/* The column delivery.result; for lib/state and lib/audit only. */

enum delivery_result {
	DELIVERY_INTENDED, /* no answer yet, or it was lost */
	DELIVERY_ACCEPTED,
	DELIVERY_RETURNED,
	DELIVERY_REFUSED,
	DELIVERY_DISSOLVED
};

#endif
