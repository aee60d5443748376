/* Known answers of Philox (Random123's kat_vectors), permutations and apportionment.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/feistel.h"
#include "kernels/philox.h"
#include "kernels/sample.h"
#include "partition/apportion.h"

static void philox_known_answers(void **state) {
    (void)state;
    struct sg_block zero = sg_philox((struct sg_block){{0, 0, 0, 0}}, 0, 0);
    const uint32_t expect_zero[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    assert_memory_equal(zero.w, expect_zero, 16);
    struct sg_block ones = sg_philox((struct sg_block){{~0u, ~0u, ~0u, ~0u}}, ~0u, ~0u);
    const uint32_t expect_ones[4] = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
    assert_memory_equal(ones.w, expect_ones, 16);
    struct sg_block pi = sg_philox((struct sg_block){{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
                                   0xa4093822, 0x299f31d0);
    const uint32_t expect_pi[4] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
    assert_memory_equal(pi.w, expect_pi, 16);
}

static void permutations_are_bijections(void **state) {
    (void)state;
    for (uint64_t n = 1; n < 400; n++) {
        struct sg_permutation p = sg_permutation(n, 42 + n, 1, (uint32_t)n);
        unsigned char seen[400] = {0};
        for (uint64_t x = 0; x < n; x++) {
            uint64_t y = sg_permute(&p, x);
            assert_true(y < n);
            assert_false(seen[y]);
            seen[y] = 1;
            assert_int_equal(sg_unpermute(&p, y), x);
        }
    }
    struct sg_permutation big = sg_permutation(((uint64_t)1 << 40) + 12345, 7, 1, 1);
    for (uint64_t x = 0; x < 1000; x++)
        assert_int_equal(sg_unpermute(&big, sg_permute(&big, x * 987654321)), x * 987654321);
}

static void quotas_are_exact(void **state) {
    (void)state;
    const uint32_t campaigns[4] = {40, 30, 20, 10};
    uint64_t counts[5];
    sg_quota(25, campaigns, 4, counts);
    const uint64_t expect[4] = {10, 8, 5, 2};
    assert_memory_equal(counts, expect, sizeof expect);
    const uint32_t shares[5] = {69, 19, 7, 3, 2};
    for (uint64_t items = 1; items < 300; items++)
        for (uint64_t target = items; target <= items * 5; target += 3) {
            assert_true(sg_quota_values(items, target, 1, shares, 5, counts));
            uint64_t units = 0, sum = 0;
            for (uint64_t v = 0; v < 5; v++) {
                units += counts[v];
                sum += counts[v] * (v + 1);
            }
            assert_int_equal(units, items);
            assert_int_equal(sum, target);
        }
    assert_false(sg_quota_values(10, 9, 1, shares, 5, counts));
    assert_false(sg_quota_values(10, 51, 1, shares, 5, counts));
}

static void unit_counts(const void *context, uint64_t unit, uint64_t *counts) {
    (void)context;
    counts[0] = unit % 3;
    counts[1] = 1 + unit % 5;
}

static void prefixes_find_their_unit(void **state) {
    (void)state;
    for (uint64_t units = 1; units < 300; units += 7) {
        struct sg_prefix prefix;
        assert_int_equal(sg_prefix_open(&prefix, units, 2, 64, unit_counts, NULL, NULL), SG_OK);
        uint64_t at[2] = {0, 0}, before[2], one[2];
        for (uint64_t unit = 0; unit < units; unit++) {
            sg_prefix_before(&prefix, unit, before);
            assert_memory_equal(before, at, sizeof at);
            unit_counts(NULL, unit, one);
            for (int f = 0; f < 2; f++)
                for (uint64_t k = 0; k < one[f]; k++) {
                    uint64_t found[2];
                    assert_int_equal(sg_prefix_find(&prefix, (uint32_t)f, at[f] + k, found), unit);
                    assert_memory_equal(found, at, sizeof at);
                }
            at[0] += one[0];
            at[1] += one[1];
        }
        sg_prefix_before(&prefix, units, before);
        assert_memory_equal(before, at, sizeof at);
        assert_int_equal(sg_prefix_total(&prefix, 1), at[1]);
        sg_prefix_close(&prefix);
    }
}

static void alias_tables_keep_weights(void **state) {
    (void)state;
    const uint32_t weights[5] = {1, 0, 3, 4, 8};
    struct sg_alias alias;
    assert_true(sg_alias_build(&alias, weights, 5));
    uint32_t hits[5] = {0};
    for (uint32_t i = 0; i < 1u << 20; i++)
        hits[sg_alias_pick(&alias, i << 12)]++;
    assert_int_equal(hits[1], 0);
    for (int i = 0; i < 5; i++)
        if (i != 1) assert_in_range(hits[i], weights[i] * 65536 - 8, weights[i] * 65536 + 8);
    sg_alias_free(&alias);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_known_answers),      cmocka_unit_test(permutations_are_bijections),
        cmocka_unit_test(quotas_are_exact),          cmocka_unit_test(prefixes_find_their_unit),
        cmocka_unit_test(alias_tables_keep_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
