#include "idoc/reader.h"

#include "base/text.h"
#include "idoc/flat.h"
#include "idoc/xml.h"

/* Bytes that tell what a file is, at least. */
#define SNIFF_BYTES 512
/* Milliseconds to wait for so many. */
#define SNIFF_WAIT 1000
#define BOM_UTF8 "\xEF\xBB\xBF"

struct idoc_reader {
	struct idoc_options options;
	char *encoding; /* copies: the caller's may go */
	char *fallback;
	struct idoc_symbols *symbols;
	struct flat *flat;
	struct xml *xml;
	struct source source;
};

struct idoc_reader *
idoc_reader_new(struct idoc_symbols *symbols,
    const struct idoc_options *options)
{
	struct idoc_reader *reader = mem_zero(1, sizeof(*reader));

	reader->options = *options;
	if (options->encoding != NULL)
		reader->encoding = mem_strdup(options->encoding);
	if (options->fallback != NULL)
		reader->fallback = mem_strdup(options->fallback);
	reader->options.encoding = reader->encoding;
	reader->options.fallback = reader->fallback;
	reader->symbols = symbols;
	reader->flat = flat_new(&reader->options, symbols);
	reader->xml = xml_new(&reader->options, symbols, reader->flat);
	return reader;
}

void
idoc_reader_free(struct idoc_reader *reader)
{
	if (reader == NULL)
		return;
	xml_free(reader->xml);
	flat_free(reader->flat);
	source_free(&reader->source);
	free(reader->encoding);
	free(reader->fallback);
	free(reader);
}

static struct str
behind(struct str text, size_t len)
{
	return (struct str){ text.data + len, text.len - len };
}

static struct str
skip_white(struct str text)
{
	while (
	    text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t' ||
				text.data[0] == '\n' || text.data[0] == '\r'))
		text = behind(text, 1);
	return text;
}

/* UTF-16 shows by its mark or by the NUL of its first ASCII character. */
static const char *
utf16(struct str start)
{
	const char *at = start.data;

	if (start.len < 2)
		return NULL;
	if (memcmp(at, "\xFF\xFE", 2) == 0 || (at[0] != '\0' && at[1] == '\0'))
		return "UTF-16LE";
	if (memcmp(at, "\xFE\xFF", 2) == 0 || (at[0] == '\0' && at[1] != '\0'))
		return "UTF-16BE";
	return NULL;
}

bool
idoc_knows_encoding(const char *encoding)
{
	struct decoder decoder = { 0 };
	bool known = decoder_open(&decoder, encoding);

	decoder_close(&decoder);
	return known;
}

enum idoc_content
idoc_sniff(struct str start)
{
	char narrow[SNIFF_BYTES];

	if (utf16(start) != NULL) {
		size_t len = 0;

		/* What is told apart here is ASCII: the other bytes. */
		for (size_t i = 0; i < start.len && len < sizeof(narrow); i++)
			if (start.data[i] != 0 && (start.data[i] & 0x80) == 0)
				narrow[len++] = start.data[i];
		start = (struct str){ narrow, len };
	}
	if (str_starts(start, BOM_UTF8))
		start = behind(start, strlen(BOM_UTF8));
	start = skip_white(start);
	if (start.len == 0)
		return IDOC_CONTENT_EMPTY;
	if (start.data[0] == '<')
		return IDOC_CONTENT_XML;
	if (start.data[0] == '{')
		return IDOC_CONTENT_RECORDS;
	if (str_starts(start, "EDI_D"))
		return IDOC_CONTENT_FLAT;
	return IDOC_CONTENT_OTHER;
}

/* The encoding that an XML declaration names, lower-case as written. */
static bool
declared(struct str start, char *to, size_t size)
{
	static const char word[] = "encoding";
	struct str at = start;

	if (!str_starts(start, "<?xml"))
		return false;
	while (at.len > 0 && !str_starts(at, word) && at.data[0] != '>')
		at = behind(at, 1);
	if (!str_starts(at, word))
		return false;
	at = skip_white(behind(at, strlen(word)));
	if (!str_starts(at, "="))
		return false;
	at = skip_white(behind(at, 1));
	if (at.len < 2 || (at.data[0] != '"' && at.data[0] != '\''))
		return false;
	for (size_t i = 1; i < at.len; i++)
		if (at.data[i] == at.data[0])
			return str_copy(to, size,
			    (struct str){ at.data + 1, i - 1 });
	return false;
}

static bool
is_utf8_name(const char *encoding)
{
	struct str name = str_of(encoding);

	return text_equal_fold(name, STR("UTF-8")) ||
	       text_equal_fold(name, STR("UTF8")) ||
	       text_equal_fold(name, STR("US-ASCII")) ||
	       text_equal_fold(name, STR("ASCII"));
}

/* What a declaration says without an order of bytes, or where they say that it
 * is not so. */
static bool
is_utf16(const char *encoding)
{
	struct str start = { encoding, strlen("UTF-16") };

	return strlen(encoding) >= start.len &&
	       text_equal_fold(start, STR("UTF-16"));
}

/*
 * Whether a file may name this encoding itself: those that SAP's code pages
 * give. Anything else is for --encoding to say: iconv knows
 * hundreds, and a file is not to choose among them.
 */
static bool
is_usual(const char *encoding)
{
	static const char *const names[] = { "ISO-8859-", "ISO8859-",
		"WINDOWS-125", "CP125" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str start = { encoding, strlen(names[i]) };

		if (strlen(encoding) > start.len &&
		    text_equal_fold(start, str_of(names[i])))
			return true;
	}
	return false;
}

/*
 * Make the source give UTF-8 where its encoding is known. *utf8 says whether
 * it is to be UTF-8 for sure.
 */
static enum status
settle_encoding(struct idoc_reader *reader, bool xml, bool *utf8,
    struct diag *diag)
{
	struct source *source = &reader->source;
	const char *encoding = reader->options.encoding;
	struct str start = source_window(source);
	struct buf escaped = BUF_INIT;
	char name[40];

	*utf8 = xml;
	/* The order of its bytes shows better than iconv guesses it. */
	if ((encoding == NULL ||
		text_equal_fold(str_of(encoding), STR("UTF-16"))) &&
	    utf16(start) != NULL)
		encoding = utf16(start);
	/* A mark outweighs a declaration: whoever put it there came later. */
	if (str_starts(start, BOM_UTF8)) {
		source_skip(source, strlen(BOM_UTF8));
		*utf8 = true;
		if (encoding == NULL)
			return STATUS_OK;
	}
	start = skip_white(source_window(source));
	if (encoding == NULL && xml && declared(start, name, sizeof(name)) &&
	    !is_utf16(name))
		encoding = name;
	if (encoding == NULL)
		return STATUS_OK;
	*utf8 = true;
	if (is_utf8_name(encoding))
		return STATUS_OK;
	if ((encoding == name && !is_usual(encoding)) ||
	    !source_decode(source, encoding)) {
		diag_set(diag, STATUS_DATA,
		    "encoding %s is not known; name it with --encoding",
		    text_escape(&escaped, str_of(encoding), 40));
		buf_free(&escaped);
		return STATUS_DATA;
	}
	start = source_window(source);
	if (str_starts(start, BOM_UTF8))
		source_skip(source, strlen(BOM_UTF8));
	return STATUS_OK;
}

static enum status
no_idoc(const struct idoc_reader *reader, bool xml, struct diag *diag)
{
	struct str problem = xml ? xml_problem(reader->xml) : STR_NONE;

	if (problem.len > 0)
		return diag_set(diag, STATUS_DATA, "no IDoc in it: %.*s",
		    STR_ARGS(problem));
	return diag_set(diag, STATUS_DATA, "no IDoc in it");
}

static enum status
read_source(struct idoc_reader *reader, struct idoc_job *job, struct diag *diag)
{
	struct source *source = &reader->source;
	enum idoc_format format = reader->options.format;
	enum status status;
	bool xml, utf8;

	/* A pipe may pause behind a little that can be told already. */
	while (source_window(source).len < SNIFF_BYTES && !source->ended &&
	       (idoc_sniff(source_window(source)) == IDOC_CONTENT_EMPTY ||
		   source_ready(source, SNIFF_WAIT))) {
		status = source_fill(source, diag);
		if (status != STATUS_OK)
			return status;
	}
	if (format == IDOC_AUTO) {
		enum idoc_content content = idoc_sniff(source_window(source));

		if (content != IDOC_CONTENT_XML && content != IDOC_CONTENT_FLAT)
			return diag_set(diag, STATUS_DATA, "%s",
			    content == IDOC_CONTENT_EMPTY
				? "no IDoc in it: it is empty"
				: "neither XML nor a flat IDoc file");
		format = content == IDOC_CONTENT_XML ? IDOC_XML : IDOC_FLAT;
	}
	xml = format == IDOC_XML;
	status = settle_encoding(reader, xml, &utf8, diag);
	if (status != STATUS_OK)
		return status;
	status = xml ? xml_read(reader->xml, job, source, diag)
		     : flat_read(reader->flat, job, source, utf8, diag);
	if (status == STATUS_OK && job->n == 0)
		return no_idoc(reader, xml, diag);
	return status;
}

enum status
idoc_read(struct idoc_reader *reader, int fd, const char *name,
    struct str start, const struct idoc_sink *sink, struct diag *diag)
{
	struct idoc_job job = { .options = &reader->options,
		.symbols = reader->symbols,
		.sink = sink,
		.file = str_of(name),
		.status = STATUS_OK,
		.diag = diag };
	enum status status;

	idoc_symbols_keep(reader->symbols);
	source_open(&reader->source, fd, start);
	reader->source.idle = sink->idle;
	reader->source.user = sink->user;
	status = read_source(reader, &job, diag);
	job_end(&job);
	source_close(&reader->source);
	return status != STATUS_OK ? status : job.status;
}
