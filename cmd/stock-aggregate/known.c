#include "stock.h"

/*
 * Names that the state gave for the materials of the last movements. They hold
 * until something is said of a material, here or by another process.
 */

#define SLOTS 4096 /* a power of two */
#define TEXT_MAX 40 /* of a material number; longer ones are asked for */

struct known {
	uint64_t since; /* forgettings until it was put there, 0: free */
	char texts[3 * TEXT_MAX]; /* item, SKU and unit */
	unsigned char lens[3];
	char seq[TEXT_MAX]; /* they hold for records of it or a later one */
	unsigned char seq_len;
};

struct stocks_known {
	int64_t version; /* of the state, see state_version */
	bool checked; /* in this batch */
	uint64_t forgotten; /* times, from 1 */
	struct known slots[SLOTS];
};

static struct known *
slot_of(struct stocks *s, struct str item)
{
	if (s->known == NULL) {
		s->known = mem_zero(1, sizeof(*s->known));
		s->known->forgotten = 1;
	}
	return &s->known->slots[str_spread(item) & (SLOTS - 1)];
}

static struct str
text_of(const struct known *known, size_t part)
{
	const char *text = known->texts + part * TEXT_MAX;

	return (struct str){ text, known->lens[part] };
}

/* In each batch once: the state is locked, so nobody changes it now. */
static void
check(struct stocks *s)
{
	int64_t version;

	if (s->known == NULL || s->known->checked)
		return;
	version = state_version(s->aggregate.state);
	if (version != s->known->version)
		stocks_forget_names(s);
	s->known->version = version;
	s->known->checked = true;
}

bool
stocks_knows(struct stocks *s, struct str seq, struct stock_name *name)
{
	const struct known *known = slot_of(s, name->item);
	const struct str since = { known->seq, known->seq_len };

	check(s);
	if (known->since != s->known->forgotten ||
	    !str_eq(text_of(known, 0), name->item) ||
	    !str_eq(text_of(known, 1), name->sku) || str_cmp(seq, since) < 0)
		return false;
	name->unit = text_of(known, 2);
	return true;
}

/* The text at this place, which has room for TEXT_MAX bytes. */
static void
keep(char *place, unsigned char *len, struct str text)
{
	if (text.len > 0)
		memcpy(place, text.data, text.len);
	*len = (unsigned char)text.len;
}

void
stocks_know(struct stocks *s, struct str seq, const struct stock_name *name)
{
	const struct str parts[] = { name->item, name->sku, name->unit };
	struct known *known = slot_of(s, name->item);

	known->since = 0;
	if (parts[0].len > TEXT_MAX || parts[1].len > TEXT_MAX ||
	    parts[2].len > TEXT_MAX || seq.len > TEXT_MAX)
		return;
	for (size_t i = 0; i < 3; i++)
		keep(known->texts + i * TEXT_MAX, &known->lens[i], parts[i]);
	keep(known->seq, &known->seq_len, seq);
	known->since = s->known->forgotten;
}

void
stocks_forget_names(struct stocks *s)
{
	if (s->known != NULL)
		s->known->forgotten++;
}

void
stocks_end_names(struct stocks *s)
{
	if (s->known != NULL)
		s->known->checked = false;
}
