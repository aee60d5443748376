/* Quantile tables and the set-up of alias tables. */
#include "kernels/sample.h"

#include <stdlib.h>

#include "kernels/quantiles.inc"

const int32_t *const sg_normal_table = sg_normal_q16_table;
const int32_t *const sg_exponential_table = sg_exponential_q16_table;

void sg_alias_free(struct sg_alias *alias) {
    free(alias->threshold);
    free(alias->other);
    *alias = (struct sg_alias){0};
}

/* Vose's method with every weight scaled by count, so that a full slot equals the sum of weights. */
bool sg_alias_build(struct sg_alias *alias, const uint32_t *weights, uint32_t count) {
    *alias = (struct sg_alias){.count = count};
    if (count == 0 || count > SG_ALIAS_MAX) return false;
    uint64_t sum = 0, scaled[SG_ALIAS_MAX];
    uint16_t small[SG_ALIAS_MAX], large[SG_ALIAS_MAX];
    uint32_t small_count = 0, large_count = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += weights[i];
    alias->threshold = calloc(count, sizeof *alias->threshold);
    alias->other = calloc(count, sizeof *alias->other);
    if (sum == 0 || !alias->threshold || !alias->other) {
        sg_alias_free(alias);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        scaled[i] = (uint64_t)weights[i] * count;
        if (scaled[i] < sum)
            small[small_count++] = (uint16_t)i;
        else
            large[large_count++] = (uint16_t)i;
    }
    while (small_count && large_count) {
        uint16_t s = small[--small_count], l = large[large_count - 1];
        alias->threshold[s] = (uint32_t)(((unsigned __int128)scaled[s] << 32) / sum);
        alias->other[s] = l;
        scaled[l] -= sum - scaled[s];
        if (scaled[l] < sum) {
            large_count--;
            small[small_count++] = l;
        }
    }
    while (large_count) {
        uint16_t l = large[--large_count];
        alias->threshold[l] = UINT32_MAX;
        alias->other[l] = l;
    }
    while (small_count) {
        uint16_t s = small[--small_count];
        alias->threshold[s] = UINT32_MAX;
        alias->other[s] = s;
    }
    return true;
}
