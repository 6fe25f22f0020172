#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *
status_text(enum status status)
{
	switch (status) {
#define X(name, code, text)                                                    \
	case STATUS_##name:                                                    \
		return text;
		STATUS_TABLE(X)
#undef X
	}
	return "unknown";
}

static void
diag_begin(struct diag *diag, enum status status, int err)
{
	diag->status = status;
	diag->err = err;
	diag->file[0] = '\0';
	diag->line = 0;
	diag->subject[0] = '\0';
}

/* A message that fills its array may end within a character: drop that. */
static void
end_whole(struct diag *diag)
{
	size_t len = strlen(diag->message);

	if (len + 1 < sizeof(diag->message))
		return;
	while (len > 0 && (diag->message[len - 1] & 0xC0) == 0x80)
		len--;
	if (len > 0 && (diag->message[len - 1] & 0x80) != 0)
		len--;
	diag->message[len] = '\0';
}

enum status
diag_set(struct diag *diag, enum status status, const char *format, ...)
{
	va_list args;

	diag_begin(diag, status, 0);
	va_start(args, format);
	vsnprintf(diag->message, sizeof(diag->message), format, args);
	va_end(args);
	end_whole(diag);
	return status;
}

enum status
diag_errno(struct diag *diag, enum status status, int err, const char *format,
    ...)
{
	va_list args;
	size_t used;

	if (err == ENOMEM)
		status_out_of_memory();
	if (status == STATUS_CANNOT_CREATE && (err == ENOSPC || err == EDQUOT))
		status = STATUS_IO;
	diag_begin(diag, status, err);
	va_start(args, format);
	vsnprintf(diag->message, sizeof(diag->message), format, args);
	va_end(args);
	used = strlen(diag->message);
	snprintf(diag->message + used, sizeof(diag->message) - used, ": %s",
	    strerror(err));
	end_whole(diag);
	return status;
}

void
diag_place(struct diag *diag, const char *file, size_t line)
{
	if (diag->file[0] != '\0')
		return;
	snprintf(diag->file, sizeof(diag->file), "%s", file);
	diag->line = line;
}

void
diag_print(const struct diag *diag, const char *tool)
{
	if (diag->file[0] != '\0' && diag->line > 0)
		fprintf(stderr, "%s: %s:%zu: %s\n", tool, diag->file,
		    diag->line, diag->message);
	else if (diag->file[0] != '\0')
		fprintf(stderr, "%s: %s: %s\n", tool, diag->file,
		    diag->message);
	else
		fprintf(stderr, "%s: %s\n", tool, diag->message);
}

static const char *tool_name = "sap-ometria";

void
status_tool(const char *name)
{
	tool_name = name;
}

/* In one piece: other tools of the line write to the same place. */
_Noreturn void
status_out_of_memory(void)
{
	char message[80];

	snprintf(message, sizeof(message), "%s: out of memory\n", tool_name);
	if (write(STDERR_FILENO, message, strlen(message)) < 0)
		_exit(STATUS_IO);
	_exit(STATUS_OS);
}
