/* Rows of one device in columns: kernels for what every event has, a scalar pass for the few that are no
 * pours. One Philox block a row: word 0 the time, word 1 product and kind, word 2 volume, word 3 temperature
 * and duration. */
#include "datasets/barsaas/iot.h"

#include <string.h>

enum { VOLUME_MAX_ML = 4000, CHUNK = BS_TAP_CHUNK + SG_RUNS_PADDING };
enum { VALVE_DECI_S = 4 }; /* the valve opens and closes whatever the volume */
enum { SLOT_BITS = 6, TEMPERATURE_MIN = -50, TEMPERATURE_MAX = 400 };

/* Ranges of the others, in tenths: duration in seconds, temperature in degrees (low = high: the product's).
 */
static const struct kind {
    int16_t duration_low, duration_high;
    int16_t temperature_low, temperature_high;
} kinds[] = {
    [BS_TAP_CLEAN] = {3000, 9000, 160, 240},
    [BS_TAP_ERROR] = {5, 80, 0, 0},
    [BS_TAP_MAINTENANCE] = {6000, 27000, 0, 0},
    [BS_TAP_CALIBRATION] = {300, 1800, 0, 0},
};

struct scratch {
    uint32_t word[4][BS_TAP_CHUNK];
    uint32_t low[CHUNK], step[CHUNK], curve[CHUNK];
    int32_t base[CHUNK];
    uint32_t product[BS_TAP_CHUNK], half[BS_TAP_CHUNK];
    int32_t value[BS_TAP_CHUNK], other[BS_TAP_CHUNK];
};

static void fill_times(const struct sg_world *world, struct bs_tap_schedule *schedule, size_t rows,
                       struct scratch *t, int64_t *timestamp) {
    const struct sg_kernels *k = world->kernels;
    const struct bs_tap_profile *profile = &world->iot->profile;
    const struct sg_runs runs = {schedule->length, schedule->low, schedule->step, schedule->curve,
                                 schedule->base};
    const struct sg_curves hours = {profile->hours, BS_CURVE_BITS};
    k->runs(&runs, &schedule->cursor, rows, t->low, t->step, t->curve, t->base);
    k->within(t->word[0], t->low, t->step, rows, t->half);
    k->quantile(&hours, t->curve, t->half, rows, t->value);
    k->instants(profile->window, t->base, t->value, schedule->from, schedule->to - 1, rows, timestamp);
}

static void fill_pours(const struct sg_world *world, const struct bs_tap_schedule *schedule, size_t rows,
                       struct scratch *t, const struct bs_tap_columns *out) {
    const struct sg_kernels *k = world->kernels;
    const struct bs_tap_profile *profile = &world->iot->profile;
    const struct sg_curves pours = {profile->pours, BS_CURVE_BITS}, drag = {profile->drag, BS_CURVE_BITS},
                           normal = {sg_normal_table, 10};
    k->slots(schedule->slots, SLOT_BITS, t->word[1], rows, t->product);
    k->lookup(profile->pour_start, t->product, rows, (int32_t *)t->half);
    k->quantile(&pours, t->half, t->word[2], rows, t->value);
    k->proportional(profile->pour_ml, t->product, t->value, 0, 1, VOLUME_MAX_ML, rows, out->volume_ml);
    k->fill16(BS_TAP_POUR, rows, out->type);
    if (!out->product) return;
    k->narrow16((const int32_t *)t->product, 0, INT16_MAX, rows, out->product);
    k->quantile(&normal, NULL, t->word[3], rows, t->value);
    k->scaled(schedule->temperature, profile->spread, t->product, t->value, TEMPERATURE_MIN, TEMPERATURE_MAX,
              rows, t->other);
    k->narrow16(t->other, TEMPERATURE_MIN, TEMPERATURE_MAX, rows, out->temperature_deci_c);
    k->low16(t->word[3], rows, t->half);
    k->proportional(profile->deci_s_per_ml_q16, t->product, out->volume_ml, VALVE_DECI_S, 1, INT16_MAX, rows,
                    t->other);
    k->quantile(&drag, NULL, t->half, rows, t->value);
    k->stretched(t->other, t->value, rows, t->value);
    k->narrow16(t->value, 1, INT16_MAX, rows, out->duration_deci_s);
}

/* By counting the limits that a share has passed: no branch could foresee it. */
static int kind_of(uint32_t share, uint32_t errors) {
    static const int8_t by_passed[] = {BS_TAP_ERROR, BS_TAP_CLEAN, BS_TAP_MAINTENANCE, BS_TAP_CALIBRATION,
                                       BS_TAP_POUR};
    uint32_t clean = errors + BS_TAP_CLEAN_SHARE, maintenance = clean + BS_TAP_MAINTENANCE_SHARE;
    return by_passed[(share >= errors) + (share >= clean) + (share >= maintenance) +
                     (share >= maintenance + BS_TAP_CALIBRATION_SHARE)];
}

static void mend_row(const struct bs_tap_columns *out, size_t i, int type, uint32_t word2, uint32_t word3) {
    const struct kind *kind = &kinds[type];
    out->type[i] = (int16_t)type;
    out->volume_ml[i] = 0;
    if (!out->product) return;
    out->duration_deci_s[i] = (int16_t)sg_between(word2, kind->duration_low, kind->duration_high);
    int32_t temperature = sg_between(word3, kind->temperature_low, kind->temperature_high);
    out->temperature_deci_c[i] =
        kind->temperature_low < kind->temperature_high ? (int16_t)temperature : out->temperature_deci_c[i];
}

/* Turns the few rows that are no pours into what they are. */
static void mend(const struct sg_world *world, const struct bs_tap_schedule *schedule, size_t rows,
                 struct scratch *t, const struct bs_tap_columns *out) {
    const uint32_t others = BS_TAP_CLEAN_SHARE + BS_TAP_MAINTENANCE_SHARE + BS_TAP_CALIBRATION_SHARE;
    const int64_t worn_from = world->iot->profile.window + schedule->worn_from;
    size_t count = world->kernels->find_low16(t->word[1], schedule->worn_error_share + others, rows, t->half);
    for (size_t f = 0; f < count; f++) {
        uint32_t i = t->half[f];
        uint32_t errors = out->timestamp[i] < worn_from ? schedule->error_share : schedule->worn_error_share;
        int type = kind_of(t->word[1][i] & 0xFFFF, errors);
        if (type != BS_TAP_POUR) mend_row(out, i, type, t->word[2][i], t->word[3][i]);
    }
}

void bs_tap_fill(const struct sg_world *world, struct bs_tap_schedule *schedule, size_t rows,
                 const struct bs_tap_columns *columns) {
    struct scratch t;
    world->kernels->philox(&world->iot->source, schedule->row, BS_TAP_ROW, 0, rows, t.word[0], t.word[1],
                           t.word[2], t.word[3]);
    fill_times(world, schedule, rows, &t, columns->timestamp);
    fill_pours(world, schedule, rows, &t, columns);
    mend(world, schedule, rows, &t, columns);
    if (world->iot->anomalies.count) bs_tap_distort(world, schedule, rows, columns);
    schedule->row += rows;
}
