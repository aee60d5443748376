/* Growth and fate: when accounts are created, who tries, converts, changes plan and leaves.
 *
 * Exact by construction: accounts up to each anniversary, 70 % of ended trials converted, and each year's
 * losses = 10 % of the accounts that were paying when the year began. */
#include "datasets/barsaas/core.h"

#include "base/calendar.h"

enum { TRIAL_SHARE_PER_MILLE = 200, RECENT_TRIAL_PERCENT = 30, RECENT_PENDING_PERCENT = 10 };

/* Accounts created per year of a company growing by 40 % (7/5) a year: A_k = N / 1.4^(4 - k). */
static const uint32_t cohort_shares[BS_COHORTS] = {625, 250, 350, 490, 686};

static uint32_t root(uint64_t square) {
    uint64_t low = 0, high = (uint64_t)1 << 32;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (middle * middle <= square)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* Inverse of F(x) = (linear x + square x^2) / (linear + square) on [0, 1] as knots: which part of the year
 * has passed when share F of its accounts exist. */
static void fill_growth(uint32_t *knots, int32_t linear, int32_t square) {
    for (int k = 0; k < BS_GROWTH_KNOTS; k++) {
        int64_t share = ((int64_t)k << 28) / (BS_GROWTH_KNOTS - 1);
        int64_t inner = ((int64_t)linear * linear << 28) + 4 * square * (linear + square) * share;
        int64_t x = ((int64_t)root((uint64_t)inner << 28) - ((int64_t)linear << 28)) / (2 * square);
        x = x < 0 ? 0 : x << 4;
        knots[k] = x > UINT32_MAX ? UINT32_MAX : (uint32_t)x;
    }
}

static uint32_t through_year(const uint32_t *knots, uint32_t share) {
    uint32_t k = share >> 24, rest = share & 0xFFFFFF;
    return knots[k] + (uint32_t)((uint64_t)(knots[k + 1] - knots[k]) * rest >> 24);
}

int64_t bs_created_of(const struct sg_world *world, uint64_t number, unsigned cohort) {
    const struct bs_core *core = world->core;
    uint64_t first = core->cohort_first[cohort];
    uint64_t count = (cohort + 1 < BS_COHORTS ? core->cohort_first[cohort + 1] : world->accounts) - first;
    uint32_t jitter = sg_draw(&core->accounts, number, BS_STREAM_CREATED, 0).w[0];
    uint32_t share = (uint32_t)(((number - first) << 32 | jitter) / count);
    uint32_t part = through_year(cohort == 0 ? core->launch : core->growth, share);
    /* The last day stays free, so that children of the newest account have room before as_of. */
    int32_t day_from = sg_day_of(core->anniversary[cohort]);
    int32_t day_to = sg_day_of(core->anniversary[cohort + 1]) - (cohort + 1 == BS_COHORTS);
    int64_t from = bs_business_at(day_from), to = bs_business_at(day_to);
    return bs_business_instant(from + ((to - from) * (int64_t)part >> 32));
}

static unsigned cohort_of(const struct bs_core *core, uint64_t number) {
    unsigned cohort = 0;
    while (cohort + 1 < BS_COHORTS && number >= core->cohort_first[cohort + 1])
        cohort++;
    return cohort;
}

/* First account of a cohort that was created in the zone before the next anniversary. */
static uint64_t zone_first(const struct sg_world *world, unsigned cohort, uint64_t low, uint64_t high) {
    int64_t edge = world->core->anniversary[cohort + 1] - (int64_t)BS_ZONE_DAYS * SG_DAY_S;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (bs_created_of(world, middle, cohort) >= edge)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void open_groups(struct sg_world *world) {
    struct bs_core *core = world->core;
    for (unsigned c = 0; c < BS_COHORTS; c++) {
        uint64_t first = core->cohort_first[c];
        uint64_t end = core->cohort_first[c + 1];
        uint64_t zone = zone_first(world, c, first, end);
        core->groups[2 * c].first = first;
        core->groups[2 * c].count = zone - first;
        core->groups[2 * c + 1].first = zone;
        core->groups[2 * c + 1].count = end - zone;
    }
    for (unsigned g = 0; g < BS_GROUPS; g++)
        core->groups[g].order =
            sg_permutation(core->groups[g].count, world->run.seed, BS_DATASET_ID, BS_PERM_GROUP + g);
}

/* Ended trials are spread over all groups but the newest, which holds the current ones. */
static void open_trials(struct sg_world *world) {
    struct bs_core *core = world->core;
    uint64_t counts[BS_GROUPS], trials[BS_GROUPS], converted[BS_GROUPS], room = 0;
    for (unsigned g = 0; g < BS_GROUPS; g++) {
        counts[g] = g + 1 < BS_GROUPS ? core->groups[g].count : 0;
        room += counts[g];
    }
    uint64_t total = sg_muldiv_round(world->accounts, TRIAL_SHARE_PER_MILLE, 1000);
    uint64_t extra_rows = world->sizes.rows[BS_SUBSCRIPTIONS] - world->accounts;
    if (total > room) total = room;
    static const uint32_t shares[2] = {7, 3};
    uint64_t ended[2];
    sg_quota(total, shares, 2, ended);
    if (ended[0] > extra_rows) ended[0] = extra_rows;
    total = ended[0] + ended[1];
    core->trials_converted = ended[0];
    core->trials_failed = ended[1];
    bs_spread(total, counts, counts, 0, 1, BS_GROUPS, trials);
    bs_spread(ended[0], trials, trials, 0, 1, BS_GROUPS, converted);
    for (unsigned g = 0; g + 1 < BS_GROUPS; g++) {
        struct bs_group *group = &core->groups[g];
        group->kinds[BS_KIND_CONVERTED] = converted[g];
        group->kinds[BS_KIND_FAILED] = trials[g] - converted[g];
        group->kinds[BS_KIND_DIRECT] = group->count - trials[g];
    }
    struct bs_group *recent = &core->groups[BS_GROUPS - 1];
    recent->kinds[BS_KIND_TRIAL] = sg_muldiv_round(recent->count, RECENT_TRIAL_PERCENT, 100);
    recent->kinds[BS_KIND_PENDING] = sg_muldiv_round(recent->count, RECENT_PENDING_PERCENT, 100);
    recent->kinds[BS_KIND_DIRECT] =
        recent->count - recent->kinds[BS_KIND_TRIAL] - recent->kinds[BS_KIND_PENDING];
}

/* Year (counted from the first anniversary) at whose start a class of accounts is paying for the first time.
 */
static unsigned first_paying_year(unsigned group, unsigned kind) {
    return group / 2 + (group % 2 && kind == BS_KIND_CONVERTED);
}

static uint64_t staying(const struct bs_group *group, unsigned kind, unsigned year) {
    uint64_t left = group->kinds[kind];
    for (unsigned y = 0; y < year; y++)
        left -= group->lost[kind][y];
    return left;
}

static void open_churn(struct sg_world *world) {
    struct bs_core *core = world->core;
    static const uint8_t kinds[2] = {BS_KIND_CONVERTED, BS_KIND_DIRECT};
    for (unsigned year = 0; year < BS_CHURN_YEARS; year++) {
        uint32_t payers[2 * BS_GROUPS];
        uint64_t losses[2 * BS_GROUPS], total = 0;
        for (unsigned i = 0; i < 2 * BS_GROUPS; i++) {
            bool there = first_paying_year(i / 2, kinds[i % 2]) <= year;
            payers[i] = there ? (uint32_t)staying(&core->groups[i / 2], kinds[i % 2], year) : 0;
            total += payers[i];
        }
        core->churn_start[year] = total;
        core->churn_lost[year] = sg_muldiv_round(total, 1, 10);
        if (total == 0) continue;
        sg_quota(core->churn_lost[year], payers, 2 * BS_GROUPS, losses);
        for (unsigned i = 0; i < 2 * BS_GROUPS; i++)
            core->groups[i / 2].lost[kinds[i % 2]][year] = losses[i];
    }
}

void bs_lifecycle_open(struct sg_world *world) {
    struct bs_core *core = world->core;
    uint64_t cohorts[BS_COHORTS];
    for (int k = 0; k <= BS_COHORTS; k++)
        core->anniversary[k] =
            (int64_t)sg_add_months(world->run.as_of_day, -12 * (BS_COHORTS - k)) * SG_DAY_S;
    sg_quota(world->accounts, cohort_shares, BS_COHORTS, cohorts);
    for (int k = 0; k < BS_COHORTS; k++)
        core->cohort_first[k + 1] = core->cohort_first[k] + cohorts[k];
    fill_growth(core->launch, 3, -1);
    fill_growth(core->growth, 5, 1);
    open_groups(world);
    open_trials(world);
    open_churn(world);
}

struct bs_fate bs_fate_of(const struct sg_world *world, uint64_t number) {
    const struct bs_core *core = world->core;
    unsigned cohort = cohort_of(core, number);
    unsigned g = 2 * cohort + (number >= core->groups[2 * cohort + 1].first);
    const struct bs_group *group = &core->groups[g];
    uint64_t position = sg_permute(&group->order, number - group->first);
    unsigned kind = (unsigned)sg_quota_class(position, group->kinds, BS_KINDS);
    for (unsigned k = 0; k < kind; k++)
        position -= group->kinds[k];
    struct bs_fate fate = {.cohort = (uint8_t)cohort, .zone = g % 2, .kind = (uint8_t)kind, .lost_year = -1};
    fate.standing_q16 = (uint32_t)(((2 * position + 1) << 15) / group->kinds[kind]);
    uint64_t at = position;
    for (int year = 0; year < BS_CHURN_YEARS; year++) {
        if (at < group->lost[kind][year]) {
            fate.lost_year = (int8_t)year;
            break;
        }
        at -= group->lost[kind][year];
    }
    return fate;
}

/* Weight of a plan change: larger plans were grown into, older accounts had more time to. 0 = impossible. */
static uint64_t change_weight(const struct bs_core *core, const struct bs_fate *fate, uint8_t tier) {
    static const uint8_t by_tier[BS_TIER_COUNT] = {2, 9, 12};
    if (fate->kind != BS_KIND_CONVERTED && fate->kind != BS_KIND_DIRECT) return 0;
    if (fate->zone && (!core->change_in_zone || fate->cohort + 1 == BS_COHORTS)) return 0;
    return (uint64_t)by_tier[tier] * (unsigned)(BS_COHORTS + 1 - fate->cohort);
}

static bool change_chosen(const struct sg_world *world, uint64_t number, uint64_t weight) {
    if (weight == 0) return false;
    uint32_t word = sg_draw(&world->core->accounts, number, BS_STREAM_CHANGE, 0).w[0];
    return word < world->core->change_scale * weight;
}

bool bs_changed_plan(const struct sg_world *world, uint64_t number, const struct bs_fate *fate,
                     uint8_t tier) {
    return number < world->core->change_end &&
           change_chosen(world, number, change_weight(world->core, fate, tier));
}

static uint64_t change_weight_of(const struct sg_world *world, uint64_t number) {
    struct bs_fate fate = bs_fate_of(world, number);
    return change_weight(world->core, &fate, bs_rank_of(world, number).tier);
}

/* sg_add_fn; leaves hints */
static void add_change_weights(const void *context, uint64_t first, uint64_t end, uint64_t *sum) {
    const struct sg_world *world = context;
    for (uint64_t i = first; i < end; i++) {
        uint64_t weight = change_weight_of(world, i);
        struct bs_hint *hint = bs_hint_of(world->core, i);
        if (hint) hint->change_weight = (uint8_t)weight;
        *sum += weight;
    }
}

/* sg_count_fn */
static void count_chosen(const void *context, uint64_t number, uint64_t *count) {
    const struct sg_world *world = context;
    const struct bs_hint *hint = bs_hint_of(world->core, number);
    *count = change_chosen(world, number, hint ? hint->change_weight : change_weight_of(world, number));
}

/* Sets change_end behind the `wanted`-th chosen account; *found is how many there are, at most `wanted`. */
static enum sg_code cut_changes(struct sg_world *world, uint64_t wanted, uint64_t *found,
                                struct sg_error *err) {
    struct sg_prefix chosen;
    SG_TRY(sg_prefix_open_together(&chosen, world->team, world->accounts, 1, bs_block_units(world->accounts),
                                   count_chosen, world, err));
    *found = sg_prefix_total(&chosen, 0);
    world->core->change_end = world->accounts;
    if (*found >= wanted) {
        uint64_t before;
        world->core->change_end = sg_prefix_find(&chosen, 0, wanted - 1, &before) + 1;
        *found = wanted;
    }
    sg_prefix_close(&chosen);
    return SG_OK;
}

enum sg_code bs_changes_open(struct sg_world *world, struct sg_error *err) {
    struct bs_core *core = world->core;
    uint64_t wanted = world->sizes.rows[BS_SUBSCRIPTIONS] - world->accounts - core->trials_converted;
    if (wanted == 0) return SG_OK;
    uint64_t found = 0;
    for (int zone = 0; zone < 2 && found < wanted; zone++) {
        core->change_in_zone = zone;
        uint64_t weights;
        SG_TRY(sg_sweep_total(world->team, world->accounts, bs_block_units(world->accounts), 1,
                              add_change_weights, world, &weights, err));
        if (weights == 0) continue;
        core->change_scale = sg_muldiv(wanted + wanted / 20 + 1, (uint64_t)1 << 32, weights) + 1;
        SG_TRY(cut_changes(world, wanted, &found, err));
        while (found < wanted && core->change_scale <= UINT32_MAX) {
            core->change_scale += core->change_scale / 8 + 1;
            SG_TRY(cut_changes(world, wanted, &found, err));
        }
    }
    world->sizes.rows[BS_SUBSCRIPTIONS] -= wanted - found;
    world->sizes.rows[BS_STRIPE_SUBSCRIPTIONS] = world->sizes.rows[BS_SUBSCRIPTIONS];
    return SG_OK;
}
