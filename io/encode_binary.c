/* Batches to binary COPY tuples, column by column: for a block of rows the sizes give every row its place,
 * then each column's kernel writes its cells there and moves the places on. No kernel writes beyond its cell.
 *
 * Owns one memory block per batch: cells, rendered labels, numerics of the block in hand.
 */
#include "io/encode_binary.h"

#include <stdlib.h>

#include "base/checked.h"
#include "io/encode_rows.h"

enum {
    BLOCK_ROWS = 256,
    LENGTH_BYTES = 4,
    NUMERIC_GROUPS_MAX = 6,
    NUMERIC_NEGATIVE = 0x4000,
    GROUP = 10000,
    GROUP_DIGITS = 4,
    STRIDE = 16
};

const char sg_binary_header[SG_BINARY_HEADER_BYTES + 1] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
const char sg_binary_trailer[SG_BINARY_TRAILER_BYTES + 1] = "\377\377";

/* A whole cell, length included. */
struct numeric {
    char bytes[LENGTH_BYTES + 8 + 2 * NUMERIC_GROUPS_MAX];
    uint32_t size;
};

struct cell;
typedef void put_cells(const struct cell *cell, size_t first, size_t rows, char **at);

struct cell {
    const struct sg_column *column;
    put_cells *put;
    const void *data;
    const uint8_t *null; /* NULL pointer: the column has no NULL in this batch */
    const char *pool;    /* SG_TEXT */
    uint32_t width;      /* of a cell that is not NULL, 0 = it varies */
    /* SG_ENUM: whole cells at multiples of stride, and their sizes */
    const char *rendered;
    const uint32_t *rendered_bytes;
    uint32_t stride;
    struct sg_cell_plan token;
    struct numeric *numerics; /* SG_DECIMAL: of the block */
};

static inline char *put_null(char *out) {
    return sg_put_be32(out, UINT32_MAX);
}

/* Copies at least four bytes. */
static inline char *put_bytes(char *out, const char *from, size_t size) {
    if (size >= 16 && size <= 32) {
        memcpy(out, from, 16);
        memcpy(out + size - 16, from + size - 16, 16);
    } else if (size >= 8 && size < 16) {
        memcpy(out, from, 8);
        memcpy(out + size - 8, from + size - 8, 8);
    } else if (size < 8) {
        memcpy(out, from, 4);
        memcpy(out + size - 4, from + size - 4, 4);
    } else {
        memcpy(out, from, size);
    }
    return out + size;
}

static inline char *put_bool(char *out, const struct cell *cell, size_t row) {
    out = sg_put_be32(out, 1);
    *out = (char)(((const uint8_t *)cell->data)[row] != 0);
    return out + 1;
}

static inline char *put_i16(char *out, const struct cell *cell, size_t row) {
    return sg_put_be16(sg_put_be32(out, 2), ((const uint16_t *)cell->data)[row]);
}

static inline char *put_i32(char *out, const struct cell *cell, size_t row) {
    return sg_put_be64(out, (uint64_t)4 << 32 | ((const uint32_t *)cell->data)[row]);
}

static inline char *put_i64(char *out, const struct cell *cell, size_t row) {
    return sg_put_be64(sg_put_be32(out, 8), ((const uint64_t *)cell->data)[row]);
}

static inline char *put_date(char *out, const struct cell *cell, size_t row) {
    uint32_t day = ((const uint32_t *)cell->data)[row] - SG_BINARY_EPOCH_DAY;
    return sg_put_be64(out, (uint64_t)4 << 32 | day);
}

static inline char *put_timestamp(char *out, const struct cell *cell, size_t row) {
    uint64_t instant_s = ((const uint64_t *)cell->data)[row] - SG_BINARY_EPOCH_S;
    return sg_put_be64(sg_put_be32(out, 8), instant_s * 1000000);
}

static inline char *put_uuid(char *out, const struct cell *cell, size_t row) {
    const uint64_t *halves = (const uint64_t *)cell->data + 2 * row;
    return sg_put_be64(sg_put_be64(sg_put_be32(out, 16), halves[0]), halves[1]);
}

static inline char *put_label(char *out, const struct cell *cell, size_t row) {
    unsigned code = ((const uint16_t *)cell->data)[row];
    return put_bytes(out, cell->rendered + (size_t)code * cell->stride, cell->rendered_bytes[code]);
}

static inline char *put_token(char *out, const struct cell *cell, size_t row) {
    char text[UINT8_MAX + 1 + SG_CELL_SLACK_BYTES];
    sg_put_token(text, &cell->token, row);
    size_t size = cell->column->token->length;
    memcpy(sg_put_be32(out, (uint32_t)size), text, size);
    return out + LENGTH_BYTES + size;
}

static inline char *put_text(char *out, const struct cell *cell, size_t row) {
    struct sg_text text = ((const struct sg_text *)cell->data)[row];
    memcpy(sg_put_be32(out, text.length), cell->pool + text.offset, text.length);
    return out + LENGTH_BYTES + text.length;
}

/* The kernel of a column from the writer of a cell, which becomes part of it. */
#define COLUMN(name, one)                                                                                    \
    static void name(const struct cell *cell, size_t first, size_t rows, char **at) {                        \
        const struct cell own = *cell;                                                                       \
        if (!own.null) {                                                                                     \
            for (size_t i = 0; i < rows; i++)                                                                \
                at[i] = one(at[i], &own, first + i);                                                         \
            return;                                                                                          \
        }                                                                                                    \
        for (size_t i = 0; i < rows; i++)                                                                    \
            at[i] = own.null[first + i] ? put_null(at[i]) : one(at[i], &own, first + i);                     \
    }

COLUMN(put_bools, put_bool)
COLUMN(put_i16s, put_i16)
COLUMN(put_i32s, put_i32)
COLUMN(put_i64s, put_i64)
COLUMN(put_dates, put_date)
COLUMN(put_timestamps, put_timestamp)
COLUMN(put_uuids, put_uuid)
COLUMN(put_labels, put_label)
COLUMN(put_tokens, put_token)
COLUMN(put_texts, put_text)

/* NULLs were made with the others. */
static void put_numerics(const struct cell *cell, size_t first, size_t rows, char **at) {
    (void)first;
    for (size_t i = 0; i < rows; i++)
        at[i] = put_bytes(at[i], cell->numerics[i].bytes, cell->numerics[i].size);
}

static const struct {
    put_cells *put;
    uint32_t width; /* with the length, 0 = not the same for all columns and cells */
} types[] = {
    [SG_BOOL] = {put_bools, 5},
    [SG_I16] = {put_i16s, 6},
    [SG_I32] = {put_i32s, 8},
    [SG_I64] = {put_i64s, 12},
    [SG_DECIMAL] = {put_numerics, 0},
    [SG_DATE] = {put_dates, 8},
    [SG_TIMESTAMP] = {put_timestamps, 12},
    [SG_ENUM] = {put_labels, 0},
    [SG_TOKEN] = {put_tokens, 0},
    [SG_TEXT] = {put_texts, 0},
    [SG_UUID] = {put_uuids, 20},
};

/* Groups of four digits of magnitude / 10^scale, lowest first; *fraction receives how many of them stand
 * behind the point. */
static size_t split_groups(uint64_t magnitude, unsigned scale, uint16_t groups[], size_t *fraction) {
    uint64_t whole = magnitude, rest = 0;
    size_t count = 0;
    if (scale == 2) {
        whole = magnitude / 100;
        rest = magnitude % 100;
    } else if (scale) {
        whole = magnitude / sg_powers_of_ten[scale];
        rest = magnitude % sg_powers_of_ten[scale];
    }
    if (scale % GROUP_DIGITS) {
        uint64_t low = sg_powers_of_ten[scale % GROUP_DIGITS];
        groups[count++] = (uint16_t)(rest % low * (GROUP / low));
        rest /= low;
    }
    for (unsigned i = 0; i < scale / GROUP_DIGITS; i++, rest /= GROUP)
        groups[count++] = (uint16_t)(rest % GROUP);
    *fraction = count;
    for (; whole; whole /= GROUP)
        groups[count++] = (uint16_t)(whole % GROUP);
    return count;
}

char *sg_put_numeric(char *out, int64_t value, unsigned scale) {
    uint16_t groups[2 * NUMERIC_GROUPS_MAX];
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t fraction, low = 0, count = split_groups(magnitude, scale, groups, &fraction);
    while (count && groups[count - 1] == 0)
        count--;
    while (low < count && groups[low] == 0)
        low++;
    int weight = count ? (int)count - (int)fraction - 1 : 0;
    size_t kept = count - low;
    out = sg_put_be32(out, (uint32_t)(8 + 2 * kept));
    out = sg_put_be16(out, (uint16_t)kept);
    out = sg_put_be16(out, (uint16_t)weight);
    out = sg_put_be16(out, value < 0 ? NUMERIC_NEGATIVE : 0);
    out = sg_put_be16(out, (uint16_t)scale);
    while (count > low)
        out = sg_put_be16(out, groups[--count]);
    return out;
}

/* Numerics of a block: into the cell's own room, adding their sizes. */
static void measure_numerics(const struct cell *cell, size_t first, size_t rows, uint32_t *sizes) {
    const int64_t *values = (const int64_t *)cell->data + first;
    for (size_t i = 0; i < rows; i++) {
        struct numeric *numeric = &cell->numerics[i];
        if (cell->null && cell->null[first + i]) {
            put_null(numeric->bytes);
            numeric->size = LENGTH_BYTES;
        } else {
            numeric->size =
                (uint32_t)(sg_put_numeric(numeric->bytes, values[i], cell->column->scale) - numeric->bytes);
        }
        sizes[i] += numeric->size;
    }
}

/* Adds the sizes of a column's cells to those of the rows. */
static void measure(const struct cell *cell, size_t first, size_t rows, uint32_t *sizes) {
    const uint8_t *null = cell->null ? cell->null + first : NULL;
    if (cell->column->type == SG_DECIMAL) {
        measure_numerics(cell, first, rows, sizes);
    } else if (cell->column->type == SG_ENUM) {
        const uint16_t *codes = (const uint16_t *)cell->data + first;
        for (size_t i = 0; i < rows; i++)
            sizes[i] += null && null[i] ? LENGTH_BYTES : cell->rendered_bytes[codes[i]];
    } else if (cell->column->type == SG_TEXT) {
        const struct sg_text *texts = (const struct sg_text *)cell->data + first;
        for (size_t i = 0; i < rows; i++)
            sizes[i] += LENGTH_BYTES + (null && null[i] ? 0 : texts[i].length);
    } else {
        for (size_t i = 0; i < rows; i++)
            sizes[i] += null && null[i] ? LENGTH_BYTES : cell->width;
    }
}

struct plan {
    struct cell *cells;
    int columns;
    uint32_t fixed; /* bytes of a row in columns whose cells are all of one size */
};

/* Every row's place, from the start of the block on; gives the end. */
static char *place_rows(const struct plan *plan, size_t first, size_t rows, char *out, char **at) {
    uint32_t sizes[BLOCK_ROWS];
    for (size_t i = 0; i < rows; i++)
        sizes[i] = plan->fixed;
    for (int c = 0; c < plan->columns; c++)
        if (plan->cells[c].null || !plan->cells[c].width) measure(&plan->cells[c], first, rows, sizes);
    for (size_t i = 0; i < rows; i++) {
        at[i] = sg_put_be16(out, (uint16_t)plan->columns);
        out += sizes[i];
    }
    return out;
}

static size_t round_up(size_t size) {
    return (size + STRIDE - 1) / STRIDE * STRIDE;
}

static size_t label_stride(const struct sg_enum *labels) {
    size_t stride = 0;
    for (unsigned i = 0; i < labels->count; i++) {
        size_t want = round_up(LENGTH_BYTES + strlen(labels->labels[i]));
        if (want > stride) stride = want;
    }
    return stride;
}

/* Memory of a column behind the cells. */
static size_t column_room(const struct sg_column *column) {
    if (column->type == SG_DECIMAL) return round_up(BLOCK_ROWS * sizeof(struct numeric));
    if (column->type == SG_TOKEN) return round_up(column->token->length + STRIDE);
    if (column->type != SG_ENUM) return 0;
    return column->labels->count * label_stride(column->labels) +
           round_up(column->labels->count * sizeof(uint32_t));
}

static void render_labels(struct cell *cell, char *room) {
    const struct sg_enum *labels = cell->column->labels;
    cell->stride = (uint32_t)label_stride(labels);
    uint32_t *sizes = (uint32_t *)(void *)(room + (size_t)labels->count * cell->stride);
    for (unsigned i = 0; i < labels->count; i++) {
        size_t length = strlen(labels->labels[i]);
        char *at = sg_put_be32(room + (size_t)i * cell->stride, (uint32_t)length);
        memcpy(at, labels->labels[i], length);
        sizes[i] = (uint32_t)(LENGTH_BYTES + length);
    }
    cell->rendered = room;
    cell->rendered_bytes = sizes;
}

static enum sg_code plan_cell(struct plan *plan, const struct sg_batch *batch, int index, char *room,
                              struct sg_error *err) {
    const struct sg_column *column = &batch->table->columns[index];
    const struct sg_vector *vector = &batch->vectors[index];
    struct cell *cell = &plan->cells[index];
    *cell = (struct cell){.column = column,
                          .put = types[column->type].put,
                          .data = vector->data,
                          .null = sg_any_null(vector->null, batch->rows) ? vector->null : NULL,
                          .pool = batch->pool,
                          .width = types[column->type].width};
    if (column->type == SG_DECIMAL && column->scale > SG_SCALE_MAX)
        return sg_fail(err, SG_INTERNAL, "%s.%s: scale %u is above %d", batch->table->name, column->name,
                       column->scale, SG_SCALE_MAX);
    if (column->type == SG_DECIMAL) cell->numerics = (struct numeric *)(void *)room;
    if (column->type == SG_ENUM) {
        SG_TRY(sg_check_labels(batch, index, err));
        render_labels(cell, room);
    }
    if (column->type == SG_TOKEN) {
        cell->width = LENGTH_BYTES + column->token->length;
        sg_token_format(column->token, 0, room);
        sg_plan_token(&cell->token, column->token, vector->data, room);
    }
    if (cell->width && !cell->null) plan->fixed += cell->width;
    return SG_OK;
}

/* Most bytes that the batch can take. */
static size_t bytes_max(const struct plan *plan, const struct sg_batch *batch) {
    size_t row = 2, texts = 0;
    for (int c = 0; c < plan->columns; c++) {
        const struct cell *cell = &plan->cells[c];
        row += cell->width ? cell->width : cell->stride ? cell->stride : sizeof cell->numerics->bytes;
        if (cell->column->type != SG_TEXT) continue;
        for (size_t i = 0; i < batch->rows; i++)
            texts += cell->null && cell->null[i] ? 0 : ((const struct sg_text *)cell->data)[i].length;
    }
    return batch->rows * row + texts;
}

static enum sg_code put_batch(struct plan *plan, const struct sg_batch *batch, char *room,
                              struct sg_buffer *out, struct sg_error *err) {
    plan->fixed = 2;
    for (int c = 0; c < plan->columns; c++) {
        SG_TRY(plan_cell(plan, batch, c, room, err));
        room += column_room(plan->cells[c].column);
    }
    SG_TRY(sg_buffer_reserve(out, bytes_max(plan, batch), err));
    char *end = out->bytes + out->used;
    for (size_t first = 0, rows; first < batch->rows; first += rows) {
        char *at[BLOCK_ROWS];
        rows = batch->rows - first < BLOCK_ROWS ? batch->rows - first : BLOCK_ROWS;
        end = place_rows(plan, first, rows, end, at);
        for (int c = 0; c < plan->columns; c++)
            plan->cells[c].put(&plan->cells[c], first, rows, at);
    }
    out->used = (size_t)(end - out->bytes);
    return SG_OK;
}

enum sg_code sg_encode_binary(const struct sg_batch *batch, struct sg_buffer *out, struct sg_error *err) {
    const struct sg_table *table = batch->table;
    size_t cells_bytes = round_up(table->column_count * sizeof(struct cell)), total = cells_bytes;
    for (int i = 0; i < table->column_count; i++)
        total += column_room(&table->columns[i]);
    char *memory = malloc(total ? total : 1);
    if (!memory) return sg_fail(err, SG_SYSTEM, "no memory to encode %s", table->name);
    struct plan plan = {.cells = (struct cell *)(void *)memory, .columns = table->column_count};
    enum sg_code code = put_batch(&plan, batch, memory + cells_bytes, out, err);
    free(memory);
    return code;
}

static enum sg_code append(struct sg_buffer *out, const char *bytes, size_t size, struct sg_error *err) {
    SG_TRY(sg_buffer_reserve(out, size, err));
    memcpy(out->bytes + out->used, bytes, size);
    out->used += size;
    return SG_OK;
}

enum sg_code sg_encode_binary_header(const struct sg_table *table, struct sg_buffer *out,
                                     struct sg_error *err) {
    (void)table;
    return append(out, sg_binary_header, SG_BINARY_HEADER_BYTES, err);
}

enum sg_code sg_encode_binary_trailer(const struct sg_table *table, struct sg_buffer *out,
                                      struct sg_error *err) {
    (void)table;
    return append(out, sg_binary_trailer, SG_BINARY_TRAILER_BYTES, err);
}
