#include "stock.h"

#include "base/text.h"
#include "state/exceptions.h"
#include "state/ledger.h"
#include "state/product.h"

/* A record that is taken heals what was wrong with it before. */
static enum status
heal(struct stocks *s, const struct record *record, struct diag *diag)
{
	struct {
		const char *code;
		struct exceptions_watch *watch;
	} codes[] = {
		{ "record-invalid", &s->invalid },
		{ "sku-missing", &s->missing },
	};
	struct state *state = s->aggregate.state;
	enum status status = STATUS_OK;

	for (size_t i = 0;
	     i < sizeof(codes) / sizeof(codes[0]) && status == STATUS_OK; i++) {
		bool any;

		status = exceptions_watch(state, codes[i].watch, codes[i].code,
		    &any, diag);
		if (status == STATUS_OK && any)
			status = exceptions_heal(state, codes[i].code,
			    record_type_name(record->type), record->id, diag);
	}
	return status;
}

static enum status
settle(struct stocks *s, const struct record *record,
    enum stock_verdict verdict, const char *rule, struct diag *diag)
{
	static const enum outcome outcomes[] = {
		[STOCK_TAKEN] = OUTCOME_FOLDED,
		[STOCK_SUPERSEDED] = OUTCOME_SUPERSEDED,
		[STOCK_DUPLICATE] = OUTCOME_DUPLICATE,
		[STOCK_IGNORED] = OUTCOME_IGNORED,
		[STOCK_EXCEPTED] = OUTCOME_EXCEPTED,
	};
	enum status status = ledger_settle(s->aggregate.state, &record->src,
	    outcomes[verdict], rule, diag);

	return status == STATUS_OK && verdict == STOCK_TAKEN
		   ? heal(s, record, diag)
		   : status;
}

/* An exception about a record; of movement types, one for each type. */
static enum status
except(struct stocks *s, const struct record *record, const char *code,
    const char *message, bool settles, struct buf *output, struct diag *diag)
{
	struct exception exception = {
		.code = code,
		.subject = record_type_name(record->type),
		.id = record->id,
		.src = record->src,
		.settles = settles,
	};
	struct str type = json_text(record->root, "movement_type", &s->record);

	if (strcmp(code, "stock-unknown-movement") == 0 && type.len > 0) {
		exception.subject = "movement_type";
		exception.id = type;
	}
	exception.message =
	    arena_format(&s->record, "%s '%s': %s", exception.subject,
		text_escape(&s->escaped, exception.id, 60), message);
	return filter_except(&s->aggregate.filter, &exception, output, diag);
}

/* What a reading that was not taken ends as. */
static enum status
turn_away(struct stocks *s, const struct record *record,
    const struct stock_reading *reading, struct buf *output, struct diag *diag)
{
	s->invalid.any |= reading->verdict == STOCK_EXCEPTED;
	s->missing.any |= reading->verdict == STOCK_EXCEPTED;
	if (reading->verdict == STOCK_EXCEPTED)
		return except(s, record, reading->why, reading->message, true,
		    output, diag);
	return settle(s, record, reading->verdict, reading->why, diag);
}

void
stocks_change(struct stocks *s, const struct record *record, struct str sku)
{
	names_add(&s->changed, sku);
	trace_add(&s->aggregate.filter.trace, &record->src, DESIRED_PRODUCT,
	    sku);
}

enum status
stocks_put_movement(struct stocks *s, struct str item,
    const struct stock_fact *fact, struct stock_cell *cell, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	enum status status = stock_add_movement(state, item, fact, diag);

	cell->quantity += fact->quantity;
	return status == STATUS_OK ? stock_store(state, item, cell, diag)
				   : status;
}

enum status
stocks_take_back(struct stocks *s, struct str id,
    const struct stock_movement *old, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct stock_cell cell;
	struct str sku;
	enum status status;

	status = product_sku(state, old->item, &s->record, &sku, diag);
	if (status != STATUS_OK)
		return status;
	names_add(&s->changed, sku);
	status = stock_load(state, old->item, old->plant, old->location,
	    &s->record, &cell, diag);
	if (status == STATUS_OK)
		status = stock_drop_movement(state, id, diag);
	cell.quantity -= old->delta;
	return status == STATUS_OK ? stock_store(state, old->item, &cell, diag)
				   : status;
}

/*
 * The same identity again. With other content the one with the lower seq
 * stands, whichever came first.
 */
static enum status
meet_again(struct stocks *s, const struct record *record,
    const struct stock_fact *fact, const struct stock_movement *old,
    bool *replaces, struct buf *output, struct diag *diag)
{
	enum status status;

	if (hash_equal(fact->hash, old->hash))
		return settle(s, record, STOCK_DUPLICATE, NULL, diag);
	*replaces = str_cmp(fact->seq, old->seq) < 0;
	s->conflicts.any = true;
	status = except(s, record, "stock-conflict",
	    "one movement came with two contents; the earlier one counts",
	    !*replaces, output, diag);
	if (status == STATUS_OK && *replaces)
		status = stocks_take_back(s, fact->id, old, diag);
	return status;
}

/* One that may be covered, known, or the first of its cell. */
static enum status
weigh_movement(struct stocks *s, const struct record *record, struct str item,
    const struct stock_fact *fact, bool *taken, struct buf *output,
    struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct stock_cell cell;
	struct stock_movement old;
	enum status status;
	bool found, replaces = false;

	*taken = false;
	status = stock_load(state, item, fact->plant, fact->location,
	    &s->record, &cell, diag);
	if (status != STATUS_OK)
		return status;
	if (stock_covers(&cell, fact))
		return settle(s, record, STOCK_SUPERSEDED, NULL, diag);
	status = stock_find_movement(state, fact->id, &s->record, &old, &found,
	    diag);
	if (status == STATUS_OK && found) {
		status =
		    meet_again(s, record, fact, &old, &replaces, output, diag);
		if (status != STATUS_OK || !replaces)
			return status;
		status = stock_load(state, item, fact->plant, fact->location,
		    &s->record, &cell, diag);
	}
	*taken = status == STATUS_OK;
	return status == STATUS_OK
		   ? stocks_put_movement(s, item, fact, &cell, diag)
		   : status;
}

/* In the unit of its stock; *taken: it is. What it was called in the end is
 * the label that the configuration lacks. */
static enum status
convert(struct stocks *s, const struct record *record, struct stock_fact *fact,
    const struct stock_name *name, bool *taken, struct buf *output,
    struct diag *diag)
{
	struct stock_reading reading =
	    stock_in_base(&s->rule, fact, name->sku, name->unit);
	struct exception exception = {
		.code = reading.why,
		.subject = "unit",
		.id = arena_format(&s->record, "%.*s:%.*s", STR_ARGS(name->sku),
		    STR_ARGS(fact->unit)),
		.src = record->src,
		.settles = true,
	};

	*taken = reading.verdict == STOCK_TAKEN;
	if (*taken)
		return exceptions_heal(s->aggregate.state, "stock-unit", "unit",
		    exception.id, diag);
	exception.message =
	    arena_format(&s->record, "unit '%s' of movement '%s': %s",
		text_escape(&s->scratch, exception.id, 60),
		text_escape(&s->escaped, record->id, 60), reading.message);
	return filter_except(&s->aggregate.filter, &exception, output, diag);
}

/* Into the state under its item. */
static enum status
take_movement(struct stocks *s, const struct record *record, struct str item,
    const struct stock_fact *fact, bool *taken, struct buf *output,
    struct diag *diag)
{
	enum stock_verdict verdict;
	enum status status;

	*taken = false;
	if (fact->several) {
		status = stocks_take_issue(s, item, fact, &verdict, diag);
		*taken = verdict == STOCK_TAKEN;
		return status == STATUS_OK && !*taken
			   ? settle(s, record, verdict, NULL, diag)
			   : status;
	}
	status = stock_post(s->aggregate.state, item, fact, taken, diag);
	return status == STATUS_OK && !*taken
		   ? weigh_movement(s, record, item, fact, taken, output, diag)
		   : status;
}

static enum status
fold_movement(struct stocks *s, const struct record *record, struct buf *output,
    struct diag *diag)
{
	struct stock_fact fact;
	struct stock_reading reading;
	struct stock_name name;
	enum status status;
	bool taken;

	reading = stock_read_movement(&s->rule, record, &fact, &s->record);
	if (reading.verdict != STOCK_TAKEN)
		return turn_away(s, record, &reading, output, diag);
	status = stocks_name(s, record, fact.material, fact.sku, &name, output,
	    diag);
	if (status == STATUS_OK && stock_converts(&s->rule, &fact, name.unit)) {
		status = convert(s, record, &fact, &name, &taken, output, diag);
		if (status != STATUS_OK || !taken)
			return status;
	}
	if (status == STATUS_OK)
		status = take_movement(s, record, name.item, &fact, &taken,
		    output, diag);
	if (status != STATUS_OK || !taken)
		return status;
	stocks_change(s, record, name.sku);
	names_add(&s->moved, name.sku);
	return settle(s, record, STOCK_TAKEN, NULL, diag);
}

static struct str
quantity_text(struct stocks *s, int64_t quantity)
{
	buf_clear(&s->scratch);
	decimal_add_to(&s->scratch,
	    decimal_trim((struct decimal){ quantity, 3 }));
	return arena_str(&s->record, buf_str(&s->scratch));
}

/* The snapshot beside what the ledger says of its instant; where there was
 * none before, the ledger says nothing. */
static enum status
compare(struct stocks *s, const struct record *record, struct str item,
    const struct stock_cell *cell, const struct stock_fact *fact,
    struct buf *output, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct exception exception = {
		.code = "stock-drift",
		.subject = "stock_level",
		.id = record->id,
		.src = record->src,
	};
	struct stock_span span;
	enum status status;

	if (!cell->has_base || fact->at <= cell->base_at)
		return STATUS_OK;
	status = stock_span(state, item, cell, fact->at - s->rule.skew,
	    fact->at + s->rule.skew, &span, diag);
	if (status != STATUS_OK)
		return status;
	span.sum += cell->base;
	if (stock_drift(fact->quantity, span.sum, span.more, span.less) == 0)
		return exceptions_heal(state, exception.code, exception.subject,
		    record->id, diag);
	exception.message = arena_format(&s->record,
	    "stock_level '%s': the snapshot has %.*s, the ledger %.*s",
	    text_escape(&s->escaped, record->id, 60),
	    STR_ARGS(quantity_text(s, fact->quantity)),
	    STR_ARGS(quantity_text(s, span.sum + span.more - span.less)));
	return filter_except(&s->aggregate.filter, &exception, output, diag);
}

enum status
stocks_take_level(struct stocks *s, const struct record *record,
    struct str item, struct str sku, const struct stock_fact *fact,
    enum stock_verdict *verdict, struct buf *output, struct diag *diag)
{
	struct state *state = s->aggregate.state;
	struct stock_cell cell;
	enum status status;

	status = stock_load(state, item, fact->plant, fact->location,
	    &s->record, &cell, diag);
	if (status == STATUS_OK)
		status = compare(s, record, item, &cell, fact, output, diag);
	if (status != STATUS_OK)
		return status;
	*verdict = stock_take_level(&cell, fact);
	if (*verdict != STOCK_TAKEN)
		return STATUS_OK;
	status = stock_recount(state, item, &cell, diag);
	if (status == STATUS_OK)
		status = stock_store(state, item, &cell, diag);
	names_add(&s->levels, fact->plant);
	stocks_change(s, record, sku);
	names_add(&s->moved, sku);
	return status;
}

static enum status
fold_level(struct stocks *s, const struct record *record, struct buf *output,
    struct diag *diag)
{
	struct stock_fact fact;
	struct stock_reading reading;
	struct stock_name name;
	enum status status;

	reading = stock_read_level(record, &fact, &s->record);
	if (reading.verdict != STOCK_TAKEN)
		return turn_away(s, record, &reading, output, diag);
	status = stocks_name(s, record, fact.material, fact.sku, &name, output,
	    diag);
	if (status == STATUS_OK)
		status = stocks_take_level(s, record, name.item, name.sku,
		    &fact, &reading.verdict, output, diag);
	return status == STATUS_OK
		   ? settle(s, record, reading.verdict, NULL, diag)
		   : status;
}

static enum status
fold_product(struct stocks *s, const struct record *record, bool stamped,
    struct buf *output, struct diag *diag)
{
	enum stock_verdict verdict;
	enum status status;

	stocks_forget_names(s);
	status =
	    stocks_take_product(s, record, stamped, &verdict, output, diag);

	return status == STATUS_OK ? settle(s, record, verdict, NULL, diag)
				   : status;
}

enum status
stocks_apply(void *user, struct record *record, struct buf *output,
    struct diag *diag)
{
	struct stocks *s = user;
	bool stamped, duplicate;
	enum status status;

	arena_reset(&s->record);
	status = aggregate_arrive(s->aggregate.state, record, &s->record,
	    &stamped, &duplicate, diag);
	s->aggregate.run.duplicates += duplicate;
	if (status != STATUS_OK || duplicate)
		return status;
	if (record->type == RECORD_STOCK_MOVEMENT)
		return fold_movement(s, record, output, diag);
	if (record->type == RECORD_STOCK_LEVEL)
		return fold_level(s, record, output, diag);
	return fold_product(s, record, stamped, output, diag);
}

void
stocks_free(struct stocks *s)
{
	stock_rule_free(&s->rule);
	arena_free(&s->record);
	names_free(&s->changed);
	names_free(&s->moved);
	names_free(&s->renewed);
	names_free(&s->levels);
	names_free(&s->bare);
	buf_free(&s->scratch);
	buf_free(&s->body);
	buf_free(&s->escaped);
	sku_map_free(s->generics);
	free(s->known);
	json_doc_free(&s->doc);
	json_doc_free(&s->before);
}
