#ifndef AUDIT_SAPLIST_PARTS_H
#define AUDIT_SAPLIST_PARTS_H

/* What the files of saplist share; nobody else includes this. */

#include "audit/saplist.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/sorter.h"

#define DOCNUM_DIGITS 16

enum column {
	DOCNUM,
	MESTYP,
	CREDAT,
	CRETIM,
	STATUS,
	COLUMNS
};

struct saplist_tally {
	struct str mestyp; /* in the arena */
	uint64_t sent, kept, received, missing, unlisted;
};

struct saplist {
	struct sorter *idocs; /* number and '+' (sent) or '-': message type */
	struct arena arena;
	struct saplist_tally *tallies;
	size_t tally_count;
	size_t at[COLUMNS]; /* of each column from 1, 0 = it has none */
	char separator;
	struct csv_row row; /* scratch while it is read */
	char first[15], last[15]; /* YYYYMMDDHHMMSS, "" = not known */
	uint64_t faulty; /* rows without a number */
};

/* The figures of a message type, made when it is new. */
struct saplist_tally *saplist_tally(struct saplist *list, struct str mestyp);

#endif
