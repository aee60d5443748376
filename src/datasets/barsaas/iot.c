/* The taps part: sizes of tap_events and device_health and the prefix sums their rows are found by. */
#include "datasets/barsaas/iot.h"

#include <stdlib.h>

#include "datasets/barsaas/survey.h"

enum { FIELD_WEIGHT, FIELD_HEALTH_ROWS, FIELDS };

unsigned bs_health_weeks(const struct sg_world *world, const struct bs_device *device, int32_t *monday,
                         int64_t *from, int64_t *to) {
    int64_t window = world->iot->profile.window;
    *from = device->installed > window ? device->installed : window;
    *to = device->end < world->as_of ? device->end : world->as_of;
    if (*from >= *to) return 0;
    int32_t first = sg_day_of(*from), last = sg_day_of(*to - 1);
    *monday = first - sg_weekday(first);
    return (unsigned)(last - *monday) / 7 + 1;
}

static void add_device(const struct sg_world *world, const struct bs_device *device, uint64_t *counts) {
    int32_t monday;
    int64_t from, to;
    counts[FIELD_WEIGHT] += bs_tap_weight(world, device);
    counts[FIELD_HEALTH_ROWS] += bs_health_weeks(world, device, &monday, &from, &to);
}

void bs_survey_taps(const struct sg_world *world, const struct bs_surveyed *company, uint64_t *sums) {
    for (unsigned k = 0; k < company->account.device_count; k++)
        add_device(world, &company->devices[k], sums + BS_AT_TAPS);
}

/* sg_count_fn */
static void count_account(const void *context, uint64_t unit, uint64_t *counts) {
    const struct sg_world *world = context;
    struct bs_account account;
    struct bs_device device;
    bs_account_get(world, unit, &account);
    counts[FIELD_WEIGHT] = counts[FIELD_HEALTH_ROWS] = 0;
    for (unsigned k = 0; k < account.device_count; k++) {
        bs_device_get(world, &account, k, &device);
        add_device(world, &device, counts);
    }
}

uint64_t bs_tap_rows(const struct sg_world *world, uint64_t weight) {
    return sg_share(world->sizes.rows[BS_TAP_EVENTS], weight, world->iot->weight_total);
}

uint64_t bs_tap_weight_before(const struct sg_world *world, uint64_t unit) {
    uint64_t before[FIELDS];
    sg_prefix_before(&world->iot->prefix, unit, before);
    return before[FIELD_WEIGHT];
}

enum sg_code bs_each_tap_device(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                                bs_tap_device_fn *add, struct sg_emitter *emitter, struct sg_error *err) {
    uint64_t weight = bs_tap_weight_before(world, unit_first);
    uint64_t row = bs_tap_rows(world, weight);
    for (uint64_t unit = unit_first; unit < unit_end; unit++) {
        struct bs_account account;
        bs_account_get(world, unit, &account);
        for (unsigned k = 0; k < account.device_count; k++) {
            struct bs_device device;
            bs_device_get(world, &account, k, &device);
            weight += bs_tap_weight(world, &device);
            uint64_t row_end = bs_tap_rows(world, weight);
            SG_TRY(add(world, &account, &device, row, row_end, emitter, err));
            row = row_end;
        }
    }
    return SG_OK;
}

uint64_t bs_health_rows_before(const struct sg_world *world, uint64_t unit) {
    uint64_t before[FIELDS];
    sg_prefix_before(&world->iot->prefix, unit, before);
    return before[FIELD_HEALTH_ROWS];
}

static void close_iot(struct sg_world *world) {
    if (!world->iot) return;
    bs_tap_profile_close(&world->iot->profile);
    free(world->iot);
    world->iot = NULL;
}

static enum sg_code prepare_iot(struct sg_world *world, struct sg_error *err) {
    struct bs_iot *iot = calloc(1, sizeof *iot);
    if (!iot) return sg_fail(err, SG_SYSTEM, "no memory for the plan of the taps");
    world->iot = iot;
    iot->source = sg_source(world->run.seed, BS_DATASET_ID, BS_TAP_EVENTS);
    return bs_tap_profile_open(world, &iot->profile, err);
}

static enum sg_code open_iot(struct sg_world *world, struct sg_error *err) {
    struct bs_iot *iot = world->iot;
    (void)err;
    iot->prefix = bs_survey_prefix(world, BS_AT_TAPS, FIELDS, count_account);
    iot->weight_total = sg_prefix_total(&iot->prefix, FIELD_WEIGHT);
    if (iot->weight_total == 0) world->sizes.rows[BS_TAP_EVENTS] = 0; /* no device ever poured */
    world->sizes.rows[BS_DEVICE_HEALTH] = sg_prefix_total(&iot->prefix, FIELD_HEALTH_ROWS);
    world->sizes.rows[BS_PRODUCTS] = BS_PRODUCT_COUNT;
    bs_anomalies_open(world, &iot->anomalies);
    return SG_OK;
}

const struct bs_part bs_iot_part = {"iot", prepare_iot, NULL, open_iot, close_iot};
