#ifndef IDOC_READER_H
#define IDOC_READER_H

/*
 * Reads IDocs from a descriptor in constant memory and hands them to a sink,
 * one at a time, whole. What cannot be read is handed over as a fault, and
 * reading goes on with the next IDoc: a bad IDoc never costs another one.
 *
 * XML goes through libxml2's push parser without network, DTD or entities;
 * flat files are sliced by the segment dictionary. Limits: base/limits.h.
 */

#include "idoc/dictionary.h"
#include "idoc/idoc.h"

enum idoc_format {
	IDOC_AUTO,
	IDOC_XML,
	IDOC_FLAT
};

struct idoc_options {
	enum idoc_format format;
	const char *encoding; /* forced encoding, NULL = detect */
	const char
	    *fallback; /* [sap] encoding: flat bytes that are not UTF-8 */
	/* NULL: the standard segments; must outlive the reader. */
	const struct dictionary *dictionary;
	bool raw; /* keep every field */
	bool hash; /* fill idoc->hash and fault->hash */
	bool libxml; /* every XML IDoc through libxml2: tests compare */
};

struct idoc_sink {
	enum status (*idoc)(void *user, const struct idoc *idoc);
	enum status (*fault)(void *user, const struct idoc_fault *fault);
	void *user;
	/* The input pauses: what was handed out may leave. Or NULL. */
	enum status (*idle)(void *user);
};

enum idoc_content {
	IDOC_CONTENT_EMPTY,
	IDOC_CONTENT_XML,
	IDOC_CONTENT_FLAT,
	IDOC_CONTENT_RECORDS, /* begins with '{': JSON lines, not for this
				 reader */
	IDOC_CONTENT_OTHER /* nothing that is known */
};

struct idoc_reader; /* reused from file to file */

struct idoc_reader *idoc_reader_new(struct idoc_symbols *symbols,
    const struct idoc_options *options);
void idoc_reader_free(struct idoc_reader *reader);

/* Whether options->encoding and ->fallback may be this. */
bool idoc_knows_encoding(const char *encoding);

/* What the first bytes of a file are (a few KiB suffice). */
enum idoc_content idoc_sniff(struct str start);

/*
 * Read the descriptor to its end. name is what src.file shall say. start holds
 * bytes that the caller already took from the descriptor (for idoc_sniff).
 * Returns what a sink returned when it was not STATUS_OK, STATUS_IO when
 * reading failed, STATUS_DATA when not a single IDoc or fault was found.
 */
enum status idoc_read(struct idoc_reader *reader, int fd, const char *name,
    struct str start, const struct idoc_sink *sink, struct diag *diag);

#endif
