/* Bodies of all column kernels: plain C whose loops the compiler turns into vectors. Included once by each
 * isa_*.c, which names the build in SG_ISA_NAME and the table in SG_ISA_TABLE. Integers only, so that every
 * build computes the same bits.
 */
#include <string.h>

#include "kernels/kernels.h"

/* floor(a * b / 2^16) for |a| < 2^31 and 0 <= b < 2^16 in 32-bit arithmetic, provided that it fits. */
static inline int32_t multiply_q16(int32_t a, uint32_t b) {
    return (int32_t)((uint32_t)(a >> 16) * b + (((uint32_t)a & 0xFFFF) * b >> 16));
}

static inline uint32_t high_product(uint32_t a, uint32_t b) {
    return (uint32_t)((uint64_t)a * b >> 32);
}

#ifdef SG_ISA_LANES
/* Vector Philox: one row in each 64-bit lane, so that a round is two widening multiplications and no shuffle.
 * The build defines SG_ISA_LANES and SG_ISA_MULTIPLY(a, b), the product of the low halves of the lanes. */
typedef uint64_t lanes __attribute__((vector_size(8 * SG_ISA_LANES)));
typedef uint32_t halves __attribute__((vector_size(4 * SG_ISA_LANES), aligned(4), may_alias));

enum { UNROLL = SG_ISA_UNROLL, GROUP = UNROLL * SG_ISA_LANES };

/* What the rows of a span share after their first rounds, keys included: half of the words of rounds one and
 * two depend on the counter's fixed words alone. */
struct shared {
    uint64_t c2_first, c0_second, c2_second, c2_third;
    uint32_t k0, k1; /* of the fourth round */
};

static inline struct shared share(const struct sg_source *source, uint32_t high, uint32_t scope,
                                  uint32_t draw) {
    uint32_t k0 = source->key[0], k1 = source->key[1];
    const uint32_t step0 = 0x9E3779B9u, step1 = 0xBB67AE85u;
    uint64_t p1 = (uint64_t)scope * 0xCD9E8D57u;
    uint32_t c0 = (uint32_t)(p1 >> 32) ^ high ^ k0, c1 = (uint32_t)p1;
    struct shared shared = {.c2_first = draw ^ k1};
    k0 += step0, k1 += step1;
    uint64_t p0 = (uint64_t)c0 * 0xD2511F53u;
    shared.c0_second = c1 ^ k0;
    shared.c2_second = (uint32_t)(p0 >> 32) ^ k1;
    k0 += step0, k1 += step1;
    shared.c2_third = (uint32_t)p0 ^ k1;
    shared.k0 = k0;
    shared.k1 = k1 + step1;
    return shared;
}

/* GROUP rows from `low` on. */
static inline void philox_group(const struct shared *shared, uint32_t low, uint32_t *w0, uint32_t *w1,
                                uint32_t *w2, uint32_t *w3) {
    lanes c0[UNROLL], c1[UNROLL], c2[UNROLL], c3[UNROLL], lane = {0};
    uint32_t k0 = shared->k0, k1 = shared->k1;
    for (int l = 0; l < SG_ISA_LANES; l++)
        lane[l] = (uint64_t)l;
#pragma GCC unroll 4
    for (int u = 0; u < UNROLL; u++) {
        lanes first = SG_ISA_MULTIPLY(lane + ((uint64_t)low + (uint64_t)(u * SG_ISA_LANES)), 0xD2511F53u);
        lanes second = SG_ISA_MULTIPLY((first >> 32) ^ shared->c2_first, 0xCD9E8D57u);
        lanes p0 = SG_ISA_MULTIPLY((second >> 32) ^ shared->c0_second, 0xD2511F53u);
        lanes p1 = SG_ISA_MULTIPLY(first ^ shared->c2_second, 0xCD9E8D57u);
        c0[u] = (p1 >> 32) ^ second ^ (uint64_t)k0;
        c1[u] = p1;
        c2[u] = (p0 >> 32) ^ shared->c2_third;
        c3[u] = p0;
    }
    k0 += 0x9E3779B9u;
#pragma GCC unroll 7
    for (int round = 0; round < 7; round++) {
#pragma GCC unroll 4
        for (int u = 0; u < UNROLL; u++) {
            lanes p0 = SG_ISA_MULTIPLY(c0[u], 0xD2511F53u), p1 = SG_ISA_MULTIPLY(c2[u], 0xCD9E8D57u);
            c0[u] = (p1 >> 32) ^ c1[u] ^ (uint64_t)k0;
            c1[u] = p1;
            c2[u] = (p0 >> 32) ^ c3[u] ^ (uint64_t)k1;
            c3[u] = p0;
        }
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    for (int u = 0; u < UNROLL; u++) {
        *(halves *)(w0 + u * SG_ISA_LANES) = __builtin_convertvector(c0[u], halves);
        *(halves *)(w1 + u * SG_ISA_LANES) = __builtin_convertvector(c1[u], halves);
        *(halves *)(w2 + u * SG_ISA_LANES) = __builtin_convertvector(c2[u], halves);
        *(halves *)(w3 + u * SG_ISA_LANES) = __builtin_convertvector(c3[u], halves);
    }
}

/* Rows whose counters share their high half. The last, partial group is made aside, not to write behind. */
static void philox_span(const struct sg_source *source, uint64_t row_first, uint32_t stream, uint32_t draw,
                        size_t rows, uint32_t *w0, uint32_t *w1, uint32_t *w2, uint32_t *w3) {
    const uint32_t low = (uint32_t)row_first;
    const struct shared shared = share(source, (uint32_t)(row_first >> 32), source->scope | stream, draw);
    size_t i = 0;
    for (; i + GROUP <= rows; i += GROUP)
        philox_group(&shared, low + (uint32_t)i, w0 + i, w1 + i, w2 + i, w3 + i);
    if (i == rows) return;
    uint32_t last[4][GROUP];
    philox_group(&shared, low + (uint32_t)i, last[0], last[1], last[2], last[3]);
    memcpy(w0 + i, last[0], (rows - i) * sizeof *w0);
    memcpy(w1 + i, last[1], (rows - i) * sizeof *w1);
    memcpy(w2 + i, last[2], (rows - i) * sizeof *w2);
    memcpy(w3 + i, last[3], (rows - i) * sizeof *w3);
}
#else
/* Rows whose counters share their high half, which makes half of the first rounds loop-invariant. */
static void philox_span(const struct sg_source *source, uint64_t row_first, uint32_t stream, uint32_t draw,
                        size_t rows, uint32_t *restrict w0, uint32_t *restrict w1, uint32_t *restrict w2,
                        uint32_t *restrict w3) {
    const uint32_t low = (uint32_t)row_first, high = (uint32_t)(row_first >> 32);
    const uint32_t scope = source->scope | stream;
#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        struct sg_block block = sg_philox((struct sg_block){{low + (uint32_t)i, high, scope, draw}},
                                          source->key[0], source->key[1]);
        w0[i] = block.w[0];
        w1[i] = block.w[1];
        w2[i] = block.w[2];
        w3[i] = block.w[3];
    }
}
#endif

static void k_philox(const struct sg_source *source, uint64_t row_first, uint32_t stream, uint32_t draw,
                     size_t rows, uint32_t *w0, uint32_t *w1, uint32_t *w2, uint32_t *w3) {
    while (rows) {
        uint64_t to_carry = ((uint64_t)1 << 32) - (uint32_t)row_first;
        size_t span = rows < to_carry ? rows : (size_t)to_carry;
        philox_span(source, row_first, stream, draw, span, w0, w1, w2, w3);
        row_first += span;
        rows -= span;
        w0 += span;
        w1 += span;
        w2 += span;
        w3 += span;
    }
}

static void k_high16(const uint32_t *restrict words, size_t rows, uint32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = words[i] & 0xFFFF0000u;
}

static void k_low16(const uint32_t *restrict words, size_t rows, uint32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = words[i] << 16;
}

static void k_below(const uint32_t *restrict words, uint32_t n, size_t rows, uint32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = high_product(words[i], n);
}

static void k_between(const uint32_t *restrict words, int32_t low, int32_t high, size_t rows,
                      int32_t *restrict out) {
    const uint32_t span = (uint32_t)high - (uint32_t)low + 1;
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = (int32_t)((uint32_t)low + high_product(words[i], span));
}

static void k_within(const uint32_t *restrict words, const uint32_t *restrict low,
                     const uint32_t *restrict span, size_t rows, uint32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = low[i] + high_product(words[i], span[i]);
}

static void k_alias(const struct sg_alias *alias, const uint32_t *restrict words, size_t rows,
                    uint32_t *restrict out) {
    const uint32_t count = alias->count, *restrict threshold = alias->threshold;
    const uint16_t *restrict other = alias->other;
    for (size_t i = 0; i < rows; i++) {
        uint32_t slot = high_product(words[i], count);
        out[i] = words[i] * count < threshold[slot] ? slot : other[slot];
    }
}

static void k_slots(const int32_t *restrict table, uint32_t bits, const uint32_t *restrict words, size_t rows,
                    uint32_t *restrict out) {
    const uint32_t shift = 32 - bits;
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = (uint32_t)table[(int32_t)(words[i] >> shift)];
}

static void k_lookup(const int32_t *restrict table, const uint32_t *restrict codes, size_t rows,
                     int32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = table[(int32_t)codes[i]];
}

static inline int32_t quantile_at(const int32_t *knots, uint32_t start, uint32_t bits, uint32_t word) {
    int32_t index = (int32_t)(start + (word >> (32 - bits)));
    uint32_t fraction = word >> (16 - bits) & 0xFFFF;
    int32_t low = knots[index];
    return low + multiply_q16(knots[index + 1] - low, fraction);
}

static void k_quantile(const struct sg_curves *curves, const uint32_t *restrict start,
                       const uint32_t *restrict words, size_t rows, int32_t *restrict out) {
    const int32_t *restrict knots = curves->knots;
    const uint32_t bits = curves->bits;
    if (start) {
#pragma omp simd
        for (size_t i = 0; i < rows; i++)
            out[i] = quantile_at(knots, start[i], bits, words[i]);
    } else {
#pragma omp simd
        for (size_t i = 0; i < rows; i++)
            out[i] = quantile_at(knots, 0, bits, words[i]);
    }
}

static void k_scaled(const int32_t *restrict mean, const int32_t *restrict deviation,
                     const uint32_t *restrict codes, const int32_t *z, int32_t low, int32_t high, size_t rows,
                     int32_t *out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        int32_t value = mean[(int32_t)codes[i]] + multiply_q16(z[i], (uint32_t)deviation[(int32_t)codes[i]]);
        value = value < low ? low : value;
        out[i] = value > high ? high : value;
    }
}

static void k_proportional(const int32_t *restrict factor, const uint32_t *restrict codes, const int32_t *z,
                           int32_t add, int32_t low, int32_t high, size_t rows, int32_t *out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        int32_t value = add + multiply_q16(z[i], (uint32_t)factor[(int32_t)codes[i]]);
        value = value < low ? low : value;
        out[i] = value > high ? high : value;
    }
}

static void k_stretched(const int32_t *a, const int32_t *b, size_t rows, int32_t *out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = a[i] + multiply_q16(b[i], (uint32_t)a[i]);
}

static void k_narrow16(const int32_t *restrict a, int16_t low, int16_t high, size_t rows,
                       int16_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        int32_t value = a[i] < low ? low : a[i];
        out[i] = (int16_t)(value > high ? high : value);
    }
}

static void k_instants(int64_t base, const int32_t *restrict offset, const int32_t *restrict more,
                       int32_t low, int32_t high, size_t rows, int64_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++) {
        int32_t value = offset[i] + more[i];
        value = value < low ? low : value;
        out[i] = base + (value > high ? high : value);
    }
}

static void k_iota64(int64_t first, size_t rows, int64_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = first + (int64_t)i;
}

static void k_fill32(int32_t value, size_t rows, int32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = value;
}

static void k_fill16(int16_t value, size_t rows, int16_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = value;
}

static size_t k_find_low16(const uint32_t *restrict words, uint32_t limit, size_t rows,
                           uint32_t *restrict found) {
    size_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        found[count] = (uint32_t)i;
        count += (words[i] & 0xFFFF) < limit;
    }
    return count;
}

/* Where k_runs writes. */
struct run_rows {
    uint32_t *restrict low, *restrict step, *restrict code;
    int32_t *restrict base;
};

/* SG_RUNS_PADDING rows of a run from its row `row` on, whatever its length: most runs are short and a branch
 * a row would cost more than the spare stores. */
static inline void put_run(const struct sg_runs *runs, uint32_t run, uint32_t row, struct run_rows out,
                           size_t at) {
    const uint32_t s = runs->step[run], l = runs->low[run] + row * s, c = runs->code[run];
    const int32_t b = runs->base[run];
    for (uint32_t j = 0; j < SG_RUNS_PADDING; j++) {
        out.low[at + j] = l + j * s;
        out.step[at + j] = s;
        out.code[at + j] = c;
        out.base[at + j] = b;
    }
}

static void k_runs(const struct sg_runs *runs, struct sg_runs_cursor *cursor, size_t rows, uint32_t *low,
                   uint32_t *step, uint32_t *code, int32_t *base) {
    const struct run_rows out = {low, step, code, base};
    uint32_t run = cursor->run, row = cursor->row, length;
    size_t at = 0;
    while (at < rows) {
        /* Whole short runs: nothing waits for a length but the place to write to. */
        while (at < rows && row == 0 && (length = runs->length[run]) <= SG_RUNS_PADDING &&
               length <= rows - at) {
            put_run(runs, run++, 0, out, at);
            at += length;
        }
        if (at == rows) break;
        put_run(runs, run, row, out, at);
        size_t left = runs->length[run] - row, take = left < SG_RUNS_PADDING ? left : SG_RUNS_PADDING;
        if (take > rows - at) take = rows - at;
        at += take;
        row += (uint32_t)take;
        if (row == runs->length[run]) {
            run++;
            row = 0;
        }
    }
    cursor->run = run;
    cursor->row = row;
}

const struct sg_kernels SG_ISA_TABLE = {
    .name = SG_ISA_NAME,
    .philox = k_philox,
    .high16 = k_high16,
    .low16 = k_low16,
    .below = k_below,
    .between = k_between,
    .within = k_within,
    .alias = k_alias,
    .slots = k_slots,
    .lookup = k_lookup,
    .quantile = k_quantile,
    .scaled = k_scaled,
    .proportional = k_proportional,
    .find_low16 = k_find_low16,
    .stretched = k_stretched,
    .narrow16 = k_narrow16,
    .instants = k_instants,
    .iota64 = k_iota64,
    .fill32 = k_fill32,
    .fill16 = k_fill16,
    .runs = k_runs,
};
