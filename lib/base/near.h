#ifndef BASE_NEAR_H
#define BASE_NEAR_H

/*
 * The word that somebody meant, for messages about one that is unknown. Words
 * are compared by the letters to insert, remove, replace or swap (the distance
 * of Damerau and Levenshtein, neighbours swapped once), upper case as lower.
 */

#include "base/buf.h"

#define NEAR_MAX 48 /* longer words are near to nothing */

struct near {
	struct str wanted;
	const char *word; /* the nearest so far, or NULL; borrowed */
	size_t distance;
};

/* Nothing is near yet. The text is borrowed. */
void near_begin(struct near *near, struct str wanted);
/*
 * Offer a word. It is near when at most a third of the wanted letters (and at
 * least one may) have to change; of two equally near the first stays.
 */
void near_offer(struct near *near, const char *word);
/* Append "; did you mean 'WORD'?" when something is near; before stands in
 * front of the word. */
void near_say(const struct near *near, const char *before, struct buf *text);

#endif
