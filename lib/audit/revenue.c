#include "audit/revenue.h"

#include "base/instant.h"
#include "base/sorter.h"
#include "ometria/compare.h"

#define DAY 10 /* characters */

struct revenue {
	struct sorter *amounts; /* day and channel; side and amount */
	struct json_doc doc;
	struct arena arena; /* of one order */
	struct buf key, value;
};

struct revenue *
revenue_new(void)
{
	struct revenue *revenue = mem_zero(1, sizeof(*revenue));

	revenue->amounts = sorter_new(SORTER_MEMORY / 4);
	revenue->doc = (struct json_doc)JSON_DOC_INIT;
	return revenue;
}

void
revenue_free(struct revenue *revenue)
{
	if (revenue == NULL)
		return;
	sorter_free(revenue->amounts);
	json_doc_free(&revenue->doc);
	arena_free(&revenue->arena);
	buf_free(&revenue->key);
	buf_free(&revenue->value);
	free(revenue);
}

struct str
revenue_channel(const struct json *order, struct arena *arena)
{
	struct str currency = json_text(order, "currency", arena);
	struct str store = json_text(order, "store", arena);
	struct str channel = json_text(order, "channel", arena);

	return arena_format(arena, "%.*s %.*s, %.*s",
	    STR_ARGS(currency.len > 0 ? currency : STR("-")),
	    STR_ARGS(store.len > 0 ? store : STR("no store")),
	    STR_ARGS(channel.len > 0 ? channel : STR("online")));
}

static void
add_day(struct buf *to, const struct json *order, struct arena *arena)
{
	char text[INSTANT_TEXT];
	instant at;

	if (!instant_parse(json_text(order, "timestamp", arena), &at)) {
		buf_add_char(to, '-');
		return;
	}
	instant_format(at, text);
	buf_add(to, text, DAY);
}

enum status
revenue_add(struct revenue *revenue, enum revenue_side side, struct str order,
    struct diag *diag)
{
	const struct json *root = json_parse(&revenue->doc, order);
	struct arena *arena = &revenue->arena;
	struct decimal amount;

	arena_reset(arena);
	if (root == NULL || !json_true(json_get(root, "is_valid"), true) ||
	    !compare_number(json_text(root, "grand_total", arena), &amount))
		return STATUS_OK;
	buf_clear(&revenue->key);
	add_day(&revenue->key, root, arena);
	buf_add_char(&revenue->key, '\0');
	buf_add_str(&revenue->key, revenue_channel(root, arena));
	buf_clear(&revenue->value);
	buf_add_char(&revenue->value, (char)side);
	decimal_add_to(&revenue->value, decimal_trim(amount));
	return sorter_add(revenue->amounts, buf_str(&revenue->key),
	    buf_str(&revenue->value), diag);
}

static void
sum_up(struct revenue_row *row, struct str value)
{
	struct decimal *sum = &row->sums[(unsigned char)value.data[0]];
	struct decimal amount;

	if (!decimal_parse(str_from(value, 1), &amount) ||
	    !decimal_add(*sum, amount, sum))
		row->lost = true;
}

/* Texts of the row stand in revenue->key. */
static void
begin_row(struct revenue *revenue, struct revenue_row *row, struct str key)
{
	buf_clear(&revenue->key);
	buf_add_str(&revenue->key, key);
	key = buf_str(&revenue->key);
	*row = (struct revenue_row){ .day = str_of(key.data) };
	row->channel = str_from(key, row->day.len + 1);
}

enum status
revenue_each(struct revenue *revenue,
    enum status (
	*each)(void *user, const struct revenue_row *row, struct diag *diag),
    void *user, struct diag *diag)
{
	struct revenue_row row = { .lost = false };
	enum status status = sorter_end(revenue->amounts, diag);
	bool found = true, begun = false;

	while (status == STATUS_OK) {
		struct str key, value;

		status =
		    sorter_next(revenue->amounts, &key, &value, &found, diag);
		if (status != STATUS_OK)
			break;
		if (begun && (!found || !str_eq(key, buf_str(&revenue->key))))
			status = each(user, &row, diag);
		if (status != STATUS_OK || !found)
			break;
		if (!begun || !str_eq(key, buf_str(&revenue->key)))
			begin_row(revenue, &row, key);
		begun = true;
		sum_up(&row, value);
	}
	return status;
}
