/* Reading shards of any format as batches.
 *
 *     sg_batches_open(&batches, format, table, out, facts, err);
 *     for (;;) { sg_batches_next(batches, &batch, err); if (!batch) break; ... }
 *     sg_batches_close(batches);
 *
 * Threads: a reader belongs to one thread. Memory: one batch and what the format reads at once (a frame, a
 * row group).
 */
#ifndef SG_IO_BATCHES_H
#define SG_IO_BATCHES_H

#include "io/shard.h"

struct sg_batches;

/* Local. Opens <out>/<facts->path>; SG_NO_INPUT when absent, SG_CORRUPT when it is not what the facts say or
 * its structure does not read. *batches is NULL after failure. `out`, `table` and `facts` must stay. */
enum sg_code sg_batches_open(struct sg_batches **batches, const struct sg_format_info *format,
                             const struct sg_table *table, const char *out,
                             const struct sg_shard_facts *facts, struct sg_error *err);
/* Local. The next up to SG_BATCH_ROWS rows, positioned at their table rows; valid until the next call. NULL
 * at the end, where the digest of all that was read must be that of the facts, else SG_CORRUPT. SG_INVALID
 * when a cell is not a value of its column. */
enum sg_code sg_batches_next(struct sg_batches *batches, const struct sg_batch **batch, struct sg_error *err);
/* NULL is fine. */
void sg_batches_close(struct sg_batches *batches);

/* Local. Facts that a finished shard carries in itself. SG_NO_INPUT when there is no such file, SG_CORRUPT
 * when it was cut or its end does not read. */
enum sg_code sg_batches_facts(struct sg_shard_facts *facts, const struct sg_format_info *format,
                              const char *out, const char *path, struct sg_error *err);
/* Local. Reads a whole shard and proves its digest: what --resume asks before it keeps one. */
enum sg_code sg_batches_prove(const struct sg_shard_facts *facts, const struct sg_format_info *format,
                              const struct sg_table *table, const char *out, struct sg_error *err);

#endif
