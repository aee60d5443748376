/* Column kernels: the inner loops of big streams, one build per instruction set.
 *
 * The portable build is the specification; the AVX2 and AVX-512 builds come from the same source
 * (kernels_body.h over lanes_*.h) and equal it bit for bit, because there is nothing in it but integers. Rows
 * of a call may be any number, pointers need no alignment beyond their type's, and outputs must not overlap
 * inputs unless a kernel says so. Kernels allocate nothing, keep nothing and are thread-safe.
 *
 * A "word" is a uniform 32-bit random word; fixed-point values are Q16.16 (65536 = 1.0).
 */
#ifndef SG_KERNELS_KERNELS_H
#define SG_KERNELS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "kernels/feistel.h"
#include "kernels/philox.h"
#include "kernels/sample.h"

/* Quantile curves with 2^bits + 1 knots each, one after the other. Inside a curve no knot is less than the
 * one before it, nor more by 65536 or above. 1 <= bits <= 16; sg_normal_table has bits 10. */
struct sg_curves {
    const int32_t *knots;
    uint32_t bits;
    const uint32_t *packed; /* the same as sg_curves_pack left them; NULL: slower, no different */
    int32_t floor;          /* of packed */
};

/* Puts each knot's height above the floor and how much more the next one is into one word, the latter above
 * SG_PACKED_BITS bits. False where knots do not fit. */
enum { SG_PACKED_BITS = 17 };
static inline bool sg_curves_pack(const int32_t *knots, size_t count, int32_t floor, uint32_t *packed) {
    for (size_t i = 0; i < count; i++) {
        int64_t height = (int64_t)knots[i] - floor;
        int64_t rise = i + 1 < count && knots[i + 1] > knots[i] ? (int64_t)knots[i + 1] - knots[i] : 0;
        if (height < 0 || height >> SG_PACKED_BITS || rise >> (32 - SG_PACKED_BITS)) return false;
        packed[i] = (uint32_t)rise << SG_PACKED_BITS | (uint32_t)height;
    }
    return true;
}

/* Numbers of up to eight things, by code: small enough to stay in a register. */
struct sg_eight {
    int32_t of[8];
};

/* A choice among eight things from 2^SG_CHOICE_BITS equal slots; sg_choice_set tells whose a slot is. */
enum { SG_CHOICE_BITS = 6, SG_CHOICE_SLOTS = 1 << SG_CHOICE_BITS };
struct sg_choice {
    uint8_t code[SG_CHOICE_SLOTS];        /* 0..7 */
    uint32_t packed[SG_CHOICE_SLOTS / 8]; /* the same, four bits each */
};

static inline void sg_choice_set(struct sg_choice *choice, unsigned slot, unsigned code) {
    const unsigned shift = slot % 8 * 4;
    choice->code[slot] = (uint8_t)code;
    choice->packed[slot / 8] = (choice->packed[slot / 8] & ~(0xFu << shift)) | (uint32_t)code << shift;
}

/* A distribution whose place and size depend on a code c: add[c] + floor(factor[c] * q / 2^16), clamped to
 * [low, high], where q is the quantile at a word of the curve that starts at knot start[c].
 * 0 <= factor[c] < 32768 and the sum fits 32 bits. */
struct sg_shape {
    struct sg_curves curves;
    struct sg_eight start, add, factor;
    int32_t low, high;
};

/* A length in proportion to an amount, with a spread: a = add + floor(factor[c] * amount / 2^16) clamped to
 * [low, high], stretched to a + floor(a * q / 2^16) and clamped again, where q is the quantile of the first
 * curve at a word. 0 <= amount, factor[c] < 65536, 0 <= low, high < 32768. */
struct sg_stretch {
    struct sg_curves curves;
    struct sg_eight factor;
    int32_t add, low, high;
};

/* Rows in runs that share a base and a curve (a day and its events): row j of a run draws its instant from
 * stratum [low + j * step, low + (j + 1) * step) of the curve that starts at knot `start`, out of 2^32. */
struct sg_row_run {
    uint32_t low, step, start;
    int32_t base;
};

/* Runs from `next` on; whoever fills rows uses them up. At most SG_RUNS_MAX runs. */
enum { SG_RUNS_MAX = 4096 };
struct sg_strata {
    struct sg_row_run *run;
    uint32_t *length; /* rows left */
    uint32_t next;
    struct sg_curves curves;
    int64_t origin;
    int32_t from, last; /* instants lie in origin + [from, last] */
};

/* Scratch words behind the rows that sg_kernels.strata works on. */
enum { SG_STRATA_PADDING = 16 };

struct sg_kernels {
    const char *name; /* "portable", "avx2", "avx512" */

    /* Words of rows [row_first, row_first + rows): w[k][i] = word k of sg_draw(source, row_first + i, ...).
     */
    void (*philox)(const struct sg_source *source, uint64_t row_first, uint32_t stream, uint32_t draw,
                   size_t rows, uint32_t *w0, uint32_t *w1, uint32_t *w2, uint32_t *w3);

    /* out[i] = sg_below(words[i], n). */
    void (*below)(const uint32_t *words, uint32_t n, size_t rows, uint32_t *out);

    /* out[i] = sg_between(words[i], low, high). */
    void (*between)(const uint32_t *words, int32_t low, int32_t high, size_t rows, int32_t *out);

    /* out[i] = sg_alias_pick(alias, words[i]). */
    void (*alias)(const struct sg_alias *alias, const uint32_t *words, size_t rows, uint32_t *out);

    /* out[i] = table[codes[i]]. */
    void (*lookup)(const int32_t *table, const uint32_t *codes, size_t rows, int32_t *out);

    /* codes[i] = choice->code[words[i] >> (32 - SG_CHOICE_BITS)], out[i] = table->of[codes[i]], which fits 16
     * bits. */
    void (*choice)(const struct sg_choice *choice, const struct sg_eight *table, const uint32_t *words,
                   size_t rows, uint32_t *codes, int16_t *out);

    /* out[i] = the shape of code codes[i] at words[i]; in 16 bits where it fits them. */
    void (*shaped)(const struct sg_shape *shape, const uint32_t *codes, const uint32_t *words, size_t rows,
                   int32_t *out);
    void (*shaped16)(const struct sg_shape *shape, const uint32_t *codes, const uint32_t *words, size_t rows,
                     int16_t *out);

    /* out[i] = the stretch of amounts[i] with code codes[i] at the low 16 bits of words[i], moved to the top.
     */
    void (*stretched16)(const struct sg_stretch *stretch, const uint32_t *codes, const int32_t *amounts,
                        const uint32_t *words, size_t rows, int16_t *out);

    /* out[i] = origin + (base + quantile of the curve at low + j * step + floor(words[i] * step / 2^32),
     * clamped to [from, last]) of the run and row j that come next, which are used up. rows <= 32768 and no
     * more than are left; `scratch` has room for rows + SG_STRATA_PADDING. */
    void (*strata)(struct sg_strata *strata, const uint32_t *words, size_t rows, uint32_t *scratch,
                   int64_t *out);

    /* out[i] = first + i. */
    void (*iota64)(int64_t first, size_t rows, int64_t *out);
    void (*fill32)(int32_t value, size_t rows, int32_t *out);
    void (*fill16)(int16_t value, size_t rows, int16_t *out);

    /* Writes the ascending i with (words[i] & 0xFFFF) < limit and returns how many; `found` has room for
     * rows. limit <= 65536. */
    size_t (*find_low16)(const uint32_t *words, uint32_t limit, size_t rows, uint32_t *found);

    /* below[i] = sg_permute(p, first + i) < limit; first + rows <= p->n. */
    void (*permuted_below)(const struct sg_permutation *p, uint64_t first, uint64_t limit, size_t rows,
                           bool *below);
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
