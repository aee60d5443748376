/* SERIES: rows and sums by month back from the as-of date, for the report. Rows first, the month of the as-of
 * date first, then the sums; months before the last SG_MONTHS drop out. */
#include "base/calendar.h"
#include "verify/kind.h"

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return 2 * SG_MONTHS;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    struct sg_civil now = sg_civil_from_day(entry->as_of_day);
    bool is_day = entry->of.slot.declared->type == SG_DATE;
    int32_t last = INT32_MIN, back = -1;
    (void)state;
    for (size_t i = 0; i < taken->rows; i++) {
        if (!taken->keep[i]) continue;
        int32_t day = is_day ? (int32_t)taken->values[i] : sg_day_of(taken->values[i]);
        if (day != last) {
            struct sg_civil then = sg_civil_from_day(day);
            back = (now.year - then.year) * 12 + now.month - then.month;
            last = day;
        }
        if (back < 0 || back >= SG_MONTHS) continue;
        cells[back]++;
        if (taken->other && !taken->other_null[i]) cells[SG_MONTHS + back] += (uint64_t)taken->other[i];
    }
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    (void)entry;
    return sg_cells_total(cells, SG_MONTHS);
}

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    (void)entry, (void)cells;
    snprintf(fit->detail, sizeof fit->detail, "not judged: a curve of the report");
}

static void print_expected(const struct sg_statistic *statistic, FILE *out) {
    (void)statistic, (void)out;
}

const struct sg_kind sg_kind_series = {
    .name = "monthly series",
    .pairs = true,
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_NOTHING,
    .rows = rows_of,
    .judge = judge,
    .print_expected = print_expected,
};
