#include "fold/contact.h"

#include "state/authority.h"

/* What is known at a time, and when time alone will change it. */
struct choice {
	instant now;
	instant change; /* the next beginning or end of validity */
	struct arena *arena;
};

/* A day or an instant; a day ends at its last second. */
static instant
bound(struct str text, instant standard, bool end)
{
	instant value;
	char copy[INSTANT_TEXT];

	if (instant_parse(text, &value))
		return value;
	if (text.len != 10 || !str_copy(copy, sizeof(copy), text))
		return standard;
	memcpy(copy + 10, "T00:00:00Z", 11);
	if (!instant_parse(str_of(copy), &value))
		return standard;
	return end ? value + 86399 : value;
}

/* Whether an address or number may be used now. */
static bool
is_usable(struct choice *choice, const struct json *item)
{
	instant from = bound(json_text(item, "valid_from", choice->arena),
	    INSTANT_NONE, false);
	instant to =
	    bound(json_text(item, "valid_to", choice->arena), INT64_MAX, true);

	if (json_true(json_get(item, "unusable"), false))
		return false;
	if (from > choice->now && from <= to && from < choice->change)
		choice->change = from;
	if (from <= choice->now && to >= choice->now && to < choice->change)
		choice->change = to + 1;
	return from <= choice->now && to >= choice->now;
}

/* The best so far and how good it is; the first of equals stays. */
struct best {
	struct str text;
	int rank;
	uint64_t position; /* SAP's: the lowest goes first */
};

#define POSITION_LAST 1000 /* behind SAP's three digits */

static uint64_t
position_of(const struct json *item, struct arena *arena)
{
	uint64_t position;

	return str_to_u64(json_text(item, "position", arena), POSITION_LAST - 1,
		   &position)
		   ? position
		   : POSITION_LAST;
}

static void
offer(struct best *best, struct str text, int rank, uint64_t position,
    struct arena *arena)
{
	if (rank < best->rank ||
	    (rank == best->rank && position >= best->position))
		return;
	best->position = position;
	best->text = arena_str(arena, str_trim(text));
	best->rank = rank;
}

static void
choose_from_point(struct choice *choice, const struct json *facts,
    struct best *email, struct best *phone)
{
	struct arena *arena = choice->arena;

	JSON_EACH(item, json_get(facts, "emails"))
	{
		bool standard = json_true(json_get(item, "default"), false);
		struct str address = json_text(item, "address", arena);

		if (contact_email_valid(str_trim(address)) &&
		    is_usable(choice, item))
			offer(email, address, standard ? 3 : 2,
			    position_of(item, arena), arena);
	}
	JSON_EACH(item, json_get(facts, "phones"))
	{
		bool mobile = json_true(json_get(item, "mobile"), false);
		bool standard = json_true(json_get(item, "default"), false);
		struct str number = str_trim(json_text(item, "number", arena));

		if (contact_phone_valid(number) && is_usable(choice, item))
			offer(phone, number,
			    2 + (mobile ? 2 : 0) + (standard ? 1 : 0),
			    position_of(item, arena), arena);
	}
}

/* The part's own keys: of the general data behind all else, of the shop's
 * record in front of it, where the shop owns them. */
static void
choose_from_keys(const struct json *facts, struct best *email, int email_rank,
    struct best *phone, int phone_rank, struct arena *arena)
{
	struct str own = str_trim(json_text(facts, "email", arena));

	if (contact_email_valid(own))
		offer(email, own, email_rank, POSITION_LAST, arena);
	own = str_trim(json_text(facts, "phone", arena));
	if (contact_phone_valid(own))
		offer(phone, own, phone_rank, POSITION_LAST, arena);
}

#define RANK_NEVER (-1)
#define RANK_LAST 1
#define RANK_SHOP 9

static int
shop_rank(const struct config *config, const char *fact)
{
	return authority_of(config, fact) == AUTHORITY_SHOP ? RANK_SHOP
							    : RANK_NEVER;
}

void
contact_choose(struct contact_state *customer, const struct config *config,
    instant now, struct arena *arena)
{
	struct choice choice = { now, INT64_MAX, arena };
	struct json_doc doc = JSON_DOC_INIT;
	struct best email = { .text = STR_NONE }, phone = { .text = STR_NONE };
	const struct json *facts;

	for (size_t i = 0; i < customer->point_count; i++) {
		facts = json_parse(&doc, customer->points[i].facts);
		if (facts != NULL)
			choose_from_point(&choice, facts, &email, &phone);
	}
	facts = customer->general.facts.len > 0
		    ? json_parse(&doc, customer->general.facts)
		    : NULL;
	if (facts != NULL)
		choose_from_keys(facts, &email, RANK_LAST, &phone, RANK_LAST,
		    arena);
	facts = contact_is_known(customer) && customer->shop.facts.len > 0
		    ? json_parse(&doc, customer->shop.facts)
		    : NULL;
	if (facts != NULL)
		choose_from_keys(facts, &email, shop_rank(config, "email"),
		    &phone, shop_rank(config, "phone"), arena);
	customer->email = email.text;
	customer->phone = phone.text;
	customer->due =
	    choice.change == INT64_MAX ? INSTANT_NONE : choice.change;
	json_doc_free(&doc);
}
