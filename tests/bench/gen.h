#ifndef BENCH_GEN_H
#define BENCH_GEN_H

/* What the kinds of generated input share: see gen.c. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gen {
	uint64_t written; /* bytes */
	uint64_t number; /* of the document, from 1 */
	uint64_t about; /* of the one whose order it is about, mostly number */
	uint64_t seed;
	const char *date; /* of all documents, YYYYMMDD */
	unsigned second; /* of that day, of the first one */
	unsigned rate; /* documents a second */
	bool flat; /* IDocs as flat file, lines padded to 1063 */
	unsigned items; /* of an order; 0 = a few */
};

extern struct gen gen;

void gen_put(const char *text);
void gen_put_bytes(const char *text, size_t len);

/* Below `below`, spread by document, salt and seed. */
unsigned gen_spread(unsigned salt, unsigned below);

/* One of the messages below as an IDoc; which = 0 is ORDRSP. */
void gen_idoc(unsigned which);

/* The root element around it: its basic type. */
const char *gen_idoc_type(unsigned which);

/* The message of a document where all kinds are mixed as a shop sees them. */
unsigned gen_idoc_mixed(void);

/* The same of a line: deliveries and invoices follow their orders. Sets about.
 */
unsigned gen_idoc_line(void);

#endif
