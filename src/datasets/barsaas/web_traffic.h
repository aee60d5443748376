/* Traffic of the public web site over the five years: how many visits a day has, where they come from and
 * what they land on. Tables built once, read by google_analytics_sessions. */
#ifndef SG_BARSAAS_WEB_TRAFFIC_H
#define SG_BARSAAS_WEB_TRAFFIC_H

#include "datasets/barsaas/activity_catalog.h"
#include "datasets/barsaas/day_clock.h"

enum { BS_CHANNEL_COUNT = 12, BS_CAMPAIGNS_A_CHANNEL = 4, BS_NO_CAMPAIGN = 255 };

struct bs_channel {
    uint8_t source, medium; /* codes into bs_source_enum, bs_medium_enum */
    uint8_t weight_new, weight_returning;
    uint8_t landing;                           /* index of a landing profile */
    uint8_t mobile;                            /* percent on phones */
    uint8_t goals;                             /* conversion relative to the page's own rate, percent */
    uint8_t campaigns[BS_CAMPAIGNS_A_CHANNEL]; /* codes into bs_web_campaign_enum, or BS_NO_CAMPAIGN */
};
extern const struct bs_channel bs_channels[BS_CHANNEL_COUNT];
extern const struct sg_enum bs_source_enum, bs_medium_enum, bs_web_campaign_enum;

enum { BS_LANDING_PROFILES = 5 };

struct bs_traffic {
    uint64_t before[BS_HISTORY_DAYS + 1];      /* visits before each day; the last is the total */
    uint8_t channel[2][256];                   /* [returning] */
    uint8_t landing[BS_LANDING_PROFILES][256]; /* page index */
    struct bs_day_clock clock;                 /* UTC */
};

/* Fills the tables from the world's sizes and seed. */
void bs_traffic_build(const struct sg_world *world, struct bs_traffic *traffic);

/* Visits are dealt in blocks of eight rows: five come from new visitors, three return. A visitor's number is
 * its place among new ones, so nothing is stored. */
struct bs_visitor {
    uint64_t number;
    bool is_new;
};

/* Pure. The visitor of row `row` out of `rows`; visitors return from about `back_blocks` blocks ago on
 * average, by `word`. */
struct bs_visitor bs_visitor_of(uint64_t row, uint64_t rows, uint64_t back_blocks, uint32_t word);

#endif
