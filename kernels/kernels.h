/* Column kernels: the inner loops of big streams, one build per instruction set.
 *
 * The portable build is the specification; the AVX2 and AVX-512 builds come from the same source
 * (kernels_body.h) and equal it bit for bit, because there is nothing in it but integers. Rows of a call may
 * be any number, pointers need no alignment beyond their type's, and outputs must not overlap inputs unless a
 * kernel says so. Kernels allocate nothing, keep nothing and are thread-safe.
 *
 * A "word" is a uniform 32-bit random word; fixed-point values are Q16.16 (65536 = 1.0).
 */
#ifndef SG_KERNELS_KERNELS_H
#define SG_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "kernels/philox.h"
#include "kernels/sample.h"

/* Quantile curves with 2^bits + 1 knots each, one after the other. bits <= 16; sg_normal_table has bits 10.
 */
struct sg_curves {
    const int32_t *knots;
    uint32_t bits;
};

/* Runs of rows that share values, with a ramp inside each run: a day and its events, an hour and its calls.
 * Row j of run i: low[i] + j * step[i] (modulo 2^32), step[i], code[i], base[i]. */
struct sg_runs {
    const uint32_t *length;
    const uint32_t *low;
    const uint32_t *step;
    const uint32_t *code;
    const int32_t *base;
};

/* Where an expansion of runs stands: zero-initialise, then carry from call to call. */
struct sg_runs_cursor {
    uint32_t run, row;
};

/* Rows that sg_kernels.runs may write behind the last one asked for: callers pad their arrays by so many. */
enum { SG_RUNS_PADDING = 8 };

struct sg_kernels {
    const char *name; /* "portable", "avx2", "avx512" */

    /* Words of rows [row_first, row_first + rows): w[k][i] = word k of sg_draw(source, row_first + i, ...).
     */
    void (*philox)(const struct sg_source *source, uint64_t row_first, uint32_t stream, uint32_t draw,
                   size_t rows, uint32_t *w0, uint32_t *w1, uint32_t *w2, uint32_t *w3);

    /* out[i] = words[i] with only its high (low) 16 bits, moved to the top: two words from one. */
    void (*high16)(const uint32_t *words, size_t rows, uint32_t *out);
    void (*low16)(const uint32_t *words, size_t rows, uint32_t *out);

    /* out[i] = sg_below(words[i], n). */
    void (*below)(const uint32_t *words, uint32_t n, size_t rows, uint32_t *out);

    /* out[i] = sg_between(words[i], low, high). */
    void (*between)(const uint32_t *words, int32_t low, int32_t high, size_t rows, int32_t *out);

    /* out[i] = low[i] + floor(words[i] * span[i] / 2^32): uniform in an interval of each row's own. */
    void (*within)(const uint32_t *words, const uint32_t *low, const uint32_t *span, size_t rows,
                   uint32_t *out);

    /* out[i] = sg_alias_pick(alias, words[i]). */
    void (*alias)(const struct sg_alias *alias, const uint32_t *words, size_t rows, uint32_t *out);

    /* out[i] = table[words[i] >> (32 - bits)]: choice from 2^bits equal slots. 1 <= bits <= 16. */
    void (*slots)(const int32_t *table, uint32_t bits, const uint32_t *words, size_t rows, uint32_t *out);

    /* out[i] = table[codes[i]]. */
    void (*lookup)(const int32_t *table, const uint32_t *codes, size_t rows, int32_t *out);

    /* out[i] = sg_quantile of the curve that starts at knots + start[i] (start = NULL: the first), at
     * words[i]. Neighbouring knots differ by less than 2^31. */
    void (*quantile)(const struct sg_curves *curves, const uint32_t *start, const uint32_t *words,
                     size_t rows, int32_t *out);

    /* out[i] = mean[c] + floor(deviation[c] * z[i] / 2^16) clamped to [low, high], c = codes[i];
     * 0 <= deviation[c] < 65536 and the sum fits 32 bits. z and out may be the same array. */
    void (*scaled)(const int32_t *mean, const int32_t *deviation, const uint32_t *codes, const int32_t *z,
                   int32_t low, int32_t high, size_t rows, int32_t *out);

    /* out[i] = add + floor(factor[c] * z[i] / 2^16) clamped to [low, high], c = codes[i]; 0 <= factor[c] <
     * 65536 and the sum fits 32 bits. z and out may be the same array. */
    void (*proportional)(const int32_t *factor, const uint32_t *codes, const int32_t *z, int32_t add,
                         int32_t low, int32_t high, size_t rows, int32_t *out);

    /* out[i] = a[i] + floor(a[i] * b[i] / 2^16): a stretched by 1 + b; 0 <= a[i] < 65536. May be in place. */
    void (*stretched)(const int32_t *a, const int32_t *b, size_t rows, int32_t *out);

    /* out[i] = a[i] clamped to [low, high]. */
    void (*narrow16)(const int32_t *a, int16_t low, int16_t high, size_t rows, int16_t *out);

    /* out[i] = base + (offset[i] + more[i] clamped to [low, high]); the sum fits 32 bits. */
    void (*instants)(int64_t base, const int32_t *offset, const int32_t *more, int32_t low, int32_t high,
                     size_t rows, int64_t *out);

    /* out[i] = first + i. */
    void (*iota64)(int64_t first, size_t rows, int64_t *out);
    void (*fill32)(int32_t value, size_t rows, int32_t *out);
    void (*fill16)(int16_t value, size_t rows, int16_t *out);

    /* Writes the ascending i with (words[i] & 0xFFFF) < limit and returns how many; `found` has room for
     * rows. */
    size_t (*find_low16)(const uint32_t *words, uint32_t limit, size_t rows, uint32_t *found);

    /* Expands runs into rows, from the cursor on; the remaining runs hold at least `rows` rows. May write up
     * to SG_RUNS_PADDING elements behind `rows` in every output. */
    void (*runs)(const struct sg_runs *runs, struct sg_runs_cursor *cursor, size_t rows, uint32_t *low,
                 uint32_t *step, uint32_t *code, int32_t *base);
};

extern const struct sg_kernels sg_kernels_portable;
#if defined(__x86_64__)
extern const struct sg_kernels sg_kernels_avx2;
extern const struct sg_kernels sg_kernels_avx512;
#endif

/* Chooses a build: the widest this processor runs when forced is NULL or "", else the one of that name.
 * SG_USAGE for a name that is unknown or that this processor cannot run; the message lists those it can. */
enum sg_code sg_kernels_select(const char *forced, const struct sg_kernels **kernels, struct sg_error *err);

/* sg_kernels_select with the environment variable SYNTHGEN_ISA. Call once, when a world is planned. */
enum sg_code sg_kernels_default(const struct sg_kernels **kernels, struct sg_error *err);

/* Pure. The k-th build this processor runs, portable first; NULL behind the last. */
const struct sg_kernels *sg_kernels_at(unsigned k);

#endif
