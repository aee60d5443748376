/* Cell writers: one small inline function per type, value to text, used by every text format.
 *
 * Each writes at `out` and returns the end of what it wrote. Some store up to SG_CELL_SLACK_BYTES beyond that
 * end, so the caller reserves that much once behind the last cell.
 */
#ifndef SG_IO_CELL_TEXT_H
#define SG_IO_CELL_TEXT_H

#include <string.h>

#include "base/calendar.h"
#include "model/table.h"

enum { SG_CELL_SLACK_BYTES = 64, SG_SCALE_MAX = 18, SG_BASE62_PAIRS = 62 * 62 };

/* Days 0001-01-01 and 9999-12-31: what four-digit years can show. */
enum { SG_DAY_MIN = -719162, SG_DAY_MAX = 2932896 };

extern const char sg_digit_pairs[201];
extern const uint64_t sg_powers_of_ten[SG_SCALE_MAX + 1];
extern const char sg_base62_pairs[SG_BASE62_PAIRS][2];
extern const char sg_copy_escape[256]; /* letter after the backslash, 0 = written as it is */

/* The text of the day written last: "YYYY-MM-DD ". Start with {.day = INT64_MIN}. */
struct sg_date_cache {
    int64_t day;
    int64_t month_first, month_end; /* days of the month in hand */
    char text[16];
    bool out_of_range; /* a day outside SG_DAY_MIN..SG_DAY_MAX came by */
};
void sg_date_cache_fill(struct sg_date_cache *cache, int64_t day);

/* v < 100 */
static inline char *sg_put_pair(char *out, uint32_t v) {
    memcpy(out, sg_digit_pairs + 2 * v, 2);
    return out + 2;
}

/* v < 10^4, all four digits */
static inline char *sg_put_four(char *out, uint32_t v) {
    return sg_put_pair(sg_put_pair(out, v / 100), v % 100);
}

/* v < 10^8, all eight digits */
static inline char *sg_put_eight(char *out, uint32_t v) {
    return sg_put_four(sg_put_four(out, v / 10000), v % 10000);
}

/* v < 10^4 without leading zeros */
static inline char *sg_put_short(char *out, uint32_t v) {
    if (v < 10) {
        *out = (char)('0' + v);
        return out + 1;
    }
    if (v < 100) return sg_put_pair(out, v);
    uint32_t high = v / 100;
    if (high < 10)
        *out++ = (char)('0' + high);
    else
        out = sg_put_pair(out, high);
    return sg_put_pair(out, v % 100);
}

/* v < 10^8 without leading zeros */
static inline char *sg_put_middle(char *out, uint32_t v) {
    if (v < 10000) return sg_put_short(out, v);
    return sg_put_four(sg_put_short(out, v / 10000), v % 10000);
}

static inline char *sg_put_u64(char *out, uint64_t v) {
    const uint64_t e8 = 100000000;
    if (v < e8) return sg_put_middle(out, (uint32_t)v);
    uint64_t high = v / e8;
    if (high < e8)
        out = sg_put_middle(out, (uint32_t)high);
    else
        out = sg_put_eight(sg_put_short(out, (uint32_t)(high / e8)), (uint32_t)(high % e8));
    return sg_put_eight(out, (uint32_t)(v % e8));
}

static inline char *sg_put_i64(char *out, int64_t v) {
    uint64_t magnitude = (uint64_t)v;
    if (v < 0) {
        *out++ = '-';
        magnitude = 0 - magnitude;
    }
    return sg_put_u64(out, magnitude);
}

static inline char *sg_put_i32(char *out, int32_t v) {
    uint32_t magnitude = (uint32_t)v;
    if (v < 0) {
        *out++ = '-';
        magnitude = 0 - magnitude;
    }
    if (magnitude < 100000000) return sg_put_middle(out, magnitude);
    return sg_put_eight(sg_put_short(out, magnitude / 100000000), magnitude % 100000000);
}

/* Exactly `digits` digits of v < 10^digits. */
static inline char *sg_put_fixed(char *out, uint64_t v, unsigned digits) {
    char *at = out + digits;
    for (; at - out >= 2; v /= 100)
        sg_put_pair(at -= 2, (uint32_t)(v % 100));
    if (at > out) *out = (char)('0' + v);
    return out + digits;
}

/* value / 10^scale with all scale digits; scale <= SG_SCALE_MAX. */
static inline char *sg_put_decimal(char *out, int64_t value, unsigned scale) {
    uint64_t magnitude = (uint64_t)value;
    if (value < 0) {
        *out++ = '-';
        magnitude = 0 - magnitude;
    }
    if (scale == 2) { /* money: division by a constant */
        out = sg_put_u64(out, magnitude / 100);
        *out++ = '.';
        return sg_put_pair(out, (uint32_t)(magnitude % 100));
    }
    if (scale == 0) return sg_put_u64(out, magnitude);
    out = sg_put_u64(out, magnitude / sg_powers_of_ten[scale]);
    *out++ = '.';
    return sg_put_fixed(out, magnitude % sg_powers_of_ten[scale], scale);
}

static inline char *sg_put_date(char *out, int32_t day, struct sg_date_cache *cache) {
    if (day != cache->day) sg_date_cache_fill(cache, day);
    memcpy(out, cache->text, 16);
    return out + 10;
}

static inline char *sg_put_timestamp(char *out, int64_t instant_s, struct sg_date_cache *cache) {
    int64_t day = instant_s / SG_DAY_S;
    int32_t rest = (int32_t)(instant_s - day * SG_DAY_S);
    if (rest < 0) {
        rest += SG_DAY_S;
        day--;
    }
    if (day != cache->day) sg_date_cache_fill(cache, day);
    memcpy(out, cache->text, 16);
    uint32_t minute = (uint32_t)rest / 60;
    sg_put_pair(out + 11, minute / 60);
    out[13] = ':';
    sg_put_pair(out + 14, minute % 60);
    out[16] = ':';
    sg_put_pair(out + 17, (uint32_t)rest % 60);
    memcpy(out + 19, "+00", 3);
    return out + 22;
}

enum { SG_UUID_BYTES = 36 };
static inline char *sg_put_uuid(char *out, const uint64_t halves[2]) {
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        unsigned byte = (unsigned)(halves[i / 8] >> (56 - 8 * (i % 8))) & 255;
        *out++ = hex[byte >> 4];
        *out++ = hex[byte & 15];
        if (i == 3 || i == 5 || i == 7 || i == 9) *out++ = '-';
    }
    return out;
}

/* The key as 11 base-62 digits. Parts of four digits, which do not wait for each other. */
static inline char *sg_put_base62(char *out, uint64_t key) {
    const uint64_t four = (uint64_t)SG_BASE62_PAIRS * SG_BASE62_PAIRS, eight = four * four;
    uint32_t high = (uint32_t)(key / eight);
    uint64_t rest = key - high * eight;
    uint32_t middle = (uint32_t)(rest / four), low = (uint32_t)(rest - middle * four);
    out[0] = sg_base62_pairs[high / SG_BASE62_PAIRS][1];
    memcpy(out + 1, sg_base62_pairs[high % SG_BASE62_PAIRS], 2);
    memcpy(out + 3, sg_base62_pairs[middle / SG_BASE62_PAIRS], 2);
    memcpy(out + 5, sg_base62_pairs[middle % SG_BASE62_PAIRS], 2);
    memcpy(out + 7, sg_base62_pairs[low / SG_BASE62_PAIRS], 2);
    memcpy(out + 9, sg_base62_pairs[low % SG_BASE62_PAIRS], 2);
    return out + SG_TOKEN_DIGITS;
}

/* The key in decimal, padded with zeros to `digits` (at most 18). */
static inline char *sg_put_padded(char *out, uint64_t key, size_t digits) {
    size_t at = digits;
    for (; at >= 8; at -= 8, key /= 100000000)
        sg_put_eight(out + at - 8, (uint32_t)(key % 100000000));
    uint32_t rest = (uint32_t)key;
    for (; at >= 2; at -= 2, rest /= 100)
        memcpy(out + at - 2, sg_digit_pairs + 2 * (rest % 100), 2);
    if (at) out[0] = (char)('0' + rest % 10);
    return out + digits;
}

enum { SG_TOKEN_SLACK_BYTES = 32 };
/* Gives a token text another key: only its digits are written, and up to SG_TOKEN_SLACK_BYTES behind its end.
 * head: bytes before the digits */
static inline void sg_put_token_key(char *text, const struct sg_token *token, size_t head, uint64_t key) {
    char digits[2 * SG_TOKEN_SLACK_BYTES];
    size_t first = token->infix_after, count = sg_token_digits(token);
    if (token->decimal_digits)
        sg_put_padded(digits, key, count);
    else
        sg_put_base62(digits, key);
    if (first) { /* the first digits, and what stands behind them again */
        char behind[SG_TOKEN_SLACK_BYTES];
        memcpy(behind, text + head + first, sizeof behind);
        memcpy(text + head, digits, SG_TOKEN_SLACK_BYTES);
        memcpy(text + head + first, behind, sizeof behind);
    }
    memcpy(text + token->length - (count - first), digits + first, SG_TOKEN_SLACK_BYTES);
}

/* A day for people and JSON: YYYY-MM-DD and a NUL. */
enum { SG_DATE_BYTES = 10 };
static inline void sg_date_text(int32_t day, char out[SG_DATE_BYTES + 1]) {
    struct sg_date_cache cache = {.day = INT64_MIN};
    sg_date_cache_fill(&cache, day);
    memcpy(out, cache.text, SG_DATE_BYTES);
    out[SG_DATE_BYTES] = '\0';
}

/* Eight bytes that a COPY text writer can take over as they are: no control characters, no backslash. */
static inline bool sg_copy_plain8(uint64_t w) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t slash = w ^ (ones * '\\');
    uint64_t control = (w - ones * 0x20) & ~w;
    return ((control | ((slash - ones) & ~slash)) & (ones << 7)) == 0;
}

static inline char *sg_put_copy_bytes(char *out, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        char letter = sg_copy_escape[(unsigned char)text[i]];
        if (letter) *out++ = '\\';
        *out++ = letter ? letter : text[i];
    }
    return out;
}

/* COPY text: at most twice the size. */
static inline char *sg_put_copy_text(char *out, const char *text, size_t size) {
    while (size >= 8) {
        uint64_t w;
        memcpy(&w, text, 8);
        if (sg_copy_plain8(w)) {
            memcpy(out, &w, 8);
            out += 8;
        } else {
            out = sg_put_copy_bytes(out, text, 8);
        }
        text += 8;
        size -= 8;
    }
    return sg_put_copy_bytes(out, text, size);
}

/* Must a CSV field be quoted? The empty string must, as the empty field is NULL; so must PostgreSQL's end
 * mark. */
static inline bool sg_csv_quotes(const char *text, size_t size) {
    bool quotes = size == 0 || (size == 2 && text[0] == '\\' && text[1] == '.');
    for (size_t i = 0; i < size; i++)
        quotes |= text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    return quotes;
}

/* CSV field: at most twice the size + 2. */
static inline char *sg_put_csv_text(char *out, const char *text, size_t size) {
    if (!sg_csv_quotes(text, size)) {
        memcpy(out, text, size);
        return out + size;
    }
    *out++ = '"';
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"') *out++ = '"';
        *out++ = text[i];
    }
    *out++ = '"';
    return out;
}

#endif
