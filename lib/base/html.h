#ifndef BASE_HTML_H
#define BASE_HTML_H

/* The one writer of HTML: whatever is text gets into a page through here. */

#include "base/buf.h"

/* Text for an element, or for an attribute in double quotes. Control characters
 * become blanks. */
void html_text(struct buf *to, struct str text);
/* <tag>text</tag>; tag may carry attributes: "td class=id". */
void html_element(struct buf *to, const char *tag, struct str text);

#endif
