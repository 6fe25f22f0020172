#include "idoc/we60.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#define NAME_MAX_LENGTH 30 /* of segments and fields, SEGNAM in EDI_DD40 */
#define SDATA_LENGTH 1000
#define HEADER 63 /* of EDI_DD40, where the report does not say */
#define SCOPE_DEPTH (LIMIT_DEPTH + 8) /* groups within groups */

enum scope {
	SCOPE_OUTSIDE,
	SCOPE_RECORDS,
	SCOPE_CONTROL,
	SCOPE_DATA,
	SCOPE_STATUS,
	SCOPE_SEGMENTS,
	SCOPE_IDOC,
	SCOPE_GROUP,
	SCOPE_SEGMENT,
	SCOPE_FIELDS
};

#define IN(scope) (1U << (scope))

static const struct scope_row {
	const char *name; /* behind BEGIN_ and END_ */
	unsigned inside; /* where it may stand */
} scope_table[] = {
	[SCOPE_OUTSIDE] = { "", 0 },
	[SCOPE_RECORDS] = { "RECORD_SECTION", IN(SCOPE_OUTSIDE) },
	[SCOPE_CONTROL] = { "CONTROL_RECORD", IN(SCOPE_RECORDS) },
	[SCOPE_DATA] = { "DATA_RECORD", IN(SCOPE_RECORDS) },
	[SCOPE_STATUS] = { "STATUS_RECORD", IN(SCOPE_RECORDS) },
	[SCOPE_SEGMENTS] = { "SEGMENT_SECTION", IN(SCOPE_OUTSIDE) },
	[SCOPE_IDOC] = { "IDOC", IN(SCOPE_SEGMENTS) },
	[SCOPE_GROUP] = { "GROUP", IN(SCOPE_IDOC) | IN(SCOPE_GROUP) },
	[SCOPE_SEGMENT] = { "SEGMENT", IN(SCOPE_IDOC) | IN(SCOPE_GROUP) },
	[SCOPE_FIELDS] = { "FIELDS", IN(SCOPE_CONTROL) | IN(SCOPE_DATA) |
					 IN(SCOPE_STATUS) | IN(SCOPE_SEGMENT) },
};

#define SCOPES (sizeof(scope_table) / sizeof(scope_table[0]))

typedef char name_text[NAME_MAX_LENGTH + 1];

struct we60 {
	struct dictionary *dictionary;
	const char *file;
	size_t line;
	struct diag *diag;
	enum scope scopes[SCOPE_DEPTH]; /* what is open */
	size_t depth;
	size_t header; /* characters before SDATA */
	bool complete; /* a segment section has ended */
	/* The segment in hand. */
	name_text definition, type;
	uint64_t level;
	name_text above[LIMIT_DEPTH + 1]; /* open segments by level, or empty */
	/* Its fields, or those of a record. */
	struct dictionary_field fields[SDATA_LENGTH];
	name_text names[SDATA_LENGTH];
	size_t field_count;
	size_t end; /* of the last one */
	/* The field in hand; 0: not said. */
	bool in_field;
	size_t field_line; /* of its NAME */
	uint64_t length, position, first, last;
};

static enum status
refuse(struct we60 *we60, const char *why, struct str what)
{
	struct buf safe = BUF_INIT;

	if (what.len > 0)
		diag_set(we60->diag, STATUS_CONFIG, "%s '%s'", why,
		    text_escape(&safe, what, 60));
	else
		diag_set(we60->diag, STATUS_CONFIG, "%s", why);
	diag_place(we60->diag, we60->file, we60->line);
	buf_free(&safe);
	return STATUS_CONFIG;
}

static enum scope
scope_of(const struct we60 *we60)
{
	return we60->depth > 0 ? we60->scopes[we60->depth - 1] : SCOPE_OUTSIDE;
}

/* What the list of fields belongs to: a record or a segment. */
static enum scope
owner_of(const struct we60 *we60)
{
	return we60->scopes[we60->depth - 2];
}

static enum status
take_name(struct we60 *we60, name_text to, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '/')
			return refuse(we60, "not a name of SAP:", name);
	}
	if (name.len == 0)
		return refuse(we60, "a name is missing", STR_NONE);
	if (!str_copy(to, sizeof(name_text), name))
		return refuse(we60, "longer than 30 characters: name", name);
	return STATUS_OK;
}

static enum status
take_number(struct we60 *we60, uint64_t *to, struct str text)
{
	if (!str_to_u64(text, 999999, to) || *to == 0)
		return refuse(we60, "not a number from 1 on:", text);
	return STATUS_OK;
}

static enum status
refuse_field(struct we60 *we60, const char *why)
{
	we60->line = we60->field_line;
	return refuse(we60, why, str_of(we60->names[we60->field_count]));
}

/* The field in hand is whole: add it to those before. */
static enum status
end_field(struct we60 *we60)
{
	struct dictionary_field *field = &we60->fields[we60->field_count];
	bool data = owner_of(we60) == SCOPE_SEGMENT;
	size_t header = data ? we60->header : 0;

	if (!we60->in_field)
		return STATUS_OK;
	we60->in_field = false;
	if (we60->length == 0 || we60->first == 0)
		return refuse_field(we60,
		    "LENGTH or CHARACTER_FIRST is missing in field");
	if (we60->length > SDATA_LENGTH)
		return refuse_field(we60, "longer than 1000 characters: field");
	if (we60->first - 1 != header + we60->end)
		return refuse_field(we60,
		    "does not begin where the field before it ends: field");
	if (we60->last != 0 && we60->last != we60->first + we60->length - 1)
		return refuse_field(we60,
		    "LENGTH and CHARACTER_LAST disagree in field");
	if (we60->position != 0 && we60->position != we60->field_count + 1)
		return refuse_field(we60,
		    "FIELD_POS does not count up in field");
	if (data && we60->end + we60->length > SDATA_LENGTH)
		return refuse_field(we60,
		    "the segment is longer than 1000 characters at field");
	if (owner_of(we60) == SCOPE_DATA &&
	    strcmp(we60->names[we60->field_count], "SDATA") == 0)
		we60->header = we60->end;
	*field = (struct dictionary_field){ we60->names[we60->field_count],
		(uint16_t)we60->end, (uint16_t)we60->length, DICTIONARY_EXACT };
	we60->end += we60->length;
	we60->field_count++;
	return STATUS_OK;
}

static enum status
begin_field(struct we60 *we60, struct str name)
{
	enum status status = end_field(we60);

	if (status != STATUS_OK)
		return status;
	if (we60->field_count == SDATA_LENGTH)
		return refuse(we60, "too many fields", STR_NONE);
	we60->in_field = true;
	we60->field_line = we60->line;
	we60->length = we60->position = we60->first = we60->last = 0;
	return take_name(we60, we60->names[we60->field_count], name);
}

/*
 * Put the segment at its level: its parent stands one above, or it is at the
 * top, which is level 01 in most types and 02 in DELVRY.
 */
static bool
place_segment(struct we60 *we60, struct str *parent)
{
	uint64_t at = we60->level - 1;

	if (we60->level > LIMIT_DEPTH)
		return false;
	while (at > 0 && we60->above[at][0] == '\0')
		at--;
	if (at > 0 && at != we60->level - 1)
		return false;
	*parent = str_of(we60->above[at]);
	memset(we60->above[we60->level], 0,
	    sizeof(we60->above) - we60->level * sizeof(we60->above[0]));
	memcpy(we60->above[we60->level], we60->type, sizeof(we60->type));
	return true;
}

static enum status
end_segment(struct we60 *we60)
{
	struct dictionary_layout layout = { we60->definition, we60->file,
		we60->fields, (uint16_t)we60->field_count,
		(uint16_t)we60->end };
	struct str parent = STR_NONE;

	if (we60->type[0] == '\0')
		return refuse(we60, "no SEGMENTTYPE in segment",
		    str_of(we60->definition));
	if (we60->level == 0)
		return refuse(we60, "no LEVEL in segment",
		    str_of(we60->definition));
	if (we60->field_count == 0)
		return refuse(we60, "no fields in segment",
		    str_of(we60->definition));
	if (!place_segment(we60, &parent))
		return refuse(we60, "nothing stands one level above segment",
		    str_of(we60->definition));
	if (!dictionary_add(we60->dictionary, str_of(we60->type), parent,
		&layout))
		return refuse(we60, "too many segments: no room for",
		    str_of(we60->definition));
	return STATUS_OK;
}

static enum status
begin_scope(struct we60 *we60, struct str word, struct str value)
{
	struct str name = str_from(word, strlen("BEGIN_"));

	for (size_t i = 1; i < SCOPES; i++) {
		if (!str_is(name, scope_table[i].name))
			continue;
		if ((scope_table[i].inside & IN(scope_of(we60))) == 0)
			return refuse(we60, "out of place:", word);
		if (we60->depth == SCOPE_DEPTH)
			return refuse(we60, "nested too deeply:", word);
		we60->scopes[we60->depth++] = (enum scope)i;
		if (i == SCOPE_FIELDS)
			we60->field_count = we60->end = 0;
		if (i == SCOPE_IDOC)
			memset(we60->above, 0, sizeof(we60->above));
		if (i != SCOPE_SEGMENT)
			return STATUS_OK;
		we60->type[0] = '\0';
		we60->level = 0;
		we60->field_count = we60->end = 0;
		return take_name(we60, we60->definition, value);
	}
	return refuse(we60, "unknown in a parser report:", word);
}

static enum status
end_scope(struct we60 *we60, struct str word)
{
	enum scope scope = scope_of(we60);
	enum status status = STATUS_OK;

	if (scope == SCOPE_OUTSIDE ||
	    !str_is(str_from(word, strlen("END_")), scope_table[scope].name))
		return refuse(we60, "ends what was not begun:", word);
	if (scope == SCOPE_FIELDS)
		status = end_field(we60);
	else if (scope == SCOPE_SEGMENT)
		status = end_segment(we60);
	else if (scope == SCOPE_SEGMENTS)
		we60->complete = true;
	we60->depth--;
	return status;
}

static enum status
field_attribute(struct we60 *we60, struct str word, struct str value)
{
	const struct {
		const char *word;
		uint64_t *to;
	} table[] = {
		{ "LENGTH", &we60->length },
		{ "FIELD_POS", &we60->position },
		{ "CHARACTER_FIRST", &we60->first },
		{ "CHARACTER_LAST", &we60->last },
		{ "BYTE_FIRST", &we60->first },
		{ "BYTE_LAST", &we60->last },
	};

	if (str_is(word, "NAME"))
		return begin_field(we60, value);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!str_is(word, table[i].word))
			continue;
		if (!we60->in_field)
			return refuse(we60, "belongs to no field:", word);
		return take_number(we60, table[i].to, value);
	}
	return STATUS_OK;
}

static bool
is_word(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!(word.data[i] >= 'A' && word.data[i] <= 'Z') &&
		    word.data[i] != '_')
			return false;
	return word.len > 0;
}

static enum status
read_line(struct we60 *we60, struct str line)
{
	struct str word, value;

	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	line = word = str_trim(line);
	if (line.len == 0)
		return STATUS_OK;
	word.len = 0;
	while (word.len < line.len && line.data[word.len] != ' ' &&
	       line.data[word.len] != '\t')
		word.len++;
	value = str_trim(str_from(line, word.len));
	if (memchr(line.data, '\0', line.len) != NULL)
		return refuse(we60,
		    "a NUL byte: save the report as plain text, not as UTF-16",
		    STR_NONE);
	if (str_starts(word, "BEGIN_"))
		return begin_scope(we60, word, value);
	if (str_starts(word, "END_"))
		return end_scope(we60, word);
	if (we60->depth == 0 || !is_word(word))
		return refuse(we60,
		    we60->depth == 0 && !we60->complete
			? "no parser report of transaction WE60:"
			: "not a line of a parser report:",
		    line);
	if (scope_of(we60) == SCOPE_FIELDS)
		return field_attribute(we60, word, value);
	if (scope_of(we60) == SCOPE_SEGMENT && str_is(word, "SEGMENTTYPE"))
		return take_name(we60, we60->type, value);
	if (scope_of(we60) == SCOPE_SEGMENT && str_is(word, "LEVEL"))
		return take_number(we60, &we60->level, value);
	return STATUS_OK;
}

static enum status
read_lines(struct we60 *we60, struct str report)
{
	enum status status = STATUS_OK;

	if (str_starts(report, "\xEF\xBB\xBF"))
		report = str_from(report, 3);
	while (report.len > 0 && status == STATUS_OK) {
		const char *end = memchr(report.data, '\n', report.len);
		struct str line = report;

		if (end != NULL)
			line.len = (size_t)(end - report.data);
		we60->line++;
		status = read_line(we60, line);
		report = str_from(report, line.len + 1);
	}
	if (status == STATUS_OK && we60->line == 0)
		return refuse(we60, "empty: no parser report", STR_NONE);
	if (status == STATUS_OK && (we60->depth > 0 || !we60->complete))
		return refuse(we60, "the report breaks off", STR_NONE);
	return status;
}

enum status
we60_read(struct dictionary *dictionary, struct str report, const char *name,
    struct diag *diag)
{
	struct we60 *we60 = mem_zero(1, sizeof(*we60));
	enum status status;

	we60->dictionary = dictionary;
	we60->file = name;
	we60->diag = diag;
	we60->header = HEADER;
	diag->file[0] = '\0';
	if (report.len > WE60_MAX)
		status =
		    refuse(we60, "larger than any report: 16 MiB", STR_NONE);
	else
		status = read_lines(we60, report);
	free(we60);
	return status;
}
