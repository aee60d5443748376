/* The row loop of the transcoder. Numbers and times that repeat the row before are recognised as text and
 * copied as the cell they became; columns that seldom do leave that after a while.
 *
 * Invariant: the buffer has room for the tuples of a piece of text and SLACK_BYTES more, as a byte of text
 * never becomes more than EXPANSION bytes; cells may be written with a few bytes too many behind them.
 */
#include "io/transcode.h"

#include <stdlib.h>

#include "base/checked.h"
#include "io/cell_parse.h"
#include "io/encode_binary.h"
#include "io/parse_cells.h"

enum {
    LENGTH_BYTES = 4,
    REPEAT_TEXT_BYTES = 16,
    REPEAT_CELL_BYTES = 24,
    TRIAL_ROWS = 256,
    EXPANSION = 8, /* "0" and a separator become a length and eight bytes */
    SLACK_BYTES = 256
};

struct column;
/* Writes a cell that is not NULL; gives its end, NULL when the text is not of the type. `rest`: bytes that
 * may be read from the text on. */
typedef char *convert(struct column *column, struct sg_cell cell, size_t rest, char *out);

struct column {
    convert *convert;
    const struct sg_column *declared;
    /* The cell before as text with its separator, and as it was written. size 0: there is none. */
    uint64_t text[2], mask[2];
    uint32_t size, cell_size;
    char cell[REPEAT_CELL_BYTES];
    bool may_repeat, repeats;
    uint32_t hits;
    struct sg_day_memory day;
};

struct sg_transcoder {
    const struct sg_table *table;
    uint64_t rows; /* of the trial */
    struct column columns[];
};

/* Up to eight digits at once. */
static inline bool short_digits(const char *text, size_t size, uint64_t *value) {
    const uint64_t zeros = UINT64_C(0x3030303030303030);
    uint64_t w;
    memcpy(&w, text, 8);
    w = size == 8 ? w : w << (64 - 8 * size) | zeros >> 8 * size;
    *value = sg_value8(w);
    return sg_digits8(w);
}

static inline bool integer(struct sg_cell cell, size_t rest, int64_t *value) {
    bool negative = *cell.text == '-';
    if (cell.size - negative - 1 >= 8 || rest < 9) return sg_parse_i64(cell.text, cell.size, value);
    uint64_t magnitude;
    bool good = short_digits(cell.text + negative, cell.size - negative, &magnitude);
    *value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return good;
}

static char *to_bool(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    if (cell.size != 1 || (*cell.text != 't' && *cell.text != 'f')) return NULL;
    out = sg_put_be32(out, 1);
    *out = *cell.text == 't';
    return out + 1;
}

static char *to_i16(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column;
    int64_t value;
    if (!integer(cell, rest, &value) || value != (int16_t)value) return NULL;
    return sg_put_be16(sg_put_be32(out, 2), (uint16_t)value);
}

static char *to_i32(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column;
    int64_t value;
    if (!integer(cell, rest, &value) || value != (int32_t)value) return NULL;
    return sg_put_be64(out, (uint64_t)4 << 32 | (uint32_t)value);
}

static char *to_i64(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column;
    int64_t value;
    if (!integer(cell, rest, &value)) return NULL;
    return sg_put_be64(sg_put_be32(out, 8), (uint64_t)value);
}

static char *to_numeric(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)rest;
    const struct sg_column *declared = column->declared;
    int64_t value;
    if (!sg_parse_decimal(cell.text, cell.size, declared->precision, declared->scale, &value)) return NULL;
    return sg_put_numeric(out, value, declared->scale);
}

static char *to_date(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)rest;
    int32_t day;
    if (cell.size != SG_DATE_BYTES || !sg_parse_day(cell.text, &column->day, &day)) return NULL;
    return sg_put_be64(out, (uint64_t)4 << 32 | (uint32_t)(day - SG_BINARY_EPOCH_DAY));
}

static char *to_timestamp(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)rest;
    int64_t instant_s;
    if (!sg_parse_timestamp(cell.text, cell.size, &column->day, &instant_s)) return NULL;
    return sg_put_be64(sg_put_be32(out, 8), (uint64_t)(instant_s - SG_BINARY_EPOCH_S) * 1000000);
}

static char *to_uuid(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    uint64_t halves[2];
    if (!sg_parse_uuid(cell.text, cell.size, halves)) return NULL;
    return sg_put_be64(sg_put_be64(sg_put_be32(out, 16), halves[0]), halves[1]);
}

/* Texts, labels and tokens. */
static char *to_text(struct column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    char *end = sg_unescape_copy(out + LENGTH_BYTES, cell);
    if (end) sg_put_be32(out, (uint32_t)(end - out - LENGTH_BYTES));
    return end;
}

static const struct {
    convert *convert;
    bool may_repeat; /* small enough to be remembered */
} types[] = {
    [SG_BOOL] = {to_bool, false},
    [SG_I16] = {to_i16, true},
    [SG_I32] = {to_i32, true},
    [SG_I64] = {to_i64, true},
    [SG_DECIMAL] = {to_numeric, true},
    [SG_DATE] = {to_date, true},
    [SG_TIMESTAMP] = {to_timestamp, false},
    [SG_ENUM] = {to_text, true},
    [SG_TOKEN] = {to_text, false},
    [SG_TEXT] = {to_text, false},
    [SG_UUID] = {to_uuid, false},
};

enum sg_code sg_transcoder_open(struct sg_transcoder **transcoder, const struct sg_table *table,
                                struct sg_error *err) {
    size_t size = sizeof(struct sg_transcoder) + table->column_count * sizeof(struct column);
    struct sg_transcoder *made = *transcoder = calloc(1, size);
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory to encode %s", table->name);
    made->table = table;
    for (int i = 0; i < table->column_count; i++) {
        struct column *column = &made->columns[i];
        column->declared = &table->columns[i];
        column->convert = types[table->columns[i].type].convert;
        column->may_repeat = column->repeats = types[table->columns[i].type].may_repeat;
    }
    return SG_OK;
}

void sg_transcoder_close(struct sg_transcoder *transcoder) {
    free(transcoder);
}

/* Is the text the cell before and its separator? */
static inline bool is_repeat(const struct column *column, const char *at) {
    uint64_t w[2];
    memcpy(w, at, sizeof w);
    return ((w[0] ^ column->text[0]) & column->mask[0]) == 0 &&
           ((w[1] ^ column->text[1]) & column->mask[1]) == 0 && column->size;
}

/* Remembers a cell, when text with separator and cell are small enough. */
static inline void remember(struct column *column, struct sg_cell cell, const char *written,
                            size_t written_size) {
    size_t size = cell.size + 1;
    column->size = 0;
    if (size > REPEAT_TEXT_BYTES || written_size > REPEAT_CELL_BYTES) return;
    memcpy(column->text, cell.text, sizeof column->text);
    column->mask[0] = size >= 8 ? UINT64_MAX : UINT64_MAX >> (64 - 8 * size);
    column->mask[1] = size <= 8 ? 0 : UINT64_MAX >> (128 - 8 * size);
    column->size = (uint32_t)size;
    column->cell_size = (uint32_t)written_size;
    memcpy(column->cell, written, REPEAT_CELL_BYTES);
}

/* A cell that does not repeat: converts and remembers it; gives its end in *out, and the text's. */
static inline const char *convert_cell(struct column *column, const char *at, const char *end, char separator,
                                       char **out) {
    const char *stop = sg_copy_cell_end(at, end);
    struct sg_cell cell = {at, (size_t)(stop - at)};
    if (stop == end || *stop != separator) return NULL;
    char *written = *out;
    if (cell.size == 2 && at[0] == '\\' && at[1] == 'N')
        *out = sg_put_be32(written, UINT32_MAX);
    else
        *out = cell.size || column->convert == to_text
                   ? column->convert(column, cell, (size_t)(end - at), written)
                   : NULL;
    if (!*out) return NULL;
    if (column->repeats && (size_t)(end - at) >= REPEAT_TEXT_BYTES)
        remember(column, cell, written, (size_t)(*out - written));
    return stop + 1;
}

/* One row; gives the end of its text, NULL at a fault, whose column is left in *fault. */
static inline const char *put_row(struct sg_transcoder *transcoder, const char *at, const char *end,
                                  char **out, int *fault) {
    const int columns = transcoder->table->column_count;
    *out = sg_put_be16(*out, (uint16_t)columns);
    for (int i = 0; i < columns; i++) {
        struct column *column = &transcoder->columns[i];
        if (column->repeats && (size_t)(end - at) >= REPEAT_TEXT_BYTES && is_repeat(column, at)) {
            memcpy(*out, column->cell, REPEAT_CELL_BYTES);
            *out += column->cell_size;
            at += column->size;
            column->hits++;
            continue;
        }
        *fault = i;
        at = convert_cell(column, at, end, i + 1 < columns ? '\t' : '\n', out);
        if (!at) return NULL;
    }
    return at;
}

/* Every so many rows: which columns repeat often enough? */
static void judge(struct sg_transcoder *transcoder) {
    for (int i = 0; i < transcoder->table->column_count; i++) {
        struct column *column = &transcoder->columns[i];
        column->repeats = column->may_repeat && column->hits * 4 >= TRIAL_ROWS * 3;
        column->hits = 0;
    }
}

/* The end of the piece to take: behind the last row within SG_TRANSCODE_TEXT_BYTES, or behind the first row.
 */
static const char *piece_end(const char *at, const char *end) {
    if (end - at <= SG_TRANSCODE_TEXT_BYTES) return end;
    const char *last = memrchr(at, '\n', SG_TRANSCODE_TEXT_BYTES);
    if (!last)
        last = memchr(at + SG_TRANSCODE_TEXT_BYTES, '\n', (size_t)(end - at) - SG_TRANSCODE_TEXT_BYTES);
    return last ? last + 1 : end;
}

enum sg_code sg_transcode(struct sg_transcoder *transcoder, const char *name, const char **at,
                          const char *end, struct sg_buffer *out, struct sg_error *err) {
    const char *stop = piece_end(*at, end);
    SG_TRY(sg_buffer_reserve(out, EXPANSION * (size_t)(stop - *at) + SLACK_BYTES, err));
    char *put = out->bytes + out->used;
    for (const char *row = *at; row < stop; row = *at) {
        int fault = 0;
        *at = put_row(transcoder, row, stop, &put, &fault);
        if (!*at)
            return sg_fail(err, SG_INVALID, "%s: a row of %s is malformed at column %s: '%.*s'", name,
                           transcoder->table->name, transcoder->table->columns[fault].name,
                           (int)(stop - row < 60 ? stop - row : 60), row);
        if (++transcoder->rows % TRIAL_ROWS == 0) judge(transcoder);
    }
    out->used = (size_t)(put - out->bytes);
    return SG_OK;
}
