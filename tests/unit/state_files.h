#ifndef TESTS_STATE_FILES_H
#define TESTS_STATE_FILES_H

/* Take a state away with all that SQLite and the tools keep beside it. */

#include <stdio.h>
#include <unistd.h>

static inline void
state_files_remove(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-lock",
		"-push" };
	char name[128];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

#endif
