#ifndef STATE_STOCK_H
#define STATE_STOCK_H

/*
 * Stock as folded: one row per material, plant and location (a cell), and the
 * movements that no snapshot covers yet. Materials stand under their item: the
 * key of the SKU register, or the SKU of a record that has no material number.
 * Quantities are thousandths. Writing calls stand inside a transaction of the
 * caller.
 */

#include "fold/product.h"
#include "state/state.h"

extern const char stock_schema[];

/* The cell; one without base and quantity when there is none yet. */
enum status stock_load(struct state *state, struct str item, struct str plant,
    struct str location, struct arena *arena, struct stock_cell *cell,
    struct diag *diag);
/* Its row: base and quantity (doubtful is not kept). */
enum status stock_store(struct state *state, struct str item,
    const struct stock_cell *cell, struct diag *diag);
/* Drop the movements that the base of a cell covers, and set its quantity to
 * base and the rest. */
enum status stock_recount(struct state *state, struct str item,
    struct stock_cell *cell, struct diag *diag);

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

/* Whether a plant has stock of a material without any snapshot there. */
enum status stock_lacks_base(struct state *state, struct str plant, bool *lacks,
    struct diag *diag);

#endif
