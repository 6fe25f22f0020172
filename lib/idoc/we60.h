#ifndef IDOC_WE60_H
#define IDOC_WE60_H

/*
 * SAP's own description of an IDoc type: the parser report of transaction WE60
 * (and of report RSEIDOC3), which names every segment definition of a type or
 * an extension with its fields, and where the segment stands in the tree.
 *
 *	BEGIN_RECORD_SECTION         the records; the place of SDATA counts
 *	BEGIN_SEGMENT_SECTION
 *	  BEGIN_IDOC      INVOIC02
 *	    EXTENSION     ZINVOIC02
 *	    BEGIN_SEGMENT Z2ABC000
 *	      SEGMENTTYPE Z1ABC
 *	      LEVEL       02         below the last segment of level 01
 *	      BEGIN_FIELDS
 *	        NAME      MAIL
 *	        LENGTH    000060
 *	        CHARACTER_FIRST 000064   in the whole record, from 1
 *
 * The words are the same in every logon language. Releases before Unicode
 * write BYTE_FIRST and BYTE_LAST. Texts may have any encoding that is ASCII
 * where it looks like it; lines end with LF or CRLF.
 *
 * The reader is strict where slicing depends on it: sections must nest, fields
 * must follow one another without gap or overlap, lengths, places and
 * positions must agree, a segment must stand one level below another or at the
 * top, whatever level that begins with (01; 02 in DELVRY).
 * Attributes that it does not know are passed over.
 */

#include "idoc/dictionary.h"

/* The largest report that is read: SAP's own are 200 KiB to 2 MiB. */
#define WE60_MAX ((size_t)16 * 1024 * 1024)

/*
 * Add the segments of a report (or several, one behind the other) to the
 * dictionary. name is its file, for messages and dictionary_layout.source:
 * it must live as long as the dictionary. STATUS_CONFIG with file and line
 * when it is no such report; the dictionary is then of no use.
 */
enum status we60_read(struct dictionary *dictionary, struct str report,
    const char *name, struct diag *diag);

#endif
