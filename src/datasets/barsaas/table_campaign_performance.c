/* Table campaign_performance: one row per elapsed day of a campaign; the days sum to the campaign's totals.
 *
 * Each total is divided by cumulative rounding of day weights (business volume, season, weekday, pacing,
 * noise), so that the sums are exact without a second look. */
#include "base/calendar.h"
#include "datasets/barsaas/growth.h"
#include "datasets/barsaas/marketing.h"
#include "datasets/barsaas/tables.h"

enum column { CAMPAIGN_ID, DATE, IMPRESSIONS, CLICKS, SPEND, CONVERSIONS, COLUMNS };

static const struct sg_column columns[COLUMNS] = {
    [CAMPAIGN_ID] = {.name = "campaign_id", .type = SG_I64, .origin = {0, 0, "parent's"}, .note = "Campaign"},
    [DATE] = {.name = "date",
              .type = SG_DATE,
              .origin = {0, 0, "every elapsed day of the campaign"},
              .note = "Day, UTC"},
    [IMPRESSIONS] = {.name = "impressions",
                     .type = SG_I32,
                     .origin = {1, 0, "campaign's total by business volume, season, weekday, pacing, noise"},
                     .note = "Times shown; for email, messages delivered"},
    [CLICKS] = {.name = "clicks",
                .type = SG_I32,
                .origin = {1, 1, "campaign's total by the same weights x click-rate noise"},
                .note = "Clicks"},
    [SPEND] = {.name = "spend",
               .type = SG_DECIMAL,
               .precision = 12,
               .scale = 2,
               .origin = {1, 2, "campaign's total by the weights of clicks x price noise"},
               .note = "US dollars"},
    [CONVERSIONS] = {.name = "conversions",
                     .type = SG_I32,
                     .origin = {0, 0, "campaign's total by clicks"},
                     .note = "Conversions the platform reports"},
};

static const uint8_t season_percent[12] = {90, 95, 105, 110, 115, 110, 95, 90, 105, 110, 115, 85};
static const uint8_t weekday_percent[BS_PLATFORM_COUNT][7] = {
    [BS_ITERABLE] = {95, 150, 125, 145, 95, 50, 40},
    [BS_LINKEDIN] = {110, 122, 122, 118, 98, 62, 62},
    [BS_GOOGLE] = {112, 112, 110, 108, 100, 80, 78},
    [BS_META] = {96, 96, 98, 100, 103, 105, 102},
};

/* Weights of one day; all below 2^40, so that a campaign's sums stay far inside 64 bits. */
struct weights {
    uint64_t impressions, clicks, spend;
};

/* Ramp-up of the first week, and a last push before the end. */
static uint32_t pacing_percent(const struct bs_campaign *c, int32_t day) {
    if (day < 7) return 65 + 5 * (uint32_t)day;
    return !c->running && c->days - day <= 5 ? 115 : 100;
}

static struct weights day_weights(const struct sg_world *world, const struct sg_source *source,
                                  const struct bs_campaign *c, int32_t day) {
    int32_t date = c->start_day + day;
    struct sg_block b = sg_draw(source, c->performance_first + (uint64_t)day, 1, 0);
    uint64_t weight = bs_growth_rate(date - (world->run.as_of_day - BS_HISTORY_DAYS));
    weight = weight * season_percent[sg_civil_from_day(date).month - 1] / 100;
    weight = weight * weekday_percent[c->platform][sg_weekday(date)] / 100;
    weight = weight * pacing_percent(c, day) / 100;
    struct weights w;
    w.impressions = weight * (80 + sg_below(b.w[0], 41));
    w.clicks = w.impressions * (85 + sg_below(b.w[1], 31));
    w.spend = w.clicks * (90 + sg_below(b.w[2], 21));
    return w;
}

/* What belongs to cumulative weight [0, before). */
static struct weights shares(const struct bs_campaign *c, const struct weights *before,
                             const struct weights *total) {
    return (struct weights){sg_share((uint64_t)c->impressions, before->impressions, total->impressions),
                            sg_share((uint64_t)c->clicks, before->clicks, total->clicks),
                            sg_share((uint64_t)c->spend_cents, before->spend, total->spend)};
}

static struct weights add(struct weights a, struct weights b) {
    return (struct weights){a.impressions + b.impressions, a.clicks + b.clicks, a.spend + b.spend};
}

static enum sg_code generate_campaign(const struct sg_world *world, const struct sg_source *source,
                                      const struct bs_campaign *c, struct sg_emitter *e,
                                      struct sg_error *err) {
    struct weights total = {0}, before = {0}, done = {0};
    for (int32_t day = 0; day < c->days; day++)
        total = add(total, day_weights(world, source, c, day));
    uint64_t clicks = (uint64_t)c->clicks, conversions = (uint64_t)c->conversions;
    for (int32_t day = 0; day < c->days; day++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        before = add(before, day_weights(world, source, c, day));
        struct weights now = shares(c, &before, &total);
        sg_set_i64(e, CAMPAIGN_ID, c->id);
        sg_set_date(e, DATE, c->start_day + day);
        sg_set_i32(e, IMPRESSIONS, (int32_t)(now.impressions - done.impressions));
        sg_set_i32(e, CLICKS, (int32_t)(now.clicks - done.clicks));
        sg_set_i64(e, SPEND, (int64_t)(now.spend - done.spend));
        sg_set_i32(e, CONVERSIONS,
                   (int32_t)(sg_share(conversions, now.clicks, clicks) -
                             sg_share(conversions, done.clicks, clicks)));
        done = now;
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_CAMPAIGN_PERFORMANCE);
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        struct bs_campaign c;
        bs_campaign_get(world, unit, &c);
        SG_TRY(generate_campaign(world, &source, &c, e, err));
    }
    return SG_OK;
}

static const struct sg_foreign_key foreign_keys[] = {
    {.column = "campaign_id", .parent = "campaigns", .parent_column = "id", .on_delete = SG_CASCADE},
};

#define VIA_CAMPAIGN .via = "campaign_id"
static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PAST, .name = "performance_elapsed", .a = "date"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "performance_after_start",
     .a = "date",
     .b = "start_date",
     VIA_CAMPAIGN},
    {.kind = SG_RULE_PARENT_LE, .name = "performance_before_end", .a = "date", .b = "end_date", VIA_CAMPAIGN},
    {.kind = SG_RULE_COUNT_EQ, .name = "performance_every_elapsed_day", .b = "elapsed_days", VIA_CAMPAIGN},
    {.kind = SG_RULE_SUM_EQ,
     .name = "performance_impressions_sum",
     .a = "impressions",
     .b = "impressions",
     VIA_CAMPAIGN},
    {.kind = SG_RULE_SUM_EQ, .name = "performance_clicks_sum", .a = "clicks", .b = "clicks", VIA_CAMPAIGN},
    {.kind = SG_RULE_SUM_EQ, .name = "performance_spend_sum", .a = "spend", .b = "cost", VIA_CAMPAIGN},
    {.kind = SG_RULE_SUM_EQ,
     .name = "performance_conversions_sum",
     .a = "conversions",
     .b = "conversions",
     VIA_CAMPAIGN},
    {.kind = SG_RULE_LE, .name = "performance_clicks_were_shown", .a = "clicks", .b = "impressions"},
    {.kind = SG_RULE_LE, .name = "performance_conversions_clicked", .a = "conversions", .b = "clicks"},
};

static const struct sg_index indexes[] = {
    {.name = "campaign_performance_date", .columns = "date"},
};

const struct bs_table_logic bs_table_campaign_performance = {
    .declaration = {.name = "campaign_performance",
                    .domain = BS_CAMPAIGN,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"campaign_id", "date"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 1,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 1,
                    .row_text_bytes = 43,
                    .note = "Daily results of each campaign, one row per elapsed day"},
    .rows_before = bs_performance_before,
    .generate = generate,
};
