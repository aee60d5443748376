/* Distributions from random words, in integers only: equal on every machine.
 *
 * Fixed-point results are Q16.16 (65536 = 1.0). Every function is pure and uses exactly the words it is
 * given.
 */
#ifndef SG_KERNELS_SAMPLE_H
#define SG_KERNELS_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

/* Uniform integer in [0, n): the high half of word x n (bias below n / 2^32). */
static inline uint32_t sg_below(uint32_t word, uint32_t n) {
    return (uint32_t)((uint64_t)word * n >> 32);
}

/* Uniform integer in [low, high]. */
static inline int32_t sg_between(uint32_t word, int32_t low, int32_t high) {
    return (int32_t)((uint32_t)low + sg_below(word, (uint32_t)high - (uint32_t)low + 1));
}

/* Uniform integer in [0, n) for n up to 2^63, from two words. */
static inline uint64_t sg_below64(uint32_t high, uint32_t low, uint64_t n) {
    return (uint64_t)((unsigned __int128)((uint64_t)high << 32 | low) * n >> 64);
}

/* True with probability per_million / 1,000,000. */
static inline bool sg_chance(uint32_t word, uint32_t per_million) {
    return ((uint64_t)word * 1000000 >> 32) < per_million;
}

/* Quantile tables of sample.c: 1025 knots, Q16.16. */
extern const int32_t *const sg_normal_table;
extern const int32_t *const sg_exponential_table;

/* Linear interpolation in a 1025-knot quantile table at word / 2^32. */
static inline int32_t sg_quantile(const int32_t *table, uint32_t word) {
    uint32_t index = word >> 22;
    int32_t fraction = (int32_t)(word >> 6 & 0xFFFF);
    int32_t low = table[index];
    return low + (int32_t)(((int64_t)(table[index + 1] - low) * fraction) >> 16);
}

/* Standard normal, Q16.16, within about +-3.67. */
static inline int32_t sg_normal(uint32_t word) {
    return sg_quantile(sg_normal_table, word);
}

/* Exponential with mean 1, Q16.16, in [0, 9.02). */
static inline int32_t sg_exponential(uint32_t word) {
    return sg_quantile(sg_exponential_table, word);
}

/* mean + deviation * z, rounded down, clamped to [low, high]; z in Q16.16. */
static inline int64_t sg_scaled(int64_t mean, int64_t deviation, int32_t z, int64_t low, int64_t high) {
    int64_t value = mean + ((deviation * z) >> 16);
    return value < low ? low : value > high ? high : value;
}

/* Weighted choice in constant time (Walker/Vose alias table in integers). */
enum { SG_ALIAS_MAX = 4096 };
struct sg_alias {
    uint32_t count;
    uint32_t *threshold; /* accept `slot` when the low word part is below */
    uint16_t *other;
};

/* Builds an alias table from integer weights (sum > 0, below 2^48); count <= SG_ALIAS_MAX. False when out of
 * memory or the weights are unusable. Free with sg_alias_free. */
bool sg_alias_build(struct sg_alias *alias, const uint32_t *weights, uint32_t count);
void sg_alias_free(struct sg_alias *alias);

/* One choice from one word: the high part picks the slot, the rest decides between the slot and its alias. */
static inline uint32_t sg_alias_pick(const struct sg_alias *alias, uint32_t word) {
    uint64_t scaled = (uint64_t)word * alias->count;
    uint32_t slot = (uint32_t)(scaled >> 32);
    return (uint32_t)scaled < alias->threshold[slot] ? slot : alias->other[slot];
}

/* Weighted choice among few values by cumulative weights out of `total`: no set-up, linear. */
static inline uint32_t sg_pick(uint32_t word, const uint32_t *weights, uint32_t count, uint32_t total) {
    uint32_t at = sg_below(word, total);
    uint32_t i = 0;
    while (i + 1 < count && at >= weights[i]) {
        at -= weights[i];
        i++;
    }
    return i;
}

#endif
