#include "mapping.h"

#include "base/limits.h"
#include "sku/sku.h"
#include "state/meta.h"
#include "state/sku_tell.h"

struct mapping {
	struct filter *filter;
	const struct sku_map *map;
	struct sku_rule plain; /* without the mapping */
	struct arena arena;
	struct buf scratch, output;
};

/* Give one material its SKU, and tell what comes of it. */
static enum status
map_one(struct mapping *m, struct str key, struct str sku,
    enum sku_source source, struct diag *diag)
{
	struct sku_standing standing;
	struct sku_sharing *sharing = NULL;
	size_t count = 0;
	enum status status = sku_register_map(m->filter->state, key, sku,
	    source, &m->arena, &standing, diag);

	if (status == STATUS_OK)
		status = sku_tell(m->filter, key, &standing, NULL, &m->arena,
		    &m->output, diag);
	if (status == STATUS_OK)
		status = sku_ean_again(m->filter->state, key, &m->arena,
		    &sharing, &count, diag);
	return status == STATUS_OK ? sku_tell_eans(m->filter, sharing, count,
					 NULL, &m->arena, &m->output, diag)
				   : status;
}

/* So many rows of the file from `at` on. */
static enum status
map_some(struct mapping *m, size_t *at, bool *more, struct diag *diag)
{
	enum status status = STATUS_OK;
	struct str key, sku;
	size_t end = *at + LIMIT_BATCH;

	while (status == STATUS_OK && *at < end &&
	       (*more = sku_map_row(m->map, *at, &key, &sku))) {
		arena_reset(&m->arena);
		++*at;
		status = map_one(m, key, sku, SKU_BY_MAP, diag);
	}
	return status;
}

/* The next mapped material of the state, if the file does not name it. */
static enum status
unmap_next(struct mapping *m, struct buf *last, bool *more, struct diag *diag)
{
	struct str key, number, sku;
	enum status status;

	arena_reset(&m->arena);
	status = sku_register_next_mapped(m->filter->state, buf_str(last),
	    &m->arena, &key, &number, diag);
	*more = status == STATUS_OK && key.len > 0;
	if (!*more)
		return status;
	buf_clear(last);
	buf_add_str(last, key);
	if (sku_map_find(m->map, key).len > 0 ||
	    sku_map_find(m->map, number).len > 0)
		return STATUS_OK;
	sku = sku_normalise(&m->plain, number.len > 0 ? number : key,
	    &m->scratch);
	sku = arena_str(&m->arena, sku);
	return map_one(m, key, sku, SKU_BY_RULE, diag);
}

/* In transactions of a batch each: a large file keeps nobody waiting. */
static enum status
apply_all(struct mapping *m, struct diag *diag)
{
	struct state *state = m->filter->state;
	struct buf last = BUF_INIT;
	enum status status = STATUS_OK;
	bool more = true;
	size_t at = 0;

	while (more && status == STATUS_OK) {
		status = state_begin(state, diag);
		if (status == STATUS_OK)
			status = state_leave(state, true,
			    map_some(m, &at, &more, diag), diag);
	}
	for (more = true; more && status == STATUS_OK;) {
		status = state_begin(state, diag);
		for (int i = 0; i < LIMIT_BATCH && more && status == STATUS_OK;
		     i++)
			status = unmap_next(m, &last, &more, diag);
		status = state_leave(state, true, status, diag);
	}
	buf_free(&last);
	return status;
}

enum status
mapping_apply(struct filter *filter, const struct sku_rule *rule,
    struct diag *diag)
{
	struct mapping m = {
		.filter = filter,
		.map = rule->map,
		.plain = *rule,
		.arena = ARENA_INIT,
	};
	struct hash mapping = sku_map_hash(rule->map);
	enum status status;
	bool same = false;

	m.plain.map = NULL;
	status = meta_is(filter->state, "sku-mapping", mapping, &same, diag);
	if (status == STATUS_OK && !same) {
		status = apply_all(&m, diag);
		if (status == STATUS_OK)
			status = state_begin(filter->state, diag);
		if (status == STATUS_OK)
			status = state_leave(filter->state, true,
			    meta_set(filter->state, "sku-mapping", mapping,
				diag),
			    diag);
	}
	if (status == STATUS_OK)
		status = out_add(filter->out, buf_str(&m.output), diag);
	arena_free(&m.arena);
	buf_free(&m.scratch);
	buf_free(&m.output);
	return status;
}

void
mapping_name(const struct config *config, const char *option, struct buf *name)
{
	const char *file = config_text(config, "sku", NULL, "map");

	buf_clear(name);
	if (option != NULL)
		buf_add_text(name, option);
	else if (file != NULL)
		config_beside(config, str_of(file), name);
}
