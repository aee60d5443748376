/* TOTAL: rows and sum of `of` in counters 0 and 1, held against the plan's own number. */
#include <inttypes.h>
#include <stdio.h>

#include "verify/kind.h"

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return 2;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    (void)entry, (void)state;
    sg_count_term(taken, cells);
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    (void)entry;
    return cells[0];
}

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    int64_t found = (int64_t)(entry->of.slot.column < 0 ? cells[0] : cells[1]);
    const char *unit = entry->statistic->unit;
    if (!entry->planned) {
        snprintf(fit->detail, sizeof fit->detail, "the manifest has no totals");
        return;
    }
    fit->measured = (double)found;
    fit->expected = (double)entry->total;
    fit->status = found == entry->total ? SG_FIT_PASS : SG_FIT_FAIL;
    if (found == entry->total)
        snprintf(fit->detail, sizeof fit->detail, "%" PRId64 " %s", found, unit);
    else
        snprintf(fit->detail, sizeof fit->detail, "the rows hold %" PRId64 " %s, the plan says %" PRId64,
                 found, unit, entry->total);
}

static void print_expected(const struct sg_statistic *statistic, FILE *out) {
    fprintf(out, "as planned, in %s", statistic->unit);
}

const struct sg_kind sg_kind_total = {
    .name = "planned total",
    .empty_is_judged = true,
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_TERMS,
    .rows = rows_of,
    .judge = judge,
    .print_expected = print_expected,
};
