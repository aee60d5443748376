/* Verification results of a stage, for people or as part of the JSON result. */
#ifndef SG_APP_CHECK_REPORT_H
#define SG_APP_CHECK_REPORT_H

#include "app/check.h"
#include "app/stages.h"

/* Rank 0 (others do nothing). Prints the table of results, or with --json adds the array `name` to the result
 * object. */
void sg_check_report(const struct sg_job *job, const struct sg_check_list *list, const char *name);

#endif
