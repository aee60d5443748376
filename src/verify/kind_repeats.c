/* REPEATS: rows that hold a value that another row holds, too. Counter 0 has the rows, counter 1 the distinct
 * values: on shards from the hashes that are gathered beside all this (unique.c), in a database from groups.
 */
#include <string.h>

#include "io/pg_ddl.h"
#include "verify/ask.h"
#include "verify/kind.h"

enum { ROWS, DISTINCT, CELLS };

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return CELLS;
}

/* Linear between the knots. */
static double expected_of(const struct sg_statistic *statistic, uint64_t rows) {
    const struct sg_knot *curve = statistic->curve;
    uint16_t k = 0;
    while (k < statistic->curve_count && (uint64_t)curve[k].value < rows)
        k++;
    if (k == 0) return curve[0].per_million / 1e6;
    if (k == statistic->curve_count) return curve[k - 1].per_million / 1e6;
    double part =
        (double)(rows - (uint64_t)curve[k - 1].value) / (double)(curve[k].value - curve[k - 1].value);
    return (curve[k - 1].per_million + part * ((double)curve[k].per_million - curve[k - 1].per_million)) /
           1e6;
}

static enum sg_code resolve(const struct sg_manifest *manifest, struct sg_resolved *entry,
                            struct sg_error *err) {
    const struct sg_statistic *statistic = entry->statistic;
    bool plain = entry->of.slot.column >= 0 && entry->of.slot.via < 0 && entry->of.slot.less < 0 &&
                 statistic->of.where[0].test == SG_TEST_END;
    if (!plain || !statistic->curve_count)
        return sg_fail(err, SG_INTERNAL, "statistic %s is not about a column of all rows", statistic->name);
    entry->expected = expected_of(statistic, manifest->tables[entry->of.table].rows);
    return SG_OK;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    uint64_t rows = 0;
    (void)entry, (void)state;
    for (size_t i = 0; i < taken->rows; i++)
        rows += taken->keep[i];
    cells[ROWS] += rows;
}

static void ask_rows(struct sg_sql *sql, const struct sg_certificate *certificate,
                     const struct sg_resolved *entry) {
    const struct sg_manifest *manifest = certificate->manifest;
    const struct sg_table *table = manifest->tables[entry->of.table].table;
    const char *column = table->columns[entry->of.slot.column].name;
    sg_sql_add(sql, "WITH g AS MATERIALIZED (SELECT count(*) AS n FROM %s WHERE %s IS NOT NULL GROUP BY %s)",
               SG_DDL_TABLE(manifest->dataset->schema, table->name), SG_SQL_NAME(column),
               SG_SQL_NAME(column));
    sg_sql_add(sql, " SELECT %d, sum(n)::bigint FROM g UNION ALL SELECT %d, count(*) FROM g", ROWS, DISTINCT);
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    (void)entry;
    return cells[ROWS];
}

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    uint64_t repeated = cells[ROWS] - cells[DISTINCT];
    fit->expected = entry->expected;
    fit->measured = (double)repeated / (double)cells[ROWS];
    fit->allowed = sg_fit_tolerance(entry->statistic, fit);
    snprintf(fit->detail, sizeof fit->detail, "%llu of %llu rows", (unsigned long long)repeated,
             (unsigned long long)cells[ROWS]);
    sg_fit_conclude(fit);
}

static void print_expected(const struct sg_statistic *statistic, FILE *out) {
    for (uint16_t k = 0; k < statistic->curve_count; k++)
        fprintf(out, "%s%g of %lld", k ? ", " : "", statistic->curve[k].per_million / 1e6,
                (long long)statistic->curve[k].value);
}

const struct sg_kind sg_kind_repeats = {
    .name = "repeated values",
    .gathers = true,
    .cells = cells_of,
    .resolve = resolve,
    .count = count,
    .ask = SG_ASK_ROWS,
    .sql_rows = ask_rows,
    .rows = rows_of,
    .judge = judge,
    .print_expected = print_expected,
};
