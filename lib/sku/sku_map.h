#ifndef SKU_SKU_MAP_H
#define SKU_SKU_MAP_H

/*
 * The mapping file: which SKU a material has, where its number alone does not
 * say so. Rows of two cells, material and SKU, separated by a comma, semicolon,
 * tab or bar; a first row whose first cell is "material" or "matnr" is a
 * heading; lines that begin with '#' are remarks. The file is of a person, so
 * it is strict: what is wrong in it is told with its line.
 */

#include "base/config.h"

struct sku_map;
struct sku_rule;

/*
 * Read a file. The rule makes the SKUs of the file canonical, as it does any
 * other. NO_INPUT when it cannot be read; CONFIG with file and line when a row
 * has no two cells, a material stands in it twice with two SKUs, or an SKU is
 * itself a material that has another one (a chain).
 */
enum status sku_map_load(struct sku_map **map, const char *file,
    const struct sku_rule *rule, struct diag *diag);
void sku_map_free(struct sku_map *map); /* NULL is fine */

/* The SKU of a material; empty when the file does not name it. material: as SAP
 * has it, with or without the zeros that MATN1 puts in front. */
struct str sku_map_find(const struct sku_map *map, struct str material);

/* The rows in order of the materials' keys: index from 0; false behind the
 * last. */
bool sku_map_row(const struct sku_map *map, size_t index, struct str *key,
    struct str *sku);

#endif
