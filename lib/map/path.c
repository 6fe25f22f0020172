#include "map/path.h"

#include "idoc/secret.h"

struct parser {
	const struct path_context *context;
	struct str rest;
	const char *why;
};

static bool
fail(struct parser *p, const char *why)
{
	p->why = why;
	return false;
}

static char
peek(const struct parser *p)
{
	return p->rest.len > 0 ? p->rest.data[0] : '\0';
}

static bool
accept(struct parser *p, char c)
{
	if (peek(p) != c)
		return false;
	p->rest.data++;
	p->rest.len--;
	return true;
}

static bool
is_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A name, name space included: the length of it, 0 when there is none. */
static size_t
name_length(struct str text)
{
	size_t at = 0, begin;

	if (text.len > 0 && text.data[0] == '/') {
		for (at = 1; at < text.len && is_name(text.data[at]);)
			at++;
		if (at == 1 || at == text.len || text.data[at] != '/')
			return 0;
		at++;
	}
	for (begin = at; at < text.len && is_name(text.data[at]);)
		at++;
	return at > begin ? at : 0;
}

static const struct idoc_symbol *
take_name(struct parser *p)
{
	size_t len = name_length(p->rest);
	struct idoc_symbol *symbol;

	if (len == 0) {
		fail(p, "a segment or field name is missing or malformed");
		return NULL;
	}
	symbol =
	    idoc_symbol(p->context->symbols, (struct str){ p->rest.data, len });
	if (symbol == NULL) {
		fail(p, "there are too many names");
		return NULL;
	}
	symbol->wanted = true;
	p->rest.data += len;
	p->rest.len -= len;
	return symbol;
}

/* Whether a path may name the field: built-in ones know what they read. */
static bool
is_open(struct parser *p, const struct idoc_symbol *type,
    const struct idoc_symbol *field)
{
	if (p->context->configured && field != NULL &&
	    secret_field(type->name, field->name))
		return fail(p, "names a field that must not leave SAP");
	return true;
}

static bool
take_test(struct parser *p, struct path_step *step)
{
	struct path_test *tests, test = { 0 };
	const char *end;

	test.field = take_name(p);
	if (test.field == NULL || !is_open(p, step->type, test.field))
		return false;
	test.unequal = accept(p, '!');
	if (!accept(p, '='))
		return fail(p, "'=' is missing in the brackets");
	end = p->rest.len > 0 ? memchr(p->rest.data, ']', p->rest.len) : NULL;
	if (end == NULL)
		return fail(p, "']' is missing");
	test.value = arena_str(p->context->arena,
	    str_trim(
		(struct str){ p->rest.data, (size_t)(end - p->rest.data) }));
	p->rest.len -= (size_t)(end + 1 - p->rest.data);
	p->rest.data = end + 1;
	tests = arena_array(p->context->arena, step->test_count + 1,
	    sizeof(*tests));
	for (size_t i = 0; i < step->test_count; i++)
		tests[i] = step->tests[i];
	tests[step->test_count++] = test;
	step->tests = tests;
	return true;
}

static void
add_step(struct parser *p, struct path_branch *branch, struct path_step step)
{
	struct path_step *steps = arena_array(p->context->arena,
	    branch->step_count + 1, sizeof(*steps));

	for (size_t i = 0; i < branch->step_count; i++)
		steps[i] = branch->steps[i];
	steps[branch->step_count++] = step;
	branch->steps = steps;
}

static bool
add_field(struct parser *p, struct path_branch *branch,
    const struct idoc_symbol *field)
{
	if (branch->field_count == PATH_FIELDS)
		return fail(p, "too many fields are joined");
	if (!is_open(p, branch->steps[branch->step_count - 1].type, field))
		return false;
	branch->fields[branch->field_count++] = field;
	return true;
}

static void
find_start(const struct path_context *context, struct path_branch *branch)
{
	const struct idoc_symbol *type = branch->steps[0].type;

	branch->start = PATH_CHILD;
	if (type == context->self) {
		branch->start = PATH_SELF;
	} else if (type == context->anchor) {
		branch->start = PATH_ANCHOR;
	} else {
		for (size_t i = 0; i < context->outer_count; i++) {
			if (type != context->outer[i])
				continue;
			branch->start = PATH_OUTER;
			branch->outer = i;
		}
	}
}

/* Fields behind the last '/', the first of which was taken as a name. */
static bool
parse_fields(struct parser *p, struct path_branch *branch,
    const struct idoc_symbol *field)
{
	if (branch->step_count == 0)
		return fail(p, "a segment is missing in front of the field");
	if (!add_field(p, branch, field))
		return false;
	while (accept(p, '+')) {
		field = take_name(p);
		if (field == NULL || !add_field(p, branch, field))
			return false;
	}
	return p->rest.len == 0 || fail(p, "text behind the field name");
}

static bool
parse_branch(struct parser *p, struct path_branch *branch)
{
	for (;;) {
		struct path_step step = { 0 };

		if (!p->context->list && accept(p, '*'))
			return parse_fields(p, branch, NULL);
		step.type = take_name(p);
		if (step.type == NULL)
			return false;
		if (!p->context->list && peek(p) != '[' && peek(p) != '/')
			return parse_fields(p, branch, step.type);
		while (accept(p, '['))
			if (!take_test(p, &step))
				return false;
		add_step(p, branch, step);
		if (accept(p, '/'))
			continue;
		if (p->rest.len > 0)
			return fail(p, "text behind the segment");
		return p->context->list || fail(p, "a field is missing");
	}
}

bool
path_parse(struct path *path, struct str text,
    const struct path_context *context, const char **why)
{
	struct parser p = { context, STR_NONE, NULL };
	size_t count = 1;

	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == '|';
	path->branches =
	    arena_array(context->arena, count, sizeof(*path->branches));
	for (path->count = 0; path->count < count; path->count++) {
		struct path_branch *branch = &path->branches[path->count];
		const char *bar =
		    text.len > 0 ? memchr(text.data, '|', text.len) : NULL;
		size_t len = bar != NULL ? (size_t)(bar - text.data) : text.len;

		p.rest = str_trim((struct str){ text.data, len });
		if (!parse_branch(&p, branch)) {
			*why = p.why;
			return false;
		}
		find_start(context, branch);
		if (bar != NULL)
			len++;
		text.data += len;
		text.len -= len;
	}
	return true;
}

/* Qualifiers of one field differ in their last character. */
static inline bool
same(struct str a, struct str b)
{
	return a.len == b.len &&
	       (a.len == 0 ||
		   (a.data[a.len - 1] == b.data[a.len - 1] && str_eq(a, b)));
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

static bool walk_list(const struct path_branch *branch, size_t step,
    const struct idoc_segment *first, path_visit *visit, void *user);

/* Go on from a segment that matches a step. */
static inline bool
walk_match(const struct path_branch *branch, size_t step,
    const struct idoc_segment *segment, path_visit *visit, void *user)
{
	if (step + 1 == branch->step_count)
		return visit(user, segment);
	return walk_list(branch, step + 1, segment->first, visit, user);
}

static bool
walk_list(const struct path_branch *branch, size_t step,
    const struct idoc_segment *first, path_visit *visit, void *user)
{
	for (; first != NULL; first = first->next)
		if (matches(&branch->steps[step], first) &&
		    walk_match(branch, step, first, visit, user))
			return true;
	return false;
}

bool
path_walk_far(const struct path_branch *branch, const struct path_scope *scope,
    path_visit *visit, void *user)
{
	const struct idoc_segment *start = scope->self;

	if (branch->start == PATH_ANCHOR)
		start = scope->anchor;
	else if (branch->start == PATH_OUTER)
		start = scope->outer[branch->outer];
	if (branch->start != PATH_CHILD)
		return start != NULL && matches(&branch->steps[0], start) &&
		       walk_match(branch, 0, start, visit, user);
	if (walk_list(branch, 0, start->first, visit, user))
		return true;
	return scope->siblings && start->parent != NULL &&
	       walk_list(branch, 0, start->parent->first, visit, user);
}

bool
path_fields(const struct path_branch *branch,
    const struct idoc_segment *segment, struct str raw[PATH_FIELDS])
{
	bool any = false;

	memset(raw, 0, PATH_FIELDS * sizeof(*raw));
	for (size_t i = 0; i < branch->field_count; i++) {
		if (branch->fields[i] == NULL)
			raw[i] = STR("*");
		else
			raw[i] =
			    str_trim(idoc_value(segment, branch->fields[i]));
		any = any || raw[i].len > 0;
	}
	return any;
}
