#include <unistd.h>

#include "mapping.h"
#include "register.h"

#include "sku/sku_map.h"
#include "state/sku_tell.h"

struct registrar {
	struct normaliser *normaliser;
	struct filter filter;
	const struct record *record; /* in hand */
	struct buf *output;
};

static enum status
see(void *user, struct str material, struct str matnr, struct str seq,
    struct str *sku, struct diag *diag)
{
	struct registrar *r = user;
	struct arena *arena = &r->normaliser->arena;
	const struct sku_map *map = r->normaliser->rule.map;
	bool mapped = sku_map_find(map, material).len > 0 ||
		      sku_map_find(map, matnr).len > 0;
	struct sku_sight sight = {
		.material = material,
		.matnr = matnr,
		.sku = *sku,
		.seq = seq,
		.source = mapped ? SKU_BY_MAP : SKU_BY_RULE,
	};
	struct sku_standing standing;
	enum status status =
	    sku_register_see(r->filter.state, &sight, arena, &standing, diag);

	if (status != STATUS_OK)
		return status;
	*sku = standing.sku;
	return sku_tell(&r->filter, material, &standing, &r->record->src, arena,
	    r->output, diag);
}

/* What the shop calls a product, beside what it is called here. */
static enum status
see_shop(void *user, struct str name, struct str sku, struct diag *diag)
{
	struct registrar *r = user;

	return sku_shop_see(r->filter.state, name, sku, diag);
}

static enum status
find_ean(void *user, struct str ean, struct str *material, struct diag *diag)
{
	struct registrar *r = user;

	return sku_ean_material(r->filter.state, ean, &r->normaliser->arena,
	    material, diag);
}

/* The EANs that a product record gives its material, each once; null is one
 * that it has no more. */
static struct str *
eans_of(struct registrar *r, const struct json *root, size_t *count)
{
	struct arena *arena = &r->normaliser->arena;
	const struct json *more = json_get(root, "eans");
	struct str *eans =
	    arena_array(arena, 1 + (size_t)more->count, sizeof(*eans));
	struct buf key = BUF_INIT;
	struct str ean = json_text(root, "ean", arena);

	*count = 0;
	ean = sku_ean_key(ean, &key);
	if (ean.len > 0)
		eans[(*count)++] = arena_str(arena, ean);
	JSON_EACH(member, more)
	{
		bool known = false;

		ean = sku_ean_key(member->key, &key);
		for (size_t i = 0; i < *count; i++)
			known |= str_eq(eans[i], ean);
		if (ean.len > 0 && !known && member->type != JSON_NULL)
			eans[(*count)++] = arena_str(arena, ean);
	}
	buf_free(&key);
	return eans;
}

/* Whether a message without an EAN says that there is none: it takes one away,
 * or has MSGFN 005 or 009, when what it does not name is not there. */
static bool
says_eans(const struct json *root, struct arena *arena)
{
	struct str function = json_text(root, "function", arena);

	if (json_get(root, "eans")->count > 0)
		return true;
	return (str_is(function, "005") || str_is(function, "009")) &&
	       !json_true(json_get(root, "reduced"), false);
}

static enum status
see_eans(struct registrar *r, const struct record *record, struct diag *diag)
{
	struct arena *arena = &r->normaliser->arena;
	struct str item =
	    sku_register_key(json_text(record->root, "matnr", arena));
	struct sku_sharing *sharing = NULL;
	enum status status = STATUS_OK;
	size_t count, touched = 0;
	struct str *eans = eans_of(r, record->root, &count);

	if (item.len == 0)
		status = sku_register_item(r->filter.state,
		    json_text(record->root, "material", arena), arena, &item,
		    diag);
	if (status == STATUS_OK && item.len > 0 &&
	    (count > 0 || says_eans(record->root, arena)))
		status = sku_ean_see(r->filter.state, item, record->seq, eans,
		    count, arena, &sharing, &touched, diag);
	return status == STATUS_OK ? sku_tell_eans(&r->filter, sharing, touched,
					 &record->src, arena, r->output, diag)
				   : status;
}

static enum status
apply(void *user, struct record *record, struct buf *output, struct diag *diag)
{
	struct registrar *r = user;
	bool changed;
	enum status status;

	arena_reset(&r->normaliser->arena);
	r->record = record;
	r->output = output;
	status = normalise_record(r->normaliser, record, &changed, diag);
	if (status == STATUS_OK && record->type == RECORD_PRODUCT)
		status = see_eans(r, record, diag);
	if (status != STATUS_OK)
		return status;
	if (changed)
		splice_apply(&r->normaliser->splice, record->line, output);
	else
		buf_add_str(output, record->line);
	buf_add_char(output, '\n');
	return STATUS_OK;
}

enum status
register_run(struct normaliser *normaliser, const struct config *config,
    const char *path, struct diag *diag)
{
	struct registrar r = { .normaliser = normaliser };
	struct state *state = NULL;
	struct run run = { .tool = "sku-normalise" };
	struct out out;
	enum status status, ended;
	uint64_t mapped; /* exceptions of the mapping */

	status = state_open(&state, path, STATE_WRITE, config, diag);
	if (status != STATUS_OK)
		return status;
	normaliser->see = see;
	normaliser->see_shop = see_shop;
	normaliser->find_ean = find_ean;
	normaliser->user = &r;
	out_open(&out, STDOUT_FILENO);
	status = run_begin(state, &run, "sku-normalise", diag);
	r.filter = (struct filter){ .state = state,
		.run = &run,
		.out = &out,
		.tool = "sku-normalise",
		.types = NORMALISE_TYPES,
		.apply = apply,
		.user = &r };
	if (status == STATUS_OK) {
		status = mapping_apply(&r.filter, &normaliser->rule, diag);
		mapped = run.excepted;
		if (status == STATUS_OK)
			status = filter_run(&r.filter, STDIN_FILENO, diag);
		if (status == STATUS_OK && mapped > 0)
			status = STATUS_FINDINGS;
		ended = run_end(state, &run, status, diag);
		if (status == STATUS_OK || status == STATUS_FINDINGS)
			status = ended != STATUS_OK ? ended : status;
	}
	ended = out_close(&out, diag);
	if (ended != STATUS_OK && status <= STATUS_FINDINGS)
		status = ended;
	state_close(state);
	return status;
}
