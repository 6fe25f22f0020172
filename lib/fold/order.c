#include "fold/order.h"

#include "base/pattern.h"
#include "base/text.h"
#include "fold/unit.h"

static const struct {
	const char *object; /* "" = the record itself */
	const char *key;
} header_keys[] = {
#define X(name, object, key) { object, key },
	ORDER_KEYS(X)
#undef X
};

static const char *const line_keys[] = {
#define X(name, key) key,
	LINE_KEYS(X)
#undef X
};

static const char *const stages[] = { "provisional", "confirmed", "changed",
	"rejected" };

enum status
order_rules_open(struct order_rules *rules, const struct config *config,
    struct diag *diag)
{
	const char *web = config_text(config, "order", NULL, "web-number");

	*rules = (struct order_rules){
		.config = config,
		.pending_valid =
		    config_bool(config, "order", NULL, "pending-valid"),
		.withhold = str_is(str_of(config_text(config, "order", NULL,
				       "totals-mismatch")),
		    "withhold"),
		.tolerance =
		    config_number(config, "order", NULL, "totals-tolerance"),
		.base_currency =
		    str_of(config_text(config, "order", NULL, "base-currency")),
		.grace =
		    config_duration(config, "order", NULL, "fulfil-grace") /
		    1000,
		.sku = sku_rule_of(config),
	};
	if (!pattern_compile(&rules->web_number, web))
		return diag_set(diag, STATUS_CONFIG,
		    "[order] web-number is no regular expression");
	rules->web_number_set = true;
	return unit_rules_check(config, diag);
}

void
order_rules_close(struct order_rules *rules)
{
	if (rules->web_number_set)
		regfree(&rules->web_number);
	rules->web_number_set = false;
}

struct str
order_number(struct str text)
{
	return str_alpha_out(str_trim(text));
}

bool
order_web_number(const struct order_rules *rules, struct str text,
    struct arena *arena)
{
	return text.len > 0 &&
	       pattern_matches(&rules->web_number, arena_str(arena, text).data);
}

bool
order_listed(const struct order_rules *rules, const char *key, struct str word)
{
	return word.len > 0 &&
	       config_lists(rules->config, "order", NULL, key, word);
}

static bool
line_is_dead(const struct order_input *input, const struct json *line,
    struct arena *arena)
{
	struct str reason = json_text(line, "rejected", arena);

	if (str_is(json_text(line, "action", arena), "delete"))
		return true;
	return reason.len > 0 &&
	       !order_listed(input->rules, "open-rejections", reason);
}

static bool
comes_to_nothing(const struct json *totals, struct arena *arena)
{
	struct decimal value;

	return decimal_parse(json_text(totals, "grand_total", arena), &value) &&
	       decimal_sign(value) == 0;
}

/* Whether the message takes its whole document back; one of changes does when
 * nothing is left to pay behind the lines that it rejects. */
static bool
is_cancelling(const struct order_input *input, struct arena *arena)
{
	const struct json *lines = json_get(input->root, "lines");

	if (input->stage == ORDER_REJECTED ||
	    str_is(json_text(input->root, "status", arena), "cancelled"))
		return true;
	if (input->stage == ORDER_PROVISIONAL || lines->count == 0)
		return false;
	if ((input->stage == ORDER_CHANGED || input->partial) &&
	    !comes_to_nothing(json_get(input->root, "totals"), arena))
		return false;
	JSON_EACH(line, lines)
	{
		if (!line_is_dead(input, line, arena))
			return false;
	}
	return true;
}

static void
read_numbers(struct order_input *input, const struct record *record,
    const struct order_rules *rules, struct arena *arena)
{
	input->web_order =
	    str_trim(json_text(record->root, "web_order", arena));
	input->sales_document =
	    order_number(json_text(record->root, "sales_document", arena));
	if (input->stage == ORDER_PROVISIONAL) {
		/* The shop knows its numbers, and only them. */
		input->document = STR(ORDER_SHOP);
		input->sales_document = STR_NONE;
		if (input->web_order.len == 0)
			input->web_order = arena_str(arena, record->id);
	} else {
		if (!order_web_number(rules, input->web_order, arena))
			input->web_order = STR_NONE;
		input->document = input->sales_document.len > 0
				      ? input->sales_document
				      : STR(ORDER_SAP);
	}
	input->id = input->web_order.len > 0        ? input->web_order
		    : input->sales_document.len > 0 ? input->sales_document
						    : record->id;
}

static bool
is_return(const struct order_rules *rules, const struct json *root,
    struct arena *arena)
{
	struct str kind = json_text(root, "kind", arena);
	struct str type = json_text(root, "order_type", arena);

	if (kind.len > 0)
		return !str_is(kind, "order");
	return type.len > 0 && (config_lists(rules->config, "order", NULL,
				    "return-types", type) ||
				   config_lists(rules->config, "order", NULL,
				       "credit-types", type));
}

enum order_read
order_read(struct order_input *input, const struct record *record,
    const struct order_rules *rules, struct arena *arena)
{
	const struct json *root = record->root;
	struct str stage = json_text(root, "stage", arena);
	size_t index = 0;

	while (index < 4 && !str_is(stage, stages[index]))
		index++;
	if (index == 4)
		return ORDER_READ_NO_STAGE;
	input->root = root;
	input->rules = rules;
	input->stage = (enum order_stage)index;
	read_numbers(input, record, rules, arena);
	input->customer =
	    str_alpha_out(json_text(json_get(root, "customer"), "id", arena));
	input->one_time =
	    json_true(json_get(json_get(root, "customer"), "one_time"), false);
	input->partial = json_true(json_get(root, "partial"), false);
	input->no_sale = input->stage != ORDER_PROVISIONAL &&
			 order_listed(rules, "no-sale-types",
			     json_text(root, "order_type", arena));
	input->cancelled = is_cancelling(input, arena);
	return is_return(rules, root, arena) ? ORDER_READ_RETURN : ORDER_READ;
}

/* "+44 20 7946 0000", "(020) 7946 0000": digits with what people put between
 * them; a plain number or one with hyphens is a document number. */
static bool
is_phone(struct str id)
{
	size_t digits = 0;
	bool written = id.len > 0 && id.data[0] == '+';

	for (size_t i = 0; i < id.len; i++) {
		char c = id.data[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (c == ' ' || c == '(' || c == ')')
			written = true;
		else if (c != '+' && c != '-' && c != '/' && c != '.')
			return false;
	}
	return written && digits >= 7;
}

const char *
order_id_fault(struct str id)
{
	if (text_length(id) > 36)
		return "order number is longer than 36 characters";
	if (id.len > 0 && memchr(id.data, '@', id.len) != NULL)
		return "order number looks like an e-mail address";
	if (is_phone(id))
		return "order number looks like a phone number";
	for (size_t i = 0; i < id.len; i++)
		if ((unsigned char)id.data[i] < ' ')
			return "order number holds control characters";
	return NULL;
}

bool
order_other_customer(const struct order_state *order,
    const struct order_input *input)
{
	if (input->stage == ORDER_PROVISIONAL || input->customer.len == 0)
		return false;
	for (size_t i = 0; i < order->document_count; i++) {
		const struct order_document *other = &order->documents[i];
		struct str customer = other->facts[ORDER_CUSTOMER].value;

		if (str_is(other->document, ORDER_SHOP) || customer.len == 0)
			continue;
		if (str_eq(other->document, input->document) &&
		    input->sales_document.len > 0)
			continue;
		if (!str_eq(customer, input->customer))
			return true;
	}
	return false;
}

bool
order_customers_differ(const struct order_state *one,
    const struct order_state *other)
{
	for (size_t i = 0; i < one->document_count; i++) {
		const struct order_document *document = &one->documents[i];
		struct order_input input = {
			.stage = ORDER_CONFIRMED,
			.document = document->document,
			.customer = document->facts[ORDER_CUSTOMER].value,
		};

		if (!str_is(document->document, ORDER_SHOP) &&
		    order_other_customer(other, &input))
			return true;
	}
	return false;
}

enum order_merge
order_merge(struct str seq, struct str there, bool arrival)
{
	int order = there.len == 0 ? 1 : str_cmp(seq, there);

	if (order > 0 || (order == 0 && arrival))
		return ORDER_NEWER;
	return order == 0 ? ORDER_SAME : ORDER_OLDER;
}

struct merge {
	const struct order_input *input;
	struct arena *arena;
	enum order_merge best;
	bool *changed;
};

static void
set(struct merge *merge, struct order_fact *fact, struct str value,
    struct str seq)
{
	enum order_merge result =
	    order_merge(seq, fact->seq, merge->input->arrival);

	if (result > merge->best)
		merge->best = result;
	if (result != ORDER_NEWER)
		return;
	fact->value = value;
	fact->seq = seq;
	*merge->changed = true;
}

/* Facts that give way to any that was said in earnest: what a cancelling
 * message says of money. No year begins with 0. */
static struct str
weak_seq(const struct merge *merge)
{
	return arena_format(merge->arena, "0%.*s", STR_ARGS(merge->input->seq));
}

static bool
is_money(enum order_key key)
{
	return key >= ORDER_SUBTOTAL && key <= ORDER_GRAND_TOTAL;
}

/* An address or the totals are one part: what is not named is empty. */
static bool
is_whole(enum order_key key)
{
	return key >= ORDER_SHIP_CITY;
}

/* Money and quantities as they are kept: plain decimals, or nothing when it is
 * no number; a discount is negative whichever way its sign was written. */
static struct str
decimal_text(struct str text, bool discount, struct arena *arena)
{
	struct buf plain = BUF_INIT;
	struct decimal value;
	struct str kept;

	if (!decimal_parse(text, &value))
		return STR_NONE;
	if (discount && decimal_sign(value) > 0)
		value = decimal_neg(value);
	decimal_add_to(&plain, value);
	kept = arena_str(arena, buf_str(&plain));
	buf_free(&plain);
	return kept;
}

static struct str
header_value(const struct json *object, enum order_key key, struct arena *arena)
{
	struct str text = json_text(object, header_keys[key].key, arena);

	if (is_money(key))
		return decimal_text(text, key == ORDER_DISCOUNT, arena);
	if (key == ORDER_CUSTOMER)
		return str_alpha_out(text);
	if (key == ORDER_INCOMPLETE && !str_is(text, "true"))
		return STR_NONE;
	if (key == ORDER_ONE_TIME && !str_is(text, "true"))
		return str_is(text, "false") ? STR("false") : STR_NONE;
	return text;
}

static void
fold_header(struct merge *merge, struct order_document *document)
{
	const struct order_input *input = merge->input;

	for (enum order_key key = ORDER_FULL + 1; key < ORDER_KEY_COUNT;
	     key++) {
		const char *name = header_keys[key].object;
		const struct json *object =
		    *name == '\0' ? input->root : json_get(input->root, name);
		struct str value;
		bool weak = is_money(key) && input->cancelled;

		if (object->type != JSON_OBJECT)
			continue;
		value = key == ORDER_WEB_ORDER
			    ? input->web_order
			    : header_value(object, key, merge->arena);
		if (value.len > 0 || is_whole(key))
			set(merge, &document->facts[key], value,
			    weak ? weak_seq(merge) : input->seq);
	}
}

static void
fold_stage(struct merge *merge, struct order_document *document)
{
	const struct order_input *input = merge->input;
	struct str status = json_text(input->root, "status", merge->arena);
	bool full = input->stage == ORDER_PROVISIONAL ||
		    input->stage == ORDER_CONFIRMED;

	if (input->stage == ORDER_REJECTED)
		status = STR("cancelled");
	else if (full && status.len == 0)
		status = STR("open");
	if (status.len > 0)
		set(merge, &document->facts[ORDER_STATUS], status, input->seq);
	if (full)
		set(merge, &document->facts[ORDER_FULL], STR("yes"),
		    input->seq);
	if (full && !input->partial &&
	    json_get(input->root, "lines")->count > 0)
		set(merge, &document->facts[ORDER_LISTED], STR("yes"),
		    input->seq);
}

static struct str
line_value(const struct json *line, enum line_key key, struct arena *arena)
{
	struct str text = json_text(line, line_keys[key], arena);

	if (key >= LINE_QUANTITY)
		return decimal_text(text, key == LINE_DISCOUNT, arena);
	return key == LINE_PARENT ? order_number(text) : text;
}

static void
fold_line(struct merge *merge, struct order_line *to, const struct json *line)
{
	const struct order_input *input = merge->input;
	bool full = input->stage != ORDER_CHANGED &&
		    input->stage != ORDER_REJECTED && !input->partial;
	bool dead = line_is_dead(input, line, merge->arena);

	set(merge, &to->facts[LINE_DELETED],
	    str_is(json_text(line, "action", merge->arena), "delete")
		? STR("yes")
		: STR_NONE,
	    input->seq);
	set(merge, &to->facts[LINE_REJECTED],
	    line_value(line, LINE_REJECTED, merge->arena), input->seq);
	for (enum line_key key = LINE_REJECTED + 1; key < LINE_KEY_COUNT;
	     key++) {
		struct str value = line_value(line, key, merge->arena);
		bool money = key >= LINE_QUANTITY;

		if (value.len > 0 || (money && full && !dead))
			set(merge, &to->facts[key], value,
			    money && dead ? weak_seq(merge) : input->seq);
	}
}

static void
fold_lines(struct merge *merge, struct order_state *order)
{
	const struct order_input *input = merge->input;
	const struct json *lines = json_get(input->root, "lines");
	size_t position = 0;

	JSON_EACH(line, lines)
	{
		struct str number =
		    order_number(json_text(line, "line", merge->arena));
		struct order_line *to;

		if (line->type != JSON_OBJECT)
			continue;
		position++;
		if (number.len == 0)
			number = arena_format(merge->arena, "%zu", position);
		to = order_line_take(order, input->document, number,
		    merge->arena);
		merge->changed = &to->changed;
		fold_line(merge, to, line);
	}
}

enum order_merge
order_fold(struct order_state *order, const struct order_input *input,
    struct arena *arena)
{
	bool known = order_document_find(order, input->document) != NULL;
	struct order_document *document =
	    order_document_take(order, input->document, arena);
	struct merge merge = { input, arena, ORDER_OLDER, &document->changed };

	/* Others find the order by it, even when nothing is said of it. */
	if (!known)
		document->changed = true;
	fold_stage(&merge, document);
	fold_header(&merge, document);
	fold_lines(&merge, order);
	if (input->stage == ORDER_PROVISIONAL &&
	    (order->provisional_at == INSTANT_NONE ||
		input->arrived < order->provisional_at))
		order->provisional_at = input->arrived;
	return merge.best;
}
