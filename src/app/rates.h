/* rates.json beside the manifest: how fast the run was made, for the report that comes later.
 *
 * Stages with rows, bytes and seconds, and for each table the seconds that all threads together spent making
 * it. No part of the data: digests do not cover it, and a run without it is as good.
 */
#ifndef SG_APP_RATES_H
#define SG_APP_RATES_H

#include "app/stages.h"

struct sg_rate {
    char name[64];
    uint64_t us; /* microseconds: of the clock for stages, of all threads together for tables */
    uint64_t rows, text_bytes;
};

struct sg_rates {
    uint64_t ranks, threads; /* threads of a rank */
    struct sg_rate *stages, *tables;
    size_t stage_count, table_count; /* both 0: not known */
};

/* Rank 0, after a run that made something and has all its parts; does nothing after others. */
enum sg_code sg_rates_write(const struct sg_job *job, struct sg_error *err);

/* Local. What the folder tells; unknown when it tells nothing that reads. Free with sg_rates_free even after
 * failure. */
enum sg_code sg_rates_read(const char *out, struct sg_rates *rates, struct sg_error *err);
void sg_rates_free(struct sg_rates *rates);

/* Pure. NULL when there is none of this name. */
const struct sg_rate *sg_rate_find(const struct sg_rate *rates, size_t count, const char *name);
/* Pure. Per second; 0 when no time was taken. */
double sg_rate_of(const struct sg_rate *rate, uint64_t amount);

#endif
