#include "fold/amount.h"

static const struct order_amount nothing = AMOUNT_NONE;

struct order_amount
amount_said(const struct order_fact *fact)
{
	struct order_amount amount = nothing;

	amount.known = decimal_parse(fact->value, &amount.value);
	return amount.known ? amount : nothing;
}

struct order_amount
amount_plus(struct order_amount a, struct order_amount b, int sign)
{
	struct order_amount sum = { a.known && b.known, DECIMAL_ZERO };

	if (sum.known)
		sum.known = decimal_add(a.value,
		    sign < 0 ? decimal_neg(b.value) : b.value, &sum.value);
	return sum;
}

struct order_amount
amount_or_zero(struct order_amount amount)
{
	if (!amount.known)
		amount = (struct order_amount){ true, DECIMAL_ZERO };
	return amount;
}

struct order_amount
amount_rounded(struct order_amount amount, unsigned digits)
{
	if (amount.known && amount.value.scale > digits)
		amount.known =
		    decimal_rescale(amount.value, digits, &amount.value);
	return amount.known ? amount : nothing;
}

bool
amount_equal(struct order_amount a, struct order_amount b)
{
	return a.known && b.known && decimal_cmp(a.value, b.value) == 0;
}

void
amount_add(struct amount_sum *sum, struct order_amount amount)
{
	if (!amount.known) {
		sum->missing++;
		return;
	}
	sum->known++;
	sum->lost |= !decimal_add(sum->value, amount.value, &sum->value);
}

struct order_amount
amount_sum(const struct amount_sum *sum)
{
	return sum->known > 0 && !sum->lost
		   ? (struct order_amount){ true, sum->value }
		   : nothing;
}

struct order_amount
amount_sum_complete(const struct amount_sum *sum)
{
	return sum->missing == 0 ? amount_sum(sum) : nothing;
}
