/* stats.h5 of a run (--stats, --no-stats): the certificate with its histograms, tables, and times per rank
 * and stage, as arrays for programs. docs/formats.md lists what is inside. */
#ifndef SG_APP_STATS_H
#define SG_APP_STATS_H

#include "app/stages.h"
#include "verify/certificate.h"

/* The certificate as it was judged; rank 0 keeps it from the verification until the end. */
struct sg_stats;

/* Rank 0. Copies the judged certificate into job->stats, in place of an earlier one. Does nothing
 * where none are wanted. */
enum sg_code sg_stats_keep(struct sg_job *job, const struct sg_certificate *certificate,
                           const uint64_t *cells, const struct sg_fit *fits, struct sg_error *err);
/* Collective, after the last stage. Writes stats.h5 into the output folder. Does nothing where
 * none are wanted. */
enum sg_code sg_stats_write(struct sg_job *job, struct sg_error *err);
void sg_stats_free(struct sg_stats *stats);

#endif
