#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every bound on what input can make grow, in one place, each with its reason.
 * Sizes are bytes unless the name says otherwise.
 */

#define MIB ((size_t)1024 * 1024)

/* One JSON line: the largest record any tool reads or writes. */
#define LIMIT_LINE (4 * MIB)
/* Nesting of JSON and of IDoc segments: SAP's deepest tree has 9 levels. */
#define LIMIT_DEPTH 32
/* The tree of one IDoc while it is read (mapped fields only): room for 100,000
 * items with a dozen fields each. */
#define LIMIT_IDOC (128 * MIB)
/* What is held in memory of one IDoc's tree, and of its records, before the
 * rest goes to an unlinked file: the tool is to stay below 8 MB, of which
 * libraries take 5. */
#define LIMIT_HELD (MIB / 4)
/* All records of one IDoc: what its tree can hold, with room for keys; a long
 * header field is repeated in the record of each item. */
#define LIMIT_OUTPUT (4 * LIMIT_IDOC)
/* Segments of one IDoc: SEGNUM has six digits. */
#define LIMIT_SEGMENTS 999999
/* Fields of one segment: a flat one has 1,000 characters. */
#define LIMIT_FIELDS 4096
/* Faults of a file one behind the other that nothing identifies, before they
 * are only counted: a file of nothing but tags would give millions of lines. */
#define LIMIT_FAULTS 1000
/* One XML element's text: no SAP field is longer than 1,000 characters. */
#define LIMIT_FIELD 65536
/* Milliseconds that input may pause before what is in hand is committed and
 * leaves. */
#define LIMIT_IDLE 5
/* Records an aggregator gathers before it begins a transaction. */
#define LIMIT_BATCH 500
/* Bytes of the same batch. */
#define LIMIT_BATCH_BYTES (1 * MIB)
/* A configuration file, its sections and keys. */
#define LIMIT_CONFIG_LINE 1024

/* Ometria: records a request, bytes a record (Data API, "Push endpoint"). */
#define OMETRIA_BATCH 100
#define OMETRIA_RECORD 60000
/* What an answer of Ometria may hold: 250 rows of 60 KB would be 15 MB. */
#define OMETRIA_RESPONSE (16 * MIB)

#endif
