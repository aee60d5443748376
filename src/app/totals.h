/* Totals: sums of a run that are known before a byte is written (struct sg_dataset, `totals`). */
#ifndef SG_APP_TOTALS_H
#define SG_APP_TOTALS_H

#include "app/stages.h"

/* Local. Adds up the totals of a planned world on `threads` threads: of every ranks-th block of units,
 * starting with block `rank`. sums has room for dataset->total_count and is overwritten. */
enum sg_code sg_totals_plan(const struct sg_dataset *dataset, const struct sg_world *world, int threads,
                            int rank, int ranks, int64_t *sums, struct sg_error *err);

/* Collective. Gives the manifest of a planned run its totals, the ranks sharing the work. Nothing for a run
 * of one root entity, which has other sums. */
enum sg_code sg_totals_keep(struct sg_job *job, struct sg_error *err);

/* Rank 0. Adds up the totals of a plan, prints them and adds the member "totals" to the result. Those of
 * tables that the run leaves out stay out; a run of one root entity has none. */
enum sg_code sg_totals_report(struct sg_job *job, struct sg_error *err);

#endif
