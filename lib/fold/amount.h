#ifndef FOLD_AMOUNT_H
#define FOLD_AMOUNT_H

/*
 * Amounts that may be unknown. What does not fit is unknown, never wrong, and
 * so is all that is made of it.
 */

#include "state/order.h"

#define AMOUNT_NONE                                                            \
	{                                                                      \
		false,                                                         \
		{                                                              \
			0, 0                                                   \
		}                                                              \
	}

/* What a fact says; unknown when it is no number. */
struct order_amount amount_said(const struct order_fact *fact);
/* a + b, or a - b when sign is negative; unknown when either is. */
struct order_amount amount_plus(struct order_amount a, struct order_amount b,
    int sign);
/* What is not there counts as nothing. */
struct order_amount amount_or_zero(struct order_amount amount);
/* At most this many decimals, half away from zero. */
struct order_amount amount_rounded(struct order_amount amount, unsigned digits);
/* Whether both are known and the same. */
bool amount_equal(struct order_amount a, struct order_amount b);

/* A sum; {0} is an empty one. */
struct amount_sum {
	size_t known, missing; /* addends */
	bool lost; /* it did not fit once: unknown from then on */
	struct decimal value;
};

void amount_add(struct amount_sum *sum, struct order_amount amount);
/* Of the addends that are known; unknown without any. */
struct order_amount amount_sum(const struct amount_sum *sum);
/* The same when none was missing, else unknown. */
struct order_amount amount_sum_complete(const struct amount_sum *sum);

#endif
