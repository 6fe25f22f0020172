#include "fold/amount.h"
#include "fold/order_view.h"

static const struct order_amount nothing = AMOUNT_NONE;

/* Subtotal, discount, shipping and tax; without a subtotal unknown. */
static struct order_amount
parts(const struct order_amount totals[TOTAL_COUNT])
{
	struct order_amount sum = totals[TOTAL_SUBTOTAL];

	sum = amount_plus(sum, amount_or_zero(totals[TOTAL_DISCOUNT]), 1);
	sum = amount_plus(sum, amount_or_zero(totals[TOTAL_SHIPPING]), 1);
	return amount_plus(sum, amount_or_zero(totals[TOTAL_TAX]), 1);
}

/* --- amounts of one line --- */

static struct str
later(struct str a, struct str b)
{
	return str_cmp(a, b) < 0 ? b : a;
}

/* An amount, unless what it is an amount of was changed after it was said. */
static struct order_amount
said_since(const struct order_line *line, enum line_key key, struct str seq)
{
	const struct order_fact *fact = &line->facts[key];

	return str_cmp(fact->seq, seq) < 0 ? nothing : amount_said(fact);
}

static struct order_amount
of_price(const struct order_line *line, unsigned digits)
{
	struct order_amount sum = { line->price.known && line->quantity.known,
		DECIMAL_ZERO };

	if (sum.known)
		sum.known = decimal_mul(line->price.value, line->quantity.value,
		    &sum.value);
	return amount_rounded(sum, digits);
}

/* Ometria needs a price; SAP may have sent the value of the item alone. */
static struct order_amount
price_of(const struct order_line *line, unsigned digits)
{
	struct order_amount price = { line->subtotal.known &&
					  line->quantity.known &&
					  decimal_sign(line->quantity.value) >
					      0,
		DECIMAL_ZERO };

	if (price.known)
		price.known = decimal_div(line->subtotal.value,
		    line->quantity.value, digits, &price.value);
	return price;
}

void
order_line_amounts(struct order_line *line, unsigned digits)
{
	struct str counted = line->facts[LINE_QUANTITY].seq;
	struct str valued = later(counted, line->facts[LINE_SUBTOTAL].seq);
	struct order_amount with_tax;

	line->quantity = amount_said(&line->facts[LINE_QUANTITY]);
	line->price = amount_said(&line->facts[LINE_UNIT_PRICE]);
	line->subtotal = said_since(line, LINE_SUBTOTAL, counted);
	line->discount = said_since(line, LINE_DISCOUNT, valued);
	line->tax = said_since(line, LINE_TAX, valued);
	line->total = said_since(line, LINE_TOTAL, valued);
	if (!line->subtotal.known)
		line->subtotal = of_price(line, digits);
	if (!line->subtotal.known && line->tax.known)
		line->subtotal =
		    amount_plus(amount_plus(line->total, line->tax, -1),
			amount_or_zero(line->discount), -1);
	with_tax = amount_plus(line->subtotal, amount_or_zero(line->tax), 1);
	/* The subtotal is what is left behind the discount. */
	if (amount_equal(with_tax, line->total))
		line->discount = nothing;
	if (!line->total.known)
		line->total =
		    amount_plus(with_tax, amount_or_zero(line->discount), 1);
	if (!line->price.known)
		line->price = price_of(line, digits);
}

/* --- what the lines of a document come to --- */

struct lines {
	struct amount_sum subtotal, discount, tax,
	    total; /* of all that count */
	struct amount_sum components; /* what those of priced sets said */
	/* Against the totals that the header said: */
	bool changed;
	struct amount_sum
	    then; /* subtotals that were among them, if none changed */
	struct amount_sum gone_tax, gone_discount; /* dead since */
	struct amount_sum new_tax, new_discount;
};

/* A line of no value needs no tax, and one that has a tax all the same does not
 * say that the others have. */
static void
add_tax(struct amount_sum *sum, const struct order_line *line)
{
	struct amount_sum before = *sum;

	amount_add(sum, line->tax);
	if (line->subtotal.known && decimal_sign(line->subtotal.value) == 0) {
		sum->known = before.known;
		sum->missing = before.missing;
	}
}

static void
sum_line(struct lines *lines, const struct order_line *line)
{
	amount_add(&lines->subtotal, line->subtotal);
	if (line->discount.known)
		amount_add(&lines->discount, line->discount);
	add_tax(&lines->tax, line);
	amount_add(&lines->total, line->total);
}

static struct str
amounts_seq(const struct order_line *line)
{
	struct str seq = STR_NONE;

	for (enum line_key key = LINE_QUANTITY; key < LINE_KEY_COUNT; key++)
		seq = later(seq, line->facts[key].seq);
	return seq;
}

/* Said in passing, by a message that takes back what it names. */
static bool
is_weak(struct str seq)
{
	return seq.len > 0 && seq.data[0] == '0';
}

/* What became of a line after the header's totals were said. */
static void
compare_line(struct lines *lines, const struct order_line *line, struct str seq)
{
	struct str amounts = amounts_seq(line);
	bool fresh = str_cmp(amounts, seq) > 0;
	bool touched = str_cmp(line->facts[LINE_REJECTED].seq, seq) > 0;

	if (line->live && fresh) {
		lines->changed = true;
		add_tax(&lines->new_tax, line);
		amount_add(&lines->new_discount,
		    amount_or_zero(line->discount));
	} else if (line->live)
		amount_add(&lines->then, line->subtotal);
	else if (touched && !is_weak(amounts)) {
		lines->changed = true;
		amount_add(&lines->then, line->subtotal);
		add_tax(&lines->gone_tax, line);
		amount_add(&lines->gone_discount,
		    amount_or_zero(line->discount));
	}
}

static struct str
totals_seq(const struct order_document *document)
{
	struct str seq = STR_NONE;

	for (enum order_key key = ORDER_SUBTOTAL; key <= ORDER_GRAND_TOTAL;
	     key++)
		seq = later(seq, document->facts[key].seq);
	return seq;
}

/* One for each document, in their order. */
static struct lines *
sum_lines(const struct order_state *order, struct arena *arena)
{
	struct lines *sums =
	    arena_array(arena, order->document_count + 1, sizeof(*sums));
	struct str *seqs =
	    arena_array(arena, order->document_count + 1, sizeof(*seqs));

	for (size_t i = 0; i < order->document_count; i++)
		seqs[i] = totals_seq(&order->documents[i]);
	for (size_t i = 0; i < order->line_count; i++) {
		const struct order_line *line = &order->lines[i];
		size_t at = (size_t)(line->of - order->documents);

		if (!line->counts && line->live)
			amount_add(&sums[at].components,
			    amount_said(&line->facts[LINE_SUBTOTAL]));
		if (!line->counts)
			continue;
		/* All are rejected: their last amounts are what it was. */
		if (line->live || line->of->live_lines == 0)
			sum_line(&sums[at], line);
		if (seqs[at].len > 0)
			compare_line(&sums[at], line, seqs[at]);
	}
	return sums;
}

/* --- totals of a document --- */

/*
 * Bring totals that are older than the lines up to date; false when what they
 * come to is not certain. Amounts of lines that went or came are taken off or
 * put on where the header's subtotal proves that nothing else has changed: so
 * the tax on shipping, which no line has, is kept.
 */
static bool
follow_lines(struct order_amount totals[TOTAL_COUNT], const struct lines *lines)
{
	struct order_amount subtotal = amount_sum_complete(&lines->subtotal);
	struct order_amount *tax = &totals[TOTAL_TAX];
	struct order_amount *discount = &totals[TOTAL_DISCOUNT];
	struct order_amount sum = parts(totals);

	if (amount_equal(subtotal, totals[TOTAL_SUBTOTAL]))
		return true; /* nothing that is about money */
	if (!subtotal.known || (totals[TOTAL_GRAND].known &&
				   !amount_equal(sum, totals[TOTAL_GRAND])))
		return false;
	if (amount_equal(amount_or_zero(amount_sum(&lines->then)),
		totals[TOTAL_SUBTOTAL])) {
		if (tax->known && lines->gone_tax.missing == 0 &&
		    lines->new_tax.missing == 0)
			*tax = amount_plus(
			    amount_plus(*tax,
				amount_or_zero(amount_sum(&lines->gone_tax)),
				-1),
			    amount_or_zero(amount_sum(&lines->new_tax)), 1);
		else if (tax->known)
			return false;
		if (discount->known)
			*discount = amount_plus(amount_plus(*discount,
						    amount_or_zero(amount_sum(
							&lines->gone_discount)),
						    -1),
			    amount_or_zero(amount_sum(&lines->new_discount)),
			    1);
	} else if (tax->known) {
		*tax = decimal_sign(totals[TOTAL_SHIPPING].value) == 0
			   ? amount_sum_complete(&lines->tax)
			   : nothing;
		if (!tax->known)
			return false;
	}
	totals[TOTAL_SUBTOTAL] = subtotal;
	totals[TOTAL_GRAND] = parts(totals);
	return totals[TOTAL_GRAND].known;
}

/* The tax that a total leaves, when all else was said. */
static struct order_amount
remaining_tax(const struct order_amount totals[TOTAL_COUNT])
{
	struct order_amount rest =
	    amount_plus(totals[TOTAL_GRAND], parts(totals), -1);

	if (!totals[TOTAL_DISCOUNT].known || !totals[TOTAL_SHIPPING].known ||
	    !rest.known ||
	    decimal_sign(rest.value) * decimal_sign(totals[TOTAL_GRAND].value) <
		0)
		return nothing;
	return rest;
}

static struct order_amount
remaining_subtotal(const struct order_amount totals[TOTAL_COUNT])
{
	return amount_plus(amount_plus(amount_plus(totals[TOTAL_GRAND],
					   totals[TOTAL_DISCOUNT], -1),
			       totals[TOTAL_SHIPPING], -1),
	    totals[TOTAL_TAX], -1);
}

static void
complete_tax(struct order_amount totals[TOTAL_COUNT], const struct lines *lines)
{
	struct order_amount *tax = &totals[TOTAL_TAX];

	*tax = amount_sum(&lines->tax);
	/* Some lines have none: certain only where the total says so. */
	if (lines->tax.missing > 0 &&
	    (!totals[TOTAL_GRAND].known ||
		!amount_equal(parts(totals), totals[TOTAL_GRAND])))
		*tax = nothing;
	if (!tax->known)
		*tax = remaining_tax(totals);
}

static void
complete_grand(struct order_amount totals[TOTAL_COUNT],
    const struct lines *lines)
{
	bool taxed = totals[TOTAL_TAX].known || lines->tax.known == 0;

	if (totals[TOTAL_SUBTOTAL].known) {
		if (taxed)
			totals[TOTAL_GRAND] = parts(totals);
	} else if (!totals[TOTAL_TAX].known && !totals[TOTAL_DISCOUNT].known)
		totals[TOTAL_GRAND] =
		    amount_plus(amount_sum_complete(&lines->total),
			amount_or_zero(totals[TOTAL_SHIPPING]), 1);
}

/* What the header leaves open comes from the lines, else is what the others
 * leave. Shipping and a discount are never guessed. */
static void
complete(struct order_amount totals[TOTAL_COUNT], const struct lines *lines)
{
	if (totals[TOTAL_GRAND].known &&
	    amount_equal(parts(totals), totals[TOTAL_GRAND]))
		return;
	if (!totals[TOTAL_SUBTOTAL].known)
		totals[TOTAL_SUBTOTAL] = amount_sum_complete(&lines->subtotal);
	if (!totals[TOTAL_SUBTOTAL].known)
		totals[TOTAL_SUBTOTAL] = remaining_subtotal(totals);
	if (!totals[TOTAL_DISCOUNT].known &&
	    amount_equal(totals[TOTAL_SUBTOTAL],
		amount_sum_complete(&lines->subtotal)))
		totals[TOTAL_DISCOUNT] = amount_sum(&lines->discount);
	if (!totals[TOTAL_TAX].known)
		complete_tax(totals, lines);
	if (!totals[TOTAL_GRAND].known)
		complete_grand(totals, lines);
}

/* Whether a message said all lines after any said totals. */
static bool
totals_are_past(const struct order_document *document)
{
	return str_cmp(document->facts[ORDER_LISTED].seq,
		   totals_seq(document)) > 0 &&
	       !is_weak(totals_seq(document));
}

static bool
any_known(const struct order_amount totals[TOTAL_COUNT])
{
	for (size_t i = 0; i < TOTAL_COUNT; i++)
		if (totals[i].known)
			return true;
	return false;
}

/* A subtotal over all items counts the components of priced sets as well. */
static void
leave_components(struct order_amount totals[TOTAL_COUNT],
    const struct lines *lines)
{
	struct order_amount own = amount_sum_complete(&lines->subtotal);
	struct order_amount all =
	    amount_plus(own, amount_sum(&lines->components), 1);

	if (amount_equal(all, totals[TOTAL_SUBTOTAL]))
		totals[TOTAL_SUBTOTAL] = own;
}

static enum order_trouble
document_totals(const struct order_document *document,
    const struct lines *lines, unsigned digits,
    struct order_amount totals[TOTAL_COUNT])
{
	struct order_amount last[TOTAL_COUNT];

	for (size_t i = 0; i < TOTAL_COUNT; i++)
		last[i] = amount_rounded(
		    amount_said(&document->facts[ORDER_SUBTOTAL + i]), digits);
	leave_components(last, lines);
	if (document->live_lines > 0 && totals_are_past(document))
		memset(last, 0, sizeof(last));
	memcpy(totals, last, sizeof(last));
	if (lines->changed && document->live_lines > 0 && any_known(totals) &&
	    !follow_lines(totals, lines)) {
		memcpy(totals, last, sizeof(last));
		return TROUBLE_CHANGED;
	}
	complete(totals, lines);
	for (size_t i = 0; i < TOTAL_COUNT; i++)
		totals[i] = amount_rounded(totals[i], digits);
	if (str_is(document->facts[ORDER_INCOMPLETE].value, "true"))
		return TROUBLE_UNSAID;
	if (totals[TOTAL_GRAND].known
		? lines->subtotal.known > 0 && !totals[TOTAL_SUBTOTAL].known
		: any_known(totals) || lines->subtotal.known > 0)
		return TROUBLE_UNKNOWN;
	return TROUBLE_NONE;
}

/* --- the reporting currency --- */

/* What one unit of the document's currency is in the base currency. */
static struct order_amount
rate_of(const struct order_document *document, const struct order_rules *rules)
{
	struct order_amount rate = amount_said(&document->facts[ORDER_RATE]);

	return rules->base_currency.len > 0 && rate.known &&
		       decimal_sign(rate.value) > 0 &&
		       str_eq(document->facts[ORDER_BASE_CURRENCY].value,
			   rules->base_currency)
		   ? rate
		   : nothing;
}

struct order_amount
order_in_base(const struct order_view *view, struct order_amount amount,
    struct order_amount rate)
{
	struct order_amount base = { amount.known && rate.known, DECIMAL_ZERO };

	if (base.known)
		base.known = decimal_mul(amount.value, rate.value, &base.value);
	return amount_rounded(base, view->base_digits);
}

/* --- all documents --- */

struct totals {
	struct amount_sum local[TOTAL_COUNT], base[TOTAL_COUNT];
	bool no_rate;
	struct str currency;
	bool currencies; /* more than one */
};

static void
add_document(struct totals *sums, struct order_view *view,
    const struct order_document *document,
    const struct order_amount one[TOTAL_COUNT])
{
	struct str currency = document->facts[ORDER_CURRENCY].value;

	sums->no_rate |= !document->rate.known;
	sums->currencies |= sums->currency.len > 0 && currency.len > 0 &&
			    !str_eq(sums->currency, currency);
	if (currency.len > 0)
		sums->currency = currency;
	for (size_t i = 0; i < TOTAL_COUNT; i++) {
		amount_add(&sums->local[i], one[i]);
		amount_add(&sums->base[i],
		    order_in_base(view, one[i], document->rate));
	}
}

/* Parts that are not there are none; a subtotal or grand total is needed of
 * each document. */
static void
take_sums(struct order_amount totals[TOTAL_COUNT],
    const struct amount_sum sums[TOTAL_COUNT])
{
	for (size_t i = 0; i < TOTAL_COUNT; i++)
		totals[i] = i == TOTAL_SUBTOTAL || i == TOTAL_GRAND
				? amount_sum_complete(&sums[i])
				: amount_sum(&sums[i]);
}

static void
check(struct order_view *view, const struct order_rules *rules)
{
	struct order_amount sum = parts(view->totals);
	struct decimal off;

	view->difference = amount_plus(sum, view->totals[TOTAL_GRAND], -1);
	if (view->trouble != TROUBLE_NONE || !view->difference.known)
		return;
	off = view->difference.value;
	if (decimal_cmp(decimal_sign(off) < 0 ? decimal_neg(off) : off,
		(struct decimal){ rules->tolerance, view->digits }) > 0)
		view->trouble = TROUBLE_DIFFERENCE;
}

void
order_totals(struct order_view *view, struct order_state *order,
    const struct order_rules *rules, struct arena *arena)
{
	const struct lines *lines = sum_lines(order, arena);
	struct totals sums = { .no_rate = false };

	for (size_t i = 0; i < order->document_count; i++) {
		struct order_document *document = &order->documents[i];
		struct order_amount one[TOTAL_COUNT];
		enum order_trouble trouble;

		document->rate = rate_of(document, rules);
		if (str_is(document->document, ORDER_SHOP) != view->from_shop ||
		    (!view->no_sale && document->no_sale) ||
		    (!view->cancelled && document->cancelled))
			continue;
		trouble =
		    document_totals(document, &lines[i], view->digits, one);
		if (trouble > view->trouble)
			view->trouble = trouble;
		/* A document without any amount adds nothing. */
		if (any_known(one) || trouble != TROUBLE_NONE)
			add_document(&sums, view, document, one);
	}
	if (sums.currencies)
		view->trouble = TROUBLE_CURRENCIES;
	else
		take_sums(view->totals, sums.local);
	check(view, rules);
	/* Nothing is to be paid any more: what it came to holds nothing up. */
	if (view->cancelled)
		view->trouble = TROUBLE_NONE;
	view->has_base = !sums.no_rate && !sums.currencies &&
			 sums.local[TOTAL_GRAND].known > 0 &&
			 !str_eq(sums.currency, rules->base_currency);
	if (!view->has_base)
		return;
	take_sums(view->base, sums.base);
	/* Rounded one by one, they are to add up as well. */
	if (view->difference.known && decimal_sign(view->difference.value) == 0)
		view->base[TOTAL_GRAND] = parts(view->base);
}

/* --- the remark --- */

static void
add_difference(struct buf *text, const struct order_view *view)
{
	buf_add_text(text, "totals do not add up to grand total ");
	decimal_add_to(text, view->totals[TOTAL_GRAND].value);
	buf_add_text(text, ": the difference is ");
	decimal_add_to(text, view->difference.value);
}

void
order_totals_remark(struct order_view *view, const struct order_state *order,
    struct arena *arena)
{
	static const char *const messages[] = {
		[TROUBLE_UNSAID] =
		    "the message does not say all that totals are made of",
		[TROUBLE_UNKNOWN] = "the totals are not known: amounts are "
				    "missing or too large",
		[TROUBLE_CHANGED] = "lines changed after the totals were said, "
				    "and what they come to is not certain",
		[TROUBLE_CURRENCIES] =
		    "its documents are in different currencies",
	};
	struct buf text = BUF_INIT;

	if (view->trouble == TROUBLE_NONE)
		return;
	if (view->trouble == TROUBLE_DIFFERENCE)
		add_difference(&text, view);
	else
		buf_add_text(&text, messages[view->trouble]);
	order_remark_add(&view->remarks, "order-totals-mismatch", "order",
	    order->id, arena_str(arena, buf_str(&text)), arena);
	buf_free(&text);
}
