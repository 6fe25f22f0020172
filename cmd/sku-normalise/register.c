#include <unistd.h>

#include "mapping.h"
#include "register.h"

#include "state/filter.h"
#include "state/sku_register.h"

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
	struct exception exception;
	struct str owner;
	bool collides;
	enum status status;

	status = sku_register_see(r->filter.state, material, sku, seq,
	    &collides, &owner, &r->normaliser->arena, diag);
	if (status != STATUS_OK || !collides)
		return status;
	*keeps = str_eq(owner, sku_register_key(material));
	exception = sku_register_collision(material, sku, owner,
	    &r->record->src, &r->normaliser->arena);
	return filter_except(&r->filter, &exception, r->output, diag);
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
		if (status == STATUS_OK)
			status = filter_run(&r.filter, STDIN_FILENO, diag);
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
