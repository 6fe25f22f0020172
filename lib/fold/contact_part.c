#include "fold/contact.h"

#include "fold/deletion.h"

/* Of the seqs in a part's facts; no key of a record. */
#define SEQS "@"
/* JSON_KEYS_MAX is what a part can be read back with. */
#define FACTS_MAX 512

/* Members that are facts of their own: a message of changes may name but one
 * of them, and says nothing of the others. */
enum group {
	ALONE, /* a key of the part */
	AREA, /* organisation/channel/division */
	BLOCK,
	PERSON, /* contact persons by number */
	PROPERTY,
	GROUP_COUNT
};

static const struct {
	const char *key;
	bool list; /* else an object */
} groups[GROUP_COUNT] = {
	[AREA] = { "sales_areas", true },
	[BLOCK] = { "blocked", false },
	[PERSON] = { "contact_persons", true },
	[PROPERTY] = { "properties", false },
};

/* One key of a part, or one member of a group, with the seq that wrote it. */
struct fact {
	enum group group;
	struct str name;
	struct str raw;
	struct str seq;
};

struct facts {
	struct fact *list;
	size_t count, size;
	struct str whole; /* seq of the newest full message; empty = none */
	struct arena *arena;
};

/* Keys that say where a record came from, not what it says. */
static bool
is_envelope(struct str key)
{
	static const char *const keys[] = { "v", "type", "id", "seq", "src",
		"function", "reduced", SEQS };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

static struct fact *
find(const struct facts *facts, const struct fact *fact)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->list[i].group == fact->group &&
		    str_eq(facts->list[i].name, fact->name))
			return &facts->list[i];
	return NULL;
}

/* The newest word on a key stands; on a tie the later one when it is known
 * which is, else the greater, which is the same everywhere. */
static void
say(struct facts *facts, struct fact fact, bool later)
{
	struct fact *old = find(facts, &fact);
	int order = old == NULL ? 1 : str_cmp(fact.seq, old->seq);

	if (order == 0)
		order = later ? 1 : str_cmp(fact.raw, old->raw);
	if (order <= 0)
		return;
	if (old != NULL)
		*old = fact;
	else if (facts->count < facts->size)
		facts->list[facts->count++] = fact;
}

static struct str
seq_of(const struct json *seqs, struct str name, struct str standard,
    struct arena *arena)
{
	if (seqs == NULL)
		return standard;
	JSON_EACH(seq, seqs)
	{
		if (str_eq(seq->key, name) && seq->type == JSON_STRING)
			return arena_str(arena, json_str(seq, arena));
	}
	return standard;
}

/* What tells a member of a list from the others. */
static struct str
member_name(enum group group, const struct json *member, struct arena *arena)
{
	struct str org, channel, division;

	if (group == PERSON)
		return json_text(member, "number", arena);
	org = json_text(member, "sales_org", arena);
	channel = json_text(member, "channel", arena);
	division = json_text(member, "division", arena);
	return arena_format(arena, "%.*s/%.*s/%.*s", STR_ARGS(org),
	    STR_ARGS(channel), STR_ARGS(division));
}

/* seqs: of those that are older than seq, or NULL. */
static void
say_group(struct facts *facts, enum group group, const struct json *members,
    const struct json *seqs, struct str seq, bool later)
{
	bool list = groups[group].list;

	if (members->type != (list ? JSON_ARRAY : JSON_OBJECT))
		return;
	JSON_EACH(member, members)
	{
		struct fact fact = { .group = group, .raw = member->raw };

		if (member->type == JSON_NULL ||
		    (list && member->type != JSON_OBJECT))
			continue;
		fact.name = list ? member_name(group, member, facts->arena)
				 : member->key;
		fact.seq = seq_of(seqs, fact.name, seq, facts->arena);
		say(facts, fact, later);
	}
}

static enum group
group_of(struct str key)
{
	for (enum group group = ALONE + 1; group < GROUP_COUNT; group++)
		if (str_is(key, groups[group].key))
			return group;
	return ALONE;
}

static void
say_all(struct facts *facts, const struct json *object, const struct json *seqs,
    struct str seq, bool later)
{
	JSON_EACH(item, object)
	{
		struct fact fact = { .name = item->key, .raw = item->raw };
		enum group group = group_of(item->key);

		if (is_envelope(item->key) || item->type == JSON_NULL ||
		    group == PERSON)
			continue;
		if (group != ALONE) {
			say_group(facts, group, item,
			    seqs != NULL ? json_get(seqs, groups[group].key)
					 : NULL,
			    seq, later);
			continue;
		}
		if (str_is(item->key, "deleted") && item->type != JSON_BOOL)
			continue;
		fact.seq = seq_of(seqs, fact.name, seq, facts->arena);
		say(facts, fact, later);
	}
	/* Thousands of them may not take the room of what else there is. */
	say_group(facts, PERSON, json_get(object, groups[PERSON].key),
	    seqs != NULL ? json_get(seqs, groups[PERSON].key) : NULL, seq,
	    later);
}

/* A full message says all there is: what older ones said is gone. */
static void
forget_older(struct facts *facts)
{
	size_t kept = 0;

	for (size_t i = 0; i < facts->count; i++)
		if (str_cmp(facts->list[i].seq, facts->whole) >= 0)
			facts->list[kept++] = facts->list[i];
	facts->count = kept;
}

static int
by_name(const void *left, const void *right)
{
	const struct fact *a = left, *b = right;

	if (a->group != b->group)
		return a->group > b->group ? 1 : -1;
	return str_cmp(a->name, b->name);
}

static void
add_raw(struct jsonw *w, struct str key, struct str raw)
{
	if (w->comma)
		buf_add_char(w->to, ',');
	w->comma = false;
	jsonw_str(w, key);
	buf_add_char(w->to, ':');
	buf_add_str(w->to, raw);
	w->comma = true;
}

static void
write_group(struct jsonw *w, const struct fact *from, const struct fact *to)
{
	enum group group = from->group;

	if (group != ALONE) {
		jsonw_key(w, groups[group].key);
		jsonw_open(w, groups[group].list ? '[' : '{');
	}
	for (; from < to; from++) {
		if (!groups[group].list)
			add_raw(w, from->name, from->raw);
		else
			jsonw_raw(w, from->raw);
	}
	if (group != ALONE)
		jsonw_close(w, groups[group].list ? ']' : '}');
}

/* Only of facts that are older than the part. */
static void
write_seqs(struct jsonw *w, const struct fact *from, const struct fact *to,
    struct str newest)
{
	enum group group = from->group;

	if (group != ALONE) {
		jsonw_key(w, groups[group].key);
		jsonw_open(w, '{');
	}
	for (; from < to; from++) {
		struct buf quoted = BUF_INIT;
		struct jsonw seq = jsonw_start(&quoted);

		if (str_eq(from->seq, newest))
			continue;
		jsonw_str(&seq, from->seq);
		add_raw(w, from->name, buf_str(&quoted));
		buf_free(&quoted);
	}
	if (group != ALONE)
		jsonw_close(w, '}');
}

/* The first fact behind those of the same group. */
static const struct fact *
group_end(const struct facts *facts, const struct fact *from)
{
	const struct fact *to = from;

	while (to < facts->list + facts->count && to->group == from->group)
		to++;
	return to;
}

/* {KEY:VALUE,...,"sales_areas":[...],...,"@":{"":WHOLE,KEY:SEQ,...,
 * "sales_areas":{AREA:SEQ,...},...}}, sorted: the same facts, the same bytes.
 */
static struct str
write_facts(struct facts *facts, struct str newest)
{
	const struct fact *end = facts->list + facts->count, *from, *to;
	struct buf out = BUF_INIT;
	struct jsonw w = jsonw_start(&out);
	struct str text;

	if (facts->count > 1)
		qsort(facts->list, facts->count, sizeof(*facts->list), by_name);
	jsonw_open(&w, '{');
	for (from = facts->list; from < end; from = to) {
		to = group_end(facts, from);
		write_group(&w, from, to);
	}
	jsonw_key(&w, SEQS);
	jsonw_open(&w, '{');
	jsonw_member(&w, "", facts->whole);
	for (from = facts->list; from < end; from = to) {
		to = group_end(facts, from);
		write_seqs(&w, from, to, newest);
	}
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	text = arena_str(facts->arena, buf_str(&out));
	buf_free(&out);
	return text;
}

/* MSGFN 004 change, 003 delete, and a reduced message whatever its function:
 * what they do not say stays as it is. */
static void
say_record(struct facts *facts, const struct contact_record *record)
{
	struct str function = json_text(record->root, "function", facts->arena);
	bool deletes = str_is(function, "003");
	bool change = deletes || str_is(function, "004") ||
		      json_true(json_get(record->root, "reduced"), false);
	struct str removed = deletes ? STR("true") : STR("false");

	if (!change && str_cmp(record->seq, facts->whole) > 0)
		facts->whole = record->seq;
	say_all(facts, record->root, NULL, record->seq, record->stamped);
	/* Whoever a later record speaks of is there again. */
	if (!str_is(json_text(record->root, "type", facts->arena),
		"contact_point"))
		say(facts,
		    (struct fact){ ALONE, STR(DELETION_REMOVED), removed,
			record->seq },
		    true);
	forget_older(facts);
}

enum contact_verdict
contact_fold_part(struct contact_part *part,
    const struct contact_record *record, struct arena *arena)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct facts facts = { .arena = arena };
	const struct json *known =
	    part->facts.len > 0 ? json_parse(&doc, part->facts) : NULL;
	int age = part->seq.len > 0 ? str_cmp(record->seq, part->seq) : 1;
	struct str newest = age < 0 ? part->seq : record->seq, text;
	enum contact_verdict verdict = CONTACT_TAKEN;

	/* No more than there are nodes, and whether it is removed. */
	facts.size = (known != NULL ? known->skip : 0) + record->root->skip + 1;
	if (facts.size > FACTS_MAX)
		facts.size = FACTS_MAX;
	facts.list = arena_array(arena, facts.size, sizeof(*facts.list));
	if (known != NULL) {
		facts.whole =
		    seq_of(json_get(known, SEQS), STR_NONE, STR_NONE, arena);
		say_all(&facts, known, json_get(known, SEQS), part->seq, false);
	}
	say_record(&facts, record);
	text = write_facts(&facts, newest);
	if (age < 0)
		verdict = CONTACT_SUPERSEDED;
	else if (age == 0 && str_eq(text, part->facts))
		verdict = CONTACT_DUPLICATE;
	part->facts = text;
	part->seq = newest;
	part->full = facts.whole.len > 0;
	json_doc_free(&doc);
	return verdict;
}

struct str
contact_forget(struct str facts, struct arena *arena)
{
	static const char *const kept[] = { "account_group", "blocked",
		"deleted", "one_time", "privacy_block", DELETION_REMOVED,
		"sales_areas", SEQS };
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *known =
	    facts.len > 0 ? json_parse(&doc, facts) : NULL;
	struct buf out = BUF_INIT;
	struct jsonw w = jsonw_start(&out);

	if (known == NULL)
		return facts;
	jsonw_open(&w, '{');
	JSON_EACH(item, known)
	{
		for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
			if (str_is(item->key, kept[i]))
				add_raw(&w, item->key, item->raw);
	}
	jsonw_close(&w, '}');
	facts = arena_str(arena, buf_str(&out));
	buf_free(&out);
	json_doc_free(&doc);
	return facts;
}
