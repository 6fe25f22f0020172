#include "fold/contact.h"

#include "base/text.h"

/* Data API, contact: names hold at most 64 characters. */
#define NAME_MAX_CHARACTERS 64

struct writer {
	struct jsonw w;
	const struct json *facts; /* general data, or NULL */
	const struct config *config;
	struct buf cut;
	struct arena *arena;
};

static struct str
fact(const struct writer *to, const char *key)
{
	return to->facts != NULL
		   ? str_trim(json_text(to->facts, key, to->arena))
		   : STR_NONE;
}

static void
add_name(struct writer *to, const char *key)
{
	struct str name = fact(to, key);
	struct str cut = text_cut(name, NAME_MAX_CHARACTERS);

	jsonw_member(&to->w, key, cut);
	if (cut.len == name.len)
		return;
	if (to->cut.len > 0)
		buf_add_text(&to->cut, ", ");
	buf_add_text(&to->cut, key);
}

/* Put a store into the sorted list unless it is there. */
static size_t
insert_store(struct str *stores, size_t count, struct str store)
{
	size_t at = 0;

	while (at < count && str_cmp(stores[at], store) < 0)
		at++;
	if (at < count && str_eq(stores[at], store))
		return count;
	memmove(stores + at + 1, stores + at, (count - at) * sizeof(*stores));
	stores[at] = store;
	return count + 1;
}

static const char *
store_of(const struct writer *to, const struct json *area)
{
	struct str org = json_text(area, "sales_org", to->arena);
	struct str channel = json_text(area, "channel", to->arena);
	struct str label;

	if (org.len == 0)
		return NULL;
	label = arena_format(to->arena, "%.*s/%.*s", STR_ARGS(org),
	    STR_ARGS(channel));
	return config_text(to->config, "sales-area", label.data, "store");
}

/* The stores of the sales areas that are not deleted, each once. */
static void
add_stores(struct writer *to)
{
	const struct json *areas;
	struct str *stores;
	size_t count = 0;

	if (to->facts == NULL)
		return;
	areas = json_get(to->facts, "sales_areas");
	if (areas->type != JSON_ARRAY || areas->count == 0)
		return;
	stores = arena_array(to->arena, areas->count, sizeof(*stores));
	JSON_EACH(area, areas)
	{
		const char *store = store_of(to, area);

		if (store != NULL &&
		    !json_true(json_get(area, "deleted"), false))
			count = insert_store(stores, count, str_of(store));
	}
	if (count == 0)
		return;
	jsonw_key(&to->w, "store_ids");
	jsonw_open(&to->w, '[');
	for (size_t i = 0; i < count; i++)
		jsonw_str(&to->w, stores[i]);
	jsonw_close(&to->w, ']');
}

static void
live_body(struct writer *to, const struct contact_state *customer)
{
	const struct json *properties;
	struct str marketing = fact(to, "marketing");

	jsonw_member(&to->w, "email", customer->email);
	jsonw_member(&to->w, "phone", customer->phone);
	jsonw_member(&to->w, "prefix", fact(to, "prefix"));
	add_name(to, "first_name");
	add_name(to, "last_name");
	jsonw_member(&to->w, "country", fact(to, "country"));
	jsonw_member(&to->w, "language", fact(to, "language"));
	add_stores(to);
	jsonw_member_true(&to->w, "opt_in", str_is(marketing, "opt_in"));
	jsonw_member_true(&to->w, "opt_out", str_is(marketing, "opt_out"));
	if (to->facts == NULL)
		return;
	properties = json_get(to->facts, "properties");
	if (properties->type == JSON_OBJECT && properties->count > 0)
		jsonw_member_raw(&to->w, "properties", properties->raw);
}

/* No name and no phone; the e-mail only if Ometria was ever to have it. */
static void
opted_out_body(struct writer *to, const struct contact_state *customer)
{
	instant when;
	struct str digits = { customer->flagged.data,
		customer->flagged.len < 14 ? 0 : 14 };

	jsonw_member(&to->w, "email", customer->sent_email);
	jsonw_member_true(&to->w, "opt_out", true);
	jsonw_member_true(&to->w, "force", true);
	if (zone_from_digits(digits, &when))
		jsonw_member_time(&to->w, "unsubscribed_at", when);
}

enum contact_wish
contact_body(const struct contact_state *customer, const struct config *config,
    struct buf *body, struct str *cut, struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct writer to = { .config = config, .arena = arena };
	bool opted_out = customer->flagged.len > 0;

	*cut = STR_NONE;
	buf_clear(body);
	if (customer->one_time)
		return CONTACT_NONE;
	if (!opted_out && customer->email.len == 0 && customer->phone.len == 0)
		return CONTACT_NONE;
	if (customer->general.facts.len > 0)
		to.facts = json_parse(&doc, customer->general.facts);
	to.w = jsonw_start(body);
	jsonw_open(&to.w, '{');
	jsonw_member(&to.w, "customer_id", customer->id);
	if (opted_out)
		opted_out_body(&to, customer);
	else
		live_body(&to, customer);
	jsonw_close(&to.w, '}');
	*cut = arena_str(arena, buf_str(&to.cut));
	buf_free(&to.cut);
	json_doc_free(&doc);
	return opted_out ? CONTACT_OPTED_OUT : CONTACT_LIVE;
}
