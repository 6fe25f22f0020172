#ifndef IDOC_FLAT_H
#define IDOC_FLAT_H

/*
 * The flat reader: control and data records of releases 4.x (EDI_DC40,
 * EDI_DC40_U) and 3.x (EDI_DC), with trailing blanks or cut, in lines (LF,
 * CRLF) or unbroken at full width, in files or inside XML (SendIdoc).
 *
 * A control record begins an IDoc, the next one or the end of the file ends
 * it. A last line without its newline is taken for cut off when it is shorter
 * than the header, or than what lines of this file have shown; a file cut
 * between two lines cannot be told from a whole one. Empty lines, 0x1A and
 * status records are skipped, and so is what comes before the first control
 * record.
 *
 * Bytes that are not UTF-8 spoil the IDoc with idoc-encoding where UTF-8 was
 * claimed (BOM, EDI_DC40_U, the file's encoding); otherwise the line is read
 * by options->fallback, or where it has other characters of UTF-8, is repaired.
 * A definition without a layout of which somebody wants fields spoils it with
 * idoc-no-layout. The rest of a spoiled IDoc is skipped.
 */

#include "idoc/job.h"
#include "idoc/source.h"

struct flat;

struct flat *flat_new(const struct idoc_options *options,
    struct idoc_symbols *symbols);
void flat_free(struct flat *flat);

/* Begin a file, or a text inside XML; utf8: it is known to be UTF-8. */
void flat_begin(struct flat *flat, struct idoc_job *job, bool utf8,
    bool inside);

/* One record without its line end, and where it stands. whole: it had one. */
void flat_line(struct flat *flat, struct str line, uint64_t offset,
    size_t number, bool whole);

/* A line was too long to be kept. */
void flat_long_line(struct flat *flat);

/* What holds the records broke off: the IDoc in hand is cut. */
void flat_cut(struct flat *flat);

/* The end: hand out the last IDoc. */
void flat_end(struct flat *flat);

/* Begin, all records of a source, end. */
enum status flat_read(struct flat *flat, struct idoc_job *job,
    struct source *source, bool utf8, struct diag *diag);

#endif
