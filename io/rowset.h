/* Row sets: batches of any length. A columnar format gathers rows in one until it writes them, and reads what
 * it reads at once into one; the rest of the program sees it through views of batch length.
 *
 * Invariant: cells under a NULL mark are zero, so that equal rows make equal bytes.
 */
#ifndef SG_IO_ROWSET_H
#define SG_IO_ROWSET_H

#include "model/batch.h"

struct sg_rowset {
    struct sg_batch batch;  /* capacity and pool grow; batch.rows rows are there */
    struct sg_vector *view; /* vectors of the view given out last */
};

/* Local. An empty set. Free with sg_rowset_close even after failure. */
enum sg_code sg_rowset_open(struct sg_rowset *set, const struct sg_table *table, struct sg_error *err);
void sg_rowset_close(struct sg_rowset *set);

/* Forgets all rows, keeps the memory. */
void sg_rowset_clear(struct sg_rowset *set, uint64_t row_first);

/* Makes room for `rows` rows and `pool` bytes of text in all; new cells are zero and not NULL. */
enum sg_code sg_rowset_reserve(struct sg_rowset *set, size_t rows, size_t pool, struct sg_error *err);

/* Adds copies of all rows of a batch. */
enum sg_code sg_rowset_append(struct sg_rowset *set, const struct sg_batch *batch, struct sg_error *err);

/* Bytes the rows take. */
size_t sg_rowset_bytes(const struct sg_rowset *set);

/* Rows [first, first + rows), valid until the next view or change. */
struct sg_batch sg_rowset_view(struct sg_rowset *set, size_t first, size_t rows);

#endif
