/* Campaigns recomputed from their number: identity, dates and totals. */
#include "base/calendar.h"
#include "datasets/barsaas/growth.h"
#include "datasets/barsaas/marketing.h"

static const char *const platform_names[] = {"iterable", "linkedin", "google", "meta"};
const struct sg_enum bs_platform_labels = {"platform", platform_names, BS_PLATFORM_COUNT};

/* Ids start at `first` and stay below first + range. */
struct id_range {
    int64_t first, range;
};

static const struct id_range id_ranges[BS_PLATFORM_COUNT] = {
    [BS_ITERABLE] = {1000000, 9000000},
    [BS_LINKEDIN] = {600000000, 300000000},
    [BS_GOOGLE] = {10000000000, 12000000000},
    [BS_META] = {23842000000000000, 990000000000000},
};

/* What a kind of campaign costs and brings: dollars a day at mean business volume, cost of a click in
 * hundredths of a cent, clicks per million impressions, conversions per million clicks. */
struct profile {
    uint8_t platform;
    uint8_t weight; /* share within the platform */
    int32_t day_dollars[2];
    int32_t click_cost[2];
    int32_t click_rate[2];
    int32_t conversion_rate[2];
};

static const struct profile profiles[BS_CAMPAIGN_TYPE_COUNT] = {
    [BS_TYPE_BLAST] = {BS_ITERABLE, 55, {12, 40}, {600, 1500}, {14000, 32000}, {8000, 25000}},
    [BS_TYPE_TRIGGERED] = {BS_ITERABLE, 45, {8, 25}, {400, 1000}, {30000, 65000}, {15000, 40000}},
    [BS_TYPE_SPONSORED_UPDATES] = {BS_LINKEDIN, 70, {70, 320}, {50000, 110000}, {3800, 6800}, {25000, 60000}},
    [BS_TYPE_SPONSORED_INMAILS] =
        {BS_LINKEDIN, 18, {60, 200}, {40000, 80000}, {22000, 40000}, {30000, 70000}},
    [BS_TYPE_TEXT_AD] = {BS_LINKEDIN, 12, {30, 90}, {30000, 60000}, {1500, 3000}, {10000, 30000}},
    [BS_TYPE_SEARCH] = {BS_GOOGLE, 62, {70, 400}, {22000, 52000}, {38000, 78000}, {35000, 80000}},
    [BS_TYPE_PERFORMANCE_MAX] = {BS_GOOGLE, 18, {80, 350}, {12000, 30000}, {11000, 24000}, {15000, 45000}},
    [BS_TYPE_DISPLAY] = {BS_GOOGLE, 12, {40, 150}, {5000, 12000}, {4000, 8000}, {4000, 10000}},
    [BS_TYPE_VIDEO] = {BS_GOOGLE, 8, {40, 180}, {6000, 15000}, {4500, 9000}, {3000, 9000}},
    [BS_TYPE_AUCTION] = {BS_META, 90, {40, 260}, {6000, 19000}, {8000, 19000}, {12000, 45000}},
    [BS_TYPE_RESERVED] = {BS_META, 10, {80, 300}, {9000, 22000}, {6000, 12000}, {6000, 20000}},
};

static uint8_t platform_of(const struct bs_marketing *marketing, uint64_t number) {
    uint8_t platform = 0;
    while (number >= marketing->platform_first[platform + 1])
        platform++;
    return platform;
}

static struct sg_source campaign_source(const struct sg_world *world) {
    return sg_source(world->run.seed, BS_DATASET_ID, BS_CAMPAIGNS);
}

static int64_t id_of(const struct bs_marketing *marketing, uint64_t number, uint32_t word) {
    uint8_t platform = platform_of(marketing, number);
    uint64_t first = marketing->platform_first[platform];
    uint64_t stride = (uint64_t)id_ranges[platform].range / (marketing->platform_first[platform + 1] - first);
    return id_ranges[platform].first +
           (int64_t)((number - first) * stride + sg_muldiv(stride, word, (uint64_t)1 << 32));
}

int64_t bs_campaign_id(const struct sg_world *world, uint64_t number) {
    struct sg_source source = campaign_source(world);
    return id_of(world->marketing, number, sg_draw(&source, number, 1, 0).w[0]);
}

static uint8_t type_of(uint8_t platform, uint32_t word) {
    uint32_t at = sg_below(word, 100);
    uint8_t type = 0;
    while (profiles[type].platform != platform || at >= profiles[type].weight) {
        if (profiles[type].platform == platform) at -= profiles[type].weight;
        type++;
    }
    return type;
}

uint64_t bs_performance_before(const struct sg_world *world, uint64_t campaign) {
    const struct sg_prefix *days = &world->marketing->days;
    uint64_t before;
    sg_prefix_before(days, campaign, &before);
    return sg_share(world->sizes.rows[BS_CAMPAIGN_PERFORMANCE], before, sg_prefix_total(days, 0));
}

/* Start and end within history: a few begin with it, a fifth still run, the others lie anywhere between. */
static void place(const struct sg_world *world, struct bs_campaign *c, uint32_t word, uint32_t plan_word) {
    int32_t spare = BS_HISTORY_DAYS - c->days;
    int32_t kind = (int32_t)sg_below(word, 100);
    uint32_t fine = word * 2654435761u;
    int32_t start = spare;
    if (kind < 14)
        start = sg_between(fine, 0, spare < 30 ? spare : 30);
    else if (kind < 80)
        start = sg_between(fine, 0, spare);
    c->running = start == spare;
    c->start_day = world->run.as_of_day - BS_HISTORY_DAYS + start;
    c->end_day = c->start_day + c->days - 1 + (c->running ? sg_between(plan_word, 14, 200) : 0);
}

static int64_t draw_between(uint32_t word, const int32_t range[2]) {
    return sg_between(word, range[0], range[1]);
}

/* Money follows the growth of the days it is spent on; clicks, impressions and conversions follow the money.
 */
static void spend(const struct sg_world *world, struct bs_campaign *c, const struct sg_block *b) {
    const struct profile *p = &profiles[c->type];
    int32_t start = c->start_day - (world->run.as_of_day - BS_HISTORY_DAYS);
    uint64_t volume = bs_growth_before(start + c->days) - bs_growth_before(start);
    uint32_t peak = bs_growth_rate(start), last = bs_growth_rate(start + c->days - 1);
    if (last > peak) peak = last;
    int64_t day_cents = draw_between(b->w[0], p->day_dollars) * 100;
    int64_t used_per_mille = 860 + sg_below(b->w[0] * 2654435761u, 140);
    c->spend_cents = day_cents * (int64_t)volume / 2000 * used_per_mille / 1000;
    c->daily_budget_cents = (day_cents * peak / 2000 * 115 / 100 + 499) / 500 * 500;
    c->clicks = c->spend_cents * 100 / draw_between(b->w[1], p->click_cost);
    c->impressions = c->clicks * 1000000 / draw_between(b->w[2], p->click_rate);
    c->conversions = c->clicks * draw_between(b->w[3], p->conversion_rate) / 1000000;
}

void bs_campaign_get(const struct sg_world *world, uint64_t number, struct bs_campaign *c) {
    const struct bs_marketing *marketing = world->marketing;
    struct sg_source source = campaign_source(world);
    struct sg_block identity = sg_draw(&source, number, 1, 0), money = sg_draw(&source, number, 2, 0);
    uint64_t rows = world->sizes.rows[BS_CAMPAIGN_PERFORMANCE];
    uint64_t before, weight, total = sg_prefix_total(&marketing->days, 0);
    sg_prefix_before(&marketing->days, number, &before);
    marketing->days.count(marketing->days.context, number, &weight);
    *c = (struct bs_campaign){.number = number, .platform = platform_of(marketing, number)};
    c->id = id_of(marketing, number, identity.w[0]);
    c->type = type_of(c->platform, identity.w[3]);
    c->performance_first = sg_share(rows, before, total);
    c->days = (int32_t)(sg_share(rows, before + weight, total) - c->performance_first);
    place(world, c, identity.w[2], identity.w[1]);
    spend(world, c, &money);
}
