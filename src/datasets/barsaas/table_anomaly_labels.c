/* anomaly_labels: which tap events are anomalous, how, and what they would have been. */
#include "datasets/barsaas/iot.h"
#include "datasets/barsaas/tables.h"

enum {
    EVENT_ID,
    KIND,
    DEVICE_ID,
    ACCOUNT_ID,
    TIMESTAMP,
    USUAL_TIMESTAMP,
    VOLUME_ML,
    USUAL_VOLUME_ML,
    TEMPERATURE,
    USUAL_TEMPERATURE,
    DURATION,
    USUAL_DURATION,
    ORIGINAL_EVENT_ID,
    COLUMNS
};

static const char *const kind_labels[] = {[BS_WARM_LINE] = "warm_line",
                                          [BS_FOAMING] = "foaming",
                                          [BS_STUCK_VALVE] = "stuck_valve",
                                          [BS_OVER_POUR] = "over_pour",
                                          [BS_SENSOR_DROPOUT] = "sensor_dropout",
                                          [BS_LATE_DELIVERY] = "late_delivery",
                                          [BS_DUPLICATE_DELIVERY] = "duplicate_delivery"};
static const struct sg_enum kinds = {"anomaly_kind", kind_labels, BS_ANOMALY_KIND_COUNT};

/* clang-format off */
#define EVENTS {0, 0, "the event's"}
static const struct sg_column columns[COLUMNS] = {
    [EVENT_ID] = {.name = "event_id", .type = SG_I64, .origin = {1, 0, "one in each stratum of the events, at a drawn place"}, .note = "The anomalous event."},
    [KIND] = {.name = "kind", .type = SG_ENUM, .labels = &kinds, .origin = {0, 0, "quota 20/20/10/15/15/10/10 over a permutation"}, .note = "warm_line: 8 to 20 degrees too warm. foaming: 20 to 60 % of the volume in 1.5 to 3 times the time. stuck_valve: open one to ten minutes longer, 1.5 to 4 times the volume. over_pour: 2.5 to 4 times volume and time. sensor_dropout: no volume, -5.0 degrees. late_delivery: it stands behind the event that followed it. duplicate_delivery: the event before once more."},
    [DEVICE_ID] = {.name = "device_id", .type = SG_I32, .origin = EVENTS, .note = "Device that reported it."},
    [ACCOUNT_ID] = {.name = "account_id", .type = SG_I32, .origin = EVENTS, .note = "Account of the device."},
    [TIMESTAMP] = {.name = "timestamp", .type = SG_TIMESTAMP, .origin = EVENTS, .note = "When, as the event says."},
    [USUAL_TIMESTAMP] = {.name = "usual_timestamp", .type = SG_TIMESTAMP, .origin = {0, 0, "before the distortion"}, .note = "When the tap opened without the anomaly."},
    [VOLUME_ML] = {.name = "volume_ml", .type = SG_I32, .origin = EVENTS, .note = "Volume as the event says."},
    [USUAL_VOLUME_ML] = {.name = "usual_volume_ml", .type = SG_I32, .origin = {0, 0, "before the distortion"}, .note = "Volume without the anomaly."},
    [TEMPERATURE] = {.name = "temperature_deci_c", .type = SG_I16, .origin = EVENTS, .note = "Temperature as the event says, tenths of a degree Celsius."},
    [USUAL_TEMPERATURE] = {.name = "usual_temperature_deci_c", .type = SG_I16, .origin = {0, 0, "before the distortion"}, .note = "Temperature without the anomaly."},
    [DURATION] = {.name = "duration_deci_s", .type = SG_I16, .origin = EVENTS, .note = "Duration as the event says, tenths of a second."},
    [USUAL_DURATION] = {.name = "usual_duration_deci_s", .type = SG_I16, .origin = {0, 0, "before the distortion"}, .note = "Duration without the anomaly."},
    [ORIGINAL_EVENT_ID] = {.name = "original_event_id", .type = SG_I64, .nullable = true, .origin = {0, 0, "event_id - 1"}, .note = "The event that a duplicate repeats; NULL for the other kinds, and for a device's only event."},
};
/* clang-format on */

static const struct sg_foreign_key foreign_keys[] = {
    {"event_id", "tap_events", "id", SG_NO_ACTION},
    {"device_id", "devices", "id", SG_NO_ACTION},
    {"account_id", "accounts", "id", SG_NO_ACTION},
    {"original_event_id", "tap_events", "id", SG_NO_ACTION},
};

#define AS_EVENT(name_, column_)                                                                             \
    { .kind = SG_RULE_PARENT_EQ, .name = name_, .a = column_, .b = column_, .via = "event_id" }
/* What a kind does to a cell. */
#define OF_KIND(kind_, name_, rule_kind_, a_, b_)                                                            \
    { .kind = rule_kind_, .name = name_, .a = a_, .b = b_, .when = "kind", .is = kind_ }

static const struct sg_rule rules[] = {
    AS_EVENT("anomaly_device_is_events", "device_id"),
    AS_EVENT("anomaly_account_is_events", "account_id"),
    AS_EVENT("anomaly_timestamp_is_events", "timestamp"),
    AS_EVENT("anomaly_volume_is_events", "volume_ml"),
    AS_EVENT("anomaly_temperature_is_events", "temperature_deci_c"),
    AS_EVENT("anomaly_duration_is_events", "duration_deci_s"),
    OF_KIND("warm_line", "warm_line_is_warmer", SG_RULE_LT, "usual_temperature_deci_c", "temperature_deci_c"),
    OF_KIND("foaming", "foaming_pours_less", SG_RULE_LE, "volume_ml", "usual_volume_ml"),
    OF_KIND("foaming", "foaming_takes_longer", SG_RULE_LT, "usual_duration_deci_s", "duration_deci_s"),
    {.kind = SG_RULE_RANGE,
     .name = "stuck_valve_is_open_for_a_minute",
     .a = "duration_deci_s",
     .low = 600,
     .high = INT16_MAX,
     .when = "kind",
     .is = "stuck_valve"},
    OF_KIND("over_pour", "over_pour_is_more", SG_RULE_LE, "usual_volume_ml", "volume_ml"),
    {.kind = SG_RULE_RANGE,
     .name = "dropout_has_no_volume",
     .a = "volume_ml",
     .when = "kind",
     .is = "sensor_dropout"},
    {.kind = SG_RULE_RANGE,
     .name = "dropout_temperature_at_bottom",
     .a = "temperature_deci_c",
     .low = -50,
     .high = -50,
     .when = "kind",
     .is = "sensor_dropout"},
    OF_KIND("late_delivery", "late_delivery_is_earlier", SG_RULE_LE, "timestamp", "usual_timestamp"),
    {.kind = SG_RULE_NULL,
     .name = "others_repeat_nothing",
     .a = "original_event_id",
     .when = "kind",
     .is = "warm_line|foaming|stuck_valve|over_pour|sensor_dropout|late_delivery"},
    {.kind = SG_RULE_LINEAR,
     .name = "duplicate_repeats_the_event_before",
     .a = "original_event_id",
     .b = "event_id - original_event_id",
     .low = 1,
     .high = 1},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "duplicate_timestamp_is_originals",
     .a = "timestamp",
     .b = "timestamp",
     .via = "original_event_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "duplicate_volume_is_originals",
     .a = "volume_ml",
     .b = "volume_ml",
     .via = "original_event_id"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_anomalies_before(world, bs_tap_rows(world, bs_tap_weight_before(world, unit)));
}

static enum sg_code add_row(const struct bs_account *account, const struct bs_device *device,
                            const struct bs_tap_label *label, struct sg_emitter *e, struct sg_error *err) {
    const struct bs_tap_row *usual = &label->usual, *observed = &label->observed;
    size_t room;
    SG_TRY(sg_emitter_room(e, &room, err));
    sg_set_i64(e, EVENT_ID, (int64_t)label->row + 1);
    sg_set_enum(e, KIND, label->kind);
    sg_set_i32(e, DEVICE_ID, (int32_t)device->number + 1);
    sg_set_i32(e, ACCOUNT_ID, (int32_t)account->number + 1);
    sg_set_i64(e, TIMESTAMP, observed->at);
    sg_set_i64(e, USUAL_TIMESTAMP, usual->at);
    sg_set_i32(e, VOLUME_ML, observed->volume_ml);
    sg_set_i32(e, USUAL_VOLUME_ML, usual->volume_ml);
    sg_set_i16(e, TEMPERATURE, observed->temperature_deci_c);
    sg_set_i16(e, USUAL_TEMPERATURE, usual->temperature_deci_c);
    sg_set_i16(e, DURATION, observed->duration_deci_s);
    sg_set_i16(e, USUAL_DURATION, usual->duration_deci_s);
    if (label->original)
        sg_set_i64(e, ORIGINAL_EVENT_ID, (int64_t)label->original);
    else
        sg_set_null(e, ORIGINAL_EVENT_ID);
    sg_emitter_advance(e, 1);
    return SG_OK;
}

/* All rows of the device are filled, its labels kept. */
static enum sg_code add_device(const struct sg_world *world, const struct bs_account *account,
                               const struct bs_device *device, uint64_t row, uint64_t row_end,
                               struct sg_emitter *emitter, struct sg_error *err) {
    struct bs_tap_schedule schedule;
    struct bs_tap_label labels[BS_TAP_LABELS_MAX];
    int64_t timestamp[BS_TAP_CHUNK];
    int32_t volume_ml[BS_TAP_CHUNK];
    int16_t type[BS_TAP_CHUNK], product[BS_TAP_CHUNK], temperature[BS_TAP_CHUNK], duration[BS_TAP_CHUNK];
    size_t count;
    const struct bs_tap_columns out = {timestamp,   volume_ml, type,   product,
                                       temperature, duration,  labels, &count};
    bs_tap_schedule(world, account, device, row, row_end, &schedule);
    while (schedule.row < schedule.row_end) {
        uint64_t left = schedule.row_end - schedule.row;
        count = 0;
        bs_tap_fill(world, &schedule, left < BS_TAP_CHUNK ? (size_t)left : BS_TAP_CHUNK, &out);
        for (size_t i = 0; i < count; i++)
            SG_TRY(add_row(account, device, &labels[i], emitter, err));
    }
    return SG_OK;
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *emitter, struct sg_error *err) {
    return bs_each_tap_device(world, unit_first, unit_end, add_device, emitter, err);
}

const struct bs_table_logic bs_table_anomaly_labels = {
    .declaration = {.name = "anomaly_labels",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMNS,
                    .key = {"event_id"},
                    SG_ARRAY(foreign_keys, foreign_key_count, foreign_keys),
                    SG_ARRAY(rules, rule_count, rules),
                    .of_anomalies = true,
                    .row_text_bytes = 110,
                    .note =
                        "Runs with --anomalies RATE only: the anomalous tap events, exactly that share of "
                        "all, with their kind and what they would have been."},
    .rows_before = rows_before,
    .generate = generate,
};
