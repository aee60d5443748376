/* Writes small flat JSON objects into a caller's buffer without printf.
 *
 * The caller guarantees room: keys and literal values cost their bytes plus six, numbers at most 21, texts
 * twice their length. Texts are UTF-8; quotes and backslashes are escaped, control characters must not occur.
 * Values the way HubSpot sends them: properties are strings, also where they hold digits.
 */
#ifndef SG_BARSAAS_JSON_H
#define SG_BARSAAS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bs_json {
    char *start, *at;
};

static inline void bs_json_raw(struct bs_json *j, const char *text, size_t length) {
    memcpy(j->at, text, length);
    j->at += length;
}

static inline void bs_json_open(struct bs_json *j, char *buffer) {
    j->start = j->at = buffer;
    *j->at++ = '{';
}

/* Ends the object; returns its length. */
static inline size_t bs_json_close(struct bs_json *j) {
    *j->at++ = '}';
    return (size_t)(j->at - j->start);
}

static inline void bs_json_key(struct bs_json *j, const char *key) {
    if (j->at[-1] != '{') *j->at++ = ',';
    *j->at++ = '"';
    bs_json_raw(j, key, strlen(key));
    bs_json_raw(j, "\":", 2);
}

static inline void bs_json_digits(struct bs_json *j, int64_t value) {
    char digits[20];
    size_t n = 0;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    if (value < 0) *j->at++ = '-';
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    while (n)
        *j->at++ = digits[--n];
}

/* "key":"text" */
static inline void bs_json_text(struct bs_json *j, const char *key, const char *text) {
    bs_json_key(j, key);
    *j->at++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') *j->at++ = '\\';
        *j->at++ = *text;
    }
    *j->at++ = '"';
}

/* "key":123 */
static inline void bs_json_number(struct bs_json *j, const char *key, int64_t value) {
    bs_json_key(j, key);
    bs_json_digits(j, value);
}

/* "key":"123" */
static inline void bs_json_quoted(struct bs_json *j, const char *key, int64_t value) {
    bs_json_key(j, key);
    *j->at++ = '"';
    bs_json_digits(j, value);
    *j->at++ = '"';
}

/* "key":"1234.56" from cents, value >= 0 */
static inline void bs_json_money(struct bs_json *j, const char *key, int64_t cents) {
    bs_json_key(j, key);
    *j->at++ = '"';
    bs_json_digits(j, cents / 100);
    *j->at++ = '.';
    *j->at++ = (char)('0' + cents / 10 % 10);
    *j->at++ = (char)('0' + cents % 10);
    *j->at++ = '"';
}

/* "key":"<milliseconds since 1970>" */
static inline void bs_json_instant(struct bs_json *j, const char *key, int64_t instant_s) {
    bs_json_quoted(j, key, instant_s * 1000);
}

/* "key":"true" */
static inline void bs_json_flag(struct bs_json *j, const char *key, bool value) {
    bs_json_text(j, key, value ? "true" : "false");
}

#endif
