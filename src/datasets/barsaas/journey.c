/* Journeys of leads: touches over at most 90 days, each with channel, campaign and credit.
 *
 * Touches are laid one per equal slice of a measure that runs faster towards the conversion, so they come out
 * in order; then moved back into waking hours, which keeps the order. The last touch is the conversion. */
#include "base/calendar.h"
#include "datasets/barsaas/growth.h"
#include "datasets/barsaas/marketing.h"

static const char *const channel_names[] = {"organic", "paid_search", "paid_social",
                                            "email",   "direct",      "referral"};
const struct sg_enum bs_channel_labels = {"channel", channel_names, BS_CHANNEL_COUNT};

enum source {
    GOOGLE,
    BING,
    DUCKDUCKGO,
    FACEBOOK,
    INSTAGRAM,
    LINKEDIN,
    ITERABLE,
    DIRECT,
    CAPTERRA,
    G2,
    PARTNER,
    SOURCES
};
static const char *const source_names[] = {"google",    "bing",     "duckduckgo",         "facebook",
                                           "instagram", "linkedin", "iterable",           "(direct)",
                                           "capterra",  "g2",       "pos-partner.example"};
const struct sg_enum bs_touch_source_labels = {"touch_source", source_names, SOURCES};

enum type {
    AD_CLICK,
    AD_VIEW,
    EMAIL_OPEN,
    EMAIL_CLICK,
    VISIT,
    DOWNLOAD,
    WEBINAR,
    FORM_SUBMIT,
    DEMO_REQUEST,
    TYPES
};
static const char *const type_names[] = {"ad_click", "ad_view", "email_open",  "email_click", "visit",
                                         "download", "webinar", "form_submit", "demo_request"};
const struct sg_enum bs_touch_type_labels = {"touchpoint_type", type_names, TYPES};

enum { CREDIT = 10000, EARLY_CREDIT = 4000, SPAN_DAYS_MAX = 90, LAST_TOUCH_S = 2 * SG_HOUR_S };

uint64_t bs_journey_weight(const struct sg_world *world, uint64_t row) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_MARKETING_QUALIFIED_LEADS);
    uint64_t e = (uint64_t)sg_exponential(sg_draw(&source, row, 1, 0).w[0]) >> 6;
    return e * (e + 2048) / 1024 + 64;
}

uint64_t bs_touches_before(const struct sg_world *world, uint64_t row, uint64_t weight_before) {
    uint64_t beyond_first =
        world->sizes.rows[BS_ATTRIBUTION_TOUCHPOINTS] - world->sizes.rows[BS_MARKETING_QUALIFIED_LEADS];
    return row + sg_share(beyond_first, weight_before, sg_prefix_total(&world->marketing->touches, 0));
}

/* Half of the journeys take 2 to 30 days, the others up to 90, fewer the longer. */
static int64_t span_s(uint32_t word) {
    if (word < 0x80000000u) return 2 * SG_DAY_S + (int64_t)((uint64_t)word * 28 * SG_DAY_S >> 31);
    uint64_t over = word & 0x7FFFFFFF;
    return 30 * SG_DAY_S + (int64_t)((over * over >> 31) * (SPAN_DAYS_MAX - 30) * SG_DAY_S >> 31);
}

void bs_journey_get(const struct sg_world *world, uint64_t row, int64_t mql_date, uint64_t weight_before,
                    struct bs_journey *journey) {
    static const uint32_t models[BS_CREDIT_MODEL_COUNT] = {60, 25, 15};
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_MARKETING_QUALIFIED_LEADS);
    struct sg_block b = sg_draw(&source, row, 1, 0);
    journey->row = row;
    journey->mql_date = mql_date;
    journey->start = mql_date - span_s(b.w[1]);
    int64_t first = bs_history_start(world);
    if (journey->start < first)
        journey->start =
            first + (int64_t)((uint64_t)(mql_date > first ? mql_date - first : 0) * b.w[1] >> 33);
    if (journey->start > mql_date) journey->start = mql_date;
    journey->model = (uint8_t)sg_pick(b.w[2], models, BS_CREDIT_MODEL_COUNT, 100);
    uint64_t weight = bs_journey_weight(world, row);
    journey->touch_first = bs_touches_before(world, row, weight_before);
    journey->touches =
        (uint32_t)(bs_touches_before(world, row + 1, weight_before + weight) - journey->touch_first);
}

/* Credit of the first i touches. */
static uint64_t credit_before(const struct bs_journey *journey, uint64_t i) {
    uint64_t n = journey->touches;
    if (journey->model == BS_LINEAR || n <= 2) return CREDIT * i / n;
    if (journey->model == BS_TIME_DECAY) return CREDIT * (i * (i + 1)) / (n * (n + 1));
    if (i == 0) return 0;
    return i == n ? CREDIT : EARLY_CREDIT + (CREDIT - 2 * EARLY_CREDIT) * (i - 1) / (n - 2);
}

/* Moves an instant back to between noon UTC of the day before and 05:00 (waking hours in the US). */
static int64_t waking_hours(int64_t instant_s) {
    int64_t day_s = (int64_t)sg_day_of(instant_s) * SG_DAY_S;
    return day_s - 12 * SG_HOUR_S + (instant_s - day_s) * 17 / 24;
}

static int64_t touched_at(const struct bs_journey *journey, uint32_t i, uint32_t word) {
    int64_t at = journey->start;
    if (i == 0) return at;
    if (i + 1 == journey->touches) {
        at = journey->mql_date - sg_below(word, LAST_TOUCH_S);
    } else {
        uint64_t left = ((uint64_t)1 << 32) - ((((uint64_t)i << 32) + word) / journey->touches);
        uint64_t part = ((uint64_t)1 << 32) - (uint64_t)((unsigned __int128)left * left >> 32);
        at += (int64_t)((unsigned __int128)(uint64_t)(journey->mql_date - journey->start) * part >> 32);
        at = waking_hours(at);
    }
    return at < journey->start ? journey->start : at;
}

/* Channels by how far the journey has come: beginning, middle, end. */
enum { THIRDS = 3 };
static const uint32_t channel_mix[THIRDS][BS_CHANNEL_COUNT] = {
    {30, 26, 22, 2, 10, 10}, {22, 17, 18, 21, 14, 8}, {15, 15, 9, 29, 26, 6}};

/* A campaign of the channel that runs on the day of the touch; without one the visit comes by itself. */
static void attach_campaign(const struct sg_world *world, struct bs_touch *touch, uint32_t word) {
    int32_t day = sg_day_of(touch->at);
    uint32_t which = word * 2654435761u;
    enum bs_platform platform = touch->channel == BS_EMAIL         ? BS_ITERABLE
                                : touch->channel == BS_PAID_SEARCH ? BS_GOOGLE
                                : sg_below(word, 100) < 62         ? BS_META
                                                                   : BS_LINKEDIN;
    touch->has_campaign = bs_campaign_on(world, platform, day, which, &touch->campaign);
    if (!touch->has_campaign && touch->channel == BS_PAID_SOCIAL) {
        platform = platform == BS_META ? BS_LINKEDIN : BS_META;
        touch->has_campaign = bs_campaign_on(world, platform, day, which, &touch->campaign);
    }
    static const uint8_t sources[BS_PLATFORM_COUNT] = {ITERABLE, LINKEDIN, GOOGLE, FACEBOOK};
    touch->source = sources[platform];
    if (platform == BS_META && which >> 30 == 0) touch->source = INSTAGRAM;
    if (!touch->has_campaign) touch->channel = touch->channel == BS_EMAIL ? BS_DIRECT : BS_ORGANIC;
}

static uint8_t source_of(enum bs_channel channel, uint32_t word) {
    uint32_t at = sg_below(word, 100);
    if (channel == BS_DIRECT) return DIRECT;
    if (channel == BS_ORGANIC) return at < 82 ? GOOGLE : at < 94 ? BING : DUCKDUCKGO;
    return at < 42 ? CAPTERRA : at < 75 ? G2 : PARTNER;
}

static uint8_t type_of(const struct bs_touch *touch, bool last, uint32_t word) {
    uint32_t at = sg_below(word, 100);
    if (last) return at < 62 ? FORM_SUBMIT : DEMO_REQUEST;
    if (touch->channel == BS_EMAIL) return at < 58 ? EMAIL_OPEN : EMAIL_CLICK;
    if (touch->has_campaign) return at < 72 ? AD_CLICK : AD_VIEW;
    return at < 76 ? VISIT : at < 91 ? DOWNLOAD : WEBINAR;
}

void bs_touch_get(const struct sg_world *world, const struct bs_journey *journey, uint32_t i,
                  struct bs_touch *touch) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_ATTRIBUTION_TOUCHPOINTS);
    struct sg_block b = sg_draw(&source, journey->touch_first + i, 1, 0);
    touch->at = touched_at(journey, i, b.w[0]);
    uint32_t third = (uint32_t)((uint64_t)i * THIRDS / journey->touches);
    touch->channel = (uint8_t)sg_pick(b.w[1], channel_mix[third], BS_CHANNEL_COUNT, 100);
    touch->has_campaign = false;
    if (touch->channel == BS_PAID_SEARCH || touch->channel == BS_PAID_SOCIAL || touch->channel == BS_EMAIL)
        attach_campaign(world, touch, b.w[2]);
    if (!touch->has_campaign) touch->source = source_of((enum bs_channel)touch->channel, b.w[2]);
    touch->type = type_of(touch, i + 1 == journey->touches, b.w[3]);
    touch->credit = (int32_t)(credit_before(journey, i + 1) - credit_before(journey, i));
}
