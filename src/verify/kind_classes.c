/* Kinds that count rows by class: QUOTA, PROFILE, CHI_SQUARED and MEANS share their counters and part at the
 * judgement. One counter a class, and one for rows of no class; MEANS has as many sums behind them. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "base/checked.h"
#include "base/text.h"
#include "verify/ask.h"
#include "verify/chance.h"
#include "verify/kind.h"

enum { CLASS_ROWS_MIN = 5, NAME_BYTES = 48 };

static size_t cells_of(const struct sg_statistic *statistic) {
    return statistic->class_count + 1u;
}

static size_t cells_of_means(const struct sg_statistic *statistic) {
    return 2 * cells_of(statistic);
}

/* Stored units as the column shows them: -575 of two decimals is "-5.75". */
static void name_number(int64_t value, const struct sg_column *column, char *out, size_t size) {
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, one = 1;
    unsigned scale = column->type == SG_DECIMAL ? column->scale : 0;
    for (unsigned i = 0; i < scale; i++)
        one *= 10;
    out[0] = '\0';
    sg_append(out, size, "%s%" PRIu64, value < 0 ? "-" : "", magnitude / one);
    if (magnitude % one) sg_append(out, size, ".%0*" PRIu64, (int)scale, magnitude % one);
}

static void name_value(const struct sg_resolved *entry, int64_t low, char *out, size_t size) {
    int64_t width = entry->statistic->bins.width;
    char text[32];
    name_number(low, entry->of.slot.declared, text, sizeof text);
    bool age = entry->of.slot.less >= 0 && entry->of.slot.declared->type == SG_TIMESTAMP;
    if (age && width % SG_DAY_S == 0)
        snprintf(out, size, "day %" PRId64, low / SG_DAY_S);
    else
        snprintf(out, size, "%s%s", width > 1 ? "from " : "", text);
}

void sg_class_name(const struct sg_resolved *entry, unsigned class, char *out, size_t size) {
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_enum *labels = entry->of.slot.declared->labels;
    const struct sg_bins *bins = &statistic->bins;
    if (statistic->classes == SG_CLASSES_LABEL && labels && class < labels->count)
        snprintf(out, size, "%s", labels->labels[class]);
    else if (statistic->classes == SG_CLASSES_WEEKDAY)
        snprintf(out, size, "%s", weekdays[class % 7]);
    else if (statistic->classes == SG_CLASSES_MONTH)
        snprintf(out, size, "%s", months[class % 12]);
    else if (statistic->classes == SG_CLASSES_HOUR)
        snprintf(out, size, "%u h", class);
    else if (statistic->classes == SG_CLASSES_VALUE)
        name_value(entry, bins->low + (int64_t) class * (bins->width ? bins->width : 1), out, size);
    else
        snprintf(out, size, "%u", class); /* a boolean's code */
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

/* One loop per way to find a class; `sums` follows the counters of kinds with a second column. */
#define COUNT_CLASSES(expression)                                                                            \
    for (size_t i = 0; i < taken->rows; i++) {                                                               \
        if (!taken->keep[i] || (other && taken->other_null[i])) continue;                                    \
        int64_t v = taken->values[i];                                                                        \
        uint64_t class = (expression);                                                                       \
        class = class < classes ? class : classes;                                                           \
        cells[class]++;                                                                                      \
        if (other) cells[classes + 1 + class] += (uint64_t)other[i];                                         \
    }

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    const struct sg_statistic *statistic = entry->statistic;
    const uint64_t classes = statistic->class_count;
    const int64_t *other = taken->other;
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

/* Rows without the second column have no counter. */
static void ask_cell_of_means(struct sg_sql *sql, const struct sg_resolved *entry) {
    sg_sql_add(sql, "CASE WHEN ");
    sg_ask_column(sql, &entry->by.slot);
    sg_sql_add(sql, " IS NOT NULL THEN ");
    ask_cell(sql, entry);
    sg_sql_add(sql, " END");
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    return sg_cells_total(cells, entry->cells);
}

static uint64_t rows_of_means(const struct sg_resolved *entry, const uint64_t *cells) {
    return sg_cells_total(cells, entry->cells / 2);
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
    char name[NAME_BYTES];
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        uint64_t quota = quota_of(statistic, fit->rows, weights, i);
        uint64_t off = cells[i] > quota ? cells[i] - quota : quota - cells[i];
        if (off <= worst) continue;
        worst = off;
        sg_class_name(entry, i, name, sizeof name);
        snprintf(fit->detail, sizeof fit->detail, "%s has %" PRIu64 " rows, its quota is %" PRIu64, name,
                 cells[i], quota);
    }
    fit->measured = (double)worst;
    sg_fit_conclude(fit);
}

static void judge_profile(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    double weights = (double)weight_sum(statistic), rows = (double)fit->rows, worst = 0;
    char name[NAME_BYTES];
    fit->measured = (double)cells[statistic->class_count] / rows / 2;
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        double share = (double)cells[i] / rows, wanted = statistic->weights[i] / weights;
        fit->measured += fabs(share - wanted) / 2;
        if (fabs(share - wanted) <= worst) continue;
        worst = fabs(share - wanted);
        sg_class_name(entry, i, name, sizeof name);
        snprintf(fit->detail, sizeof fit->detail, "most off: %s has %.2f %%, declared %.2f %%", name,
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
    char name[NAME_BYTES];
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
        sg_class_name(entry, i, name, sizeof name);
        snprintf(fit->detail, sizeof fit->detail, "most off: %s has %" PRIu64 " rows, expected %.0f", name,
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

/* What the weights are to be taken times: as declared, or so that both sides have the same sum. */
static double weight_unit(const struct sg_statistic *statistic, const uint64_t *cells) {
    double sum = 0, wanted = 0;
    if (statistic->expected > 0) return statistic->expected;
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        sum += (double)(int64_t)cells[statistic->class_count + 1 + i];
        wanted += (double)cells[i] * statistic->weights[i];
    }
    return wanted > 0 ? sum / wanted : 0;
}

/* Rows of no class are as far off as can be. */
static void judge_means(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    const uint64_t *sums = cells + statistic->class_count + 1;
    double unit = weight_unit(statistic, cells), off = 0, wanted = 0, worst = 0;
    char name[NAME_BYTES];
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        double rows = (double)cells[i], sum = (double)(int64_t)sums[i];
        double here = fabs(sum - rows * statistic->weights[i] * unit);
        wanted += rows * statistic->weights[i] * unit;
        off += here;
        if (here <= worst) continue;
        worst = here;
        sg_class_name(entry, i, name, sizeof name);
        snprintf(fit->detail, sizeof fit->detail, "most off: %s has a mean of %.6g, declared %.6g", name,
                 sum / rows, statistic->weights[i] * unit);
    }
    fit->measured =
        (wanted > 0 ? off / wanted : 0) + (double)cells[statistic->class_count] / (double)fit->rows;
    fit->allowed = sg_fit_tolerance(statistic, fit);
    sg_fit_conclude(fit);
}

static void show_shares(const struct sg_resolved *entry, const uint64_t *cells, double *measured,
                        double *declared) {
    const struct sg_statistic *statistic = entry->statistic;
    double weights = (double)weight_sum(statistic);
    double rows = (double)sg_cells_total(cells, statistic->class_count);
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        measured[i] = rows > 0 ? (double)cells[i] / rows : 0;
        declared[i] = weights > 0 ? statistic->weights[i] / weights : 0;
    }
}

static void show_means(const struct sg_resolved *entry, const uint64_t *cells, double *measured,
                       double *declared) {
    const struct sg_statistic *statistic = entry->statistic;
    double unit = weight_unit(statistic, cells);
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        measured[i] =
            cells[i] ? (double)(int64_t)cells[statistic->class_count + 1 + i] / (double)cells[i] : 0;
        declared[i] = cells[i] ? statistic->weights[i] * unit : 0;
    }
}

static void print_weights(const struct sg_statistic *statistic, FILE *out) {
    enum { WEIGHTS_SHOWN = 24 };
    for (uint16_t i = 0; i < statistic->class_count && i < WEIGHTS_SHOWN; i++)
        fprintf(out, "%s%u", i ? " / " : "", statistic->weights[i]);
}

static void print_means(const struct sg_statistic *statistic, FILE *out) {
    print_weights(statistic, out);
    if (statistic->expected > 0)
        fprintf(out, ", times %g", statistic->expected);
    else
        fprintf(out, ", relative");
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
    .show = show_shares,
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
    .show = show_shares,
    .print_expected = print_weights,
};

const struct sg_kind sg_kind_means = {
    .name = "means by class",
    .pairs = true,
    .cells = cells_of_means,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell_of_means,
    .sums = true,
    .rows = rows_of_means,
    .judge = judge_means,
    .show = show_means,
    .shows_means = true,
    .print_expected = print_means,
};

const struct sg_kind sg_kind_chi_squared = {
    .name = "chi-squared",
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell,
    .rows = rows_of,
    .judge = judge_chi_squared,
    .show = show_shares,
    .print_expected = print_weights,
};
