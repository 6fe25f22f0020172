#include "sku/sku_map.h"

#include <unistd.h>

#include "sku/sku.h"
#include "sku/sku_twin.h"
#include "tap.h"

/* Mapping files, and the forms in which SKUs are alike. */

static const struct {
	const char *title;
	const struct sku_map_kind *kind;
	const char *text, *material;
	const char *sku; /* NULL: refused */
	size_t line; /* where */
} maps[] = {
	{ "a row", &sku_map_skus, "42,RED\n", "42", "RED", 0 },
	{ "padded in the file", &sku_map_skus, "0042,RED\n", "42", "RED", 0 },
	{ "padded where it is asked", &sku_map_skus, "42,RED\n", " 00042 ",
	    "RED", 0 },
	{ "a heading", &sku_map_skus, "MATNR;SKU\n42;RED\n", "MATNR", "", 0 },
	{ "a remark", &sku_map_skus, "# 42;RED\n\n43;BLUE\n", "42", "", 0 },
	{ "a quoted cell", &sku_map_skus, "\"4,2\",RED\n", "4,2", "RED", 0 },
	{ "tabs", &sku_map_skus, "42\tRED\n", "42", "RED", 0 },
	{ "a canonical SKU", &sku_map_skus, "42,00-7\n", "42", "7", 0 },
	{ "no rule for materials", &sku_map_skus, "4-2,RED\n", "42", "", 0 },
	{ "a material onto itself", &sku_map_skus, "42,42\n", "42", "42", 0 },
	{ "a row twice", &sku_map_skus, "42,A\n042,A\n", "42", "A", 0 },
	{ "one cell", &sku_map_skus, "41,A\n42\n", "42", NULL, 2 },
	{ "an empty cell", &sku_map_skus, ",A\n", "", NULL, 1 },
	{ "two SKUs", &sku_map_skus, "1,A\n2,B\n1,C\n", "1", NULL, 3 },
	{ "a chain", &sku_map_skus, "A,B\nB,C\n", "A", NULL, 1 },
	{ "a variant by the rule", &sku_map_parents, "4-2,G\n", "42", "G", 0 },
	{ "its heading", &sku_map_parents, "variant,parent\n", "variant", "",
	    0 },
	{ "a parent's parent", &sku_map_parents, "A,B\nB,C\n", "A", NULL, 1 },
};

static void
test_maps(void)
{
	const struct sku_rule rule = { .strip = "-" };

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		char file[] = "/tmp/test_sku.XXXXXX";
		struct sku_map *map = NULL;
		struct buf got = BUF_INIT;
		struct diag diag;
		enum status status;
		int fd = mkstemp(file);

		if (fd < 0 || dprintf(fd, "%s", maps[i].text) < 0)
			printf("Bail out! no file\n");
		close(fd);
		status = sku_map_load(&map, maps[i].kind, file, &rule, &diag);
		unlink(file);
		if (maps[i].sku == NULL) {
			OK(status == STATUS_CONFIG && diag.line == maps[i].line,
			    maps[i].title);
		} else {
			buf_add_str(&got,
			    sku_map_find(map, str_of(maps[i].material)));
			IS_STR(got.len > 0 ? got.data : "", maps[i].sku,
			    maps[i].title);
		}
		sku_map_free(map);
		buf_free(&got);
	}
}

static const struct {
	const char *sku, *key;
	bool gtin;
} keys[] = {
	{ "AB-1", "ab1", false },
	{ " a b.1/2_3\t", "ab123", false },
	{ "000042", "42", false },
	{ "00-42", "42", false },
	{ "0", "0", false },
	{ "-", "", false },
	{ "4006381333931", "4006381333931", true },
	{ "04006381333931", "4006381333931", true },
	{ "4006381333932", "4006381333932", false },
	{ "96385074", "96385074", true },
	{ "036000291452", "36000291452", true },
	{ "123456", "123456", false },
	{ "400638133393100", "400638133393100", false },
};

static const struct {
	const char *a, *b, *why;
} twins[] = {
	{ "0042", "42", "padding" },
	{ "AB1", "ab1", "case" },
	{ "AB-1", "AB1", "separators" },
	{ "AB-1", "ab1", "case and separators" },
	{ "4006381333931", "400638133393", "check digit" },
};

static void
test_twins(void)
{
	struct buf key = BUF_INIT;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		sku_twin_key(str_of(keys[i].sku), &key);
		IS_STR(key.len > 0 ? key.data : "", keys[i].key, keys[i].sku);
		IS_INT(sku_twin_is_gtin(buf_str(&key)), keys[i].gtin,
		    "a GTIN or not");
	}
	for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
		IS_STR(sku_twin_why(str_of(twins[i].a), str_of(twins[i].b)),
		    twins[i].why, twins[i].a);
		IS_STR(sku_twin_why(str_of(twins[i].b), str_of(twins[i].a)),
		    twins[i].why, "and the other way round");
	}
	buf_free(&key);
}

int
main(void)
{
	test_maps();
	test_twins();
	DONE();
}
