#include "fold/contact.h"

#include "base/text.h"
#include "fold/contact_name.h"
#include "fold/contact_property.h"
#include "fold/deletion.h"
#include "state/authority.h"

/* Data API, contact: names hold at most 64 characters. */
#define NAME_MAX_CHARACTERS 64

struct writer {
	struct jsonw w;
	const struct json *facts; /* general data, or NULL */
	const struct json *shop; /* the shop's record, or NULL */
	const struct config *config;
	struct buf cut;
	struct arena *arena;
};

/* Of general data or the shop's record, whoever owns the fact; NULL: nobody
 * who would have said it. */
static const struct json *
source_of(const struct writer *to, const char *fact, const char *key)
{
	enum authority owner = authority_of(to->config, fact);

	if (owner == AUTHORITY_OMETRIA)
		return NULL;
	if (owner == AUTHORITY_SHOP && to->shop != NULL &&
	    json_get(to->shop, key)->type != JSON_ABSENT)
		return to->shop;
	return to->facts;
}

static void
note_cut(struct writer *to, struct str key)
{
	if (to->cut.len > 0)
		buf_add_text(&to->cut, ", ");
	buf_add_str(&to->cut, key);
}

static void
add_name(struct writer *to, const char *key, struct str name)
{
	struct str cut = text_cut(name, NAME_MAX_CHARACTERS);

	jsonw_member(&to->w, key, cut);
	if (cut.len != name.len)
		note_cut(to, str_of(key));
}

/* Names are one fact: they come from one source. */
static void
add_names(struct writer *to)
{
	const struct json *source = source_of(to, "name", "last_name");
	struct contact_name name;

	if (source == NULL)
		return;
	/* The shop knows no account groups. */
	name = contact_name(source, source == to->shop ? NULL : to->config,
	    to->arena);
	add_name(to, "prefix", name.prefix);
	add_name(to, "first_name", name.first);
	add_name(to, "last_name", name.last);
}

/* ISO 3166 alpha-2, or nothing. */
static void
add_country(struct writer *to)
{
	const struct json *source = source_of(to, "country", "country");
	struct str country;

	if (source == NULL)
		return;
	country = str_trim(json_text(source, "country", to->arena));
	if (country.len == 0 || country.len == 2)
		jsonw_member(&to->w, "country", country);
	else
		note_cut(to, STR("country"));
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

/* The stores that no deletion takes away, each once. */
static void
add_stores(struct writer *to)
{
	const struct json *areas;
	struct str *stores;
	size_t count = 0;

	if (to->facts == NULL ||
	    deletion_takes_stores(to->facts, to->config, to->arena))
		return;
	areas = json_get(to->facts, "sales_areas");
	if (areas->type != JSON_ARRAY || areas->count == 0)
		return;
	stores = arena_array(to->arena, areas->count, sizeof(*stores));
	JSON_EACH(area, areas)
	{
		const char *store = store_of(to, area);

		if (store != NULL && deletion_of_area(area, to->config,
					 to->arena) < DELETION_STORE)
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

/* Either a word or an object of flags; who says both is opted out. */
static void
add_consent(struct writer *to)
{
	const struct json *source = source_of(to, "consent", "marketing");
	const struct json *said;
	struct str word;
	bool out;

	if (source == NULL)
		return;
	said = json_get(source, "marketing");
	word = json_str(said, to->arena);
	out = str_is(word, "opt_out") ||
	      (said->type == JSON_OBJECT &&
		  json_true(json_get(said, "opt_out"), false));
	jsonw_member_true(&to->w, "opt_in",
	    !out && (str_is(word, "opt_in") ||
			(said->type == JSON_OBJECT &&
			    json_true(json_get(said, "opt_in"), false))));
	jsonw_member_true(&to->w, "opt_out", out);
}

static void
add_properties(struct writer *to)
{
	const struct json *source = source_of(to, "properties", "properties");

	if (source != NULL)
		contact_property_write(json_get(source, "properties"), &to->w,
		    &to->cut, to->arena);
}

static void
live_body(struct writer *to, const struct contact_state *customer)
{
	struct str language =
	    to->facts != NULL
		? str_trim(json_text(to->facts, "language", to->arena))
		: STR_NONE;

	jsonw_member(&to->w, "email", customer->email);
	if (authority_of(to->config, "phone") != AUTHORITY_OMETRIA)
		jsonw_member(&to->w, "phone", customer->phone);
	add_names(to);
	add_country(to);
	jsonw_member(&to->w, "language", language);
	add_stores(to);
	add_consent(to);
	add_properties(to);
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

/* Whether SAP has said enough of the customer to make a contact of it. */
static bool
is_ready(const struct contact_state *customer, const struct config *config)
{
	if (customer->general.facts.len > 0)
		return true;
	return contact_is_known(customer) &&
	       !str_is(str_of(config_text(config, "customer", NULL,
			   "address-alone")),
		   "wait");
}

enum contact_wish
contact_body(const struct contact_state *customer, const struct config *config,
    struct buf *body, struct str *cut, struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT, shop = JSON_DOC_INIT;
	struct writer to = { .config = config, .arena = arena };
	bool opted_out = customer->flagged.len > 0;

	*cut = STR_NONE;
	buf_clear(body);
	if (customer->one_time || !is_ready(customer, config))
		return CONTACT_NONE;
	if (!opted_out && customer->email.len == 0 && customer->phone.len == 0)
		return CONTACT_NONE;
	if (customer->general.facts.len > 0)
		to.facts = json_parse(&doc, customer->general.facts);
	if (customer->shop.facts.len > 0)
		to.shop = json_parse(&shop, customer->shop.facts);
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
	json_doc_free(&shop);
	return opted_out ? CONTACT_OPTED_OUT : CONTACT_LIVE;
}
