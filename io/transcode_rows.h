/* The transcoder's state, shared by its row loop and its block loop. Private to the transcoder. */
#ifndef SG_IO_TRANSCODE_ROWS_H
#define SG_IO_TRANSCODE_ROWS_H

#include "io/parse_cells.h"
#include "io/transcode.h"

enum {
    SG_TRANSCODE_ROWS = 128, /* of a block: its text, words and tuples stay in the first-level cache */
    SG_LENGTH_BYTES = 4
};

/* Writes a cell that is not NULL; gives its end, NULL when the text is not of the type. `rest`: bytes that
 * may be read from the text on. */
struct sg_transcoder_column;
typedef char *sg_convert(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out);

/* The cells of one column in a block. */
struct sg_column_cells {
    const char *text;
    const uint32_t *ends; /* see io/cell_ends.h, from this column on */
    size_t columns, rows;
};

/* Makes the words of a block; false when a cell is not of the type. */
typedef bool sg_make_words(struct sg_transcoder_column *column, const struct sg_column_cells *cells);

struct sg_transcoder_column {
    const struct sg_column *declared;
    sg_convert *convert;
    sg_make_words *make; /* cells of one size; else NULL */
    uint32_t size;       /* of these cells: 1, 2, 4 or 8 */
    uint64_t *word;      /* of a block's rows: the cell's bytes, the first lowest, zero behind them */
    uint8_t *null;       /* of a block's rows; NULL: the column has none */
    struct sg_day_memory day;
    struct sg_month_memory month;
};

struct sg_transcoder {
    const struct sg_table *table;
    uint32_t stride; /* bytes of a row when all are of one size, else 0 */
    uint32_t *ends;
    uint64_t *words;
    uint8_t *nulls;
    struct sg_transcoder_column columns[];
};

/* The words of a type and their size; NULL and 0 for types of other sizes. */
sg_make_words *sg_words_of(enum sg_type type, uint32_t *size);

/* Appends the tuples of up to SG_TRANSCODE_ROWS rows from *at on, and moves *at behind them. Takes nothing,
 * and is SG_OK, where the row loop must go on: at a fault, and near the end of the text. */
enum sg_code sg_transcode_block(struct sg_transcoder *transcoder, const char **at, const char *end,
                                struct sg_buffer *out, struct sg_error *err);

/* Room for the tuples of so many bytes of text: "0" and a separator become a length and eight bytes. Cells
 * may be written with a few bytes too many behind them. */
static inline size_t sg_tuples_room(size_t text) {
    enum { EXPANSION = 8, SLACK_BYTES = 256 };
    return EXPANSION * text + SLACK_BYTES;
}

#endif
