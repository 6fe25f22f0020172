#ifndef SKU_SKU_MAP_H
#define SKU_SKU_MAP_H

/*
 * Mapping files: which SKU a material has, where its number alone does not say
 * so, and which parent a variant. Rows of two cells separated by a comma,
 * semicolon, tab or bar; a first row whose first cell names its column is a
 * heading; lines that begin with '#' are remarks. The file is of a person, so
 * it is strict: what is wrong in it is told with its line.
 */

#include "base/config.h"
#include "base/hash.h"

struct sku_map;
struct sku_rule;

/* What a file is about: its headings, and its faults in words. */
struct sku_map_kind {
	const char *const *headings; /* of the first cell; ends with NULL */
	const char *unreadable; /* before the name of the file */
	const char *cells, *empty, *twice, *chain;
	bool canonical; /* the first cell is an SKU as well */
};
extern const struct sku_map_kind sku_map_skus; /* material and SKU */
extern const struct sku_map_kind sku_map_parents; /* variant and parent */

/*
 * Read a file. The rule makes the SKUs of the file canonical, as it does any
 * other. NO_INPUT when it cannot be read; CONFIG with file and line when a row
 * has no two cells, a material stands in it twice with two SKUs, or an SKU is
 * itself a material that has another one (a chain).
 */
enum status sku_map_load(struct sku_map **map, const struct sku_map_kind *kind,
    const char *file, const struct sku_rule *rule, struct diag *diag);
void sku_map_free(struct sku_map *map); /* NULL is fine */

/* The SKU of a material; empty when the file does not name it. material: as SAP
 * has it, with or without the zeros that MATN1 puts in front. */
struct str sku_map_find(const struct sku_map *map, struct str material);

/* A hash of all that it says; NULL says nothing. */
struct hash sku_map_hash(const struct sku_map *map);

/* The rows in order of the materials' keys: index from 0; false behind the
 * last. */
bool sku_map_row(const struct sku_map *map, size_t index, struct str *key,
    struct str *sku);

#endif
