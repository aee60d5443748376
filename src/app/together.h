/* Generating tables into files that all ranks write together (io/table_file.h), one table after the other: in
 * each round every thread of every rank makes a shard in memory, then all ranks write them. Memory of a rank:
 * a shard of each thread. */
#ifndef SG_APP_TOGETHER_H
#define SG_APP_TOGETHER_H

#include "app/stages.h"

/* Receives every shard of the plan, on rank 0 alone. spent_us is the shard's part of its table's time, 0 when
 * the table was there already. */
typedef void sg_together_made(void *context, size_t shard, const struct sg_shard_facts *facts,
                              uint64_t spent_us);

/* Collective. With `resume`, tables that are there and whole are kept; others are made anew. */
enum sg_code sg_generate_together(struct sg_job *job, const struct sg_format_info *format, bool resume,
                                  sg_together_made *made, void *context, struct sg_error *err);

#endif
