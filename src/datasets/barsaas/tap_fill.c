/* Rows of one device in columns: kernels for what every event has, a scalar pass for the few that are no
 * pours. One Philox block a row: word 0 the time, word 1 product and kind, word 2 volume, word 3 temperature
 * and duration. */
#include "datasets/barsaas/iot.h"

#include <string.h>

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
    uint32_t code[BS_TAP_CHUNK]; /* place in the line-up */
    uint32_t spare[BS_TAP_CHUNK + SG_STRATA_PADDING];
    int16_t product[BS_TAP_CHUNK];
};

static void fill_times(const struct sg_world *world, struct bs_tap_schedule *schedule, size_t rows,
                       struct scratch *t, int64_t *timestamp) {
    const struct bs_tap_profile *profile = &world->iot->profile;
    struct sg_strata strata = {.run = schedule->run,
                               .length = schedule->length,
                               .next = schedule->day,
                               .curves = {profile->hours, BS_CURVE_BITS, profile->hours_packed, 0},
                               .origin = profile->window,
                               .from = schedule->from,
                               .last = schedule->to - 1};
    world->kernels->strata(&strata, t->word[0], rows, t->spare, timestamp);
    schedule->day = strata.next;
}

static void fill_pours(const struct sg_world *world, const struct bs_tap_schedule *schedule, size_t rows,
                       struct scratch *t, const struct bs_tap_columns *out) {
    const struct sg_kernels *k = world->kernels;
    k->choice(&schedule->line_up, &schedule->product, t->word[1], rows, t->code,
              out->product ? out->product : t->product);
    k->shaped(&schedule->volume_ml, t->code, t->word[2], rows, out->volume_ml);
    k->fill16(BS_TAP_POUR, rows, out->type);
    if (!out->product) return;
    k->shaped16(&schedule->temperature_deci_c, t->code, t->word[3], rows, out->temperature_deci_c);
    k->stretched16(&schedule->duration_deci_s, t->code, out->volume_ml, t->word[3], rows,
                   out->duration_deci_s);
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
    size_t count =
        world->kernels->find_low16(t->word[1], schedule->worn_error_share + others, rows, t->spare);
    for (size_t f = 0; f < count; f++) {
        uint32_t i = t->spare[f];
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
