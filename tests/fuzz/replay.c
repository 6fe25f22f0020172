/*
 * replay FILE...: run a fuzz target on files, without libFuzzer. Prints TAP; an
 * input that breaks a rule ends the process before its "ok".
 */

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static void
load(const char *path, struct buf *bytes)
{
	FILE *file = fopen(path, "rb");
	size_t got = 0;

	REQUIRE(file != NULL, path);
	buf_clear(bytes);
	do {
		bytes->len += got;
		buf_reserve(bytes, 65536);
	} while ((got = fread(bytes->data + bytes->len, 1, 65536, file)) > 0);
	REQUIRE(!ferror(file), path);
	fclose(file);
}

int
main(int argc, char **argv)
{
	struct buf bytes = BUF_INIT;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		/* Exactly as long as it is, so that a read behind it shows. */
		uint8_t *copy;

		printf("# %s\n", argv[i]);
		fflush(stdout);
		load(argv[i], &bytes);
		copy = mem_alloc(bytes.len > 0 ? bytes.len : 1);
		if (bytes.len > 0)
			memcpy(copy, bytes.data, bytes.len);
		LLVMFuzzerTestOneInput(copy, bytes.len);
		free(copy);
		printf("ok %d - %s\n", i, argv[i]);
	}
	buf_free(&bytes);
	return 0;
}
