/* Words by type of column: one maker each, in a table. */
#include "io/encode_cells.h"

/* A column's part of a block. */
struct cells {
    struct sg_cell_plan *plan;
    const void *data;    /* of the block's first row */
    const uint8_t *null; /* NULL: no NULL in the batch */
    size_t rows;
    uint32_t end, end_size;
};

typedef size_t make_fn(const struct cells *cells, struct sg_words *words);

static size_t number_words(const struct cells *cells, const uint32_t *values, uint32_t most, uint32_t end,
                           uint32_t end_size, struct sg_words *words) {
    if (most < SG_SHORT_END) {
        sg_words_short(values, cells->rows, end, end_size, words);
        return 1;
    }
    sg_words_split(values, cells->rows, end, end_size, &words[0], &words[1]);
    return 2;
}

/* Defines a maker of integers. */
#define NUMBERS(name, values_of)                                                                             \
    static size_t name(const struct cells *cells, struct sg_words *words) {                                  \
        uint32_t values[SG_BLOCK_ROWS], most;                                                                \
        if (!values_of(cells->data, cells->null, cells->rows, values, &most)) return 0;                      \
        return number_words(cells, values, most, cells->end, cells->end_size, words);                        \
    }

NUMBERS(make_i16, sg_values_of_i16)
NUMBERS(make_i32, sg_values_of_i32)
NUMBERS(make_i64, sg_values_of_i64)

static size_t make_bool(const struct cells *cells, struct sg_words *words) {
    sg_words_bool(cells->data, cells->rows, cells->end, cells->end_size, words);
    return 1;
}

static size_t make_decimal(const struct cells *cells, struct sg_words *words) {
    uint32_t values[SG_BLOCK_ROWS], rest[SG_BLOCK_ROWS], most, scale = cells->plan->scale;
    if (scale == 0) return make_i64(cells, words);
    if (scale != 2 && scale != 4) return 0;
    if (!sg_values_of_i64(cells->data, cells->null, cells->rows, values, &most)) return 0;
    if (scale == 2)
        sg_values_by_100(values, cells->rows, rest);
    else
        sg_values_by_10000(values, cells->rows, rest);
    size_t count = number_words(cells, values, most / (scale == 2 ? 100 : 10000), 0, 0, words);
    if (scale == 2)
        sg_words_hundredths(rest, cells->rows, cells->end, cells->end_size, &words[count]);
    else
        sg_words_myriadths(rest, cells->rows, cells->end, cells->end_size, &words[count]);
    if (count == 1 && !cells->null && sg_words_join(&words[0], &words[1], cells->rows)) return 1;
    return count + 1;
}

/* Where the text of a day has its month and its day. */
static uint64_t month_text(const struct sg_date_cache *date) {
    uint64_t text;
    memcpy(&text, date->text, sizeof text);
    return text;
}

static size_t make_date(const struct cells *cells, struct sg_words *words) {
    struct sg_date_cache *date = &cells->plan->date;
    const int32_t *days = cells->data;
    for (size_t row = 0; row < cells->rows; row++) {
        if (__builtin_expect(days[row] != date->day, 0) && !(cells->null && cells->null[row]))
            sg_date_cache_fill(date, days[row]);
        uint16_t day;
        memcpy(&day, date->text + 8, sizeof day);
        words[0].text[row] = month_text(date);
        words[1].text[row] = day | (uint64_t)cells->end << 16;
    }
    sg_words_sized(&words[0], cells->rows, 8);
    sg_words_sized(&words[1], cells->rows, 2 + cells->end_size);
    return 2;
}

static size_t make_timestamp(const struct cells *cells, struct sg_words *words) {
    struct sg_date_cache *date = &cells->plan->date;
    const int64_t *instants = cells->data;
    uint32_t second[SG_BLOCK_ROWS], day_text[SG_BLOCK_ROWS];
    int64_t midnight = date->day == INT64_MIN ? INT64_MIN : date->day * SG_DAY_S;
    for (size_t row = 0; row < cells->rows; row++) {
        uint64_t rest = (uint64_t)instants[row] - (uint64_t)midnight;
        if (__builtin_expect(rest >= SG_DAY_S, 0)) {
            bool null = cells->null && cells->null[row];
            int64_t day = null ? 0 : instants[row] / SG_DAY_S;
            if (!null && day * SG_DAY_S > instants[row]) day--;
            if (!null || midnight == INT64_MIN) {
                sg_date_cache_fill(date, day);
                midnight = day * SG_DAY_S;
            }
            rest = null ? 0 : (uint64_t)(instants[row] - midnight);
        }
        uint32_t text;
        memcpy(&text, date->text + 8, sizeof text);
        words[0].text[row] = month_text(date);
        day_text[row] = text & 0xFFFFFF;
        second[row] = (uint32_t)rest;
    }
    sg_words_sized(&words[0], cells->rows, 8);
    sg_words_clock(second, day_text, cells->rows, cells->end, cells->end_size, &words[1], &words[2]);
    return 3;
}

static make_fn *const makers[] = {
    [SG_BOOL] = make_bool,
    [SG_I16] = make_i16,
    [SG_I32] = make_i32,
    [SG_I64] = make_i64,
    [SG_DECIMAL] = make_decimal,
    [SG_DATE] = make_date,
    [SG_ENUM] = NULL,
    [SG_TOKEN] = NULL,
    [SG_TEXT] = NULL,
    [SG_UUID] = NULL,
    [SG_TIMESTAMP] = make_timestamp,
};

size_t sg_cell_words(const struct sg_row_plan *plan, struct sg_cell_plan *cell, size_t first, size_t rows,
                     uint32_t end, uint32_t end_size, struct sg_words *words) {
    make_fn *make = makers[cell->type];
    if (!make) return 0;
    struct cells cells = {.plan = cell,
                          .data = (const char *)cell->data + first * sg_type_bytes(cell->type),
                          .null = cell->null ? cell->null + first : NULL,
                          .rows = rows,
                          .end = end,
                          .end_size = end_size};
    size_t count = make(&cells, words);
    if (count && cells.null)
        sg_words_null(words, count, cells.null, rows, plan->null_text | (uint64_t)end << 8 * plan->null_size,
                      plan->null_size + end_size);
    return count;
}
