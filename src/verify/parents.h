/* Look-ups of parent rows in written shards: a bounded cache of parent shards, one per thread.
 *
 * Children follow their parents' order, so the few shards held serve almost every look-up; a miss reads the
 * parent's shard again. Memory is bounded by SG_PARENT_CACHE_BYTES (or one shard if that is larger).
 */
#ifndef SG_VERIFY_PARENTS_H
#define SG_VERIFY_PARENTS_H

#include "verify/values.h"
#include "verify/verify.h"

enum { SG_PARENT_CACHE_BYTES = 24 << 20, SG_PARENT_CACHE_SHARDS = 32 };

struct sg_parents;

enum sg_code sg_parents_open(struct sg_parents **parents, const struct sg_manifest *manifest, const char *out,
                             struct sg_error *err);
void sg_parents_close(struct sg_parents *parents);

/* Announces that rows of a table (manifest index) will be looked up by a key column, and that a column of
 * them will be asked for (-1: none). Before the first find. */
void sg_parents_want(struct sg_parents *parents, size_t table, int key_column, int column);

/* Where a parent stands: row `row` of arrays by column, NULL for columns that nobody wants. Valid until the
 * next find. */
struct sg_parent_row {
    bool found;
    size_t row;
    int64_t *const *values;
    uint8_t *const *nulls;
};

/* Finds the row of table `table` (manifest index) whose column `key_column` equals the image. */
enum sg_code sg_parents_find(struct sg_parents *parents, size_t table, int key_column,
                             struct sg_key_image image, struct sg_parent_row *row, struct sg_error *err);

/* A shard that is being read anyway is kept, too, when others look up its rows by its key: begin before its
 * first batch, add each batch, end after the last (whole = it was read without fault). Fails only without
 * memory. */
enum sg_code sg_parents_keep_begin(struct sg_parents *parents, size_t table, size_t shard,
                                   struct sg_error *err);
void sg_parents_keep_add(struct sg_parents *parents, const struct sg_batch *batch);
void sg_parents_keep_end(struct sg_parents *parents, bool whole);

#endif
