#ifndef STATE_SKU_REGISTER_H
#define STATE_SKU_REGISTER_H

/*
 * The SKU register: every material number seen, with the SKU it has. Numbers
 * that SAP itself takes for one (leading zeros of purely numeric numbers,
 * MATN1) are one row. When two materials give one SKU, the one with the lower
 * seq, then the lower number, keeps it; the other has none until a mapping row
 * settles it (sap-ometria-record(5)).
 *
 * All calls stand inside a transaction of the caller, or read only.
 */

#include "base/arena.h"
#include "record/exception.h"
#include "state/state.h"

extern const char sku_schema[];

/* The number under which a material stands in the register and in all folded
 * tables: trimmed, without the zeros that MATN1 puts in front. */
struct str sku_register_key(struct str material);

/*
 * The SKU of a material that was seen. *found with an empty *sku: the material
 * lost its SKU to another one; its lines leave without a product. Not *found:
 * the caller makes the SKU by sku_normalise.
 */
enum status sku_register_find(struct state *state, struct str material,
    struct arena *arena, struct str *sku, bool *found, struct diag *diag);

/*
 * A material was seen under this SKU at seq (empty = unknown, sorts last).
 * *collides: another material has the same SKU, and this is news or the
 * material is the one without; *owner is then the key of the material that
 * keeps it (equal to sku_register_key(material) when it is this one).
 */
enum status sku_register_see(struct state *state, struct str material,
    struct str sku, struct str seq, bool *collides, struct str *owner,
    struct arena *arena, struct diag *diag);

/*
 * The mapping file has this SKU for a material. Where the register has seen the
 * material, it has that SKU from now on; *before: the SKU that an earlier
 * mapping gave it, when that was another one, else empty. *freed: an SKU that
 * is nobody's trouble any more, or empty.
 */
enum status sku_register_map(struct state *state, struct str key,
    struct str sku, struct arena *arena, struct str *before, struct str *freed,
    struct diag *diag);
/* The mapping no longer names a material: it has this SKU, made of its number.
 */
enum status sku_register_unmap(struct state *state, struct str key,
    struct str sku, struct arena *arena, struct str *freed, struct diag *diag);
/* The next material behind `after` that has its SKU by a mapping; empty at the
 * end. */
enum status sku_register_next_mapped(struct state *state, struct str after,
    struct arena *arena, struct str *key, struct str *sku, struct diag *diag);
/* Whether the mapping that was applied last is this one; it is from now on when
 * applied is true. */
enum status sku_register_mapping(struct state *state, struct hash mapping,
    bool applied, bool *same, struct diag *diag);

/* The sku-collision exception about it: a remark, its texts in the arena. */
struct exception sku_register_collision(struct str material, struct str sku,
    struct str owner, const struct record_src *src, struct arena *arena);

#endif
