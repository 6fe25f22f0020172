#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/* UTF-8 text: checking, counting, cutting, and escaping for messages. */

#include "base/buf.h"

/* Whether every byte belongs to a well-formed UTF-8 sequence (RFC 3629). */
bool text_is_utf8(struct str text);

/* Bytes of the well-formed sequence at the start of a text that is not empty, 0
 * when there is none. */
size_t text_sequence(struct str text);

/* Characters (code points) of well-formed UTF-8. */
size_t text_length(struct str text);

/* The longest start of text that has at most max characters. */
struct str text_cut(struct str text, size_t max);

/* Append a code point as UTF-8. */
void text_add_codepoint(struct buf *to, uint32_t codepoint);

/*
 * Untrusted bytes made fit for a message: printable ASCII and UTF-8 stay,
 * control characters, quotes, backslashes and broken bytes become \xNN, and
 * more than max bytes of input are cut with "...". Returns to->data.
 */
const char *text_escape(struct buf *to, struct str text, size_t max);
/* The same for a whole message, whose quotes are its own. */
const char *text_message(struct buf *to, struct str text, size_t max);

/* A failed call on a file: `WHAT 'PATH'`, the path escaped, and the words of
 * err. Returns status. */
enum status text_errno(struct diag *diag, enum status status, int err,
    const char *what, const char *path);

/* How many bytes have to be changed, added, left out, or swapped with the next
 * to make one word of the other; UINT_MAX for words longer than 63 bytes. */
unsigned text_changes(struct str a, struct str b);

/* ASCII only, other bytes untouched. */
char text_upper(char c);
char text_lower(char c);
bool text_equal_fold(struct str a, struct str b);

#endif
