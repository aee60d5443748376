/* Every build of the column kernels against the scalar definitions: odd lengths, tails, unaligned starts,
 * counter carries, extreme words; nothing written behind the end; dispatch and its refusals. It takes a
 * quarter of a second: the limit is for a walk over blocks that never reaches its last one. labels: quick
 * timeout: 20 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/kernels.h"

enum { ROWS = 1500, GUARD = 64, KNOTS = 2000, GENTLE = 8 * 1025, GENTLE_FLOOR = -1000 };
#define CANARY 0x5A5A5A5Au

static const size_t lengths[] = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 127, 255, 1000, 1111};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

static uint32_t words[ROWS], eighths[ROWS], out_words[4][ROWS + GUARD];
static int32_t out_numbers[ROWS + GUARD], steep[KNOTS], gentle[GENTLE];
static uint32_t packed[GENTLE];
static int16_t out_small[ROWS + GUARD];
static struct sg_eight eight, starts, factors;

static void prepare(void) {
    struct sg_source source = sg_source(7, 200, 1);
    for (uint32_t i = 0; i < ROWS; i++) {
        struct sg_block b = sg_draw(&source, i, 3, 0);
        words[i] = i % 17 == 0 ? UINT32_MAX : i % 19 == 0 ? 0 : b.w[0];
        eighths[i] = b.w[1] >> 29;
    }
    for (uint32_t i = 0, knot = 0; i < KNOTS; i++) { /* rises by up to 65535, from negative to positive */
        steep[i] = (int32_t)knot - 30000000;
        knot += i % 9 == 0 ? 65535 : i % 5 == 0 ? 0 : words[i % ROWS] >> 16;
    }
    for (int32_t c = 0; c < 8; c++) {
        eight.of[c] = c * 4000 - 9000;
        starts.of[c] = c * 57;
        factors.of[c] = c == 5 ? 32767 : c == 6 ? 0 : c * 410;
    }
}

/* Eight curves that fit packed words: three rises of the most that is possible, then little ones. */
static struct sg_curves pack(uint32_t bits) {
    const uint32_t knots = (1u << bits) + 1;
    for (uint32_t i = 0; i < 8 * knots; i++)
        gentle[i] = i % knots == 0  ? GENTLE_FLOOR
                    : i % knots < 4 ? gentle[i - 1] + 32767
                                    : gentle[i - 1] + (int32_t)(words[i % ROWS] >> 27);
    assert_true(sg_curves_pack(gentle, 8 * knots, GENTLE_FLOOR, packed));
    return (struct sg_curves){gentle, bits, packed, GENTLE_FLOOR};
}

static void packing_refuses_what_does_not_fit(void **state) {
    (void)state;
    const int32_t bad[][2] = {{0, 32768}, {-1, 0}, {131072, 131073}, {0, INT32_MAX}, {INT32_MIN, 0}};
    const int32_t good[][2] = {{0, 32767}, {131071, 131071}, {131071, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(sg_curves_pack(bad[i], 2, 0, packed));
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(sg_curves_pack(good[i], 2, 0, packed));
}

/* Calls check for each build, length and start offset. */
static void for_each_build(void (*check)(const struct sg_kernels *k, size_t start, size_t rows)) {
    const struct sg_kernels *k;
    prepare();
    for (unsigned b = 0; (k = sg_kernels_at(b)); b++)
        for (size_t l = 0; l < LENGTHS; l++)
            for (size_t start = 0; start < 9; start++) {
                memset(out_words, 0x5A, sizeof out_words);
                memset(out_numbers, 0x5A, sizeof out_numbers);
                memset(out_small, 0x5A, sizeof out_small);
                check(k, start, lengths[l]);
            }
}

static void philox_rows(const struct sg_kernels *k, uint64_t row_first, size_t start, size_t rows) {
    struct sg_source source = sg_source(0x123456789abcdef0u, 1, 30);
    k->philox(&source, row_first, 5, 9, rows, out_words[0] + start, out_words[1] + start,
              out_words[2] + start, out_words[3] + start);
    for (size_t i = 0; i < rows; i++) {
        struct sg_block b = sg_draw(&source, row_first + i, 5, 9);
        for (int w = 0; w < 4; w++)
            assert_int_equal(out_words[w][start + i], b.w[w]);
    }
    for (int w = 0; w < 4; w++)
        assert_int_equal(out_words[w][start + rows], CANARY);
}

static void check_philox(const struct sg_kernels *k, size_t start, size_t rows) {
    philox_rows(k, 12345678, start, rows);
}

/* The carry into the second counter word falls before, inside and behind the rows. */
static void check_carry(const struct sg_kernels *k, size_t start, size_t rows) {
    uint64_t carry = (uint64_t)3 << 32;
    philox_rows(k, carry - start * 7, start, rows);
    memset(out_words, 0x5A, sizeof out_words);
    philox_rows(k, carry - rows, start, rows);
}

/* Random123's vectors in every lane: counter word 0 is the row, so only its start is known; the others are
 * shifted to begin at each lane in turn. */
static void known_answers_in_every_lane(void **state) {
    (void)state;
    const struct sg_kernels *k;
    const uint32_t zero[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    const uint32_t pi[4] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
    struct sg_source zero_source = {{0, 0}, 0}, pi_source = {{0xa4093822, 0x299f31d0}, 0x13198a2e};
    for (unsigned b = 0; (k = sg_kernels_at(b)); b++)
        for (uint64_t lane = 0; lane < 40; lane++) {
            k->philox(&zero_source, 0 - lane, 0, 0, 64, out_words[0], out_words[1], out_words[2],
                      out_words[3]);
            for (int w = 0; w < 4; w++)
                assert_int_equal(out_words[w][lane], zero[w]);
            k->philox(&pi_source, 0x85a308d3243f6a88u - lane, 0, 0x03707344, 64, out_words[0], out_words[1],
                      out_words[2], out_words[3]);
            for (int w = 0; w < 4; w++)
                assert_int_equal(out_words[w][lane], pi[w]);
        }
}

static void check_words(const struct sg_kernels *k, size_t start, size_t rows) {
    const uint32_t *in = words + start;
    uint32_t *out = out_words[0] + start;
    k->below(in, 1000003, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], sg_below(in[i], 1000003));
    k->between(in, -77, 1234567, rows, out_numbers + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out_numbers[start + i], sg_between(in[i], -77, 1234567));
    assert_int_equal(out[rows], CANARY);
    assert_int_equal(out_numbers[start + rows], (int32_t)CANARY);
}

static void check_choices(const struct sg_kernels *k, size_t start, size_t rows) {
    const uint32_t *in = words + start, weights[5] = {10, 1, 500, 30, 7};
    uint32_t *out = out_words[0] + start;
    struct sg_alias alias;
    assert_true(sg_alias_build(&alias, weights, 5));
    k->alias(&alias, in, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], sg_alias_pick(&alias, in[i]));
    sg_alias_free(&alias);
    k->lookup(eight.of, eighths + start, rows, out_numbers + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out_numbers[start + i], eight.of[eighths[start + i]]);
    assert_int_equal(out[rows], CANARY);
    assert_int_equal(out_numbers[start + rows], (int32_t)CANARY);
}

/* Words whose place in their slot is exactly its threshold. */
static void aliases_meet_their_thresholds(void **state) {
    (void)state;
    enum { SLOTS = 4 };
    const uint32_t weights[SLOTS] = {1, 3, 4, 8};
    uint32_t in[2 * SLOTS], out[2 * SLOTS];
    const struct sg_kernels *k;
    struct sg_alias alias;
    assert_true(sg_alias_build(&alias, weights, SLOTS));
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        in[2 * slot] = (uint32_t)(((uint64_t)slot << 32 | alias.threshold[slot]) / SLOTS);
        in[2 * slot + 1] = in[2 * slot] - 1;
    }
    assert_int_equal(sg_alias_pick(&alias, in[0]), alias.other[0]);
    assert_int_equal(sg_alias_pick(&alias, in[1]), 0);
    for (unsigned b = 0; (k = sg_kernels_at(b)); b++) {
        k->alias(&alias, in, 2 * SLOTS, out);
        for (size_t i = 0; i < 2 * SLOTS; i++)
            assert_int_equal(out[i], sg_alias_pick(&alias, in[i]));
    }
    sg_alias_free(&alias);
}

static void check_permuted(const struct sg_kernels *k, size_t start, size_t rows) {
    static const uint64_t sizes[] = {1, 5, 900, 1023, 1025, 1500, 599999, 6000000000};
    bool below[ROWS + 1];
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct sg_permutation p = sg_permutation(sizes[s], 42, 1, 7);
        uint64_t first = p.n > start + rows ? p.n - start - rows : 0, limit = p.n / 3 + 1;
        size_t count = rows < p.n - first ? rows : (size_t)(p.n - first);
        k->permuted_below(&p, first, limit, count, below);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(below[i], sg_permute(&p, first + i) < limit);
    }
}

static void check_eights(const struct sg_kernels *k, size_t start, size_t rows) {
    const uint32_t *in = words + start;
    uint32_t *out = out_words[0] + start;
    struct sg_choice choice;
    memset(&choice, 0xEE, sizeof choice);
    for (unsigned s = 0; s < SG_CHOICE_SLOTS; s++)
        sg_choice_set(&choice, s, s * s % 61 % 8);
    k->choice(&choice, &eight, in, rows, out, out_small + start);
    for (size_t i = 0; i < rows; i++) {
        unsigned slot = in[i] >> 26;
        assert_int_equal(out[i], slot * slot % 61 % 8);
        assert_int_equal(out_small[start + i], eight.of[out[i]]);
    }
    assert_int_equal(out[rows], CANARY);
    assert_int_equal(out_small[start + rows], 0x5A5A);
}

/* The ascending i whose low 16 bits are below any limit. */
static void check_finds(const struct sg_kernels *k, size_t start, size_t rows) {
    const uint32_t *in = words + start, limits[] = {0, 1, 20000, 65535, 65536};
    uint32_t *out = out_words[0] + start;
    for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
        size_t found = k->find_low16(in, limits[l], rows, out), expected = 0;
        for (size_t i = 0; i < rows; i++)
            if ((in[i] & 0xFFFF) < limits[l]) {
                assert_true(expected < found);
                assert_int_equal(out[expected++], i);
            }
        assert_int_equal(found, expected);
        assert_int_equal(out[rows], CANARY);
    }
}

static int64_t clamped(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

/* The quantile of the curve of 2^bits + 1 knots from `start` on. */
static int64_t quantile(const struct sg_curves *curves, uint32_t start, uint32_t word) {
    const int32_t *knot = curves->knots + start + (word >> (32 - curves->bits));
    return knot[0] + ((int64_t)(knot[1] - knot[0]) * (word >> (16 - curves->bits) & 0xFFFF) >> 16);
}

static void check_shape(const struct sg_kernels *k, const struct sg_shape *shape, size_t start, size_t rows) {
    const uint32_t *c = eighths + start, *in = words + start;
    int32_t *out = out_numbers + start;
    k->shaped(shape, c, in, rows, out);
    k->shaped16(shape, c, in, rows, out_small + start);
    for (size_t i = 0; i < rows; i++) {
        int64_t q = quantile(&shape->curves, (uint32_t)shape->start.of[c[i]], in[i]);
        int64_t value = clamped(shape->add.of[c[i]] + (q * shape->factor.of[c[i]] >> 16), -20000, 30000);
        assert_int_equal(out[i], value);
        assert_int_equal(out_small[start + i], value);
    }
    assert_int_equal(out[rows], (int32_t)CANARY);
    assert_int_equal(out_small[start + rows], 0x5A5A);
}

static void check_shapes(const struct sg_kernels *k, size_t start, size_t rows) {
    const uint32_t *in = words + start;
    int32_t *out = out_numbers + start;
    for (uint32_t bits = 5; bits <= 10; bits++) {
        struct sg_shape shape = {{.knots = steep, .bits = bits}, starts, eight, factors, -20000, 30000};
        check_shape(k, &shape, start, rows);
        shape.curves = pack(bits);
        for (int32_t c = 0; c < 8; c++)
            shape.start.of[c] = c * ((1 << bits) + 1);
        check_shape(k, &shape, start, rows);
    }
    const struct sg_shape normal = {
        {.knots = sg_normal_table, .bits = 10}, {{0}}, {{0}}, {{32767}}, INT32_MIN, INT32_MAX};
    static const uint32_t first[ROWS];
    k->shaped(&normal, first, in, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], (int64_t)sg_normal(in[i]) * 32767 >> 16);
}

static void check_stretches(const struct sg_kernels *k, size_t start, size_t rows) {
    const uint32_t *c = eighths + start, *in = words + start;
    int32_t amounts[ROWS];
    for (size_t i = 0; i < rows; i++)
        amounts[i] = (int32_t)(i % 11 == 0 ? 65535 : in[i] >> 20);
    struct sg_eight any = factors;
    any.of[2] = 65535;
    for (uint32_t bits = 7; bits <= 10; bits++) {
        struct sg_stretch stretch = {{.knots = sg_normal_table, .bits = bits}, any, 4, 1, INT16_MAX};
        if (start % 2) stretch.curves = pack(bits);
        k->stretched16(&stretch, c, amounts, in, rows, out_small + start);
        for (size_t i = 0; i < rows; i++) {
            int64_t a = clamped(4 + ((int64_t)amounts[i] * any.of[c[i]] >> 16), 1, INT16_MAX);
            int64_t q = quantile(&stretch.curves, 0, in[i] << 16);
            assert_int_equal(out_small[start + i], clamped(a + (a * q >> 16), 1, INT16_MAX));
        }
        assert_int_equal(out_small[start + rows], 0x5A5A);
    }
}

static void check_stores(const struct sg_kernels *k, size_t start, size_t rows) {
    int64_t wide[ROWS + GUARD];
    memset(wide, 0x5A, sizeof wide);
    k->iota64(-5, rows, wide + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(wide[start + i], (int64_t)i - 5);
    assert_true(wide[start + rows] == 0x5A5A5A5A5A5A5A5A);
    k->fill32(-9, rows, out_numbers + start);
    k->fill16(-8, rows, out_small + start);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(out_numbers[start + i], -9);
        assert_int_equal(out_small[start + i], -8);
    }
    assert_int_equal(out_numbers[start + rows], (int32_t)CANARY);
    assert_int_equal(out_small[start + rows], 0x5A5A);
}

enum { RUNS = 200 };

/* Runs of length 0, below, at and above what is stored at once. */
static void make_runs(struct sg_row_run *run, uint32_t *length, size_t rows) {
    size_t total = 0;
    for (uint32_t i = 0; i < RUNS; i++) {
        length[i] = i == RUNS - 1 ? 2 * ROWS : i % 31 == 0 ? 40 : words[i] % (i % 5 == 0 ? 20 : 10);
        run[i] = (struct sg_row_run){words[i + 200], i % 7 == 0 ? UINT32_MAX : words[i + 400] >> 2,
                                     i % 40 * 3, (int32_t)(words[i + 600] >> 4) - (1 << 27)};
        total += length[i];
    }
    assert_true(total > rows);
}

/* Taken in pieces of any size; in a third of the calls each the least or the largest value is 0. */
static void check_strata(const struct sg_kernels *k, size_t start, size_t rows) {
    struct sg_row_run run[RUNS], used[RUNS];
    uint32_t length[RUNS], left[RUNS], scratch[ROWS + SG_STRATA_PADDING];
    int64_t out[ROWS + GUARD];
    make_runs(run, length, rows);
    for (uint32_t bits = 6; bits <= 10; bits++) {
        const struct sg_curves curves =
            start % 2 ? pack(bits) : (struct sg_curves){.knots = steep, .bits = bits};
        for (uint32_t i = 0; i < RUNS; i++)
            run[i].start = start % 2 ? i % 8 * ((1u << bits) + 1) : i % 40 * 3;
        memcpy(used, run, sizeof run);
        memcpy(left, length, sizeof length);
        memset(out, 0x5A, sizeof out);
        const int32_t from = start % 3 == 1 ? 0 : -120000000, last = start % 3 == 2 ? 0 : 130000000;
        struct sg_strata s = {used, left, 0, curves, -1700000000000, from, last};
        for (size_t at = 0, piece; at < rows; at += piece) {
            piece = 1 + words[at + start] % 100;
            if (piece > rows - at) piece = rows - at;
            k->strata(&s, words + start + at, piece, scratch, out + start + at);
        }
        uint32_t r = 0, row = 0;
        for (size_t i = 0; i < rows; i++, row++) {
            for (; row == length[r]; r++)
                row = 0;
            uint32_t share =
                run[r].low + row * run[r].step + (uint32_t)((uint64_t)words[start + i] * run[r].step >> 32);
            int64_t value = run[r].base + quantile(&s.curves, run[r].start, share);
            assert_true(out[start + i] == s.origin + clamped(value, s.from, s.last));
        }
        assert_true(out[start + rows] == 0x5A5A5A5A5A5A5A5A);
    }
}

#define BUILD_TEST(name_)                                                                                    \
    static void name_##_equals_its_definition(void **state) {                                                \
        (void)state;                                                                                         \
        for_each_build(check_##name_);                                                                       \
    }
BUILD_TEST(philox)
BUILD_TEST(carry)
BUILD_TEST(words)
BUILD_TEST(choices)
BUILD_TEST(eights)
BUILD_TEST(finds)
BUILD_TEST(shapes)
BUILD_TEST(stretches)
BUILD_TEST(permuted)
BUILD_TEST(stores)
BUILD_TEST(strata)

static void dispatch_chooses_and_refuses(void **state) {
    (void)state;
    const struct sg_kernels *k, *widest = NULL;
    struct sg_error err = {0};
    for (unsigned b = 0; (k = sg_kernels_at(b)); b++) {
        const struct sg_kernels *chosen;
        assert_int_equal(sg_kernels_select(k->name, &chosen, &err), SG_OK);
        assert_ptr_equal(chosen, k);
        widest = k;
    }
    assert_ptr_equal(sg_kernels_at(0), &sg_kernels_portable);
    assert_int_equal(sg_kernels_select(NULL, &k, &err), SG_OK);
    assert_ptr_equal(k, widest);
    assert_int_equal(sg_kernels_select("", &k, &err), SG_OK);
    assert_ptr_equal(k, widest);
    assert_int_equal(sg_kernels_select("sse9", &k, &err), SG_USAGE);
    assert_null(k);
    assert_non_null(strstr(err.text, "sse9"));
    assert_non_null(strstr(err.text, "portable"));
    assert_non_null(strstr(err.text, widest->name));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers_in_every_lane),       cmocka_unit_test(philox_equals_its_definition),
        cmocka_unit_test(carry_equals_its_definition),       cmocka_unit_test(words_equals_its_definition),
        cmocka_unit_test(choices_equals_its_definition),     cmocka_unit_test(eights_equals_its_definition),
        cmocka_unit_test(finds_equals_its_definition),       cmocka_unit_test(shapes_equals_its_definition),
        cmocka_unit_test(stretches_equals_its_definition),   cmocka_unit_test(stores_equals_its_definition),
        cmocka_unit_test(strata_equals_its_definition),      cmocka_unit_test(dispatch_chooses_and_refuses),
        cmocka_unit_test(permuted_equals_its_definition),    cmocka_unit_test(aliases_meet_their_thresholds),
        cmocka_unit_test(packing_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
