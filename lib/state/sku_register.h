#ifndef STATE_SKU_REGISTER_H
#define STATE_SKU_REGISTER_H

/*
 * The SKU register: every material number seen, with the SKU it has. Numbers
 * that SAP itself takes for one (leading zeros of purely numeric numbers,
 * MATN1) are one row. When two materials give one SKU, the one with the lower
 * seq, then the lower number, keeps it; the other has none until a mapping row
 * settles it (sap-ometria-record(5)).
 *
 * A material of two numbers, MATNR and a long one (MATNR_LONG,
 * MATNR_EXTERNAL), is one row under its MATNR, with the SKU of the long one.
 * Until the two were seen together, each stands for itself.
 *
 * All calls stand inside a transaction of the caller, or read only.
 */

#include "base/arena.h"
#include "state/state.h"

extern const char sku_schema[];
extern const char sku_schema_6[]; /* sku.mapped */
extern const char sku_schema_7[]; /* sku.moved */
extern const char sku_schema_8[]; /* sku.long, sku_joined */

/* The number under which a material stands in the register and in all folded
 * tables: trimmed, without the zeros that MATN1 puts in front. */
struct str sku_register_key(struct str material);

/* The same of a number that may be the long one of a material: its MATNR, where
 * the two were seen together. */
enum status sku_register_item(struct state *state, struct str material,
    struct arena *arena, struct str *item, struct diag *diag);

/*
 * The SKU of a material that was seen. *found with an empty *sku: the material
 * lost its SKU to another one; its lines leave without a product. Not *found:
 * the caller makes the SKU by sku_normalise.
 */
enum status sku_register_find(struct state *state, struct str material,
    struct arena *arena, struct str *sku, bool *found, struct diag *diag);

/* Who says which SKU a material has. */
enum sku_source {
	SKU_GUESSED, /* by one who does not know the mapping: counts for a
			material that is new */
	SKU_BY_RULE,
	SKU_BY_MAP
};

/* A material was seen. */
struct sku_sight {
	struct str material;
	struct str matnr; /* where material is the long one; else empty */
	struct str sku; /* that it is to have */
	struct str seq; /* empty = unknown, sorts last */
	enum sku_source source;
};

/* How it stands with the SKU of a material then. */
struct sku_standing {
	struct str item; /* the key that the material stands under */
	struct str asked; /* the SKU that all of this is about */
	struct str sku; /* its own; empty: another material keeps it */
	/*
	 * Another material has the same SKU, and this is news or the material
	 * is the one without; *owner is the key of the one that keeps it.
	 */
	bool collides;
	struct str owner;
	struct str freed; /* an SKU that is nobody's trouble any more */
	/* What a mapping or its long number gave it and gives no longer. */
	struct str before;
	struct str ambiguous; /* a number of it that another one has as well */
};

enum status sku_register_see(struct state *state, const struct sku_sight *sight,
    struct arena *arena, struct sku_standing *standing, struct diag *diag);

/*
 * The mapping file has this SKU for a material (SKU_BY_MAP), or no longer
 * names it, and it has the one made of its number (SKU_BY_RULE). Nothing
 * happens to a material that was never seen.
 */
enum status sku_register_map(struct state *state, struct str key,
    struct str sku, enum sku_source source, struct arena *arena,
    struct sku_standing *standing, struct diag *diag);
/* The next material behind `after` that has its SKU by a mapping, empty at the
 * end, and its long number, if it has one. */
enum status sku_register_next_mapped(struct state *state, struct str after,
    struct arena *arena, struct str *key, struct str *number,
    struct diag *diag);

/*
 * A material of which the SKU was changed, given or taken since it was seen,
 * once each, for who keeps copies of it; *sku is empty when another has it.
 * *key is empty when there is none.
 */
enum status sku_register_take_moved(struct state *state, struct arena *arena,
    struct str *key, struct str *sku, struct diag *diag);
/* What stood under a long number and is that of this material now, once each;
 * empty when there is none. */
enum status sku_register_take_joined(struct state *state, struct arena *arena,
    struct str *number, struct str *item, struct diag *diag);

#endif
