/* The row loop that the text formats share. A format is a constant dialect; the compiler specialises the loop
 * for it. Row plans hold what is computed once per batch: data pointers, rendered labels, token templates.
 *
 * Private to the encoders. Threads: a plan belongs to one call.
 */
#ifndef SG_IO_ENCODE_ROWS_H
#define SG_IO_ENCODE_ROWS_H

#include <stdlib.h>

#include "io/cell_text.h"
#include "io/encode.h"
#include "io/guide_cell.h"

struct sg_dialect {
    bool csv; /* CSV quoting and CRLF, else COPY escapes and LF */
    char separator;
    const char *null_text; /* at most 2 bytes */
    uint8_t null_bytes;
};

#define SG_DIALECT_COPY ((struct sg_dialect){false, '\t', "\\N", 2})
#define SG_DIALECT_CSV  ((struct sg_dialect){true, ',', "", 0})

struct sg_cell_plan {
    enum sg_type type;
    uint8_t scale;
    const void *data;
    const uint8_t *null; /* NULL pointer: the column has no NULL in this batch */
    /* SG_ENUM: rendered labels at multiples of stride (a multiple of 16). SG_TOKEN: rendered text of key 0.
     */
    const char *rendered;
    const uint16_t *rendered_bytes; /* per label */
    uint32_t stride;
    const struct sg_token *token;
    uint8_t token_head; /* bytes before the digits */
    struct sg_date_cache date;
    struct sg_cell_guide guide;
};

struct sg_row_plan {
    struct sg_cell_plan *cells;
    char *memory; /* one block behind cells, labels and templates */
    size_t bytes_max;
};

/* Plans a batch and finds the most bytes it can take, slack included. Free with free(plan->memory). */
enum sg_code sg_row_plan_open(struct sg_row_plan *plan, const struct sg_batch *batch,
                              struct sg_dialect dialect, struct sg_error *err);
/* Frees the plan; SG_INTERNAL when a date did not fit four-digit years. */
enum sg_code sg_row_plan_close(struct sg_row_plan *plan, const struct sg_batch *batch, struct sg_error *err);

/* After the trial rows of a batch: columns that seldom repeat the row before leave guided encoding. */
enum { SG_GUIDE_TRIAL_ROWS = 64 };
void sg_row_plan_choose(struct sg_row_plan *plan, const struct sg_batch *batch);

static inline char *sg_put_label(char *out, const struct sg_cell_plan *cell, size_t row) {
    unsigned code = ((const uint16_t *)cell->data)[row];
    const char *label = cell->rendered + (size_t)code * cell->stride;
    size_t size = cell->rendered_bytes[code];
    memcpy(out, label, 16);
    if (__builtin_expect(size > 16, 0)) memcpy(out + 16, label + 16, size - 16);
    return out + size;
}

static inline char *sg_put_token(char *out, const struct sg_cell_plan *cell, size_t row) {
    const struct sg_token *token = cell->token;
    uint64_t key = ((const uint64_t *)cell->data)[row];
    memcpy(out, cell->rendered, token->length);
    if (token->decimal_digits && token->infix_after == 0) {
        sg_put_padded(out + token->length - token->decimal_digits, key, token->decimal_digits);
        return out + token->length;
    }
    char digits[SG_TOKEN_DECIMALS_MAX];
    if (token->decimal_digits)
        sg_put_padded(digits, key, token->decimal_digits);
    else
        sg_put_base62(digits, key);
    memcpy(out + cell->token_head, digits, token->infix_after);
    size_t rest = sg_token_digits(token) - token->infix_after;
    memcpy(out + token->length - rest, digits + token->infix_after, rest);
    return out + token->length;
}

static inline char *sg_put_text(char *out, const struct sg_cell_plan *cell, size_t row, const char *pool,
                                bool csv) {
    struct sg_text text = ((const struct sg_text *)cell->data)[row];
    return csv ? sg_put_csv_text(out, pool + text.offset, text.length)
               : sg_put_copy_text(out, pool + text.offset, text.length);
}

/* One cell that is not NULL. */
static inline __attribute__((always_inline)) char *sg_put_cell(char *out, struct sg_cell_plan *cell,
                                                               size_t row, const char *pool, bool csv) {
    switch (cell->type) {
    case SG_BOOL:
        *out = ((const uint8_t *)cell->data)[row] ? 't' : 'f';
        return out + 1;
    case SG_I16:
        return sg_put_i32(out, ((const int16_t *)cell->data)[row]);
    case SG_I32:
        return sg_put_i32(out, ((const int32_t *)cell->data)[row]);
    case SG_I64:
        return sg_put_i64(out, ((const int64_t *)cell->data)[row]);
    case SG_DECIMAL:
        return sg_put_decimal(out, ((const int64_t *)cell->data)[row], cell->scale);
    case SG_DATE:
        return sg_put_date(out, ((const int32_t *)cell->data)[row], &cell->date);
    case SG_TIMESTAMP:
        return sg_put_timestamp(out, ((const int64_t *)cell->data)[row], &cell->date);
    case SG_ENUM:
        return sg_put_label(out, cell, row);
    case SG_TOKEN:
        return sg_put_token(out, cell, row);
    case SG_TEXT:
        return sg_put_text(out, cell, row, pool, csv);
    case SG_UUID:
        return sg_put_uuid(out, (const uint64_t *)cell->data + 2 * row);
    }
    return out;
}

/* A separator or a line end behind a cell. */
static inline __attribute__((always_inline)) char *sg_put_end(char *out, bool last_cell,
                                                              const struct sg_dialect dialect) {
    if (!last_cell) {
        *out = dialect.separator;
        return out + 1;
    }
    if (dialect.csv) *out++ = '\r';
    *out = '\n';
    return out + 1;
}

/* Where a cell's label stood last; NULL when it has none. */
static inline const char **sg_label_place(const struct sg_cell_plan *cell, size_t row) {
    if (!cell->guide.last || (cell->null && cell->null[row])) return NULL;
    return &cell->guide.last[((const uint16_t *)cell->data)[row]];
}

/* Appends all rows of the batch; without a guide (NULL) repeats are not looked for. */
static inline __attribute__((always_inline)) enum sg_code
sg_encode_rows(const struct sg_batch *batch, struct sg_buffer *buffer, struct sg_guide *guide,
               const struct sg_dialect dialect, struct sg_error *err) {
    struct sg_row_plan plan;
    SG_TRY(sg_row_plan_open(&plan, batch, dialect, err));
    enum sg_code code = sg_buffer_reserve(buffer, plan.bytes_max, err);
    if (code == SG_OK && guide)
        code = sg_guide_reserve(guide, batch->rows * batch->table->column_count,
                                buffer->used + plan.bytes_max, err);
    if (code != SG_OK) {
        free(plan.memory);
        return code;
    }
    char *out = buffer->bytes + buffer->used;
    struct sg_repeat repeat = {out, out, 0, out};
    struct sg_cell_plan *const end = plan.cells + batch->table->column_count;
    for (size_t row = 0; row < batch->rows; row++) {
        for (struct sg_cell_plan *cell = plan.cells; cell < end; cell++) {
            const char *start = out;
            if (cell->null && cell->null[row]) {
                memcpy(out, dialect.null_text, dialect.null_bytes);
                out += dialect.null_bytes;
            } else {
                out = sg_put_cell(out, cell, row, batch->pool, dialect.csv);
            }
            out = sg_put_end(out, cell + 1 == end, dialect);
            if (guide && cell->guide.tried)
                sg_guide_cell(guide, buffer->bytes, &repeat, &cell->guide, sg_label_place(cell, row), start,
                              out);
        }
        if (guide && row == SG_GUIDE_TRIAL_ROWS) sg_row_plan_choose(&plan, batch);
    }
    if (guide) sg_repeat_end(guide, buffer->bytes, &repeat);
    buffer->used = (size_t)(out - buffer->bytes);
    return sg_row_plan_close(&plan, batch, err);
}

#endif
