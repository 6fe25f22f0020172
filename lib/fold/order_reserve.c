#include "fold/order_reserve.h"

#include "fold/stock.h"
#include "fold/unit.h"

bool
order_reserves(const struct order_view *view)
{
	return view->answered && !view->from_shop && !view->no_sale &&
	       view->status != ORDER_IS_CANCELLED &&
	       view->status != ORDER_IS_REFUNDED;
}

/* Ordered and not despatched, in the unit of the order. */
static bool
is_open(const struct order_line *line, struct ratio *open)
{
	struct ratio shipped = line->shipped;

	shipped.top = -shipped.top;
	return line->quantity.known && ratio_of(line->quantity.value, open) &&
	       (ratio_sign(shipped) == 0 || ratio_add(*open, shipped, open)) &&
	       ratio_sign(*open) > 0;
}

int64_t
order_line_reserves(const struct order_view *view,
    const struct order_line *line, const struct config *config, struct str unit)
{
	const struct unit_product product = { { line->product,
	    line->facts[LINE_MATERIAL].value, line->facts[LINE_SKU].value } };
	struct ratio open, converted;
	struct decimal quantity;

	if (!line->due || !order_view_uses(view, line) || !is_open(line, &open))
		return 0;
	converted = open;
	if (!unit_convert(config, &product, line->facts[LINE_UNIT].value, unit,
		&converted))
		converted = open;
	if (!decimal_div((struct decimal){ converted.top, 0 },
		(struct decimal){ converted.bottom, 0 }, 3, &quantity) ||
	    quantity.units > STOCK_QUANTITY_MAX)
		return STOCK_QUANTITY_MAX;
	return quantity.units;
}
