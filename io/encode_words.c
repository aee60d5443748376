/* Straight loops over the rows of a block, in a version for each width of vectors. */
#include "io/encode_words.h"

#include <string.h>

#include "base/wide.h"

/* Defines <name>: the values of a vector of ctype; utype shows negative ones as large. */
#define VALUES_OF(name, ctype, utype)                                                                        \
    SG_WIDE bool name(const void *vector, const uint8_t *null, size_t rows, uint32_t *restrict values,       \
                      uint32_t *most) {                                                                      \
        const ctype *restrict data = vector;                                                                 \
        utype any = 0;                                                                                       \
        uint32_t largest = 0;                                                                                \
        for (size_t row = 0; row < rows; row++) {                                                            \
            utype value = (utype)data[row];                                                                  \
            if (null) value &= (utype)((utype)null[row] - 1);                                                \
            any |= value;                                                                                    \
            values[row] = (uint32_t)value;                                                                   \
        }                                                                                                    \
        for (size_t row = 0; row < rows; row++)                                                              \
            largest = values[row] > largest ? values[row] : largest;                                         \
        *most = largest;                                                                                     \
        return (uint64_t)any >> 32 == 0 && largest < SG_SPLIT_END;                                           \
    }

VALUES_OF(sg_values_of_i16, int16_t, uint32_t)
VALUES_OF(sg_values_of_i32, int32_t, uint32_t)
VALUES_OF(sg_values_of_i64, int64_t, uint64_t)

SG_WIDE void sg_values_by_100(uint32_t *restrict values, size_t rows, uint32_t *restrict rest) {
    for (size_t row = 0; row < rows; row++) {
        uint32_t quotient = values[row] / 100;
        rest[row] = values[row] - quotient * 100;
        values[row] = quotient;
    }
}

SG_WIDE void sg_values_by_10000(uint32_t *restrict values, size_t rows, uint32_t *restrict rest) {
    for (size_t row = 0; row < rows; row++) {
        uint32_t quotient = values[row] / 10000;
        rest[row] = values[row] - quotient * 10000;
        values[row] = quotient;
    }
}

/* Two ASCII digits of v < 100, the first in the lowest byte. */
SG_WIDE_INLINE uint32_t two_digits(uint32_t v) {
    uint32_t tens = v * 103 >> 10;
    return (tens | (v - tens * 10) << 8) + 0x3030;
}

/* Four ASCII digits of v < 10^4. */
SG_WIDE_INLINE uint32_t four_digits(uint32_t v) {
    uint32_t high = v * 5243 >> 19;
    uint32_t pairs = high | (v - high * 100) << 16;
    uint32_t tens = (pairs * 103 >> 10) & 0x000F000F;
    return (tens | (pairs - tens * 10) << 8) + 0x30303030;
}

/* How many digits v < 10^4 has. */
SG_WIDE_INLINE uint32_t digits_of(uint32_t v) {
    return 4 - (v < 1000) - (v < 100) - (v < 10);
}

static void largest_size(struct sg_words *words, size_t rows) {
    uint8_t most = 0;
    for (size_t row = 0; row < rows; row++)
        most = words->size[row] > most ? words->size[row] : most;
    words->size_max = most;
}

SG_WIDE static void short_words(const uint32_t *restrict values, size_t rows, uint32_t end, uint32_t end_size,
                                uint64_t *restrict text, uint8_t *restrict sizes) {
    for (size_t row = 0; row < rows; row++) {
        uint32_t digits = digits_of(values[row]);
        text[row] = (uint64_t)(four_digits(values[row]) >> (32 - 8 * digits)) | (uint64_t)end << 8 * digits;
    }
    for (size_t row = 0; row < rows; row++)
        sizes[row] = (uint8_t)(digits_of(values[row]) + end_size);
}

void sg_words_short(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                    struct sg_words *words) {
    short_words(values, rows, end, end_size, words->text, words->size);
    largest_size(words, rows);
}

SG_WIDE static void high_words(const uint32_t *restrict values, size_t rows, uint64_t *restrict text,
                               uint8_t *restrict sizes) {
    for (size_t row = 0; row < rows; row++) {
        uint32_t high = values[row] / 10000, digits = digits_of(high);
        text[row] = high ? four_digits(high) >> (32 - 8 * digits) : 0;
    }
    for (size_t row = 0; row < rows; row++) {
        uint32_t v = values[row];
        sizes[row] = (uint8_t)((v >= 10000) + (v >= 100000) + (v >= 1000000) + (v >= 10000000));
    }
}

SG_WIDE static void low_words(const uint32_t *restrict values, size_t rows, uint32_t end, uint32_t end_size,
                              uint64_t *restrict text, uint8_t *restrict sizes) {
    for (size_t row = 0; row < rows; row++) {
        uint32_t v = values[row], low = v - v / 10000 * 10000, digits = digits_of(v);
        text[row] = (uint64_t)(four_digits(low) >> (32 - 8 * digits)) | (uint64_t)end << 8 * digits;
    }
    for (size_t row = 0; row < rows; row++)
        sizes[row] = (uint8_t)(digits_of(values[row]) + end_size);
}

void sg_words_split(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                    struct sg_words *high, struct sg_words *low) {
    high_words(values, rows, high->text, high->size);
    low_words(values, rows, end, end_size, low->text, low->size);
    largest_size(high, rows);
    largest_size(low, rows);
}

SG_WIDE static void hundredths(const uint32_t *restrict values, size_t rows, uint32_t end,
                               uint64_t *restrict text) {
    for (size_t row = 0; row < rows; row++)
        text[row] = (uint64_t)'.' | (uint64_t)two_digits(values[row]) << 8 | (uint64_t)end << 24;
}

void sg_words_hundredths(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                         struct sg_words *words) {
    hundredths(values, rows, end, words->text);
    sg_words_sized(words, rows, 3 + end_size);
}

SG_WIDE static void myriadths(const uint32_t *restrict values, size_t rows, uint32_t end,
                              uint64_t *restrict text) {
    for (size_t row = 0; row < rows; row++)
        text[row] = (uint64_t)'.' | (uint64_t)four_digits(values[row]) << 8 | (uint64_t)end << 40;
}

void sg_words_myriadths(const uint32_t *values, size_t rows, uint32_t end, uint32_t end_size,
                        struct sg_words *words) {
    myriadths(values, rows, end, words->text);
    sg_words_sized(words, rows, 5 + end_size);
}

SG_WIDE static void truths(const uint8_t *restrict data, size_t rows, uint32_t end, uint64_t *restrict text) {
    for (size_t row = 0; row < rows; row++)
        text[row] = (uint64_t)(data[row] ? 't' : 'f') | (uint64_t)end << 8;
}

void sg_words_bool(const uint8_t *data, size_t rows, uint32_t end, uint32_t end_size,
                   struct sg_words *words) {
    truths(data, rows, end, words->text);
    sg_words_sized(words, rows, 1 + end_size);
}

SG_WIDE static void counters(uint32_t first, uint32_t digits, size_t rows, uint32_t end,
                             uint64_t *restrict text) {
    for (size_t row = 0; row < rows; row++) {
        uint32_t v = first + (uint32_t)row, high = v / 10000, low = v - high * 10000;
        uint64_t eight = (uint64_t)four_digits(high) | (uint64_t)four_digits(low) << 32;
        text[row] = eight >> (64 - 8 * digits) | (uint64_t)end << 8 * digits;
    }
}

void sg_words_counter(uint32_t first, bool seven_digits, size_t rows, uint32_t end, struct sg_words *words) {
    uint32_t digits = 1, next = 10;
    while (digits < 7 && (seven_digits || first >= next))
        next *= 10, digits++;
    size_t done = 0; /* rows before the number of digits grows */
    for (;; digits++, next *= 10) {
        size_t here = rows - done;
        if (digits < 7 && next - (first + done) < here) here = next - (first + done);
        counters(first + (uint32_t)done, digits, here, end, words->text + done);
        memset(words->size + done, (int)digits + 1, here);
        done += here;
        if (done == rows) break;
    }
    words->size_max = digits + 1;
}

SG_WIDE static void clocks(const uint32_t *restrict second, const uint32_t *restrict day_text, size_t rows,
                           uint32_t end, uint64_t *restrict minutes, uint64_t *restrict seconds) {
    const uint64_t colon = ':', zone = (uint64_t)'+' | (uint64_t)'0' << 8 | (uint64_t)'0' << 16;
    for (size_t row = 0; row < rows; row++) {
        uint32_t minute = second[row] / 60, hour = minute / 60;
        minutes[row] = (uint64_t)day_text[row] | (uint64_t)two_digits(hour) << 24 | colon << 40 |
                       (uint64_t)two_digits(minute - hour * 60) << 48;
        seconds[row] =
            colon | (uint64_t)two_digits(second[row] - minute * 60) << 8 | zone << 24 | (uint64_t)end << 48;
    }
}

void sg_words_clock(const uint32_t *second, const uint32_t *day_text, size_t rows, uint32_t end,
                    uint32_t end_size, struct sg_words *minute_words, struct sg_words *second_words) {
    clocks(second, day_text, rows, end, minute_words->text, second_words->text);
    sg_words_sized(minute_words, rows, 8);
    sg_words_sized(second_words, rows, 6 + end_size);
}

SG_WIDE static void put_null(uint64_t *restrict text, uint8_t *restrict sizes, const uint8_t *restrict null,
                             size_t rows, uint64_t null_text, uint8_t null_size) {
    for (size_t row = 0; row < rows; row++) {
        text[row] = null[row] ? null_text : text[row];
        sizes[row] = null[row] ? null_size : sizes[row];
    }
}

void sg_words_null(struct sg_words *words, size_t count, const uint8_t *null, size_t rows, uint64_t text,
                   uint32_t text_size) {
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        put_null(words[i].text, words[i].size, null, rows, last ? text : 0, (uint8_t)(last ? text_size : 0));
        largest_size(&words[i], rows);
    }
}

void sg_words_sized(struct sg_words *words, size_t rows, uint32_t size) {
    memset(words->size, (int)size, rows);
    words->size_max = size;
}

SG_WIDE static void join(uint64_t *restrict text, uint8_t *restrict sizes, const uint64_t *restrict text_more,
                         const uint8_t *restrict sizes_more, size_t rows) {
    for (size_t row = 0; row < rows; row++)
        text[row] |= text_more[row] << 8 * (sizes[row] & 7);
    for (size_t row = 0; row < rows; row++)
        sizes[row] = (uint8_t)(sizes[row] + sizes_more[row]);
}

bool sg_words_join(struct sg_words *words, const struct sg_words *more, size_t rows) {
    if (words->size_max + more->size_max > SG_WORD_BYTES) return false;
    join(words->text, words->size, more->text, more->size, rows);
    words->size_max += more->size_max;
    return true;
}
