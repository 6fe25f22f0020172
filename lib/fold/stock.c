#include "fold/stock.h"

#include "fold/unit.h"

#define QUANTITY_SCALE 3

static int64_t
quantity_of(const struct config *config, const char *section, const char *label,
    const char *key)
{
	struct decimal value = config_decimal(config, section, label, key);

	return decimal_rescale(value, QUANTITY_SCALE, &value) ? value.units
							      : INT64_MAX;
}

/* With the safety stock on top. */
static int64_t
limit_of(const struct config *config, const char *key)
{
	int64_t limit = quantity_of(config, "stock", NULL, key);
	int64_t safety = quantity_of(config, "stock", NULL, "safety");

	return limit <= STOCK_QUANTITY_MAX && safety <= STOCK_QUANTITY_MAX
		   ? limit + safety
		   : INT64_MAX;
}

static const struct stock_plant *
plant_of(const struct stock_rule *rule, struct str plant)
{
	for (size_t i = 0; i < rule->plant_count; i++)
		if (str_is(plant, rule->plants[i].label))
			return &rule->plants[i];
	return NULL;
}

static void
add_plant(struct stock_rule *rule, const char *label)
{
	const struct config *config = rule->config;

	if (plant_of(rule, str_of(label)) != NULL)
		return;
	rule->plants = mem_grow(rule->plants, rule->plant_count + 1,
	    sizeof(*rule->plants));
	rule->plants[rule->plant_count++] = (struct stock_plant){
		.label = label,
		.sellable = config_bool(config, "plant", label, "sellable"),
		.locations = config_text(config, "plant", label, "locations"),
		.safety = quantity_of(config, "plant", label, "safety"),
	};
}

struct stock_rule
stock_rule_of(const struct config *config)
{
	struct stock_rule rule = { .config = config };
	const struct config_entry *entry;

	rule.threshold = limit_of(config, "threshold");
	rule.restock = limit_of(config, "restock");
	if (rule.restock < rule.threshold)
		rule.restock = rule.threshold;
	rule.skew = config_duration(config, "stock", NULL, "skew") / 1000;
	rule.damping = config_duration(config, "stock", NULL, "damping") / 1000;
	rule.flips = (uint64_t)config_number(config, "stock", NULL, "flips");
	rule.deliveries = strcmp(config_text(config, "stock", NULL, "source"),
			      "deliveries") == 0;
	rule.reserve = config_bool(config, "stock", NULL, "reserve");
	rule.baseline_zero =
	    strcmp(config_text(config, "stock", NULL, "baseline"), "zero") == 0;
	for (size_t i = 0; (entry = config_entry(config, i)) != NULL; i++)
		if (strcmp(entry->section, "plant") == 0)
			add_plant(&rule, entry->label);
		else if (strcmp(entry->section, "unit") == 0)
			rule.units_named = true;
	return rule;
}

void
stock_rule_free(struct stock_rule *rule)
{
	free(rule->plants);
}

static int64_t
raised(int64_t limit, int64_t by)
{
	return limit > INT64_MAX - by ? INT64_MAX : limit + by;
}

struct stock_rule
stock_rule_beyond(const struct stock_rule *rule, int64_t reserved)
{
	struct stock_rule beyond = *rule;

	beyond.threshold = raised(rule->threshold, reserved);
	beyond.restock = raised(rule->restock, reserved);
	return beyond;
}

bool
stock_counts(const struct stock_rule *rule, struct str plant,
    struct str location)
{
	const struct stock_plant *named = plant_of(rule, plant);
	const char *list = named != NULL ? named->locations : NULL;
	struct str each;

	if (named == NULL)
		return rule->plants == NULL;
	if (!named->sellable || list == NULL)
		return named->sellable;
	while (config_word(&list, &each))
		if (str_eq(each, location))
			return true;
	return false;
}

static struct stock_reading
except(const char *code, const char *message)
{
	return (struct stock_reading){ STOCK_EXCEPTED, code, message };
}

static instant
instant_of(const struct record *record, const char *key, struct arena *arena)
{
	struct str seq = record->seq;
	instant value;

	if (instant_parse(json_text(record->root, key, arena), &value))
		return value;
	if (seq.len >= 14 &&
	    zone_from_digits((struct str){ seq.data, 14 }, &value))
		return value;
	return instant_now();
}

static bool
read_quantity(const struct record *record, int64_t *quantity,
    struct arena *arena)
{
	struct decimal value;

	if (!decimal_parse(json_text(record->root, "quantity", arena),
		&value) ||
	    !decimal_rescale(value, QUANTITY_SCALE, &value) ||
	    value.units > STOCK_QUANTITY_MAX ||
	    value.units < -STOCK_QUANTITY_MAX)
		return false;
	*quantity = value.units;
	return true;
}

/* What movements and snapshots have in common. */
static struct stock_reading
read_common(const struct record *record, const char *time,
    struct stock_fact *fact, struct arena *arena)
{
	const struct json *root = record->root;

	*fact = (struct stock_fact){ .id = record->id, .seq = record->seq };
	fact->material = str_trim(json_text(root, "material", arena));
	fact->sku = str_trim(json_text(root, "sku", arena));
	fact->plant = str_trim(json_text(root, "plant", arena));
	fact->location = str_trim(json_text(root, "location", arena));
	fact->at = instant_of(record, time, arena);
	if (fact->material.len == 0 && fact->sku.len == 0 &&
	    fact->plant.len == 0)
		return except("record-invalid", "neither material nor plant");
	if (fact->material.len == 0 && fact->sku.len == 0)
		return except("sku-missing",
		    "neither a material number nor a SKU");
	if (fact->plant.len == 0)
		return except("record-invalid", "no plant");
	if (!read_quantity(record, &fact->quantity, arena))
		return except("record-invalid",
		    "the quantity is no number, or beyond 9999999999.999");
	return (struct stock_reading){ STOCK_TAKEN, NULL, NULL };
}

static void
hash_field(struct hasher *hasher, struct str text)
{
	hash_add(hasher, text.data, text.len);
	hash_add(hasher, "\n", 1);
}

/* Padded or not, a material number is the same one. */
static struct hash
identity(const struct stock_fact *fact, struct str type)
{
	static const unsigned char key[16];
	struct hasher hasher;

	hash_begin(&hasher, key);
	hash_field(&hasher,
	    str_alpha_out(fact->material.len > 0 ? fact->material : fact->sku));
	hash_field(&hasher, fact->plant);
	hash_field(&hasher, fact->location);
	hash_field(&hasher, type);
	hash_add(&hasher, &fact->quantity, sizeof(fact->quantity));
	return hash_end(&hasher);
}

/* The name of the rule by which another source tells of it, or NULL. */
static const char *
told_elsewhere(const struct stock_rule *rule, const struct stock_fact *fact)
{
	bool deliveries = rule->deliveries == (fact->at >= rule->since);

	if (fact->several)
		return deliveries ? NULL : "source-documents";
	return deliveries && config_lists(rule->config, "stock", NULL,
				 "delivery-types", fact->type)
		   ? "source-deliveries"
		   : NULL;
}

struct stock_reading
stock_read_movement(const struct stock_rule *rule, const struct record *record,
    struct stock_fact *fact, struct arena *arena)
{
	const struct json *root = record->root;
	struct str kind = json_text(root, "stock_type", arena);
	struct str sign = json_text(root, "sign", arena);
	struct str special = str_trim(json_text(root, "special_stock", arena));
	struct stock_reading reading;

	reading = read_common(record, "posted_at", fact, arena);
	fact->type = json_text(root, "movement_type", arena);
	fact->several = json_text(root, "delivery", arena).len > 0;
	if (told_elsewhere(rule, fact) != NULL)
		return (struct stock_reading){ STOCK_IGNORED,
			told_elsewhere(rule, fact), NULL };
	if (kind.len > 0 && !str_is(kind, "unrestricted"))
		return (struct stock_reading){ STOCK_IGNORED,
			"not-unrestricted", NULL };
	if (special.len > 0 && !config_lists(rule->config, "stock", NULL,
				   "special-stock", special))
		return (struct stock_reading){ STOCK_IGNORED, "special-stock",
			NULL };
	if (reading.verdict != STOCK_TAKEN)
		return reading;
	if (!str_is(sign, "+") && !str_is(sign, "-"))
		return except("stock-unknown-movement",
		    "nobody has said whether this movement type adds or takes");
	if (str_is(sign, "-"))
		fact->quantity = -fact->quantity;
	fact->unit = str_trim(json_text(root, "unit", arena));
	fact->hash = identity(fact, fact->type);
	return reading;
}

bool
stock_converts(const struct stock_rule *rule, const struct stock_fact *fact,
    struct str base)
{
	return fact->unit.len > 0 && !str_eq(fact->unit, base) &&
	       (base.len > 0 || rule->units_named);
}

struct stock_reading
stock_in_base(const struct stock_rule *rule, struct stock_fact *fact,
    struct str sku, struct str base)
{
	const struct stock_reading taken = { STOCK_TAKEN, NULL, NULL };
	const struct unit_product product = { { sku, fact->material,
	    fact->sku } };
	struct ratio quantity = { fact->quantity, 1 };
	struct decimal value;

	if (!unit_convert(rule->config, &product, fact->unit, base,
		&quantity) ||
	    !decimal_div((struct decimal){ quantity.top, 0 },
		(struct decimal){ quantity.bottom, 0 }, 0, &value) ||
	    value.units > STOCK_QUANTITY_MAX ||
	    value.units < -STOCK_QUANTITY_MAX)
		return except("stock-unit",
		    "its unit cannot be converted into the base unit of the "
		    "material");
	fact->quantity = value.units;
	return taken;
}

struct stock_reading
stock_read_level(const struct record *record, struct stock_fact *fact,
    struct arena *arena)
{
	return read_common(record, "as_of", fact, arena);
}

enum stock_verdict
stock_take_level(struct stock_cell *cell, const struct stock_fact *fact)
{
	int age = stock_rebase(cell, fact);

	if (age == 0)
		return STOCK_DUPLICATE;
	return age > 0 ? STOCK_TAKEN : STOCK_SUPERSEDED;
}

bool
stock_covers(const struct stock_cell *cell, const struct stock_fact *fact)
{
	return cell->has_base && fact->at <= cell->base_at;
}

int64_t
stock_beyond_safety(const struct stock_rule *rule, struct str plant,
    int64_t sum)
{
	const struct stock_plant *named = plant_of(rule, plant);

	if (named == NULL)
		return sum;
	if (sum > named->safety)
		return sum - named->safety;
	return sum < 0 ? sum : 0;
}

int64_t
stock_drift(int64_t level, int64_t sure, int64_t more, int64_t less)
{
	if (level > sure + more)
		return level - sure - more;
	return level < sure - less ? level - sure + less : 0;
}

struct stock_sum
stock_add_up(const struct stock_rule *rule, const struct stock_cell *cells,
    size_t count, void (*unknown_plant)(void *user, struct str plant),
    void *user)
{
	struct stock_sum sum = { 0 };

	for (size_t i = 0, end; i < count; i = end) {
		bool known = rule->baseline_zero, counts = false;
		int64_t base = 0, total = 0, doubtful = 0;

		for (end = i;
		     end < count && str_eq(cells[end].plant, cells[i].plant);
		     end++) {
			known = known || cells[end].has_base;
			counts = counts || stock_counts(rule, cells[end].plant,
					       cells[end].location);
		}
		sum.known = sum.known || (known && counts);
		if (!known && counts && unknown_plant != NULL)
			unknown_plant(user, cells[i].plant);
		for (size_t at = i; known && at < end; at++) {
			if (!stock_counts(rule, cells[at].plant,
				cells[at].location))
				continue;
			base += cells[at].has_base ? cells[at].base : 0;
			total += cells[at].quantity;
			doubtful += cells[at].doubtful;
		}
		base = stock_beyond_safety(rule, cells[i].plant, base);
		sum.base += base;
		sum.doubtful -=
		    stock_beyond_safety(rule, cells[i].plant, total - doubtful);
		total = stock_beyond_safety(rule, cells[i].plant, total);
		sum.doubtful += total;
		sum.total += total;
	}
	return sum;
}

enum stock_answer
stock_answer(const struct stock_rule *rule, const struct stock_sum *sum)
{
	if (!sum->known)
		return STOCK_UNKNOWN;
	if (sum->total < rule->threshold)
		return STOCK_OUT;
	if (sum->total - sum->doubtful >= rule->restock)
		return STOCK_IN;
	return STOCK_REPLAY;
}

struct stock_replay
stock_replay_begin(const struct stock_rule *rule, const struct stock_sum *sum)
{
	return (struct stock_replay){ rule, sum->base, 0,
		sum->base >= rule->threshold };
}

void
stock_replay_step(struct stock_replay *replay, int64_t delta, bool doubtful)
{
	replay->total += delta;
	if (doubtful && delta > 0)
		replay->doubtful += delta;
	if (replay->in)
		replay->in = replay->total >= replay->rule->threshold;
	else
		replay->in =
		    replay->total - replay->doubtful >= replay->rule->restock;
}

static enum stock_answer
truth_of(const struct availability *availability)
{
	return availability->held_until != INSTANT_NONE ? STOCK_IN
							: availability->said;
}

bool
stock_flips(const struct availability *before, enum stock_answer answer)
{
	enum stock_answer truth = truth_of(before);

	return truth != STOCK_UNKNOWN && answer != STOCK_UNKNOWN &&
	       truth != answer;
}

struct availability
stock_damp(const struct stock_rule *rule, const struct availability *before,
    enum stock_answer answer, uint64_t flips, instant now)
{
	struct availability said = { answer, INSTANT_NONE };

	if (answer != STOCK_IN || rule->damping == 0)
		return said;
	if (stock_flips(before, answer) && flips >= rule->flips)
		return (struct availability){ STOCK_OUT, now + rule->damping };
	return before->held_until != INSTANT_NONE && before->held_until > now
		   ? *before
		   : said;
}

enum stock_answer
stock_any(enum stock_answer a, enum stock_answer b)
{
	if (a == STOCK_IN || b == STOCK_IN)
		return STOCK_IN;
	return a == STOCK_OUT || b == STOCK_OUT ? STOCK_OUT : STOCK_UNKNOWN;
}
