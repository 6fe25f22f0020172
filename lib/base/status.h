#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/*
 * Results of library calls, and the exit codes of every tool: one table.
 *
 * A function that can fail returns enum status and fills the caller's struct
 * diag where the failure was first seen; callers may add a subject or a place,
 * never a second message. The library prints nothing and never exits, except
 * when memory runs out (status_out_of_memory).
 *
 * Codes follow sysexits(3). 69 and 75 mean "run again", the rest of 64..78
 * mean a person is needed.
 */

#include <stdbool.h>
#include <stddef.h>

#define STATUS_TABLE(X)                                                        \
	X(OK, 0, "done")                                                       \
	X(FINDINGS, 1, "done, with findings: exceptions or differences")       \
	X(USAGE, 64, "wrong usage of the command line")                        \
	X(DATA, 65, "input data is wrong")                                     \
	X(NO_INPUT, 66, "an input file or directory is missing")               \
	X(UNAVAILABLE, 69, "Ometria cannot be reached; run again")             \
	X(BUG, 70, "internal error")                                           \
	X(OS, 71, "operating system error, such as no memory")                 \
	X(CANNOT_CREATE, 73, "an output file cannot be created")               \
	X(IO, 74, "reading or writing failed")                                 \
	X(TRY_AGAIN, 75, "busy; run again")                                    \
	X(PROTOCOL, 76, "Ometria answered what its interface does not allow")  \
	X(NOT_ALLOWED, 77, "permission denied or key refused")                 \
	X(CONFIG, 78, "wrong configuration")

enum status {
#define X(name, code, text) STATUS_##name = code,
	STATUS_TABLE(X)
#undef X
};

/* Where and why a call failed. Untrusted bytes in it are already escaped. */
struct diag {
	enum status status;
	int err; /* errno of the failed system call, or 0 */
	char message[320]; /* lower case, no full stop */
	char file[256]; /* input file, or empty */
	size_t line; /* its line, from 1; 0 = unknown */
	char subject[80]; /* IDoc, order or customer number, or empty */
};

/* The sentence of STATUS_TABLE for a status, "unknown" for anything else. */
const char *status_text(enum status status);

/*
 * Set diag from a printf format; returns status, so that a failing function
 * can `return diag_set(...)`. Only numbers and already trusted text may be
 * formatted; bytes of the input go through text_escape() first.
 */
enum status diag_set(struct diag *diag, enum status status, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* The same, with ": strerror(err)" behind the message. What cannot be made for
 * want of room is IO, as what cannot be written; for want of memory it does not
 * return. */
enum status diag_errno(struct diag *diag, enum status status, int err,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Name the input place; the first caller wins, later ones are ignored. */
void diag_place(struct diag *diag, const char *file, size_t line);

/* Write "tool: file:line: message" as one line to standard error. */
void diag_print(const struct diag *diag, const char *tool);

/* Memory is gone: one line on standard error, exit 71. It begins with the name
 * of the tool when that was told; the text must live on. */
_Noreturn void status_out_of_memory(void);
void status_tool(const char *name);

#include "base/banned.h"

#endif
