/* Extraction of comparable 64-bit values and key images from batches and key texts. */
#include "verify/values.h"

#include <stdlib.h>
#include <string.h>

#include "base/wide.h"
#include "io/fingerprint.h"

static struct sg_key_image image_of_bytes(const char *bytes, size_t length) {
    uint64_t order = 0;
    for (size_t i = 0; i < 8; i++)
        order = order << 8 | (i < length ? (unsigned char)bytes[i] : 0);
    return (struct sg_key_image){(int64_t)(order ^ (uint64_t)1 << 63), sg_hash_bytes(bytes, length)};
}

static struct sg_key_image image_of_text_cell(const struct sg_batch *batch, size_t row, int column) {
    struct sg_text cell = ((const struct sg_text *)batch->vectors[column].data)[row];
    return image_of_bytes(batch->pool + cell.offset, cell.length);
}

struct sg_key_image sg_key_image_of_uuid(uint64_t high, uint64_t low) {
    return (struct sg_key_image){(int64_t)(high ^ (uint64_t)1 << 63), high * 0x9E3779B97F4A7C15u ^ low};
}

static struct sg_key_image image_of_uuid(const struct sg_batch *batch, size_t row, int column) {
    const uint64_t *cell = (const uint64_t *)batch->vectors[column].data + 2 * row;
    return sg_key_image_of_uuid(cell[0], cell[1]);
}

static struct sg_key_image image_of_token(uint64_t key) {
    return (struct sg_key_image){(int64_t)(key ^ (uint64_t)1 << 63), key};
}

#define COPY_VALUES(ctype)                                                                                   \
    do {                                                                                                     \
        const ctype *cells = data;                                                                           \
        for (size_t i = 0; i < rows; i++)                                                                    \
            values[i] = cells[i];                                                                            \
    } while (0)

SG_WIDE void sg_values_of_column(const struct sg_batch *batch, int column, int64_t *values) {
    const void *data = batch->vectors[column].data;
    size_t rows = batch->rows;
    switch (batch->table->columns[column].type) {
    case SG_BOOL:
        COPY_VALUES(uint8_t);
        break;
    case SG_I16:
        COPY_VALUES(int16_t);
        break;
    case SG_ENUM:
        COPY_VALUES(uint16_t);
        break;
    case SG_I32:
    case SG_DATE:
        COPY_VALUES(int32_t);
        break;
    case SG_I64:
    case SG_DECIMAL:
    case SG_TIMESTAMP:
    case SG_TOKEN:
        COPY_VALUES(int64_t);
        break;
    case SG_TEXT:
        for (size_t i = 0; i < rows; i++)
            values[i] =
                batch->vectors[column].null[i] ? 0 : (int64_t)image_of_text_cell(batch, i, column).identity;
        break;
    case SG_UUID:
        for (size_t i = 0; i < rows; i++)
            values[i] = (int64_t)image_of_uuid(batch, i, column).identity;
        break;
    }
}

struct sg_key_image sg_key_image_of_cell(const struct sg_batch *batch, size_t row, int column) {
    switch (batch->table->columns[column].type) {
    case SG_TEXT:
        return image_of_text_cell(batch, row, column);
    case SG_UUID:
        return image_of_uuid(batch, row, column);
    case SG_TOKEN:
        return image_of_token(((const uint64_t *)batch->vectors[column].data)[row]);
    default: {
        int64_t value = sg_batch_integer(batch, column, row);
        return (struct sg_key_image){value, (uint64_t)value};
    }
    }
}

static uint64_t digit62(char c) {
    if (c >= '0' && c <= '9') return (uint64_t)(c - '0');
    if (c >= 'A' && c <= 'Z') return (uint64_t)(c - 'A' + 10);
    return (uint64_t)(c - 'a' + 36);
}

static uint64_t token_key(const struct sg_token *token, const char *text, size_t length) {
    size_t skip = strlen(token->prefix) + strlen(token->lead), infix = strlen(token->infix);
    uint64_t key = 0, radix = token->decimal_digits ? 10 : 62;
    for (size_t i = 0; i < sg_token_digits(token); i++) {
        size_t at = skip + i + (i >= token->infix_after ? infix : 0);
        if (at >= length) break;
        key = key * radix + digit62(text[at]);
    }
    return key;
}

static uint64_t uuid_half(const char *text, size_t length, size_t first, size_t count) {
    uint64_t half = 0;
    for (size_t i = first; i < length && count; i++) {
        char c = text[i];
        if (c == '-') continue;
        half = half << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
        count--;
    }
    return half;
}

struct sg_key_image sg_key_image_of_text(const struct sg_column *column, const char *text, size_t length) {
    switch (column->type) {
    case SG_TEXT:
    case SG_ENUM:
    case SG_DATE:
    case SG_TIMESTAMP:
        return image_of_bytes(text, length);
    case SG_TOKEN:
        return image_of_token(token_key(column->token, text, length));
    case SG_UUID:
        return sg_key_image_of_uuid(uuid_half(text, length, 0, 16), uuid_half(text, length, 19, 16));
    default: {
        int64_t value = strtoll(text, NULL, 10);
        return (struct sg_key_image){value, (uint64_t)value};
    }
    }
}

static bool numeric_key(enum sg_type type) {
    return type == SG_I16 || type == SG_I32 || type == SG_I64 || type == SG_DECIMAL || type == SG_BOOL;
}

int sg_key_text_compare(const struct sg_table *table, const char *a, const char *b) {
    for (int k = 0; k < sg_key_count(table); k++) {
        size_t a_length = strcspn(a, "\t"), b_length = strcspn(b, "\t");
        int order;
        if (numeric_key(table->columns[sg_column_index(table, table->key[k])].type)) {
            long long x = strtoll(a, NULL, 10), y = strtoll(b, NULL, 10);
            order = (x > y) - (x < y);
        } else {
            size_t common = a_length < b_length ? a_length : b_length;
            order = memcmp(a, b, common);
            if (order == 0) order = (a_length > b_length) - (a_length < b_length);
        }
        if (order) return order;
        a += a_length + (a[a_length] == '\t');
        b += b_length + (b[b_length] == '\t');
    }
    return 0;
}

static int text_cells_compare(const struct sg_batch *batch, int column, size_t a, size_t b) {
    const struct sg_text *cells = batch->vectors[column].data;
    uint32_t common = cells[a].length < cells[b].length ? cells[a].length : cells[b].length;
    int order = memcmp(batch->pool + cells[a].offset, batch->pool + cells[b].offset, common);
    return order ? order : (cells[a].length > cells[b].length) - (cells[a].length < cells[b].length);
}

static int uuid_cells_compare(const struct sg_batch *batch, int column, size_t a, size_t b) {
    const uint64_t *cells = batch->vectors[column].data;
    for (int half = 0; half < 2; half++) {
        uint64_t x = cells[2 * a + (size_t)half], y = cells[2 * b + (size_t)half];
        if (x != y) return x > y ? 1 : -1;
    }
    return 0;
}

int sg_key_row_compare(const struct sg_batch *batch, const int *key_columns, int key_count, size_t a,
                       size_t b) {
    for (int k = 0; k < key_count; k++) {
        int column = key_columns[k], order;
        enum sg_type type = batch->table->columns[column].type;
        if (type == SG_TEXT)
            order = text_cells_compare(batch, column, a, b);
        else if (type == SG_UUID)
            order = uuid_cells_compare(batch, column, a, b);
        else {
            int64_t x = sg_key_image_of_cell(batch, a, column).order;
            int64_t y = sg_key_image_of_cell(batch, b, column).order;
            order = (x > y) - (x < y);
        }
        if (order) return order;
    }
    return 0;
}
