/* Dictionaries: one open-addressing table over the cells of a column, given up as soon as values stop
 * repeating. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/fingerprint.h"
#include "io/parquet.h"

enum {
    CODES_MAX = 4096,           /* but for enums, whose labels are few anyway */
    VALUES_BYTES_MAX = 1 << 19, /* of all dictionary values in plain form */
    REPEATS_MIN = 2             /* of a value on average */
};

void sg_parquet_dictionary_free(struct sg_parquet_dictionary *dictionary) {
    free(dictionary->codes);
    free(dictionary->rows);
    free(dictionary->slots);
    *dictionary = (struct sg_parquet_dictionary){0};
}

static size_t slots_of(size_t codes) {
    size_t slots = 16;
    while (slots < 2 * codes + 2)
        slots *= 2;
    return slots;
}

static enum sg_code make_room(struct sg_parquet_dictionary *dictionary, size_t rows, size_t codes,
                              struct sg_error *err) {
    if (rows > dictionary->capacity) {
        free(dictionary->codes);
        dictionary->codes = sg_alloc_array(rows, sizeof *dictionary->codes);
        dictionary->capacity = dictionary->codes ? rows : 0;
    }
    free(dictionary->rows);
    free(dictionary->slots);
    dictionary->rows = sg_alloc_array(codes, sizeof *dictionary->rows);
    dictionary->slots = sg_alloc_array(slots_of(codes), sizeof *dictionary->slots);
    dictionary->count = 0;
    if (dictionary->codes && dictionary->rows && dictionary->slots) return SG_OK;
    return sg_fail(err, SG_SYSTEM, "no memory for a dictionary");
}

/* Cells of one column as bytes. */
struct cells {
    const char *data, *pool;
    size_t element;
    bool text;
};

static const char *cell_at(const struct cells *cells, size_t row, size_t *size) {
    if (!cells->text) {
        *size = cells->element;
        return cells->data + row * cells->element;
    }
    struct sg_text text = ((const struct sg_text *)(const void *)cells->data)[row];
    *size = text.length;
    return text.length ? cells->pool + text.offset : "";
}

static uint64_t hash_cell(const struct cells *cells, size_t row) {
    size_t size;
    const char *cell = cell_at(cells, row, &size);
    uint64_t word = 0;
    if (size > sizeof word) return sg_hash_bytes(cell, size);
    memcpy(&word, cell, size);
    word = (word + size * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;
    return word ^ word >> 32;
}

static bool same_cell(const struct cells *cells, size_t a, size_t b) {
    size_t size, other;
    const char *x = cell_at(cells, a, &size), *y = cell_at(cells, b, &other);
    return size == other && memcmp(x, y, size) == 0;
}

enum sg_code sg_parquet_dictionary_make(struct sg_parquet_dictionary *dictionary,
                                        const struct sg_batch *batch, int column, bool *pays,
                                        struct sg_error *err) {
    const struct sg_column *declared = &batch->table->columns[column];
    const struct sg_vector *vector = &batch->vectors[column];
    const struct cells cells = {.data = vector->data,
                                .pool = batch->pool,
                                .element = sg_type_bytes(declared->type),
                                .text = declared->type == SG_TEXT};
    size_t codes_max = declared->type == SG_ENUM ? declared->labels->count : CODES_MAX;
    size_t mask = slots_of(codes_max) - 1, values = 0, bytes = 0;
    *pays = false;
    if (declared->type == SG_BOOL) return SG_OK;
    SG_TRY(make_room(dictionary, batch->rows, codes_max, err));
    for (size_t row = 0; row < batch->rows; row++) {
        if (vector->null[row]) continue;
        values++;
        size_t at = hash_cell(&cells, row) & mask;
        while (dictionary->slots[at] && !same_cell(&cells, row, dictionary->rows[dictionary->slots[at] - 1]))
            at = (at + 1) & mask;
        if (!dictionary->slots[at]) {
            bytes += sg_parquet_plain_bytes(batch, column, row);
            if (dictionary->count == codes_max || bytes > VALUES_BYTES_MAX) return SG_OK;
            dictionary->rows[dictionary->count++] = (uint32_t)row;
            dictionary->slots[at] = (uint32_t)dictionary->count;
        }
        dictionary->codes[row] = dictionary->slots[at] - 1;
    }
    *pays = values >= REPEATS_MIN * dictionary->count && values > 0;
    return SG_OK;
}
