#ifndef TESTS_CONFIG_TEXT_H
#define TESTS_CONFIG_TEXT_H

/* A configuration from its text. */

#include <stdio.h>
#include <unistd.h>

#include "base/config.h"

static inline struct config *
config_from(const char *text)
{
	char file[] = "/tmp/config_text.XXXXXX";
	struct config *config = NULL;
	struct diag diag;
	int fd = mkstemp(file);

	if (fd < 0 || dprintf(fd, "%s", text) < 0 ||
	    config_load(&config, file, &diag) != STATUS_OK)
		printf("Bail out! no configuration\n");
	close(fd);
	unlink(file);
	return config;
}

#endif
