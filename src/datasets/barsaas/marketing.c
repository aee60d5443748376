/* Set-up of the marketing part: platform quotas, campaign durations, journeys, and which campaigns ran when.
 */
#include "datasets/barsaas/marketing.h"

#include <stdlib.h>

#include "base/calendar.h"

/* Seed order of the quota, for its ties; rows come in the order of enum bs_platform. */
enum { SEED_PLATFORMS = 4, PREFIX_BLOCK = 64, PARALLEL_CAMPAIGNS_MIN = 512 };
static const uint8_t seed_order[SEED_PLATFORMS] = {BS_GOOGLE, BS_META, BS_LINKEDIN, BS_ITERABLE};
static const uint32_t seed_shares[SEED_PLATFORMS] = {40, 30, 20, 10};

static void divide_platforms(struct sg_world *world) {
    uint64_t counts[SEED_PLATFORMS], by_platform[BS_PLATFORM_COUNT] = {0};
    sg_quota(world->sizes.campaigns, seed_shares, SEED_PLATFORMS, counts);
    for (int i = 0; i < SEED_PLATFORMS; i++)
        by_platform[seed_order[i]] = counts[i];
    for (int p = 0; p < BS_PLATFORM_COUNT; p++)
        world->marketing->platform_first[p + 1] = world->marketing->platform_first[p] + by_platform[p];
}

/* Weight of a campaign's duration: 60 to 900 days, most of them short. */
static void duration_weight(const void *context, uint64_t number, uint64_t *weight) {
    const struct sg_world *world = context;
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_CAMPAIGNS);
    int32_t exponential = sg_exponential(sg_draw(&source, number, 4, 0).w[0]);
    *weight = (uint64_t)sg_scaled(60, 250, exponential, 60, 900);
}

/* Keeps a fair sample of the campaigns of one day: the k-th that is seen replaces a kept one with chance
 * slots / k. */
static void note_running(struct bs_running_day *day, uint64_t number, uint32_t day_word) {
    uint32_t slot = day->seen++;
    if (slot >= BS_RUNNING_SLOTS) {
        uint32_t word = sg_mix32((uint32_t)number * 0x9E3779B9u ^ day_word);
        slot = sg_below(word, day->seen);
    }
    if (slot < BS_RUNNING_SLOTS) day->campaigns[slot] = (uint32_t)number;
}

static int32_t later(int32_t a, int32_t b) {
    return a > b ? a : b;
}

static int32_t sooner(int32_t a, int32_t b) {
    return a < b ? a : b;
}

/* Notes the days [first, end) of history of a platform; false when one of its campaigns lies outside the
 * history. */
static bool note_platform(const struct sg_world *world, int platform, int32_t first, int32_t end) {
    const struct bs_marketing *marketing = world->marketing;
    struct bs_running_day *days = marketing->running + (size_t)platform * BS_HISTORY_DAYS;
    uint32_t day_words[BS_HISTORY_DAYS];
    for (uint32_t d = 0; d < BS_HISTORY_DAYS; d++)
        day_words[d] = sg_mix32(d);
    for (uint64_t n = marketing->platform_first[platform]; n < marketing->platform_first[platform + 1]; n++) {
        struct bs_campaign c;
        bs_campaign_get(world, n, &c);
        int32_t begin = c.start_day - (world->run.as_of_day - BS_HISTORY_DAYS);
        if (c.days < 1 || begin < 0 || begin + c.days > BS_HISTORY_DAYS) return false;
        for (int32_t d = later(begin, first); d < sooner(begin + c.days, end); d++)
            note_running(&days[d], n, day_words[d]);
    }
    return true;
}

/* Collective in the team, which divides the days of all platforms. */
static enum sg_code note_all_running(const struct sg_world *world, struct sg_error *err) {
    const uint64_t days = (uint64_t)BS_PLATFORM_COUNT * BS_HISTORY_DAYS;
    uint64_t first, end;
    bool fit = true;
    sg_team_share(world->team, days, 1, &first, &end);
#pragma omp parallel for schedule(dynamic, 1) reduction(&& : fit) if (world->sizes.campaigns >= PARALLEL_CAMPAIGNS_MIN)
    for (int platform = BS_PLATFORM_COUNT - 1; platform >= 0; platform--) {
        int32_t before = platform * BS_HISTORY_DAYS;
        fit = note_platform(world, platform, (int32_t)first - before, (int32_t)end - before) && fit;
    }
    if (!fit) return sg_fail(err, SG_INTERNAL, "a campaign does not fit the history");
    return sg_team_gather(world->team, world->marketing->running, sizeof *world->marketing->running, days,
                          err);
}

bool bs_campaign_on(const struct sg_world *world, enum bs_platform platform, int32_t day, uint32_t word,
                    uint64_t *number) {
    int32_t history_day = day - (world->run.as_of_day - BS_HISTORY_DAYS);
    if (history_day < 0 || history_day >= BS_HISTORY_DAYS) return false;
    const struct bs_running_day *on = &world->marketing->running[platform * BS_HISTORY_DAYS + history_day];
    uint32_t kept = on->seen < BS_RUNNING_SLOTS ? on->seen : BS_RUNNING_SLOTS;
    if (kept == 0) return false;
    *number = on->campaigns[sg_below(word, kept)];
    return true;
}

static void journey_weight(const void *context, uint64_t row, uint64_t *weight) {
    *weight = bs_journey_weight(context, row);
}

static enum sg_code marketing_prepare(struct sg_world *world, struct sg_error *err) {
    struct bs_marketing *marketing = world->marketing = calloc(1, sizeof *marketing);
    if (!marketing) return sg_fail(err, SG_SYSTEM, "no memory for the marketing plan");
    marketing->running =
        sg_alloc_array((size_t)BS_PLATFORM_COUNT * BS_HISTORY_DAYS, sizeof *marketing->running);
    if (!marketing->running) return sg_fail(err, SG_SYSTEM, "no memory for the campaign calendar");
    if (world->sizes.campaigns == 0) world->sizes.campaigns = 1; /* daily rows need a campaign to belong to */
    world->sizes.rows[BS_CAMPAIGNS] = world->sizes.campaigns;
    divide_platforms(world);
    return SG_OK;
}

static enum sg_code marketing_settle(struct sg_world *world, struct sg_error *err) {
    struct bs_marketing *marketing = world->marketing;
    uint64_t campaigns = world->sizes.campaigns, leads = world->sizes.rows[BS_MARKETING_QUALIFIED_LEADS];
    SG_TRY(sg_prefix_open_together(&marketing->days, world->team, campaigns, 1, bs_block_units(campaigns),
                                   duration_weight, world, err));
    SG_TRY(sg_prefix_open_together(&marketing->touches, world->team, leads, 1, PREFIX_BLOCK, journey_weight,
                                   world, err));
    return note_all_running(world, err);
}

static void marketing_close(struct sg_world *world) {
    if (!world->marketing) return;
    sg_prefix_close(&world->marketing->days);
    sg_prefix_close(&world->marketing->touches);
    free(world->marketing->running);
    free(world->marketing);
    world->marketing = NULL;
}

const struct bs_part bs_marketing_part = {"marketing", marketing_prepare, marketing_settle, NULL,
                                          marketing_close};
