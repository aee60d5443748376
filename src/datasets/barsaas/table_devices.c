/* devices: what is installed at the locations. */
#include <stdio.h>

#include "base/calendar.h"
#include "datasets/barsaas/core.h"
#include "datasets/barsaas/labels.h"
#include "datasets/barsaas/tables.h"

enum column {
    ID,
    ACCOUNT_ID,
    LOCATION_ID,
    SERIAL,
    TYPE,
    MANUFACTURER,
    MODEL,
    FIRMWARE,
    STATUS,
    IS_ACTIVE,
    INSTALLED_AT,
    LAST_SEEN_AT,
    LAST_SERVICE_AT,
    WARRANTY_UNTIL,
    PRICE,
    COLUMN_COUNT
};

enum type { TAP_CONTROLLER, SENSOR, GATEWAY };
static const char *const type_names[] = {"tap_controller", "sensor", "gateway"};
static const struct sg_enum types = {"device_type", type_names, 3};

enum manufacturer { TAPLYTICS, FLOWRIGHT, KEGSENSE, MANUFACTURERS };
static const char *const manufacturer_names[] = {"Taplytics", "FlowRight", "KegSense"};
static const struct sg_enum manufacturers = {"device_manufacturer", manufacturer_names, MANUFACTURERS};

enum { MODELS = 8, FIRMWARES = 12, WARRANTY_MONTHS = 36, SERVICE_DAYS = 210, SERIAL_BYTES = 16 };
enum { SERIALS = 1000000000, SERVICE_OPENS = 7, SERVICE_HOURS = 10 };

/* `early` and `late` are weights out of 100 at the start and at the end of the five years. */
struct model {
    const char *serial;
    uint8_t type, manufacturer;
    uint32_t early, late;
    int32_t price_cents;
};

static const struct model models[MODELS] = {
    {"TC", TAP_CONTROLLER, TAPLYTICS, 44, 6, 54900}, {"TD", TAP_CONTROLLER, TAPLYTICS, 4, 34, 59900},
    {"FL", TAP_CONTROLLER, FLOWRIGHT, 22, 8, 47900}, {"FM", TAP_CONTROLLER, FLOWRIGHT, 2, 22, 51900},
    {"FS", SENSOR, FLOWRIGHT, 12, 4, 18900},         {"KS", SENSOR, KEGSENSE, 6, 14, 21900},
    {"KG", GATEWAY, KEGSENSE, 8, 4, 89900},          {"KH", GATEWAY, KEGSENSE, 2, 8, 94900},
};
static const char *const model_names[MODELS] = {"TapControl 2",     "TapControl 3",         "FlowValve L",
                                                "FlowValve M",      "FlowSense Clip",       "KegSense Inline",
                                                "KegSense Gateway", "KegSense Gateway Plus"};
static const struct sg_enum model_labels = {"device_model", model_names, MODELS};

/* In order of release, one about every five months. */
static const char *const firmware_names[FIRMWARES] = {"2.8.1", "2.9.0", "3.0.2", "3.1.0", "3.2.4", "3.3.1",
                                                      "4.0.0", "4.0.3", "4.1.2", "4.2.0", "4.3.1", "5.0.1"};
static const struct sg_enum firmwares = {"firmware_version", firmware_names, FIRMWARES};

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id", .type = SG_I32, .origin = {0, 0, "key"}, .note = "Dense from 1, by location."},
    [ACCOUNT_ID] = {.name = "account_id",
                    .type = SG_I32,
                    .origin = {0, 0, "the location's"},
                    .note = "The account."},
    [LOCATION_ID] = {.name = "location_id",
                     .type = SG_I32,
                     .origin = {0, 0, "counts per location by quota"},
                     .note = "The location, for the device's whole life."},
    [SERIAL] = {.name = "serial_number",
                .type = SG_TEXT,
                .length_max = 16,
                .origin = {0, 0, "model, year of installation, digits by a permutation of devices"},
                .note = "Serial number, unique."},
    [TYPE] = {.name = "device_type",
              .type = SG_ENUM,
              .labels = &types,
              .origin = {0, 0, "the model's"},
              .note =
                  "Controller of a tap, clip-on sensor, or gateway with its own meters; all report pours."},
    [MANUFACTURER] = {.name = "manufacturer",
                      .type = SG_ENUM,
                      .labels = &manufacturers,
                      .origin = {0, 0, "the model's"},
                      .note = "Maker."},
    [MODEL] = {.name = "model",
               .type = SG_ENUM,
               .labels = &model_labels,
               .origin = {BS_STREAM_HARDWARE, 0, "weights that move from old to new models over the years"},
               .note = "Model."},
    [FIRMWARE] = {.name = "firmware_version",
                  .type = SG_ENUM,
                  .labels = &firmwares,
                  .origin = {BS_STREAM_HARDWARE, 1, "newest when last seen, 30 % one and 10 % two behind"},
                  .note = "Firmware it last reported."},
    [STATUS] = {.name = "status",
                .type = SG_ENUM,
                .labels = &bs_device_status_labels,
                .origin = {0, 0, "quota 85/10/5 over a permutation of the living accounts' devices"},
                .note = "online, offline or maintenance; offline for lost accounts."},
    [IS_ACTIVE] = {.name = "is_active",
                   .type = SG_BOOL,
                   .origin = {0, 0, "the account's"},
                   .note = "False once the account is lost."},
    [INSTALLED_AT] = {.name = "installed_at",
                      .type = SG_TIMESTAMP,
                      .origin = {BS_STREAM_STATE, 0, "first 60 days of the location, 22 % later"},
                      .note = "Installation."},
    [LAST_SEEN_AT] = {.name = "last_seen_at",
                      .type = SG_TIMESTAMP,
                      .origin = {BS_STREAM_STATE, 2,
                                 "minutes before now; offline 6 hours to 4 months, log-uniform"},
                      .note = "Last sign of life."},
    [LAST_SERVICE_AT] = {.name = "last_service_at",
                         .type = SG_TIMESTAMP,
                         .nullable = true,
                         .origin = {BS_STREAM_HARDWARE, 2, "uniform in the last 210 days in use"},
                         .note = "Last visit of a technician; NULL before the first."},
    [WARRANTY_UNTIL] = {.name = "warranty_until",
                        .type = SG_DATE,
                        .origin = {0, 0, "36 months after installation"},
                        .note = "End of warranty; may lie ahead."},
    [PRICE] = {.name = "purchase_price",
               .type = SG_DECIMAL,
               .precision = 8,
               .scale = 2,
               .origin = {BS_STREAM_HARDWARE, 3, "the model's list price less 0 to 15 %"},
               .note = "Price paid in dollars."},
};

static const struct sg_foreign_key foreign_keys[] = {{"account_id", "accounts", "id", SG_CASCADE},
                                                     {"location_id", "locations", "id", SG_CASCADE}};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "device_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "device_serials_unique", .a = "serial_number"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "device_account_of_location",
     .a = "account_id",
     .b = "account_id",
     .via = "location_id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "device_count_of_location", .b = "device_count", .via = "location_id"},
    {.kind = SG_RULE_COUNT_EQ, .name = "device_count_of_account", .b = "device_count", .via = "account_id"},
    {.kind = SG_RULE_LE, .name = "device_installed_before_seen", .a = "installed_at", .b = "last_seen_at"},
    {.kind = SG_RULE_LE,
     .name = "device_installed_before_service",
     .a = "installed_at",
     .b = "last_service_at"},
    {.kind = SG_RULE_IN,
     .name = "device_of_lost_account_offline",
     .a = "status",
     .b = "offline",
     .when = "is_active",
     .is = "false"},
    {.kind = SG_RULE_PAST, .name = "device_seen_in_past", .a = "last_seen_at"},
    {.kind = SG_RULE_PAST, .name = "device_service_in_past", .a = "last_service_at"},
    {.kind = SG_RULE_PARENT_GE,
     .name = "device_not_before_location",
     .a = "installed_at",
     .b = "created_at",
     .via = "location_id"},
    {.kind = SG_RULE_PARENT_LE,
     .name = "device_seen_not_after_account",
     .a = "last_seen_at",
     .b = "ended_at",
     .via = "account_id"},
    {.kind = SG_RULE_PARENT_EQ,
     .name = "device_active_with_account",
     .a = "is_active",
     .b = "is_active",
     .via = "account_id"},
};

static const struct sg_index indexes[] = {{"devices_account", "account_id", false, false},
                                          {"devices_location", "location_id", false, false}};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return bs_children_before(world, unit, BS_AT_DEVICES);
}

/* Which part of the five years has passed at an instant, Q16. */
static uint32_t progress(const struct sg_world *world, int64_t instant) {
    int64_t first = world->core->anniversary[0];
    return (uint32_t)(((instant - first) << 16) / (world->as_of - first));
}

static uint16_t model_at(uint32_t progress_q16, uint32_t word) {
    uint32_t weights[MODELS], total = 0;
    for (int m = 0; m < MODELS; m++) {
        weights[m] = models[m].early * (65536 - progress_q16) + models[m].late * progress_q16;
        total += weights[m];
    }
    return (uint16_t)sg_pick(word, weights, MODELS, total);
}

static uint16_t firmware_at(uint32_t progress_q16, uint32_t word) {
    int32_t newest = (int32_t)(progress_q16 * FIRMWARES >> 16), share = (int32_t)sg_below(word, 100);
    int32_t version = newest - (share < 60 ? 0 : share < 90 ? 1 : 2);
    return (uint16_t)(version < 0 ? 0 : version >= FIRMWARES ? FIRMWARES - 1 : version);
}

static void fill_hardware(const struct sg_world *world, const struct bs_device *device,
                          const struct sg_permutation *serials, struct sg_emitter *e) {
    struct sg_block w = sg_draw(&world->core->devices, device->number, BS_STREAM_HARDWARE, 0);
    uint16_t m = model_at(progress(world, device->installed), w.w[0]);
    int32_t day = sg_day_of(device->installed);
    char serial[SERIAL_BYTES + 1];
    int length =
        snprintf(serial, sizeof serial, "%s%02u-%09u", models[m].serial,
                 (unsigned)sg_civil_from_day(day).year % 100, (unsigned)sg_permute(serials, device->number));
    sg_set_text(e, SERIAL, serial, (size_t)length);
    sg_set_enum(e, TYPE, models[m].type);
    sg_set_enum(e, MANUFACTURER, models[m].manufacturer);
    sg_set_enum(e, MODEL, m);
    sg_set_enum(e, FIRMWARE, firmware_at(progress(world, device->last_seen), w.w[1]));
    sg_set_date(e, WARRANTY_UNTIL, sg_add_months(day, WARRANTY_MONTHS));
    sg_set_i64(e, PRICE, models[m].price_cents * (int64_t)(100 - sg_below(w.w[3], 16)) / 100);
}

/* Devices in maintenance are at it since they were last seen. */
static void fill_service(const struct sg_world *world, const struct bs_account *a,
                         const struct bs_device *device, struct sg_emitter *e) {
    struct sg_block w = sg_draw(&world->core->devices, device->number, BS_STREAM_HARDWARE, 0);
    int64_t ago = (int64_t)((uint64_t)SERVICE_DAYS * SG_DAY_S * w.w[2] >> 32);
    int64_t at = bs_office_hours(a->locations[device->location].zone, device->last_seen - ago, SERVICE_OPENS,
                                 SERVICE_HOURS, true, device->installed, device->last_seen);
    sg_set_i64(e, LAST_SERVICE_AT, device->status == BS_MAINTENANCE ? device->last_seen : at);
    if (device->status != BS_MAINTENANCE && at <= device->installed) sg_set_null(e, LAST_SERVICE_AT);
}

static void fill(const struct sg_world *world, const struct bs_account *a, unsigned k,
                 const struct sg_permutation *serials, struct sg_emitter *e) {
    struct bs_device device;
    bs_device_get(world, a, k, &device);
    sg_set_i32(e, ID, (int32_t)(device.number + 1));
    sg_set_i32(e, ACCOUNT_ID, (int32_t)(a->number + 1));
    sg_set_i32(e, LOCATION_ID, (int32_t)(a->location_first + device.location + 1));
    fill_hardware(world, &device, serials, e);
    fill_service(world, a, &device, e);
    sg_set_enum(e, STATUS, device.status);
    sg_set_bool(e, IS_ACTIVE, device.active);
    sg_set_i64(e, INSTALLED_AT, device.installed);
    sg_set_i64(e, LAST_SEEN_AT, device.last_seen);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    struct sg_permutation serials = sg_permutation(SERIALS, world->run.seed, BS_DATASET_ID, BS_PERM_SERIAL);
    struct bs_account account;
    size_t room;
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        bs_account_get(world, unit, &account);
        for (unsigned k = 0; k < account.device_count; k++) {
            SG_TRY(sg_emitter_room(e, &room, err));
            fill(world, &account, k, &serials, e);
            sg_emitter_advance(e, 1);
        }
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_devices = {
    .declaration = {.name = "devices",
                    .domain = BS_ACCOUNT,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    .foreign_keys = foreign_keys,
                    .foreign_key_count = 2,
                    SG_ARRAY(rules, rule_count, rules),
                    .indexes = indexes,
                    .index_count = 2,
                    .row_text_bytes = 190,
                    .text_bytes_max = SERIAL_BYTES,
                    .note = "Tap controllers, sensors and gateways."},
    .rows_before = rows_before,
    .generate = generate,
};
