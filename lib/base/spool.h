#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

/*
 * Bytes that are held back and come out later, in the order in which they came
 * in: the records of an IDoc until the whole of it is known to be good. What
 * is beyond LIMIT_HELD waits in an unlinked temporary file, so that memory does
 * not grow with the output.
 *
 * Writers (jsonw.h) append to `recent`, and may take back what they appended
 * since they last called spool_settle, which is when bytes move to the file.
 * A failure of the file stays until the spool is cleared: nothing is stored
 * then, and spool_status and spool_replay report it.
 */

#include "base/limits.h"
#include "base/out.h"

struct spool {
	struct buf recent; /* the last bytes */
	uint64_t filed; /* the bytes in front of them, in the file */
	int fd; /* of the file, -1 = none */
	int err; /* errno of what failed, 0 = nothing */
};

#define SPOOL_INIT                                                             \
	{                                                                      \
		BUF_INIT, 0, -1, 0                                             \
	}

/* Bytes of all that is held. */
static inline uint64_t
spool_length(const struct spool *spool)
{
	return spool->filed + spool->recent.len;
}

/* spool_settle where there is enough to be moved. */
void spool_file(struct spool *spool);

/* What was appended stays: it may leave the memory. */
static inline void
spool_settle(struct spool *spool)
{
	if (spool->recent.len >= LIMIT_HELD)
		spool_file(spool);
}

/* What is in memory from byte begin on: nothing when begin is in the file. */
struct str spool_recent(const struct spool *spool, uint64_t begin);

/* Take back all behind the first length bytes. */
void spool_cut(struct spool *spool, uint64_t length);
/* Hold nothing; the file goes. */
void spool_clear(struct spool *spool);
void spool_free(struct spool *spool);

/* STATUS_CANNOT_CREATE when the file has no room; what is in it is kept. */
enum status spool_status(const struct spool *spool, struct diag *diag);
/* Append length bytes from begin on to out; they stay held. STATUS_IO when
 * the file or the output failed. */
enum status spool_replay(const struct spool *spool, uint64_t begin,
    uint64_t length, struct out *out, struct diag *diag);

#endif
