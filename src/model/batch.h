/* Column batches and the emitter that datasets push rows into.
 *
 * A batch holds up to `capacity` rows of one table as typed vectors (sg_type says which C type) plus one byte
 * pool for text. Row logic fills it either whole vectors at a time (big streams) or row by row (small
 * tables); when it is full the emitter hands it to its sink (encoder, digest, explain ...) and starts over.
 * Memory is fixed at creation.
 *
 * Threads: a batch and its emitter belong to one thread.
 */
#ifndef SG_MODEL_BATCH_H
#define SG_MODEL_BATCH_H

#include "base/status.h"
#include "model/table.h"

enum { SG_BATCH_ROWS = 4096 };

/* One text cell: bytes [offset, offset + length) of the batch's pool. */
struct sg_text {
    uint32_t offset;
    uint32_t length;
};

struct sg_vector {
    void *data;    /* capacity elements, 64-byte aligned, padded by 64 bytes so that kernels may write past */
    uint8_t *null; /* capacity bytes, 1 = NULL; all zero for columns that are not nullable */
};

struct sg_batch {
    const struct sg_table *table;
    size_t capacity;
    size_t rows;
    uint64_t row_first;        /* 0-based row number in the table of the batch's first row */
    struct sg_vector *vectors; /* one per column, in declaration order */
    char *pool;
    size_t pool_bytes, pool_used;
};

/* Pure. A cell that is a number, whatever its width: labels as their code, days, seconds and decimals as
 * stored, tokens as their key's bits. Not for SG_TEXT and SG_UUID; what a NULL's cell holds means nothing. */
static inline int64_t sg_batch_integer(const struct sg_batch *batch, int column, size_t row) {
    const void *data = batch->vectors[column].data;
    switch (sg_type_bytes(batch->table->columns[column].type)) {
    case 1:
        return ((const uint8_t *)data)[row];
    case 2:
        return batch->table->columns[column].type == SG_ENUM ? ((const uint16_t *)data)[row]
                                                             : ((const int16_t *)data)[row];
    case 4:
        return ((const int32_t *)data)[row];
    default:
        return ((const int64_t *)data)[row];
    }
}

/* Receives full (or last, shorter) batches in row order. Must not keep pointers into it. */
typedef enum sg_code sg_sink(void *context, const struct sg_batch *batch, struct sg_error *err);

struct sg_emitter {
    struct sg_batch batch;
    sg_sink *sink;
    void *context;
};

/* Creates an emitter for a table. Free with sg_emitter_close even after failure. */
enum sg_code sg_emitter_open(struct sg_emitter *emitter, const struct sg_table *table, sg_sink *sink,
                             void *context, struct sg_error *err);
void sg_emitter_close(struct sg_emitter *emitter);

/* Starts at a row number (0-based, in the table). Call before the first row of a unit range. */
void sg_emitter_seek(struct sg_emitter *emitter, uint64_t row_first);

/* Hands pending rows to the sink. Call once after the last row; sg_emitter_room calls it when full. */
enum sg_code sg_emitter_flush(struct sg_emitter *emitter, struct sg_error *err);

/* Makes room for at least one row and its worst-case text; *room receives how many rows fit now.
 * Fill vectors at index batch.rows onward, then call sg_emitter_advance. */
enum sg_code sg_emitter_room(struct sg_emitter *emitter, size_t *room, struct sg_error *err);

/* Accepts `rows` filled rows (at most the room reported). */
static inline void sg_emitter_advance(struct sg_emitter *emitter, size_t rows) {
    emitter->batch.rows += rows;
}

/* Typed element pointers at the row being filled, for row-by-row logic. */
#define SG_CELL(emitter, ctype, column)                                                                      \
    (((ctype *)(emitter)->batch.vectors[column].data)[(emitter)->batch.rows])

/* Row-by-row setters: the value of `column` in the row being filled. A setter clears the NULL mark. */
static inline void sg_set_null(struct sg_emitter *e, int column) {
    e->batch.vectors[column].null[e->batch.rows] = 1;
}
static inline void sg_set_bool(struct sg_emitter *e, int column, bool value) {
    e->batch.vectors[column].null[e->batch.rows] = 0;
    SG_CELL(e, uint8_t, column) = value;
}
static inline void sg_set_i16(struct sg_emitter *e, int column, int16_t value) {
    e->batch.vectors[column].null[e->batch.rows] = 0;
    SG_CELL(e, int16_t, column) = value;
}
static inline void sg_set_i32(struct sg_emitter *e, int column, int32_t value) {
    e->batch.vectors[column].null[e->batch.rows] = 0;
    SG_CELL(e, int32_t, column) = value;
}
/* SG_I64, SG_DECIMAL (scaled) and SG_TIMESTAMP (seconds). */
static inline void sg_set_i64(struct sg_emitter *e, int column, int64_t value) {
    e->batch.vectors[column].null[e->batch.rows] = 0;
    SG_CELL(e, int64_t, column) = value;
}
static inline void sg_set_date(struct sg_emitter *e, int column, int32_t day) {
    sg_set_i32(e, column, day);
}
static inline void sg_set_enum(struct sg_emitter *e, int column, uint16_t code) {
    e->batch.vectors[column].null[e->batch.rows] = 0;
    SG_CELL(e, uint16_t, column) = code;
}
static inline void sg_set_token(struct sg_emitter *e, int column, uint64_t key) {
    sg_set_i64(e, column, (int64_t)key);
}
/* SG_UUID: both halves, high first. */
static inline void sg_set_uuid(struct sg_emitter *e, int column, uint64_t high, uint64_t low) {
    e->batch.vectors[column].null[e->batch.rows] = 0;
    uint64_t *cell = (uint64_t *)e->batch.vectors[column].data + 2 * e->batch.rows;
    cell[0] = high;
    cell[1] = low;
}
/* Copies length bytes into the pool. The declared text_bytes_max guarantees room; exceeding it is a bug that
 * sg_emitter_flush reports as SG_INTERNAL, the text being cut. */
void sg_set_text(struct sg_emitter *e, int column, const char *text, size_t length);

/* printf into the pool. For small tables only. */
void sg_set_textf(struct sg_emitter *e, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
