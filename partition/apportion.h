/* Exact integer apportionment: how totals are divided so that every count is exact and closed-form.
 *
 * Three tools: quotas by largest remainder (few classes), cumulative rounding (many units with weights), and
 * prefix sums at block granularity (which unit a row belongs to, in O(block) time and O(units / block)
 * memory).
 */
#ifndef SG_PARTITION_APPORTION_H
#define SG_PARTITION_APPORTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/checked.h"
#include "base/status.h"
#include "partition/sweep.h"

/* Pure. counts[i] = total * shares[i] / sum(shares) by largest remainder, ties to the earlier; they sum to
 * total. classes <= 64, sum(shares) > 0. */
void sg_quota(uint64_t total, const uint32_t *shares, size_t classes, uint64_t *counts);

/* Pure. Class of item `index` of [0, total) when the first counts[0] items are class 0, and so on. Shuffle
 * the index with a permutation first to spread classes. */
size_t sg_quota_class(uint64_t index, const uint64_t *counts, size_t classes);

/* How many of `items` units take each small value low, low + 1, ..., low + values - 1.
 *
 * Starts from the largest-remainder quota of `shares`, then moves units between neighbouring values until the
 * values sum to `target` exactly. False when target lies outside [items * low, items * (low + values - 1)].
 * Pure. counts[v] receives the number of units with value low + v. values <= 64. */
bool sg_quota_values(uint64_t items, uint64_t target, uint32_t low, const uint32_t *shares, size_t values,
                     uint64_t *counts);

/* Pure. Share of `total` that belongs to cumulative weight [0, before) of `weight_total`: floor(total *
 * before / weight_total); 0 when weight_total is 0. The count of a unit is the difference of two neighbours,
 * and the counts of all units sum to total. */
static inline uint64_t sg_share(uint64_t total, uint64_t before, uint64_t weight_total) {
    return weight_total ? sg_muldiv(total, before, weight_total) : 0;
}

enum { SG_PREFIX_FIELDS_MAX = 32 };

/* Writes the `fields` counts or weights of one unit. Pure, thread-safe. */
typedef void sg_count_fn(const void *context, uint64_t unit, uint64_t *counts);

/* Prefix sums of several fields over units, stored once a block. */
struct sg_prefix {
    sg_count_fn *count;
    const void *context;
    uint64_t units;
    uint32_t fields;
    uint32_t block_units;
    uint32_t stride;      /* values from row to row of sums, >= fields */
    const uint64_t *sums; /* units / block_units + 1 rows, then the totals */
    uint64_t *owned;      /* sums that sg_prefix_close frees */
};

/* Builds prefix sums by calling count once per unit, from several OpenMP threads. block_units is 64 unless
 * units are costly. Free with sg_prefix_close even after failure. The context must outlive the prefix. */
enum sg_code sg_prefix_open(struct sg_prefix *prefix, uint64_t units, uint32_t fields, uint32_t block_units,
                            sg_count_fn *count, const void *context, struct sg_error *err);
/* Collective in the team, which divides the units. */
enum sg_code sg_prefix_open_together(struct sg_prefix *prefix, const struct sg_team *team, uint64_t units,
                                     uint32_t fields, uint32_t block_units, sg_count_fn *count,
                                     const void *context, struct sg_error *err);
void sg_prefix_close(struct sg_prefix *prefix);

/* Pure. out[f] = sum over units [0, unit) of field f, unit <= units. */
void sg_prefix_before(const struct sg_prefix *prefix, uint64_t unit, uint64_t *out);

/* Pure. Total of one field. */
uint64_t sg_prefix_total(const struct sg_prefix *prefix, uint32_t field);

/* Pure. The unit in whose range of `field` the value `at` lies, at < total; before (fields values) receives
 * the sums before that unit. */
uint64_t sg_prefix_find(const struct sg_prefix *prefix, uint32_t field, uint64_t at, uint64_t *before);

#endif
