#include "idoc/control.h"
#include "map/map.h"

/* The record type is the same whichever form it was sent in: EDI_DC40_U, EDI_DC
 * or an element say nothing about the IDoc. */
static void
write_control(struct jsonw *w, const struct idoc *idoc)
{
	struct idoc_control control = idoc->control;

	control.tabnam = idoc->control_missing ? STR_NONE : STR("EDI_DC40");
	jsonw_open(w, '{');
	for (int i = 0; i < control_count(); i++)
		jsonw_member(w, control_name(i), control_text(&control, i));
	jsonw_close(w, '}');
}

/* Names come from the input: they are escaped like any text. */
static void
write_name(struct jsonw *w, struct str name)
{
	jsonw_str(w, name);
	buf_add_char(w->to, ':');
	w->comma = false;
}

/* Fields of one name, in order: a chain from each to the next. */
struct chain {
	const struct idoc_symbol *name;
	size_t index;
	size_t next; /* 0 = the last */
	bool first;
};

static int
by_name(const void *left, const void *right)
{
	const struct chain *a = left, *b = right;

	if (a->name != b->name)
		return (uintptr_t)a->name < (uintptr_t)b->name ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

static int
by_index(const void *left, const void *right)
{
	const struct chain *a = left, *b = right;

	return (a->index > b->index) - (a->index < b->index);
}

/* Sorted, because a hostile segment may repeat one name 100,000 times. */
static struct chain *
make_chains(const struct idoc_segment *segment)
{
	size_t count = segment->field_count;
	struct chain *chains = mem_zero(count, sizeof(*chains));

	for (size_t i = 0; i < count; i++) {
		chains[i].name = segment->fields[i].name;
		chains[i].index = i;
	}
	qsort(chains, count, sizeof(*chains), by_name);
	for (size_t i = 0; i < count; i++) {
		chains[i].first =
		    i == 0 || chains[i].name != chains[i - 1].name;
		if (i + 1 < count && chains[i].name == chains[i + 1].name)
			chains[i].next = chains[i + 1].index;
	}
	qsort(chains, count, sizeof(*chains), by_index);
	return chains;
}

/*
 * Blanks at the left mean something in lines of text and where no layout is
 * known; numbers set to the right in a flat file have lost them in XML.
 */
static void
write_value(struct jsonw *w, const struct idoc_field *field)
{
	struct str name = field->name->name;
	struct str value = field->value;

	if (!str_is(name, "TDLINE") && !str_is(name, "SDATA"))
		value = str_trim(value);
	jsonw_str(w, value);
}

static void
write_fields(struct jsonw *w, const struct idoc_segment *segment,
    struct spool *output)
{
	struct chain *chains = make_chains(segment);

	jsonw_open(w, '{');
	for (size_t i = 0; i < segment->field_count; i++) {
		size_t at = i;

		if (!chains[i].first)
			continue; /* written where the name came first */
		write_name(w, chains[i].name->name);
		spool_settle(output);
		if (chains[i].next == 0) {
			write_value(w, &segment->fields[i]);
			continue;
		}
		jsonw_open(w, '[');
		do {
			write_value(w, &segment->fields[at]);
			spool_settle(output);
			at = chains[at].next;
		} while (at != 0);
		jsonw_close(w, ']');
	}
	jsonw_member(w, "_tail", segment->tail);
	jsonw_close(w, '}');
	free(chains);
}

static void
write_segments(struct jsonw *w, const struct idoc_segment *segment,
    struct spool *output)
{
	jsonw_open(w, '[');
	for (; segment != NULL; segment = idoc_next(segment)) {
		jsonw_open(w, '{');
		jsonw_member(w, "segment", segment->type->name);
		if (segment->field_count > 0 || segment->tail.len > 0) {
			jsonw_key(w, "fields");
			write_fields(w, segment, output);
		}
		if (segment->first != NULL) {
			jsonw_key(w, "children");
			write_segments(w, segment->first, output);
		}
		jsonw_close(w, '}');
		spool_settle(output);
	}
	jsonw_close(w, ']');
}

void
map_raw(const struct idoc *idoc, struct spool *output)
{
	struct jsonw w = jsonw_start(&output->recent);

	jsonw_open(&w, '{');
	jsonw_key(&w, "control");
	write_control(&w, idoc);
	jsonw_key(&w, "segments");
	write_segments(&w, idoc->root->first, output);
	jsonw_close(&w, '}');
}
