#ifndef IDOC_XML_PARTS_H
#define IDOC_XML_PARTS_H

/*
 * What the parts of the XML reader share: xml.c (feeding), xml_resume.c
 * (handing out, and finding the next IDoc after a break), xml_sax.c (libxml2's
 * callbacks), xml_fast.c (IDocs read without libxml2) and xml_event.c (what
 * elements mean, whoever reads them). Places are offsets in the decoded input.
 */

#include <libxml/parser.h>

#include "idoc/content.h"
#include "idoc/tree.h"
#include "idoc/xml.h"
#include "idoc/xml_names.h"

/* Elements within elements: SOAP, root, IDOC, 32 segments with a wrapper each,
 * a field; deeper is no IDoc. */
#define XML_DEPTH 96
/* Bytes of a spoiled IDoc that are kept for salvage and its hash. */
#define XML_HEAD ((size_t)64 * 1024)

/* The name of a prefix before IDOC, and IDOC with what follows it. */
#define XML_TAG_MAX ((size_t)64)

enum xml_frame_kind {
	XML_FRAME_OUTSIDE,
	XML_FRAME_IDOC, /* holds segments: IDOC, or what holds an EDI_DC40 */
	XML_FRAME_CONTROL,
	XML_FRAME_CONTROL_FIELD,
	XML_FRAME_SEGMENT,
	XML_FRAME_FIELD, /* or a segment, when an element is found inside */
	XML_FRAME_GROUP,
	XML_FRAME_DATA, /* flat text in idocData */
	XML_FRAME_SKIPPED
};

static inline bool
xml_is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct xml_frame {
	enum xml_frame_kind kind;
	struct xml_name *name;
	struct tree_node *node; /* of a segment; of a group its first one */
};

struct xml {
	const struct idoc_options *options;
	struct idoc_symbols *symbols;
	struct flat *flat;
	struct idoc_job *job;
	struct source *source;
	/* Newlines are counted up to a place in the window, where line is. */
	uint64_t counted;
	size_t line;
	xmlParserCtxtPtr parser;
	struct xml_names *names;
	struct buf problem;

	/* The document as fed. */
	uint64_t begun; /* place where it begins */
	/* Place of the parser's first byte: before begun when resumed. */
	uint64_t origin;
	size_t fed; /* bytes of the window that the parser has */
	size_t token_max; /* bytes that the parser may hold back */
	bool resumed; /* below a root made up by xml.c */
	bool finishing; /* the parser was told that the input ends */
	bool standing_in; /* it reads an element in place of a whole IDoc */
	/* xml_fast.c: up to where IDocs' end tags were looked for, and the
	 * place behind the one found last. */
	uint64_t end_sought, end_found;
	struct buf root; /* name of the file's root element, as sent */
	struct buf type; /* and as an IDoc type */

	/* The break that the feeding loop is to deal with. */
	bool broken;
	const char *broken_code;
	struct buf broken_why;
	uint64_t broken_at;
	bool doctype; /* by a document type before the root element */

	/* The elements that are open. */
	struct xml_frame frames[XML_DEPTH + 1];
	size_t depth;
	size_t idoc_depth; /* of the element that is the IDoc */
	size_t skip_depth; /* elements inside are skipped; 0 = none */
	struct buf text;
	size_t text_len; /* also of text that nobody collects */
	bool collect;

	/* The IDoc in hand. */
	struct arena arena;
	struct idoc idoc;
	struct tree tree;
	struct content content;
	bool open;
	bool bare; /* no IDOC element */
	bool definitions; /* its segments are sent under definition names */
	bool control; /* its control record was seen */
	const char *code; /* what spoiled it, NULL = nothing */
	struct str why;
	uint64_t closed; /* place where the last IDoc ended */
	struct buf head; /* its first bytes, as far as they left the window */
	uint64_t head_to; /* place up to which head was filled */

	/* Flat text inside idocData. */
	bool data_open;
	struct buf data_line;
	size_t data_lines;
};

/* xml_sax.c: libxml2's handlers, with the struct xml as user data. */
void xml_sax_init(xmlSAXHandler *sax);

/* xml.c */
uint64_t xml_place(const struct xml *xml); /* of the parser, in the input */
/* The document is broken at this place; the first break stands. */
void xml_break(struct xml *xml, const char *code, struct str why,
    uint64_t place);
/* The IDoc in hand is spoiled; the document goes on. The first reason stands.
 */
void xml_spoil(struct xml *xml, const char *code, struct str why);
/* Of the tag that libxml2 is at the end of. */
uint64_t xml_tag_place(const struct xml *xml);
/* The line of a place in the window: 1 and the newlines before it, whatever
 * libxml2 counts. */
size_t xml_line_of(const struct xml *xml, uint64_t place);
/* Leave bytes of the window behind. */
void xml_pass(struct xml *xml, size_t len);

/* xml_resume.c */
/* A piece of a CDATA section, at the parser's place. One that holds an IDoc's
 * tag was never closed: it would swallow the IDocs behind it. */
void xml_cdata(struct xml *xml, size_t len);
/* Hand out the IDoc in hand, which ends at this place. */
void xml_finish(struct xml *xml, uint64_t end);

/* The IDoc in hand begins at this place of the window, or lies before it: keep
 * what of it will be needed if it is spoiled. */
void xml_gather(struct xml *xml, uint64_t to);
/*
 * The first tag <IDOC or <prefix:IDOC in text, *at bytes from its start. With
 * its last byte the text must reach behind the tag's name.
 */
bool xml_find_idoc(struct str text, size_t *at);
/* Whether the window begins with such a tag. */
bool xml_at_idoc(const struct xml *xml);
/*
 * After a break: hand out the fault of the IDoc that it spoiled, if any, and
 * move the window to the next IDoc's tag. *more is false when there is none.
 */
enum status xml_resume(struct xml *xml, bool *more, struct diag *diag);
/* The input ended broken; a fault of its own, when it was between IDocs but
 * before its root element's end. */
void xml_check_root(struct xml *xml);

/* Without white space at the right, and at both ends. */
static inline struct str
xml_trim_right(struct str text)
{
	while (text.len > 0 && xml_is_white(text.data[text.len - 1]))
		text.len--;
	return text;
}

static inline struct str
xml_trim(struct str text)
{
	text = xml_trim_right(text);
	while (text.len > 0 && xml_is_white(text.data[0])) {
		text.data++;
		text.len--;
	}
	return text;
}

/* xml_event.c */
/* An IDoc begins with the element at depth, whose tag is at this place; bare
 * says that the element is not named IDOC. */
void xml_event_idoc(struct xml *xml, size_t depth, bool bare, uint64_t at);
/*
 * An element begins one level deeper than the last one, which is no IDOC in an
 * open IDoc and not deeper than XML_DEPTH. segment says that it has a SEGMENT
 * attribute. Afterwards xml->collect says whether somebody wants its text.
 */
void xml_event_start(struct xml *xml, struct xml_name *name, bool segment);
/* It ends; text is what stood in it, as far as that was wanted. */
void xml_event_end(struct xml *xml, struct str text);
/* Skip what is inside the element that begins; the IDoc is spoiled. */
void xml_skip_rest(struct xml *xml, const char *code, struct str why);

#endif
