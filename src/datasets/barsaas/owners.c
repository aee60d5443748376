/* Our own people in the CRM: when they were hired, when some left, and who works on a given day.
 *
 * Rows are in order of hiring: a core team before history begins, the rest as business grows. Person 0 sells,
 * person 3 supports, and both stay, so that there is always somebody. */
#include <stdlib.h>

#include "base/calendar.h"
#include "datasets/barsaas/crm.h"
#include "datasets/barsaas/growth.h"

enum { CORE_PERCENT = 40, LEAVER_PERCENT = 15, SUPPORT_EVERY = 4 };

static void hire(const struct sg_world *world, uint32_t k, struct bs_owner *owner) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_HUBSPOT_OWNERS);
    struct sg_block b = sg_draw(&source, k, 1, 0);
    uint32_t count = world->crm->owner_count, core = count * CORE_PERCENT / 100;
    owner->support = k % SUPPORT_EVERY == SUPPORT_EVERY - 1;
    if (k < core) {
        int64_t years = (int64_t)2 * 365 * SG_DAY_S;
        owner->created =
            bs_history_start(world) - SG_DAY_S - (int64_t)sg_muldiv((uint64_t)years, core - k, core);
    } else {
        uint64_t slot = ((uint64_t)1 << 32) / (count - core);
        owner->created = bs_growth_instant(world, (uint32_t)(slot * (k - core) + slot / 2));
    }
    owner->created = bs_office_time(owner->created);
    if (owner->created >= world->as_of) owner->created = world->as_of - 1;
    owner->left = INT64_MAX;
    if (k < SUPPORT_EVERY || sg_below(b.w[0], 100) >= LEAVER_PERCENT) return;
    int64_t left = owner->created + sg_between(b.w[1], 300, 1500) * (int64_t)SG_DAY_S;
    if (left > bs_history_start(world) && left < world->as_of) owner->left = left;
}

enum sg_code bs_owners_open(struct sg_world *world, struct sg_error *err) {
    struct bs_crm *crm = world->crm;
    crm->owner_count = (uint32_t)world->sizes.rows[BS_HUBSPOT_OWNERS];
    crm->owners = sg_alloc_array(crm->owner_count, sizeof *crm->owners);
    if (!crm->owners) return sg_fail(err, SG_SYSTEM, "no memory for the list of owners");
    for (uint32_t k = 0; k < crm->owner_count; k++)
        hire(world, k, &crm->owners[k]);
    return SG_OK;
}

static uint32_t hired_by(const struct bs_crm *crm, int64_t instant) {
    uint32_t low = 0, high = crm->owner_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (crm->owners[middle].created <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The earlier hired carry more. */
uint32_t bs_owner_at(const struct sg_world *world, int64_t instant, bool support, uint32_t word) {
    const struct bs_crm *crm = world->crm;
    uint32_t hired = hired_by(crm, instant);
    uint32_t skewed = (uint32_t)(((uint64_t)word * (0x80000000u + (word >> 1))) >> 32);
    uint32_t k = sg_below(skewed, hired);
    for (uint32_t tries = 0; tries < hired; tries++, k = k + 1 < hired ? k + 1 : 0)
        if (crm->owners[k].support == support && crm->owners[k].left > instant) return k;
    return support ? SUPPORT_EVERY - 1 : 0;
}
