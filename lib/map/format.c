#include "map/format.h"

#include "base/limits.h"
#include "base/text.h"
#include "map/value.h"

static row_function value_upper;
static row_function value_lower;

enum step_kind {
	STEP_TRANSFORM,
	STEP_MODE,
	STEP_JOIN,
	STEP_LIMIT,
	STEP_MAP
};

/* The steps that a configuration may name, sap-ometria.conf(5). */
/* clang-format off */
static const struct step {
	const char *name;
	enum step_kind kind;
	enum row_mode mode;
	row_function *function;
	size_t fields; /* most that it takes */
	bool number; /* it gives one */
} steps[] = {
	{"first", STEP_MODE, .mode = ROW_FIRST},
	{"last", STEP_MODE, .mode = ROW_LAST},
	{"sum", STEP_MODE, .mode = ROW_SUM},
	{"join", STEP_JOIN, .mode = ROW_JOIN},
	{"limit", STEP_LIMIT, .mode = ROW_FIRST},
	{"map", STEP_MAP, .fields = PATH_FIELDS},
	{"text", .function = format_words, .fields = PATH_FIELDS},
	{"upper", .function = value_upper, .fields = PATH_FIELDS},
	{"lower", .function = value_lower, .fields = PATH_FIELDS},
	{"trim-zeros", .function = value_alpha, .fields = 1},
	{"item", .function = value_item, .fields = 1},
	{"flag", .function = value_flag, .fields = 1},
	{"present", .function = value_present, .fields = 1},
	{"date", .function = value_date, .fields = 1},
	{"date-time", .function = value_date_time, .fields = 2},
	{"timestamp", .function = value_timestamp, .fields = 1},
	{"money", .function = value_money, .fields = 1, .number = true},
	{"quantity", .function = value_quantity, .fields = 1, .number = true},
	{"negative", .function = value_discount, .fields = 1, .number = true},
	{"country", .function = value_country, .fields = 1},
	{"language", .function = value_language, .fields = 1},
	{"phone", .function = value_phone, .fields = 1},
};
/* clang-format on */

#define STEP_COUNT (sizeof(steps) / sizeof(steps[0]))
#define STEP_LETTERS 20 /* of a word that is looked for */

static struct str
join_words(const struct row_at *at, const struct str *raw)
{
	struct str parts[2 * PATH_FIELDS];
	size_t count = 0;

	for (size_t i = 0; i < PATH_FIELDS; i++) {
		if (raw[i].len == 0)
			continue;
		if (count > 0)
			parts[count++] = STR(" ");
		parts[count++] = raw[i];
	}
	if (count == 0)
		return STR_NONE;
	return count == 1 ? parts[0] : arena_join(at->arena, parts, count);
}

struct row_result
format_words(const struct row_at *at, const struct str *raw)
{
	return value_of(join_words(at, raw));
}

static struct row_result
change_case(const struct row_at *at, const struct str *raw, char (*to)(char))
{
	struct str text = join_words(at, raw);
	char *copy = arena_take(at->arena, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		copy[i] = to(text.data[i]);
	return value_of((struct str){ copy, text.len });
}

static struct row_result
value_upper(const struct row_at *at, const struct str *raw)
{
	return change_case(at, raw, text_upper);
}

static struct row_result
value_lower(const struct row_at *at, const struct str *raw)
{
	return change_case(at, raw, text_lower);
}

struct parser {
	struct str rest;
	struct arena *arena;
	const char *why;
};

static bool
fail(struct parser *p, const char *why)
{
	p->why = why;
	return false;
}

static struct str
take_word(struct parser *p)
{
	struct str word = { p->rest.data, 0 };

	while (word.len < p->rest.len &&
	       strchr(" \t:\"", word.data[word.len]) == NULL)
		word.len++;
	p->rest = str_trim(str_from(p->rest, word.len));
	return word;
}

/* The name with the fewest changes, when they are few. */
static const char *
nearest(struct str word)
{
	const char *name = NULL;
	unsigned best = 3;

	for (size_t i = 0; i < STEP_COUNT && word.len <= STEP_LETTERS; i++) {
		unsigned changes = text_changes(word, str_of(steps[i].name));

		if (changes >= best)
			continue;
		best = changes;
		name = steps[i].name;
	}
	return name;
}

static bool
unknown_step(struct parser *p, struct str word)
{
	struct buf safe = BUF_INIT;
	const char *name = nearest(word);

	text_escape(&safe, word, 30);
	if (word.len == 0)
		p->why = "a step is missing behind ':'";
	else if (name != NULL)
		p->why = arena_format(p->arena,
		    "has the unknown step '%s'; did you mean '%s'?", safe.data,
		    name)
			     .data;
	else
		p->why = arena_format(p->arena, "has the unknown step '%s'",
		    safe.data)
			     .data;
	buf_free(&safe);
	return false;
}

/* A text in double quotes, which may be empty. */
static bool
take_text(struct parser *p, const struct step *step, struct str *text)
{
	const char *end = NULL;

	if (p->rest.len > 1 && p->rest.data[0] == '"')
		end = memchr(p->rest.data + 1, '"', p->rest.len - 1);
	if (end == NULL)
		return fail(p,
		    arena_format(p->arena,
			"step '%s' takes a text in double quotes", step->name)
			.data);
	*text = arena_str(p->arena,
	    (struct str){ p->rest.data + 1, (size_t)(end - p->rest.data) - 1 });
	p->rest = str_trim(str_from(p->rest, text->len + 2));
	return true;
}

static struct format_transform *
add_transform(struct parser *p, struct format *format)
{
	struct format_transform *more =
	    arena_array(p->arena, format->count + 1, sizeof(*more));

	for (size_t i = 0; i < format->count; i++)
		more[i] = format->transforms[i];
	format->transforms = more;
	return &more[format->count++];
}

/* "A=online,B=store". */
static bool
take_pairs(struct parser *p, struct str text, struct format_transform *to)
{
	size_t most = 1;

	for (size_t i = 0; i < text.len; i++)
		most += text.data[i] == ',';
	to->pairs = arena_array(p->arena, most, sizeof(*to->pairs));
	while (to->pair_count < most) {
		struct format_pair *pair = &to->pairs[to->pair_count++];
		const char *comma =
		    text.len > 0 ? memchr(text.data, ',', text.len) : NULL;
		size_t len =
		    comma != NULL ? (size_t)(comma - text.data) : text.len;
		const char *is = len > 0 ? memchr(text.data, '=', len) : NULL;
		size_t at;

		if (is == NULL)
			return fail(p,
			    "a map is 'VALUE=TEXT', separated by commas");
		at = (size_t)(is - text.data);
		pair->from = str_trim((struct str){ text.data, at });
		pair->to = str_trim((struct str){ is + 1, len - at - 1 });
		if (pair->from.len == 0)
			return fail(p,
			    "a map has an empty value in front of '='");
		text = str_from(text, len + 1);
	}
	return true;
}

static bool
set_mode(struct parser *p, struct format *format, enum row_mode mode)
{
	if (format->has_mode)
		return fail(p, "first, last, join and sum exclude each other");
	format->has_mode = true;
	format->mode = mode;
	return true;
}

static bool
take_limit(struct parser *p, struct format *format)
{
	uint64_t limit;

	if (format->limit != 0)
		return fail(p, "has two limits");
	if (!str_to_u64(take_word(p), LIMIT_FIELD, &limit) || limit == 0)
		return fail(p, "a limit is a number from 1 to 65536");
	format->limit = (unsigned)limit;
	return true;
}

static bool
take_step(struct parser *p, struct format *format)
{
	struct str word = take_word(p), text;
	const struct step *step = steps;

	while (step < steps + STEP_COUNT && !str_is(word, step->name))
		step++;
	if (step == steps + STEP_COUNT)
		return unknown_step(p, word);
	switch (step->kind) {
	case STEP_MODE:
		return set_mode(p, format, step->mode);
	case STEP_JOIN:
		return take_text(p, step, &format->between) &&
		       set_mode(p, format, step->mode);
	case STEP_LIMIT:
		return take_limit(p, format);
	case STEP_MAP:
		return take_text(p, step, &text) &&
		       take_pairs(p, text, add_transform(p, format));
	case STEP_TRANSFORM:
		break;
	}
	add_transform(p, format)->function = step->function;
	return true;
}

bool
format_parse(struct format *format, struct str text, struct arena *arena,
    const char **why)
{
	struct parser p = { str_trim(text), arena, NULL };

	*format = (struct format){ .mode = ROW_FIRST };
	while (p.rest.len > 0 && p.why == NULL) {
		if (p.rest.data[0] != ':') {
			fail(&p, "has text behind a step");
			break;
		}
		p.rest = str_trim(str_from(p.rest, 1));
		take_step(&p, format);
	}
	*why = p.why;
	return p.why == NULL;
}

static struct row_result
look_up(const struct format_transform *transform, struct str text)
{
	for (size_t i = 0; i < transform->pair_count; i++) {
		const struct format_pair *pair = &transform->pairs[i];

		if (str_eq(pair->from, text) || str_is(pair->from, "*"))
			return value_of(pair->to);
	}
	return VALUE_NOTHING;
}

struct row_result
format_apply(const struct format *format, const struct row_at *at,
    const struct str *raw)
{
	struct str now[PATH_FIELDS];
	struct row_result result = VALUE_NOTHING;

	for (size_t i = 0; i < format->count; i++) {
		const struct format_transform *next = &format->transforms[i];

		result = next->function != NULL
			     ? next->function(at, raw)
			     : look_up(next, join_words(at, raw));
		if (result.kind == ROW_NOTHING)
			break;
		memset(now, 0, sizeof(now));
		now[0] = row_text(at, result);
		raw = now;
	}
	return result;
}

static const struct step *
step_of(row_function *function)
{
	for (size_t i = 0; function != NULL && i < STEP_COUNT; i++)
		if (steps[i].function == function)
			return &steps[i];
	return NULL;
}

size_t
format_fields(row_function *function)
{
	const struct step *step = step_of(function);

	return step != NULL ? step->fields : 1;
}

bool
format_is_number(row_function *function)
{
	const struct step *step = step_of(function);

	return step != NULL && step->number;
}

row_function *
format_last(const struct format *format)
{
	return format->count > 0
		   ? format->transforms[format->count - 1].function
		   : NULL;
}
