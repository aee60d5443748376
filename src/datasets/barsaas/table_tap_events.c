/* tap_events: every pour of the last 365 days, device by device, in order of time. */
#include "datasets/barsaas/iot.h"
#include "datasets/barsaas/tables.h"

enum {
    ID,
    TIMESTAMP,
    DEVICE_ID,
    ACCOUNT_ID,
    LOCATION_ID,
    VOLUME_ML,
    PRODUCT_ID,
    TAP_TYPE,
    TEMPERATURE,
    DURATION,
    COLUMNS
};

static const struct sg_column columns[COLUMNS] = {
    [ID] = {.name = "id", .type = SG_I64, .origin = {0, 0, "key"}, .note = "Event number, dense from 1."},
    [TIMESTAMP] = {.name = "timestamp",
                   .type = SG_TIMESTAMP,
                   .origin = {BS_TAP_ROW, 0,
                              "device-day counts by cumulative rounding of season x weekday x holiday x "
                              "noise; inside a day stratified quantiles of the local hour-of-day curve"},
                   .note = "When the tap opened; rises with id inside a device."},
    [DEVICE_ID] = {.name = "device_id",
                   .type = SG_I32,
                   .origin = {0, 0, "cumulative rounding of device volume x days at work"},
                   .note = "Device that reported the event."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the device's"},
                    .note = "Account of the device."},
    [LOCATION_ID] = {.name = "location_id",
                     .type = SG_I32,
                     .origin = {0, 0, "the device's"},
                     .note = "Location of the device; one for all its events."},
    [VOLUME_ML] = {.name = "volume_ml",
                   .type = SG_I32,
                   .origin = {BS_TAP_ROW, 2, "parts of the product's full pour, each normal around its size"},
                   .note = "Poured volume in millilitres; 0 unless tap_type is 1."},
    [PRODUCT_ID] = {.name = "product_id",
                    .type = SG_I16,
                    .origin = {BS_TAP_ROW, 1, "the device's line-up of 4 to 8 products; high 6 bits"},
                    .note = "Product on the line."},
    [TAP_TYPE] = {.name = "tap_type",
                  .type = SG_I16,
                  .origin = {BS_TAP_ROW, 1,
                             "rates: clean 1.5 %, maintenance 0.3 %, calibration 0.3 %, error "
                             "0.8 to 2.4 %, four times that while wearing out; low 16 bits"},
                  .note = "1 pour, 2 clean, 3 error, 4 maintenance, 5 calibration."},
    [TEMPERATURE] = {.name = "temperature_deci_c",
                     .type = SG_I16,
                     .origin = {BS_TAP_ROW, 3,
                                "normal around the product's temperature with the device's own offset"},
                     .note = "Temperature in tenths of a degree Celsius."},
    [DURATION] = {.name = "duration_deci_s",
                  .type = SG_I16,
                  .origin = {BS_TAP_ROW, 3, "volume over the product's flow, 12.5 % deviation; low 16 bits"},
                  .note = "Time the tap was open, in tenths of a second."},
};

static const struct sg_foreign_key foreign_keys[] = {
    {"device_id", "devices", "id", SG_NO_ACTION},
    {"account_id", "accounts", "id", SG_NO_ACTION},
    {"location_id", "locations", "id", SG_NO_ACTION},
    {"product_id", "products", "id", SG_NO_ACTION},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "tap_id_dense", .a = "id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "tap_account_is_devices",
     .a = "account_id",
     .b = "account_id",
     .via = "device_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "tap_location_is_devices",
     .a = "location_id",
     .b = "location_id",
     .via = "device_id"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "tap_not_before_installation",
     .a = "timestamp",
     .b = "installed_at",
     .via = "device_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "tap_not_after_last_seen",
     .a = "timestamp",
     .b = "last_seen_at",
     .via = "device_id"},
    {.kind = SG_RULE_PAST, .name = "tap_in_the_past", .a = "timestamp"},
    {.kind = SG_RULE_RANGE, .name = "tap_type_known", .a = "tap_type", .low = 1, .high = 5},
    {.kind = SG_RULE_RANGE, .name = "tap_volume_range", .a = "volume_ml", .low = 0, .high = 4000},
    {.kind = SG_RULE_RANGE,
     .name = "tap_temperature_range",
     .a = "temperature_deci_c",
     .low = -50,
     .high = 400},
    {.kind = SG_RULE_RANGE, .name = "tap_duration_range", .a = "duration_deci_s", .low = 1, .high = 32767},
};

static const struct sg_index indexes[] = {
    {.name = "tap_events_brin", .columns = "account_id, device_id, timestamp", .brin = true},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_tap_rows(world, bs_tap_weight_before(world, unit));
}

#define AT(batch_, ctype_, column_) ((ctype_ *)(batch_)->vectors[column_].data + (batch_)->rows)

/* Adds the next rows of a device: as many as fit the batch and a chunk. */
static enum sg_code add_rows(const struct sg_world *world, const struct bs_account *account,
                             const struct bs_device *device, struct bs_tap_schedule *schedule,
                             struct sg_emitter *emitter, struct sg_error *err) {
    const struct sg_kernels *kernels = world->kernels;
    size_t rows;
    SG_TRY(sg_emitter_room(emitter, &rows, err));
    if (rows > BS_TAP_CHUNK) rows = BS_TAP_CHUNK;
    if (rows > schedule->row_end - schedule->row) rows = (size_t)(schedule->row_end - schedule->row);
    struct sg_batch *batch = &emitter->batch;
    kernels->iota64((int64_t)schedule->row + 1, rows, AT(batch, int64_t, ID));
    kernels->fill32((int32_t)device->number + 1, rows, AT(batch, int32_t, DEVICE_ID));
    kernels->fill32((int32_t)account->number + 1, rows, AT(batch, int32_t, ACCOUNT_ID));
    kernels->fill32((int32_t)(account->location_first + device->location) + 1, rows,
                    AT(batch, int32_t, LOCATION_ID));
    struct bs_tap_columns out = {AT(batch, int64_t, TIMESTAMP),
                                 AT(batch, int32_t, VOLUME_ML),
                                 AT(batch, int16_t, TAP_TYPE),
                                 AT(batch, int16_t, PRODUCT_ID),
                                 AT(batch, int16_t, TEMPERATURE),
                                 AT(batch, int16_t, DURATION),
                                 NULL,
                                 NULL};
    bs_tap_fill(world, schedule, rows, &out);
    sg_emitter_advance(emitter, rows);
    return SG_OK;
}

static enum sg_code add_device(const struct sg_world *world, const struct bs_account *account,
                               const struct bs_device *device, uint64_t row, uint64_t row_end,
                               struct sg_emitter *emitter, struct sg_error *err) {
    struct bs_tap_schedule schedule;
    bs_tap_schedule(world, account, device, row, row_end, &schedule);
    while (schedule.row < schedule.row_end)
        SG_TRY(add_rows(world, account, device, &schedule, emitter, err));
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *emitter, struct sg_error *err) {
    return bs_each_tap_device(world, unit_first, unit_end, add_device, emitter, err);
}

const struct bs_table_logic bs_table_tap_events = {
    .declaration = {.name = "tap_events",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    SG_ARRAY(indexes, index_count, indexes),
                    .row_text_bytes = 67,
                    .note = "Events of the taps over the 365 days before the as-of date, 40 bytes a row. The "
                            "seed's events per device follow from its totals: 1,111 on average."},
    .rows_before = rows_before,
    .generate = generate,
};
