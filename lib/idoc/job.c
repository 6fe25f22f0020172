#include "idoc/job.h"

#include <stdio.h>

static void
hand_over(struct idoc_job *job, struct idoc_fault *fault)
{
	fault->file = job->file;
	fault->n = ++job->n;
	if (job->status == STATUS_OK)
		job->status = job->sink->fault(job->sink->user, fault);
}

void
job_fault(struct idoc_job *job, struct idoc_fault *fault)
{
	if (fault->control.docnum.len > 0 || fault->kunnr.len > 0) {
		job_end(job);
		hand_over(job, fault);
		return;
	}
	if (++job->nameless <= LIMIT_FAULTS) {
		hand_over(job, fault);
		return;
	}
	if (job->nameless > LIMIT_FAULTS + 1)
		return;
	job->counted = (struct idoc_fault){ .code = fault->code,
		.offset = fault->offset,
		.line = fault->line,
		.hash = fault->hash };
	/* It tells whether customers are concerned. */
	if (!str_copy(job->mestyp, sizeof(job->mestyp), fault->control.mestyp))
		job->mestyp[0] = '\0';
}

void
job_end(struct idoc_job *job)
{
	uint64_t count = job->nameless;
	char why[80];

	job->nameless = 0;
	if (count <= LIMIT_FAULTS)
		return;
	snprintf(why, sizeof(why),
	    "%llu more IDocs behind each other that nothing identifies",
	    (unsigned long long)(count - LIMIT_FAULTS));
	job->counted.message = str_of(why);
	job->counted.control.mestyp = str_of(job->mestyp);
	hand_over(job, &job->counted);
}
