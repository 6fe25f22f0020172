#include "map/path.h"

#include "idoc/secret.h"

struct parser {
	const struct path_context *context;
	struct str rest;
	const char *why;
};

#define INDEX_ROOM 256 /* symbols of an index before it grows */

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

static void
skip_blanks(struct parser *p)
{
	while (accept(p, ' ') || accept(p, '\t'))
		continue;
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

/* Entries for all symbols up to this one. */
static void
grow_index(struct path_index *index, uint32_t number, struct arena *arena)
{
	size_t size = index->size > 0 ? index->size : INDEX_ROOM;
	uint32_t *groups, *fields;

	if (number < index->size)
		return;
	while (size <= number)
		size *= 2;
	groups = arena_array(arena, size, sizeof(*groups));
	fields = arena_array(arena, size, sizeof(*fields));
	if (index->size > 0) {
		memcpy(groups, index->groups, index->size * sizeof(*groups));
		memcpy(fields, index->fields, index->size * sizeof(*fields));
	} else {
		index->group_count = index->field_count = 1;
	}
	*index = (struct path_index){ groups, fields, size, index->group_count,
		index->field_count };
}

static uint32_t
index_group(struct path_index *index, const struct idoc_symbol *type,
    struct arena *arena)
{
	grow_index(index, type->number, arena);
	if (index->groups[type->number] == 0)
		index->groups[type->number] = index->group_count++;
	return index->groups[type->number];
}

static uint32_t
index_field(struct path_index *index, const struct idoc_symbol *field,
    struct arena *arena)
{
	grow_index(index, field->number, arena);
	if (index->fields[field->number] == 0)
		index->fields[field->number] = index->field_count++;
	return index->fields[field->number];
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

/* Enter what the branch looks for first in the index of where it begins. */
static void
enter_index(const struct path_context *context, struct path_branch *branch)
{
	size_t step = branch->start == PATH_CHILD ? 0 : 1;

	if (branch->start != PATH_OUTER && step < branch->step_count)
		branch->group = index_group(branch->start == PATH_ANCHOR
						? context->anchor_index
						: context->index,
		    branch->steps[step].type, context->arena);
	for (size_t i = 0; branch->start == PATH_SELF &&
			   branch->step_count == 1 && i < branch->field_count;
	     i++)
		if (branch->fields[i] != NULL)
			branch->own[i] = index_field(context->index,
			    branch->fields[i], context->arena);
}

/* What stands behind an alternative: the next one, steps, or nothing. */
static bool
at_end(struct parser *p)
{
	skip_blanks(p);
	return p->rest.len == 0 || peek(p) == '|' ||
	       (p->context->configured && peek(p) == ':');
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
	return at_end(p) || fail(p, "text behind the field name");
}

static bool
parse_steps(struct parser *p, struct path_branch *branch)
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
		if (!at_end(p))
			return fail(p, "text behind the segment");
		return p->context->list || fail(p, "a field is missing");
	}
}

/* Behind the opening quote. */
static bool
parse_constant(struct parser *p, struct path_branch *branch)
{
	const char *end =
	    p->rest.len > 0 ? memchr(p->rest.data, '"', p->rest.len) : NULL;
	size_t len;

	if (end == NULL)
		return fail(p, "a closing quote is missing");
	len = (size_t)(end - p->rest.data);
	if (len == 0)
		return fail(p, "a constant is empty");
	branch->start = PATH_CONSTANT;
	branch->constant =
	    arena_str(p->context->arena, (struct str){ p->rest.data, len });
	p->rest = str_from(p->rest, len + 1);
	if (!at_end(p))
		return fail(p, "text behind the constant");
	return peek(p) != '|' ||
	       fail(p, "a constant is not the last alternative");
}

static bool
parse_branch(struct parser *p, struct path_branch *branch)
{
	skip_blanks(p);
	if (p->context->configured && accept(p, '"'))
		return parse_constant(p, branch);
	if (!parse_steps(p, branch))
		return false;
	find_start(p->context, branch);
	enter_index(p->context, branch);
	return true;
}

bool
path_parse(struct path *path, struct str *text,
    const struct path_context *context, const char **why)
{
	struct parser p = { context, *text, NULL };
	size_t most = 1;

	for (size_t i = 0; i < text->len; i++)
		most += text->data[i] == '|';
	path->branches =
	    arena_array(context->arena, most, sizeof(*path->branches));
	path->count = 0;
	do {
		if (!parse_branch(&p, &path->branches[path->count++])) {
			*why = p.why;
			return false;
		}
	} while (accept(&p, '|'));
	*text = p.rest;
	return true;
}
