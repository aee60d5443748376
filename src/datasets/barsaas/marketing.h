/* Campaigns of the advertising platforms, recomputed from their number, and which of them ran on a day.
 *
 * Campaigns are numbered 0.. platform by platform in the order of enum bs_platform; their ids have the digits
 * of each platform's own ids and rise with the number, so they are distinct across platforms. A campaign runs
 * `days` elapsed days from start_day; one that still runs at as_of has a planned end after it.
 */
#ifndef SG_BARSAAS_MARKETING_H
#define SG_BARSAAS_MARKETING_H

#include "datasets/barsaas/barsaas.h"

/* In the order of rows: ids of 7, 9, 11 and 17 digits. */
enum bs_platform { BS_ITERABLE, BS_LINKEDIN, BS_GOOGLE, BS_META, BS_PLATFORM_COUNT };
extern const struct sg_enum bs_platform_labels;

enum bs_campaign_type {
    BS_TYPE_BLAST,
    BS_TYPE_TRIGGERED,
    BS_TYPE_SPONSORED_UPDATES,
    BS_TYPE_SPONSORED_INMAILS,
    BS_TYPE_TEXT_AD,
    BS_TYPE_SEARCH,
    BS_TYPE_PERFORMANCE_MAX,
    BS_TYPE_DISPLAY,
    BS_TYPE_VIDEO,
    BS_TYPE_AUCTION,
    BS_TYPE_RESERVED,
    BS_CAMPAIGN_TYPE_COUNT
};

struct bs_campaign {
    uint64_t number;
    int64_t id;
    uint8_t platform; /* enum bs_platform */
    uint8_t type;     /* enum bs_campaign_type */
    bool running;
    int32_t start_day;          /* day number */
    int32_t days;               /* elapsed days, >= 1: rows of campaign_performance */
    int32_t end_day;            /* last day, inclusive; a plan on or after as_of while running */
    uint64_t performance_first; /* 0-based row of its first day */
    int64_t daily_budget_cents; /* whole dollars */
    int64_t spend_cents, impressions, clicks, conversions;
};

/* Pure. Recomputes a campaign, number < sizes.campaigns; about two microseconds. */
void bs_campaign_get(const struct sg_world *world, uint64_t number, struct bs_campaign *campaign);

/* Pure. Id of a campaign. */
int64_t bs_campaign_id(const struct sg_world *world, uint64_t number);

/* Pure. Number of a campaign of the platform that ran on a day, chosen by word; false when none did. */
bool bs_campaign_on(const struct sg_world *world, enum bs_platform platform, int32_t day, uint32_t word,
                    uint64_t *number);

/* Pure. Rows of campaign_performance before a campaign. */
uint64_t bs_performance_before(const struct sg_world *world, uint64_t campaign);

enum bs_channel {
    BS_ORGANIC,
    BS_PAID_SEARCH,
    BS_PAID_SOCIAL,
    BS_EMAIL,
    BS_DIRECT,
    BS_REFERRAL,
    BS_CHANNEL_COUNT
};
extern const struct sg_enum bs_channel_labels;

enum bs_credit_model { BS_POSITION_BASED, BS_LINEAR, BS_TIME_DECAY, BS_CREDIT_MODEL_COUNT };

/* How a lead came about: touches from `start` to its MQL date, at most 90 days. */
struct bs_journey {
    uint64_t row; /* 0-based, of the lead */
    int64_t start, mql_date;
    uint8_t model;    /* enum bs_credit_model */
    uint32_t touches; /* >= 1 */
    uint64_t touch_first;
};

struct bs_touch {
    int64_t at;
    uint8_t channel; /* enum bs_channel */
    uint8_t source;  /* index into bs_touch_source_labels */
    uint8_t type;    /* index into bs_touch_type_labels */
    bool has_campaign;
    uint64_t campaign; /* number */
    int32_t credit;    /* ten-thousandths; those of a journey sum to 10,000 */
};
extern const struct sg_enum bs_touch_source_labels, bs_touch_type_labels;

/* Pure. Weight of a lead's journey: how many touches it gets beyond the first. */
uint64_t bs_journey_weight(const struct sg_world *world, uint64_t row);
/* Pure. Rows of attribution_touchpoints before a lead whose weights before are summed in `weight_before`. */
uint64_t bs_touches_before(const struct sg_world *world, uint64_t row, uint64_t weight_before);
/* Pure. The journey of lead `row`; weight_before as above. */
void bs_journey_get(const struct sg_world *world, uint64_t row, int64_t mql_date, uint64_t weight_before,
                    struct bs_journey *journey);
/* Pure. The i-th touch, i < journey->touches; instants ascend with i. */
void bs_touch_get(const struct sg_world *world, const struct bs_journey *journey, uint32_t i,
                  struct bs_touch *touch);

enum { BS_RUNNING_SLOTS = 16 };

/* Up to BS_RUNNING_SLOTS campaigns that ran on one day of history, drawn from all that did. */
struct bs_running_day {
    uint32_t seen;
    uint32_t campaigns[BS_RUNNING_SLOTS];
};

struct bs_marketing {
    uint64_t platform_first[BS_PLATFORM_COUNT + 1];
    struct sg_prefix days;          /* campaign durations' weights */
    struct bs_running_day *running; /* platform x day of history */
    struct sg_prefix touches;       /* weights of journeys, one unit a lead */
};

#endif
