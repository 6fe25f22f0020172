#ifndef MAP_ARTICLE_H
#define MAP_ARTICLE_H

/*
 * ARTMAS is a flat list: each segment names in MATERIAL the article that it is
 * about, E1BPE1VARKEY in VARIANT. For the field map they are put below one
 * segment for each article, in order of first mention.
 */

#include "map/row.h"

/*
 * A tree of the anchor's type with one segment for each article: its
 * E1BPE1MATHEAD with what else is about it below; a variant that has no such
 * segment gets one without fields. Lives in the arena.
 */
const struct idoc_segment *article_arrange(const struct idoc_symbol *anchor,
    const struct idoc *idoc, struct arena *arena);

#endif
