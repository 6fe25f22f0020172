#include "map/movement_type.h"

#define NONE MOVEMENT_NONE, MOVEMENT_NONE, false
#define UP MOVEMENT_PLUS, MOVEMENT_MINUS, false
#define DOWN MOVEMENT_MINUS, MOVEMENT_PLUS, false
#define MOVE MOVEMENT_TRANSFER, MOVEMENT_TRANSFER_BACK, false
/* The special stock that a line names is where it comes from or goes to. */
#define UP_FROM MOVEMENT_PLUS, MOVEMENT_MINUS, true
#define DOWN_TO MOVEMENT_MINUS, MOVEMENT_PLUS, true

/* A type, its effect, and the effect of its reversal (the next number). */
/* clang-format off */
static const struct type {
	uint64_t number;
	enum movement_effect effect, reversed;
	bool other;
} types[] = {
	{101, UP},   /* receipt for an order */
	{103, NONE}, /* receipt into blocked stock */
	{105, UP},   /* release from it */
	{121, NONE}, /* subsequent adjustment, subcontracting */
	{122, DOWN}, /* return to vendor */
	{124, NONE}, /* return out of blocked stock */
	{131, UP},   /* receipt from repetitive manufacturing */
	{161, DOWN}, /* return for a purchase order */
	{201, DOWN}, /* issue to cost centre */
	{221, DOWN}, /* to project */
	{231, DOWN}, /* to sales order */
	{241, DOWN}, /* to asset */
	{251, DOWN}, /* for sale */
	{261, DOWN}, /* for order */
	{281, DOWN}, /* for network */
	{291, DOWN}, /* for any purpose */
	{301, MOVE}, /* plant to plant, one step */
	{303, DOWN}, /* plant to plant, removal */
	{305, UP},   /* plant to plant, arrival */
	{309, MOVE}, /* material to material */
	{311, MOVE}, /* location to location, one step */
	{313, DOWN}, /* location to location, removal */
	{315, UP},   /* location to location, arrival */
	{321, UP},   /* quality to unrestricted */
	{323, NONE}, {325, NONE}, /* within quality, within blocked */
	{331, NONE}, /* sampling from quality */
	{333, DOWN}, /* sampling from unrestricted */
	{335, NONE}, /* sampling from blocked */
	{341, DOWN}, /* unrestricted to restricted batch */
	{343, UP},   /* blocked to unrestricted */
	{349, NONE}, /* blocked to quality, and back */
	{351, DOWN}, /* stock transport order, into transit */
	{411, UP_FROM}, /* special stock to own */
	{413, DOWN_TO}, {415, DOWN_TO}, /* own to sales order, to project stock */
	{451, NONE}, /* customer's return into returns */
	{453, UP},   /* returns to unrestricted */
	{457, NONE}, {459, NONE}, /* returns to quality, to blocked */
	{501, UP},   /* receipt without order */
	{503, NONE}, {505, NONE}, /* the same into quality, into blocked */
	{511, UP},   /* free of charge */
	{521, UP},   /* without production order */
	{523, NONE}, {525, NONE}, /* the same into quality, into blocked */
	{531, UP},   /* by-product */
	{541, DOWN_TO}, /* to subcontractor */
	{543, NONE}, /* used there */
	{551, DOWN}, /* scrap */
	{553, NONE}, {555, NONE}, /* scrap from quality, from blocked */
	{561, UP},   /* initial entry */
	{563, NONE}, {565, NONE}, /* the same into quality, into blocked */
	{581, UP},   /* by-product of a network */
	{601, DOWN}, /* goods issue for a delivery */
	{621, DOWN_TO}, /* to returnables at the customer */
	{631, DOWN_TO}, /* to consignment at the customer */
	{633, NONE}, /* issue out of that */
	{641, DOWN}, /* stock transport issue */
	{643, DOWN}, {645, DOWN}, {647, DOWN}, /* cross-company, one step */
	{651, NONE}, /* customer's return into returns */
	{653, UP},   /* customer's return into unrestricted */
	{655, NONE}, {657, NONE}, /* into quality, into blocked */
	{701, UP},   /* physical inventory: gain, loss */
	{703, NONE}, {705, NONE}, {707, NONE},
	{711, DOWN}, /* warehouse inventory: loss, gain */
	{713, NONE}, {715, NONE}, {717, NONE},
};
/* clang-format on */

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

/* The row of a type or of what it reverses, NULL when there is none. */
static const struct type *
find_type(struct str text, bool *reversal)
{
	uint64_t number;

	*reversal = false;
	if (text.len != 3 || !str_to_u64(text, 999, &number))
		return NULL;
	/* A number of its own goes first: 122 is no reversal of 121. */
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (types[i].number == number)
			return &types[i];
	*reversal = true;
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (types[i].number + 1 == number)
			return &types[i];
	return NULL;
}

enum movement_effect
movement_type_effect(struct str type, const struct config *config)
{
	static const struct {
		const char *name;
		enum movement_effect effect;
	} configured[] = {
		{ "plus", MOVEMENT_PLUS },
		{ "minus", MOVEMENT_MINUS },
		{ "none", MOVEMENT_NONE },
		{ "transfer", MOVEMENT_TRANSFER },
		{ "transfer-back", MOVEMENT_TRANSFER_BACK },
	};
	char label[8];
	const char *name = NULL;
	bool reversal;
	const struct type *row = find_type(type, &reversal);

	if (str_copy(label, sizeof(label), type) &&
	    config_labelled(config, "movement", label))
		name = config_text(config, "movement", label, "effect");
	for (size_t i = 0; name != NULL && i < 5; i++)
		if (strcmp(name, configured[i].name) == 0)
			return configured[i].effect;
	if (row == NULL)
		return MOVEMENT_UNKNOWN;
	return reversal ? row->reversed : row->effect;
}

bool
movement_type_reverses(struct str type)
{
	bool reversal;

	return find_type(type, &reversal) != NULL && reversal;
}

bool
movement_type_other(struct str type)
{
	bool reversal;
	const struct type *row = find_type(type, &reversal);

	return row != NULL && row->other;
}
