/* Look-ups of parent rows in written shards: a bounded cache of parent shards, one per thread.
 *
 * Where children follow their parents' order, the few shards held serve almost every look-up; a miss reads
 * the parent's shard again. Where they lie anywhere (who referred a customer, who did the work), shards come
 * back while one and the same child shard is read: then the cache grows, up to SG_PARENT_CACHE_BYTES_MAX.
 * Memory is bounded by that (or one shard if it is larger), whatever the number of rows. Held rows are
 * packed: dense keys take nothing, columns as few bytes as their range in the shard needs.
 */
#ifndef SG_VERIFY_PARENTS_H
#define SG_VERIFY_PARENTS_H

#include "verify/packed.h"
#include "verify/values.h"
#include "verify/verify.h"

enum { SG_PARENT_CACHE_BYTES = 24 << 20, SG_PARENT_CACHE_BYTES_MAX = 192 << 20 };

struct sg_parents;

/* Manifest and out, the folder of the shards, must outlive the cache. Close also after failure. */
enum sg_code sg_parents_open(struct sg_parents **parents, const struct sg_manifest *manifest, const char *out,
                             struct sg_error *err);
void sg_parents_close(struct sg_parents *parents);

/* Announces that rows of a table (manifest index) will be looked up by a key column, and that a column of
 * them will be asked for (-1: none). Before the first find. */
void sg_parents_want(struct sg_parents *parents, size_t table, int key_column, int column);

/* Where a parent stands. Valid until the next find. */
struct sg_parent_row {
    bool found;
    size_t row;
    const struct sg_packed *columns; /* of its shard, by column */
};

/* Pure. The value of a wanted column of a row that was found; *null tells that there is none. */
int64_t sg_parent_value(const struct sg_parent_row *row, int column, bool *null);

/* Finds the row of table `table` (manifest index) whose column `key_column` equals the image. */
enum sg_code sg_parents_find(struct sg_parents *parents, size_t table, int key_column,
                             struct sg_key_image image, struct sg_parent_row *row, struct sg_error *err);

/* Pure. How often a shard of a parent was read for look-ups so far. */
uint64_t sg_parents_loads(const struct sg_parents *parents);

/* A shard that is being read anyway is kept, too, when others look up its rows by its key: begin before its
 * first batch, add each batch, end after the last (whole = it was read without fault). Fails only without
 * memory. */
enum sg_code sg_parents_keep_begin(struct sg_parents *parents, size_t table, size_t shard,
                                   struct sg_error *err);
void sg_parents_keep_add(struct sg_parents *parents, const struct sg_batch *batch);
void sg_parents_keep_end(struct sg_parents *parents, bool whole);

#endif
