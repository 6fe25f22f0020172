#ifndef IDOC_XML_NAMES_H
#define IDOC_XML_NAMES_H

/*
 * What the element names of a document mean, worked out once per name. A name
 * is found by its text; libxml2 hands out one pointer per name, so that with
 * it a pointer mostly suffices. Entries live until xml_names_clear, which must
 * come with a fresh parser dictionary and when symbols were forgotten.
 */

#include <libxml/xmlstring.h>

#include "idoc/dictionary.h"
#include "idoc/reader.h"

enum xml_name_kind {
	XML_NAME_OTHER, /* a field or an unknown segment */
	XML_NAME_SEGMENT, /* a known segment */
	XML_NAME_GROUP, /* BizTalk's wrapper of a segment and what is below */
	XML_NAME_IGNORED, /* DATAHEADERCOLUMN_.., SEGMENTPAD */
	XML_NAME_IDOC,
	XML_NAME_CONTROL, /* EDI_DC40, EDI_DC40_U */
	XML_NAME_DATA /* idocData */
};

struct xml_name {
	enum xml_name_kind kind;
	struct str sent; /* without a prefix */
	struct str text; /* the same with `_-` read as '/' */
	const struct dictionary_segment *known;
	const struct idoc_symbol *type; /* once it was used as a segment */
	/* The same where the IDoc's segments are sent under definition names:
	 * ZE1KNVVM_TXT for ZE1KNVVM_TXT000. */
	const struct idoc_symbol *defined;
	const struct dictionary_segment *defined_known;
	bool definition; /* E2.. or Z2..: the IDoc's others are that as well */
	const struct idoc_symbol *field; /* NULL when nobody wants it */
	int control; /* index of the control field, or -1 */
	bool keep_left; /* a text line, whose leading blanks count */
	bool guarded; /* a segment most fields of which are secret */
	bool secret; /* never kept (idoc/secret.h) */
	bool no_symbol; /* a wanted name that found no room in the table */
	struct xml_name *next; /* the name that came behind it the last time */
};

struct xml_names;

struct xml_names *xml_names_new(struct idoc_symbols *symbols,
    const struct dictionary *dictionary, bool raw);
void xml_names_free(struct xml_names *names);
/* NULL when an IDoc has invented too many names, or one that is too long. */
struct xml_name *xml_names_find(struct xml_names *names, struct str sent);
/* The same by a pointer of the parser's dictionary. */
struct xml_name *xml_names_of_key(struct xml_names *names, const xmlChar *key);
void xml_names_clear(struct xml_names *names);
/* So many that they are to be cleared before the next IDoc, or out of date. */
bool xml_names_crowded(const struct xml_names *names);
/* Make the types of a name that is used as a segment; false without room. */
bool xml_names_type(struct xml_names *names, struct xml_name *name);

#endif
