#include "map/path.h"

void
path_prepare(struct path_scope *scope, const struct path_index *index,
    struct arena *arena)
{
	scope->groups = index->group_count;
	scope->fields =
	    arena_array(arena, index->field_count, sizeof(*scope->fields));
	scope->ranges = arena_array(arena, 2 * (size_t)index->group_count,
	    sizeof(*scope->ranges));
}

static void
find_ranges(const struct idoc_segment *segment, const struct path_index *index,
    struct path_range *ranges)
{
	memset(ranges, 0, index->group_count * sizeof(*ranges));
	for (; segment != NULL; segment = idoc_next(segment)) {
		struct path_range *range;

		if (segment->type->number >= index->size ||
		    index->groups[segment->type->number] == 0)
			continue;
		range = &ranges[index->groups[segment->type->number]];
		if (range->first == NULL)
			range->first = segment;
		range->last = segment;
	}
}

void
path_enter(struct path_scope *scope, const struct path_index *index)
{
	const struct idoc_segment *self = scope->self;

	if (index->size == 0)
		return; /* nobody looks for anything */
	memset(scope->fields, 0, index->field_count * sizeof(*scope->fields));
	for (size_t i = 0; i < self->field_count; i++) {
		const struct idoc_field *field = &self->fields[i];
		uint32_t at = field->name->number < index->size
				  ? index->fields[field->name->number]
				  : 0;

		if (at != 0 && scope->fields[at].len == 0)
			scope->fields[at] = str_trim(field->value);
	}
	find_ranges(self->first, index, scope->ranges);
	if (scope->siblings && self->parent != NULL)
		find_ranges(self->parent->first, index,
		    scope->ranges + index->group_count);
}

/* Qualifiers are short, and those of one field differ at their end. */
static inline bool
same(struct str a, struct str b)
{
	size_t at = a.len;

	if (a.len != b.len)
		return false;
	while (at > 0 && a.data[at - 1] == b.data[at - 1])
		at--;
	return at == 0;
}

static bool
tests_hold(const struct path_step *step, const struct idoc_segment *segment)
{
	for (size_t i = 0; i < step->test_count; i++) {
		const struct path_test *test = &step->tests[i];

		if (same(idoc_value(segment, test->field), test->value) ==
		    test->unequal)
			return false;
	}
	return true;
}

/* Most segments are of another type: that is seen before any call. */
static inline bool
matches(const struct path_step *step, const struct idoc_segment *segment)
{
	return segment->type == step->type &&
	       (step->test_count == 0 || tests_hold(step, segment));
}

static bool walk_range(const struct path_branch *branch, size_t step,
    struct path_range range, path_visit *visit, void *user);

/* Go on from a segment that matches a step. */
static inline bool
walk_match(const struct path_branch *branch, size_t step,
    const struct idoc_segment *segment, path_visit *visit, void *user)
{
	const struct path_range all = { segment->first, segment->last };

	if (step + 1 == branch->step_count)
		return visit(user, segment);
	return walk_range(branch, step + 1, all, visit, user);
}

static bool
walk_range(const struct path_branch *branch, size_t step,
    struct path_range range, path_visit *visit, void *user)
{
	const struct idoc_segment *segment = range.first;

	for (; segment != NULL; segment = idoc_next(segment)) {
		if (matches(&branch->steps[step], segment) &&
		    walk_match(branch, step, segment, visit, user))
			return true;
		if (segment == range.last)
			break;
	}
	return false;
}

/* From a segment that was met already; its children, too, have ranges. */
static bool
walk_from(const struct path_branch *branch, const struct idoc_segment *start,
    const struct path_range *ranges, path_visit *visit, void *user)
{
	if (start == NULL || !matches(&branch->steps[0], start))
		return false;
	if (branch->step_count == 1)
		return visit(user, start);
	return walk_range(branch, 1, ranges[branch->group], visit, user);
}

bool
path_walk_far(const struct path_branch *branch, const struct path_scope *scope,
    path_visit *visit, void *user)
{
	const struct idoc_segment *outer;

	switch (branch->start) {
	case PATH_SELF:
		return walk_from(branch, scope->self, scope->ranges, visit,
		    user);
	case PATH_ANCHOR:
		return walk_from(branch, scope->anchor, scope->anchor_ranges,
		    visit, user);
	case PATH_OUTER:
		outer = scope->outer[branch->outer];
		return outer != NULL && matches(&branch->steps[0], outer) &&
		       walk_match(branch, 0, outer, visit, user);
	case PATH_CONSTANT:
		return visit(user, NULL);
	case PATH_CHILD:
		break;
	}
	if (walk_range(branch, 0, scope->ranges[branch->group], visit, user))
		return true;
	return scope->siblings &&
	       walk_range(branch, 0,
		   scope->ranges[scope->groups + branch->group], visit, user);
}

static inline struct str
field_value(const struct path_branch *branch, const struct path_scope *scope,
    const struct idoc_segment *segment, size_t i)
{
	if (branch->own[i] != 0)
		return scope->fields[branch->own[i]];
	if (branch->fields[i] == NULL)
		return STR("*");
	return str_trim(idoc_value(segment, branch->fields[i]));
}

bool
path_fields(const struct path_branch *branch, const struct path_scope *scope,
    const struct idoc_segment *segment, struct str raw[PATH_FIELDS])
{
	bool any = false;

	/* Most rows name one field, and many fields are not there. */
	if (branch->field_count == 1) {
		struct str value = field_value(branch, scope, segment, 0);

		if (value.len == 0)
			return false;
		memset(raw, 0, PATH_FIELDS * sizeof(*raw));
		raw[0] = value;
		return true;
	}
	if (branch->start == PATH_CONSTANT) {
		memset(raw, 0, PATH_FIELDS * sizeof(*raw));
		raw[0] = branch->constant;
		return true;
	}
	memset(raw, 0, PATH_FIELDS * sizeof(*raw));
	for (size_t i = 0; i < branch->field_count; i++) {
		raw[i] = field_value(branch, scope, segment, i);
		any = any || raw[i].len > 0;
	}
	return any;
}
