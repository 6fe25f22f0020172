#ifndef IDOC_XML_FAST_H
#define IDOC_XML_FAST_H

/*
 * Reads one plain IDoc element without libxml2, which costs several times as
 * much, with exactly the result that libxml2's events would have had.
 *
 * Plain is: element and attribute names of ASCII, quoted attributes without
 * references, text of legal UTF-8 with predefined entities and character
 * references, white space, empty tags. At anything else (CDATA, comments,
 * instructions, whatever is not well-formed, a limit reached) the IDoc is
 * declined: nothing was handed out, and libxml2 reads the same bytes, with all
 * that follows from errors. So this reader may always decline, and must never
 * take what libxml2 would refuse.
 */

#include "idoc/xml_parts.h"

enum xml_fast {
	XML_FAST_DONE, /* handed out by xml_finish */
	XML_FAST_DECLINED,
	XML_FAST_MORE /* a longer window may hold the whole IDoc */
};

/*
 * The window begins with an IDoc's tag, up to which the parser has read all,
 * and no IDoc is open. *len is the length of the element when it is done.
 */
enum xml_fast xml_fast_read(struct xml *xml, size_t *len);

#endif
