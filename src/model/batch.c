/* Batch memory and the emitter's flush. Owns every vector of a batch; frees all in sg_emitter_close. */
#include "model/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

enum { POOL_BYTES_MIN = 256 * 1024, PAD_BYTES = 64 };

static void *aligned_zeroed(size_t bytes) {
    size_t padded = (bytes + PAD_BYTES + 63) / 64 * 64;
    void *memory = aligned_alloc(64, padded);
    if (memory) memset(memory, 0, padded);
    return memory;
}

enum sg_code sg_emitter_open(struct sg_emitter *emitter, const struct sg_table *table, sg_sink *sink,
                             void *context, struct sg_error *err) {
    memset(emitter, 0, sizeof *emitter);
    emitter->sink = sink;
    emitter->context = context;
    struct sg_batch *batch = &emitter->batch;
    batch->table = table;
    batch->capacity = SG_BATCH_ROWS;
    batch->vectors = sg_alloc_array(table->column_count, sizeof *batch->vectors);
    if (!batch->vectors) return sg_fail(err, SG_SYSTEM, "no memory for a batch of %s", table->name);
    bool has_text = false;
    for (int i = 0; i < table->column_count; i++) {
        struct sg_vector *vector = &batch->vectors[i];
        vector->data = aligned_zeroed(batch->capacity * sg_type_bytes(table->columns[i].type));
        vector->null = aligned_zeroed(batch->capacity);
        has_text |= table->columns[i].type == SG_TEXT;
        if (!vector->data || !vector->null)
            return sg_fail(err, SG_SYSTEM, "no memory for a batch of %s", table->name);
    }
    if (has_text) {
        size_t want = (size_t)table->text_bytes_max * 4;
        batch->pool_bytes = want > POOL_BYTES_MIN ? want : POOL_BYTES_MIN;
        batch->pool = malloc(batch->pool_bytes);
        if (!batch->pool) return sg_fail(err, SG_SYSTEM, "no memory for text of %s", table->name);
    }
    return SG_OK;
}

void sg_emitter_close(struct sg_emitter *emitter) {
    struct sg_batch *batch = &emitter->batch;
    for (int i = 0; batch->vectors && i < batch->table->column_count; i++) {
        free(batch->vectors[i].data);
        free(batch->vectors[i].null);
    }
    free(batch->vectors);
    free(batch->pool);
    memset(emitter, 0, sizeof *emitter);
}

void sg_emitter_seek(struct sg_emitter *emitter, uint64_t row_first) {
    emitter->batch.row_first = row_first;
    emitter->batch.rows = 0;
    emitter->batch.pool_used = 0;
}

enum sg_code sg_emitter_flush(struct sg_emitter *emitter, struct sg_error *err) {
    struct sg_batch *batch = &emitter->batch;
    if (batch->pool_used > batch->pool_bytes)
        return sg_fail(err, SG_INTERNAL, "rows of %s hold more text than text_bytes_max declares",
                       batch->table->name);
    if (batch->rows == 0) return SG_OK;
    SG_TRY(emitter->sink(emitter->context, batch, err));
    sg_emitter_seek(emitter, batch->row_first + batch->rows);
    return SG_OK;
}

enum sg_code sg_emitter_room(struct sg_emitter *emitter, size_t *room, struct sg_error *err) {
    struct sg_batch *batch = &emitter->batch;
    bool pool_short = batch->pool && batch->pool_used + batch->table->text_bytes_max > batch->pool_bytes;
    if (batch->rows == batch->capacity || pool_short) SG_TRY(sg_emitter_flush(emitter, err));
    *room = batch->capacity - batch->rows;
    return SG_OK;
}

/* Marks the pool as overrun, which the next flush reports. */
static void pool_overrun(struct sg_batch *batch) {
    batch->pool_used = batch->pool_bytes + 1;
}

void sg_set_text(struct sg_emitter *e, int column, const char *text, size_t length) {
    struct sg_batch *batch = &e->batch;
    struct sg_text *cell = &SG_CELL(e, struct sg_text, column);
    batch->vectors[column].null[batch->rows] = 0;
    *cell = (struct sg_text){0, 0};
    if (batch->pool_used + length > batch->pool_bytes) {
        pool_overrun(batch);
        return;
    }
    memcpy(batch->pool + batch->pool_used, text, length);
    *cell = (struct sg_text){(uint32_t)batch->pool_used, (uint32_t)length};
    batch->pool_used += length;
}

void sg_set_textf(struct sg_emitter *e, int column, const char *format, ...) {
    struct sg_batch *batch = &e->batch;
    struct sg_text *cell = &SG_CELL(e, struct sg_text, column);
    batch->vectors[column].null[batch->rows] = 0;
    *cell = (struct sg_text){0, 0};
    if (batch->pool_used >= batch->pool_bytes) {
        pool_overrun(batch);
        return;
    }
    size_t room = batch->pool_bytes - batch->pool_used;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(batch->pool + batch->pool_used, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room) {
        pool_overrun(batch);
        return;
    }
    *cell = (struct sg_text){(uint32_t)batch->pool_used, (uint32_t)length};
    batch->pool_used += (size_t)length;
}
