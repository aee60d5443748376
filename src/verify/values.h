/* Cells as 64-bit integers: what rules compare.
 *
 * Integers, scaled decimals, day numbers, seconds, booleans and enum codes are themselves; text, tokens and
 * UUIDs compare for equality by a 64-bit image. A day number compared with an instant stands for its midnight
 * UTC, as in SQL.
 */
#ifndef SG_VERIFY_VALUES_H
#define SG_VERIFY_VALUES_H

#include "model/batch.h"

/* A key cell: `order` ascends with the key (for text: its first eight bytes), `identity` decides equality. */
struct sg_key_image {
    int64_t order;
    uint64_t identity;
};

/* Pure. Values and null marks of a whole column of a batch; both arrays hold batch->rows elements. */
void sg_values_of_column(const struct sg_batch *batch, int column, int64_t *values);

/* Pure. Key image of one cell. */
struct sg_key_image sg_key_image_of_cell(const struct sg_batch *batch, size_t row, int column);

/* Pure. Key image of a UUID. */
struct sg_key_image sg_key_image_of_uuid(uint64_t high, uint64_t low);

/* Pure. Key image of a cell's COPY text (first and last keys in the manifest). */
struct sg_key_image sg_key_image_of_text(const struct sg_column *column, const char *text, size_t length);

/* Pure. Compares two key texts of a table (cells joined by tabs) in key order: negative, zero, positive. */
int sg_key_text_compare(const struct sg_table *table, const char *a, const char *b);

/* Pure. Compares the primary keys of two rows of a batch. */
int sg_key_row_compare(const struct sg_batch *batch, const int *key_columns, int key_count, size_t a,
                       size_t b);

/* Pure. Factor that turns stored units of `type` into those of `other` for comparison (days to seconds). */
static inline int64_t sg_value_factor(enum sg_type type, enum sg_type other) {
    return type == SG_DATE && other == SG_TIMESTAMP ? 86400 : 1;
}

#endif
