/* Keyed permutations of [0, n): shuffles and unique keys without memory.
 *
 * A Feistel network over the mixed radix a x b, a * b >= n just barely (Black and Rogaway, "Ciphers with
 * arbitrary finite domains", 2002): the few images outside [0, n) are walked on, so results are exact
 * permutations.
 */
#ifndef SG_KERNELS_FEISTEL_H
#define SG_KERNELS_FEISTEL_H

#include <stdint.h>

#include "kernels/philox.h"

enum { SG_FEISTEL_ROUNDS = 6 };

struct sg_permutation {
    uint64_t n;
    uint32_t a, b; /* radices, each below 2^32 */
    uint32_t round_key[SG_FEISTEL_ROUNDS];
};

/* Pure. The permutation of [0, n) named by (seed, dataset, name); n <= 2^62. n = 0 permutes nothing. */
struct sg_permutation sg_permutation(uint64_t n, uint64_t seed, uint32_t dataset, uint32_t name);

static inline uint32_t sg_mix32(uint32_t x) {
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    x ^= x >> 16;
    return x;
}

static inline uint32_t sg_feistel_round(uint32_t half, uint32_t key, uint32_t radix) {
    return (uint32_t)((uint64_t)sg_mix32(half ^ key) * radix >> 32);
}

/* Pure. Image of x, x < n. */
static inline uint64_t sg_permute(const struct sg_permutation *p, uint64_t x) {
    do {
        uint32_t l = (uint32_t)(x % p->a), r = (uint32_t)(x / p->a);
        for (int i = 0; i < SG_FEISTEL_ROUNDS; i += 2) {
            uint64_t s = (uint64_t)l + sg_feistel_round(r, p->round_key[i], p->a);
            l = (uint32_t)(s >= p->a ? s - p->a : s);
            s = (uint64_t)r + sg_feistel_round(l, p->round_key[i + 1], p->b);
            r = (uint32_t)(s >= p->b ? s - p->b : s);
        }
        x = (uint64_t)r * p->a + l;
    } while (x >= p->n);
    return x;
}

/* Pure. The x with sg_permute(x) == y, y < n. */
static inline uint64_t sg_unpermute(const struct sg_permutation *p, uint64_t y) {
    do {
        uint32_t l = (uint32_t)(y % p->a), r = (uint32_t)(y / p->a);
        for (int i = SG_FEISTEL_ROUNDS - 2; i >= 0; i -= 2) {
            uint32_t f = sg_feistel_round(l, p->round_key[i + 1], p->b);
            r = r >= f ? r - f : r + (p->b - f);
            f = sg_feistel_round(r, p->round_key[i], p->a);
            l = l >= f ? l - f : l + (p->a - f);
        }
        y = (uint64_t)r * p->a + l;
    } while (y >= p->n);
    return y;
}

#endif
