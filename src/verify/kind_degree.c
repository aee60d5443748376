/* DEGREE: rows per parent. Counter k has the parents with k + 1 rows, one more those with more than
 * SG_DEGREES, the last all rows. On shards the rows of a parent are neighbours within one shard. */
#include <inttypes.h>
#include <string.h>

#include "io/pg_ddl.h"
#include "verify/ask.h"
#include "verify/kind.h"

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return SG_DEGREES + 2u;
}

static enum sg_code resolve(const struct sg_manifest *manifest, struct sg_resolved *entry,
                            struct sg_error *err) {
    return sg_kind_resolve_parent(manifest, entry, entry->statistic->of.column, err);
}

static void close_group(struct sg_kind_state *state, uint64_t *cells) {
    if (!state->group_rows) return;
    cells[state->group_rows <= SG_DEGREES ? state->group_rows - 1 : SG_DEGREES]++;
    state->group_rows = 0;
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    for (size_t i = 0; i < taken->rows; i++) {
        if (!taken->keep[i]) continue;
        struct sg_key_image image = sg_key_image_of_cell(taken->batch, i, entry->of.slot.column);
        if (image.order != state->group.order || image.identity != state->group.identity)
            close_group(state, cells);
        state->group = image;
        state->group_rows++;
        cells[SG_DEGREES + 1]++;
    }
}

static void end_shard(const struct sg_resolved *entry, struct sg_kind_state *state, uint64_t *cells) {
    (void)entry;
    close_group(state, cells);
}

static void ask_rows(struct sg_sql *sql, const struct sg_certificate *certificate,
                     const struct sg_resolved *entry) {
    const struct sg_manifest *manifest = certificate->manifest;
    struct sg_ask_parents parents = {0};
    sg_ask_parents_add(&parents, &entry->statistic->of, &entry->of, NULL);
    sg_sql_add(sql, "WITH degrees AS MATERIALIZED (SELECT count(*) AS d FROM %s c",
               SG_DDL_TABLE(manifest->dataset->schema, manifest->tables[entry->of.table].table->name));
    sg_ask_joins(sql, manifest, (size_t)entry->of.table, &parents);
    sg_sql_add(sql, " WHERE ");
    sg_ask_condition(sql, &entry->statistic->of, &entry->of);
    sg_sql_add(sql, " GROUP BY ");
    sg_ask_column(sql, &entry->of.slot);
    sg_sql_add(sql,
               ") SELECT least(d, %d) - 1, count(*) FROM degrees GROUP BY 1 UNION ALL SELECT %d, "
               "coalesce(sum(d), 0)::bigint FROM degrees",
               SG_DEGREES + 1, SG_DEGREES + 1);
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    (void)cells;
    return entry->parent_rows;
}

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    uint64_t with = sg_cells_total(cells, SG_DEGREES + 1), outside = 0;
    uint64_t without = entry->parent_rows > with ? entry->parent_rows - with : 0;
    for (size_t i = 0; i <= SG_DEGREES; i++) {
        int64_t degree = (int64_t)i + 1;
        bool fine = degree >= statistic->low && degree <= statistic->high;
        outside += fine ? 0 : cells[i];
    }
    if (statistic->low > 0) outside += without;
    fit->expected = statistic->expected;
    fit->measured = (double)cells[SG_DEGREES + 1] / (double)(entry->parent_rows ? entry->parent_rows : 1);
    fit->allowed = sg_fit_tolerance(statistic, fit);
    sg_fit_conclude(fit);
    snprintf(fit->detail, sizeof fit->detail,
             "%" PRIu64 " of %" PRIu64 " parents outside %" PRId64 " to %" PRId64 " rows, %" PRIu64
             " without any",
             outside, entry->parent_rows, statistic->low, statistic->high, without);
    if (outside) fit->status = SG_FIT_FAIL;
}

static void print_expected(const struct sg_statistic *statistic, FILE *out) {
    fprintf(out, "%" PRId64 " to %" PRId64 ", mean %g", statistic->low, statistic->high, statistic->expected);
}

const struct sg_kind sg_kind_degree = {
    .name = "rows per parent",
    .cells = cells_of,
    .resolve = resolve,
    .count = count,
    .end_shard = end_shard,
    .ask = SG_ASK_ROWS,
    .sql_rows = ask_rows,
    .rows = rows_of,
    .judge = judge,
    .print_expected = print_expected,
};
