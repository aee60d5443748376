/* Where tabs and line ends stand in 64 bytes of COPY text, as bits: bit i for byte i. */
#ifndef SG_IO_SEPARATORS_H
#define SG_IO_SEPARATORS_H

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* High bit of every byte of w that equals c. */
static inline uint64_t sg_bytes_equal(uint64_t w, unsigned char c) {
    const uint64_t ones = 0x0101010101010101u, low = 0x7f * ones;
    w ^= ones * c;
    return ~(((w & low) + low) | w | low);
}

/* Pure. Reads 64 bytes. */
static inline void sg_separators_portable(const char *text, uint64_t *tabs, uint64_t *lines) {
    *tabs = *lines = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t w;
        memcpy(&w, text + 8 * i, 8);
        /* gathers the high bits, that of the first byte lowest (little-endian) */
        *tabs |= ((sg_bytes_equal(w, '\t') >> 7) * 0x0102040810204080u >> 56) << 8 * i;
        *lines |= ((sg_bytes_equal(w, '\n') >> 7) * 0x0102040810204080u >> 56) << 8 * i;
    }
}

/* Pure. The same with the machine's vectors. */
static inline void sg_separators(const char *text, uint64_t *tabs, uint64_t *lines) {
#ifdef __SSE2__
    const __m128i tab = _mm_set1_epi8('\t'), line = _mm_set1_epi8('\n');
    *tabs = *lines = 0;
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + 16 * i));
        *tabs |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, tab)) << 16 * i;
        *lines |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, line)) << 16 * i;
    }
#else
    sg_separators_portable(text, tabs, lines);
#endif
}

#endif
