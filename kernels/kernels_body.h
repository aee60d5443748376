/* Bodies of all column kernels, over the vectors of lanes_*.h: included once by each isa_*.c, which chooses
 * the vectors and names the build in SG_ISA_NAME and the table in SG_ISA_TABLE. Integers only, so that every
 * build computes the same bits.
 *
 * A kernel works through its rows in blocks of LANES; the last block of a call begins where it ends with the
 * rows, which makes some of them twice, and fewer rows than a block are made aside.
 */
#include <stdbool.h>

#include "kernels/philox_body.h"

static inline uint32_t high_product(uint32_t a, uint32_t b) {
    return (uint32_t)((uint64_t)a * b >> 32);
}

static void k_below(const uint32_t *restrict from, uint32_t n, size_t rows, uint32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = high_product(from[i], n);
}

static void k_between(const uint32_t *restrict from, int32_t low, int32_t high, size_t rows,
                      int32_t *restrict out) {
    const uint32_t span = (uint32_t)high - (uint32_t)low + 1;
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = (int32_t)((uint32_t)low + high_product(from[i], span));
}

static void k_alias(const struct sg_alias *alias, const uint32_t *restrict from, size_t rows,
                    uint32_t *restrict out) {
    const uint32_t count = alias->count, *restrict threshold = alias->threshold;
    const uint16_t *restrict other = alias->other;
    for (size_t i = 0; i < rows; i++) {
        uint32_t slot = high_product(from[i], count);
        out[i] = from[i] * count < threshold[slot] ? slot : other[slot];
    }
}

static void k_lookup(const int32_t *restrict table, const uint32_t *restrict codes, size_t rows,
                     int32_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < rows; i++)
        out[i] = table[(int32_t)codes[i]];
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

/* Where the block behind that at i begins; `rows` behind the last. rows >= LANES. */
static inline size_t next_block(size_t i, size_t rows) {
    if (i + LANES >= rows) return rows;
    return i + 2 * LANES <= rows ? i + LANES : rows - LANES;
}

/* A call of fewer rows than a block. */
struct few {
    uint32_t words[LANES], codes[LANES];
    int32_t amounts[LANES], numbers[LANES];
    int64_t wide[LANES];
    int16_t narrow[LANES];
};

static inline void choice_block(slots table, eights values, const uint32_t *from, uint32_t *codes,
                                int16_t *out) {
    store_words(codes, slot_codes(table, from));
    store16(out, eight_at(values, codes));
}

static void k_choice(const struct sg_choice *choice, const struct sg_eight *table, const uint32_t *from,
                     size_t rows, uint32_t *codes, int16_t *out) {
    const slots own = load_slots(choice);
    const eights values = load_eight(table);
    if (rows >= LANES) {
        for (size_t i = 0; i < rows; i = next_block(i, rows))
            choice_block(own, values, from + i, codes + i, out + i);
        return;
    }
    struct few few = {0};
    memcpy(few.words, from, rows * sizeof *from);
    choice_block(own, values, few.words, few.codes, few.narrow);
    memcpy(codes, few.codes, rows * sizeof *codes);
    memcpy(out, few.narrow, rows * sizeof *out);
}

/* Quantile at a word of the curves that start at knots `start`. */
static inline numbers quantile(struct sg_curves curves, words start, words word) {
    const words index = start + (word >> (32 - curves.bits)), fraction = word >> (16 - curves.bits);
    if (curves.packed) {
        words knot = words_at(curves.packed, index), rise = knot >> SG_PACKED_BITS;
        words low = knot & ((1u << SG_PACKED_BITS) - 1);
        return (numbers)(low + multiply_high16(fraction, rise)) + curves.floor;
    }
    words rise;
    numbers low = knots_at(curves.knots, index, &rise);
    return low + (numbers)multiply_high16(fraction, rise);
}

/* floor(z * factor / 2^16), 0 <= factor < 2^15. */
static inline numbers scale(numbers z, numbers factor) {
    return multiply16(z >> 16, factor) + (numbers)multiply_high16((words)z, (words)factor);
}

static inline numbers clamp(numbers a, int32_t low, int32_t high) {
    return at_most(at_least(a, all_numbers(low)), all_numbers(high));
}

/* Shifts by a number that the compiler knows are cheaper: loops are made for the usual curves. call_ is given
 * them as `usual`. */
#define FOR_USUAL_CURVES(curves_, call_)                                                                     \
    do {                                                                                                     \
        enum { COARSE = 8, FINE = 10 };                                                                      \
        const struct sg_curves given_ = (curves_);                                                           \
        if (given_.bits == COARSE && given_.packed) {                                                        \
            const struct sg_curves usual = {NULL, COARSE, given_.packed, given_.floor};                      \
            call_;                                                                                           \
        } else if (given_.bits == FINE && !given_.packed) {                                                  \
            const struct sg_curves usual = {given_.knots, FINE, NULL, 0};                                    \
            call_;                                                                                           \
        } else {                                                                                             \
            const struct sg_curves usual = given_;                                                           \
            call_;                                                                                           \
        }                                                                                                    \
    } while (0)

struct shape_lanes {
    eights start, add, factor;
    int32_t low, high;
};

static inline struct shape_lanes load_shape(const struct sg_shape *shape) {
    return (struct shape_lanes){load_eight(&shape->start), load_eight(&shape->add),
                                load_eight(&shape->factor), shape->low, shape->high};
}

static inline numbers shaped_block(const struct shape_lanes *s, struct sg_curves curves,
                                   const uint32_t *codes, const uint32_t *from) {
    numbers q = quantile(curves, (words)eight_at(s->start, codes), load_words(from));
    return clamp(eight_at(s->add, codes) + scale(q, eight_at(s->factor, codes)), s->low, s->high);
}

/* To int16_t or to int32_t. */
static inline void shaped_loop(const struct shape_lanes *s, struct sg_curves curves, const uint32_t *codes,
                               const uint32_t *from, size_t rows, bool to16, void *out) {
    for (size_t i = 0; i < rows; i = next_block(i, rows)) {
        numbers value = shaped_block(s, curves, codes + i, from + i);
        if (to16)
            store16((int16_t *)out + i, value);
        else
            store_words((int32_t *)out + i, (words)value);
    }
}

static inline void shaped(const struct sg_shape *shape, const uint32_t *codes, const uint32_t *from,
                          size_t rows, bool to16, void *out) {
    const struct shape_lanes s = load_shape(shape);
    if (rows >= LANES) {
        FOR_USUAL_CURVES(shape->curves, shaped_loop(&s, usual, codes, from, rows, to16, out));
        return;
    }
    struct few few = {0};
    memcpy(few.words, from, rows * sizeof *from);
    memcpy(few.codes, codes, rows * sizeof *codes);
    shaped_loop(&s, shape->curves, few.codes, few.words, LANES, to16, few.numbers);
    memcpy(out, few.numbers, rows * (to16 ? sizeof(int16_t) : sizeof(int32_t)));
}

static void k_shaped(const struct sg_shape *shape, const uint32_t *codes, const uint32_t *from, size_t rows,
                     int32_t *out) {
    shaped(shape, codes, from, rows, false, out);
}

static void k_shaped16(const struct sg_shape *shape, const uint32_t *codes, const uint32_t *from, size_t rows,
                       int16_t *out) {
    shaped(shape, codes, from, rows, true, out);
}

static inline void stretched_loop(const struct sg_stretch *s, struct sg_curves curves, const uint32_t *codes,
                                  const int32_t *amounts, const uint32_t *from, size_t rows, int16_t *out) {
    const eights factors = load_eight(&s->factor);
    for (size_t i = 0; i < rows; i = next_block(i, rows)) {
        words product = multiply_high16(load_words(amounts + i), (words)eight_at(factors, codes + i));
        numbers a = clamp((numbers)product + s->add, s->low, s->high);
        numbers q = quantile(curves, (words){0}, load_words(from + i) << 16);
        store16(out + i, clamp(a + scale(q, a), s->low, s->high));
    }
}

static void k_stretched16(const struct sg_stretch *stretch, const uint32_t *codes, const int32_t *amounts,
                          const uint32_t *from, size_t rows, int16_t *out) {
    if (rows >= LANES) {
        FOR_USUAL_CURVES(stretch->curves, stretched_loop(stretch, usual, codes, amounts, from, rows, out));
        return;
    }
    struct few few = {0};
    memcpy(few.words, from, rows * sizeof *from);
    memcpy(few.codes, codes, rows * sizeof *codes);
    memcpy(few.amounts, amounts, rows * sizeof *amounts);
    stretched_loop(stretch, stretch->curves, few.codes, few.amounts, few.words, LANES, few.narrow);
    memcpy(out, few.narrow, rows * sizeof *out);
}

/* What a row is to its run: the run's offset in bytes, and in the high half the row's number in it. Most runs
 * are short: a store of RUN_STORE rows whatever the length costs less than branches. Returns the run behind
 * the last one touched and in *over how many of that one's rows are left. */
enum { RUN_STORE = LANES < 8 ? 8 : LANES };
static inline uint32_t place_rows(const struct sg_strata *s, size_t rows, uint32_t *places, size_t *over) {
    uint32_t run = s->next;
    words row[RUN_STORE / LANES];
    for (uint32_t j = 0; j < RUN_STORE; j++)
        row[j / LANES][j % LANES] = (j << 16) + run * (uint32_t)sizeof *s->run;
    size_t at = 0;
    while (at < rows) {
        const uint32_t length = s->length[run++];
        for (uint32_t k = 0; k < RUN_STORE / LANES; k++)
            store_words(places + at + k * LANES, row[k]);
        if (length > RUN_STORE) {
            for (uint32_t j = RUN_STORE; j < length && at + j < rows; j += LANES)
                store_words(places + at + j, row[0] + (j << 16));
        }
        for (uint32_t k = 0; k < RUN_STORE / LANES; k++)
            row[k] += (uint32_t)sizeof *s->run;
        at += length;
    }
    *over = at - rows;
    return run;
}

static inline void strata_block(const struct sg_strata *s, struct sg_curves curves, const uint32_t *places,
                                const uint32_t *from, int64_t *out) {
    words field[4], word = load_words(from);
    runs_at(s->run, places, field);
    words low = field[0] + (load_words(places) >> 16) * field[1];
    wides even = multiply_low((wides)word, (wides)field[1]);
    wides odd = multiply_low((wides)word >> 32, (wides)field[1] >> 32);
    numbers q = quantile(curves, field[2], low + high_halves(even, odd));
    store_sums(out, s->origin, clamp((numbers)field[3] + q, s->from, s->last));
}

static inline void strata_loop(const struct sg_strata *s, struct sg_curves curves, const uint32_t *places,
                               const uint32_t *from, size_t rows, int64_t *out) {
    for (size_t i = 0; i < rows; i = next_block(i, rows))
        strata_block(s, curves, places + i, from + i, out + i);
}

static void k_strata(struct sg_strata *strata, const uint32_t *from, size_t rows, uint32_t *scratch,
                     int64_t *out) {
    if (rows == 0) return;
    const struct sg_strata s = *strata;
    size_t over;
    uint32_t end = place_rows(&s, rows, scratch, &over);
    if (rows >= LANES) {
        FOR_USUAL_CURVES(s.curves, strata_loop(&s, usual, scratch, from, rows, out));
    } else {
        struct few few = {0};
        memcpy(few.words, from, rows * sizeof *from);
        memcpy(few.codes, scratch, rows * sizeof *scratch);
        strata_loop(&s, s.curves, few.codes, few.words, LANES, few.wide);
        memcpy(out, few.wide, rows * sizeof *out);
    }
    strata->next = end - (over > 0);
    if (over) {
        struct sg_row_run *last = &strata->run[end - 1];
        last->low += (strata->length[end - 1] - (uint32_t)over) * last->step;
        strata->length[end - 1] = (uint32_t)over;
    }
}

static size_t k_find_low16(const uint32_t *from, uint32_t limit, size_t rows, uint32_t *found) {
    enum { MARKS = 64 };
    size_t count = 0, i = 0;
    const numbers bound = all_numbers((int32_t)limit);
    for (; i + MARKS <= rows; i += MARKS) {
        uint64_t left = 0;
        for (uint32_t k = 0; k < MARKS; k += LANES)
            left |= (uint64_t)marks((numbers)((numbers)(load_words(from + i + k) & 0xFFFF) < bound)) << k;
        for (; left; left &= left - 1)
            found[count++] = (uint32_t)i + (uint32_t)__builtin_ctzll(left);
    }
    for (; i < rows; i++)
        if ((from[i] & 0xFFFF) < limit) found[count++] = (uint32_t)i;
    return count;
}

/* Feistel halves of PERMUTED rows at a time; a carry from the low half happens once at most. */
enum { PERMUTED = 16 };

static inline void permute_halves(const struct sg_permutation *p, uint32_t l[PERMUTED],
                                  uint32_t r[PERMUTED]) {
    const uint32_t a = p->a, b = p->b;
    for (int round = 0; round < SG_FEISTEL_ROUNDS; round += 2) {
        const uint32_t k0 = p->round_key[round], k1 = p->round_key[round + 1];
        for (int i = 0; i < PERMUTED; i++) {
            uint32_t gap = a - sg_feistel_round(r[i], k0, a);
            l[i] = l[i] >= gap ? l[i] - gap : l[i] - gap + a;
        }
        for (int i = 0; i < PERMUTED; i++) {
            uint32_t gap = b - sg_feistel_round(l[i], k1, b);
            r[i] = r[i] >= gap ? r[i] - gap : r[i] - gap + b;
        }
    }
}

static void k_permuted_below(const struct sg_permutation *p, uint64_t first, uint64_t limit, size_t rows,
                             bool *below) {
    size_t at = 0;
    for (; p->a >= PERMUTED && at < rows; at += PERMUTED) {
        uint32_t l[PERMUTED], r[PERMUTED], low = (uint32_t)((first + at) % p->a);
        uint32_t high = (uint32_t)((first + at) / p->a), left = p->a - low;
        for (uint32_t i = 0; i < PERMUTED; i++) {
            l[i] = i >= left ? i - left : low + i;
            r[i] = high + (i >= left);
        }
        permute_halves(p, l, r);
        size_t take = rows - at < PERMUTED ? rows - at : PERMUTED;
        for (size_t i = 0; i < take; i++) {
            uint64_t image = (uint64_t)r[i] * p->a + l[i];
            below[at + i] = (image < p->n ? image : sg_permute(p, image)) < limit;
        }
    }
    for (; at < rows; at++)
        below[at] = sg_permute(p, first + at) < limit;
}

const struct sg_kernels SG_ISA_TABLE = {
    .name = SG_ISA_NAME,
    .philox = k_philox,
    .below = k_below,
    .between = k_between,
    .alias = k_alias,
    .lookup = k_lookup,
    .choice = k_choice,
    .shaped = k_shaped,
    .shaped16 = k_shaped16,
    .stretched16 = k_stretched16,
    .strata = k_strata,
    .iota64 = k_iota64,
    .fill32 = k_fill32,
    .fill16 = k_fill16,
    .find_low16 = k_find_low16,
    .permuted_below = k_permuted_below,
};
