/* SERIES and SEASONS: rows and sums by month back from the as-of date. Rows first, the month of the as-of
 * date first, then the sums; months before the last SG_MONTHS drop out. The one draws them in the report, the
 * other judges what is left of them when growth is taken out. */
#include <math.h>

#include "base/calendar.h"
#include "verify/ask.h"
#include "verify/kind.h"

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return 2 * SG_MONTHS;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    struct sg_civil now = sg_civil_from_day(entry->as_of_day);
    /* Where classes are of time, a day has become its midnight. */
    bool is_day = entry->of.slot.declared->type == SG_DATE && !entry->statistic->class_count;
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

enum { WHOLE_MONTHS = 59, YEAR_MONTHS = 12, NAME_BYTES = 48 };

/* Months back from the as-of date. */
static void ask_cell(struct sg_sql *sql, const struct sg_resolved *entry) {
    struct sg_civil now = sg_civil_from_day(entry->as_of_day);
    sg_sql_add(sql, "nullif(least(%d - (date_part('year', ", now.year * YEAR_MONTHS + now.month);
    sg_ask_local(sql, entry);
    sg_sql_add(sql, ") * %d + date_part('month', ", YEAR_MONTHS);
    sg_ask_local(sql, entry);
    sg_sql_add(sql, "))::integer, %d), %d)", SG_MONTHS, SG_MONTHS);
}

/* Rows or sums a day of the whole months, by months back. */
static void by_day(const struct sg_resolved *entry, const uint64_t *cells, double months[WHOLE_MONTHS + 1]) {
    const uint64_t *counted = entry->by.slot.column >= 0 ? cells + SG_MONTHS : cells;
    struct sg_civil now = sg_civil_from_day(entry->as_of_day);
    for (int back = 1; back <= WHOLE_MONTHS; back++) {
        int at = now.year * YEAR_MONTHS + now.month - 1 - back;
        months[back] =
            (double)(int64_t)counted[back] / sg_days_in_month(at / YEAR_MONTHS, at % YEAR_MONTHS + 1);
    }
}

/* Each calendar month over the twelve months around it, in which seasons even out. */
static void find_seasons(const struct sg_resolved *entry, const uint64_t *cells,
                         double seasons[YEAR_MONTHS]) {
    enum { HALF = YEAR_MONTHS / 2 };
    struct sg_civil now = sg_civil_from_day(entry->as_of_day);
    double months[WHOLE_MONTHS + 1], seen[YEAR_MONTHS] = {0}, usual[YEAR_MONTHS] = {0};
    by_day(entry, cells, months);
    for (int back = 1 + HALF; back <= WHOLE_MONTHS - HALF; back++) {
        int month = (now.year * YEAR_MONTHS + now.month - 1 - back) % YEAR_MONTHS;
        double around = (months[back - HALF] + months[back + HALF]) / 2;
        for (int beside = 1 - HALF; beside < HALF; beside++)
            around += months[back + beside];
        seen[month] += months[back];
        usual[month] += around / YEAR_MONTHS;
    }
    for (int month = 0; month < YEAR_MONTHS; month++)
        seasons[month] = usual[month] > 0 ? seen[month] / usual[month] : 0;
}

static void show_seasons(const struct sg_resolved *entry, const uint64_t *cells, double *measured,
                         double *declared) {
    double sum = 0, weights = 0;
    find_seasons(entry, cells, measured);
    for (int month = 0; month < YEAR_MONTHS; month++) {
        sum += measured[month];
        weights += entry->statistic->weights[month];
    }
    for (int month = 0; month < YEAR_MONTHS; month++) {
        measured[month] = sum > 0 ? measured[month] / sum : 0;
        declared[month] = entry->statistic->weights[month] / weights;
    }
}

static void judge_seasons(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    double seasons[YEAR_MONTHS], declared[YEAR_MONTHS], worst = 0;
    char name[NAME_BYTES];
    show_seasons(entry, cells, seasons, declared);
    for (unsigned month = 0; month < YEAR_MONTHS; month++) {
        double off = fabs(seasons[month] - declared[month]);
        fit->measured += off / 2;
        if (off <= worst) continue;
        worst = off;
        sg_class_name(entry, month, name, sizeof name);
        snprintf(fit->detail, sizeof fit->detail, "most off: %s has %.2f %%, declared %.2f %%", name,
                 100 * seasons[month], 100 * declared[month]);
    }
    fit->allowed = sg_fit_tolerance(entry->statistic, fit);
    sg_fit_conclude(fit);
}

static void print_seasons(const struct sg_statistic *statistic, FILE *out) {
    for (int month = 0; month < YEAR_MONTHS; month++)
        fprintf(out, "%s%u", month ? " / " : "", statistic->weights[month]);
}

const struct sg_kind sg_kind_seasons = {
    .name = "seasons",
    .pairs = true,
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell,
    .sums = true,
    .rows = rows_of,
    .judge = judge_seasons,
    .show = show_seasons,
    .print_expected = print_seasons,
};

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
