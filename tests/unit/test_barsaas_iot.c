/* Tap events and device health of whole small worlds: exact counts, order and limits of time, weeks that sum
 * to events, uptime against its definition, the shape of the day and the year, and equal bytes from any
 * starting account and any build of the kernels.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "datasets/barsaas/iot.h"
#include "datasets/barsaas/tables.h"

/* Rows of a table, each column one array. */
struct rows {
    const struct sg_table *table;
    uint64_t row_first, count, capacity;
    void *column[16];
};

static enum sg_code collect(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct rows *rows = context;
    (void)err;
    if (rows->count == 0) rows->row_first = batch->row_first;
    assert_int_equal(batch->row_first, rows->row_first + rows->count);
    assert_true(rows->count + batch->rows <= rows->capacity);
    for (int c = 0; c < batch->table->column_count; c++) {
        size_t bytes = sg_type_bytes(batch->table->columns[c].type);
        memcpy((char *)rows->column[c] + rows->count * bytes, batch->vectors[c].data, batch->rows * bytes);
    }
    rows->count += batch->rows;
    return SG_OK;
}

static struct rows rows_of(const struct sg_world *world, uint16_t number, uint64_t first, uint64_t end) {
    struct sg_error err = {0};
    struct rows rows = {.table = bs_dataset.tables[number]};
    uint64_t before = bs_dataset.rows_before(world, number, first);
    rows.capacity = bs_dataset.rows_before(world, number, end) - before;
    for (int c = 0; c < rows.table->column_count; c++)
        rows.column[c] = calloc(rows.capacity + 1, sg_type_bytes(rows.table->columns[c].type));
    struct sg_emitter emitter;
    assert_int_equal(sg_emitter_open(&emitter, rows.table, collect, &rows, &err), SG_OK);
    sg_emitter_seek(&emitter, before);
    rows.row_first = before;
    assert_int_equal(bs_dataset.generate(world, number, first, end, &emitter, &err), SG_OK);
    assert_int_equal(sg_emitter_flush(&emitter, &err), SG_OK);
    sg_emitter_close(&emitter);
    assert_int_equal(rows.count, rows.capacity);
    return rows;
}

static void rows_free(struct rows *rows) {
    for (int c = 0; c < rows->table->column_count; c++)
        free(rows->column[c]);
}

#define CELL(rows_, ctype_, name_, i_)                                                                       \
    (((const ctype_ *)(rows_)->column[sg_column_index((rows_)->table, name_)])[i_])

static struct sg_world *world_of(uint64_t accounts, uint64_t seed, int32_t as_of_day) {
    struct sg_run run = {.seed = seed, .as_of_day = as_of_day, .units = accounts};
    struct sg_error err = {0};
    struct sg_world *world;
    if (bs_dataset.world_open(&run, &world, &err) != SG_OK) fail_msg("%s", err.text);
    return world;
}

/* Sizes, seeds and as-of days of the property tests: an ordinary day, both clock changes, a leap day, a
 * year's end. */
static const struct setting {
    uint64_t accounts, seed;
    struct sg_civil as_of;
} settings[] = {
    {1, 42, {2026, 11, 20}}, {1, 7, {2024, 2, 29}},     {2, 42, {2025, 3, 9}},  {5, 1, {2025, 11, 3}},
    {7, 99, {2026, 3, 10}},  {100, 42, {2026, 11, 20}}, {100, 3, {2026, 1, 1}}, {37, 5, {2024, 3, 1}},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

static struct sg_world *world_of_setting(const struct setting *s) {
    return world_of(s->accounts, s->seed, sg_day_from_civil(s->as_of.year, s->as_of.month, s->as_of.day));
}

/* Invented lives of any length and place in the window, with far more events than they would get: all rows
 * are planned, lie inside the life, ascend, and do not pile up at its edges. */
static void any_life_holds_its_events(void **state) {
    (void)state;
    enum { LIVES = 1500, EVENTS = 3000 };
    struct sg_world *world = world_of(50, 42, sg_day_from_civil(2026, 11, 20));
    struct sg_source source = sg_source(5, 250, 0);
    int64_t window = world->as_of - (int64_t)BS_TAP_DAYS * SG_DAY_S;
    static int64_t at[BS_TAP_CHUNK];
    static int32_t volume[BS_TAP_CHUNK];
    static int16_t type[BS_TAP_CHUNK];
    const struct bs_tap_columns out = {.timestamp = at, .volume_ml = volume, .type = type};
    for (uint64_t i = 0; i < LIVES; i++) {
        struct sg_block b = sg_draw(&source, i, 1, 0);
        struct bs_account account;
        struct bs_device device;
        bs_account_get(world, i % 50, &account);
        bs_device_get(world, &account, 0, &device);
        for (unsigned l = 0; l < account.location_count; l++)
            account.locations[l].zone = (uint8_t)(i % SG_ZONE_COUNT);
        device.number = i;
        int32_t length = sg_between(b.w[0], BS_TAP_LIFE_MIN_S, i % 3 ? 3 * SG_DAY_S : 300 * SG_DAY_S);
        device.installed = window + sg_between(b.w[1], 0, BS_TAP_DAYS * SG_DAY_S - length);
        device.end = i % 2 ? device.installed + length : world->as_of;
        device.last_seen = device.offline_since = device.installed + length;
        struct bs_tap_schedule schedule;
        bs_tap_schedule(world, &account, &device, i * 7919, i * 7919 + EVENTS, &schedule);
        int64_t last = device.installed;
        unsigned at_edges = 0;
        for (size_t rows; schedule.row < schedule.row_end;) {
            rows = (size_t)(schedule.row_end - schedule.row);
            if (rows > BS_TAP_CHUNK) rows = BS_TAP_CHUNK;
            bs_tap_fill(world, &schedule, rows, &out);
            for (size_t r = 0; r < rows; r++) {
                assert_true(at[r] >= last && at[r] < device.last_seen + 1 && at[r] < world->as_of);
                last = at[r];
                at_edges += at[r] == device.installed || at[r] >= device.last_seen - 1;
            }
        }
        assert_true(at_edges < EVENTS / 40);
    }
    bs_dataset.world_close(world);
}

/* What one device should have: its place and its limits. */
struct expectation {
    struct bs_device device;
    int32_t account, location;
    uint8_t zone, industry;
};

static struct expectation *expectations_of(const struct sg_world *world, uint64_t *count) {
    *count = world->sizes.rows[BS_DEVICES];
    struct expectation *all = calloc(*count + 1, sizeof *all);
    for (uint64_t a = 0; a < world->accounts; a++) {
        struct bs_account account;
        bs_account_get(world, a, &account);
        for (unsigned k = 0; k < account.device_count; k++) {
            struct expectation *e = &all[account.device_first + k];
            bs_device_get(world, &account, k, &e->device);
            e->account = (int32_t)a + 1;
            e->location = (int32_t)(account.location_first + e->device.location) + 1;
            e->zone = account.locations[e->device.location].zone;
            e->industry = account.industry;
        }
    }
    return all;
}

static void check_taps(const struct sg_world *world, const struct rows *taps, const struct expectation *all,
                       uint64_t devices) {
    int64_t last_time = 0;
    int32_t last_device = 0;
    for (uint64_t i = 0; i < taps->count; i++) {
        int32_t device = CELL(taps, int32_t, "device_id", i);
        int64_t at = CELL(taps, int64_t, "timestamp", i);
        int16_t type = CELL(taps, int16_t, "tap_type", i), product = CELL(taps, int16_t, "product_id", i);
        assert_true(CELL(taps, int64_t, "id", i) == (int64_t)i + 1);
        assert_in_range(device, 1, devices);
        const struct expectation *e = &all[device - 1];
        assert_int_equal(CELL(taps, int32_t, "account_id", i), e->account);
        assert_int_equal(CELL(taps, int32_t, "location_id", i), e->location);
        assert_true(device >= last_device);
        assert_true(device > last_device || at >= last_time);
        assert_true(at >= e->device.installed && at <= e->device.last_seen);
        assert_true(at < world->as_of && at >= world->as_of - (int64_t)BS_TAP_DAYS * SG_DAY_S);
        assert_true(at < e->device.end && at <= e->device.offline_since);
        assert_in_range(type, 1, 5);
        assert_in_range(product, 1, BS_PRODUCT_COUNT);
        assert_true((type == BS_TAP_POUR) == (CELL(taps, int32_t, "volume_ml", i) > 0));
        assert_true(CELL(taps, int16_t, "duration_deci_s", i) > 0);
        last_device = device;
        last_time = at;
    }
}

static void events_are_exact_and_in_order(void **state) {
    (void)state;
    for (size_t s = 0; s < SETTINGS; s++) {
        struct sg_world *world = world_of_setting(&settings[s]);
        uint64_t devices, n = settings[s].accounts;
        struct expectation *all = expectations_of(world, &devices);
        bool alive = false;
        for (uint64_t d = 0; d < devices; d++)
            alive |= bs_tap_weight(world, &all[d].device) > 0;
        struct rows taps = rows_of(world, BS_TAP_EVENTS, 0, n);
        assert_int_equal(taps.count, alive ? bs_scaled_count(n, 500000, 50000000) : 0);
        assert_int_equal(bs_dataset.rows_before(world, BS_TAP_EVENTS, n), world->sizes.rows[BS_TAP_EVENTS]);
        check_taps(world, &taps, all, devices);
        rows_free(&taps);
        free(all);
        bs_dataset.world_close(world);
    }
}

static void counts_hold_at_many_sizes(void **state) {
    (void)state;
    const uint64_t sizes[] = {1, 2, 3, 5, 12, 100, 1000, 3000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct sg_world *world = world_of(sizes[i], 11 + i, 20600 + (int32_t)i);
        for (int t = BS_TAP_EVENTS; t <= BS_DEVICE_HEALTH; t++) {
            uint64_t last = 0;
            for (uint64_t unit = 0; unit <= sizes[i]; unit += 1 + sizes[i] / 50) {
                uint64_t before = bs_dataset.rows_before(world, (uint16_t)t, unit);
                assert_true(before >= last);
                last = before;
            }
            assert_true(bs_dataset.rows_before(world, (uint16_t)t, sizes[i]) == world->sizes.rows[t]);
        }
        bs_dataset.world_close(world);
    }
}

/* Share of silence of a row by the contract's words, over all its events, in floating point. */
static double uptime_of(const struct rows *taps, uint64_t first, uint64_t end, int64_t from, int64_t to) {
    double silence_h = 0;
    for (uint64_t i = first; i <= end; i++) {
        int64_t a = i == first ? from : CELL(taps, int64_t, "timestamp", i - 1);
        int64_t b = i == end ? to : CELL(taps, int64_t, "timestamp", i);
        double gap_h = (double)(b - a) / 3600;
        if (gap_h > 24) silence_h += gap_h - 24;
    }
    return 1 - silence_h / ((double)(to - from) / 3600);
}

struct sums {
    uint64_t events, errors, volume;
};

static void check_health_row(const struct sg_world *world, const struct rows *health, uint64_t i,
                             const struct rows *taps, uint64_t first, uint64_t end,
                             const struct expectation *e) {
    int64_t monday = (int64_t)CELL(health, int32_t, "week_start", i) * SG_DAY_S;
    int64_t from = world->as_of - (int64_t)BS_TAP_DAYS * SG_DAY_S, to = monday + 7 * SG_DAY_S;
    assert_int_equal(sg_weekday(CELL(health, int32_t, "week_start", i)), 0);
    if (from < e->device.installed) from = e->device.installed;
    if (from < monday) from = monday;
    if (to > e->device.end) to = e->device.end;
    if (to > world->as_of) to = world->as_of;
    assert_int_equal(CELL(health, int32_t, "observed_s", i), to - from);
    assert_int_equal(CELL(health, int32_t, "account_id", i), e->account);
    struct sums sums = {end - first, 0, 0};
    for (uint64_t k = first; k < end; k++) {
        assert_true(CELL(taps, int64_t, "timestamp", k) >= from && CELL(taps, int64_t, "timestamp", k) < to);
        sums.errors += CELL(taps, int16_t, "tap_type", k) == BS_TAP_ERROR;
        sums.volume += (uint64_t)CELL(taps, int32_t, "volume_ml", k);
    }
    assert_int_equal(CELL(health, int32_t, "event_count", i), sums.events);
    assert_int_equal(CELL(health, int32_t, "error_count", i), sums.errors);
    assert_int_equal(CELL(health, int32_t, "volume_ml", i), sums.volume);
    double uptime = (double)CELL(health, int64_t, "uptime", i) / 10000;
    double expected = uptime_of(taps, first, end, from, to);
    assert_true(uptime - expected < 0.00006 && expected - uptime < 0.00006);
    double share = sums.events ? (double)sums.errors / (double)sums.events : 0;
    double stored = (double)CELL(health, int64_t, "error_share", i) / 10000;
    assert_true(stored - share < 0.00006 && share - stored < 0.00006);
}

/* Walks both tables side by side: each week takes exactly the events that lie in it, and none is left. */
static void weeks_sum_to_events(void **state) {
    (void)state;
    for (size_t s = 0; s < SETTINGS; s++) {
        struct sg_world *world = world_of_setting(&settings[s]);
        uint64_t devices, tap = 0, at = 0;
        struct expectation *all = expectations_of(world, &devices);
        struct rows taps = rows_of(world, BS_TAP_EVENTS, 0, settings[s].accounts);
        struct rows health = rows_of(world, BS_DEVICE_HEALTH, 0, settings[s].accounts);
        int64_t window = world->as_of - (int64_t)BS_TAP_DAYS * SG_DAY_S;
        for (uint64_t d = 0; d < devices; d++) {
            const struct bs_device *device = &all[d].device;
            unsigned weeks = 0;
            int32_t last = INT32_MIN;
            for (; at < health.count && CELL(&health, int32_t, "device_id", at) == (int32_t)d + 1; at++) {
                int32_t monday = CELL(&health, int32_t, "week_start", at);
                uint64_t end = tap;
                while (end < taps.count && CELL(&taps, int32_t, "device_id", end) == (int32_t)d + 1 &&
                       CELL(&taps, int64_t, "timestamp", end) < ((int64_t)monday + 7) * SG_DAY_S)
                    end++;
                check_health_row(world, &health, at, &taps, tap, end, &all[d]);
                if (weeks) assert_int_equal(monday, last + 7);
                last = monday;
                tap = end;
                weeks++;
            }
            assert_true(weeks <= BS_HEALTH_WEEKS_MAX);
            bool lived = device->end > window && device->installed < device->end;
            assert_true((weeks > 0) == lived);
        }
        assert_int_equal(tap, taps.count);
        assert_int_equal(at, health.count);
        assert_int_equal(health.count, world->sizes.rows[BS_DEVICE_HEALTH]);
        rows_free(&taps);
        rows_free(&health);
        free(all);
        bs_dataset.world_close(world);
    }
}

static void health_agrees_with_status(void **state) {
    (void)state;
    struct sg_world *world = world_of(100, 42, 20777);
    uint64_t devices, rows[2] = {0}, silent[2] = {0};
    double sum[2] = {0};
    struct expectation *all = expectations_of(world, &devices);
    struct rows health = rows_of(world, BS_DEVICE_HEALTH, 0, 100);
    for (uint64_t i = 0; i < health.count; i++) {
        const struct bs_device *device = &all[CELL(&health, int32_t, "device_id", i) - 1].device;
        int64_t monday = (int64_t)CELL(&health, int32_t, "week_start", i) * SG_DAY_S;
        if (CELL(&health, int32_t, "observed_s", i) < 7 * SG_DAY_S) continue;
        bool down = monday >= device->offline_since;
        rows[down]++;
        sum[down] += (double)CELL(&health, int64_t, "uptime", i) / 10000;
        silent[down] += CELL(&health, int32_t, "event_count", i) == 0;
    }
    assert_true(rows[0] > 10000 && rows[1] > 20);
    assert_true(sum[0] / (double)rows[0] > 0.97);
    assert_true(sum[1] / (double)rows[1] < 0.15);
    assert_true(silent[1] == rows[1]);
    assert_true(silent[0] * 100 < rows[0]);
    rows_free(&health);
    free(all);
    bs_dataset.world_close(world);
}

/* Accounts in trouble have more errors and lower uptime; devices that fail have more errors before. */
static void trouble_and_wear_show(void **state) {
    (void)state;
    struct sg_world *world = world_of(400, 42, 20777);
    uint64_t devices, events[4] = {0}, errors[4] = {0}, rows[2] = {0};
    int64_t uptime[2] = {0};
    struct expectation *all = expectations_of(world, &devices);
    struct rows health = rows_of(world, BS_DEVICE_HEALTH, 0, 400);
    for (uint64_t i = 0; i < health.count; i++) {
        const struct expectation *e = &all[CELL(&health, int32_t, "device_id", i) - 1];
        bool trouble = bs_account_trouble_q16(world, (uint64_t)e->account - 1) >= 32768;
        int64_t monday = (int64_t)CELL(&health, int32_t, "week_start", i) * SG_DAY_S;
        bool worn =
            monday + 14 * SG_DAY_S > e->device.offline_since && e->device.offline_since < e->device.end;
        if (monday >= e->device.offline_since) continue;
        unsigned group = (unsigned)trouble + (worn ? 2 : 0);
        events[group] += (uint64_t)CELL(&health, int32_t, "event_count", i);
        errors[group] += (uint64_t)CELL(&health, int32_t, "error_count", i);
        if (worn) continue;
        rows[trouble]++;
        uptime[trouble] += CELL(&health, int64_t, "uptime", i);
    }
    assert_true(events[2] + events[3] > 1000);
    assert_true(errors[1] * 100 * events[0] > errors[0] * 140 * events[1]);
    assert_true((errors[2] + errors[3]) * (events[0] + events[1]) >
                2 * (errors[0] + errors[1]) * (events[2] + events[3]));
    assert_true(uptime[1] / (int64_t)rows[1] + 40 < uptime[0] / (int64_t)rows[0]);
    rows_free(&health);
    free(all);
    bs_dataset.world_close(world);
}

/* Local hours, weekdays and dates of a world of 100 accounts. */
static void the_evening_is_the_peak(void **state) {
    (void)state;
    struct sg_world *world = world_of(100, 42, sg_day_from_civil(2026, 11, 20));
    uint64_t devices, hours[24] = {0}, weekdays[7] = {0};
    uint64_t *days = calloc(BS_SERVICE_DAYS + 2, sizeof *days);
    struct expectation *all = expectations_of(world, &devices);
    struct rows taps = rows_of(world, BS_TAP_EVENTS, 0, 100);
    int32_t first_day = world->run.as_of_day - BS_SERVICE_DAYS - 1;
    for (uint64_t i = 0; i < taps.count; i++) {
        const struct expectation *e = &all[CELL(&taps, int32_t, "device_id", i) - 1];
        int64_t at = CELL(&taps, int64_t, "timestamp", i);
        int64_t local = at + sg_zone_offset_s(e->zone, sg_day_of(at - 8 * SG_HOUR_S));
        hours[local / SG_HOUR_S % 24]++;
        int32_t service = sg_day_of(local - BS_SERVICE_FROM_S);
        weekdays[sg_weekday(service)]++;
        days[service - first_day]++;
    }
    for (int h = 0; h < 24; h++)
        if (h < 18 || h >= 22) assert_true(hours[h] < hours[18] && hours[h] < hours[21]);
    uint64_t evening = hours[18] + hours[19] + hours[20] + hours[21];
    assert_true(evening * 100 > taps.count * 40);
    assert_true(hours[4] * 1000 < taps.count); /* nobody pours before five */
    assert_true(weekdays[4] > weekdays[2] * 5 / 4 && weekdays[5] > weekdays[4]);
    assert_true(weekdays[0] < weekdays[2]);
    int32_t christmas = sg_day_from_civil(2025, 12, 25) - first_day;
    int32_t new_year = sg_day_from_civil(2025, 12, 31) - first_day;
    assert_true(days[christmas] * 2 < days[christmas - 7]);
    assert_true(days[new_year] > days[new_year - 14] * 5 / 4);
    rows_free(&taps);
    free(days);
    free(all);
    bs_dataset.world_close(world);
}

/* Each device pours 4 to 8 products, around their sizes and temperatures. */
static void line_ups_pour_their_products(void **state) {
    (void)state;
    struct sg_world *world = world_of(20, 42, 20777);
    struct rows taps = rows_of(world, BS_TAP_EVENTS, 0, 20);
    uint64_t line = 0, seen_rows = 0;
    double temperature[BS_PRODUCT_COUNT + 1] = {0}, volume[BS_PRODUCT_COUNT + 1] = {0};
    double flow[BS_PRODUCT_COUNT + 1] = {0};
    uint64_t pours[BS_PRODUCT_COUNT + 1] = {0}, types[6] = {0};
    for (uint64_t i = 0; i < taps.count; i++) {
        int16_t product = CELL(&taps, int16_t, "product_id", i), type = CELL(&taps, int16_t, "tap_type", i);
        bool first =
            i == 0 || CELL(&taps, int32_t, "device_id", i) != CELL(&taps, int32_t, "device_id", i - 1);
        if (first) {
            if (seen_rows > 500) assert_in_range(__builtin_popcountll(line), 4, 8);
            line = seen_rows = 0;
        }
        line |= (uint64_t)1 << product;
        seen_rows++;
        types[type]++;
        if (type != BS_TAP_POUR) continue;
        pours[product]++;
        temperature[product] += CELL(&taps, int16_t, "temperature_deci_c", i);
        volume[product] += CELL(&taps, int32_t, "volume_ml", i);
        flow[product] += CELL(&taps, int32_t, "volume_ml", i) * 10.0 /
                         CELL(&taps, int16_t, "duration_deci_s", i) / bs_products[product - 1].flow_ml_per_s;
    }
    for (int p = 1; p <= BS_PRODUCT_COUNT; p++) {
        if (pours[p] < 1000) continue;
        double n = (double)pours[p];
        assert_true(temperature[p] / n - bs_products[p - 1].temperature_deci_c < 9);
        assert_true(temperature[p] / n - bs_products[p - 1].temperature_deci_c > -9);
        assert_true(volume[p] / n > 0.6 * bs_products[p - 1].pour_ml);
        assert_true(volume[p] / n < 1.3 * bs_products[p - 1].pour_ml);
        assert_true(flow[p] / n > 0.8 && flow[p] / n < 1.05);
    }
    assert_in_range(types[BS_TAP_CLEAN] * 1000 / taps.count, 13, 17);
    assert_in_range(types[BS_TAP_ERROR] * 1000 / taps.count, 8, 26);
    assert_true(types[BS_TAP_MAINTENANCE] > 0 && types[BS_TAP_CALIBRATION] > 0);
    rows_free(&taps);
    bs_dataset.world_close(world);
}

static void assert_same_rows(const struct rows *part, const struct rows *whole) {
    assert_true(part->row_first >= whole->row_first);
    uint64_t shift = part->row_first - whole->row_first;
    assert_true(shift + part->count <= whole->count);
    for (int c = 0; c < part->table->column_count; c++) {
        size_t bytes = sg_type_bytes(part->table->columns[c].type);
        assert_memory_equal(part->column[c], (const char *)whole->column[c] + shift * bytes,
                            part->count * bytes);
    }
}

static void any_account_alone_equals_the_full_run(void **state) {
    (void)state;
    struct sg_world *world = world_of(60, 42, 20777);
    for (uint16_t t = BS_TAP_EVENTS; t <= BS_DEVICE_HEALTH; t++) {
        struct rows whole = rows_of(world, t, 0, 60);
        const uint64_t cuts[][2] = {{29, 60}, {0, 1}, {17, 18}, {31, 34}, {59, 60}, {40, 40}};
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
            struct rows part = rows_of(world, t, cuts[i][0], cuts[i][1]);
            assert_same_rows(&part, &whole);
            rows_free(&part);
        }
        rows_free(&whole);
    }
    bs_dataset.world_close(world);
}

static void every_build_makes_the_same_rows(void **state) {
    (void)state;
    struct sg_world *world = world_of(23, 4242, 20500);
    for (uint16_t t = BS_TAP_EVENTS; t <= BS_DEVICE_HEALTH; t++) {
        const struct sg_kernels *kernels;
        world->kernels = &sg_kernels_portable;
        struct rows portable = rows_of(world, t, 0, 23);
        for (unsigned b = 1; (kernels = sg_kernels_at(b)); b++) {
            world->kernels = kernels;
            struct rows rows = rows_of(world, t, 0, 23);
            assert_int_equal(rows.count, portable.count);
            assert_same_rows(&rows, &portable);
            rows_free(&rows);
        }
        rows_free(&portable);
    }
    bs_dataset.world_close(world);
}

static void seeds_differ(void **state) {
    (void)state;
    struct sg_world *a = world_of(5, 1, 20777), *b = world_of(5, 2, 20777);
    struct rows x = rows_of(a, BS_TAP_EVENTS, 0, 5), y = rows_of(b, BS_TAP_EVENTS, 0, 5);
    assert_int_equal(x.count, y.count);
    int volume = sg_column_index(x.table, "volume_ml");
    assert_memory_not_equal(x.column[volume], y.column[volume], x.count * 4);
    rows_free(&x);
    rows_free(&y);
    bs_dataset.world_close(a);
    bs_dataset.world_close(b);
}

static void products_are_constant(void **state) {
    (void)state;
    struct sg_world *world = world_of(1, 1, 20777);
    struct rows products = rows_of(world, BS_PRODUCTS, 0, 1);
    assert_int_equal(products.count, BS_PRODUCT_COUNT);
    for (int i = 0; i < BS_PRODUCT_COUNT; i++)
        assert_int_equal(CELL(&products, int16_t, "id", i), i + 1);
    rows_free(&products);
    bs_dataset.world_close(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_constant),
        cmocka_unit_test(events_are_exact_and_in_order),
        cmocka_unit_test(counts_hold_at_many_sizes),
        cmocka_unit_test(any_life_holds_its_events),
        cmocka_unit_test(weeks_sum_to_events),
        cmocka_unit_test(health_agrees_with_status),
        cmocka_unit_test(trouble_and_wear_show),
        cmocka_unit_test(the_evening_is_the_peak),
        cmocka_unit_test(line_ups_pour_their_products),
        cmocka_unit_test(any_account_alone_equals_the_full_run),
        cmocka_unit_test(every_build_makes_the_same_rows),
        cmocka_unit_test(seeds_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
