#ifndef IDOC_XML_H
#define IDOC_XML_H

/*
 * The XML reader: libxml2's push parser without network, DTD or entities, and
 * around it what keeps one bad IDoc from costing another.
 *
 * IDocs are elements named IDOC at any depth, or whatever holds an EDI_DC40.
 * Names are matched without their prefix. An element is a segment when it
 * stands directly in an IDoc, has a SEGMENT attribute, the name of a known
 * segment, or elements inside; else it is a field. BizTalk's wrappers
 * (E2KNA1M005GRP), names of definitions in the IDocs that hold them
 * (E2KNA1M005, and beside it ZE1KNVVM_TXT000), header columns and flat text in
 * idocData are understood.
 *
 * When a document breaks, the IDoc in hand becomes a fault and reading goes on
 * at the next <IDOC with a fresh parser, below an element made up for it. A
 * DOCTYPE costs the IDoc behind it; in the middle of a document it is a fault
 * of its own, and so is what is hostile between IDocs. A CDATA section or a
 * long comment that holds an IDoc counts as one that was never closed. Other
 * errors between IDocs cost nothing, unless the file ends before its root
 * element does, which is a fault of its own.
 *
 * Names are bounded in length and, for each IDoc, in sum: between two IDocs the
 * parser and what is known of names begin afresh when there were many.
 */

#include "idoc/flat.h"

struct xml;

/* flat reads texts inside SendIdoc; it may be in use by nobody else. */
struct xml *xml_new(const struct idoc_options *options,
    struct idoc_symbols *symbols, struct flat *flat);
void xml_free(struct xml *xml);

/* Read a source of UTF-8 to its end. */
enum status xml_read(struct xml *xml, struct idoc_job *job,
    struct source *source, struct diag *diag);

/* Why a file without any IDoc could not be read, or empty. */
struct str xml_problem(const struct xml *xml);

#endif
