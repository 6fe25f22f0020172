#include "levels.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/fd.h"
#include "base/jsonw.h"
#include "base/lines.h"
#include "base/sorter.h"
#include "levels_text.h"

#define WRITE_BYTES ((size_t)64 * 1024)

enum column {
	MATERIAL,
	PLANT,
	LOCATION,
	QUANTITY,
	SPECIAL,
	COLUMNS
};

/* The keys of [levels] that name the columns. */
static const char *const keys[] = {
	[MATERIAL] = "material",
	[PLANT] = "plant",
	[LOCATION] = "location",
	[QUANTITY] = "quantity",
	[SPECIAL] = "special-stock",
};

/* The letters of the columns' names: of the field, English, German. */
static const struct {
	enum column column;
	const char *letters;
} names[] = {
	{ MATERIAL, "matnr" },
	{ MATERIAL, "material" },
	{ MATERIAL, "materialnumber" },
	{ MATERIAL, "materialnummer" },
	{ MATERIAL, "sku" },
	{ PLANT, "werks" },
	{ PLANT, "plant" },
	{ PLANT, "plnt" },
	{ PLANT, "werk" },
	{ LOCATION, "lgort" },
	{ LOCATION, "storagelocation" },
	{ LOCATION, "sloc" },
	{ LOCATION, "storloc" },
	{ LOCATION, "lagerort" },
	{ LOCATION, "lort" },
	{ QUANTITY, "labst" },
	{ QUANTITY, "unrestricted" },
	{ QUANTITY, "unrestrictedstock" },
	{ QUANTITY, "unrestricteduse" },
	{ QUANTITY, "unrestrictedusestock" },
	{ QUANTITY, "freiverwendbar" },
	{ QUANTITY, "freiverwendbarerbestand" },
	{ QUANTITY, "freiverw" },
	{ SPECIAL, "sobkz" },
	{ SPECIAL, "specialstock" },
	{ SPECIAL, "s" }, /* as MB52 has it */
	{ SPECIAL, "sonderbestand" },
};

struct reading {
	struct levels *levels;
	const struct levels_rule *rule;
	struct sorter *sorter; /* plant, location, material: thousandths */
	struct csv_row row;
	struct lines lines;
	struct levels_text text;
	size_t at[COLUMNS]; /* from 1; 0 = there is none */
	bool twice; /* there are two columns of stock */
	bool any; /* there is a row behind the heading */
	char separator;
	struct arena arena;
	struct buf key, number, scratch, output;
	/* Of the rows of one material and plant that came one behind another,
	 * each with its location: for the total that may follow. */
	struct buf group;
	int64_t group_sum;
};

static bool
has_heading(const struct reading *r)
{
	return r->at[MATERIAL] > 0 && r->at[PLANT] > 0 && r->at[QUANTITY] > 0;
}

/* By the configuration, where that names the column. */
static bool
is_named(const struct reading *r, struct str cell, enum column column)
{
	const struct config *config = r->rule->config;

	cell = str_trim(cell);
	if (config_text(config, "levels", NULL, keys[column]) != NULL)
		return cell.len > 0 &&
		       config_lists(config, "levels", NULL, keys[column], cell);
	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (names[k].column == column &&
		    csv_is_named(cell, names[k].letters))
			return true;
	return false;
}

/* Titles stand in front of it in a printed list. */
static void
read_heading(struct reading *r, struct str line)
{
	r->separator = csv_separator(line);
	if (!csv_split(&r->row, line, r->separator))
		return;
	r->twice = false;
	for (size_t i = 0; i < r->row.count; i++)
		for (enum column column = 0; column < COLUMNS; column++) {
			if (!is_named(r, r->row.cells[i], column))
				continue;
			r->twice |= column == QUANTITY && r->at[column] > 0;
			if (r->at[column] == 0)
				r->at[column] = i + 1;
		}
	if (!has_heading(r))
		memset(r->at, 0, sizeof(r->at));
}

static struct str
cell(const struct reading *r, enum column column)
{
	size_t at = r->at[column];

	return at > 0 && at <= r->row.count ? str_trim(r->row.cells[at - 1])
					    : STR_NONE;
}

static enum status
write_level(struct reading *r, struct str id, struct str material,
    struct str plant, struct str location, struct str quantity,
    struct diag *diag)
{
	struct jsonw w = jsonw_start(&r->output);
	enum status status = STATUS_OK;

	jsonw_open(&w, '{');
	jsonw_member_int(&w, "v", 1);
	jsonw_member(&w, "type", STR("stock_level"));
	jsonw_member(&w, "id", id);
	jsonw_member(&w, "material", material);
	jsonw_member(&w, "plant", plant);
	jsonw_member(&w, "location", location);
	jsonw_member(&w, "quantity", quantity);
	jsonw_member_time(&w, "as_of", r->rule->as_of);
	jsonw_close(&w, '}');
	buf_add_char(&r->output, '\n');
	if (r->output.len >= WRITE_BYTES) {
		status = fd_write(r->levels->fd, buf_str(&r->output), diag);
		buf_clear(&r->output);
	}
	return status;
}

static struct str
next_part(struct str *text)
{
	const char *tab;
	struct str part = STR_NONE;
	size_t len;

	if (text->len == 0)
		return part;
	tab = memchr(text->data, '\t', text->len);
	len = tab != NULL ? (size_t)(tab - text->data) : text->len;
	part = (struct str){ text->data, len };
	len += tab != NULL;
	text->data += len;
	text->len -= len;
	return part;
}

/* Rules, blank lines and repeated headings of a printed list are no rows. */
static bool
is_decoration(const struct reading *r)
{
	struct str material = cell(r, MATERIAL);

	return is_named(r, material, MATERIAL) ||
	       (material.len == 0 && cell(r, PLANT).len == 0) ||
	       (material.len > 0 && cell(r, QUANTITY).len == 0 &&
		   material.data[0] == '-');
}

static bool
is_total_word(struct str material)
{
	static const char *const words[] = { "total", "totals", "grandtotal",
		"subtotal", "sum", "summe", "gesamt", "gesamtsumme",
		"zwischensumme", "result", "ergebnis" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (csv_is_named(material, words[i]))
			return true;
	return false;
}

/* Whether the row is of the material, and plant, of those before it. */
static bool
is_of_group(const struct reading *r, struct str material, struct str plant)
{
	struct str group = buf_str(&r->group);
	struct str item = next_part(&group);

	return item.len > 0 && str_eq(item, str_alpha_out(material)) &&
	       (plant.len == 0 || str_eq(group, plant));
}

/*
 * A total: marked by asterisks or a word, of no material and no location, of
 * the material before it and no plant, or of the same plant as well and as much
 * as its locations together.
 */
static bool
is_total(struct reading *r)
{
	struct str material = cell(r, MATERIAL), plant = cell(r, PLANT);
	struct decimal value;

	if (str_starts(material, "*"))
		return true;
	if (cell(r, LOCATION).len > 0)
		return false;
	if (material.len == 0)
		return true;
	if (plant.len == 0)
		return is_total_word(material) ||
		       is_of_group(r, material, plant);
	return is_of_group(r, material, plant) &&
	       levels_quantity(cell(r, QUANTITY), r->rule->comma, &r->number,
		   &value) &&
	       value.units == r->group_sum;
}

/* What a spreadsheet makes of a long number: 4.00638E+12. Its last digits are
 * gone, and many numbers look alike. */
static bool
is_rounded(struct str material)
{
	size_t digits = 0;
	bool power = false;

	for (size_t i = 0; i < material.len; i++) {
		char c = material.data[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (!power && digits > 0 && i + 1 < material.len &&
			 (c == 'E' || c == 'e') &&
			 material.data[i + 1] == '+') {
			power = true;
			i++;
		} else if (power || digits != 1 || (c != '.' && c != ','))
			return false;
	}
	return power;
}

static void
add_to_group(struct reading *r, struct str material, struct str plant,
    int64_t units)
{
	if (!is_of_group(r, material, plant) ||
	    __builtin_add_overflow(r->group_sum, units, &r->group_sum)) {
		buf_clear(&r->group);
		buf_add_str(&r->group, str_alpha_out(material));
		buf_add_char(&r->group, '\t');
		buf_add_str(&r->group, plant);
		r->group_sum = units;
	}
}

static enum status
read_row(struct reading *r, struct diag *diag)
{
	struct str material = cell(r, MATERIAL), plant = cell(r, PLANT);
	struct str location = cell(r, LOCATION);
	struct decimal value;

	r->any = true;
	if (cell(r, SPECIAL).len > 0)
		return STATUS_OK;
	arena_reset(&r->arena);
	if (is_rounded(material))
		material = STR_NONE;
	/* In quotes the quantity is none, whatever it looks like. */
	if (material.len == 0 || plant.len == 0 ||
	    !levels_quantity(cell(r, QUANTITY), r->rule->comma, &r->number,
		&value)) {
		r->levels->faulty++;
		return write_level(r,
		    arena_format(&r->arena, "%s:%zu", r->rule->file,
			r->lines.number),
		    material, plant, location,
		    arena_format(&r->arena, "'%.*s'",
			STR_ARGS(cell(r, QUANTITY))),
		    diag);
	}
	names_add(&r->levels->plants, plant);
	if (location.len > 0)
		add_to_group(r, material, plant, value.units);
	buf_clear(&r->key);
	buf_add_str(&r->key, plant);
	buf_add_char(&r->key, '\t');
	buf_add_str(&r->key, location);
	buf_add_char(&r->key, '\t');
	buf_add_str(&r->key, str_alpha_out(material));
	return sorter_add(r->sorter, buf_str(&r->key),
	    (struct str){ (const char *)&value.units, sizeof(value.units) },
	    diag);
}

static enum status
read_line(void *user, struct str line, struct diag *diag)
{
	struct reading *r = user;

	if (r->lines.number == 1)
		line = levels_text_begin(line);
	line = levels_text_line(&r->text, line);
	if (!has_heading(r)) {
		read_heading(r, line);
		return STATUS_OK;
	}
	if (memchr(line.data, '\0', line.len) != NULL ||
	    !csv_split(&r->row, line, r->separator)) {
		arena_reset(&r->arena);
		r->any = true;
		r->levels->faulty++;
		return write_level(r,
		    arena_format(&r->arena, "%s:%zu", r->rule->file,
			r->lines.number),
		    STR_NONE, STR_NONE, STR_NONE, STR_NONE, diag);
	}
	return is_decoration(r) || is_total(r) ? STATUS_OK : read_row(r, diag);
}

static enum status
write_sum(struct reading *r, int64_t units, struct diag *diag)
{
	struct str key = buf_str(&r->key);
	struct str plant = next_part(&key), location = next_part(&key);
	struct str sku = sku_normalise(&r->rule->sku, key, &r->scratch);

	/* Nobody has so much: no record is made of it that can be read. */
	r->levels->faulty +=
	    units > STOCK_QUANTITY_MAX || units < -STOCK_QUANTITY_MAX;
	arena_reset(&r->arena);
	buf_clear(&r->number);
	decimal_add_to(&r->number, decimal_trim((struct decimal){ units, 3 }));
	return write_level(r,
	    arena_format(&r->arena, "%.*s:%.*s:%.*s", STR_ARGS(sku),
		STR_ARGS(plant), STR_ARGS(location)),
	    key, plant, location, buf_str(&r->number), diag);
}

static enum status
write_sums(struct reading *r, struct diag *diag)
{
	enum status status = sorter_end(r->sorter, diag);
	int64_t sum = 0, units;
	bool found = true, begun = false;

	while (status == STATUS_OK && found) {
		struct str key, value;

		status = sorter_next(r->sorter, &key, &value, &found, diag);
		if (status != STATUS_OK)
			break;
		if (begun && (!found || !str_eq(key, buf_str(&r->key)))) {
			status = write_sum(r, sum, diag);
			sum = 0;
		}
		if (!found)
			break;
		begun = true;
		memcpy(&units, value.data, sizeof(units));
		if (__builtin_add_overflow(sum, units, &sum))
			sum = units > 0 ? INT64_MAX : -INT64_MAX;
		buf_clear(&r->key);
		buf_add_str(&r->key, key);
	}
	if (status == STATUS_OK)
		status = fd_write(r->levels->fd, buf_str(&r->output), diag);
	return status;
}

static enum status
read_list(struct reading *r, int *fd, struct diag *diag)
{
	enum status status = levels_text_widen(&r->text, fd, diag);

	if (status != STATUS_OK)
		return status;
	lines_open(&r->lines, *fd);
	status = lines_each(&r->lines, read_line, r, diag);
	lines_close(&r->lines);
	if (status == STATUS_OK && !has_heading(r))
		status = diag_set(diag, STATUS_DATA,
		    "no columns of material, plant and unrestricted stock");
	else if (status == STATUS_OK && r->twice)
		status = diag_set(diag, STATUS_DATA,
		    "two columns of unrestricted stock: name one of them in "
		    "[levels]");
	else if (status == STATUS_OK && !r->any && !r->rule->partial)
		status = diag_set(diag, STATUS_DATA,
		    "there is no row behind the headings");
	return status == STATUS_OK ? write_sums(r, diag) : status;
}

static const char *
encoding_of(const struct config *config)
{
	const char *own = config_text(config, "levels", NULL, "encoding");

	return own != NULL ? own : config_text(config, "sap", NULL, "encoding");
}

static void
reading_free(struct reading *r)
{
	sorter_free(r->sorter);
	levels_text_free(&r->text);
	csv_free(&r->row);
	arena_free(&r->arena);
	buf_free(&r->key);
	buf_free(&r->group);
	buf_free(&r->number);
	buf_free(&r->scratch);
	buf_free(&r->output);
}

enum status
levels_read(struct levels *levels, const struct levels_rule *rule,
    struct diag *diag)
{
	struct reading r = { .levels = levels, .rule = rule };
	int fd = open(rule->file, O_RDONLY | O_CLOEXEC);
	enum status status;

	if (fd < 0)
		return diag_errno(diag, STATUS_NO_INPUT, errno,
		    "cannot open the stock list");
	levels->fd = fd_unlinked();
	if (levels->fd < 0) {
		close(fd);
		return diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot make a temporary file");
	}
	r.sorter = sorter_new(SORTER_MEMORY);
	status = levels_text_open(&r.text, encoding_of(rule->config), diag);
	if (status == STATUS_OK)
		status = read_list(&r, &fd, diag);
	close(fd);
	if (status == STATUS_OK && lseek(levels->fd, 0, SEEK_SET) != 0)
		status = diag_errno(diag, STATUS_IO, errno,
		    "cannot go back in the temporary file");
	if (status != STATUS_OK)
		diag_place(diag, rule->file, 0);
	reading_free(&r);
	return status;
}
