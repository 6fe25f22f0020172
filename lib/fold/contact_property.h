#ifndef FOLD_CONTACT_PROPERTY_H
#define FOLD_CONTACT_PROPERTY_H

/*
 * Custom properties of a contact within Ometria's limits: at most 100 of them,
 * and all of them, as JSON with their keys, under 1,000 characters (Data API,
 * custom fields). The short ones stay whole; the one that goes beyond is cut
 * between two characters, longer ones are left out.
 */

#include "base/arena.h"
#include "base/json.h"
#include "base/jsonw.h"

#define CONTACT_PROPERTIES 100
#define CONTACT_PROPERTY_CHARACTERS 999

/*
 * Write the member "properties", in the order they stand in; nothing when there
 * are none. Keys that were cut or left out are appended to *cut, separated by
 * ", ", a few of them by name.
 */
void contact_property_write(const struct json *properties, struct jsonw *w,
    struct buf *cut, struct arena *arena);

#endif
