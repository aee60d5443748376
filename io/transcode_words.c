/* Cells of one size to the words of binary COPY, a column of a block at a time: one loop fetches the cells'
 * bytes, another, in vector code, checks and converts them.
 *
 * NULLs are read as another cell that is good. Numbers that are no one to eight digits (long, negative,
 * malformed) send their column through a plainer loop.
 */
#include <stdlib.h>

#include "base/calendar.h"
#include "base/wide.h"
#include "io/encode_binary.h"
#include "io/transcode_rows.h"

enum { ROWS = SG_TRANSCODE_ROWS, INSTANT_BYTES = 22, CLOCK_AT = 8, SECOND_AT = 14 };

static inline struct sg_cell cell_of(const struct sg_column_cells *cells, size_t row) {
    const uint32_t *ends = cells->ends + row * cells->columns;
    uint32_t first = ends[0] + 1;
    return (struct sg_cell){cells->text + first, ends[1] - first};
}

/* The cell, or `instead` where it is NULL, which is noted. */
static inline struct sg_cell good_cell(const struct sg_transcoder_column *column,
                                       const struct sg_column_cells *cells, size_t row,
                                       struct sg_cell instead) {
    struct sg_cell cell = cell_of(cells, row);
    if (!column->null) return cell;
    column->null[row] = sg_copy_is_null(cell.text, cell.size);
    return column->null[row] ? instead : cell;
}

/* The digits of a cell as the last of eight, a byte each; marks in *odd a cell that has none or more, or a
 * leading zero. */
static inline uint64_t digits_of(struct sg_cell cell, size_t *odd) {
    uint64_t digits = sg_load8(cell.text) ^ 0x3030303030303030u;
    *odd |= (cell.size - 1) | (size_t)(((digits & 0xFF) == 0) & (cell.size != 1)) << 3;
    return digits << ((64 - 8 * cell.size) & 63);
}

/* The digits of every cell; false when one is odd. */
static bool fetch_digits(const struct sg_transcoder_column *column, const struct sg_column_cells *cells) {
    static const char zero[] = "0       ";
    const size_t rows = cells->rows, columns = cells->columns;
    const uint32_t *ends = cells->ends;
    const char *text = cells->text;
    uint64_t *word = column->word;
    size_t odd = 0;
    if (column->null)
        for (size_t row = 0; row < rows; row++)
            word[row] = digits_of(good_cell(column, cells, row, (struct sg_cell){zero, 1}), &odd);
    else
        for (size_t row = 0; row < rows; row++, ends += columns) {
            uint32_t first = ends[0] + 1;
            word[row] = digits_of((struct sg_cell){text + first, ends[1] - first}, &odd);
        }
    return odd < 8;
}

/* The high four bits of every byte that is no digit. */
SG_WIDE_INLINE uint64_t no_digits(uint64_t w) {
    return (w | (w + 0x0606060606060606u)) & 0xF0F0F0F0F0F0F0F0u;
}

/* Ten times, without a multiplication, which vectors of 64 bits are slow at. */
SG_WIDE_INLINE uint64_t tenfold(uint64_t w) {
    return (w << 3) + (w << 1);
}

/* The number of eight digits, the first in the lowest byte. */
SG_WIDE_INLINE uint64_t value_of(uint64_t w) {
    uint64_t pairs = (tenfold(w) + (w >> 8)) & 0x00FF00FF00FF00FFu;
    uint64_t fours = ((pairs << 6) + (pairs << 5) + (pairs << 2) + (pairs >> 16)) & 0x0000FFFF0000FFFFu;
    return (uint64_t)(uint32_t)fours * 10000 + (fours >> 32);
}

/* Digits to big-endian words of `bits`; false when one is no digit or a number is above `most`. */
SG_WIDE static bool words_of_digits(uint64_t *restrict word, size_t rows, unsigned bits, uint64_t most) {
    uint64_t bad = 0;
#pragma omp simd reduction(| : bad)
    for (size_t row = 0; row < rows; row++) {
        uint64_t value = value_of(word[row]);
        bad |= no_digits(word[row]) | (value > most);
        word[row] = __builtin_bswap64(value << (64 - bits));
    }
    return bad == 0;
}

/* Numbers of any length. */
static bool make_numbers_singly(struct sg_transcoder_column *column, const struct sg_column_cells *cells,
                                int64_t most) {
    for (size_t row = 0; row < cells->rows; row++) {
        int64_t value;
        struct sg_cell cell = good_cell(column, cells, row, (struct sg_cell){"0", 1});
        if (!sg_parse_i64(cell.text, cell.size, &value) || value > most || value < -most - 1) return false;
        column->word[row] = __builtin_bswap64((uint64_t)value << (64 - 8 * column->size));
    }
    return true;
}

static bool make_numbers(struct sg_transcoder_column *column, const struct sg_column_cells *cells) {
    unsigned bits = 8 * column->size;
    uint64_t most = UINT64_MAX >> (65 - bits);
    if (fetch_digits(column, cells) && words_of_digits(column->word, cells->rows, bits, most)) return true;
    return make_numbers_singly(column, cells, (int64_t)most);
}

static bool make_bools(struct sg_transcoder_column *column, const struct sg_column_cells *cells) {
    size_t bad = 0;
    for (size_t row = 0; row < cells->rows; row++) {
        struct sg_cell cell = good_cell(column, cells, row, (struct sg_cell){"f", 1});
        column->word[row] = *cell.text == 't';
        bad |= (cell.size - 1) | ((*cell.text != 't') & (*cell.text != 'f'));
    }
    return bad == 0;
}

static bool make_dates(struct sg_transcoder_column *column, const struct sg_column_cells *cells) {
    for (size_t row = 0; row < cells->rows; row++) {
        int32_t day;
        struct sg_cell cell = good_cell(column, cells, row, (struct sg_cell){"2000-01-01", SG_DATE_BYTES});
        if (cell.size != SG_DATE_BYTES || !sg_parse_day(cell.text, &column->day, &day)) return false;
        column->word[row] = __builtin_bswap32((uint32_t)(day - SG_BINARY_EPOCH_DAY));
    }
    return true;
}

/* Bytes of timestamps: "DD HH:MM" and "MM:SS+00", and what the day is counted from. */
struct clocks {
    uint64_t clock[ROWS], second[ROWS];
    int64_t first[ROWS], days[ROWS]; /* the month's first day since 2000, and its number of days */
};

/* The month that "YYYY-MM-" begins; the one before, as a rule. */
static bool find_month(struct sg_month_memory *month, const char *text) {
    char first[SG_DATE_BYTES];
    memcpy(first, text, CLOCK_AT);
    memcpy(first + CLOCK_AT, "01", 2);
    if (!sg_parse_date(first, SG_DATE_BYTES, &month->first_day)) return false;
    struct sg_civil civil = sg_civil_from_day(month->first_day);
    month->days = sg_days_in_month(civil.year, civil.month);
    month->head = sg_load8(text);
    return true;
}

static bool fetch_clocks(struct sg_transcoder_column *column, const struct sg_column_cells *cells,
                         struct clocks *clocks) {
    struct sg_month_memory *month = &column->month;
    for (size_t row = 0; row < cells->rows; row++) {
        struct sg_cell cell =
            good_cell(column, cells, row, (struct sg_cell){"2000-01-01 00:00:00+00", INSTANT_BYTES});
        if (cell.size != INSTANT_BYTES) return false;
        if (sg_load8(cell.text) != month->head && !find_month(month, cell.text)) return false;
        clocks->first[row] = month->first_day - SG_BINARY_EPOCH_DAY;
        clocks->days[row] = month->days;
        clocks->clock[row] = sg_load8(cell.text + CLOCK_AT);
        clocks->second[row] = sg_load8(cell.text + SECOND_AT);
    }
    return true;
}

/* The number of two digits at byte `at`. */
SG_WIDE_INLINE uint64_t two_digits(uint64_t w, unsigned at) {
    return tenfold(w >> 8 * at & 15) + (w >> (8 * at + 8) & 15);
}

SG_WIDE static bool words_of_clocks(const struct clocks *restrict clocks, size_t rows,
                                    uint64_t *restrict word) {
    uint64_t bad = 0;
#pragma omp simd reduction(| : bad)
    for (size_t row = 0; row < rows; row++) {
        uint64_t clock = clocks->clock[row] ^ 0x30303A3030203030u; /* 00 00:00 */
        uint64_t rest = clocks->second[row] ^ 0x30302B30303A3030u; /* 00:00+00 */
        uint64_t day = two_digits(clock, 0) - 1, hour = two_digits(clock, 3), minute = two_digits(clock, 6);
        uint64_t second = two_digits(rest, 3);
        bad |=
            no_digits(clock) | no_digits(rest) | (clock & 0x0000FF0000FF0000u) | (rest & 0xFFFFFF0000FF0000u);
        bad |= (uint64_t)(hour > 23) | (uint64_t)(minute > 59) | (uint64_t)(second > 59) |
               (uint64_t)(day >= (uint64_t)clocks->days[row]);
        uint64_t seconds =
            ((uint64_t)clocks->first[row] + day) * SG_DAY_S + hour * SG_HOUR_S + minute * 60 + second;
        word[row] = __builtin_bswap64(seconds * 1000000);
    }
    return bad == 0;
}

static bool make_timestamps(struct sg_transcoder_column *column, const struct sg_column_cells *cells) {
    struct clocks clocks;
    return fetch_clocks(column, cells, &clocks) && words_of_clocks(&clocks, cells->rows, column->word);
}

sg_make_words *sg_words_of(enum sg_type type, uint32_t *size) {
    static const struct {
        sg_make_words *make;
        uint32_t size;
    } types[] = {
        [SG_BOOL] = {make_bools, 1},
        [SG_I16] = {make_numbers, 2},
        [SG_I32] = {make_numbers, 4},
        [SG_I64] = {make_numbers, 8},
        [SG_DECIMAL] = {NULL, 0},
        [SG_DATE] = {make_dates, 4},
        [SG_TIMESTAMP] = {make_timestamps, 8},
        [SG_ENUM] = {NULL, 0},
        [SG_TOKEN] = {NULL, 0},
        [SG_TEXT] = {NULL, 0},
        [SG_UUID] = {NULL, 0},
    };
    *size = types[type].size;
    return types[type].make;
}
