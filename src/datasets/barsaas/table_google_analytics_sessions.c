/* google_analytics_sessions: visits of the public site, day by day over the five years, in time order.
 *
 * A visit that bounces has one page view and no duration; only others can reach a goal.
 */
#include "base/calendar.h"
#include "datasets/barsaas/activity.h"
#include "datasets/barsaas/tables.h"

enum column {
    SESSION_ID,
    USER_ID,
    SESSION_DATE,
    STARTED_AT,
    SOURCE,
    MEDIUM,
    CAMPAIGN,
    DEVICE_CATEGORY,
    LANDING_PAGE,
    SESSION_DURATION,
    PAGE_VIEWS,
    GOAL_COMPLETIONS,
    ECOMMERCE_REVENUE,
    NEW_VISITOR,
    COLUMN_COUNT
};

enum { STREAM_VISIT = 1, STREAM_STAY = 2, RETURN_DAYS = 6, DURATION_MAX_S = 7200, PAGES_MAX = 24 };
enum device { DESKTOP, MOBILE, TABLET, DEVICES };

static const char *const devices[DEVICES] = {"desktop", "mobile", "tablet"};
static const struct sg_enum device_enum = {"device_category", devices, DEVICES};

static const struct sg_column columns[COLUMN_COUNT] = {
    [SESSION_ID] = {.name = "session_id",
                    .type = SG_I64,
                    .origin = {0, 0, "key"},
                    .note = "Dense key from 1, in time order."},
    [USER_ID] = {.name = "user_id",
                 .type = SG_I64,
                 .origin = {STREAM_STAY, 0,
                            "five of eight visits are by new visitors, others return after an "
                            "exponential time, mean six days"},
                 .note = "Anonymous visitor of the site; not a user of the application."},
    [SESSION_DATE] = {.name = "session_date",
                      .type = SG_DATE,
                      .origin = {0, 0, "day weights: growth x weekday x season x noise"},
                      .note = "Day of the visit, UTC."},
    [STARTED_AT] = {.name = "started_at",
                    .type = SG_TIMESTAMP,
                    .origin = {STREAM_VISIT, 0, "stratified over the day's hourly profile"},
                    .note = "First instant of the visit."},
    [SOURCE] = {.name = "source",
                .type = SG_ENUM,
                .labels = &bs_source_enum,
                .origin = {STREAM_VISIT, 1, "channel by weight, new and returning visitors apart"},
                .note = "Where the visitor came from."},
    [MEDIUM] = {.name = "medium",
                .type = SG_ENUM,
                .labels = &bs_medium_enum,
                .origin = {STREAM_VISIT, 1, "the channel's"},
                .note = "Kind of source."},
    [CAMPAIGN] = {.name = "campaign",
                  .type = SG_ENUM,
                  .labels = &bs_web_campaign_enum,
                  .nullable = true,
                  .origin = {STREAM_VISIT, 1, "uniform over the channel's campaigns"},
                  .note = "utm_campaign of paid and e-mail traffic, NULL elsewhere."},
    [DEVICE_CATEGORY] = {.name = "device_category",
                         .type = SG_ENUM,
                         .labels = &device_enum,
                         .origin = {STREAM_VISIT, 1, "the channel's share of phones, 5 % tablets"},
                         .note = "Kind of device."},
    [LANDING_PAGE] = {.name = "landing_page_id",
                      .type = SG_I16,
                      .origin = {STREAM_VISIT, 1, "page popularity x the channel's landing profile"},
                      .note = "First page of the visit."},
    [SESSION_DURATION] = {.name = "session_duration",
                          .type = SG_I16,
                          .origin = {STREAM_VISIT, 3, "pages x 48 s x (0.25 + 0.75 x exponential)"},
                          .note = "Seconds from first to last page; 0 when bounced."},
    [PAGE_VIEWS] = {.name = "page_views",
                    .type = SG_I16,
                    .origin = {STREAM_VISIT, 2,
                               "1 at the landing page's bounce rate, else 2 + 1.9 x exponential"},
                    .note = "Pages seen; 1 means bounced."},
    [GOAL_COMPLETIONS] = {.name = "goal_completions",
                          .type = SG_I16,
                          .origin = {STREAM_STAY, 1, "rate by landing area x channel"},
                          .note = "Demo requests and trials started during the visit."},
    [ECOMMERCE_REVENUE] = {.name = "ecommerce_revenue",
                           .type = SG_DECIMAL,
                           .precision = 10,
                           .scale = 2,
                           .origin = {STREAM_STAY, 2, "12 % of converting visits, a plan's first payment"},
                           .note = "US dollars bought online during the visit."},
    [NEW_VISITOR] = {.name = "new_visitor",
                     .type = SG_BOOL,
                     .origin = {0, 0, "first visit of the visitor"},
                     .note = "Whether the visitor was never seen before."},
};

static const struct sg_foreign_key foreign_keys[] = {{"landing_page_id", "pages", "id", SG_NO_ACTION}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "web_session_ids_dense", .a = "session_id"},
    {.kind = SG_RULE_PAST, .name = "web_session_in_past", .a = "started_at"},
    {.kind = SG_RULE_RANGE,
     .name = "web_session_duration_range",
     .a = "session_duration",
     .low = 0,
     .high = DURATION_MAX_S},
    {.kind = SG_RULE_RANGE,
     .name = "web_session_pages_range",
     .a = "page_views",
     .low = 1,
     .high = PAGES_MAX},
    {.kind = SG_RULE_RANGE, .name = "web_session_goals_range", .a = "goal_completions", .low = 0, .high = 2},
    {.kind = SG_RULE_RANGE,
     .name = "web_session_revenue_not_negative",
     .a = "ecommerce_revenue",
     .low = 0,
     .high = 100000},
};

static const struct sg_index indexes[] = {
    {.name = "google_analytics_sessions_date", .columns = "session_date", .brin = true}};

/* Conversions of visits that stay, of 65536, by area of the landing page from BS_AREA_HOME on. */
static const uint16_t goal_q16[BS_AREA_COUNT - BS_AREA_HOME] = {2900, 2600, 5900, 900, 5400, 1300};
static const int32_t revenue_cents[8] = {4900, 4900, 9900, 9900, 9900, 14900, 24900, 49900};

/* The vectors of a batch at the row being filled. */
struct cells {
    int64_t *id, *user, *started, *revenue;
    int32_t *date;
    uint16_t *source, *medium, *campaign, *device;
    int16_t *landing, *duration, *pages, *goals;
    uint8_t *fresh, *campaign_null;
};

static struct cells cells_at(struct sg_emitter *e) {
    return (struct cells){
        .id = &SG_CELL(e, int64_t, SESSION_ID),
        .user = &SG_CELL(e, int64_t, USER_ID),
        .started = &SG_CELL(e, int64_t, STARTED_AT),
        .revenue = &SG_CELL(e, int64_t, ECOMMERCE_REVENUE),
        .date = &SG_CELL(e, int32_t, SESSION_DATE),
        .source = &SG_CELL(e, uint16_t, SOURCE),
        .medium = &SG_CELL(e, uint16_t, MEDIUM),
        .campaign = &SG_CELL(e, uint16_t, CAMPAIGN),
        .device = &SG_CELL(e, uint16_t, DEVICE_CATEGORY),
        .landing = &SG_CELL(e, int16_t, LANDING_PAGE),
        .duration = &SG_CELL(e, int16_t, SESSION_DURATION),
        .pages = &SG_CELL(e, int16_t, PAGE_VIEWS),
        .goals = &SG_CELL(e, int16_t, GOAL_COMPLETIONS),
        .fresh = &SG_CELL(e, uint8_t, NEW_VISITOR),
        .campaign_null = e->batch.vectors[CAMPAIGN].null + e->batch.rows,
    };
}

/* What the rows of one day share. */
struct day {
    const struct sg_world *world;
    struct sg_source source;
    int32_t date;
    uint64_t first, count; /* rows before the day, rows of the day */
    uint64_t back_blocks;
};

/* A visit's pages, duration and success. */
static void fill_stay(const struct day *day, const struct cells *c, size_t k, struct sg_block visit,
                      struct sg_block stay, const struct bs_channel *channel, const struct bs_page *landing) {
    bool bounced = visit.w[2] >> 22 < landing->bounce_q10;
    int32_t pages = 2 + (int32_t)((int64_t)sg_exponential(visit.w[2] << 10) * 19 / 10 >> 16);
    pages = bounced ? 1 : pages > PAGES_MAX ? PAGES_MAX : pages;
    int64_t pace = 16384 + (int64_t)sg_exponential(visit.w[3]) * 3 / 4;
    int64_t seconds = 10 + (pages * 48 * pace >> 16), left = day->world->as_of - c->started[k];
    seconds = seconds > DURATION_MAX_S ? DURATION_MAX_S : seconds;
    uint32_t rate = goal_q16[landing->area - BS_AREA_HOME] * (uint32_t)channel->goals / 100;
    bool goal = !bounced && stay.w[1] >> 16 < rate;
    c->pages[k] = (int16_t)pages;
    c->duration[k] = (int16_t)(bounced ? 0 : seconds > left ? left : seconds);
    c->goals[k] = (int16_t)(goal ? 1 + ((stay.w[1] & 0xFFFF) < 5300) : 0);
    c->revenue[k] = goal && stay.w[2] >> 16 < 7864 ? revenue_cents[stay.w[2] & 7] : 0;
}

static void fill_row(const struct day *day, const struct cells *c, size_t k, uint64_t row) {
    const struct bs_traffic *traffic = &day->world->activity->traffic;
    struct sg_block visit = sg_draw(&day->source, row, STREAM_VISIT, 0);
    struct sg_block stay = sg_draw(&day->source, row, STREAM_STAY, 0);
    struct bs_visitor visitor =
        bs_visitor_of(row, traffic->before[BS_HISTORY_DAYS], day->back_blocks, stay.w[0]);
    uint64_t place = ((row - day->first) << 16 | visit.w[0] >> 16) / day->count;
    uint32_t bits = visit.w[1];
    const struct bs_channel *channel = &bs_channels[traffic->channel[!visitor.is_new][bits & 255]];
    uint32_t page = traffic->landing[channel->landing][bits >> 8 & 255];
    uint32_t percent = (bits >> 16 & 1023) * 100 >> 10;
    uint8_t campaign = channel->campaigns[bits >> 26 & (BS_CAMPAIGNS_A_CHANNEL - 1)];

    c->id[k] = (int64_t)row + 1;
    c->user[k] =
        (int64_t)((visitor.number * 0x9E3779B97F4A7C15u & (((uint64_t)1 << 34) - 1)) | (uint64_t)1 << 34);
    c->date[k] = day->date;
    c->started[k] = (int64_t)day->date * SG_DAY_S + bs_day_clock_second(&traffic->clock, (uint32_t)place);
    c->source[k] = channel->source;
    c->medium[k] = channel->medium;
    c->campaign_null[k] = campaign == BS_NO_CAMPAIGN;
    c->campaign[k] = campaign == BS_NO_CAMPAIGN ? 0 : campaign;
    c->device[k] = percent < channel->mobile ? MOBILE : percent >= 95 ? TABLET : DESKTOP;
    c->landing[k] = (int16_t)(page + 1);
    c->fresh[k] = visitor.is_new;
    fill_stay(day, c, k, visit, stay, channel, &bs_pages[page]);
}

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return world->activity->traffic.before[unit];
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    const uint64_t *before = world->activity->traffic.before;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        struct day day = {.world = world,
                          .source = sg_source(world->run.seed, BS_DATASET_ID, BS_GOOGLE_ANALYTICS_SESSIONS),
                          .date = world->run.as_of_day - BS_HISTORY_DAYS + (int32_t)unit,
                          .first = before[unit],
                          .count = before[unit + 1] - before[unit]};
        day.back_blocks = day.count * RETURN_DAYS / 8 + 1;
        for (uint64_t row = before[unit]; row < before[unit + 1];) {
            size_t room;
            SG_TRY(sg_emitter_room(e, &room, err));
            size_t take = before[unit + 1] - row < room ? before[unit + 1] - row : room;
            struct cells cells = cells_at(e);
            for (size_t k = 0; k < take; k++)
                fill_row(&day, &cells, k, row + k);
            sg_emitter_advance(e, take);
            row += take;
        }
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_google_analytics_sessions = {
    .declaration =
        {.name = "google_analytics_sessions",
         .domain = BS_DAY,
         .columns = columns,
         .column_count = COLUMN_COUNT,
         .key = {"session_id"},
         .foreign_keys = foreign_keys,
         .foreign_key_count = 1,
         SG_ARRAY(rules, rule_count, rules),
         .indexes = indexes,
         .index_count = 1,
         .row_text_bytes = 108,
         .note = "Visits of the public web site; raw.google_analytics_sessions is their daily roll-up."},
    .rows_before = rows_before,
    .generate = generate,
};
