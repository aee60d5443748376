/* Written shards dealt out to ranks: for stages that read a run.
 *
 * Shards are ordered by where their rows stand in their table, from 0 to 1; a rank starts with a contiguous
 * range of that order with its share of the text. Parents are close to their children there, in other tables
 * too, and every rank has its part of every big table. Depends on the manifest and the number of ranks alone.
 */
#ifndef SG_APP_DEAL_H
#define SG_APP_DEAL_H

#include "io/manifest.h"

struct sg_dealt {
    uint64_t position; /* of the shard's middle, in 2^32nds of its table */
    uint16_t table;
    uint32_t shard;
};

struct sg_deal {
    struct sg_dealt *shards; /* all, in order of position, parents before children at the same */
    size_t count;
    size_t *starts;   /* rank r starts with shards[starts[r]] up to starts[r + 1] */
    uint64_t *counts; /* the same as numbers, for the queue */
};

/* Local. Free with sg_deal_close even after failure. */
enum sg_code sg_deal_open(struct sg_deal *deal, const struct sg_manifest *manifest, int ranks,
                          struct sg_error *err);
void sg_deal_close(struct sg_deal *deal);

#endif
