/* Every build of the column kernels against the scalar definitions: odd lengths, tails, unaligned starts,
 * counter carries, extreme words; nothing written behind the end; dispatch and its refusals.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/kernels.h"

enum { ROWS = 1500, GUARD = 64, CODES = 37 };
#define CANARY 0x5A5A5A5Au

static const size_t lengths[] = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 127, 255, 1000, 1111};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

static uint32_t words[ROWS], codes[ROWS], out_words[4][ROWS + GUARD];
static int32_t numbers[ROWS], out_numbers[ROWS + GUARD];
static int32_t means[CODES], deviations[CODES];

static void prepare(void) {
    struct sg_source source = sg_source(7, 200, 1);
    for (uint32_t i = 0; i < ROWS; i++) {
        struct sg_block b = sg_draw(&source, i, 3, 0);
        words[i] = i % 17 == 0 ? UINT32_MAX : i % 19 == 0 ? 0 : b.w[0];
        codes[i] = sg_below(b.w[1], CODES);
        numbers[i] = (int32_t)b.w[2] >> 12;
    }
    for (int32_t c = 0; c < CODES; c++) {
        means[c] = c * 1000 - 9000;
        deviations[c] = c == 5 ? 65535 : c * 41;
    }
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
    const uint32_t *in = words + start, *low = words + start + 100, *span = words + start + 200;
    uint32_t *out = out_words[0] + start;
    k->high16(in, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], in[i] >> 16 << 16);
    assert_int_equal(out[rows], CANARY);
    k->low16(in, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], (in[i] & 0xFFFF) << 16);
    k->below(in, 1000003, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], sg_below(in[i], 1000003));
    k->between(in, -77, 1234567, rows, out_numbers + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out_numbers[start + i], sg_between(in[i], -77, 1234567));
    k->within(in, low, span, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], (uint32_t)(low[i] + ((uint64_t)in[i] * span[i] >> 32)));
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
    k->slots(means, 5, in, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], (uint32_t)means[in[i] >> 27]);
    k->lookup(means, codes + start, rows, out_numbers + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out_numbers[start + i], means[codes[start + i]]);
    assert_int_equal(out[rows], CANARY);
    assert_int_equal(out_numbers[start + rows], (int32_t)CANARY);
    size_t found = k->find_low16(in, 20000, rows, out), expected = 0;
    for (size_t i = 0; i < rows; i++)
        if ((in[i] & 0xFFFF) < 20000) {
            assert_true(expected < found);
            assert_int_equal(out[expected++], i);
        }
    assert_int_equal(found, expected);
    assert_int_equal(out[rows], CANARY);
}

static void check_quantile(const struct sg_kernels *k, size_t start, size_t rows) {
    const struct sg_curves normal = {sg_normal_table, 10}, coarse = {sg_exponential_table, 8};
    const uint32_t *in = words + start;
    int32_t *out = out_numbers + start;
    k->quantile(&normal, NULL, in, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], sg_normal(in[i]));
    uint32_t from[ROWS];
    for (size_t i = 0; i < rows; i++)
        from[i] = codes[start + i] * 7;
    k->quantile(&coarse, from, in, rows, out);
    for (size_t i = 0; i < rows; i++) {
        int64_t a = sg_exponential_table[from[i] + (in[i] >> 24)];
        int64_t b = sg_exponential_table[from[i] + (in[i] >> 24) + 1];
        assert_int_equal(out[i], a + ((b - a) * (in[i] >> 8 & 0xFFFF) >> 16));
    }
    assert_int_equal(out[rows], (int32_t)CANARY);
}

static void check_scaled(const struct sg_kernels *k, size_t start, size_t rows) {
    const uint32_t *c = codes + start;
    const int32_t *z = numbers + start;
    int32_t *out = out_numbers + start;
    k->scaled(means, deviations, c, z, -20000, 30000, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], sg_scaled(means[c[i]], deviations[c[i]], z[i], -20000, 30000));
    assert_int_equal(out[rows], (int32_t)CANARY);
    k->proportional(deviations, c, z, 77, -20000, 30000, rows, out);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], sg_scaled(77, deviations[c[i]], z[i], -20000, 30000));
    assert_int_equal(out[rows], (int32_t)CANARY);
    int32_t lengths_in_place[ROWS];
    for (size_t i = 0; i < rows; i++)
        lengths_in_place[i] = (int32_t)(c[i] * 1700);
    k->stretched(lengths_in_place, z, rows, lengths_in_place);
    for (size_t i = 0; i < rows; i++) {
        int64_t a = (int64_t)c[i] * 1700;
        assert_int_equal(lengths_in_place[i], a + (a * z[i] >> 16));
    }
}

static void check_stores(const struct sg_kernels *k, size_t start, size_t rows) {
    int16_t small[ROWS + GUARD];
    int64_t wide[ROWS + GUARD];
    memset(small, 0x5A, sizeof small);
    memset(wide, 0x5A, sizeof wide);
    const int32_t *a = numbers + start;
    k->narrow16(a, -300, 32000, rows, small + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(small[start + i], a[i] < -300 ? -300 : a[i] > 32000 ? 32000 : a[i]);
    assert_int_equal(small[start + rows], 0x5A5A);
    k->instants(1700000000, a, numbers + 300, -1000, 300000, rows, wide + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(wide[start + i],
                         1700000000 + sg_scaled(a[i] + numbers[300 + i], 0, 0, -1000, 300000));
    k->iota64(-5, rows, wide + start);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(wide[start + i], (int64_t)i - 5);
    assert_true(wide[start + rows] == 0x5A5A5A5A5A5A5A5A);
    k->fill32(-9, rows, out_numbers + start);
    k->fill16(-8, rows, small + start);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(out_numbers[start + i], -9);
        assert_int_equal(small[start + i], -8);
    }
    assert_int_equal(out_numbers[start + rows], (int32_t)CANARY);
    assert_int_equal(small[start + rows], 0x5A5A);
}

/* Runs of length 0, below, at and above the padding, taken in pieces of any size. */
static void check_runs(const struct sg_kernels *k, size_t start, size_t rows) {
    enum { RUNS = 200 };
    uint32_t length[RUNS], low[RUNS], step[RUNS], code[RUNS];
    int32_t base[RUNS];
    size_t total = 0, at = 0;
    for (uint32_t i = 0; i < RUNS; i++) {
        length[i] = i == RUNS - 1 ? ROWS : i % 31 == 0 ? 40 : words[i] % 10;
        low[i] = words[i + 200];
        step[i] = words[i + 400];
        code[i] = i;
        base[i] = -(int32_t)i;
        total += length[i];
    }
    assert_true(total > rows);
    struct sg_runs runs = {length, low, step, code, base};
    struct sg_runs_cursor cursor = {0};
    while (at < rows) {
        size_t piece = 1 + words[at + start] % 100;
        if (piece > rows - at) piece = rows - at;
        k->runs(&runs, &cursor, piece, out_words[0] + at, out_words[1] + at, out_words[2] + at,
                out_numbers + at);
        at += piece;
    }
    uint32_t run = 0, row = 0;
    for (size_t i = 0; i < rows; i++, row++) {
        while (row == length[run]) {
            run++;
            row = 0;
        }
        assert_int_equal(out_words[0][i], low[run] + row * step[run]);
        assert_int_equal(out_words[1][i], step[run]);
        assert_int_equal(out_words[2][i], run);
        assert_int_equal(out_numbers[i], -(int32_t)run);
    }
    assert_int_equal(out_words[0][rows + SG_RUNS_PADDING], CANARY);
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
BUILD_TEST(quantile)
BUILD_TEST(scaled)
BUILD_TEST(stores)
BUILD_TEST(runs)

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
        cmocka_unit_test(known_answers_in_every_lane),   cmocka_unit_test(philox_equals_its_definition),
        cmocka_unit_test(carry_equals_its_definition),   cmocka_unit_test(words_equals_its_definition),
        cmocka_unit_test(choices_equals_its_definition), cmocka_unit_test(quantile_equals_its_definition),
        cmocka_unit_test(scaled_equals_its_definition),  cmocka_unit_test(stores_equals_its_definition),
        cmocka_unit_test(runs_equals_its_definition),    cmocka_unit_test(dispatch_chooses_and_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
