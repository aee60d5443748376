/* Set-up of permutations: radices by integer square root, round keys from Philox. */
#include "kernels/feistel.h"

static uint64_t ceil_sqrt(uint64_t n) {
    uint64_t low = 0, high = (uint64_t)1 << 31;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (middle * middle >= n)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct sg_permutation sg_permutation(uint64_t n, uint64_t seed, uint32_t dataset, uint32_t name) {
    struct sg_permutation p = {.n = n, .a = 1, .b = 1};
    if (n > 1) {
        p.a = (uint32_t)ceil_sqrt(n);
        p.b = (uint32_t)((n + p.a - 1) / p.a);
    }
    struct sg_source source = sg_source(seed, dataset, 0xFFFF);
    for (int i = 0; i < SG_FEISTEL_ROUNDS; i++) {
        struct sg_block block = sg_draw(&source, name, 0xFE, (uint32_t)i);
        p.round_key[i] = block.w[0];
    }
    return p;
}
