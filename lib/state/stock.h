#ifndef STATE_STOCK_H
#define STATE_STOCK_H

/*
 * Stock as folded: one row per material, plant and location (a cell), and the
 * movements that no snapshot covers yet. Materials stand under their item: the
 * key of the SKU register, or the SKU of a record that has no material number.
 * Quantities are thousandths. Writing calls stand inside a transaction of the
 * caller.
 */

#include "base/arena.h"
#include "base/hash.h"
#include "base/instant.h"
#include "state/state.h"

extern const char stock_schema[];
extern const char stock_schema_6[]; /* index of stock by plant */
extern const char stock_schema_7[]; /* stock_counted */

/* One movement or snapshot as a record says it. */
struct stock_fact {
	struct str id, seq;
	struct str material, sku; /* one may be empty */
	struct str plant, location;
	instant at; /* posted, or as of */
	int64_t quantity; /* signed */
	struct str type; /* of the movement */
	bool several; /* messages tell of it, each anew: state/goods_issue.h */
	struct str unit; /* of the quantity; empty: that of the stock */
	struct hash hash; /* of the facts that make a movement the same one */
};

/* The stock of one material in one location. */
struct stock_cell {
	struct str plant, location;
	bool has_base; /* there was a snapshot */
	int64_t base;
	instant base_at;
	struct str base_seq;
	int64_t quantity; /* base and all movements after base_at */
	/*
	 * The part of quantity that movements within skew of the snapshot
	 * added: the snapshot may hold them already, so that they alone never
	 * bring a SKU back in stock.
	 */
	int64_t doubtful;
};

/* The cell. When there is none yet it has no quantity, and no base, unless its
 * plant was counted as a whole: then it was empty at that time. */
enum status stock_load(struct state *state, struct str item, struct str plant,
    struct str location, struct arena *arena, struct stock_cell *cell,
    struct diag *diag);
/* Set the base of a cell to a snapshot when it is newer: 1 taken, 0 the same,
 * -1 older. At equal times the greater seq, then the smaller quantity wins. */
int stock_rebase(struct stock_cell *cell, const struct stock_fact *fact);
/* Its row: base and quantity (doubtful is not kept). */
enum status stock_store(struct state *state, struct str item,
    const struct stock_cell *cell, struct diag *diag);
/* Drop the movements that the base of a cell covers, and set its quantity to
 * base and the rest. */
enum status stock_recount(struct state *state, struct str item,
    struct stock_cell *cell, struct diag *diag);

/* The sum of the movements of a cell up to until, and apart from it those
 * behind until up to last: what they add, and what they take. */
struct stock_span {
	int64_t sum, more, less;
};
enum status stock_span(struct state *state, struct str item,
    const struct stock_cell *cell, instant until, instant last,
    struct stock_span *span, struct diag *diag);

/* A movement by its identity; texts of it live in the arena. */
struct stock_movement {
	struct str item, plant, location, seq;
	int64_t delta;
	struct hash hash;
};
enum status stock_find_movement(struct state *state, struct str id,
    struct arena *arena, struct stock_movement *movement, bool *found,
    struct diag *diag);
enum status stock_add_movement(struct state *state, struct str item,
    const struct stock_fact *fact, struct diag *diag);
/*
 * A movement that is new, of a cell that is there and whose snapshot is older:
 * the usual case, in two statements. Otherwise *posted is false and nothing has
 * changed.
 */
enum status stock_post(struct state *state, struct str item,
    const struct stock_fact *fact, bool *posted, struct diag *diag);
/* Heal stock-conflict where no such movement counts any more: a snapshot has
 * covered it. */
enum status stock_heal_conflicts(struct state *state, struct diag *diag);
enum status stock_drop_movement(struct state *state, struct str id,
    struct diag *diag);

/* All cells of a SKU sorted by plant and location, doubtful set. Everything
 * lives in the arena. */
enum status stock_cells(struct state *state, struct str sku, int64_t skew,
    struct arena *arena, struct stock_cell **cells, size_t *count,
    struct diag *diag);
/*
 * Call each for every movement of a SKU behind the snapshots, by time, seq and
 * id; doubtful as for cells.
 */
enum status stock_each_movement(struct state *state, struct str sku,
    int64_t skew,
    void (*each)(void *user, struct str plant, struct str location,
	int64_t delta, bool doubtful),
    void *user, struct diag *diag);

/* A cell of a plant that no snapshot of that time or later has; *found false
 * when there is none. */
enum status stock_unseen(struct state *state, struct str plant, instant as_of,
    struct arena *arena, struct str *item, struct str *location, bool *found,
    struct diag *diag);

/* All of a plant was counted at this time: what it has no cell of was not
 * there. */
enum status stock_count_plant(struct state *state, struct str plant, instant at,
    struct diag *diag);

/* Whether a plant has stock of a material without any snapshot there. */
enum status stock_lacks_base(struct state *state, struct str plant, bool *lacks,
    struct diag *diag);

#endif
