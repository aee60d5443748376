/* Vectors of AVX-512 (F, BW, DQ, VL); tables of eight stand in both halves of a register. What each function
 * does is said in lanes_base.h. */
#include <immintrin.h>

enum { LANES = 16 };
#include "kernels/lanes.h"

static inline wides multiply_low(wides a, wides b) {
    return (wides)_mm512_mul_epu32((__m512i)a, (__m512i)b);
}

static inline words low_halves(wides even, wides odd) {
    return (words)_mm512_mask_mov_epi32((__m512i)even, 0xAAAA, (__m512i)(odd << 32));
}

static inline words high_halves(wides even, wides odd) {
    return (words)_mm512_mask_mov_epi32((__m512i)(even >> 32), 0xAAAA, (__m512i)odd);
}

static inline words multiply_high16(words a, words b) {
    return (words)_mm512_mulhi_epu16((__m512i)a, (__m512i)b);
}

static inline numbers multiply16(numbers a, numbers b) {
    return (numbers)_mm512_madd_epi16((__m512i)a, (__m512i)b);
}

static inline numbers at_least(numbers a, numbers low) {
    return (numbers)_mm512_max_epi32((__m512i)a, (__m512i)low);
}

static inline numbers at_most(numbers a, numbers high) {
    return (numbers)_mm512_min_epi32((__m512i)a, (__m512i)high);
}

static inline uint32_t marks(numbers mask) {
    return _mm512_movepi32_mask((__m512i)mask);
}

typedef numbers eights;

static inline __m512i twice(const void *from) {
    return _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)from));
}

static inline eights load_eight(const struct sg_eight *table) {
    return (eights)twice(table->of);
}

static inline numbers eight_at(eights table, const uint32_t *codes) {
    return (numbers)_mm512_permutexvar_epi32((__m512i)load_words(codes), (__m512i)table);
}

typedef words slots;

static inline slots load_slots(const struct sg_choice *choice) {
    return (words)twice(choice->packed);
}

static inline words slot_codes(slots table, const uint32_t *from) {
    words w = load_words(from);
    words eight = (words)_mm512_permutexvar_epi32((__m512i)(w >> 29), (__m512i)table);
    return eight >> (w >> 24 & 28) & 7;
}

static inline words words_at(const uint32_t *table, words index) {
    return (words)_mm512_i32gather_epi32((__m512i)index, table, 4);
}

static inline numbers knots_at(const int32_t *knots, words index, words *rise) {
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    __m512i a = _mm512_i32gather_epi64(_mm512_castsi512_si256((__m512i)index), knots, 4);
    __m512i b = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64((__m512i)index, 1), knots, 4);
    words low = (words)_mm512_permutex2var_epi32(a, even, b);
    *rise = (words)_mm512_permutex2var_epi32(a, odd, b) - low;
    return (numbers)low;
}

/* The runs of rows l, l + 4, l + 8, l + 12. */
static inline __m512i run_four(const char *from, const uint32_t *places) {
    const __m128i *run[4];
    for (int k = 0; k < 4; k++)
        run[k] = (const __m128i *)(const void *)(from + (uint16_t)places[4 * k]);
    __m256i low =
        _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(run[0])), _mm_loadu_si128(run[1]), 1);
    __m256i high =
        _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(run[2])), _mm_loadu_si128(run[3]), 1);
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

static inline void runs_at(const struct sg_row_run *runs, const uint32_t *places, words field[4]) {
    const char *from = (const char *)runs;
    __m512i a = run_four(from, places), b = run_four(from, places + 1);
    __m512i c = run_four(from, places + 2), d = run_four(from, places + 3);
    __m512i ab = _mm512_unpacklo_epi32(a, b), cd = _mm512_unpacklo_epi32(c, d);
    field[0] = (words)_mm512_unpacklo_epi64(ab, cd);
    field[1] = (words)_mm512_unpackhi_epi64(ab, cd);
    ab = _mm512_unpackhi_epi32(a, b), cd = _mm512_unpackhi_epi32(c, d);
    field[2] = (words)_mm512_unpacklo_epi64(ab, cd);
    field[3] = (words)_mm512_unpackhi_epi64(ab, cd);
}

static inline void store16(int16_t *to, numbers a) {
    _mm256_storeu_si256((__m256i *)(void *)to, _mm512_cvtepi32_epi16((__m512i)a));
}

static inline void store_sums(int64_t *to, int64_t origin, numbers a) {
    const __m512i base = _mm512_set1_epi64(origin);
    __m512i low = _mm512_cvtepi32_epi64(_mm512_castsi512_si256((__m512i)a));
    __m512i high = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64((__m512i)a, 1));
    _mm512_storeu_si512(to, _mm512_add_epi64(low, base));
    _mm512_storeu_si512(to + LANES / 2, _mm512_add_epi64(high, base));
}
