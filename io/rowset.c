/* Row sets. Owns the vectors, the pool and the view. */
#include "io/rowset.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

enum { ALIGN_BYTES = 64, ROWS_MIN = 4 * SG_BATCH_ROWS, POOL_MIN = 1 << 20 };

enum sg_code sg_rowset_open(struct sg_rowset *set, const struct sg_table *table, struct sg_error *err) {
    memset(set, 0, sizeof *set);
    set->batch.table = table;
    set->batch.vectors = sg_alloc_array(table->column_count, sizeof *set->batch.vectors);
    set->view = sg_alloc_array(table->column_count, sizeof *set->view);
    if (!set->batch.vectors || !set->view)
        return sg_fail(err, SG_SYSTEM, "no memory for rows of %s", table->name);
    return SG_OK;
}

void sg_rowset_close(struct sg_rowset *set) {
    for (int i = 0; set->batch.vectors && i < set->batch.table->column_count; i++) {
        free(set->batch.vectors[i].data);
        free(set->batch.vectors[i].null);
    }
    free(set->batch.vectors);
    free(set->batch.pool);
    free(set->view);
    memset(set, 0, sizeof *set);
}

void sg_rowset_clear(struct sg_rowset *set, uint64_t row_first) {
    struct sg_batch *batch = &set->batch;
    for (int i = 0; i < batch->table->column_count && batch->capacity; i++) {
        memset(batch->vectors[i].data, 0, batch->rows * sg_type_bytes(batch->table->columns[i].type));
        memset(batch->vectors[i].null, 0, batch->rows);
    }
    batch->row_first = row_first;
    batch->rows = 0;
    batch->pool_used = 0;
}

/* Replaces memory by larger, zeroed, aligned memory with the same first bytes. */
static bool grow(void **memory, size_t used, size_t bytes) {
    size_t padded = (bytes + 2 * ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    char *larger = aligned_alloc(ALIGN_BYTES, padded);
    if (!larger) return false;
    if (used) memcpy(larger, *memory, used);
    memset(larger + used, 0, padded - used);
    free(*memory);
    *memory = larger;
    return true;
}

static bool grow_vectors(struct sg_batch *batch, size_t capacity) {
    for (int i = 0; i < batch->table->column_count; i++) {
        size_t element = sg_type_bytes(batch->table->columns[i].type);
        void *null = batch->vectors[i].null;
        if (!grow(&batch->vectors[i].data, batch->rows * element, capacity * element)) return false;
        if (!grow(&null, batch->rows, capacity)) return false;
        batch->vectors[i].null = null;
    }
    batch->capacity = capacity;
    return true;
}

enum sg_code sg_rowset_reserve(struct sg_rowset *set, size_t rows, size_t pool, struct sg_error *err) {
    struct sg_batch *batch = &set->batch;
    if (rows > SIZE_MAX / 64 || pool > UINT32_MAX)
        return sg_fail(err, SG_SYSTEM, "too many rows of %s at once", batch->table->name);
    if (rows > batch->capacity) {
        size_t capacity = batch->capacity ? batch->capacity : ROWS_MIN;
        while (capacity < rows)
            capacity *= 2;
        if (!grow_vectors(batch, capacity))
            return sg_fail(err, SG_SYSTEM, "no memory for %zu rows of %s", capacity, batch->table->name);
    }
    if (pool > batch->pool_bytes) {
        size_t bytes = batch->pool_bytes ? batch->pool_bytes : POOL_MIN;
        while (bytes < pool)
            bytes *= 2;
        char *larger = realloc(batch->pool, bytes);
        if (!larger) return sg_fail(err, SG_SYSTEM, "no memory for text of %s", batch->table->name);
        batch->pool = larger;
        batch->pool_bytes = bytes;
    }
    return SG_OK;
}

/* Text cells move into the pool of the set. */
static void append_texts(struct sg_batch *to, const struct sg_batch *from, int column) {
    const struct sg_text *cells = from->vectors[column].data;
    struct sg_text *out = (struct sg_text *)to->vectors[column].data + to->rows;
    for (size_t row = 0; row < from->rows; row++) {
        if (from->vectors[column].null[row]) continue;
        out[row] = (struct sg_text){(uint32_t)to->pool_used, cells[row].length};
        if (cells[row].length)
            memcpy(to->pool + to->pool_used, from->pool + cells[row].offset, cells[row].length);
        to->pool_used += cells[row].length;
    }
}

static void append_cells(struct sg_batch *to, const struct sg_batch *from, int column) {
    size_t element = sg_type_bytes(from->table->columns[column].type);
    const uint8_t *null = from->vectors[column].null;
    char *out = (char *)to->vectors[column].data + to->rows * element;
    memcpy(out, from->vectors[column].data, from->rows * element);
    if (!from->table->columns[column].nullable) return;
    for (size_t row = 0; row < from->rows; row++)
        if (null[row]) memset(out + row * element, 0, element);
}

/* Bytes of all text cells of a batch. */
static size_t text_bytes(const struct sg_batch *batch) {
    size_t bytes = 0;
    for (int i = 0; i < batch->table->column_count; i++) {
        if (batch->table->columns[i].type != SG_TEXT) continue;
        const struct sg_text *cells = batch->vectors[i].data;
        for (size_t row = 0; row < batch->rows; row++)
            bytes += batch->vectors[i].null[row] ? 0 : cells[row].length;
    }
    return bytes;
}

enum sg_code sg_rowset_append(struct sg_rowset *set, const struct sg_batch *from, struct sg_error *err) {
    struct sg_batch *to = &set->batch;
    SG_TRY(sg_rowset_reserve(set, to->rows + from->rows, to->pool_used + text_bytes(from), err));
    if (to->rows == 0) to->row_first = from->row_first;
    for (int i = 0; i < from->table->column_count; i++) {
        memcpy(to->vectors[i].null + to->rows, from->vectors[i].null, from->rows);
        if (from->table->columns[i].type == SG_TEXT)
            append_texts(to, from, i);
        else
            append_cells(to, from, i);
    }
    to->rows += from->rows;
    return SG_OK;
}

size_t sg_rowset_bytes(const struct sg_rowset *set) {
    const struct sg_batch *batch = &set->batch;
    size_t row_bytes = 0;
    for (int i = 0; i < batch->table->column_count; i++)
        row_bytes += sg_type_bytes(batch->table->columns[i].type) + 1;
    return batch->rows * row_bytes + batch->pool_used;
}

struct sg_batch sg_rowset_view(struct sg_rowset *set, size_t first, size_t rows) {
    struct sg_batch view = set->batch;
    for (int i = 0; i < view.table->column_count; i++) {
        size_t element = sg_type_bytes(view.table->columns[i].type);
        set->view[i].data = (char *)set->batch.vectors[i].data + first * element;
        set->view[i].null = set->batch.vectors[i].null + first;
    }
    view.vectors = set->view;
    view.row_first += first;
    view.rows = rows;
    return view;
}
