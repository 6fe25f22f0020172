#define _GNU_SOURCE /* memmem */
#include "peek.h"

#include <unistd.h>

#include "base/text.h"
#include "idoc/control.h"
#include "idoc/reader.h"
#include "map/map.h"

/* The end of a file that holds the end tag of its root. */
#define TAIL_BYTES 256

/* UTF-16 of what is ASCII: every other byte is NUL. */
static struct str
narrow(struct str wide, char *to)
{
	size_t len = 0;

	for (size_t i = 0; i < wide.len; i++)
		if (wide.data[i] != '\0')
			to[len++] = wide.data[i];
	return (struct str){ to, len };
}

static bool
is_wide(struct str head)
{
	return head.len >= 2 && (head.data[0] == '\0' || head.data[1] == '\0' ||
				    memcmp(head.data, "\xFF\xFE", 2) == 0 ||
				    memcmp(head.data, "\xFE\xFF", 2) == 0);
}

static struct str
first_line(struct str text)
{
	const char *end =
	    text.len > 0 ? memchr(text.data, '\n', text.len) : NULL;

	if (end != NULL)
		text.len = (size_t)(end - text.data);
	return text;
}

/* The text value of the first such key of a record line, empty if there is
 * none: a plain scan, it only orders. */
static struct str
key_of(struct str line, const char *key)
{
	size_t len = strlen(key);
	const char *at =
	    line.len > 0 ? memmem(line.data, line.len, key, len) : NULL;
	const char *end;

	if (at == NULL)
		return STR_NONE;
	at += len;
	end = memchr(at, '"', line.len - (size_t)(at - line.data));
	return end != NULL ? (struct str){ at, (size_t)(end - at) } : STR_NONE;
}

static struct str
seq_of_record(struct str line, char digits[15])
{
	static const char *const moments[] = { "\"placed_at\":\"",
		"\"posted_at\":\"", "\"as_of\":\"" };
	struct str seq = key_of(line, "\"seq\":\"");
	instant when;

	if (seq.len >= 14 && seq.len < PEEK_SEQ)
		return seq;
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		struct str text = key_of(line, moments[i]);

		if (text.len == 0 || !instant_parse(text, &when))
			continue;
		zone_to_digits(when, digits);
		return str_of(digits);
	}
	return STR_NONE;
}

/* The name of the element whose tag begins here, without prefix. */
static struct str
name_at(struct str tag)
{
	size_t from = 1, to;

	for (to = 1; to < tag.len && tag.data[to] != '>' &&
		     tag.data[to] != ' ' && tag.data[to] != '<';
	     to++)
		if (tag.data[to] == ':')
			from = to + 1;
	return (struct str){ tag.data + from, to - from };
}

/* What seq is made of, of the first control record. */
static void
scan_control(struct str head, struct idoc_control *control)
{
	struct {
		const char *name;
		struct str *value;
	} fields[] = { { "SERIAL", &control->serial },
		{ "CREDAT", &control->credat }, { "CRETIM", &control->cretim },
		{ "DOCNUM", &control->docnum } };
	const char *at, *end;

	while (
	    head.len > 0 && (at = memchr(head.data, '<', head.len)) != NULL) {
		struct str tag = str_from(head, (size_t)(at - head.data));
		struct str name = name_at(tag);

		if (str_is(name, "/EDI_DC40"))
			return;
		head = str_from(tag, (size_t)(name.data - at) + name.len);
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]);
		     i++) {
			if (!str_is(name, fields[i].name) || head.len == 0 ||
			    (end = memchr(head.data, '<', head.len)) == NULL)
				continue;
			*fields[i].value = (struct str){ head.data + 1,
				(size_t)(end - head.data - 1) };
		}
	}
}

static struct str
seq_of_idoc(struct str head, bool xml, struct arena *arena)
{
	struct idoc_control control = { .tabnam = STR_NONE };
	struct record_src src;
	struct str seq, line = first_line(head);

	if (xml)
		scan_control(head, &control);
	else if (line.len > CONTROL_WIDTH)
		line.len = CONTROL_WIDTH;
	if (!xml && text_is_utf8(line))
		control_read_flat(&control, line, !str_starts(line, "EDI_DC40"),
		    arena);
	map_src(&control, STR_NONE, 1, (struct hash){ { 0 } }, arena, &src,
	    &seq);
	return seq;
}

void
peek_seq(struct str head, instant changed, struct arena *arena,
    char to[PEEK_SEQ])
{
	char bytes[PEEK_BYTES], digits[15];
	struct str seq = STR_NONE;

	if (is_wide(head))
		head = narrow(head, bytes);
	if (str_starts(head, "\xEF\xBB\xBF"))
		head = str_from(head, 3);
	switch (idoc_sniff(head)) {
	case IDOC_CONTENT_XML:
		seq = seq_of_idoc(head, true, arena);
		break;
	case IDOC_CONTENT_FLAT:
		seq = seq_of_idoc(head, false, arena);
		break;
	case IDOC_CONTENT_RECORDS:
		seq = seq_of_record(first_line(head), digits);
		break;
	case IDOC_CONTENT_EMPTY:
	case IDOC_CONTENT_OTHER:
		break;
	}
	if (seq.len == 0 || seq.data[0] == '0') {
		zone_to_digits(changed, digits);
		seq = str_of(digits);
	}
	str_copy(to, PEEK_SEQ, seq);
}

/* The name of the first element: behind '<' comes neither '?' nor '!'. */
static struct str
root_of(struct str head)
{
	for (size_t i = 0; i + 1 < head.len; i++) {
		struct str name = str_from(head, i + 1);

		if (head.data[i] != '<' || name.data[0] == '?' ||
		    name.data[0] == '!')
			continue;
		for (size_t len = 0; len < name.len; len++)
			if (strchr(" \t\r\n>/", name.data[len]) != NULL)
				return (struct str){ name.data, len };
		return STR_NONE;
	}
	return STR_NONE;
}

static bool
is_closed(struct str head, struct str tail)
{
	struct str root = root_of(head);
	char tag[128];

	if (root.len == 0 || root.len + 2 > sizeof(tag))
		return true;
	memcpy(tag, "</", 2);
	memcpy(tag + 2, root.data, root.len);
	return tail.len > 0 &&
	       memmem(tail.data, tail.len, tag, root.len + 2) != NULL;
}

bool
peek_finished(int fd, struct str head, off_t size)
{
	char bytes[PEEK_BYTES], end[TAIL_BYTES];
	off_t from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
	ssize_t got = pread(fd, end, sizeof(end), from);
	struct str tail = { end, got > 0 ? (size_t)got : 0 };

	if (is_wide(head)) {
		head = narrow(head, bytes);
		tail = narrow(tail, end);
	}
	if (idoc_sniff(head) == IDOC_CONTENT_XML)
		return is_closed(head, tail);
	/* A flat file without line ends may end anywhere. */
	return head.len == 0 || memchr(head.data, '\n', head.len) == NULL ||
	       (tail.len > 0 && tail.data[tail.len - 1] == '\n');
}
