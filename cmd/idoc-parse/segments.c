#include "segments.h"

#include "base/text.h"

/* The letters of its fields, each once: their order is that of the fields. */
static void
print_trust(const struct dictionary_layout *layout)
{
	char last = '\0';

	for (size_t i = 0; i < layout->field_count; i++) {
		if (layout->fields[i].trust != last)
			putchar(layout->fields[i].trust);
		last = layout->fields[i].trust;
	}
}

static void
print_parents(const struct dictionary *dictionary,
    const struct dictionary_segment *segment)
{
	if (segment->top)
		printf("%s", segment->parent_count > 0 ? "-," : "-");
	for (size_t i = 0; i < segment->parent_count; i++)
		printf("%s%s", i > 0 ? "," : "",
		    dictionary_name(dictionary, segment->parents[i]));
	putchar('\n');
}

static void
print_segment(const struct dictionary *dictionary,
    const struct dictionary_segment *segment)
{
	for (size_t i = 0; i < segment->layout_count; i++) {
		const struct dictionary_layout *layout = &segment->layouts[i];
		struct buf safe = BUF_INIT;

		printf("%s\t%s\t%u\t%u\t", segment->name,
		    layout->definition != NULL ? layout->definition : "-",
		    layout->field_count, layout->width);
		print_trust(layout);
		printf("\t%s\t",
		    layout->source == NULL
			? "built in"
			: text_escape(&safe, str_of(layout->source), 200));
		print_parents(dictionary, segment);
		buf_free(&safe);
	}
	if (segment->layout_count > 0)
		return;
	printf("%s\t-\t0\t0\t-\tbuilt in\t", segment->name);
	print_parents(dictionary, segment);
}

static void
print_fields(const struct dictionary_layout *layout)
{
	puts("field\toffset\tlength\ttrust");
	for (size_t i = 0; layout != NULL && i < layout->field_count; i++)
		printf("%s\t%u\t%u\t%c\n", layout->fields[i].name,
		    layout->fields[i].offset, layout->fields[i].length,
		    layout->fields[i].trust);
}

static enum status
list_one(const struct dictionary *dictionary, const struct tool_run *run,
    struct str name)
{
	char buffer[DICTIONARY_NAME];
	struct buf upper = BUF_INIT, safe = BUF_INIT;
	const struct dictionary_segment *segment;
	enum status status = STATUS_OK;

	buf_add(&upper, "", 0);
	for (size_t i = 0; i < name.len; i++)
		buf_add_char(&upper, text_upper(name.data[i]));
	name = buf_str(&upper);
	segment = dictionary_find(dictionary,
	    dictionary_type(dictionary, name, true, buffer));
	text_escape(&safe, name, 60);
	if (segment == NULL) {
		tool_say(run, "no segment '%s' is known", safe.data);
		status = STATUS_FINDINGS;
	} else {
		if (segment->layout_count == 0)
			tool_say(run, "only the name of '%s' is known",
			    safe.data);
		print_fields(dictionary_layout(segment, name));
	}
	buf_free(&upper);
	buf_free(&safe);
	return status;
}

enum status
segments_list(const struct segments *segments, const struct tool_run *run,
    const char *name)
{
	const struct dictionary *dictionary = segments->dictionary;
	const struct dictionary_segment *segment = NULL;

	if (name != NULL)
		return list_one(dictionary, run, str_of(name));
	puts("segment\tdefinition\tfields\twidth\ttrust\tsource\tparents");
	while ((segment = dictionary_next(dictionary, segment)) != NULL)
		print_segment(dictionary, segment);
	return STATUS_OK;
}
