/* The shard plan: which rows each file holds, and which rank makes it.
 *
 * The shard is the unit of work, file, restart, load and proof. Cuts depend on the data set alone (table
 * sizes and unit boundaries), never on ranks or threads. Every table has at least one shard, which may hold
 * no row.
 */
#ifndef SG_PARTITION_PLAN_H
#define SG_PARTITION_PLAN_H

#include "model/dataset.h"

enum { SG_SHARD_TEXT_BYTES = 16 << 20 }; /* aimed at per shard */

struct sg_shard {
    uint16_t table;  /* index in the dataset */
    uint32_t number; /* 0.. within the table, in row order */
    uint64_t unit_first, unit_end;
    uint64_t row_first, rows;
};

struct sg_plan {
    const struct sg_dataset *dataset;
    const struct sg_world *world;
    struct sg_run run;
    struct sg_shard *shards; /* by table, then number */
    size_t shard_count;
};

/* Local. Cuts all tables whose flag in `wanted` (table_count flags, NULL = all) is set. The world must
 * outlive the plan. With run->only_unit set, each table has one shard with the rows of that unit (see enum
 * sg_only). Free with sg_plan_close even after failure. */
enum sg_code sg_plan_open(struct sg_plan *plan, const struct sg_dataset *dataset,
                          const struct sg_world *world, const struct sg_run *run, const bool *wanted,
                          struct sg_error *err);
void sg_plan_close(struct sg_plan *plan);

/* Local. Drops all shards but those of part 1..parts. Every shard is in one part; a part is a contiguous
 * range of the normalised key space with its share of expected bytes, give or take a shard. A part may be
 * empty. */
enum sg_code sg_plan_keep_part(struct sg_plan *plan, int part, int parts, struct sg_error *err);

/* Pure. Rows of one table over all its shards. */
uint64_t sg_plan_rows(const struct sg_plan *plan, uint16_t table);

/* Local, any thread. Generates the rows of a shard into the sink. SG_INTERNAL when they are not as many as
 * planned; else what the sink fails with. */
enum sg_code sg_plan_make(const struct sg_plan *plan, const struct sg_shard *shard, sg_sink *sink,
                          void *context, struct sg_error *err);

/* Pure. Expected text bytes of a shard: rows x declared typical row width. */
uint64_t sg_shard_bytes_estimate(const struct sg_plan *plan, const struct sg_shard *shard);

/* Pure. owner[i] = rank of shard i: every rank gets a contiguous range of the normalised key space (account
 * ranges) with an equal share of expected bytes, give or take a shard. Same result on every rank. */
enum sg_code sg_plan_assign(const struct sg_plan *plan, int ranks, int *owner, struct sg_error *err);

/* Pure. The same by rank: order[] lists all shards, those of rank 0 first, each rank's in plan order; rank r
 * has counts[r] of them. order has shard_count values, counts `ranks`. */
enum sg_code sg_plan_deal(const struct sg_plan *plan, int ranks, size_t *order, uint64_t *counts,
                          struct sg_error *err);

/* Pure. Root units that ranks start with, for people: rank r works around [starts[r], starts[r + 1]). starts
 * has ranks + 1 values, ascending from 0 to the number of root units. */
enum sg_code sg_plan_rank_units(const struct sg_plan *plan, int ranks, uint64_t *starts,
                                struct sg_error *err);

#endif
