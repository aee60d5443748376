/* A stage's verification results, shown the way the job was asked to. */
#ifndef SG_APP_CHECK_REPORT_H
#define SG_APP_CHECK_REPORT_H

#include "app/check.h"
#include "app/stages.h"

/* Rank 0. Prints the list for people unless --json, adds it to the job's result as `member` (counts, and
 * every result that is not a pass), and gives the verdict (see sg_check_verdict; `what` is the subject of its
 * message). */
enum sg_code sg_check_report(const struct sg_job *job, const char *member, const char *what,
                             const struct sg_check_list *list, struct sg_error *err);

#endif
