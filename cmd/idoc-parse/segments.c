#include "segments.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "idoc/we60.h"

static enum status
cannot(struct diag *diag, enum status status, const char *what,
    const char *path)
{
	struct buf safe = BUF_INIT;

	diag_errno(diag, status, errno, "cannot %s the report '%s'", what,
	    text_escape(&safe, str_of(path), 200));
	buf_free(&safe);
	return status;
}

/* One byte more than a report may have tells that it is too large. */
static enum status
read_file(struct buf *to, const char *path, enum status missing,
    struct diag *diag)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status status = STATUS_OK;
	size_t got = 1;

	if (fd < 0)
		return cannot(diag, errno == ENOENT ? missing : STATUS_CONFIG,
		    "open", path);
	while (status == STATUS_OK && got > 0 && to->len <= WE60_MAX) {
		buf_reserve(to, 65536);
		status = fd_read(fd, to->data + to->len, 65536, &got, diag);
		to->len += status == STATUS_OK ? got : 0;
	}
	if (status == STATUS_IO) {
		errno = diag->err;
		status = cannot(diag, STATUS_CONFIG, "read", path);
	}
	close(fd);
	return status;
}

static enum status
load_file(struct segments *segments, struct str path, enum status missing,
    struct diag *diag)
{
	struct buf report = BUF_INIT;
	const char *name = arena_str(&segments->names, path).data;
	enum status status = read_file(&report, name, missing, diag);

	if (segments->dictionary == NULL)
		segments->dictionary = dictionary_new();
	if (status == STATUS_OK)
		status = we60_read(segments->dictionary, buf_str(&report), name,
		    diag);
	buf_free(&report);
	return status;
}

static enum status
load_configured(struct segments *segments, const struct tool_run *run,
    struct diag *diag)
{
	const char *list = config_text(run->config, "sap", NULL, "segments");
	struct buf path = BUF_INIT;
	enum status status = STATUS_OK;

	while (list != NULL && *list != '\0' && status == STATUS_OK) {
		size_t len = strcspn(list, ",");
		struct str name = str_trim((struct str){ list, len });

		config_beside(run->config, name, &path);
		if (name.len > 0)
			status = load_file(segments,
			    arena_str(&segments->names, buf_str(&path)),
			    STATUS_CONFIG, diag);
		list += len + (list[len] == ',');
	}
	buf_free(&path);
	return status;
}

enum status
segments_load(struct segments *segments, const struct tool_run *run,
    struct diag *diag)
{
	const char *path;
	enum status status = load_configured(segments, run, diag);

	for (size_t i = 0;
	     status == STATUS_OK &&
	     (path = options_nth(&run->options, "segments", i)) != NULL;
	     i++)
		status =
		    load_file(segments, str_of(path), STATUS_NO_INPUT, diag);
	return status;
}

void
segments_free(struct segments *segments)
{
	dictionary_free(segments->dictionary);
	arena_free(&segments->names);
}

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
