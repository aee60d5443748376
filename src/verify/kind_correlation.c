/* CORRELATION: pairs of values in a grid of bins, judged by Spearman's rank correlation of the bins. */
#include <inttypes.h>
#include <math.h>

#include "verify/ask.h"
#include "verify/kind.h"

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return (size_t)SG_CORRELATION_BINS * SG_CORRELATION_BINS;
}

static size_t bin_of(const struct sg_bins *bins, int64_t value) {
    int64_t bin = (value - bins->low) / (bins->width ? bins->width : 1);
    return bin < 0 ? 0 : bin >= SG_CORRELATION_BINS ? SG_CORRELATION_BINS - 1 : (size_t)bin;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    (void)state;
    for (size_t i = 0; i < taken->rows; i++) {
        if (!taken->keep[i] || taken->other_null[i]) continue;
        size_t a = bin_of(&entry->statistic->bins, taken->values[i]);
        size_t b = bin_of(&entry->statistic->by_bins, taken->other[i]);
        cells[a * SG_CORRELATION_BINS + b]++;
    }
}

static void ask_bin(struct sg_sql *sql, const struct sg_slot *slot, const struct sg_bins *bins) {
    sg_sql_add(sql, "least(greatest((");
    sg_ask_value(sql, slot);
    sg_sql_add(sql, " - %" PRId64 ") / %" PRId64 ", 0), %d)", bins->low, bins->width ? bins->width : 1,
               SG_CORRELATION_BINS - 1);
}

/* least() and greatest() ignore NULLs, so the condition must not. */
static void ask_cell(struct sg_sql *sql, const struct sg_resolved *entry) {
    sg_sql_add(sql, "CASE WHEN ");
    sg_ask_column(sql, &entry->by.slot);
    sg_sql_add(sql, " IS NOT NULL THEN ");
    ask_bin(sql, &entry->of.slot, &entry->statistic->bins);
    sg_sql_add(sql, " * %d + ", SG_CORRELATION_BINS);
    ask_bin(sql, &entry->by.slot, &entry->statistic->by_bins);
    sg_sql_add(sql, " END");
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    return sg_cells_total(cells, entry->cells);
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

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
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
    fit->allowed = sg_fit_tolerance(entry->statistic, fit);
    fit->measured = aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
    sg_fit_conclude(fit);
}

const struct sg_kind sg_kind_correlation = {
    .name = "rank correlation",
    .pairs = true,
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell,
    .rows = rows_of,
    .judge = judge,
    .print_expected = sg_print_expected_value,
};
