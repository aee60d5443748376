/* Vectors of the baseline instruction set: SSE2 or NEON where the target has them, whatever the compiler
 * makes of them elsewhere. Tables are looked up row by row. */
enum { LANES = 4 };
#include "kernels/lanes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

/* GCC and clang spell it differently. */
#if defined(__clang__)
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (words){__VA_ARGS__})
#endif

/* Products of the low halves. */
static inline wides multiply_low(wides a, wides b) {
#if defined(__SSE2__)
    return (wides)_mm_mul_epu32((__m128i)a, (__m128i)b);
#elif defined(__ARM_NEON)
    return (wides)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
#else
    return (a & UINT32_MAX) * (b & UINT32_MAX);
#endif
}

/* The low (high) halves of two vectors, in turn: even, odd, even, odd. */
static inline words low_halves(wides even, wides odd) {
    return SHUFFLE((words)even, (words)odd, 0, 4, 2, 6);
}

static inline words high_halves(wides even, wides odd) {
    return SHUFFLE((words)even, (words)odd, 1, 5, 3, 7);
}

/* floor(a * b / 2^16) for a, b < 2^16; where b < 2^16 and a is a sum of such a number and a multiple of
 * 2^16, the multiple does not count. */
static inline words multiply_high16(words a, words b) {
#if defined(__SSE2__)
    return (words)_mm_mulhi_epu16((__m128i)a, (__m128i)b);
#else
    return ((a & 0xFFFF) * b) >> 16;
#endif
}

/* a * b for -2^15 <= a < 2^15, 0 <= b < 2^15. */
static inline numbers multiply16(numbers a, numbers b) {
#if defined(__SSE2__)
    return (numbers)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
    return a * b;
#endif
}

static inline numbers choose(numbers mask, numbers yes, numbers no) {
    return (yes & mask) | (no & ~mask);
}

static inline numbers at_least(numbers a, numbers low) {
    return choose((numbers)(a < low), low, a);
}

static inline numbers at_most(numbers a, numbers high) {
    return choose((numbers)(a > high), high, a);
}

/* Bit l: lane l of a comparison. */
static inline uint32_t marks(numbers mask) {
#if defined(__SSE2__)
    return (uint32_t)_mm_movemask_ps((__m128)mask);
#else
    uint32_t bits = 0;
    for (int l = 0; l < LANES; l++)
        bits |= (uint32_t)(mask[l] & 1) << l;
    return bits;
#endif
}

typedef const int32_t *eights;

static inline eights load_eight(const struct sg_eight *table) {
    return table->of;
}

static inline numbers eight_at(eights table, const uint32_t *codes) {
    return (numbers){table[codes[0]], table[codes[1]], table[codes[2]], table[codes[3]]};
}

typedef const uint8_t *slots;

static inline slots load_slots(const struct sg_choice *choice) {
    return choice->code;
}

static inline words slot_codes(slots table, const uint32_t *from) {
    const int shift = 32 - SG_CHOICE_BITS;
    return (words){table[from[0] >> shift], table[from[1] >> shift], table[from[2] >> shift],
                   table[from[3] >> shift]};
}

/* table[index]. */
static inline words words_at(const uint32_t *table, words index) {
    uint32_t at[LANES];
    store_words(at, index);
    return (words){table[at[0]], table[at[1]], table[at[2]], table[at[3]]};
}

/* knots[index] and how much more knots[index + 1] is. */
static inline numbers knots_at(const int32_t *knots, words index, words *rise) {
    uint32_t at[LANES];
    store_words(at, index);
#if defined(__SSE2__)
    __m128i a = _mm_loadl_epi64((const __m128i *)(const void *)(knots + at[0]));
    __m128i b = _mm_loadl_epi64((const __m128i *)(const void *)(knots + at[1]));
    __m128i c = _mm_loadl_epi64((const __m128i *)(const void *)(knots + at[2]));
    __m128i d = _mm_loadl_epi64((const __m128i *)(const void *)(knots + at[3]));
    __m128i ab = _mm_unpacklo_epi32(a, b), cd = _mm_unpacklo_epi32(c, d);
    words low = (words)_mm_unpacklo_epi64(ab, cd), high = (words)_mm_unpackhi_epi64(ab, cd);
#else
    words low, high;
    for (int l = 0; l < LANES; l++) {
        low[l] = (uint32_t)knots[at[l]];
        high[l] = (uint32_t)knots[at[l] + 1];
    }
#endif
    *rise = high - low;
    return (numbers)low;
}

/* The four fields of the runs at byte offsets `places` (their low halves). */
static inline void runs_at(const struct sg_row_run *runs, const uint32_t *places, words field[4]) {
    const char *from = (const char *)runs;
    words a = load_words(from + (uint16_t)places[0]), b = load_words(from + (uint16_t)places[1]);
    words c = load_words(from + (uint16_t)places[2]), d = load_words(from + (uint16_t)places[3]);
    words ab = SHUFFLE(a, b, 0, 4, 1, 5), cd = SHUFFLE(c, d, 0, 4, 1, 5);
    field[0] = SHUFFLE(ab, cd, 0, 1, 4, 5);
    field[1] = SHUFFLE(ab, cd, 2, 3, 6, 7);
    ab = SHUFFLE(a, b, 2, 6, 3, 7), cd = SHUFFLE(c, d, 2, 6, 3, 7);
    field[2] = SHUFFLE(ab, cd, 0, 1, 4, 5);
    field[3] = SHUFFLE(ab, cd, 2, 3, 6, 7);
}

/* Numbers that fit 16 bits. */
static inline void store16(int16_t *to, numbers a) {
#if defined(__SSE2__)
    _mm_storel_epi64((__m128i *)(void *)to, _mm_packs_epi32((__m128i)a, (__m128i)a));
#else
    for (int l = 0; l < LANES; l++)
        to[l] = (int16_t)a[l];
#endif
}

static inline void store_sums(int64_t *to, int64_t origin, numbers a) {
    const words negative = (words)(a < 0);
    wides low = (wides)SHUFFLE((words)a, negative, 0, 4, 1, 5) + (uint64_t)origin;
    wides high = (wides)SHUFFLE((words)a, negative, 2, 6, 3, 7) + (uint64_t)origin;
    memcpy(to, &low, sizeof low);
    memcpy(to + LANES / 2, &high, sizeof high);
}
