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
#include "io/encode_block.h"

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
    uint8_t element; /* bytes of a value, 0 = values cannot be compared as they lie */
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
    size_t still; /* rows of the block in hand that hold the same as its first */
    bool counts;  /* its rows count up */
    struct sg_cell_guide guide;
};

struct sg_row_plan {
    struct sg_cell_plan *cells;
    struct sg_op *ops;      /* of the block in hand, room for one per column */
    struct sg_words *words; /* SG_CELL_WORDS per column */
    bool guided;
    uint32_t separator, line_end, line_end_size, null_text, null_size;
    char *memory; /* one block behind cells, labels and templates */
    size_t bytes_max;
};

/* Plans a batch and finds the most bytes it can take, slack included. Free with free(plan->memory). */
enum sg_code sg_row_plan_open(struct sg_row_plan *plan, const struct sg_batch *batch,
                              struct sg_dialect dialect, bool guided, struct sg_error *err);
/* Pure. Is any of the marks set? */
bool sg_any_null(const uint8_t *null, size_t rows);
/* Proves that all codes of an SG_ENUM column have labels. */
enum sg_code sg_check_labels(const struct sg_batch *batch, int column, struct sg_error *err);
/* What sg_put_token needs of a cell plan; rendered: the text of key 0, 16 bytes at least. */
void sg_plan_token(struct sg_cell_plan *cell, const struct sg_token *token, const void *data,
                   const char *rendered);
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
    for (size_t done = 0; done < token->length; done += 16)
        memcpy(out + done, cell->rendered + done, 16);
    sg_put_token_key(out, token, cell->token_head, ((const uint64_t *)cell->data)[row]);
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

/* What the row loop carries along. */
struct sg_row_writer {
    const struct sg_batch *batch;
    struct sg_row_plan *plan;
    struct sg_teller teller; /* where repeats are looked for */
    char *out;
};

/* A row cell by cell. */
static inline __attribute__((always_inline)) void sg_write_row(struct sg_row_writer *w, size_t row,
                                                               const struct sg_dialect dialect, bool guided) {
    char *out = w->out;
    struct sg_cell_plan *const end = w->plan->cells + w->batch->table->column_count;
    for (struct sg_cell_plan *cell = w->plan->cells; cell < end; cell++) {
        const char *start = out, *from = cell->guide.before;
        if (cell->null && cell->null[row]) {
            memcpy(out, dialect.null_text, dialect.null_bytes);
            out += dialect.null_bytes;
        } else {
            out = sg_put_cell(out, cell, row, w->batch->pool, dialect.csv);
        }
        out = sg_put_end(out, cell + 1 == end, dialect);
        cell->guide.before = start;
        if (guided && cell->guide.tried)
            sg_guide_cell(&w->teller, &cell->guide, from, sg_label_place(cell, row), start, out);
    }
    w->out = out;
}

/* Does a cell hold what it held in the row before? */
static inline bool sg_cell_repeats(const struct sg_cell_plan *cell, size_t row) {
    if (cell->null && (cell->null[row] | cell->null[row - 1])) return cell->null[row] & cell->null[row - 1];
    switch (cell->element) {
    case 1:
        return ((const uint8_t *)cell->data)[row] == ((const uint8_t *)cell->data)[row - 1];
    case 2:
        return ((const uint16_t *)cell->data)[row] == ((const uint16_t *)cell->data)[row - 1];
    case 4:
        return ((const uint32_t *)cell->data)[row] == ((const uint32_t *)cell->data)[row - 1];
    case 8:
        return ((const uint64_t *)cell->data)[row] == ((const uint64_t *)cell->data)[row - 1];
    default:
        return false;
    }
}

/* A cell that no fast writer knows. */
static inline __attribute__((always_inline)) char *sg_write_cell(struct sg_row_writer *w,
                                                                 const struct sg_op *op, char *out,
                                                                 size_t row, const struct sg_dialect dialect,
                                                                 bool guided) {
    struct sg_cell_plan *cell = op->cell;
    const char *start = out;
    if (cell->null && cell->null[row]) {
        memcpy(out, dialect.null_text, dialect.null_bytes);
        out += dialect.null_bytes;
    } else {
        out = sg_put_cell(out, cell, row, w->batch->pool, dialect.csv);
    }
    memcpy(out, &op->end, 2);
    out += op->end_size;
    if (guided && cell->guide.tried)
        sg_guide_cell(&w->teller, &cell->guide, cell->guide.last ? NULL : op->before,
                      sg_label_place(cell, row), start, out); /* other labels share no start */
    return out;
}

/* A cell as in the row before is copied. */
static inline __attribute__((always_inline)) struct sg_likeness
sg_put_cell_again(struct sg_row_writer *w, const struct sg_op *op, size_t row, size_t tail, bool guided) {
    char *start = w->out;
    w->out = sg_put_again(start, op->before, op->size);
    if (!guided || !op->cell->guide.tried) return (struct sg_likeness){0, op->end_size};
    const char **place = sg_label_place(op->cell, row);
    if (place) *place = start;
    return (struct sg_likeness){op->size, tail + op->size};
}

/* Row `row` by the ops of the block that starts at row `first`. tail: equal bytes before the row and before
 * the one before; gives that of the next row. */
static inline __attribute__((always_inline)) size_t sg_write_block_row(struct sg_row_writer *w, size_t ops,
                                                                       size_t first, size_t row, size_t tail,
                                                                       const struct sg_dialect dialect,
                                                                       bool guided) {
    size_t at = row - first;
    char *out = w->out;
    for (struct sg_op *op = w->plan->ops, *const end = op + ops; op < end; op++) {
        char *start = out;
        struct sg_likeness likeness = {0, op->end_size};
        switch (op->kind) {
        case SG_OP_RUN:
            out = sg_put_again(out, op->text, op->size);
            likeness = (struct sg_likeness){op->size, tail + op->size};
            break;
        case SG_OP_COUNTER:
            out = sg_put_counter(out, op, at);
            if (guided) likeness = sg_like_counter(op, at);
            break;
        case SG_OP_TIME:
            memcpy(out, &op->words[0].text[at], SG_WORD_BYTES);
            memcpy(out + 8, &op->words[1].text[at], SG_WORD_BYTES);
            memcpy(out + 16, &op->words[2].text[at], SG_WORD_BYTES);
            out += 22 + op->end_size;
            if (guided) likeness = sg_like_time(op, at, tail);
            break;
        case SG_OP_WORDS:
            out = sg_put_words(out, op, at);
            tail = op->end_size;
            continue;
        case SG_OP_TOLD:
            out = sg_put_words(out, op, at);
            likeness = sg_like_words(op, at, tail);
            break;
        case SG_OP_CELL:
            if (sg_cell_repeats(op->cell, row)) {
                w->out = out;
                likeness = sg_put_cell_again(w, op, row, tail, guided);
                out = w->out;
            } else {
                out = sg_write_cell(w, op, out, row, dialect, guided);
                op->size = (size_t)(out - start);
            }
            break;
        }
        if (guided && likeness.head) {
            struct sg_written cell = {op->before, start, (size_t)(out - start), likeness.head, tail};
            sg_guide_join(&w->teller, &cell);
        }
        op->before = start;
        tail = likeness.tail;
    }
    w->out = out;
    return tail;
}

static inline __attribute__((always_inline)) void
sg_write_rows(struct sg_row_writer *w, const struct sg_dialect dialect, bool guided) {
    size_t rows = w->batch->rows, row = 0;
    while (guided && row < rows && row < SG_GUIDE_TRIAL_ROWS)
        sg_write_row(w, row++, dialect, guided);
    if (guided && row == SG_GUIDE_TRIAL_ROWS) sg_row_plan_choose(w->plan, w->batch);
    while (row < rows) {
        size_t end = sg_block_end(w->plan, w->batch, row), tail = 0;
        sg_write_row(w, row, dialect, guided);
        size_t ops = sg_block_open(w->plan, w->batch, row, end, w->out);
        for (size_t at = row + 1; at < end; at++)
            tail = sg_write_block_row(w, ops, row, at, tail, dialect, guided);
        row = end;
        sg_block_close(w->plan, ops);
    }
}

/* Appends all rows of the batch; without a guide (NULL) repeats are not looked for. */
static inline __attribute__((always_inline)) enum sg_code
sg_encode_rows(const struct sg_batch *batch, struct sg_buffer *buffer, struct sg_guide *guide,
               const struct sg_dialect dialect, struct sg_error *err) {
    struct sg_row_plan plan;
    SG_TRY(sg_row_plan_open(&plan, batch, dialect, guide != NULL, err));
    enum sg_code code = sg_buffer_reserve(buffer, plan.bytes_max, err);
    if (code == SG_OK && guide)
        code = sg_guide_reserve(guide, batch->rows * batch->table->column_count,
                                buffer->used + plan.bytes_max, err);
    if (code != SG_OK) {
        free(plan.memory);
        return code;
    }
    char *start = buffer->bytes + buffer->used;
    struct sg_row_writer writer = {.batch = batch, .plan = &plan, .out = start};
    if (guide) {
        writer.teller = sg_teller_open(guide, buffer->bytes, start);
        sg_write_rows(&writer, dialect, true);
        sg_teller_close(&writer.teller);
    } else {
        sg_write_rows(&writer, dialect, false);
    }
    buffer->used = (size_t)(writer.out - buffer->bytes);
    return sg_row_plan_close(&plan, batch, err);
}

#endif
