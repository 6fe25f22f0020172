#ifndef IDOC_PARSE_AGE_H
#define IDOC_PARSE_AGE_H

/*
 * Archived files age out: those that came into the archive longer ago than
 * [archive] retain says are removed, with their pages. What is still needed
 * stays: a file of which an IDoc is not settled, or has an exception that is
 * open. The ledger knows afterwards that their IDocs are in no file.
 */

#include "archive.h"

/*
 * Once in each hour, whoever comes first, and at most ten thousand files each
 * time. What cannot be removed is said on standard error and stays.
 */
enum status age_pass(struct archive *archive, struct diag *diag);

#endif
