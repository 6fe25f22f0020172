#ifndef MAP_SAMPLE_H
#define MAP_SAMPLE_H

/* IDocs as short texts, and the records that a field map makes of them. */

#include <unistd.h>

#include "map/map.h"
#include "tap.h"

/*
 * IDocs are written as lines: depth by leading blanks, the segment, then its
 * fields "NAME=VALUE" separated by '|'. A line "@NAME=VALUE" sets a field of
 * the control record.
 */

static struct arena arena;

static struct str
copy(const char *text, size_t len)
{
	return arena_str(&arena, (struct str){ text, len });
}

static void
set_control(struct idoc_control *c, struct str name, struct str value)
{
	if (str_is(name, "MESTYP"))
		c->mestyp = value;
	else if (str_is(name, "DOCNUM"))
		c->docnum = value;
	else if (str_is(name, "CREDAT"))
		c->credat = value;
	else if (str_is(name, "CRETIM"))
		c->cretim = value;
	else if (str_is(name, "SERIAL"))
		c->serial = value;
	else if (str_is(name, "SNDPRN"))
		c->sndprn = value;
	else if (str_is(name, "MANDT"))
		c->mandt = value;
}

static void
add_fields(struct idoc_symbols *symbols, struct idoc_segment *segment,
    const char *text)
{
	segment->fields = arena_array(&arena, 32, sizeof(*segment->fields));
	while (*text != '\0') {
		size_t len = strcspn(text, "|");
		size_t name = strcspn(text, "=");
		struct idoc_field *f = &segment->fields[segment->field_count++];

		f->name = idoc_symbol(symbols, (struct str){ text, name });
		f->value = copy(text + name + 1, len - name - 1);
		text += len + (text[len] == '|');
	}
}

static void
add_segment(struct idoc *idoc, struct idoc_symbols *symbols,
    struct idoc_segment **path, const char *line)
{
	size_t depth = strspn(line, " ");
	size_t len = strcspn(line + depth, " ");
	struct idoc_segment *segment = arena_alloc(&arena, sizeof(*segment));
	struct idoc_segment *parent = depth == 0 ? idoc->root : path[depth - 1];

	segment->definition = copy(line + depth, len);
	segment->type = idoc_symbol(symbols, segment->definition);
	segment->parent = parent;
	segment->number = ++idoc->segment_count;
	if (line[depth + len] == ' ')
		add_fields(symbols, segment, line + depth + len + 1);
	if (parent->last != NULL)
		parent->last->next = segment;
	else
		parent->first = segment;
	parent->last = segment;
	path[depth] = segment;
}

static struct idoc
make_idoc(struct idoc_symbols *symbols, const char *text)
{
	struct idoc idoc = { 0 };
	struct idoc_segment *path[16];

	idoc.root = arena_alloc(&arena, sizeof(*idoc.root));
	idoc.root->type = idoc_symbol(symbols, STR("IDOC"));
	idoc.file = STR("in/a.xml");
	idoc.n = 3;
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		const char *line = copy(text, len).data;
		const char *is = strchr(line, '=');

		if (line[0] == '@')
			set_control(&idoc.control,
			    copy(line + 1, (size_t)(is - line - 1)),
			    str_of(is + 1));
		else
			add_segment(&idoc, symbols, path, line);
		text += len + (text[len] == '\n');
	}
	return idoc;
}

#define HEAD(type)                                                             \
	"@MESTYP=" type "\n@DOCNUM=0000000000000007\n@SNDPRN=ECC\n"            \
	"@MANDT=100\n@SERIAL=20261123071200\n"
#define SEEN(type, id, mestyp, r)                                              \
	"{\"v\":1,\"type\":\"" type "\",\"id\":\"" id "\","                    \
	"\"seq\":\"20261123071200.0000000000000007\","                         \
	"\"src\":{\"sys\":\"ECC\",\"client\":\"100\","                         \
	"\"docnum\":\"0000000000000007\",\"mestyp\":\"" mestyp "\","           \
	"\"file\":\"in/a.xml\",\"n\":3,\"r\":" r "},"

struct sample {
	const char *name;
	const char *config; /* NULL = none */
	const char *idoc;
	const char *want; /* records, or "code subject: message" */
};

static enum status
load(struct config **config, const char *text, struct diag *diag)
{
	char file[] = "/tmp/test_map.XXXXXX";
	int fd = mkstemp(file);
	enum status status;
	size_t len = text != NULL ? strlen(text) : 0;

	if (fd < 0 || (len > 0 && write(fd, text, len) != (ssize_t)len))
		return STATUS_OS;
	close(fd);
	status = config_load(config, file, diag);
	unlink(file);
	return status;
}

static void
run(const struct sample *sample)
{
	struct idoc_symbols *symbols = idoc_symbols_new();
	struct config *config = NULL;
	struct map *map = NULL;
	struct diag diag = { 0 };
	struct spool output = SPOOL_INIT;
	struct buf *text = &output.recent;
	struct map_result result = { 0 };
	struct idoc idoc;

	load(&config, sample->config, &diag);
	if (map_new(&map, symbols, config, &diag) == STATUS_OK) {
		idoc = make_idoc(symbols, sample->idoc);
		map_apply(map, &idoc, &output, &arena, &result, &diag);
		if (result.code != NULL)
			buf_add_format(text, "%s %.*s: %.*s", result.code,
			    STR_ARGS(result.subject), STR_ARGS(result.message));
	} else {
		buf_add_text(text, diag.message);
	}
	IS_STR(text->data, sample->want, sample->name);
	spool_free(&output);
	map_free(map);
	config_free(config);
	idoc_symbols_free(symbols);
	arena_reset(&arena);
}

#define RUN(table)                                                             \
	for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)        \
	run(&(table)[i])

#endif
