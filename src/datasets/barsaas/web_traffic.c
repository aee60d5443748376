/* Day weights follow the yearly growth of accounts (x 1.4), the business week and the seasons of the trade;
 * channels and landing pages are dealt by largest remainder over 256 slots. */
#include "datasets/barsaas/web_traffic.h"

#include "base/calendar.h"

enum { STREAM_DAY_NOISE = 200, SLOTS = 256, NEW_A_BLOCK = 5, BLOCK_ROWS = 8 };

enum source { GOOGLE, BING, DIRECT, FACEBOOK, INSTAGRAM, LINKEDIN, NEWSLETTER, PARTNERS, CAPTERRA, SOURCES };
static const char *const sources[SOURCES] = {"google",    "bing",     "(direct)",   "facebook",
                                             "instagram", "linkedin", "newsletter", "pos-partner.example",
                                             "capterra"};
const struct sg_enum bs_source_enum = {"web_source", sources, SOURCES};

enum medium { ORGANIC, CPC, NONE, PAID_SOCIAL, SOCIAL, EMAIL, REFERRAL, MEDIUMS };
static const char *const mediums[MEDIUMS] = {"organic", "cpc",   "(none)",  "paid_social",
                                             "social",  "email", "referral"};
const struct sg_enum bs_medium_enum = {"web_medium", mediums, MEDIUMS};

enum web_campaign {
    BRAND,
    POUR_COST,
    DRAFT_SAVINGS,
    COMPETITOR,
    TRIAL,
    RETARGET,
    LOOKALIKE,
    OWNERS,
    DIGEST,
    WEBINAR,
    ONBOARD,
    WEB_CAMPAIGNS
};
static const char *const web_campaigns[WEB_CAMPAIGNS] = {
    "brand_search",   "pour_cost",        "draft_savings",   "competitor_terms",
    "free_trial",     "site_retargeting", "lookalike",       "owners_operators",
    "monthly_digest", "webinar_series",   "trial_onboarding"};
const struct sg_enum bs_web_campaign_enum = {"web_campaign", web_campaigns, WEB_CAMPAIGNS};

enum landing_profile { BROWSE, SEARCH, KNOWN, PAID, STORY };

#define NO_CAMPAIGNS                                                                                         \
    { BS_NO_CAMPAIGN, BS_NO_CAMPAIGN, BS_NO_CAMPAIGN, BS_NO_CAMPAIGN }
const struct bs_channel bs_channels[BS_CHANNEL_COUNT] = {
    {GOOGLE, ORGANIC, 86, 52, SEARCH, 36, 90, NO_CAMPAIGNS},
    {BING, ORGANIC, 10, 6, SEARCH, 12, 90, NO_CAMPAIGNS},
    {DIRECT, NONE, 36, 88, KNOWN, 26, 110, NO_CAMPAIGNS},
    {GOOGLE, CPC, 44, 30, PAID, 38, 140, {BRAND, POUR_COST, DRAFT_SAVINGS, COMPETITOR}},
    {FACEBOOK, PAID_SOCIAL, 20, 12, PAID, 74, 60, {DRAFT_SAVINGS, TRIAL, RETARGET, LOOKALIKE}},
    {INSTAGRAM, PAID_SOCIAL, 9, 4, PAID, 92, 45, {DRAFT_SAVINGS, TRIAL, LOOKALIKE, LOOKALIKE}},
    {LINKEDIN, PAID_SOCIAL, 12, 8, PAID, 40, 95, {OWNERS, OWNERS, RETARGET, TRIAL}},
    {FACEBOOK, SOCIAL, 8, 6, STORY, 70, 50, NO_CAMPAIGNS},
    {LINKEDIN, SOCIAL, 6, 5, STORY, 42, 70, NO_CAMPAIGNS},
    {NEWSLETTER, EMAIL, 5, 34, STORY, 46, 120, {DIGEST, DIGEST, WEBINAR, ONBOARD}},
    {PARTNERS, REFERRAL, 12, 7, BROWSE, 24, 150, NO_CAMPAIGNS},
    {CAPTERRA, REFERRAL, 8, 4, BROWSE, 18, 170, NO_CAMPAIGNS},
};

/* Weight of each site area as a landing page, on top of the page's popularity; order of enum bs_area from
 * BS_AREA_HOME. */
static const uint8_t landing_areas[BS_LANDING_PROFILES][BS_AREA_COUNT - BS_AREA_HOME] = {
    [BROWSE] = {30, 30, 26, 6, 1, 10}, [SEARCH] = {14, 12, 8, 40, 0, 4}, [KNOWN] = {50, 8, 22, 8, 0, 6},
    [PAID] = {4, 10, 14, 3, 70, 1},    [STORY] = {10, 10, 8, 40, 4, 16},
};

static const uint8_t web_hours[24] = {34, 28, 22, 17, 12, 9,  8,  9,  11, 14, 18, 26,
                                      40, 58, 74, 82, 86, 85, 86, 84, 78, 66, 52, 42};

/* Percent of the mean day. Monday first; January first. */
static const uint8_t weekday_percent[7] = {118, 122, 120, 114, 98, 62, 66};
static const uint8_t month_percent[12] = {108, 106, 108, 104, 102, 96, 92, 94, 106, 106, 98, 80};

/* 1.4 to the power of -5 ... 0 in 65536ths: accounts at the yearly anniversaries, and before the first. */
static const uint32_t growth_q16[6] = {12185, 17059, 23883, 33437, 46811, 65536};

static uint64_t day_weight(const struct sg_world *world, int32_t d) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_GOOGLE_ANALYTICS_SESSIONS);
    int32_t day = world->run.as_of_day - BS_HISTORY_DAYS + d;
    uint64_t scaled = (uint64_t)d * 5 * 65536 / BS_HISTORY_DAYS, year = scaled >> 16;
    uint64_t growth = growth_q16[year] + ((growth_q16[year + 1] - growth_q16[year]) * (scaled & 65535) >> 16);
    uint64_t noise = (uint64_t)sg_between(sg_draw(&source, (uint64_t)d, STREAM_DAY_NOISE, 0).w[0], 920, 1080);
    return growth * weekday_percent[sg_weekday(day)] * month_percent[sg_civil_from_day(day).month - 1] *
           noise / 1000;
}

static void build_days(const struct sg_world *world, struct bs_traffic *traffic) {
    uint64_t weight[BS_HISTORY_DAYS], total = 0, before = 0;
    for (int32_t d = 0; d < BS_HISTORY_DAYS; d++)
        total += weight[d] = day_weight(world, d);
    for (int32_t d = 0; d <= BS_HISTORY_DAYS; d++) {
        traffic->before[d] = sg_share(world->sizes.rows[BS_GOOGLE_ANALYTICS_SESSIONS], before, total);
        if (d < BS_HISTORY_DAYS) before += weight[d];
    }
}

/* Deals 256 slots among classes by their weights; slot order is class order. */
static void deal(const uint32_t *weights, size_t classes, uint8_t first, uint8_t out[SLOTS]) {
    uint64_t counts[64];
    sg_quota(SLOTS, weights, classes, counts);
    for (uint64_t slot = 0; slot < SLOTS; slot++)
        out[slot] = (uint8_t)(first + sg_quota_class(slot, counts, classes));
}

void bs_traffic_build(const struct sg_world *world, struct bs_traffic *traffic) {
    build_days(world, traffic);
    bs_day_clock_build(&traffic->clock, web_hours);
    uint32_t weights[64];
    for (int returning = 0; returning < 2; returning++) {
        for (int c = 0; c < BS_CHANNEL_COUNT; c++)
            weights[c] = returning ? bs_channels[c].weight_returning : bs_channels[c].weight_new;
        deal(weights, BS_CHANNEL_COUNT, 0, traffic->channel[returning]);
    }
    for (int profile = 0; profile < BS_LANDING_PROFILES; profile++) {
        for (int p = 0; p < BS_SITE_PAGES; p++) {
            const struct bs_page *page = &bs_pages[BS_APP_PAGES + p];
            weights[p] = (uint32_t)landing_areas[profile][page->area - BS_AREA_HOME] * page->popularity;
        }
        deal(weights, BS_SITE_PAGES, BS_APP_PAGES, traffic->landing[profile]);
    }
}

struct bs_visitor bs_visitor_of(uint64_t row, uint64_t rows, uint64_t back_blocks, uint32_t word) {
    uint64_t block = row / BLOCK_ROWS;
    uint32_t shuffle = sg_mix32((uint32_t)block ^ 0x5bd1e995u);
    uint32_t place = ((uint32_t)row * (shuffle >> 8 & 3) * 2 + (uint32_t)row + shuffle) % BLOCK_ROWS;
    if (place < NEW_A_BLOCK) return (struct bs_visitor){block * NEW_A_BLOCK + place, true};
    uint64_t back = 1 + ((uint64_t)sg_exponential(word) * back_blocks >> 16);
    if (back > block) {
        /* Too early for anybody to return: one more new visitor, numbered after all others. */
        uint64_t others = (rows / BLOCK_ROWS + 1) * NEW_A_BLOCK;
        return (struct bs_visitor){others + block * (BLOCK_ROWS - NEW_A_BLOCK) + place - NEW_A_BLOCK, true};
    }
    return (struct bs_visitor){(block - back) * NEW_A_BLOCK + sg_below(word * 0x9E3779B9u, NEW_A_BLOCK),
                               false};
}
