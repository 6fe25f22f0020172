#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

/*
 * Fuzz targets: tests/fuzz/fuzz_NAME.c has LLVMFuzzerTestOneInput(). With
 * clang's libFuzzer it becomes build/fuzz/tests/fuzz/fuzz_NAME (make fuzz);
 * with replay.c and any compiler it becomes tests/fuzz/replay_NAME, which runs
 * the committed inputs of tests/fuzz/corpus/NAME (make check).
 *
 * A target does not only wait for crashes: what must hold for every input is
 * required, and what does not hold ends the process.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The entry that libFuzzer and replay.c call; always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* End the process with a line on standard error when a rule does not hold. */
#define REQUIRE(condition, rule)                                               \
	((condition) ? (void)0 : fuzz_broken(__FILE__, __LINE__, (rule)))
_Noreturn void fuzz_broken(const char *file, int line, const char *rule);

/*
 * What fd_read() gives from now on, whatever the descriptor: these bytes, in
 * pieces of that size (0 = as many as are asked for), then the end.
 */
void fuzz_input(struct str bytes, size_t pieces);

/*
 * A file with these bytes, for what reads only files. Returns its path, which
 * is valid until the next call; the bytes are replaced by it.
 */
const char *fuzz_file(struct str bytes);

/* Every line is one that record_parse() takes, and ends with a newline. */
void fuzz_require_records(struct str lines);

#endif
