/* Appending to texts in a caller's buffer; every function returns the new end and writes no NUL. */
#ifndef SG_HOMESERVICES_TEXT_H
#define SG_HOMESERVICES_TEXT_H

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline char *hs_append(char *at, const char *text) {
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

static inline char *hs_append_number(char *at, uint64_t value) {
    char digits[20];
    int n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    while (n)
        *at++ = digits[--n];
    return at;
}

/* All `digits` digits, leading zeros included. */
static inline char *hs_append_digits(char *at, uint64_t value, int digits) {
    for (int i = digits; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + digits;
}

/* Template with every % replaced by a word. */
static inline char *hs_append_filled(char *at, const char *form, const char *word) {
    for (; *form; form++) {
        if (*form == '%')
            at = hs_append(at, word);
        else
            *at++ = *form;
    }
    return at;
}

/* Lower case, words joined by `joint`; & becomes "and", other signs vanish. */
static inline char *hs_append_slug(char *at, const char *text, char joint) {
    char *start = at;
    for (; *text; text++) {
        if (isalnum((unsigned char)*text))
            *at++ = (char)tolower((unsigned char)*text);
        else if (*text == '&')
            at = hs_append(at, "and");
        else if ((*text == ' ' || *text == '-') && joint && at > start && at[-1] != joint)
            *at++ = joint;
    }
    return at;
}

#endif
