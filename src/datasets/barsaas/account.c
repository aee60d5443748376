/* The account recomputed from its number: rank, fate, counts, then its locations and subscriptions. */
#include "datasets/barsaas/core.h"

#include <stdlib.h>

#include "base/calendar.h"

enum { KEEP_LOCATIONS = 2, KEEP_USERS = 2, KEEP_DEVICES = 3 };

static const uint32_t tier_shares[BS_TIER_COUNT] = {50, 35, 15};
static const uint32_t industry_shares[BS_INDUSTRY_COUNT] = {40, 30, 20, 10};

/* Means of children per account by tier, in hundredths; they meet the seed's overall means 1.5 and 3. */
static const uint64_t location_means[BS_TIER_COUNT] = {112, 160, 253};
static const uint64_t user_means[BS_TIER_COUNT] = {235, 320, 470};

static const uint32_t location_shares[BS_TIER_COUNT][BS_LOCATIONS_MAX] = {
    {90, 8, 2, 0, 0}, {62, 23, 9, 4, 2}, {28, 27, 20, 14, 11}};
enum { USERS_MIN = 2, USER_VALUES = BS_USERS_MAX - USERS_MIN + 1 };
static const uint32_t user_shares[BS_TIER_COUNT][USER_VALUES] = {
    {74, 19, 5, 2, 0, 0, 0, 0, 0}, {38, 28, 17, 9, 4, 2, 1, 1, 0}, {14, 19, 20, 16, 12, 8, 5, 4, 2}};
enum { DEVICES_MIN = 2, DEVICE_VALUES = BS_DEVICES_MAX - DEVICES_MIN + 1 };
static const uint32_t device_shares[DEVICE_VALUES] = {38, 34, 18, 10};

struct bs_rank bs_rank_of(const struct sg_world *world, uint64_t number) {
    const struct bs_core *core = world->core;
    struct bs_rank rank = {.overall = sg_permute(&core->size, number)};
    rank.in_tier = rank.overall;
    while (rank.tier + 1 < BS_TIER_COUNT && rank.in_tier >= core->tiers[rank.tier])
        rank.in_tier -= core->tiers[rank.tier++];
    return rank;
}

/* Rank x 65536 / n at the middle of the rank's slot. */
static uint32_t percentile_q16(uint64_t rank, uint64_t n) {
    return (uint32_t)(((2 * rank + 1) << 15) / n);
}

void bs_count_unit(const struct sg_world *world, uint64_t number, struct bs_unit_counts *out) {
    const struct bs_core *core = world->core;
    out->rank = bs_rank_of(world, number);
    out->fate = bs_fate_of(world, number);
    uint8_t tier = out->rank.tier;
    out->changed = bs_changed_plan(world, number, &out->fate, tier);
    out->lost = out->fate.kind == BS_KIND_FAILED || out->fate.lost_year >= 0;
    out->subs = (uint8_t)(1 + (out->fate.kind == BS_KIND_CONVERTED) + out->changed);
    uint64_t location;
    out->locations =
        (uint8_t)bs_value_of(&core->location_plan[tier], out->rank.in_tier, KEEP_LOCATIONS, &location);
    out->users = (uint8_t)bs_value_of(&core->user_plan[tier], out->rank.in_tier, KEEP_USERS, NULL);
    out->has_main = sg_permute(&core->main, number) < core->location_types[BS_MAIN];
    out->has_admin = sg_permute(&core->admin, number) < core->roles[BS_ADMIN];
    out->devices = 0;
    for (unsigned k = 0; k < out->locations; k++) {
        out->per_location[k] = (uint8_t)bs_value_of(&core->device_plan, location + k, KEEP_DEVICES, NULL);
        out->devices = (uint8_t)(out->devices + out->per_location[k]);
    }
}

/* sg_count_fn; leaves hints */
static void prefix_count(const void *context, uint64_t unit, uint64_t *counts) {
    const struct sg_world *world = context;
    struct bs_hint *hint = bs_hint_of(world->core, unit);
    struct bs_unit_counts c;
    bs_count_unit(world, unit, &c);
    if (hint) hint->counts = c;
    counts[BS_AT_SUBS] = c.subs;
    counts[BS_AT_LOCATIONS] = c.locations;
    counts[BS_AT_MAINS] = c.has_main;
    counts[BS_AT_USERS] = c.users;
    counts[BS_AT_ADMINS] = c.has_admin;
    counts[BS_AT_DEVICES] = c.devices;
    counts[BS_AT_LIVING_DEVICES] = c.lost ? 0 : c.devices;
}

uint64_t bs_children_before(const struct sg_world *world, uint64_t unit, enum bs_account_field field) {
    uint64_t before[SG_PREFIX_FIELDS_MAX];
    sg_prefix_before(&world->core->prefix, unit, before);
    return before[field];
}

static struct sg_permutation permutation(const struct sg_world *world, uint64_t n, uint32_t name) {
    return sg_permutation(n, world->run.seed, BS_DATASET_ID, name);
}

static enum sg_code plan_counts(struct sg_world *world, struct sg_error *err) {
    struct bs_core *core = world->core;
    uint64_t weights[BS_TIER_COUNT], totals[BS_TIER_COUNT], first = 0;
    bool fits = true;
    for (unsigned t = 0; t < BS_TIER_COUNT; t++)
        weights[t] = core->tiers[t] * location_means[t];
    bs_spread(world->sizes.rows[BS_LOCATIONS], weights, core->tiers, 1, BS_LOCATIONS_MAX, BS_TIER_COUNT,
              totals);
    for (unsigned t = 0; t < BS_TIER_COUNT; t++) {
        uint64_t n = core->tiers[t];
        fits &= bs_value_plan_open(
            &core->location_plan[t], n, totals[t], 1, location_shares[t], BS_LOCATIONS_MAX,
            permutation(world, bs_mixed_count(n, KEEP_LOCATIONS), BS_PERM_LOCATION_COUNT + t));
        core->location_plan[t].first = first;
        first += totals[t];
        weights[t] = n * user_means[t];
    }
    bs_spread(world->sizes.rows[BS_USERS], weights, core->tiers, USERS_MIN, BS_USERS_MAX, BS_TIER_COUNT,
              totals);
    for (unsigned t = 0; t < BS_TIER_COUNT; t++)
        fits &= bs_value_plan_open(
            &core->user_plan[t], core->tiers[t], totals[t], USERS_MIN, user_shares[t], USER_VALUES,
            permutation(world, bs_mixed_count(core->tiers[t], KEEP_USERS), BS_PERM_USER_COUNT + t));
    uint64_t locations = world->sizes.rows[BS_LOCATIONS];
    fits &= bs_value_plan_open(
        &core->device_plan, locations, world->sizes.rows[BS_DEVICES], DEVICES_MIN, device_shares,
        DEVICE_VALUES, permutation(world, bs_mixed_count(locations, KEEP_DEVICES), BS_PERM_DEVICE_COUNT));
    if (!fits)
        return sg_fail(err, SG_INTERNAL, "locations, users or devices do not fit %zu accounts",
                       (size_t)world->accounts);
    return SG_OK;
}

uint64_t bs_users_before(const struct sg_world *world, uint64_t number) {
    return bs_children_before(world, number, BS_AT_USERS);
}

uint32_t bs_block_units(uint64_t units) {
    uint32_t block = 1;
    while (block < 64 && units / block > 262144)
        block *= 2;
    return block;
}

enum sg_code bs_account_open(struct sg_world *world, struct sg_error *err) {
    struct bs_core *core = world->core;
    const uint64_t *rows = world->sizes.rows;
    static const uint32_t types[BS_LOCATION_TYPE_COUNT] = {40, 40, 20}, roles[BS_ROLE_COUNT] = {10, 30, 60};
    SG_TRY(plan_counts(world, err));
    sg_quota(rows[BS_LOCATIONS], types, BS_LOCATION_TYPE_COUNT, core->location_types);
    sg_quota(rows[BS_USERS], roles, BS_ROLE_COUNT, core->roles);
    core->main = permutation(world, world->accounts, BS_PERM_MAIN);
    core->admin = permutation(world, world->accounts, BS_PERM_ADMIN);
    core->location_type =
        permutation(world, rows[BS_LOCATIONS] - core->location_types[BS_MAIN], BS_PERM_LOCATION_TYPE);
    core->role = permutation(world, rows[BS_USERS] - core->roles[BS_ADMIN], BS_PERM_ROLE);
    SG_TRY(bs_changes_open(world, err));
    SG_TRY(sg_prefix_open_together(&core->prefix, world->team, world->accounts, BS_AT_FIELDS,
                                   bs_block_units(world->accounts), prefix_count, world, err));
    static const uint32_t statuses[BS_DEVICE_STATUS_COUNT] = {85, 10, 5};
    uint64_t living = sg_prefix_total(&core->prefix, BS_AT_LIVING_DEVICES);
    sg_quota(living, statuses, BS_DEVICE_STATUS_COUNT, core->statuses);
    core->status = permutation(world, living, BS_PERM_STATUS);
    return SG_OK;
}

/* Employees grow with the square of the size inside the tier, +-25 %. */
static uint32_t employees(uint8_t tier, uint32_t in_tier_q16, uint32_t word) {
    static const uint32_t low[BS_TIER_COUNT] = {5, 18, 80}, high[BS_TIER_COUNT] = {45, 160, 470};
    uint64_t curve = ((uint64_t)in_tier_q16 * in_tier_q16 >> 16) / 2 + in_tier_q16 / 2;
    uint64_t mean = low[tier] + ((high[tier] - low[tier]) * curve >> 16);
    uint64_t value = mean * (uint64_t)sg_between(word, 75, 125) / 100;
    return value < 5 ? 5 : value > 500 ? 500 : (uint32_t)value;
}

/* Standing in the order of leaving, blurred: early leavers were little engaged, without giving it away. */
static uint32_t engagement(const struct bs_fate *fate, uint32_t word) {
    uint32_t noise = word >> 16;
    if (fate->kind == BS_KIND_FAILED) return noise * 2 / 5;
    return (2 * fate->standing_q16 + noise) / 3;
}

int64_t bs_annual_revenue(const struct sg_world *world, uint64_t number, uint8_t industry,
                          uint32_t employees) {
    static const int32_t low[BS_INDUSTRY_COUNT] = {52000, 58000, 70000, 60000};
    static const int32_t high[BS_INDUSTRY_COUNT] = {84000, 96000, 118000, 110000};
    uint32_t word = sg_draw(&world->core->accounts, number, BS_STREAM_PROFILE, 0).w[3];
    return (int64_t)employees * sg_between(word, low[industry], high[industry]) / 1000 * 1000;
}

static void fill_counts(const struct sg_world *world, const struct bs_unit_counts *c, const uint64_t *before,
                        struct bs_account *account) {
    account->sub_count = c->subs;
    account->sub_first = before[BS_AT_SUBS];
    account->location_count = c->locations;
    account->location_first = before[BS_AT_LOCATIONS];
    account->device_count = c->devices;
    account->device_first = before[BS_AT_DEVICES];
    account->living_device_first = before[BS_AT_LIVING_DEVICES];
    account->user_count = c->users;
    account->user_first = before[BS_AT_USERS];
    account->admin_count = c->has_admin;
    account->member_first = before[BS_AT_USERS] - before[BS_AT_ADMINS];
    bs_locations_fill(world, before[BS_AT_MAINS], c->has_main, c->per_location, account);
}

/* What an account has by itself: found in the hints while the world opens, else made. */
static void learn(const struct sg_world *world, uint64_t number, struct bs_hint *out) {
    const struct bs_hint *hint = world->core->hints_complete ? bs_hint_of(world->core, number) : NULL;
    if (hint) {
        *out = *hint;
        return;
    }
    bs_count_unit(world, number, &out->counts);
    bs_subscription_hint(world, number, out);
}

void bs_account_get(const struct sg_world *world, uint64_t number, struct bs_account *account) {
    const struct bs_core *core = world->core;
    struct bs_hint own;
    const struct bs_unit_counts *c = &own.counts;
    uint64_t before[SG_PREFIX_FIELDS_MAX];
    learn(world, number, &own);
    sg_prefix_before(&core->prefix, number, before);
    struct sg_block profile = sg_draw(&core->accounts, number, BS_STREAM_PROFILE, 0);
    uint32_t in_tier_q16 = percentile_q16(c->rank.in_tier, core->tiers[c->rank.tier]);
    account->number = number;
    account->tier = c->rank.tier;
    account->industry =
        (uint8_t)sg_quota_class(sg_permute(&core->industry, number), core->industries, BS_INDUSTRY_COUNT);
    account->lost = c->lost;
    account->failed_trial = c->fate.kind == BS_KIND_FAILED;
    account->created = own.created;
    account->size_q16 = percentile_q16(c->rank.overall, world->accounts);
    account->employees = employees(c->rank.tier, in_tier_q16, profile.w[0]);
    account->engagement_q16 = engagement(&c->fate, profile.w[2]);
    account->end = own.times.end[own.times.count - 1];
    fill_counts(world, c, before, account);
    bs_subscriptions_fill(world, &own.times, in_tier_q16, account);
    account->mrr_cents = account->subs[account->sub_count - 1].mrr_cents;
}

void bs_quotas_open(struct sg_world *world) {
    struct bs_core *core = world->core;
    sg_quota(world->accounts, tier_shares, BS_TIER_COUNT, core->tiers);
    sg_quota(world->accounts, industry_shares, BS_INDUSTRY_COUNT, core->industries);
    core->size = permutation(world, world->accounts, BS_PERM_SIZE);
    core->industry = permutation(world, world->accounts, BS_PERM_INDUSTRY);
}
