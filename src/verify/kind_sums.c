/* RATIO and MEAN: rows and sums of `of` in counters 0 and 1, of `by` in 2 and 3. */
#include <math.h>

#include "verify/kind.h"

/* What a product of doubles may be off, where nothing else is allowed. */
static const double ROUNDING = 1e-12;

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return 4;
}

static enum sg_code resolve_ratio(const struct sg_manifest *manifest, struct sg_resolved *entry,
                                  struct sg_error *err) {
    (void)manifest;
    if (!entry->statistic->per_day) return SG_OK;
    if (!entry->of.days || !entry->by.days)
        return sg_fail(err, SG_INTERNAL, "statistic %s has a side without days", entry->statistic->name);
    entry->expected *= (double)entry->of.days / entry->by.days;
    return SG_OK;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    (void)entry, (void)state;
    sg_count_term(taken, cells);
}

static void count_by(const struct sg_resolved *entry, const struct sg_taken *taken,
                     struct sg_kind_state *state, uint64_t *cells) {
    (void)entry, (void)state;
    sg_count_term(taken, cells + 2);
}

static uint64_t rows_of_base(const struct sg_resolved *entry, const uint64_t *cells) {
    (void)entry;
    return cells[2];
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    (void)entry;
    return cells[0];
}

/* Sum where a column is named, else rows. */
static double side(const struct sg_resolved_selection *term, const uint64_t *cells) {
    return term->slot.column < 0 ? (double)cells[0] : (double)(int64_t)cells[1];
}

static void judge_ratio(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    double of = side(&entry->of, cells), by = side(&entry->by, cells + 2);
    fit->expected = entry->expected;
    fit->measured = by != 0 ? of / by : of == 0 ? entry->expected : INFINITY;
    double tolerance = sg_fit_tolerance(statistic, fit);
    double slack = statistic->even && cells[2] % statistic->even == 0 ? 0 : statistic->slack;
    fit->allowed = tolerance + (by != 0 ? slack / fabs(by) : 0);
    snprintf(fit->detail, sizeof fit->detail, "%.0f of %.0f", of, by);
    double off = fabs(of - entry->expected * by),
           rounding = ROUNDING * (fabs(of) + fabs(entry->expected * by));
    fit->status = off <= tolerance * fabs(by) + slack + rounding ? SG_FIT_PASS : SG_FIT_FAIL;
}

static void print_ratio(const struct sg_statistic *statistic, FILE *out) {
    sg_print_expected_value(statistic, out);
    if (statistic->per_day) fprintf(out, ", a day");
}

static void judge_mean(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    fit->expected = entry->statistic->expected;
    fit->measured = (double)(int64_t)cells[1] / (double)cells[0];
    fit->allowed = sg_fit_tolerance(entry->statistic, fit);
    sg_fit_conclude(fit);
}

const struct sg_kind sg_kind_ratio = {
    .name = "ratio",
    .empty_is_judged = true,
    .cells = cells_of,
    .resolve = resolve_ratio,
    .count = count,
    .count_by = count_by,
    .ask = SG_ASK_TERMS,
    .rows = rows_of_base,
    .judge = judge_ratio,
    .print_expected = print_ratio,
};

const struct sg_kind sg_kind_mean = {
    .name = "mean",
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_TERMS,
    .rows = rows_of,
    .judge = judge_mean,
    .print_expected = sg_print_expected_value,
};
