/* How many children each unit has: values with an exact total that rise with the unit's rank, loosely.
 *
 * The value of a rank is closed form: counts[v] units take value low + v, lowest ranks first. To keep the
 * relation loose, only every keep_every-th rank stays where it is and the others are permuted. */
#include "datasets/barsaas/core.h"

#include <string.h>

void bs_spread(uint64_t total, const uint64_t *weights, const uint64_t *items, uint32_t low, uint32_t high,
               size_t classes, uint64_t *out) {
    uint64_t weight_all = 0, before = 0, given = 0;
    for (size_t i = 0; i < classes; i++)
        weight_all += weights[i];
    for (size_t i = 0; i < classes; i++) {
        uint64_t from = sg_share(total, before, weight_all);
        before += weights[i];
        out[i] = sg_share(total, before, weight_all) - from;
        if (out[i] < items[i] * low) out[i] = items[i] * low;
        if (out[i] > items[i] * high) out[i] = items[i] * high;
        given += out[i];
    }
    for (size_t i = classes; i-- > 0 && given != total;) {
        uint64_t room = given < total ? items[i] * high - out[i] : out[i] - items[i] * low;
        uint64_t missing = given < total ? total - given : given - total;
        uint64_t move = room < missing ? room : missing;
        out[i] = given < total ? out[i] + move : out[i] - move;
        given = given < total ? given + move : given - move;
    }
}

uint64_t bs_mixed_count(uint64_t items, uint32_t keep_every) {
    return items - (items + keep_every - 1) / keep_every;
}

bool bs_value_plan_open(struct bs_value_plan *plan, uint64_t items, uint64_t target, uint32_t low,
                        const uint32_t *shares, uint32_t values, struct sg_permutation mix) {
    *plan = (struct bs_value_plan){.items = items, .low = low, .values = values, .mix = mix};
    return sg_quota_values(items, target, low, shares, values, plan->counts);
}

static uint64_t mixed(const struct bs_value_plan *plan, uint64_t rank, uint32_t keep_every) {
    if (rank % keep_every == 0) return rank;
    uint64_t moved = sg_permute(&plan->mix, rank - rank / keep_every - 1);
    return moved + moved / (keep_every - 1) + 1;
}

uint32_t bs_value_of(const struct bs_value_plan *plan, uint64_t rank, uint32_t keep_every, uint64_t *before) {
    uint64_t at = mixed(plan, rank, keep_every), sum = plan->first;
    uint32_t v = 0;
    while (v + 1 < plan->values && at >= plan->counts[v]) {
        at -= plan->counts[v];
        sum += plan->counts[v] * (plan->low + v);
        v++;
    }
    if (before) *before = sum + at * (plan->low + v);
    return plan->low + v;
}
