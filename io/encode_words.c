/* Straight loops over the rows of a block, in a version for each width of vectors. */
#include "io/encode_words.h"

#include "base/wide.h"

/* Four ASCII digits of v < 10^4, the first in the lowest byte. */
SG_WIDE_INLINE uint32_t four_digits(uint32_t v) {
    uint32_t high = v * 5243 >> 19;
    uint32_t pairs = high | (v - high * 100) << 16;
    uint32_t tens = (pairs * 103 >> 10) & 0x000F000F;
    return (tens | (pairs - tens * 10) << 8) + 0x30303030;
}

SG_WIDE_INLINE uint64_t words_of(uint32_t v, uint64_t end, uint64_t *text) {
    uint64_t digits = 4 - (v < 1000) - (v < 100) - (v < 10);
    *text = (uint64_t)four_digits(v) >> (32 - 8 * digits) | end << 8 * digits;
    return digits;
}

/* Defines <name>: words of a vector of ctype. */
#define WORDS_OF(name, ctype)                                                                                \
    SG_WIDE void name(const ctype *data, size_t rows, uint32_t end, uint32_t end_size,                       \
                      struct sg_words *words) {                                                              \
        uint64_t most = 0;                                                                                   \
        for (size_t row = 0; row < rows; row++) {                                                            \
            uint64_t size = words_of((uint32_t)data[row], end, &words->text[row]) + end_size;                \
            words->size[row] = size;                                                                         \
            most = size > most ? size : most;                                                                \
        }                                                                                                    \
        words->size_max = most;                                                                              \
    }

WORDS_OF(sg_words_of_i16, int16_t)
WORDS_OF(sg_words_of_i32, int32_t)

SG_WIDE void sg_words_of_bool(const uint8_t *data, size_t rows, uint32_t end, uint32_t end_size,
                              struct sg_words *words) {
    for (size_t row = 0; row < rows; row++) {
        words->text[row] = (uint64_t)(data[row] ? 't' : 'f') | (uint64_t)end << 8;
        words->size[row] = 1 + end_size;
    }
    words->size_max = 1 + end_size;
}

SG_WIDE static void join(uint64_t *restrict text, uint64_t *restrict size, const uint64_t *restrict text_more,
                         const uint64_t *restrict size_more, size_t rows) {
    for (size_t row = 0; row < rows; row++) {
        text[row] |= text_more[row] << 8 * size[row];
        size[row] += size_more[row];
    }
}

bool sg_words_join(struct sg_words *words, const struct sg_words *more, size_t rows) {
    if (words->size_max + more->size_max > 8) return false;
    join(words->text, words->size, more->text, more->size, rows);
    words->size_max += more->size_max;
    return true;
}
