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

/* What a database answered, kept for the report. */
struct sg_asked {
    char label[256]; /* of the database */
    struct sg_check_list list;
};

/* Rank 0. Keeps a copy of the results in the job when its command is report; does nothing otherwise. */
enum sg_code sg_asked_keep(struct sg_job *job, const char *label, const struct sg_check_list *list,
                           struct sg_error *err);
/* Accepts NULL. */
void sg_asked_free(struct sg_asked *asked);

#endif
