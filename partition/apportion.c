/* Largest remainder, value quotas with exact sums, and block prefix sums. */
#include "partition/apportion.h"

#include <stdlib.h>
#include <string.h>

enum { CLASSES_MAX = 64 };

void sg_quota(uint64_t total, const uint32_t *shares, size_t classes, uint64_t *counts) {
    uint64_t sum = 0, given = 0, remainder[CLASSES_MAX];
    for (size_t i = 0; i < classes; i++)
        sum += shares[i];
    for (size_t i = 0; i < classes; i++) {
        unsigned __int128 product = (unsigned __int128)total * shares[i];
        counts[i] = (uint64_t)(product / sum);
        remainder[i] = (uint64_t)(product % sum);
        given += counts[i];
    }
    for (; given < total; given++) {
        size_t best = 0;
        for (size_t i = 1; i < classes; i++)
            if (remainder[i] > remainder[best]) best = i;
        counts[best]++;
        remainder[best] = 0;
    }
}

size_t sg_quota_class(uint64_t index, const uint64_t *counts, size_t classes) {
    size_t i = 0;
    while (i + 1 < classes && index >= counts[i]) {
        index -= counts[i];
        i++;
    }
    return i;
}

static uint64_t sum_of_values(uint32_t low, const uint64_t *counts, size_t values) {
    uint64_t sum = 0;
    for (size_t v = 0; v < values; v++)
        sum += counts[v] * (low + v);
    return sum;
}

/* Moves up to `missing` units one value up (or down) from the fullest value that can; returns how many moved.
 */
static uint64_t move_units(uint64_t *counts, size_t values, uint64_t missing, bool up) {
    size_t best = values;
    for (size_t v = up ? 0 : 1; v < (up ? values - 1 : values); v++)
        if (counts[v] && (best == values || counts[v] > counts[best])) best = v;
    if (best == values) return 0;
    uint64_t moved = (counts[best] + 1) / 2 < missing ? (counts[best] + 1) / 2 : missing;
    counts[best] -= moved;
    counts[up ? best + 1 : best - 1] += moved;
    return moved;
}

bool sg_quota_values(uint64_t items, uint64_t target, uint32_t low, const uint32_t *shares, size_t values,
                     uint64_t *counts) {
    sg_quota(items, shares, values, counts);
    if (target < items * low || target > items * (low + values - 1)) return false;
    uint64_t sum = sum_of_values(low, counts, values);
    while (sum != target) {
        bool up = sum < target;
        uint64_t moved = move_units(counts, values, up ? target - sum : sum - target, up);
        sum = up ? sum + moved : sum - moved;
    }
    return true;
}

/* sg_add_fn */
static void add_units(const void *context, uint64_t first, uint64_t end, uint64_t *sums) {
    const struct sg_prefix *prefix = context;
    uint64_t one[SG_PREFIX_FIELDS_MAX];
    for (uint64_t unit = first; unit < end; unit++) {
        prefix->count(prefix->context, unit, one);
        for (uint32_t f = 0; f < prefix->fields; f++)
            sums[f] += one[f];
    }
}

enum sg_code sg_prefix_open_together(struct sg_prefix *prefix, const struct sg_team *team, uint64_t units,
                                     uint32_t fields, uint32_t block_units, sg_count_fn *count,
                                     const void *context, struct sg_error *err) {
    *prefix = (struct sg_prefix){count, context, units, fields, block_units, fields, NULL, NULL};
    enum sg_code code =
        sg_sweep_blocks(team, units, block_units, fields, add_units, prefix, &prefix->owned, err);
    prefix->sums = prefix->owned;
    return code;
}

enum sg_code sg_prefix_open(struct sg_prefix *prefix, uint64_t units, uint32_t fields, uint32_t block_units,
                            sg_count_fn *count, const void *context, struct sg_error *err) {
    return sg_prefix_open_together(prefix, NULL, units, fields, block_units, count, context, err);
}

void sg_prefix_close(struct sg_prefix *prefix) {
    free(prefix->owned);
    prefix->owned = NULL;
    prefix->sums = NULL;
}

uint64_t sg_prefix_total(const struct sg_prefix *prefix, uint32_t field) {
    uint64_t blocks = prefix->units / prefix->block_units + 1;
    return prefix->sums[blocks * prefix->stride + field];
}

void sg_prefix_before(const struct sg_prefix *prefix, uint64_t unit, uint64_t *out) {
    uint64_t block = unit / prefix->block_units, one[SG_PREFIX_FIELDS_MAX];
    memcpy(out, prefix->sums + block * prefix->stride, prefix->fields * sizeof *out);
    for (uint64_t u = block * prefix->block_units; u < unit; u++) {
        prefix->count(prefix->context, u, one);
        for (uint32_t f = 0; f < prefix->fields; f++)
            out[f] += one[f];
    }
}

uint64_t sg_prefix_find(const struct sg_prefix *prefix, uint32_t field, uint64_t at, uint64_t *before) {
    uint64_t low = 0, high = prefix->units / prefix->block_units + 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (prefix->sums[middle * prefix->stride + field] <= at)
            low = middle;
        else
            high = middle;
    }
    memcpy(before, prefix->sums + low * prefix->stride, prefix->fields * sizeof *before);
    uint64_t unit = low * prefix->block_units, one[SG_PREFIX_FIELDS_MAX];
    for (;; unit++) {
        prefix->count(prefix->context, unit, one);
        if (before[field] + one[field] > at) return unit;
        for (uint32_t f = 0; f < prefix->fields; f++)
            before[f] += one[f];
    }
}
