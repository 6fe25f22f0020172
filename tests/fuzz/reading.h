#ifndef TESTS_FUZZ_READING_H
#define TESTS_FUZZ_READING_H

/*
 * What holds for every input of an IDoc reader:
 *
 *   - all that a sink is given is UTF-8; values are neither empty nor end in
 *     blanks; n counts up; segments form a tree that is not too deep;
 *   - the codes of faults are exception codes;
 *   - --raw of an IDoc is JSON, its records are records;
 *   - the same bytes give the same calls, however they arrive in pieces, and
 *     whatever the reader read before; of XML, with or without the own scanner.
 */

#include "fuzz.h"
#include "idoc/reader.h"

/* Read these bytes in that format in every way, and check all of it. */
void reading_check(struct str bytes, enum idoc_format format);

#endif
