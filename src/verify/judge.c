/* From counters to results: one judge per kind of statistic. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/checked.h"
#include "verify/certificate.h"
#include "verify/chance.h"

enum { CLASS_ROWS_MIN = 5 };

static uint64_t total(const uint64_t *cells, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += cells[i];
    return sum;
}

static uint64_t weight_sum(const struct sg_statistic *statistic) {
    uint64_t sum = 0;
    for (uint16_t i = 0; i < statistic->class_count; i++)
        sum += statistic->weights[i];
    return sum;
}

static void conclude(struct sg_fit *fit) {
    bool inside = fabs(fit->measured - fit->expected) <= fit->allowed;
    fit->status = inside ? SG_FIT_PASS : SG_FIT_FAIL;
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
    conclude(fit);
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
    fit->allowed = statistic->tolerance;
    conclude(fit);
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
    fit->status = SG_FIT_PASS;
}

static void judge_ks(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    uint64_t below = 0;
    for (uint16_t k = 0; k < statistic->curve_count; k++) {
        below += cells[k];
        double share = (double)below / (double)fit->rows, wanted = statistic->curve[k].per_million / 1e6;
        if (fabs(share - wanted) <= fit->measured) continue;
        fit->measured = fabs(share - wanted);
        snprintf(fit->detail, sizeof fit->detail, "%.2f %% lie below %" PRId64 ", declared %.2f %%",
                 100 * share, statistic->curve[k].value, 100 * wanted);
    }
    fit->has_p = true;
    fit->p = sg_chance_ks(fit->measured, (double)fit->rows);
    fit->status = SG_FIT_PASS;
}

/* Sum where a column is named, else rows. */
static double side(const struct sg_resolved_selection *term, const uint64_t *cells) {
    return term->slot.column < 0 ? (double)cells[0] : (double)(int64_t)cells[1];
}

static void judge_ratio(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    double of = side(&entry->of, cells), by = side(&entry->by, cells + 2);
    fit->expected = statistic->expected;
    fit->measured = by != 0 ? of / by : of == 0 ? statistic->expected : INFINITY;
    fit->allowed = statistic->tolerance + (by != 0 ? statistic->slack / fabs(by) : 0);
    snprintf(fit->detail, sizeof fit->detail, "%.0f of %.0f", of, by);
    double off = fabs(of - statistic->expected * by);
    fit->status = off <= statistic->tolerance * fabs(by) + statistic->slack ? SG_FIT_PASS : SG_FIT_FAIL;
}

static void judge_mean(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    fit->expected = entry->statistic->expected;
    fit->measured = (double)(int64_t)cells[1] / (double)cells[0];
    fit->allowed = entry->statistic->tolerance;
    conclude(fit);
}

static void judge_degree(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    uint64_t with = total(cells, SG_DEGREES + 1), outside = 0;
    uint64_t without = entry->parent_rows > with ? entry->parent_rows - with : 0;
    for (size_t i = 0; i <= SG_DEGREES; i++) {
        int64_t degree = (int64_t)i + 1;
        bool fine = degree >= statistic->low && degree <= statistic->high;
        outside += fine ? 0 : cells[i];
    }
    if (statistic->low > 0) outside += without;
    fit->expected = statistic->expected;
    fit->measured = (double)cells[SG_DEGREES + 1] / (double)(entry->parent_rows ? entry->parent_rows : 1);
    fit->allowed = statistic->tolerance;
    conclude(fit);
    snprintf(fit->detail, sizeof fit->detail,
             "%" PRIu64 " of %" PRIu64 " parents outside %" PRId64 " to %" PRId64 " rows, %" PRIu64
             " without any",
             outside, entry->parent_rows, statistic->low, statistic->high, without);
    if (outside) fit->status = SG_FIT_FAIL;
}

/* Middle rank of every bin of one side. */
static void middle_ranks(const uint64_t *cells, size_t stride_own, size_t stride_other,
                         double ranks[SG_CORRELATION_BINS]) {
    double before = 0;
    for (size_t i = 0; i < SG_CORRELATION_BINS; i++) {
        double here = 0;
        for (size_t k = 0; k < SG_CORRELATION_BINS; k++)
            here += (double)cells[i * stride_own + k * stride_other];
        ranks[i] = before + (here + 1) / 2;
        before += here;
    }
}

static void judge_correlation(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    double a[SG_CORRELATION_BINS], b[SG_CORRELATION_BINS], middle = ((double)fit->rows + 1) / 2;
    double ab = 0, aa = 0, bb = 0;
    middle_ranks(cells, SG_CORRELATION_BINS, 1, a);
    middle_ranks(cells, 1, SG_CORRELATION_BINS, b);
    for (size_t i = 0; i < SG_CORRELATION_BINS; i++)
        for (size_t k = 0; k < SG_CORRELATION_BINS; k++) {
            double n = (double)cells[i * SG_CORRELATION_BINS + k], x = a[i] - middle, y = b[k] - middle;
            ab += n * x * y;
            aa += n * x * x;
            bb += n * y * y;
        }
    fit->expected = entry->statistic->expected;
    fit->allowed = entry->statistic->tolerance;
    fit->measured = aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
    conclude(fit);
}

static void judge_series(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    (void)entry, (void)cells;
    snprintf(fit->detail, sizeof fit->detail, "not judged: a curve of the report");
}

typedef void judge_fn(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit);
static judge_fn *const judges[] = {
    [SG_STAT_QUOTA] = judge_quota,
    [SG_STAT_PROFILE] = judge_profile,
    [SG_STAT_CHI_SQUARED] = judge_chi_squared,
    [SG_STAT_KS] = judge_ks,
    [SG_STAT_RATIO] = judge_ratio,
    [SG_STAT_MEAN] = judge_mean,
    [SG_STAT_DEGREE] = judge_degree,
    [SG_STAT_SERIES] = judge_series,
    [SG_STAT_CORRELATION] = judge_correlation,
};

/* Rows that decide whether there is enough to say: the base of a ratio, the parents of degrees. */
static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    switch (entry->statistic->kind) {
    case SG_STAT_RATIO:
        return cells[2];
    case SG_STAT_MEAN:
        return cells[0];
    case SG_STAT_DEGREE:
        return entry->parent_rows;
    case SG_STAT_SERIES:
        return total(cells, SG_MONTHS);
    default:
        return total(cells, entry->cells);
    }
}

static void judge_one(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    *fit = (struct sg_fit){.status = SG_FIT_SKIP};
    if (entry->absent) {
        snprintf(fit->detail, sizeof fit->detail, "a table of it is not part of this run");
        return;
    }
    fit->rows = rows_of(entry, cells);
    bool counts = statistic->kind == SG_STAT_RATIO || statistic->kind == SG_STAT_QUOTA;
    if (fit->rows < statistic->rows_min || (fit->rows == 0 && !counts)) {
        snprintf(fit->detail, sizeof fit->detail, "%" PRIu64 " rows say too little, it takes %" PRIu64,
                 fit->rows, statistic->rows_min);
        return;
    }
    judges[statistic->kind](entry, cells, fit);
}

void sg_certificate_judge(const struct sg_certificate *certificate, const uint64_t *cells,
                          struct sg_fit *fits) {
    size_t tests = 0;
    for (size_t i = 0; i < certificate->count; i++) {
        judge_one(&certificate->entries[i], cells + certificate->entries[i].cell, &fits[i]);
        if (fits[i].has_p) certificate->chances[tests++] = &fits[i].p;
    }
    sg_chance_correct(certificate->chances, tests);
    for (size_t i = 0; i < certificate->count; i++)
        if (fits[i].has_p && fits[i].p < SG_FALSE_ALARM) fits[i].status = SG_FIT_FAIL;
}
