#ifndef FOLD_STOCK_H
#define FOLD_STOCK_H

/*
 * Folding stock: snapshots are absolute, movements after them apply on top, and
 * the sum over sellable plants and locations becomes "in stock" or not.
 *
 * Pure. Quantities are thousandths of a unit (SAP's QUAN has three decimals).
 * Everything here depends on what is known, not on the order in which it came:
 * hysteresis is replayed over the movements by posting time, never remembered.
 */

#include "base/config.h"
#include "record/record.h"
#include "state/availability.h"

/* SAP's QUAN: 13 digits, three of them decimals. */
#define STOCK_QUANTITY_MAX INT64_C(9999999999999)

/* [plant "..."] */
struct stock_plant {
	const char *label;
	bool sellable;
	const char *locations; /* that count; NULL: all */
	int64_t safety;
};

/* [stock] and the plants of the configuration. */
struct stock_rule {
	const struct config *config;
	/* Both with the safety stock over all plants. */
	int64_t threshold; /* in stock while the sum is at least this */
	int64_t restock; /* back in stock when it is at least this */
	int64_t skew; /* seconds; see stock_cell.doubtful */
	int64_t damping; /* seconds in which flips are counted; 0 = never */
	uint64_t flips; /* so many make a SKU a flapping one */
	bool deliveries; /* they tell of goods issues, not the documents */
	instant since; /* of what was posted before it the other told */
	bool reserve; /* open orders keep stock back */
	bool baseline_zero; /* stock without a snapshot began at zero */
	bool units_named; /* there are [unit] sections */
	struct stock_plant *plants; /* only those count; NULL: all */
	size_t plant_count;
};

struct stock_rule stock_rule_of(const struct config *config);
void stock_rule_free(struct stock_rule *rule);
/* The rule for a SKU of which open orders keep this much back: both limits are
 * so much higher. */
struct stock_rule stock_rule_beyond(const struct stock_rule *rule,
    int64_t reserved);
/* Whether the stock of a location can be sold online. */
bool stock_counts(const struct stock_rule *rule, struct str plant,
    struct str location);

enum stock_verdict {
	STOCK_TAKEN,
	STOCK_SUPERSEDED,
	STOCK_DUPLICATE,
	STOCK_IGNORED, /* why: name of the rule */
	STOCK_EXCEPTED /* why: exception code */
};

struct stock_reading {
	enum stock_verdict verdict;
	const char *why;
	const char *message; /* of an exception, without data */
};

/*
 * Read a record. Its instant is its own, else that of seq, else now. A movement
 * that the other source tells of is ignored, so that nothing counts twice. Only
 * unrestricted stock is taken, and none of a special stock that the
 * configuration does not name; a movement without a sign is of a type that
 * nobody has explained.
 */
struct stock_reading stock_read_movement(const struct stock_rule *rule,
    const struct record *record, struct stock_fact *fact, struct arena *arena);
struct stock_reading stock_read_level(const struct record *record,
    struct stock_fact *fact, struct arena *arena);

/*
 * Movements in the unit in which their stock is kept, which is the base unit of
 * the material where that is known, else what the configuration makes of the
 * movement's own (fold/unit.h).
 */
/* Whether there is anything to convert. */
bool stock_converts(const struct stock_rule *rule,
    const struct stock_fact *fact, struct str base);
struct stock_reading stock_in_base(const struct stock_rule *rule,
    struct stock_fact *fact, struct str sku, struct str base);

/* A snapshot on a cell: taken when it is newer, then base is set and quantity
 * is to be summed anew. */
enum stock_verdict stock_take_level(struct stock_cell *cell,
    const struct stock_fact *fact);
/* Whether the snapshot of a cell covers this movement. */
bool stock_covers(const struct stock_cell *cell, const struct stock_fact *fact);

/*
 * What a plant has beyond its safety stock; without one, its sum. Less than
 * nothing stays that.
 */
int64_t stock_beyond_safety(const struct stock_rule *rule, struct str plant,
    int64_t sum);

/*
 * A snapshot beside the ledger at its instant: sure is what stood there skew
 * before it, more and less what movements within skew of it add and take,
 * which the snapshot may hold or not. How far the snapshot is from what they
 * allow; 0 when it agrees.
 */
int64_t stock_drift(int64_t level, int64_t sure, int64_t more, int64_t less);

struct stock_sum {
	int64_t base, total, doubtful;
	bool known; /* there is a plant that counts and has a snapshot */
};

/*
 * Add up the cells of one SKU, which come sorted by plant. A plant without any
 * snapshot of it has no known stock and adds nothing; unknown_plant, when not
 * NULL, is called for it.
 */
struct stock_sum stock_add_up(const struct stock_rule *rule,
    const struct stock_cell *cells, size_t count,
    void (*unknown_plant)(void *user, struct str plant), void *user);

enum stock_answer stock_answer(const struct stock_rule *rule,
    const struct stock_sum *sum);

/* Hysteresis: begin, then every movement that counts, by time, seq and id. */
struct stock_replay {
	const struct stock_rule *rule;
	int64_t total, doubtful;
	bool in;
};

struct stock_replay stock_replay_begin(const struct stock_rule *rule,
    const struct stock_sum *sum);
void stock_replay_step(struct stock_replay *replay, int64_t delta,
    bool doubtful);

/*
 * Damping. A flip: what is known to be in stock is out of it now, or back. A
 * SKU of many flips is only said to be back when it has stood still for a
 * while; that it is out is said at once.
 */
bool stock_flips(const struct availability *before, enum stock_answer answer);
/* What is to be said now; flips: how often within damping, 0 = not now. */
struct availability stock_damp(const struct stock_rule *rule,
    const struct availability *before, enum stock_answer answer, uint64_t flips,
    instant now);

/* A product whose variants are known to be in or out: in when any is in. */
enum stock_answer stock_any(enum stock_answer a, enum stock_answer b);

#endif
