/* Cell readers: one small inline function per type, text to value, strict inverses of the cell writers.
 *
 * Each takes the whole cell [text, text + size) and gives false for anything but the one text a writer would
 * produce for some value (leading zeros, plus signs, spaces and -0 are refused).
 */
#ifndef SG_IO_CELL_PARSE_H
#define SG_IO_CELL_PARSE_H

#include <string.h>

#include "base/calendar.h"
#include "io/cell_text.h"

/* Eight bytes as a little-endian word, the first one lowest. */
static inline uint64_t sg_load8(const char *text) {
    uint64_t w;
    memcpy(&w, text, 8);
    return w;
}

/* Is the raw cell of COPY text a NULL? */
static inline bool sg_copy_is_null(const char *text, size_t size) {
    return size == 2 && text[0] == '\\' && text[1] == 'N';
}

/* Eight bytes that are all ASCII digits? */
static inline bool sg_digits8(uint64_t w) {
    return ((w & 0xF0F0F0F0F0F0F0F0u) | (((w + 0x0606060606060606u) & 0xF0F0F0F0F0F0F0F0u) >> 4)) ==
           0x3333333333333333u;
}

/* The number that eight digits spell, first digit in the lowest byte. */
static inline uint32_t sg_value8(uint64_t w) {
    w = (w & 0x0F0F0F0F0F0F0F0Fu) * 2561 >> 8;
    w = (w & 0x00FF00FF00FF00FFu) * 6553601 >> 16;
    return (uint32_t)((w & 0x0000FFFF0000FFFFu) * 42949672960001u >> 32);
}

/* 1 to 19 digits, leading zeros allowed. */
static inline bool sg_parse_digits(const char *text, size_t size, uint64_t *value) {
    if (size == 0 || size > 19) return false;
    uint64_t v = 0;
    for (; size >= 8; text += 8, size -= 8) {
        uint64_t w = sg_load8(text);
        if (!sg_digits8(w)) return false;
        v = v * 100000000 + sg_value8(w);
    }
    for (; size; text++, size--) {
        unsigned digit = (unsigned char)*text - (unsigned)'0';
        if (digit > 9) return false;
        v = v * 10 + digit;
    }
    *value = v;
    return true;
}

/* Canonical integer of at most 64 bits. */
static inline bool sg_parse_i64(const char *text, size_t size, int64_t *value) {
    bool negative = size && *text == '-';
    text += negative;
    size -= negative;
    uint64_t magnitude;
    if (!sg_parse_digits(text, size, &magnitude)) return false;
    if (*text == '0' && (size > 1 || negative)) return false;
    if (magnitude > (uint64_t)INT64_MAX + negative) return false;
    *value = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}

/* Digits, and exactly `scale` of them behind a point unless scale is 0; at most precision digits in all. */
static inline bool sg_parse_decimal(const char *text, size_t size, unsigned precision, unsigned scale,
                                    int64_t *value) {
    if (scale == 0) {
        if (!sg_parse_i64(text, size, value)) return false;
    } else {
        bool negative = size && *text == '-';
        text += negative;
        size -= negative;
        if (size < scale + 2 || text[size - scale - 1] != '.') return false;
        size_t whole_size = size - scale - 1;
        uint64_t whole, fraction, magnitude;
        if (!sg_parse_digits(text, whole_size, &whole) || (*text == '0' && whole_size > 1)) return false;
        if (!sg_parse_digits(text + whole_size + 1, scale, &fraction)) return false;
        if (__builtin_mul_overflow(whole, sg_powers_of_ten[scale], &magnitude)) return false;
        if (__builtin_add_overflow(magnitude, fraction, &magnitude)) return false;
        if (magnitude > (uint64_t)INT64_MAX + negative || (negative && magnitude == 0)) return false;
        *value = (int64_t)(negative ? 0 - magnitude : magnitude);
    }
    if (precision > SG_SCALE_MAX) return true; /* more digits than 64 bits hold */
    uint64_t magnitude = *value < 0 ? 0 - (uint64_t)*value : (uint64_t)*value;
    return magnitude < sg_powers_of_ten[precision];
}

static inline bool sg_parse_pair(const char *text, int32_t *value) {
    unsigned high = (unsigned char)text[0] - (unsigned)'0', low = (unsigned char)text[1] - (unsigned)'0';
    *value = (int32_t)(high * 10 + low);
    return high <= 9 && low <= 9;
}

/* YYYY-MM-DD of an existing day, year 1 or later. */
static inline bool sg_parse_date(const char *text, size_t size, int32_t *day) {
    int32_t century, year, month, date;
    if (size != 10 || text[4] != '-' || text[7] != '-') return false;
    if (!sg_parse_pair(text, &century) || !sg_parse_pair(text + 2, &year)) return false;
    if (!sg_parse_pair(text + 5, &month) || !sg_parse_pair(text + 8, &date)) return false;
    year += century * 100;
    if (year < 1 || month < 1 || month > 12 || date < 1 || date > sg_days_in_month(year, month)) return false;
    *day = sg_day_from_civil(year, month, date);
    return true;
}

/* The day parsed last; most rows repeat it. Start with zeros. */
struct sg_day_memory {
    char text[SG_DATE_BYTES];
    int32_t day;
};

static inline bool sg_parse_day(const char *text, struct sg_day_memory *memory, int32_t *day) {
    if (memcmp(text, memory->text, SG_DATE_BYTES) != 0) {
        if (!sg_parse_date(text, SG_DATE_BYTES, &memory->day)) {
            memory->text[0] = '\0';
            return false;
        }
        memcpy(memory->text, text, SG_DATE_BYTES);
    }
    *day = memory->day;
    return true;
}

/* YYYY-MM-DD HH:MM:SS+00 */
static inline bool sg_parse_timestamp(const char *text, size_t size, struct sg_day_memory *memory,
                                      int64_t *instant_s) {
    int32_t day, hour, minute, second;
    if (size != 22 || text[10] != ' ' || text[13] != ':' || text[16] != ':') return false;
    if (memcmp(text + 19, "+00", 3) != 0 || !sg_parse_day(text, memory, &day)) return false;
    if (!sg_parse_pair(text + 11, &hour) || !sg_parse_pair(text + 14, &minute)) return false;
    if (!sg_parse_pair(text + 17, &second) || hour > 23 || minute > 59 || second > 59) return false;
    *instant_s = (int64_t)day * SG_DAY_S + hour * SG_HOUR_S + minute * 60 + second;
    return true;
}

/* Eight lower-case hexadecimal digits at once: each byte becomes its digit, then digits close up. */
static inline bool sg_parse_hex8(const char *text, uint64_t *value) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x = 0;
    for (int i = 0; i < 8; i++) /* one load and swap */
        x = x << 8 | (unsigned char)text[i];
    uint64_t letter = x >> 6 & ones;                             /* a-f lie at 0x61, 0-9 at 0x30 */
    uint64_t y = x ^ (0x30 * ones + 0x30 * letter);              /* 1..6 or 0..9 */
    uint64_t beyond = y + 0x76 * ones + 3 * letter;              /* sets the top bit above 9 or 6 */
    uint64_t below = (y + 0x7F * ones) | 0x80 * (ones - letter); /* lacks it for a letter of 0 */
    if ((y & 0xF0 * ones) || (beyond & 0x80 * ones) || (~below & 0x80 * ones)) return false;
    y += 9 * letter;
    y = (y | y >> 4) & UINT64_C(0x00FF00FF00FF00FF);
    y = (y | y >> 8) & UINT64_C(0x0000FFFF0000FFFF);
    *value = (y | y >> 16) & 0xFFFFFFFF;
    return true;
}

static inline bool sg_parse_uuid(const char *text, size_t size, uint64_t halves[2]) {
    uint64_t part[4] = {0};
    char middle[16];
    if (size != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
    memcpy(middle, text + 9, 4);
    memcpy(middle + 4, text + 14, 4);
    memcpy(middle + 8, text + 19, 4);
    memcpy(middle + 12, text + 24, 4);
    unsigned fine = sg_parse_hex8(text, &part[0]); /* all are parsed: a branch each would cost more */
    fine &= sg_parse_hex8(middle, &part[1]);
    fine &= sg_parse_hex8(middle + 8, &part[2]);
    fine &= sg_parse_hex8(text + 28, &part[3]);
    if (!fine) return false;
    halves[0] = part[0] << 32 | part[1];
    halves[1] = part[2] << 32 | part[3];
    return true;
}

/* 0..61, 62 for other characters */
static inline unsigned sg_base62_value(char c) {
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    if (c >= 'A' && c <= 'Z') return (unsigned)(c - 'A' + 10);
    return c >= 'a' && c <= 'z' ? (unsigned)(c - 'a' + 36) : 62;
}

/* Eleven base-62 digits of a number below 2^64. */
static inline bool sg_parse_base62(const char *digits, uint64_t *key) {
    uint64_t v = 0; /* ten digits cannot overflow, the eleventh can */
    unsigned digit = 0;
    for (int i = 0; i < SG_TOKEN_DIGITS - 1; i++) {
        digit = sg_base62_value(digits[i]);
        if (digit > 61) return false;
        v = v * 62 + digit;
    }
    digit = sg_base62_value(digits[SG_TOKEN_DIGITS - 1]);
    return digit <= 61 && !__builtin_mul_overflow(v, 62, &v) && !__builtin_add_overflow(v, digit, key);
}

/* Text of a token, the inverse of sg_token_format. */
bool sg_parse_token(const struct sg_token *token, const char *text, size_t size, uint64_t *key);

/* Number of characters of valid UTF-8 without NUL, SIZE_MAX when it is not that. */
size_t sg_utf8_characters(const char *text, size_t size);

#endif
