/* Statistics of column chunks, in the order Parquet defines for each type: numbers by value, text and UUIDs
 * by unsigned bytes. The reader computes them again and compares, since readers elsewhere skip rows by them.
 */
#include <string.h>

#include "io/parquet.h"

/* The rows that hold the smallest and the largest value. */
struct extremes {
    size_t least, most;
    bool any;
};

typedef int compare_cells(const struct sg_batch *batch, int column, size_t a, size_t b);

static int compare_numbers(const struct sg_batch *batch, int column, size_t a, size_t b) {
    int64_t x = sg_batch_integer(batch, column, a), y = sg_batch_integer(batch, column, b);
    return (x > y) - (x < y);
}

/* Tokens are of equal width with digits in ASCII order, so their text goes as their keys. */
static int compare_keys(const struct sg_batch *batch, int column, size_t a, size_t b) {
    const uint64_t *keys = batch->vectors[column].data;
    return (keys[a] > keys[b]) - (keys[a] < keys[b]);
}

static int compare_uuids(const struct sg_batch *batch, int column, size_t a, size_t b) {
    const uint64_t *halves = batch->vectors[column].data;
    const uint64_t *x = halves + 2 * a, *y = halves + 2 * b;
    if (x[0] != y[0]) return x[0] < y[0] ? -1 : 1;
    return (x[1] > y[1]) - (x[1] < y[1]);
}

static int compare_labels(const struct sg_batch *batch, int column, size_t a, size_t b) {
    const uint16_t *codes = batch->vectors[column].data;
    const char *const *labels = batch->table->columns[column].labels->labels;
    return codes[a] == codes[b] ? 0 : strcmp(labels[codes[a]], labels[codes[b]]);
}

static int compare_texts(const struct sg_batch *batch, int column, size_t a, size_t b) {
    struct sg_text x = ((const struct sg_text *)batch->vectors[column].data)[a];
    struct sg_text y = ((const struct sg_text *)batch->vectors[column].data)[b];
    uint32_t common = x.length < y.length ? x.length : y.length;
    int order = common ? memcmp(batch->pool + x.offset, batch->pool + y.offset, common) : 0;
    return order ? order : (x.length > y.length) - (x.length < y.length);
}

static compare_cells *const compares[] = {
    [SG_BOOL] = compare_numbers,      [SG_I16] = compare_numbers,     [SG_I32] = compare_numbers,
    [SG_I64] = compare_numbers,       [SG_DECIMAL] = compare_numbers, [SG_DATE] = compare_numbers,
    [SG_TIMESTAMP] = compare_numbers, [SG_ENUM] = compare_labels,     [SG_TOKEN] = compare_keys,
    [SG_TEXT] = compare_texts,        [SG_UUID] = compare_uuids,
};

/* False when some text is too long for a bound. */
static bool find_extremes(const struct sg_batch *batch, int column, struct extremes *found, uint64_t *nulls) {
    const uint8_t *null = batch->vectors[column].null;
    enum sg_type type = batch->table->columns[column].type;
    compare_cells *compare = compares[type];
    const struct sg_text *texts = type == SG_TEXT ? batch->vectors[column].data : NULL;
    bool fits = true;
    for (size_t row = 0; row < batch->rows; row++) {
        *nulls += null[row] != 0;
        if (null[row] || !fits) continue;
        fits = !texts || texts[row].length <= SG_PARQUET_BOUND_BYTES;
        if (!found->any) *found = (struct extremes){row, row, true};
        if (compare(batch, column, row, found->least) < 0) found->least = row;
        if (compare(batch, column, row, found->most) > 0) found->most = row;
    }
    return fits;
}

/* A bound in plain form, without the length in front of text. */
static uint8_t put_bound(const struct sg_batch *batch, int column, size_t row, unsigned char *out) {
    const struct sg_column *declared = &batch->table->columns[column];
    const void *data = batch->vectors[column].data;
    if (declared->type == SG_TEXT) {
        struct sg_text text = ((const struct sg_text *)data)[row];
        if (text.length) memcpy(out, batch->pool + text.offset, text.length);
        return (uint8_t)text.length;
    }
    if (declared->type == SG_ENUM) {
        const char *label = declared->labels->labels[((const uint16_t *)data)[row]];
        size_t size = strlen(label);
        memcpy(out, label, size < SG_PARQUET_BOUND_BYTES ? size : SG_PARQUET_BOUND_BYTES);
        return (uint8_t)(size < UINT8_MAX ? size : UINT8_MAX);
    }
    if (declared->type == SG_TOKEN) {
        char text[UINT8_MAX + 1];
        sg_token_format(declared->token, ((const uint64_t *)data)[row], text);
        if (declared->token->length <= SG_PARQUET_BOUND_BYTES) memcpy(out, text, declared->token->length);
        return declared->token->length;
    }
    struct sg_buffer plain = {.bytes = (char *)out, .capacity = SG_PARQUET_BOUND_BYTES};
    sg_parquet_plain_write(batch, column, row, row + 1, &plain, NULL);
    return (uint8_t)plain.used;
}

struct sg_parquet_stats sg_parquet_stats_of(const struct sg_batch *batch, int column) {
    struct sg_parquet_stats stats = {0};
    struct extremes found = {0};
    if (!find_extremes(batch, column, &found, &stats.nulls) || !found.any) return stats;
    stats.min_size = put_bound(batch, column, found.least, stats.min);
    stats.max_size = put_bound(batch, column, found.most, stats.max);
    stats.bounded = stats.min_size <= SG_PARQUET_BOUND_BYTES && stats.max_size <= SG_PARQUET_BOUND_BYTES;
    return stats;
}

bool sg_parquet_stats_same(const struct sg_parquet_stats *a, const struct sg_parquet_stats *b) {
    if (a->nulls != b->nulls || a->bounded != b->bounded) return false;
    return !a->bounded ||
           (a->min_size == b->min_size && a->max_size == b->max_size &&
            memcmp(a->min, b->min, a->min_size) == 0 && memcmp(a->max, b->max, a->max_size) == 0);
}
