#ifndef IDOC_JOB_H
#define IDOC_JOB_H

/* One file being read: what the XML and the flat reader share. */

#include "base/limits.h"
#include "idoc/reader.h"

struct idoc_job {
	const struct idoc_options *options;
	struct idoc_symbols *symbols;
	const struct idoc_sink *sink;
	struct str file;
	uint64_t n; /* IDocs and faults so far */
	enum status status; /* of the sink; reading ends when it is not OK */
	struct diag *diag;
	/* Faults that nothing identifies, without anything else between: so
	 * many, and of those that are only counted the first one. */
	uint64_t nameless;
	struct idoc_fault counted;
	char mestyp[31]; /* of counted */
};

/* Whether the IDoc in hand, built in arena, may go on: false beyond its limits,
 * and where the disk has no room for it, which ends the reading. */
static inline bool
job_within(struct idoc_job *job, const struct idoc *idoc,
    const struct arena *arena)
{
	if (arena->used > LIMIT_IDOC || idoc->segment_count > LIMIT_SEGMENTS)
		return false;
	if (arena->err == 0)
		return true;
	job->status = diag_errno(job->diag, STATUS_CANNOT_CREATE, arena->err,
	    "cannot hold a large IDoc");
	return false;
}

/*
 * Hand over a fault. Of those behind each other that nothing identifies, such
 * as tags of IDocs without anything in them, the first LIMIT_FAULTS are handed
 * over one by one, and the others as one that says how many they are.
 */
void job_fault(struct idoc_job *job, struct idoc_fault *fault);

/* The file ends: hand over what was only counted. */
void job_end(struct idoc_job *job);

static inline void
job_idoc(struct idoc_job *job, struct idoc *idoc)
{
	if (job->nameless > 0)
		job_end(job);
	idoc->file = job->file;
	idoc->n = ++job->n;
	idoc->raw = job->options->raw;
	if (job->status == STATUS_OK)
		job->status = job->sink->idoc(job->sink->user, idoc);
}

#endif
