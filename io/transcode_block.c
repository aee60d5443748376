/* COPY text to binary COPY by blocks of rows: finds all cells at once, makes the words of columns whose cells
 * are of one size column by column, and puts the tuples together: column by column, too, when all rows are of
 * one size, else row by row.
 *
 * It takes only blocks in which every cell is good, and then gives what the row loop gives.
 */
#include "io/cell_ends.h"
#include "io/encode_binary.h"
#include "io/transcode_rows.h"

enum { BLOCK_TEXT_BYTES = 1 << 20 };

static bool make_words(struct sg_transcoder *transcoder, const char *text, size_t rows) {
    const size_t columns = transcoder->table->column_count;
    for (size_t i = 0; i < columns; i++) {
        struct sg_transcoder_column *column = &transcoder->columns[i];
        struct sg_column_cells cells = {text, transcoder->ends + i, columns, rows};
        if (column->make && !column->make(column, &cells)) return false;
    }
    return true;
}

/* Cells of one column, the first at out. Each is written with its word's zeros behind it, which the next cell
 * covers; behind the last one these are the next tuple's, whose first bytes follow. */
static void put_column(const struct sg_transcoder_column *column, size_t rows, size_t stride, char *out) {
    const uint64_t length = __builtin_bswap32(column->size);
    for (size_t row = 0; row < rows; row++, out += stride) {
        uint64_t head = length | column->word[row] << 32;
        memcpy(out, &head, 8);
        if (column->size == 8) memcpy(out + SG_LENGTH_BYTES, &column->word[row], 8);
    }
}

/* Rows of one size. */
static char *put_columns(const struct sg_transcoder *transcoder, size_t rows, char *out) {
    const size_t stride = transcoder->stride;
    char *at = out + sizeof(uint16_t);
    for (int i = 0; i < transcoder->table->column_count; i++) {
        put_column(&transcoder->columns[i], rows, stride, at);
        at += SG_LENGTH_BYTES + transcoder->columns[i].size;
    }
    for (size_t row = 0; row < rows; row++)
        sg_put_be16(out + row * stride, (uint16_t)transcoder->table->column_count);
    return out + rows * stride;
}

/* A cell of a column without words. `size` bytes of text may be read. */
static inline char *put_cell(struct sg_transcoder_column *column, struct sg_cell cell, size_t size,
                             char *out) {
    if (sg_copy_is_null(cell.text, cell.size)) return sg_put_be32(out, UINT32_MAX);
    return column->convert(column, cell, size, out);
}

static inline char *put_word(const struct sg_transcoder_column *column, size_t row, char *out) {
    if (column->null && column->null[row]) return sg_put_be32(out, UINT32_MAX);
    out = sg_put_be32(out, column->size);
    memcpy(out, &column->word[row], 8);
    return out + column->size;
}

/* Rows of any size; NULL at a fault. */
static char *put_rows(struct sg_transcoder *transcoder, const char *text, size_t size, size_t rows,
                      char *out) {
    const int columns = transcoder->table->column_count;
    const uint32_t *ends = transcoder->ends;
    for (size_t row = 0; row < rows; row++) {
        out = sg_put_be16(out, (uint16_t)columns);
        for (int i = 0; i < columns; i++, ends++) {
            struct sg_transcoder_column *column = &transcoder->columns[i];
            uint32_t first = ends[0] + 1;
            struct sg_cell cell = {text + first, ends[1] - first};
            out = column->make ? put_word(column, row, out) : put_cell(column, cell, size - first, out);
            if (!out) return NULL;
        }
    }
    return out;
}

enum sg_code sg_transcode_block(struct sg_transcoder *transcoder, const char **at, const char *end,
                                struct sg_buffer *out, struct sg_error *err) {
    const size_t columns = transcoder->table->column_count;
    const char *text = *at;
    size_t size = end - text < BLOCK_TEXT_BYTES ? (size_t)(end - text) : BLOCK_TEXT_BYTES;
    size_t rows = sg_cell_ends(text, size, columns, SG_TRANSCODE_ROWS, transcoder->ends);
    if (!rows || !make_words(transcoder, text, rows)) return SG_OK;
    size_t taken = transcoder->ends[rows * columns] + (size_t)1;
    SG_TRY(sg_buffer_reserve(out, sg_tuples_room(taken), err));
    char *put = out->bytes + out->used;
    put =
        transcoder->stride ? put_columns(transcoder, rows, put) : put_rows(transcoder, text, size, rows, put);
    if (!put) return SG_OK;
    out->used = (size_t)(put - out->bytes);
    *at = text + taken;
    return SG_OK;
}
