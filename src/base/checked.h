/* Checked arithmetic for sizes and exact 128-bit proportions. Overflow is a bug or an impossible size. */
#ifndef SG_BASE_CHECKED_H
#define SG_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Pure. *result = a * b; false on overflow. */
static inline bool sg_mul_size(size_t a, size_t b, size_t *result) {
    return !__builtin_mul_overflow(a, b, result);
}

/* Pure. *result = a + b; false on overflow. */
static inline bool sg_add_size(size_t a, size_t b, size_t *result) {
    return !__builtin_add_overflow(a, b, result);
}

/* Pure. floor(a * b / c) without intermediate overflow; c > 0 and the quotient fits 64 bits. */
static inline uint64_t sg_muldiv(uint64_t a, uint64_t b, uint64_t c) {
    return (uint64_t)((unsigned __int128)a * b / c);
}

/* Pure. round-half-up(a * b / c). */
static inline uint64_t sg_muldiv_round(uint64_t a, uint64_t b, uint64_t c) {
    return (uint64_t)(((unsigned __int128)a * b * 2 + c) / ((unsigned __int128)c * 2));
}

/* Zeroed array of count elements, NULL on overflow or out of memory. Free with free(). */
static inline void *sg_alloc_array(size_t count, size_t element_bytes) {
    return calloc(count ? count : 1, element_bytes ? element_bytes : 1);
}

#endif
