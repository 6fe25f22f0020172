#include "stock.h"

#include "base/text.h"
#include "state/exceptions.h"
#include "state/outbox.h"
#include "state/product.h"
#include "state/reservation.h"

struct replaying {
	const struct stock_rule *rule;
	const struct stock_cell *cells;
	int64_t *plants; /* sum so far, at the first cell of each plant */
	size_t count;
	struct stock_replay replay;
};

/* Movements of plants that count and have known stock. */
static void
replay_step(void *user, struct str plant, struct str location, int64_t delta,
    bool doubtful)
{
	struct replaying *r = user;
	bool known = r->rule->baseline_zero;
	int64_t *sum = NULL;
	int64_t before;

	for (size_t i = 0; i < r->count; i++) {
		if (!str_eq(r->cells[i].plant, plant))
			continue;
		sum = sum != NULL ? sum : &r->plants[i];
		known = known || r->cells[i].has_base;
	}
	if (!known || sum == NULL || !stock_counts(r->rule, plant, location))
		return;
	before = stock_beyond_safety(r->rule, plant, *sum);
	*sum += delta;
	stock_replay_step(&r->replay,
	    stock_beyond_safety(r->rule, plant, *sum) - before, doubtful);
}

/* What the snapshots of each plant make, where the movements begin. */
static int64_t *
plants_begin(struct stocks *s, const struct stock_cell *cells, size_t count)
{
	int64_t *plants = arena_array(&s->record, count, sizeof(*plants));
	size_t first = 0;

	for (size_t i = 0; i < count; i++) {
		if (!str_eq(cells[i].plant, cells[first].plant))
			first = i;
		plants[i] = 0;
		if (cells[i].has_base &&
		    stock_counts(&s->rule, cells[i].plant, cells[i].location))
			plants[first] += cells[i].base;
	}
	return plants;
}

static enum status
replay(struct stocks *s, const struct stock_rule *rule, struct str sku,
    const struct stock_cell *cells, size_t count, const struct stock_sum *sum,
    enum stock_answer *answer, struct diag *diag)
{
	struct replaying r = { rule, cells, plants_begin(s, cells, count),
		count, stock_replay_begin(rule, sum) };
	enum status status;

	status = stock_each_movement(s->aggregate.state, sku, s->rule.skew,
	    replay_step, &r, diag);
	*answer = r.replay.in ? STOCK_IN : STOCK_OUT;
	return status;
}

enum status
stocks_remark(struct stocks *s, const char *code, const char *subject,
    struct str id, const char *rest, struct buf *output, struct diag *diag)
{
	struct exception exception = {
		.code = code,
		.subject = subject,
		.id = id,
	};

	exception.message = arena_format(&s->record, "%s '%s' %s", subject,
	    text_escape(&s->escaped, id, 60), rest);
	return filter_except(&s->aggregate.filter, &exception, output, diag);
}

/* It counts up with what changes the stock, not with each look at it. */
static enum status
remark_negative(struct stocks *s, struct str sku, int64_t total,
    struct buf *output, struct diag *diag)
{
	bool open;
	enum status status = exceptions_is_open(s->aggregate.state,
	    "stock-negative", "sku", sku, &open, diag);

	if (status != STATUS_OK || (total >= 0 && !open))
		return status;
	if (total >= 0)
		return exceptions_heal(s->aggregate.state, "stock-negative",
		    "sku", sku, diag);
	if (open && !names_have(&s->moved, sku))
		return STATUS_OK;
	return stocks_remark(s, "stock-negative", "sku", sku,
	    "has less than no stock; it is taken to be out of stock", output,
	    diag);
}

static void
note_bare(void *user, struct str plant)
{
	names_add(user, plant);
}

/* Say of each plant once per run that it has no snapshot. */
static enum status
remark_bare(struct stocks *s, const struct names *plants, struct buf *output,
    struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < plants->count && status == STATUS_OK; i++) {
		size_t before = s->bare.count;

		names_add(&s->bare, plants->list[i]);
		if (s->bare.count > before)
			status = stocks_remark(s, "stock-no-baseline", "plant",
			    plants->list[i],
			    "has stock movements of materials without any "
			    "snapshot: their stock is not known",
			    output, diag);
	}
	return status;
}

/* The rule for one SKU: open orders may keep some of it back. */
static enum status
rule_of(struct stocks *s, struct str sku, struct stock_rule *rule,
    struct diag *diag)
{
	int64_t reserved;
	enum status status;

	*rule = s->rule;
	if (!s->rule.reserve)
		return STATUS_OK;
	status = reservation_sum(s->aggregate.state, sku, &reserved, diag);
	*rule = stock_rule_beyond(&s->rule, reserved);
	return status;
}

/* The availability of a SKU by its own stock; *news: it was another before. */
static enum status
look(struct stocks *s, struct str sku, bool *news, struct buf *output,
    struct diag *diag)
{
	struct names bare = { .arena = ARENA_INIT };
	struct stock_cell *cells;
	struct stock_rule rule;
	struct stock_sum sum;
	enum stock_answer answer;
	enum status status;
	size_t count;

	*news = false;
	status = stock_cells(s->aggregate.state, sku, s->rule.skew, &s->record,
	    &cells, &count, diag);
	if (status == STATUS_OK)
		status = rule_of(s, sku, &rule, diag);
	if (status != STATUS_OK)
		return status;
	sum = stock_add_up(&rule, cells, count, note_bare, &bare);
	answer = stock_answer(&rule, &sum);
	if (answer == STOCK_REPLAY)
		status =
		    replay(s, &rule, sku, cells, count, &sum, &answer, diag);
	if (status == STATUS_OK)
		status = stocks_say(s, sku, answer, news, output, diag);
	if (status == STATUS_OK)
		status = remark_bare(s, &bare, output, diag);
	if (status == STATUS_OK && count > 0)
		status = remark_negative(s, sku, sum.total, output, diag);
	names_free(&bare);
	return status;
}

/* The desired product of a SKU that is nobody's: it is retired where Ometria
 * may have it. */
static enum status
make_retired(struct stocks *s, struct str sku, bool *made, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	const struct availability unknown = { STOCK_UNKNOWN, INSTANT_NONE };
	struct outbox_row row;
	enum status status;
	bool any;

	*made = false;
	status = product_is_any(state, sku, &any, diag);
	if (status != STATUS_OK || any)
		return status;
	status = availability_store(state, sku, &unknown, diag);
	if (status == STATUS_OK)
		status = outbox_forget(state, DESIRED_PRODUCT, sku, diag);
	if (status == STATUS_OK)
		status = outbox_get(state, DESIRED_PRODUCT, sku, &s->record,
		    &row, made, diag);
	if (status != STATUS_OK || !*made)
		return status;
	product_body_retired(sku, &s->body);
	return product_retire(state, sku, diag);
}

/* What is known of a SKU as its desired product, if it can be one. */
static enum status
make(struct stocks *s, struct str sku, bool *made, struct buf *output,
    struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct product_state product;
	struct availability own;
	enum stock_answer variants;
	enum status status;
	bool retired;

	status = product_of_sku(state, sku, &s->record, &product, diag);
	if (status == STATUS_OK)
		status = availability_load(state, sku, &own, diag);
	if (status == STATUS_OK)
		status = product_variants(state, sku, &variants, diag);
	if (status == STATUS_OK && !product.known && variants == STOCK_UNKNOWN)
		return make_retired(s, sku, made, diag);
	if (status == STATUS_OK && s->whole_products)
		return stocks_make_whole(s, sku, &product,
		    stock_any(own.said, variants), made, output, diag);
	if (status == STATUS_OK)
		status = product_was_retired(state, sku, &retired, diag);
	if (status == STATUS_OK)
		*made = product_body(sku, stock_any(own.said, variants),
		    &product, retired, &s->body);
	return status;
}

/* The desired product of a SKU into the outbox, which tells whether that is
 * news. */
static enum status
put_one(struct stocks *s, struct str sku, struct buf *output, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	enum outbox_change change;
	bool made = false;
	enum status status = make(s, sku, &made, output, diag);
	struct desired desired = {
		.kind = DESIRED_PRODUCT,
		.id = sku,
		.urgent = true,
	};

	if (status != STATUS_OK || !made)
		return status;
	desired.body = buf_str(&s->body);
	if (s->whole_products)
		status = stocks_is_flip(s, sku, &desired.urgent, diag);
	if (status == STATUS_OK)
		status = outbox_put(state, &desired, LANE_LIVE, &change, diag);
	if (status != STATUS_OK || change != OUTBOX_QUEUED ||
	    state_is_temporary(state))
		return status;
	if (s->whole_products && desired.rev == 1)
		status = stocks_renew_variants(s, sku, diag);
	desired_write(output, &desired);
	buf_add_char(output, '\n');
	return status;
}

/* The same; of a variant that is whole, its parent goes before it. */
static enum status
put(struct stocks *s, struct str sku, struct buf *output, struct diag *diag)
{
	struct str parent = STR_NONE;
	enum status status = STATUS_OK;

	if (s->whole_products)
		status = stocks_missing_parent(s, sku, &parent, diag);
	if (status == STATUS_OK && parent.len > 0)
		status = put_one(s, parent, output, diag);
	return status == STATUS_OK ? put_one(s, sku, output, diag) : status;
}

/* A plant whose last material got its snapshot is healed. */
static enum status
heal_plants(struct stocks *s, struct diag *diag)
{
	enum status status = STATUS_OK;
	bool lacks;

	for (size_t i = 0; i < s->levels.count && status == STATUS_OK; i++) {
		status = stock_lacks_base(s->aggregate.state, s->levels.list[i],
		    &lacks, diag);
		if (status != STATUS_OK || lacks)
			continue;
		names_clear(&s->bare); /* it may be said again */
		status = exceptions_heal(s->aggregate.state,
		    "stock-no-baseline", "plant", s->levels.list[i], diag);
	}
	return status;
}

/* Where a snapshot counts, what was there before it does not matter. */
static enum status
heal_conflicts(struct stocks *s, struct diag *diag)
{
	bool any;
	enum status status = exceptions_watch(s->aggregate.state, &s->conflicts,
	    "stock-conflict", &any, diag);

	if (status != STATUS_OK || !any || s->levels.count == 0)
		return status;
	return stock_heal_conflicts(s->aggregate.state, diag);
}

static void
forget(struct stocks *s)
{
	stocks_end_names(s);
	names_clear(&s->changed);
	names_clear(&s->moved);
	names_clear(&s->renewed);
	names_clear(&s->levels);
}

/* Look at what changed; what is news is to be said, of its parent too. */
static enum status
look_at_changed(struct stocks *s, struct buf *output, struct diag *diag)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < s->changed.count && status == STATUS_OK; i++) {
		struct str sku = s->changed.list[i];
		struct product_state product;
		bool news;

		arena_reset(&s->record);
		status = look(s, sku, &news, output, diag);
		if (status != STATUS_OK ||
		    (!news && !names_have(&s->renewed, sku)))
			continue;
		status = product_of_sku(s->aggregate.state, sku, &s->record,
		    &product, diag);
		if (status != STATUS_OK)
			break;
		names_add(&s->renewed, sku);
		names_add(&s->renewed, product.parent);
	}
	return status;
}

enum status
stocks_batch_end(void *user, struct buf *output, struct diag *diag)
{
	struct stocks *s = user;
	bool more;
	enum status status = stocks_rename(s, &more, diag);

	/* What is reserved today does not wait with history. */
	if (status == STATUS_OK && !s->aggregate.filter.past)
		status = stocks_take_reserved(s, &more, diag);
	if (status == STATUS_OK && !state_is_temporary(s->aggregate.state)) {
		status = look_at_changed(s, output, diag);
		for (size_t i = 0; i < s->renewed.count && status == STATUS_OK;
		     i++) {
			arena_reset(&s->record);
			status = put(s, s->renewed.list[i], output, diag);
		}
		if (status == STATUS_OK)
			status = heal_plants(s, diag);
		if (status == STATUS_OK)
			status = heal_conflicts(s, diag);
	}
	forget(s);
	return status;
}

/* Every SKU there is, in order. */
static enum status
each_sku(struct stocks *s,
    enum status (*each)(struct stocks *s, struct str sku, struct buf *output,
	struct diag *diag),
    struct buf *output, struct diag *diag)
{
	struct arena arena = ARENA_INIT;
	struct buf last = BUF_INIT;
	enum status status;
	struct str sku;

	for (;;) {
		arena_reset(&arena);
		status = product_next(s->aggregate.state, buf_str(&last),
		    &arena, &sku, diag);
		if (status != STATUS_OK || sku.len == 0)
			break;
		arena_reset(&s->record);
		status = each(s, sku, output, diag);
		if (status != STATUS_OK)
			break;
		buf_clear(&last);
		buf_add_str(&last, sku);
	}
	arena_free(&arena);
	buf_free(&last);
	return status;
}

static enum status
look_alone(struct stocks *s, struct str sku, struct buf *output,
    struct diag *diag)
{
	bool news;

	return look(s, sku, &news, output, diag);
}

enum status
stocks_at_end(void *user, struct buf *output, struct diag *diag)
{
	struct stocks *s = user;
	enum status status = each_sku(s, look_alone, output, diag);

	return status == STATUS_OK ? each_sku(s, put, output, diag) : status;
}
