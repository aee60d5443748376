/* device_health: a device's ISO weeks, measured from the tap events it is recomputed to have. */
#include "datasets/barsaas/iot.h"
#include "datasets/barsaas/tables.h"

#include <string.h>

enum {
    DEVICE_ID,
    WEEK_START,
    ACCOUNT_ID,
    OBSERVED_S,
    EVENT_COUNT,
    ERROR_COUNT,
    VOLUME_ML,
    UPTIME,
    ERROR_SHARE,
    MAINTENANCE,
    COLUMNS
};

#define DERIVED(text_)                                                                                       \
    { 0, 0, text_ }
static const struct sg_column columns[COLUMNS] = {
    [DEVICE_ID] = {.name = "device_id", .type = SG_I32, .origin = DERIVED("key"), .note = "Device."},
    [WEEK_START] = {.name = "week_start",
                    .type = SG_DATE,
                    .origin = DERIVED("every ISO week in which the device lived inside the window"),
                    .note = "Monday of the ISO week (UTC)."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = DERIVED("the device's"),
                    .note = "Account of the device."},
    [OBSERVED_S] = {.name = "observed_s",
                    .type = SG_I32,
                    .origin = DERIVED("part of the week between installation or window and end"),
                    .note = "Seconds of the week that the row measures; 604800 unless cut by installation, "
                            "the end of the account or the window."},
    [EVENT_COUNT] = {.name = "event_count",
                     .type = SG_I32,
                     .origin = DERIVED("count of tap events"),
                     .note = "Tap events of the device in the week."},
    [ERROR_COUNT] = {.name = "error_count",
                     .type = SG_I32,
                     .origin = DERIVED("count of tap events of type error"),
                     .note = "Those of them that are errors."},
    [VOLUME_ML] = {.name = "volume_ml",
                   .type = SG_I32,
                   .origin = DERIVED("sum over tap events"),
                   .note = "Poured volume in millilitres."},
    [UPTIME] = {.name = "uptime",
                .type = SG_DECIMAL,
                .precision = 5,
                .scale = 4,
                .origin = DERIVED("1 - silence / observed time"),
                .note = "1 - (time beyond the first 24 hours of each gap between events, edges included) / "
                        "observed time."},
    [ERROR_SHARE] = {.name = "error_share",
                     .type = SG_DECIMAL,
                     .precision = 5,
                     .scale = 4,
                     .origin = DERIVED("error_count / event_count"),
                     .note = "Share of errors among the events; 0 without events."},
    [MAINTENANCE] = {.name = "maintenance",
                     .type = SG_BOOL,
                     .origin = DERIVED("maintenance events or status"),
                     .note = "True when the week has a maintenance event or lies after the device went into "
                             "status maintenance."},
};

static const struct sg_foreign_key foreign_keys[] = {
    {"device_id", "devices", "id", SG_NO_ACTION},
    {"account_id", "accounts", "id", SG_NO_ACTION},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_PARENT_EQ,
     .name = "health_account_is_devices",
     .a = "account_id",
     .b = "account_id",
     .via = "device_id"},
    {.kind = SG_RULE_PAST, .name = "health_week_in_the_past", .a = "week_start"},
    {.kind = SG_RULE_RANGE, .name = "health_observed_range", .a = "observed_s", .low = 1, .high = 604800},
    {.kind = SG_RULE_LE, .name = "health_errors_are_events", .a = "error_count", .b = "event_count"},
    {.kind = SG_RULE_RANGE,
     .name = "health_volume_not_negative",
     .a = "volume_ml",
     .low = 0,
     .high = INT32_MAX},
    {.kind = SG_RULE_RANGE, .name = "health_uptime_range", .a = "uptime", .low = 0, .high = 10000},
    {.kind = SG_RULE_RANGE, .name = "health_error_share_range", .a = "error_share", .low = 0, .high = 10000},
};

enum { GRACE_S = 24 * SG_HOUR_S, WEEK_S = 7 * SG_DAY_S };

struct week {
    uint32_t events, errors, volume_ml;
    bool maintained;
    int64_t silence_s;
    int64_t last; /* instant of the last event, or the row's begin */
};

/* A device and its weeks while they are being measured. */
struct life {
    int32_t monday; /* day number of the first week */
    unsigned weeks;
    int64_t from, to;
    struct week week[BS_HEALTH_WEEKS_MAX];
};

static int64_t begin_of(const struct life *life, unsigned w) {
    int64_t begin = ((int64_t)life->monday + 7 * (int64_t)w) * SG_DAY_S;
    return begin < life->from ? life->from : begin;
}

static int64_t end_of(const struct life *life, unsigned w) {
    int64_t end = ((int64_t)life->monday + 7 * (int64_t)(w + 1)) * SG_DAY_S;
    return end > life->to ? life->to : end;
}

static void hear(struct week *week, int64_t at) {
    if (at - week->last > GRACE_S) week->silence_s += at - week->last - GRACE_S;
    week->last = at;
}

static void hear_at(struct life *life, int64_t at) {
    hear(&life->week[(at - (int64_t)life->monday * SG_DAY_S) / WEEK_S], at);
}

static void measure(const struct sg_world *world, struct bs_tap_schedule *schedule, struct life *life) {
    int64_t timestamp[BS_TAP_CHUNK];
    int32_t volume_ml[BS_TAP_CHUNK];
    int16_t type[BS_TAP_CHUNK];
    const struct bs_tap_columns out = {.timestamp = timestamp, .volume_ml = volume_ml, .type = type};
    const int64_t origin = (int64_t)life->monday * SG_DAY_S;
    int64_t held = INT64_MIN; /* the latest so far: one that arrives late is heard before it */
    while (schedule->row < schedule->row_end) {
        uint64_t left = schedule->row_end - schedule->row;
        size_t rows = left < BS_TAP_CHUNK ? (size_t)left : BS_TAP_CHUNK;
        bs_tap_fill(world, schedule, rows, &out);
        for (size_t i = 0; i < rows; i++) {
            struct week *week = &life->week[(timestamp[i] - origin) / WEEK_S];
            bool late = timestamp[i] < held;
            if (late || held != INT64_MIN) hear_at(life, late ? timestamp[i] : held);
            if (!late) held = timestamp[i];
            week->events++;
            week->errors += type[i] == BS_TAP_ERROR;
            week->volume_ml += (uint32_t)volume_ml[i];
            week->maintained |= type[i] == BS_TAP_MAINTENANCE;
        }
    }
    if (held != INT64_MIN) hear_at(life, held);
}

static enum sg_code add_row(const struct bs_account *account, const struct bs_device *device,
                            struct life *life, unsigned w, struct sg_emitter *emitter, struct sg_error *err) {
    size_t room;
    SG_TRY(sg_emitter_room(emitter, &room, err));
    struct week *week = &life->week[w];
    int64_t end = end_of(life, w), observed = end - begin_of(life, w);
    hear(week, end);
    bool down = device->status == BS_MAINTENANCE && end > device->offline_since;
    sg_set_i32(emitter, DEVICE_ID, (int32_t)device->number + 1);
    sg_set_date(emitter, WEEK_START, life->monday + 7 * (int32_t)w);
    sg_set_i32(emitter, ACCOUNT_ID, (int32_t)account->number + 1);
    sg_set_i32(emitter, OBSERVED_S, (int32_t)observed);
    sg_set_i32(emitter, EVENT_COUNT, (int32_t)week->events);
    sg_set_i32(emitter, ERROR_COUNT, (int32_t)week->errors);
    sg_set_i32(emitter, VOLUME_ML, (int32_t)week->volume_ml);
    sg_set_i64(emitter, UPTIME, (20000 * (observed - week->silence_s) + observed) / (2 * observed));
    sg_set_i64(emitter, ERROR_SHARE,
               week->events ? (20000 * (int64_t)week->errors + week->events) / (2 * (int64_t)week->events)
                            : 0);
    sg_set_bool(emitter, MAINTENANCE, week->maintained || down);
    sg_emitter_advance(emitter, 1);
    return SG_OK;
}

static enum sg_code add_device(const struct sg_world *world, const struct bs_account *account,
                               const struct bs_device *device, uint64_t row, uint64_t row_end,
                               struct sg_emitter *emitter, struct sg_error *err) {
    struct bs_tap_schedule schedule;
    struct life life;
    life.weeks = bs_health_weeks(world, device, &life.monday, &life.from, &life.to);
    for (unsigned w = 0; w < life.weeks; w++)
        life.week[w] = (struct week){.last = begin_of(&life, w)};
    bs_tap_schedule(world, account, device, row, row_end, &schedule);
    measure(world, &schedule, &life);
    for (unsigned w = 0; w < life.weeks; w++)
        SG_TRY(add_row(account, device, &life, w, emitter, err));
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *emitter, struct sg_error *err) {
    return bs_each_tap_device(world, unit_first, unit_end, add_device, emitter, err);
}

const struct bs_table_logic bs_table_device_health = {
    .declaration = {.name = "device_health",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"device_id", "week_start"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 57,
                    .note = "One row per device and ISO week of the last 365 days in which the device lived; "
                            "counts and volumes sum to its tap events exactly."},
    .rows_before = bs_health_rows_before,
    .generate = generate,
};
