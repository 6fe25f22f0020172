#ifndef IDOC_SOURCE_H
#define IDOC_SOURCE_H

/*
 * The bytes of an input file in a window that moves over them, decoded to
 * UTF-8 on the way when asked. A byte that the encoding does not have becomes
 * 0xFF, which is broken UTF-8: it spoils the IDoc that it stands in.
 */

#include "idoc/decoder.h"

struct source {
	int fd;
	struct str start; /* read by the caller, not yet in the window */
	char *data;
	size_t size;
	size_t begin, end; /* the window */
	uint64_t offset; /* of its first byte in the (decoded) input */
	bool ended;
	struct decoder decoder; /* open: it decodes */
	struct buf raw; /* read, not yet decoded */
	struct buf text; /* decoded, on its way into the window */
	/* Called before a wait for input that pauses; NULL = nobody cares. */
	enum status (*idle)(void *user);
	void *user;
};

/* Reuses the memory of a source that was zeroed or closed before. */
void source_open(struct source *source, int fd, struct str start);
void source_close(struct source *source); /* the file stays open */
void source_free(struct source *source);

/* Add at least one byte to the window, or set ended. */
enum status source_fill(struct source *source, struct diag *diag);

/* Whether more can be had within so many milliseconds. */
bool source_ready(const struct source *source, int wait);

/* Decode from the window's first byte on; false when nobody knows encoding. */
bool source_decode(struct source *source, const char *encoding);

static inline struct str
source_window(const struct source *source)
{
	return (struct str){ source->data + source->begin,
		source->end - source->begin };
}

static inline void
source_skip(struct source *source, size_t len)
{
	source->begin += len;
	source->offset += len;
}

#endif
