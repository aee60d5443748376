/* The seed's validation of a customers CSV file, ours or not, and its report. */
#ifndef SG_APP_AUDIT_FILE_H
#define SG_APP_AUDIT_FILE_H

#include "app/stages.h"
#include "datasets/cardholders/audit.h"

/* Local. Reads the file ("-": standard input) and judges every row; faults of rows are no failure of the
 * call. SG_CORRUPT when the file is no CSV, SG_INVALID when it lacks a column that the checks need. The audit
 * must be open. */
enum sg_code sg_audit_file(struct ch_audit *audit, const char *path, struct sg_error *err);

/* Rank 0. Prints checks, offending rows and warnings unless --json, adds them to the result as "validation".
 */
void sg_audit_report_checks(const struct sg_job *job, const struct ch_audit *audit);
/* Rank 0. Prints the statistics of the seed, adds them to the result as "statistics". */
void sg_audit_report_statistics(const struct sg_job *job, const struct ch_audit *audit);
/* SG_INVALID with a summary when any row is at fault. */
enum sg_code sg_audit_verdict(const struct ch_audit *audit, const char *path, struct sg_error *err);

#endif
