/* How evenly the ranks worked in generating: busy, waiting and writing time of each, who took over shards of
 * whom, and which rank stands out. */
#ifndef SG_APP_BALANCE_H
#define SG_APP_BALANCE_H

#include "app/stages.h"

enum { SG_HOST_BYTES = 64 };

/* One rank's part. Times are summed over its threads. Plain bytes: ranks send it as it is. */
struct sg_share {
    char host[SG_HOST_BYTES];
    uint64_t busy_us;  /* in shards, writing included */
    uint64_t write_us; /* in write, sync, close and rename */
    /* Of shards of tables that other ranks made shards of, too: what they took here and would have taken at
     * the others' mean speed. Rank 0 fills it in. */
    uint64_t compared_us, expected_us;
    /* From message passing being up to the rank's first shard being opened; 0 = it made none. */
    uint64_t ready_us;
    uint64_t wait_us; /* threads without a shard, until the last rank was done */
    uint64_t shards, shards_taken_over, rows;
    uint64_t requests;              /* to other ranks, for shards to take over */
    struct sg_comm_traffic traffic; /* rank 0's alone: from the start until the manifest is there */
};

/* Collective. Gives rank 0 all parts, in job->shares. */
enum sg_code sg_balance_gather(struct sg_job *job, struct sg_share *mine, struct sg_error *err);

/* Rank 0. Says it in a few lines (several ranks only), and adds `balance` to the result. */
void sg_balance_report(struct sg_job *job);

/* Pure. Does a rank stand out: did it take more than 1.5 times as long as the others would have taken, and
 * more than a tenth of a second? */
bool sg_share_is_slow(const struct sg_share *share);

#endif
