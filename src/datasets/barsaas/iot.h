/* Taps: when and what every device pours, recomputed from the device alone.
 *
 * A tap event belongs to a "service day" of its device: local 05:00 to 04:00 of the next morning, under the
 * local calendar date it began on. Service days neither overlap nor leave the zone's clock change inside
 * them, so that ascending (day, quantile of the day) gives ascending instants. A device's events are divided
 * among its service days by cumulative rounding of day weights; the j-th of k events of a day lies in the
 * j-th of k equal strata of the day's activity curve. Nothing is drawn twice, nothing sorted, nothing stored.
 *
 * Files: tap_profile.c the shared tables (calendar, curves, products), tap_schedule.c one device's days,
 * tap_fill.c its rows in columns, iot.c sizes and prefix sums.
 */
#ifndef SG_BARSAAS_IOT_H
#define SG_BARSAAS_IOT_H

#include "base/calendar.h"
#include "datasets/barsaas/anomaly.h"
#include "datasets/barsaas/barsaas.h"
#include "datasets/barsaas/products.h"
#include "reference/reference.h"

enum bs_tap_type { BS_TAP_POUR = 1, BS_TAP_CLEAN, BS_TAP_ERROR, BS_TAP_MAINTENANCE, BS_TAP_CALIBRATION };

enum {
    BS_SERVICE_DAYS = BS_TAP_DAYS + 1,
    BS_SERVICE_FROM_S = 5 * SG_HOUR_S, /* local second at which a service day begins ... */
    BS_SERVICE_TO_S = 28 * SG_HOUR_S,  /* ... and ends */
    BS_SERVICE_HOURS = 23,
    BS_DAY_CLASSES = 3, /* Monday to Thursday, Friday and Saturday, Sunday */
    BS_CURVE_BITS = 8,
    BS_CURVE_KNOTS = (1 << BS_CURVE_BITS) + 1,
    BS_NOISE_BLOCKS = 32, /* blocks of day noise of a device: 128 words, three bytes used of each */
    BS_LINEUP_MAX = 8,
    BS_TAP_LIFE_MIN_S = 6 * SG_HOUR_S, /* a shorter life inside the window has no events */
    BS_TAP_CHUNK = 256,                /* rows filled at a time */
    BS_DRAG_FLOOR = -(1 << 15),
    BS_TAP_LABELS_MAX = 64, /* most anomalies among them */
    BS_HEALTH_WEEKS_MAX = 53
};

/* Shares of events that are no pours, out of 65536. Errors are up to three times as many where there is
 * trouble, and some times that where a device wears out. */
enum {
    BS_TAP_CLEAN_SHARE = 983,
    BS_TAP_MAINTENANCE_SHARE = 197,
    BS_TAP_CALIBRATION_SHARE = 197,
    BS_TAP_ERROR_SHARE = 524, /* eight in a thousand */
    BS_TAP_WORN_ERRORS = 4,
    BS_TAP_OTHERS_MAX = BS_TAP_CLEAN_SHARE + BS_TAP_MAINTENANCE_SHARE + BS_TAP_CALIBRATION_SHARE +
                        3 * BS_TAP_ERROR_SHARE * BS_TAP_WORN_ERRORS
};

/* Streams of table tap_events. Stream 1 belongs to the row; the others to devices and accounts by number. */
enum bs_tap_stream { BS_TAP_ROW = 1, BS_TAP_DEVICE, BS_TAP_DAY_NOISE, BS_TAP_TROUBLE };

/* Shared tables of a world. Read-only after opening. */
struct bs_tap_profile {
    int64_t window; /* instant of the first tap day, as_of - 365 days; relative seconds count from here */
    int32_t day_start[SG_ZONE_COUNT][BS_SERVICE_DAYS];       /* relative second of the local midnight */
    uint16_t day_weight[BS_INDUSTRY_COUNT][BS_SERVICE_DAYS]; /* season x weekday x holiday, 256 = usual */
    uint8_t day_class[BS_SERVICE_DAYS];
    int32_t hours[BS_INDUSTRY_COUNT * BS_DAY_CLASSES * BS_CURVE_KNOTS]; /* local second by quantile */
    int32_t pours[BS_PRODUCT_CATEGORY_COUNT * BS_CURVE_KNOTS]; /* share of the full pour by quantile */
    int32_t drag[BS_CURVE_KNOTS]; /* how much longer a pour takes than its flow says, Q16 */
    uint32_t hours_packed[BS_INDUSTRY_COUNT * BS_DAY_CLASSES * BS_CURVE_KNOTS];
    uint32_t pours_packed[BS_PRODUCT_CATEGORY_COUNT * BS_CURVE_KNOTS], drag_packed[BS_CURVE_KNOTS];
    int32_t noise[1 << 8];   /* over-dispersion of days, 256 = mean */
    uint32_t reciprocal[64]; /* (2^32 - 1) / k */
    struct sg_alias popularity[BS_INDUSTRY_COUNT];
};

struct bs_iot {
    struct bs_tap_profile profile;
    struct sg_source source; /* of tap_events */
    struct sg_prefix prefix; /* over accounts: tap weight, device_health rows */
    uint64_t weight_total;
    struct bs_anomalies anomalies;
};

/* The days of one device and where its rows stand. */
struct bs_tap_schedule {
    uint64_t device;       /* 0-based number */
    uint64_t row, row_end; /* rows of tap_events, row = the next to fill */
    int32_t from, to;      /* active [from, to) in relative seconds */
    int32_t worn_from;     /* errors are frequent from here on (a device about to go offline) */
    uint32_t error_share, worn_error_share; /* out of 65536 */
    /* the line-up: who is poured, and how, by place in it */
    struct sg_choice line_up;
    struct sg_eight product; /* products.id */
    struct sg_shape volume_ml, temperature_deci_c;
    struct sg_stretch duration_deci_s;
    /* days with rows left, from `day` on */
    uint32_t day, length[BS_SERVICE_DAYS];
    struct sg_row_run run[BS_SERVICE_DAYS];
    /* for anomalies */
    uint64_t row_first;     /* of the device */
    uint64_t anomaly;       /* the next one */
    int64_t times[2];       /* undistorted instants of the two rows before `row` */
    struct bs_tap_row last; /* the row before `row` */
};

/* Columns to fill; temperature, duration and product may be NULL together when nobody wants them. */
struct bs_tap_columns {
    int64_t *timestamp;
    int32_t *volume_ml;
    int16_t *type, *product, *temperature_deci_c, *duration_deci_s;
    /* Anomalies of the rows filled are added here; NULL when nobody wants them. */
    struct bs_tap_label *labels; /* BS_TAP_LABELS_MAX */
    size_t *label_count;
};

/* tap_profile.c */
enum sg_code bs_tap_profile_open(const struct sg_world *world, struct bs_tap_profile *profile,
                                 struct sg_error *err);
void bs_tap_profile_close(struct bs_tap_profile *profile);

/* Pure. Share of the activity of a curve (BS_CURVE_KNOTS knots) before a local second, out of 2^32 - 1. */
uint32_t bs_curve_share(const int32_t *knots, int32_t second);

/* tap_schedule.c */
/* Pure. How much trouble an account's taps give, 0..65535, uniform: outages and errors follow it. */
uint32_t bs_account_trouble_q16(const struct sg_world *world, uint64_t account);

/* Pure. When a device pours inside the window, in relative seconds; false when it never does. */
bool bs_tap_life(const struct sg_world *world, const struct bs_device *device, int32_t *from, int32_t *to);

/* Pure. Relative number of events of a device; 0 when it has none. */
uint64_t bs_tap_weight(const struct sg_world *world, const struct bs_device *device);

/* Pure. The days of a device with rows [row, row_end) of tap_events. */
void bs_tap_schedule(const struct sg_world *world, const struct bs_account *account,
                     const struct bs_device *device, uint64_t row, uint64_t row_end,
                     struct bs_tap_schedule *schedule);

/* tap_fill.c */
/* Fills the next rows (at most BS_TAP_CHUNK and those left) and advances the schedule. Instants ascend, but
 * for late deliveries, which lie between the two events before. */
void bs_tap_fill(const struct sg_world *world, struct bs_tap_schedule *schedule, size_t rows,
                 const struct bs_tap_columns *columns);

/* iot.c */
/* Pure. Rows of tap_events that belong to cumulative weight [0, weight). */
uint64_t bs_tap_rows(const struct sg_world *world, uint64_t weight);
/* Pure. Cumulative weight of all devices of accounts [0, unit). */
uint64_t bs_tap_weight_before(const struct sg_world *world, uint64_t unit);

/* Adds the rows of a table that belong to one device, whose tap events are rows [row, row_end). */
typedef enum sg_code bs_tap_device_fn(const struct sg_world *world, const struct bs_account *account,
                                      const struct bs_device *device, uint64_t row, uint64_t row_end,
                                      struct sg_emitter *emitter, struct sg_error *err);
/* Calls `add` for every device of accounts [unit_first, unit_end). */
enum sg_code bs_each_tap_device(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                                bs_tap_device_fn *add, struct sg_emitter *emitter, struct sg_error *err);

/* Pure. Weeks of device_health of a device: day number of the first Monday, and their number (0 when the
 * device did not live inside the window). [*from, *to) receives its life in the window in instants. */
unsigned bs_health_weeks(const struct sg_world *world, const struct bs_device *device, int32_t *monday,
                         int64_t *from, int64_t *to);
/* Pure. Rows of device_health of accounts [0, unit). */
uint64_t bs_health_rows_before(const struct sg_world *world, uint64_t unit);

#endif
