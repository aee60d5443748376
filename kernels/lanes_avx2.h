/* Vectors of AVX2: tables of eight in a register, neighbours fetched as one 64-bit gather. What each function
 * does is said in lanes_base.h. */
#include <immintrin.h>

enum { LANES = 8 };
#include "kernels/lanes.h"

static inline wides multiply_low(wides a, wides b) {
    return (wides)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

static inline words low_halves(wides even, wides odd) {
    return (words)_mm256_blend_epi32((__m256i)even, (__m256i)(odd << 32), 0xAA);
}

static inline words high_halves(wides even, wides odd) {
    return (words)_mm256_blend_epi32((__m256i)(even >> 32), (__m256i)odd, 0xAA);
}

static inline words multiply_high16(words a, words b) {
    return (words)_mm256_mulhi_epu16((__m256i)a, (__m256i)b);
}

static inline numbers multiply16(numbers a, numbers b) {
    return (numbers)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

static inline numbers at_least(numbers a, numbers low) {
    return (numbers)_mm256_max_epi32((__m256i)a, (__m256i)low);
}

static inline numbers at_most(numbers a, numbers high) {
    return (numbers)_mm256_min_epi32((__m256i)a, (__m256i)high);
}

static inline uint32_t marks(numbers mask) {
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
}

typedef numbers eights;

static inline eights load_eight(const struct sg_eight *table) {
    return (eights)load_words(table->of);
}

static inline numbers eight_at(eights table, const uint32_t *codes) {
    return (numbers)_mm256_permutevar8x32_epi32((__m256i)table, (__m256i)load_words(codes));
}

typedef words slots;

static inline slots load_slots(const struct sg_choice *choice) {
    return load_words(choice->packed);
}

static inline words slot_codes(slots table, const uint32_t *from) {
    words w = load_words(from);
    words eight = (words)_mm256_permutevar8x32_epi32((__m256i)table, (__m256i)(w >> 29));
    return eight >> (w >> 24 & 28) & 7;
}

static inline words words_at(const uint32_t *table, words index) {
    return (words)_mm256_i32gather_epi32((const int *)(const void *)table, (__m256i)index, 4);
}

/* Rows 0, 1, 4, 5 and 2, 3, 6, 7 are fetched together, so that shuffles inside halves restore the order. */
static inline numbers knots_at(const int32_t *knots, words index, words *rise) {
    const void *pairs = knots;
    __m256i order = _mm256_permute4x64_epi64((__m256i)index, 0xD8);
    __m256 a = (__m256)_mm256_i32gather_epi64(pairs, _mm256_castsi256_si128(order), 4);
    __m256 b = (__m256)_mm256_i32gather_epi64(pairs, _mm256_extracti128_si256(order, 1), 4);
    words low = (words)_mm256_shuffle_ps(a, b, 0x88);
    *rise = (words)_mm256_shuffle_ps(a, b, 0xDD) - low;
    return (numbers)low;
}

static inline __m256i run_pair(const char *from, uint32_t first, uint32_t second) {
    __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(from + (uint16_t)first));
    __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(from + (uint16_t)second));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1);
}

static inline void runs_at(const struct sg_row_run *runs, const uint32_t *places, words field[4]) {
    const char *from = (const char *)runs;
    __m256i a = run_pair(from, places[0], places[4]), b = run_pair(from, places[1], places[5]);
    __m256i c = run_pair(from, places[2], places[6]), d = run_pair(from, places[3], places[7]);
    __m256i ab = _mm256_unpacklo_epi32(a, b), cd = _mm256_unpacklo_epi32(c, d);
    field[0] = (words)_mm256_unpacklo_epi64(ab, cd);
    field[1] = (words)_mm256_unpackhi_epi64(ab, cd);
    ab = _mm256_unpackhi_epi32(a, b), cd = _mm256_unpackhi_epi32(c, d);
    field[2] = (words)_mm256_unpacklo_epi64(ab, cd);
    field[3] = (words)_mm256_unpackhi_epi64(ab, cd);
}

static inline void store16(int16_t *to, numbers a) {
    __m128i low = _mm256_castsi256_si128((__m256i)a), high = _mm256_extracti128_si256((__m256i)a, 1);
    _mm_storeu_si128((__m128i *)(void *)to, _mm_packs_epi32(low, high));
}

static inline void store_sums(int64_t *to, int64_t origin, numbers a) {
    const __m256i base = _mm256_set1_epi64x(origin);
    __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128((__m256i)a));
    __m256i high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256((__m256i)a, 1));
    _mm256_storeu_si256((__m256i *)(void *)to, _mm256_add_epi64(low, base));
    _mm256_storeu_si256((__m256i *)(void *)(to + LANES / 2), _mm256_add_epi64(high, base));
}
