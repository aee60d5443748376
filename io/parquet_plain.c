/* Values in Parquet's PLAIN form, and back. One writer and one reader per type. */
#include <string.h>

#include "base/calendar.h"
#include "io/cell_parse.h"
#include "io/cell_text.h"
#include "io/parquet.h"

enum { MICROS = 1000000, UUID_BYTES = 16, LENGTH_BYTES = 4 };

static void put_le(char *out, uint64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        out[i] = (char)(value >> 8 * i);
}

static int64_t get_le(const unsigned char *at, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return bytes == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
}

enum sg_parquet_physical sg_parquet_physical(const struct sg_column *column) {
    static const enum sg_parquet_physical types[] = {
        [SG_BOOL] = SG_PARQUET_BOOLEAN,     [SG_I16] = SG_PARQUET_INT32,
        [SG_I32] = SG_PARQUET_INT32,        [SG_I64] = SG_PARQUET_INT64,
        [SG_DECIMAL] = SG_PARQUET_INT64,    [SG_DATE] = SG_PARQUET_INT32,
        [SG_TIMESTAMP] = SG_PARQUET_INT64,  [SG_ENUM] = SG_PARQUET_BYTE_ARRAY,
        [SG_TOKEN] = SG_PARQUET_BYTE_ARRAY, [SG_TEXT] = SG_PARQUET_BYTE_ARRAY,
        [SG_UUID] = SG_PARQUET_FIXED};
    bool narrow = column->type == SG_DECIMAL && column->precision <= 9;
    return narrow ? SG_PARQUET_INT32 : types[column->type];
}

static int64_t number_at(const struct sg_column *column, const void *data, size_t row) {
    switch (column->type) {
    case SG_I16:
        return ((const int16_t *)data)[row];
    case SG_I32:
    case SG_DATE:
        return ((const int32_t *)data)[row];
    case SG_TIMESTAMP:
        return ((const int64_t *)data)[row] * MICROS;
    default:
        return ((const int64_t *)data)[row];
    }
}

/* The text of a cell of a text type; a token's is made in `room`. */
static const char *text_at(const struct sg_batch *batch, int column, size_t row, char *room, size_t *size) {
    const struct sg_column *declared = &batch->table->columns[column];
    const void *data = batch->vectors[column].data;
    if (declared->type == SG_TEXT) {
        struct sg_text text = ((const struct sg_text *)data)[row];
        *size = text.length;
        return text.length ? batch->pool + text.offset : "";
    }
    if (declared->type == SG_ENUM) {
        const char *label = declared->labels->labels[((const uint16_t *)data)[row]];
        *size = strlen(label);
        return label;
    }
    sg_token_format(declared->token, ((const uint64_t *)data)[row], room);
    *size = declared->token->length;
    return room;
}

size_t sg_parquet_plain_bytes(const struct sg_batch *batch, int column, size_t row) {
    const struct sg_column *declared = &batch->table->columns[column];
    const void *data = batch->vectors[column].data;
    switch (sg_parquet_physical(declared)) {
    case SG_PARQUET_BOOLEAN:
        return 1;
    case SG_PARQUET_INT32:
        return 4;
    case SG_PARQUET_INT64:
        return 8;
    case SG_PARQUET_FIXED:
        return UUID_BYTES;
    default:
        break;
    }
    if (declared->type == SG_TOKEN) return LENGTH_BYTES + (size_t)declared->token->length;
    if (declared->type == SG_TEXT) return LENGTH_BYTES + (size_t)((const struct sg_text *)data)[row].length;
    return LENGTH_BYTES + strlen(declared->labels->labels[((const uint16_t *)data)[row]]);
}

static char *put_bits(const struct sg_batch *batch, int column, size_t first, size_t end, char *at) {
    const uint8_t *data = batch->vectors[column].data, *null = batch->vectors[column].null;
    unsigned bits = 0;
    for (size_t row = first; row < end; row++) {
        if (null[row]) continue;
        if (bits == 0) *at = 0;
        *at = (char)((unsigned char)*at | (data[row] ? 1u << bits : 0));
        at += ++bits == 8;
        bits &= 7;
    }
    return at + (bits != 0);
}

static char *put_numbers(const struct sg_batch *batch, int column, size_t first, size_t end, char *at) {
    const struct sg_column *declared = &batch->table->columns[column];
    const struct sg_vector *vector = &batch->vectors[column];
    size_t width = sg_parquet_physical(declared) == SG_PARQUET_INT32 ? 4 : 8;
    for (size_t row = first; row < end; row++) {
        if (vector->null[row]) continue;
        put_le(at, (uint64_t)number_at(declared, vector->data, row), width);
        at += width;
    }
    return at;
}

static char *put_uuids(const struct sg_batch *batch, int column, size_t first, size_t end, char *at) {
    const uint64_t *halves = batch->vectors[column].data;
    for (size_t row = first; row < end; row++) {
        if (batch->vectors[column].null[row]) continue;
        for (int i = 0; i < UUID_BYTES; i++)
            *at++ = (char)(halves[2 * row + (size_t)(i / 8)] >> (56 - 8 * (i % 8)));
    }
    return at;
}

static char *put_texts(const struct sg_batch *batch, int column, size_t first, size_t end, char *at) {
    char room[UINT8_MAX + 1];
    for (size_t row = first; row < end; row++) {
        if (batch->vectors[column].null[row]) continue;
        size_t size;
        const char *text = text_at(batch, column, row, room, &size);
        put_le(at, size, LENGTH_BYTES);
        memcpy(at + LENGTH_BYTES, text, size);
        at += LENGTH_BYTES + size;
    }
    return at;
}

enum sg_code sg_parquet_plain_write(const struct sg_batch *batch, int column, size_t first, size_t end,
                                    struct sg_buffer *out, struct sg_error *err) {
    const uint8_t *null = batch->vectors[column].null;
    enum sg_parquet_physical physical = sg_parquet_physical(&batch->table->columns[column]);
    size_t bytes = 0;
    for (size_t row = first; row < end; row++)
        bytes += null[row] ? 0 : sg_parquet_plain_bytes(batch, column, row);
    SG_TRY(sg_buffer_reserve(out, bytes, err));
    char *at = out->bytes + out->used;
    if (physical == SG_PARQUET_BOOLEAN)
        at = put_bits(batch, column, first, end, at);
    else if (physical == SG_PARQUET_FIXED)
        at = put_uuids(batch, column, first, end, at);
    else if (physical == SG_PARQUET_BYTE_ARRAY)
        at = put_texts(batch, column, first, end, at);
    else
        at = put_numbers(batch, column, first, end, at);
    out->used = (size_t)(at - out->bytes);
    return SG_OK;
}

static const char *get_bits(const unsigned char *bytes, size_t size, size_t count, uint8_t *out) {
    if (size != (count + 7) / 8) return "has a wrong number of values";
    for (size_t i = 0; i < count; i++)
        out[i] = bytes[i / 8] >> i % 8 & 1;
    return NULL;
}

/* Stores a number that is one of the column's type. */
static const char *store_number(const struct sg_column *column, int64_t value, size_t index, void *out) {
    const int32_t first_day = sg_day_from_civil(1, 1, 1), last_day = sg_day_from_civil(9999, 12, 31);
    switch (column->type) {
    case SG_I16:
        ((int16_t *)out)[index] = (int16_t)value;
        return value == (int16_t)value ? NULL : "holds what is not a smallint";
    case SG_I32:
        ((int32_t *)out)[index] = (int32_t)value;
        return NULL;
    case SG_DATE:
        ((int32_t *)out)[index] = (int32_t)value;
        return value >= first_day && value <= last_day ? NULL : "holds what is not a date";
    case SG_TIMESTAMP:
        if (value % MICROS) return "holds fractions of seconds";
        value /= MICROS;
        ((int64_t *)out)[index] = value;
        return value >= (int64_t)first_day * 86400 && value < ((int64_t)last_day + 1) * 86400
                   ? NULL
                   : "holds what is not a timestamp";
    case SG_DECIMAL:
        ((int64_t *)out)[index] = value;
        if (column->precision > SG_SCALE_MAX) return NULL;
        return (value < 0 ? 0 - (uint64_t)value : (uint64_t)value) < sg_powers_of_ten[column->precision]
                   ? NULL
                   : "holds what is not a number of the declared precision";
    default:
        ((int64_t *)out)[index] = value;
        return NULL;
    }
}

static const char *get_numbers(const struct sg_column *column, const unsigned char *bytes, size_t size,
                               size_t count, void *out) {
    size_t width = sg_parquet_physical(column) == SG_PARQUET_INT32 ? 4 : 8;
    const char *wrong = size == count * width ? NULL : "has a wrong number of values";
    for (size_t i = 0; i < count && !wrong; i++)
        wrong = store_number(column, get_le(bytes + i * width, width), i, out);
    return wrong;
}

static const char *get_uuids(const unsigned char *bytes, size_t size, size_t count, uint64_t *out) {
    if (size != count * UUID_BYTES) return "has a wrong number of values";
    memset(out, 0, count * UUID_BYTES);
    for (size_t i = 0; i < size; i++)
        out[i / 8] = out[i / 8] << 8 | bytes[i];
    return NULL;
}

static const char *store_text(const struct sg_column *column, const char *text, size_t size,
                              struct sg_rowset *set, size_t index, void *out) {
    struct sg_batch *batch = &set->batch;
    if (column->type == SG_TOKEN) {
        uint64_t *key = (uint64_t *)out + index;
        return sg_parse_token(column->token, text, size, key) ? NULL : "does not have the identifier's shape";
    }
    if (column->type == SG_ENUM) {
        for (unsigned code = 0; code < column->labels->count; code++) {
            const char *label = column->labels->labels[code];
            if (strlen(label) != size || memcmp(label, text, size) != 0) continue;
            ((uint16_t *)out)[index] = (uint16_t)code;
            return NULL;
        }
        return "holds what is not one of the labels";
    }
    size_t characters = sg_utf8_characters(text, size);
    if (characters == SIZE_MAX) return "holds what is not well-formed text";
    if (column->length_max && characters > column->length_max) return "holds text longer than declared";
    memcpy(batch->pool + batch->pool_used, text, size);
    ((struct sg_text *)out)[index] = (struct sg_text){(uint32_t)batch->pool_used, (uint32_t)size};
    batch->pool_used += size;
    return NULL;
}

static const char *get_texts(const struct sg_column *column, const unsigned char *bytes, size_t size,
                             size_t count, struct sg_rowset *set, void *out) {
    const unsigned char *at = bytes, *end = bytes + size;
    for (size_t i = 0; i < count; i++) {
        if (end - at < LENGTH_BYTES) return "has a wrong number of values";
        uint32_t length = (uint32_t)get_le(at, LENGTH_BYTES);
        at += LENGTH_BYTES;
        if (length > (size_t)(end - at)) return "ends inside a value";
        const char *wrong = store_text(column, (const char *)at, length, set, i, out);
        if (wrong) return wrong;
        at += length;
    }
    return at == end ? NULL : "has a wrong number of values";
}

const char *sg_parquet_plain_read(const struct sg_column *column, const unsigned char *bytes, size_t size,
                                  size_t count, struct sg_rowset *set, void *out) {
    switch (sg_parquet_physical(column)) {
    case SG_PARQUET_BOOLEAN:
        return get_bits(bytes, size, count, out);
    case SG_PARQUET_FIXED:
        return get_uuids(bytes, size, count, out);
    case SG_PARQUET_BYTE_ARRAY:
        return get_texts(column, bytes, size, count, set, out);
    default:
        return get_numbers(column, bytes, size, count, out);
    }
}
