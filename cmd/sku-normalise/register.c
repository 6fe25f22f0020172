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
see(void *user, struct str material, struct str sku, struct str seq,
    bool *keeps, struct diag *diag)
{
	struct registrar *r = user;
	struct arena *arena = &r->normaliser->arena;
	struct sku_sight sight = {
		.material = material,
		.sku = sku,
		.seq = seq,
		.source =
		    sku_map_find(r->normaliser->rule.map, material).len > 0
			? SKU_BY_MAP
			: SKU_BY_RULE,
	};
	struct sku_standing standing;
	enum status status =
	    sku_register_see(r->filter.state, &sight, arena, &standing, diag);

	if (status != STATUS_OK)
		return status;
	*keeps = standing.sku.len > 0;
	return sku_tell(&r->filter, material, &standing, &r->record->src, arena,
	    r->output, diag);
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
