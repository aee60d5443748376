/* KS: values against a declared distribution function. Counter k has the values below knot k and not below
 * the one before, the last those above all knots. */
#include <inttypes.h>
#include <math.h>

#include "verify/ask.h"
#include "verify/chance.h"
#include "verify/kind.h"

static size_t cells_of(const struct sg_statistic *statistic) {
    return statistic->curve_count + 1u;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    const struct sg_statistic *statistic = entry->statistic;
    (void)state;
    for (size_t i = 0; i < taken->rows; i++) {
        if (!taken->keep[i]) continue;
        uint16_t k = 0;
        while (k < statistic->curve_count && taken->values[i] >= statistic->curve[k].value)
            k++;
        cells[k]++;
    }
}

static void ask_cell(struct sg_sql *sql, const struct sg_resolved *entry) {
    const struct sg_statistic *statistic = entry->statistic;
    sg_sql_add(sql, "width_bucket(");
    sg_ask_value(sql, &entry->of.slot);
    for (uint16_t k = 0; k < statistic->curve_count; k++)
        sg_sql_add(sql, "%s%" PRId64, k ? ", " : ", ARRAY[", statistic->curve[k].value);
    sg_sql_add(sql, "]::bigint[])");
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    return sg_cells_total(cells, entry->cells);
}

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
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
}

static void print_expected(const struct sg_statistic *statistic, FILE *out) {
    fprintf(out, "curve from %" PRId64 " to %" PRId64, statistic->curve[0].value,
            statistic->curve[statistic->curve_count - 1].value);
}

const struct sg_kind sg_kind_ks = {
    .name = "Kolmogorov-Smirnov",
    .cells = cells_of,
    .count = count,
    .ask = SG_ASK_CELLS,
    .sql_cell = ask_cell,
    .rows = rows_of,
    .judge = judge,
    .print_expected = print_expected,
};
