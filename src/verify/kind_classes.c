/* Kinds that count rows by class: QUOTA, PROFILE and CHI_SQUARED share their counters and part at the
 * judgement. One counter a class, and one for rows of no class. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "base/checked.h"
#include "verify/ask.h"
#include "verify/chance.h"
#include "verify/kind.h"

enum { CLASS_ROWS_MIN = 5 };

static size_t cells_of(const struct sg_statistic *statistic) {
    return statistic->class_count + 1u;
}

static uint64_t hour_of(int64_t instant) {
    int64_t at = instant % SG_DAY_S;
    return (uint64_t)(at < 0 ? at + SG_DAY_S : at) / SG_HOUR_S;
}

static uint64_t month_of(int64_t instant) {
    return (uint64_t)sg_civil_from_day(sg_day_of(instant)).month - 1;
}

static uint64_t bin_of(const struct sg_statistic *statistic, int64_t value) {
    if (value < statistic->bins.low) return UINT64_MAX;
    return (uint64_t)(value - statistic->bins.low) /
           (uint64_t)(statistic->bins.width ? statistic->bins.width : 1);
}

/* One loop per way to find a class. */
#define COUNT_CLASSES(expression)                                                                            \
    for (size_t i = 0; i < taken->rows; i++) {                                                               \
        if (!taken->keep[i]) continue;                                                                       \
        int64_t v = taken->values[i];                                                                        \
        uint64_t class = (expression);                                                                       \
        cells[class < classes ? class : classes]++;                                                          \
    }

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    const struct sg_statistic *statistic = entry->statistic;
    const uint64_t classes = statistic->class_count;
    (void)state;
    switch (statistic->classes) {
    case SG_CLASSES_LABEL:
        COUNT_CLASSES((uint64_t)v);
        break;
    case SG_CLASSES_VALUE:
        COUNT_CLASSES(bin_of(statistic, v));
        break;
    case SG_CLASSES_HOUR:
        COUNT_CLASSES(hour_of(v));
        break;
    case SG_CLASSES_WEEKDAY:
        COUNT_CLASSES((uint64_t)sg_weekday(sg_day_of(v)));
        break;
    default:
        COUNT_CLASSES(month_of(v));
    }
}

/* date_part of the local time, counted from 0. */
static void ask_part(struct sg_sql *sql, const struct sg_resolved *entry, const char *part, int first) {
    sg_sql_add(sql, "date_part('%s', ", part);
    sg_ask_local(sql, entry);
    sg_sql_add(sql, ")::integer - %d", first);
}

static void ask_bin(struct sg_sql *sql, const struct sg_resolved *entry) {
    const struct sg_bins *bins = &entry->statistic->bins;
    sg_sql_add(sql, "CASE WHEN ");
    sg_ask_value(sql, &entry->of.slot);
    sg_sql_add(sql, " >= %" PRId64 " THEN (", bins->low);
    sg_ask_value(sql, &entry->of.slot);
    sg_sql_add(sql, " - %" PRId64 ") / %" PRId64 " END", bins->low, bins->width ? bins->width : 1);
}

static void ask_class(struct sg_sql *sql, const struct sg_resolved *entry) {
    switch (entry->statistic->classes) {
    case SG_CLASSES_LABEL:
        sg_ask_value(sql, &entry->of.slot);
        return;
    case SG_CLASSES_VALUE:
        ask_bin(sql, entry);
        return;
    case SG_CLASSES_HOUR:
        ask_part(sql, entry, "hour", 0);
        return;
    case SG_CLASSES_WEEKDAY:
        ask_part(sql, entry, "isodow", 1);
        return;
    default:
        ask_part(sql, entry, "month", 1);
    }
}

/* The class, or the counter of rows of none; rows without a zone have no counter. */
static void ask_cell(struct sg_sql *sql, const struct sg_resolved *entry) {
    bool timed = entry->statistic->classes >= SG_CLASSES_HOUR;
    if (!timed) sg_sql_add(sql, "coalesce(");
    ask_class(sql, entry);
    if (!timed) sg_sql_add(sql, ", %u)", entry->statistic->class_count);
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    return sg_cells_total(cells, entry->cells);
}

static uint64_t weight_sum(const struct sg_statistic *statistic) {
    uint64_t sum = 0;
    for (uint16_t i = 0; i < statistic->class_count; i++)
        sum += statistic->weights[i];
    return sum;
}

/* Largest remainders, ties to the earlier class: is class i one of the `extra` classes with the largest? */
static uint64_t quota_of(const struct sg_statistic *statistic, uint64_t rows, uint64_t weights, uint16_t i) {
    uint64_t extra = rows, ahead = 0;
    uint64_t mine = (uint64_t)((unsigned __int128)rows * statistic->weights[i] % weights);
    for (uint16_t k = 0; k < statistic->class_count; k++) {
        uint64_t remainder = (uint64_t)((unsigned __int128)rows * statistic->weights[k] % weights);
        extra -= sg_muldiv(rows, statistic->weights[k], weights);
        ahead += remainder > mine || (remainder == mine && k < i);
    }
    return sg_muldiv(rows, statistic->weights[i], weights) + (ahead < extra);
}

static void judge_quota(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    uint64_t weights = weight_sum(statistic), worst = cells[statistic->class_count];
    fit->allowed = statistic->slack;
    if (worst)
        snprintf(fit->detail, sizeof fit->detail, "%" PRIu64 " rows are of no class", worst);
    else
        snprintf(fit->detail, sizeof fit->detail, "every class has its quota");
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        uint64_t quota = quota_of(statistic, fit->rows, weights, i);
        uint64_t off = cells[i] > quota ? cells[i] - quota : quota - cells[i];
        if (off <= worst) continue;
        worst = off;
        snprintf(fit->detail, sizeof fit->detail, "class %u has %" PRIu64 " rows, its quota is %" PRIu64, i,
                 cells[i], quota);
    }
    fit->measured = (double)worst;
    sg_fit_conclude(fit);
}

static void judge_profile(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    double weights = (double)weight_sum(statistic), rows = (double)fit->rows, worst = 0;
    fit->measured = (double)cells[statistic->class_count] / rows / 2;
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        double share = (double)cells[i] / rows, wanted = statistic->weights[i] / weights;
        fit->measured += fabs(share - wanted) / 2;
        if (fabs(share - wanted) <= worst) continue;
        worst = fabs(share - wanted);
        snprintf(fit->detail, sizeof fit->detail, "most off: class %u has %.2f %%, declared %.2f %%", i,
                 100 * share, 100 * wanted);
    }
    fit->allowed = sg_fit_tolerance(statistic, fit);
    sg_fit_conclude(fit);
}

/* Classes too small for the approximation are taken together. */
static void judge_chi_squared(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    double weights = (double)weight_sum(statistic), rows = (double)fit->rows, x = 0, worst = -1;
    double small_rows = (double)cells[statistic->class_count], small_wanted = 0;
    int classes = 0;
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        double wanted = rows * statistic->weights[i] / weights, off = (double)cells[i] - wanted;
        if (wanted < CLASS_ROWS_MIN) {
            small_rows += (double)cells[i];
            small_wanted += wanted;
            continue;
        }
        classes++;
        x += off * off / wanted;
        if (off * off / wanted <= worst) continue;
        worst = off * off / wanted;
        snprintf(fit->detail, sizeof fit->detail, "most off: class %u has %" PRIu64 " rows, expected %.0f", i,
                 cells[i], wanted);
    }
    if (small_wanted > 0 || small_rows > 0) {
        double off = small_rows - small_wanted;
        classes++;
        x += small_wanted > 0 ? off * off / small_wanted : INFINITY;
    }
    if (classes < 2) return;
    fit->measured = x;
    fit->expected = classes - 1;
    fit->has_p = true;
    fit->p = sg_chance_chi_squared(x, classes - 1);
}

static void print_weights(const struct sg_statistic *statistic, FILE *out) {
    enum { WEIGHTS_SHOWN = 24 };
    for (uint16_t i = 0; i < statistic->class_count && i < WEIGHTS_SHOWN; i++)
        fprintf(out, "%s%u", i ? " / " : "", statistic->weights[i]);
}

const struct sg_kind sg_kind_quota = {
    .name = "quota",
    .empty_is_judged = true,
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell,
    .rows = rows_of,
    .judge = judge_quota,
    .print_expected = print_weights,
};

const struct sg_kind sg_kind_profile = {
    .name = "profile",
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell,
    .rows = rows_of,
    .judge = judge_profile,
    .print_expected = print_weights,
};

const struct sg_kind sg_kind_chi_squared = {
    .name = "chi-squared",
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell,
    .rows = rows_of,
    .judge = judge_chi_squared,
    .print_expected = print_weights,
};
