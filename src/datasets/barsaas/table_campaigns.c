/* Table campaigns: every advertising and email campaign, all platforms, with totals over its elapsed days. */
#include <string.h>

#include "base/calendar.h"
#include "datasets/barsaas/growth.h"
#include "datasets/barsaas/marketing.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    PLATFORM,
    NAME,
    STATUS,
    TYPE,
    OBJECTIVE,
    START_DATE,
    END_DATE,
    CREATED_AT,
    UPDATED_AT,
    DAILY_BUDGET,
    LIFETIME_BUDGET,
    TARGET_CPA,
    DAYS,
    IMPRESSIONS,
    CLICKS,
    COST,
    CONVERSIONS,
    CONVERSION_VALUE,
    SEND_SIZE,
    MESSAGE_MEDIUM,
    LABELS,
    COLUMNS
};

enum status { ENABLED, ACTIVE, PAUSED, COMPLETED, REMOVED };
static const char *const status_names[] = {"ENABLED", "ACTIVE", "PAUSED", "COMPLETED", "REMOVED"};
static const struct sg_enum statuses = {"campaign_status", status_names, 5};

static const char *const type_names[BS_CAMPAIGN_TYPE_COUNT] = {
    [BS_TYPE_BLAST] = "Blast",
    [BS_TYPE_TRIGGERED] = "Triggered",
    [BS_TYPE_SPONSORED_UPDATES] = "SPONSORED_UPDATES",
    [BS_TYPE_SPONSORED_INMAILS] = "SPONSORED_INMAILS",
    [BS_TYPE_TEXT_AD] = "TEXT_AD",
    [BS_TYPE_SEARCH] = "SEARCH",
    [BS_TYPE_PERFORMANCE_MAX] = "PERFORMANCE_MAX",
    [BS_TYPE_DISPLAY] = "DISPLAY",
    [BS_TYPE_VIDEO] = "VIDEO",
    [BS_TYPE_AUCTION] = "AUCTION",
    [BS_TYPE_RESERVED] = "RESERVED",
};
static const struct sg_enum types = {"campaign_type", type_names, BS_CAMPAIGN_TYPE_COUNT};

/* Three objectives of each platform that has them, in the order of enum bs_platform. */
enum { OBJECTIVES = 3 };
static const char *const objective_names[] = {
    "LEAD_GENERATION", "WEBSITE_VISIT", "BRAND_AWARENESS", /* linkedin */
    "LEADS",           "SALES",         "WEBSITE_TRAFFIC", /* google */
    "OUTCOME_LEADS",   "OUTCOME_SALES", "OUTCOME_TRAFFIC", /* meta */
};
static const struct sg_enum objectives = {"campaign_objective", objective_names, 9};

static const char *const medium_names[] = {"Email"};
static const struct sg_enum media = {"message_medium", medium_names, 1};

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id",
            .type = SG_I64,
            .origin = {1, 0, "key: rises with the row inside the platform's range"},
            .note =
                "Campaign id with the digits of the platform: Iterable 7, LinkedIn 9, Google 11, Meta 17"},
    [PLATFORM] = {.name = "platform",
                  .type = SG_ENUM,
                  .labels = &bs_platform_labels,
                  .origin = {0, 0, "quota 40/30/20/10 google/meta/linkedin/iterable over ranges of rows"},
                  .note = "Advertising or mailing platform"},
    [NAME] = {.name = "name",
              .type = SG_TEXT,
              .length_max = 255,
              .origin = {3, 0, "quarter, audience and theme"},
              .note = "Name as marketing would write it"},
    [STATUS] = {.name = "status",
                .type = SG_ENUM,
                .labels = &statuses,
                .origin = {3, 1, "running: ENABLED on Google, ACTIVE elsewhere; ended: by platform"},
                .note = "Status in the platform's words"},
    [TYPE] = {.name = "campaign_type",
              .type = SG_ENUM,
              .labels = &types,
              .origin = {1, 3, "weighted by platform"},
              .note = "Kind of campaign on its platform"},
    [OBJECTIVE] = {.name = "objective",
                   .type = SG_ENUM,
                   .nullable = true,
                   .labels = &objectives,
                   .origin = {3, 2, "three of each platform, 60/25/15"},
                   .note = "Objective; none for email"},
    [START_DATE] = {.name = "start_date",
                    .type = SG_DATE,
                    .origin = {1, 2, "14 % begin with history, 20 % still run, the rest uniform"},
                    .note = "First day"},
    [END_DATE] = {.name = "end_date",
                  .type = SG_DATE,
                  .origin = {1, 1, "start plus elapsed days; a plan 14 to 200 days ahead while running"},
                  .note = "Last day, inclusive; after the as-of date while the campaign runs"},
    [CREATED_AT] = {.name = "created_at",
                    .type = SG_TIMESTAMP,
                    .origin = {4, 1, "up to 14 days before the start, in history"},
                    .note = "When the campaign was set up"},
    [UPDATED_AT] = {.name = "updated_at",
                    .type = SG_TIMESTAMP,
                    .origin = {4, 2, "the day after the end, or within 10 days before as-of"},
                    .note = "Last change"},
    [DAILY_BUDGET] = {.name = "daily_budget",
                      .type = SG_DECIMAL,
                      .precision = 10,
                      .scale = 2,
                      .origin = {2, 0, "uniform by type, scaled by business volume"},
                      .note = "US dollars a day"},
    [LIFETIME_BUDGET] = {.name = "lifetime_budget",
                         .type = SG_DECIMAL,
                         .precision = 12,
                         .scale = 2,
                         .origin = {0, 0, "daily budget x planned days"},
                         .note = "US dollars from start to end"},
    [TARGET_CPA] = {.name = "target_cpa",
                    .type = SG_DECIMAL,
                    .nullable = true,
                    .precision = 10,
                    .scale = 2,
                    .origin = {4, 3, "80 to 120 % of the reached cost of a conversion"},
                    .note = "Target cost of a conversion, Google only"},
    [DAYS] = {.name = "elapsed_days",
              .type = SG_I32,
              .origin = {4, 0, "60 to 900, cumulative rounding to the exact total, mean 300"},
              .note = "Days that have passed: rows in campaign_performance"},
    [IMPRESSIONS] = {.name = "impressions",
                     .type = SG_I32,
                     .origin = {2, 2, "clicks / click rate, uniform by type"},
                     .note = "Times shown; for email, messages delivered"},
    [CLICKS] = {.name = "clicks",
                .type = SG_I32,
                .origin = {2, 1, "cost / cost of a click, uniform by type"},
                .note = "Clicks over all elapsed days"},
    [COST] = {.name = "cost",
              .type = SG_DECIMAL,
              .precision = 12,
              .scale = 2,
              .origin = {2, 0, "86 to 100 % of a daily rate x business volume of the days"},
              .note = "US dollars spent"},
    [CONVERSIONS] = {.name = "conversions",
                     .type = SG_I32,
                     .origin = {2, 3, "clicks x conversion rate, uniform by type"},
                     .note = "Conversions the platform reports"},
    [CONVERSION_VALUE] = {.name = "conversion_value",
                          .type = SG_DECIMAL,
                          .nullable = true,
                          .precision = 12,
                          .scale = 2,
                          .origin = {4, 3, "conversions x 60 to 300 dollars"},
                          .note = "Value Google gives the conversions, US dollars"},
    [SEND_SIZE] = {.name = "send_size",
                   .type = SG_I32,
                   .nullable = true,
                   .origin = {4, 3, "deliveries / (95 to 99 %)"},
                   .note = "Messages sent, email only"},
    [MESSAGE_MEDIUM] = {.name = "message_medium",
                        .type = SG_ENUM,
                        .nullable = true,
                        .labels = &media,
                        .origin = {0, 0, "constant"},
                        .note = "Medium, email only"},
    [LABELS] = {.name = "labels",
                .type = SG_TEXT,
                .nullable = true,
                .length_max = 80,
                .origin = {3, 0, "theme and type"},
                .note = "Comma-separated labels, email only"},
};

static const char *const themes[] = {"Pour Cost Control", "Smart Taps",     "Keg Inventory",
                                     "Draft Quality",     "Multi-Location", "Cut Beer Waste",
                                     "Live Dashboard",    "Free Trial",     "Happy Hour Sales",
                                     "Hotel Bar Suite",   "Line Cleaning",  "Switch and Save"};
static const char *const theme_labels[] = {"cost",   "taps",  "inventory", "quality", "franchise", "waste",
                                           "report", "trial", "sales",     "hotel",   "cleaning",  "switch"};
static const char *const audiences[] = {"Owners",      "Bar Managers",    "Hotel F&B", "Restaurants",
                                        "Retargeting", "Lookalike",       "Southeast", "Midwest",
                                        "West Coast",  "Texas",           "Northeast", "Nationwide",
                                        "Newsletter",  "Trial Nurturing", "Win-back",  "Operators"};
enum { THEMES = 12, AUDIENCES = 16 };

static enum status status_of(const struct bs_campaign *c, uint32_t word) {
    bool third = sg_below(word, 100) < 30;
    if (c->running) return c->platform == BS_GOOGLE ? ENABLED : ACTIVE;
    if (c->platform == BS_GOOGLE) return third ? REMOVED : PAUSED;
    return third ? PAUSED : COMPLETED;
}

static void set_texts(struct sg_emitter *e, const struct bs_campaign *c, const struct sg_block *b) {
    struct sg_civil start = sg_civil_from_day(c->start_day);
    uint32_t theme = sg_below(b->w[0], THEMES), audience = sg_below(b->w[3], AUDIENCES);
    sg_set_textf(e, NAME, "%d Q%d %s - %s", start.year, (start.month + 2) / 3, themes[theme],
                 audiences[audience]);
    sg_set_enum(e, STATUS, status_of(c, b->w[1]));
    sg_set_null(e, OBJECTIVE);
    sg_set_null(e, LABELS);
    sg_set_null(e, MESSAGE_MEDIUM);
    if (c->platform != BS_ITERABLE) {
        static const uint32_t weights[OBJECTIVES] = {60, 25, 15};
        uint32_t objective = sg_pick(b->w[2], weights, OBJECTIVES, 100);
        sg_set_enum(e, OBJECTIVE, (uint16_t)((c->platform - BS_LINKEDIN) * OBJECTIVES + (int)objective));
        return;
    }
    sg_set_enum(e, MESSAGE_MEDIUM, 0);
    sg_set_textf(e, LABELS, "%s,%s", theme_labels[theme],
                 c->type == BS_TYPE_BLAST ? "newsletter" : "nurture");
}

static void set_times(struct sg_emitter *e, const struct sg_world *world, const struct bs_campaign *c,
                      const struct sg_block *b) {
    int64_t start = (int64_t)c->start_day * SG_DAY_S;
    int64_t created = bs_office_time(start - 1 - sg_below(b->w[1], 14 * SG_DAY_S));
    if (created > start) created = start;
    if (created < bs_history_start(world)) created = bs_history_start(world);
    int64_t updated = (int64_t)(c->end_day + 1) * SG_DAY_S + sg_below(b->w[2], SG_DAY_S);
    if (c->running) updated = world->as_of - 1 - sg_below(b->w[2], 10 * SG_DAY_S);
    if (updated >= world->as_of) updated = world->as_of - 1;
    if (updated < created) updated = created;
    sg_set_date(e, START_DATE, c->start_day);
    sg_set_date(e, END_DATE, c->end_day);
    sg_set_i64(e, CREATED_AT, created);
    sg_set_i64(e, UPDATED_AT, updated);
}

static void set_money(struct sg_emitter *e, const struct bs_campaign *c, uint32_t word) {
    sg_set_i64(e, DAILY_BUDGET, c->daily_budget_cents);
    sg_set_i64(e, LIFETIME_BUDGET, c->daily_budget_cents * (c->end_day - c->start_day + 1));
    sg_set_i32(e, DAYS, c->days);
    sg_set_i32(e, IMPRESSIONS, (int32_t)c->impressions);
    sg_set_i32(e, CLICKS, (int32_t)c->clicks);
    sg_set_i64(e, COST, c->spend_cents);
    sg_set_i32(e, CONVERSIONS, (int32_t)c->conversions);
    sg_set_null(e, TARGET_CPA);
    sg_set_null(e, CONVERSION_VALUE);
    sg_set_null(e, SEND_SIZE);
    if (c->platform == BS_ITERABLE)
        sg_set_i32(e, SEND_SIZE, (int32_t)(c->impressions * 1000 / sg_between(word, 950, 990)));
    if (c->platform != BS_GOOGLE) return;
    int64_t reached_cents = c->spend_cents / (c->conversions ? c->conversions : 1);
    sg_set_i64(e, TARGET_CPA, (reached_cents * sg_between(word, 80, 120) / 100 + 99) / 100 * 100);
    sg_set_i64(e, CONVERSION_VALUE, c->conversions * sg_between(word, 60, 300) * 100);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct sg_source source = sg_source(world->run.seed, BS_DATASET_ID, BS_CAMPAIGNS);
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        size_t room;
        struct bs_campaign c;
        SG_TRY(sg_emitter_room(e, &room, err));
        bs_campaign_get(world, unit, &c);
        struct sg_block texts = sg_draw(&source, unit, 3, 0), times = sg_draw(&source, unit, 4, 0);
        sg_set_i64(e, ID, c.id);
        sg_set_enum(e, PLATFORM, c.platform);
        sg_set_enum(e, TYPE, c.type);
        set_texts(e, &c, &texts);
        set_times(e, world, &c, &times);
        set_money(e, &c, times.w[3]);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    (void)world;
    return unit;
}

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_LE, .name = "campaign_ends_after_start", .a = "start_date", .b = "end_date"},
    {.kind = SG_RULE_PAST, .name = "campaign_started", .a = "start_date"},
    {.kind = SG_RULE_PAST, .name = "campaign_updated_in_history", .a = "updated_at"},
    {.kind = SG_RULE_LE, .name = "campaign_created_before_update", .a = "created_at", .b = "updated_at"},
    {.kind = SG_RULE_LE, .name = "campaign_clicks_were_shown", .a = "clicks", .b = "impressions"},
    {.kind = SG_RULE_LE, .name = "campaign_conversions_clicked", .a = "conversions", .b = "clicks"},
    {.kind = SG_RULE_LE, .name = "campaign_within_budget", .a = "cost", .b = "lifetime_budget"},
    {.kind = SG_RULE_RANGE,
     .name = "campaign_has_days",
     .a = "elapsed_days",
     .low = 1,
     .high = BS_HISTORY_DAYS},
};

static const struct sg_index indexes[] = {
    {.name = "campaigns_platform_start", .columns = "platform, start_date"},
};

const struct bs_table_logic bs_table_campaigns = {
    .declaration = {.name = "campaigns",
                    .domain = BS_CAMPAIGN,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 220,
                    .text_bytes_max = 256,
                    .note = "Campaigns of Google Ads, Meta, LinkedIn and Iterable email, one row each"},
    .rows_before = rows_before,
    .generate = generate,
};
