#ifndef AUDIT_MASK_H
#define AUDIT_MASK_H

/*
 * Records and IDocs for people who need to see what is wrong with them and not
 * whose they are: of a text remains its shape, capitals as X, other letters as
 * x, digits as 9. Numbers of documents, customers and materials, codes and
 * quantities stay, by a list of field names, where they look like such.
 */

#include "base/json.h"

/* Append the value of a field, of SAP's or of ours, or its shape. */
void mask_field(struct buf *to, struct str name, struct str value);
/* Append a JSON value; texts by the name of their member. */
void mask_json(struct buf *to, const struct json *value, struct arena *arena);
/*
 * Append the start of an IDoc that cannot be read: the names of segments and
 * fields that SAP has stay, of XML and of flat lines, of all else the shape.
 */
void mask_broken(struct buf *to, struct str bytes);

#endif
