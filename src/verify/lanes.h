/* One batch as checks want to see it: columns as 64-bit values, rows of the same parent as stretches, and the
 * parents' columns beside the rows. Each is made once per batch, when the first check asks, and shared by
 * all.
 *
 * Order of use: open, want (all columns of parents that will be asked for), ready, then for each batch take
 * and ask. What an answer points to lives until the next take.
 *
 * Memory: a few buffers of one batch each, as many as the widest table needs; independent of rows.
 */
#ifndef SG_VERIFY_LANES_H
#define SG_VERIFY_LANES_H

#include "verify/parents.h"

/* A value and a null mark for each row of the batch; the value counts only without the mark. */
struct sg_lane {
    const int64_t *values;
    const uint8_t *null;
};

/* Rows of a batch in stretches that have the same value (or NULL) of a column: stretch s holds the rows from
 * first[s] up to first[s + 1]; first[count] is the number of rows. */
struct sg_stretches {
    size_t count;
    const uint32_t *first;
};

struct sg_lanes;

/* Parents and manifest must outlive the lanes. Close also after failure, NULL is fine. */
enum sg_code sg_lanes_open(struct sg_lanes **lanes, const struct sg_manifest *manifest,
                           struct sg_parents *parents, struct sg_error *err);
void sg_lanes_close(struct sg_lanes *lanes);

/* Announces that column `column` of the parent will be asked for through foreign key column `via` of a table
 * (manifest index); column -1: only whether there is a parent. Unknown foreign keys and parents that are not
 * part of the run are passed over. */
enum sg_code sg_lanes_want(struct sg_lanes *lanes, size_t table, int via, int column, struct sg_error *err);
/* The same of the parent's parent: through foreign key column `beyond`, an integer, of the parent. */
enum sg_code sg_lanes_want_beyond(struct sg_lanes *lanes, size_t table, int via, int beyond, int column,
                                  struct sg_error *err);
/* After the last want. */
enum sg_code sg_lanes_ready(struct sg_lanes *lanes, struct sg_error *err);

/* Starts a batch. It must outlive the asking. */
void sg_lanes_take(struct sg_lanes *lanes, size_t table, const struct sg_batch *batch);

/* The batch in hand. */
const struct sg_batch *sg_lanes_batch(const struct sg_lanes *lanes);

/* A column's values as sg_values_of_column gives them. */
struct sg_lane sg_lanes_column(struct sg_lanes *lanes, int column);

/* The stretches of a foreign key column. */
struct sg_stretches sg_lanes_stretches(struct sg_lanes *lanes, int via);

/* Looks up the parents of all rows through a wanted foreign key: found[s] tells whether stretch s has one
 * (false for NULL). */
enum sg_code sg_lanes_parents(struct sg_lanes *lanes, int via, const uint8_t **found, struct sg_error *err);

/* A wanted column of the parents, a value for each row: NULL where the parent's is, and where there is no
 * parent. */
enum sg_code sg_lanes_parent(struct sg_lanes *lanes, int via, int column, struct sg_lane *lane,
                             struct sg_error *err);

/* The same of the parents' parents. */
enum sg_code sg_lanes_parent_beyond(struct sg_lanes *lanes, int via, int beyond, int column,
                                    struct sg_lane *lane, struct sg_error *err);

#endif
