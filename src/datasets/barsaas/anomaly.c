/* Where anomalies lie, and what they do to a row. */
#include "datasets/barsaas/anomaly.h"

#include <string.h>

#include "datasets/barsaas/iot.h"

enum { MILLION = 1000000, CANDIDATES = 8 };
enum { STREAM_PLACE = 1, STREAM_EXTENT };
enum { VOLUME_MAX_ML = 4000, DURATION_MAX = INT16_MAX, SCALE_BOTTOM = -50, SCALE_TOP = 400 };
enum { LATE_WITHOUT_NEIGHBOUR_S = 600 };

const uint32_t bs_anomaly_shares[BS_ANOMALY_KIND_COUNT] = {
    [BS_WARM_LINE] = 20,      [BS_FOAMING] = 20,       [BS_STUCK_VALVE] = 10,        [BS_OVER_POUR] = 15,
    [BS_SENSOR_DROPOUT] = 15, [BS_LATE_DELIVERY] = 10, [BS_DUPLICATE_DELIVERY] = 10,
};

void bs_anomalies_open(const struct sg_world *world, struct bs_anomalies *anomalies) {
    const struct sg_run *run = &world->run;
    anomalies->rows = world->sizes.rows[BS_TAP_EVENTS];
    anomalies->count = sg_muldiv_round(anomalies->rows, run->anomalies_ppm, MILLION);
    anomalies->source = sg_source(run->seed, BS_DATASET_ID, BS_ANOMALY_LABELS);
    anomalies->mix = sg_permutation(anomalies->count, run->seed, BS_DATASET_ID, BS_ANOMALY_LABELS * 256);
    sg_quota(anomalies->count, bs_anomaly_shares, BS_ANOMALY_KIND_COUNT, anomalies->kinds);
}

static bool surely_pours(const struct sg_world *world, uint64_t row) {
    return (sg_draw(&world->iot->source, row, BS_TAP_ROW, 0).w[1] & 0xFFFF) >= BS_TAP_OTHERS_MAX;
}

/* The row of anomaly j: the first of eight places in its stratum at which a pour is sure. The stratum's last
 * row stays free, so that the anomaly may move on by one. */
static uint64_t place_of(const struct sg_world *world, uint64_t j) {
    const struct bs_anomalies *anomalies = &world->iot->anomalies;
    uint64_t low = sg_muldiv(j, anomalies->rows, anomalies->count);
    uint64_t high = sg_muldiv(j + 1, anomalies->rows, anomalies->count);
    uint32_t width = high - low > 1 ? (uint32_t)(high - low - 1) : 1;
    struct sg_block w[2] = {sg_draw(&anomalies->source, j, STREAM_PLACE, 0),
                            sg_draw(&anomalies->source, j, STREAM_PLACE, 1)};
    uint64_t row = low;
    for (int i = 0; i < CANDIDATES; i++) {
        row = low + sg_below(w[i / 4].w[i % 4], width);
        if (surely_pours(world, row)) break;
    }
    return row;
}

uint64_t bs_anomalies_before(const struct sg_world *world, uint64_t row) {
    const struct bs_anomalies *anomalies = &world->iot->anomalies;
    if (anomalies->count == 0) return 0;
    if (row == anomalies->rows) return anomalies->count;
    unsigned __int128 product = (unsigned __int128)(row + 1) * anomalies->count;
    uint64_t stratum = (uint64_t)((product - 1) / anomalies->rows);
    return stratum + (place_of(world, stratum) < row);
}

static struct bs_tap_row read_row(const struct bs_tap_columns *columns, size_t i) {
    struct bs_tap_row row = {
        .at = columns->timestamp[i], .volume_ml = columns->volume_ml[i], .type = columns->type[i]};
    if (!columns->product) return row;
    row.product = columns->product[i];
    row.temperature_deci_c = columns->temperature_deci_c[i];
    row.duration_deci_s = columns->duration_deci_s[i];
    return row;
}

static void write_row(const struct bs_tap_columns *columns, size_t i, const struct bs_tap_row *row) {
    columns->timestamp[i] = row->at;
    columns->volume_ml[i] = row->volume_ml;
    columns->type[i] = row->type;
    if (!columns->product) return;
    columns->product[i] = row->product;
    columns->temperature_deci_c[i] = row->temperature_deci_c;
    columns->duration_deci_s[i] = row->duration_deci_s;
}

static int32_t percent(int32_t value, int32_t part, int32_t most) {
    int64_t scaled = (int64_t)value * part / 100;
    return scaled < most ? (int32_t)scaled : most;
}

static int16_t longer(int16_t duration, int32_t part) {
    return (int16_t)percent(duration, part, DURATION_MAX);
}

/* Anomalies that the tap itself would show. */
static void distort_pour(int kind, struct sg_block w, struct bs_tap_row *row) {
    int32_t part, warm, open;
    switch (kind) {
    case BS_WARM_LINE:
        warm = row->temperature_deci_c + sg_between(w.w[0], 80, 200);
        row->temperature_deci_c = (int16_t)(warm < SCALE_TOP ? warm : SCALE_TOP);
        return;
    case BS_FOAMING:
        row->volume_ml = percent(row->volume_ml, sg_between(w.w[0], 20, 60), VOLUME_MAX_ML);
        row->duration_deci_s = longer(row->duration_deci_s, sg_between(w.w[1], 150, 300));
        return;
    case BS_STUCK_VALVE:
        open = row->duration_deci_s + sg_between(w.w[0], 600, 6000);
        row->duration_deci_s = (int16_t)(open < DURATION_MAX ? open : DURATION_MAX);
        row->volume_ml = percent(row->volume_ml, sg_between(w.w[1], 150, 400), VOLUME_MAX_ML);
        return;
    case BS_OVER_POUR:
        part = sg_between(w.w[0], 250, 400);
        row->volume_ml = percent(row->volume_ml, part, VOLUME_MAX_ML);
        row->duration_deci_s = longer(row->duration_deci_s, part);
        return;
    default:
        row->volume_ml = 0;
        row->temperature_deci_c = SCALE_BOTTOM;
    }
}

/* Between the two events before; behind the only one there is, a little before it. */
static int64_t late_instant(const struct sg_world *world, const struct bs_tap_schedule *schedule,
                            uint64_t before, const int64_t times[2], int64_t at) {
    int64_t begin = world->iot->profile.window + schedule->from;
    if (before == 0) return at;
    if (before > 1) return times[0] + (times[1] - times[0]) / 2;
    return times[1] - LATE_WITHOUT_NEIGHBOUR_S > begin ? times[1] - LATE_WITHOUT_NEIGHBOUR_S : begin;
}

/* Where anomaly j lies for the device in hand: its first event has none before it to repeat or to overtake,
 * so that the second takes its place. */
static uint64_t row_of(const struct sg_world *world, const struct bs_tap_schedule *schedule, uint64_t j) {
    uint64_t row = place_of(world, j);
    return row + (row == schedule->row_first && row + 1 < schedule->row_end);
}

/* Distorts row i of the chunk, anomaly j. `times` are the undistorted instants of the two rows before. */
static void distort_row(const struct sg_world *world, struct bs_tap_schedule *schedule, uint64_t j, size_t i,
                        const int64_t times[2], const struct bs_tap_columns *columns) {
    const struct bs_anomalies *anomalies = &world->iot->anomalies;
    uint64_t row = schedule->row + i, before = row - schedule->row_first;
    uint64_t slot = sg_permute(&anomalies->mix, j);
    struct bs_tap_label label = {
        .row = row,
        .kind = (uint8_t)sg_quota_class(slot, anomalies->kinds, BS_ANOMALY_KIND_COUNT),
        .usual = read_row(columns, i),
    };
    label.observed = label.usual;
    if (label.kind == BS_LATE_DELIVERY)
        label.observed.at = late_instant(world, schedule, before, times, label.usual.at);
    else if (label.kind != BS_DUPLICATE_DELIVERY)
        distort_pour(label.kind, sg_draw(&anomalies->source, j, STREAM_EXTENT, 0), &label.observed);
    else if (before > 0) {
        label.observed = i ? read_row(columns, i - 1) : schedule->last;
        label.original = row; /* the row before, counted from 1 */
    }
    write_row(columns, i, &label.observed);
    if (columns->labels && *columns->label_count < BS_TAP_LABELS_MAX)
        columns->labels[(*columns->label_count)++] = label;
}

void bs_tap_distort(const struct sg_world *world, struct bs_tap_schedule *schedule, size_t rows,
                    const struct bs_tap_columns *columns) {
    const uint64_t first = schedule->row, count = world->iot->anomalies.count;
    int64_t times[BS_TAP_CHUNK + 2];
    memcpy(times, schedule->times, sizeof schedule->times);
    memcpy(times + 2, columns->timestamp, rows * sizeof *times);
    for (; schedule->anomaly < count; schedule->anomaly++) {
        uint64_t row = row_of(world, schedule, schedule->anomaly);
        if (row >= first + rows) break;
        distort_row(world, schedule, schedule->anomaly, (size_t)(row - first), times + (row - first),
                    columns);
    }
    memcpy(schedule->times, times + rows, sizeof schedule->times);
    schedule->last = read_row(columns, rows - 1);
}
