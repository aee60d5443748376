/* The row loop of the transcoder, which is the specification: what the block loop (io/transcode_block.c)
 * takes, it gives the same bytes for. It sees the last rows of a text, and rows at fault, which it names.
 *
 * Invariant: the buffer has room for the tuples of a piece of text (sg_tuples_room).
 */
#include "io/transcode.h"

#include <stdlib.h>

#include "base/checked.h"
#include "io/cell_ends.h"
#include "io/cell_parse.h"
#include "io/encode_binary.h"
#include "io/transcode_rows.h"

static char *to_bool(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    if (cell.size != 1 || (*cell.text != 't' && *cell.text != 'f')) return NULL;
    out = sg_put_be32(out, 1);
    *out = *cell.text == 't';
    return out + 1;
}

static char *to_i16(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    int64_t value;
    if (!sg_parse_i64(cell.text, cell.size, &value) || value != (int16_t)value) return NULL;
    return sg_put_be16(sg_put_be32(out, 2), (uint16_t)value);
}

static char *to_i32(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    int64_t value;
    if (!sg_parse_i64(cell.text, cell.size, &value) || value != (int32_t)value) return NULL;
    return sg_put_be64(out, (uint64_t)4 << 32 | (uint32_t)value);
}

static char *to_i64(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    int64_t value;
    if (!sg_parse_i64(cell.text, cell.size, &value)) return NULL;
    return sg_put_be64(sg_put_be32(out, 8), (uint64_t)value);
}

static char *to_numeric(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)rest;
    const struct sg_column *declared = column->declared;
    int64_t value;
    if (!sg_parse_decimal(cell.text, cell.size, declared->precision, declared->scale, &value)) return NULL;
    return sg_put_numeric(out, value, declared->scale);
}

static char *to_date(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)rest;
    int32_t day;
    if (cell.size != SG_DATE_BYTES || !sg_parse_day(cell.text, &column->day, &day)) return NULL;
    return sg_put_be64(out, (uint64_t)4 << 32 | (uint32_t)(day - SG_BINARY_EPOCH_DAY));
}

static char *to_timestamp(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)rest;
    int64_t instant_s;
    if (!sg_parse_timestamp(cell.text, cell.size, &column->day, &instant_s)) return NULL;
    return sg_put_be64(sg_put_be32(out, 8), (uint64_t)(instant_s - SG_BINARY_EPOCH_S) * 1000000);
}

static char *to_uuid(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column, (void)rest;
    uint64_t halves[2];
    if (!sg_parse_uuid(cell.text, cell.size, halves)) return NULL;
    return sg_put_be64(sg_put_be64(sg_put_be32(out, 16), halves[0]), halves[1]);
}

/* Texts, labels and tokens: eight bytes at a time where they may be read and are plain. */
static char *to_text(struct sg_transcoder_column *column, struct sg_cell cell, size_t rest, char *out) {
    (void)column;
    char *text = out + SG_LENGTH_BYTES, *end = text;
    if (cell.size + 8 <= rest) {
        size_t left = cell.size;
        for (uint64_t w; left; left -= left < 8 ? left : 8, cell.text += 8, end += 8) {
            memcpy(&w, cell.text, 8);
            uint64_t seen = left < 8 ? w | UINT64_MAX << 8 * left : w;
            if (!sg_copy_plain8(seen)) break;
            memcpy(end, &w, 8);
        }
        if (!left) {
            sg_put_be32(out, (uint32_t)cell.size);
            return text + cell.size;
        }
        cell.size = left;
    }
    end = sg_unescape_copy(end, cell);
    if (end) sg_put_be32(out, (uint32_t)(end - text));
    return end;
}

static sg_convert *const convert[] = {
    [SG_BOOL] = to_bool,
    [SG_I16] = to_i16,
    [SG_I32] = to_i32,
    [SG_I64] = to_i64,
    [SG_DECIMAL] = to_numeric,
    [SG_DATE] = to_date,
    [SG_TIMESTAMP] = to_timestamp,
    [SG_ENUM] = to_text,
    [SG_TOKEN] = to_text,
    [SG_TEXT] = to_text,
    [SG_UUID] = to_uuid,
};

/* Columns of one size get the words of a block, and rows of one size a stride. */
static enum sg_code open_words(struct sg_transcoder *made, struct sg_error *err) {
    const size_t columns = made->table->column_count, cells = columns * SG_TRANSCODE_ROWS;
    uint32_t stride = sizeof(uint16_t);
    made->words = sg_alloc_array(cells, sizeof *made->words);
    made->nulls = sg_alloc_array(cells, 1);
    made->ends = sg_alloc_array(sg_cell_ends_room(SG_TRANSCODE_ROWS, columns), sizeof *made->ends);
    if (!made->words || !made->nulls || !made->ends)
        return sg_fail(err, SG_SYSTEM, "no memory to encode %s", made->table->name);
    for (size_t i = 0; i < columns; i++) {
        struct sg_transcoder_column *column = &made->columns[i];
        column->make = sg_words_of(column->declared->type, &column->size);
        column->word = made->words + i * SG_TRANSCODE_ROWS;
        if (column->declared->nullable) column->null = made->nulls + i * SG_TRANSCODE_ROWS;
        stride = stride && column->make && !column->null ? stride + SG_LENGTH_BYTES + column->size : 0;
    }
    made->stride = stride;
    return SG_OK;
}

enum sg_code sg_transcoder_open(struct sg_transcoder **transcoder, const struct sg_table *table,
                                struct sg_error *err) {
    size_t size = sizeof(struct sg_transcoder) + table->column_count * sizeof(struct sg_transcoder_column);
    struct sg_transcoder *made = *transcoder = calloc(1, size);
    if (!made) return sg_fail(err, SG_SYSTEM, "no memory to encode %s", table->name);
    made->table = table;
    for (int i = 0; i < table->column_count; i++) {
        made->columns[i].declared = &table->columns[i];
        made->columns[i].convert = convert[table->columns[i].type];
    }
    return open_words(made, err);
}

void sg_transcoder_close(struct sg_transcoder *transcoder) {
    if (!transcoder) return;
    free(transcoder->words);
    free(transcoder->nulls);
    free(transcoder->ends);
    free(transcoder);
}

/* Gives the end of the cell's text, its separator included, and that of the cell in *out; NULL at a fault. */
static inline const char *put_cell(struct sg_transcoder_column *column, const char *at, const char *end,
                                   char separator, char **out) {
    const char *stop = sg_copy_cell_end(at, end);
    struct sg_cell cell = {at, (size_t)(stop - at)};
    if (stop == end || *stop != separator) return NULL;
    if (sg_copy_is_null(cell.text, cell.size))
        *out = sg_put_be32(*out, UINT32_MAX);
    else
        *out = cell.size || column->convert == to_text
                   ? column->convert(column, cell, (size_t)(end - at), *out)
                   : NULL;
    return *out ? stop + 1 : NULL;
}

/* One row; gives the end of its text, NULL at a fault, whose column is left in *fault. */
static const char *put_row(struct sg_transcoder *transcoder, const char *at, const char *end, char **out,
                           int *fault) {
    const int columns = transcoder->table->column_count;
    *out = sg_put_be16(*out, (uint16_t)columns);
    for (int i = 0; at && i < columns; i++) {
        *fault = i;
        at = put_cell(&transcoder->columns[i], at, end, i + 1 < columns ? '\t' : '\n', out);
    }
    return at;
}

static enum sg_code transcode_row(struct sg_transcoder *transcoder, const char *name, const char **at,
                                  const char *end, struct sg_buffer *out, struct sg_error *err) {
    const char *line = memchr(*at, '\n', (size_t)(end - *at)), *row = *at;
    const char *stop = line ? line + 1 : end;
    int fault = 0;
    SG_TRY(sg_buffer_reserve(out, sg_tuples_room((size_t)(stop - row)), err));
    char *put = out->bytes + out->used;
    *at = put_row(transcoder, row, stop, &put, &fault);
    if (!*at)
        return sg_fail(err, SG_INVALID, "%s: a row of %s is malformed at column %s: '%.*s'", name,
                       transcoder->table->name, transcoder->table->columns[fault].name,
                       (int)(stop - row < 60 ? stop - row : 60), row);
    out->used = (size_t)(put - out->bytes);
    return SG_OK;
}

enum sg_code sg_transcode(struct sg_transcoder *transcoder, const char *name, const char **at,
                          const char *end, struct sg_buffer *out, struct sg_error *err) {
    const char *stop = end - *at < SG_TRANSCODE_TEXT_BYTES ? end : *at + SG_TRANSCODE_TEXT_BYTES;
    while (*at < stop) {
        const char *before = *at;
        SG_TRY(sg_transcode_block(transcoder, at, end, out, err));
        for (int i = 0; *at == before && before < end && i < SG_TRANSCODE_ROWS; i++, before = *at)
            SG_TRY(transcode_row(transcoder, name, at, end, out, err));
    }
    return SG_OK;
}
