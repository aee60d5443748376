/* The digest of rows in memory that table files share. */
#include "io/table_file.h"

void sg_table_file_feed(const struct sg_batch *block, struct sg_digest_state *state, uint64_t *bytes) {
    for (int i = 0; i < block->table->column_count; i++) {
        const struct sg_column *column = &block->table->columns[i];
        const struct sg_vector *vector = &block->vectors[i];
        if (column->nullable) {
            sg_digest_update(state, vector->null, block->rows);
            *bytes += block->rows;
        }
        if (column->type != SG_TEXT) {
            size_t size = block->rows * sg_type_bytes(column->type);
            sg_digest_update(state, vector->data, size);
            *bytes += size;
            continue;
        }
        const struct sg_text *texts = vector->data;
        for (size_t row = 0; row < block->rows; row++) {
            sg_digest_update(state, &texts[row].length, sizeof texts[row].length);
            if (texts[row].length)
                sg_digest_update(state, block->pool + texts[row].offset, texts[row].length);
            *bytes += sizeof texts[row].length + texts[row].length;
        }
    }
}
