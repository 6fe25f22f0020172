#ifndef UNIT_CONFIGURATION_H
#define UNIT_CONFIGURATION_H

/* The configuration that a text says, to be freed by the caller. */

#include <unistd.h>

#include "base/config.h"

static struct config *
configuration(const char *text)
{
	char file[] = "/tmp/test_configuration.XXXXXX";
	struct config *config = NULL;
	struct diag diag;
	int fd = mkstemp(file);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	if (written < 0 || config_load(&config, file, &diag) != STATUS_OK)
		abort();
	unlink(file);
	return config;
}

#endif
