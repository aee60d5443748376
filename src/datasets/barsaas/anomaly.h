/* Labelled anomalies among the tap events of a run with --anomalies.
 *
 * Their number is the run's share of all events, rounded. The rows are divided into as many strata, each of
 * which has one anomaly at a drawn place; kinds are a quota over a permutation. So any rank knows the
 * anomalies of any rows, and how many lie before a row, without looking at the others.
 *
 * An anomaly takes a usual pour and distorts it; the table anomaly_labels keeps both.
 */
#ifndef SG_BARSAAS_ANOMALY_H
#define SG_BARSAAS_ANOMALY_H

#include "datasets/barsaas/barsaas.h"

struct bs_tap_columns;
struct bs_tap_schedule;

enum bs_anomaly_kind {
    BS_WARM_LINE,          /* 8 to 20 degrees too warm */
    BS_FOAMING,            /* 20 to 60 % of the volume in 1.5 to 3 times the time */
    BS_STUCK_VALVE,        /* open a minute to ten longer, 1.5 to 4 times the volume */
    BS_OVER_POUR,          /* 2.5 to 4 times the volume, and time */
    BS_SENSOR_DROPOUT,     /* no volume, the temperature at the end of its scale */
    BS_LATE_DELIVERY,      /* arrives behind the event that followed it */
    BS_DUPLICATE_DELIVERY, /* the event before once more */
    BS_ANOMALY_KIND_COUNT
};
extern const uint32_t bs_anomaly_shares[BS_ANOMALY_KIND_COUNT]; /* percent */

/* What a tap reported: a row of tap_events without its keys. */
struct bs_tap_row {
    int64_t at;
    int32_t volume_ml;
    int16_t type, product, temperature_deci_c, duration_deci_s;
};

/* An anomaly of some row. */
struct bs_tap_label {
    uint64_t row;                      /* 0-based in tap_events */
    uint64_t original;                 /* duplicates: the row they repeat plus 1, else 0 */
    uint8_t kind;                      /* enum bs_anomaly_kind */
    struct bs_tap_row usual, observed; /* what the row would have been, and what it is */
};

struct bs_anomalies {
    uint64_t count, rows; /* anomalies among rows of tap_events */
    uint64_t kinds[BS_ANOMALY_KIND_COUNT];
    struct sg_permutation mix;
    struct sg_source source; /* of anomaly_labels */
};

/* Plans them; the size of tap_events is set. */
void bs_anomalies_open(const struct sg_world *world, struct bs_anomalies *anomalies);

/* Pure. Anomalies in rows [0, row), row being the first of a device or the number of all rows. */
uint64_t bs_anomalies_before(const struct sg_world *world, uint64_t row);

/* Distorts the rows [schedule->row, + rows) that were just filled, where they are anomalous, and leaves their
 * labels in columns->labels. Every chunk of a device passes here, in order. */
void bs_tap_distort(const struct sg_world *world, struct bs_tap_schedule *schedule, size_t rows,
                    const struct bs_tap_columns *columns);

#endif
