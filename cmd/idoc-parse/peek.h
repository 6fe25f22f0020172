#ifndef IDOC_PARSE_PEEK_H
#define IDOC_PARSE_PEEK_H

/* What the first and last bytes of a file tell before it is read. */

#include "base/arena.h"
#include "base/instant.h"

#define PEEK_BYTES 4096
#define PEEK_SEQ 32 /* a seq and its NUL */

/*
 * The seq that orders a file among others: that of its first control record,
 * or of its first record line (its seq, else the moment that it names). Where
 * there is none, the file's time of change in SAP's zone stands for it. head is
 * the start of the file; an IDoc's control record lies within it.
 */
void peek_seq(struct str head, instant changed, struct arena *arena,
    char seq[PEEK_SEQ]);

/*
 * Whether the file looks finished: the root element of XML is closed, and a
 * file of lines ends with one. False only tells that it may be worth a second
 * look. size is that of the file.
 */
bool peek_finished(int fd, struct str head, off_t size);

#endif
