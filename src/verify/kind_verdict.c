/* VERDICT: the label of parents found again from their rows. Counter l x (n + 1) + f has the parents with
 * label l that were taken for label f of n; f = n: for none. On shards the rows of a parent are neighbours
 * within one shard. */
#include <inttypes.h>
#include <string.h>

#include "io/pg_ddl.h"
#include "model/rule.h"
#include "verify/ask.h"
#include "verify/kind.h"

static size_t cells_of(const struct sg_statistic *statistic) {
    return (size_t)statistic->label_count * (statistic->label_count + 1u);
}

static int until(const struct sg_comparison *comparison) {
    return comparison->until > comparison->a ? comparison->until : comparison->a + 1;
}

/* Features that there are, with days where these are asked for. */
static bool can_compare(const struct sg_resolved *entry, const struct sg_verdict *verdict) {
    for (int k = 0; k < SG_COMPARISONS_MAX && verdict->if_[k].a_times; k++) {
        const struct sg_comparison *comparison = &verdict->if_[k];
        if (until(comparison) > entry->statistic->feature_count) return false;
        for (int f = comparison->a; f < until(comparison); f++)
            if (comparison->per_days && (comparison->b != SG_NO_FEATURE || !entry->features[f].days))
                return false;
    }
    return true;
}

/* What feature f and its bound are taken times. */
static int64_t factor(const struct sg_comparison *comparison) {
    return comparison->a_times * (comparison->per_days ? comparison->per_days : 1);
}

static int64_t bound(const struct sg_resolved *entry, const struct sg_comparison *comparison, int f) {
    return comparison->b_times * (comparison->per_days ? entry->features[f].days : 1);
}

static enum sg_code resolve(const struct sg_manifest *manifest, struct sg_resolved *entry,
                            struct sg_error *err) {
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_column *column = entry->of.slot.declared;
    bool fine =
        statistic->of.via && column && column->labels && column->labels->count == statistic->label_count;
    for (uint16_t i = 0; fine && i < statistic->verdict_count; i++)
        fine = sg_rule_labels(column, statistic->verdicts[i].label) != 0 &&
               can_compare(entry, &statistic->verdicts[i]);
    if (!fine) return sg_fail(err, SG_INTERNAL, "statistic %s judges no labels of a parent", statistic->name);
    return sg_kind_resolve_parent(manifest, entry, statistic->of.via, err);
}

static int code_of(const struct sg_resolved *entry, const struct sg_verdict *verdict) {
    return __builtin_ctzll(sg_rule_labels(entry->of.slot.declared, verdict->label));
}

static bool holds(const struct sg_resolved *entry, const struct sg_comparison *comparison,
                  const int64_t *sums) {
    bool fits = true;
    for (int f = comparison->a; f < until(comparison); f++) {
        int64_t a = factor(comparison) * sums[f];
        int64_t b = bound(entry, comparison, f) * (comparison->b == SG_NO_FEATURE ? 1 : sums[comparison->b]);
        fits = fits && (comparison->below ? a < b : a >= b);
    }
    return fits;
}

static int found(const struct sg_resolved *entry, int64_t label, const int64_t *sums) {
    const struct sg_statistic *statistic = entry->statistic;
    for (uint16_t i = 0; i < statistic->verdict_count; i++) {
        const struct sg_verdict *verdict = &statistic->verdicts[i];
        int code = code_of(entry, verdict);
        bool fits = !verdict->given || code == label;
        for (int k = 0; k < SG_COMPARISONS_MAX && verdict->if_[k].a_times; k++)
            fits = fits && holds(entry, &verdict->if_[k], sums);
        if (fits) return code;
    }
    return statistic->label_count;
}

static void close_group(const struct sg_resolved *entry, struct sg_kind_state *state, uint64_t *cells) {
    size_t count = entry->statistic->label_count;
    if (state->group_rows && (uint64_t)state->label < count)
        cells[(size_t)state->label * (count + 1) + (size_t)found(entry, state->label, state->sums)]++;
    state->group_rows = 0;
    memset(state->sums, 0, sizeof state->sums);
}

static void count_parents(const struct sg_resolved *entry, const struct sg_taken_parents *taken,
                          struct sg_kind_state *state, uint64_t *cells) {
    for (size_t s = 0; s < taken->stretches.count; s++) {
        uint32_t first = taken->stretches.first[s];
        struct sg_key_image image = sg_key_image_of_cell(taken->batch, first, entry->of.slot.via);
        if (image.order != state->group.order || image.identity != state->group.identity)
            close_group(entry, state, cells);
        state->group = image;
        if (!taken->keep[first]) continue;
        state->group_rows += taken->stretches.first[s + 1] - first;
        state->label = taken->labels[first];
        for (int f = 0; f < entry->statistic->feature_count; f++)
            state->sums[f] += taken->sums[s * SG_FEATURES_MAX + (size_t)f];
    }
}

static void ask_feature(struct sg_sql *sql, const struct sg_resolved *entry, int feature) {
    const struct sg_selection *declared = &entry->statistic->features[feature].of;
    const struct sg_resolved_selection *resolved = &entry->features[feature];
    if (resolved->slot.column < 0)
        sg_sql_add(sql, ", count(*)");
    else {
        sg_sql_add(sql, ", sum(");
        sg_ask_value(sql, &resolved->slot);
        sg_sql_add(sql, ")");
    }
    sg_sql_add(sql, " FILTER (WHERE ");
    sg_ask_condition(sql, declared, resolved);
    sg_sql_add(sql, ") AS f%d", feature);
}

static void ask_comparison(struct sg_sql *sql, const struct sg_resolved *entry,
                           const struct sg_comparison *comparison) {
    for (int f = comparison->a; f < until(comparison); f++) {
        sg_sql_add(sql, " AND %" PRId64 " * coalesce(f%d, 0) %s %" PRId64, factor(comparison), f,
                   comparison->below ? "<" : ">=", bound(entry, comparison, f));
        if (comparison->b != SG_NO_FEATURE) sg_sql_add(sql, " * coalesce(f%d, 0)", comparison->b);
    }
}

static void ask_verdicts(struct sg_sql *sql, const struct sg_resolved *entry) {
    const struct sg_statistic *statistic = entry->statistic;
    sg_sql_add(sql, "CASE");
    for (uint16_t i = 0; i < statistic->verdict_count; i++) {
        const struct sg_verdict *verdict = &statistic->verdicts[i];
        int code = code_of(entry, verdict);
        sg_sql_add(sql, " WHEN true");
        if (verdict->given) sg_sql_add(sql, " AND l = %d", code);
        for (int k = 0; k < SG_COMPARISONS_MAX && verdict->if_[k].a_times; k++)
            ask_comparison(sql, entry, &verdict->if_[k]);
        sg_sql_add(sql, " THEN %d", code);
    }
    sg_sql_add(sql, " ELSE %d END", statistic->label_count);
}

static void ask_rows(struct sg_sql *sql, const struct sg_certificate *certificate,
                     const struct sg_resolved *entry) {
    const struct sg_manifest *manifest = certificate->manifest;
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_table *table = manifest->tables[entry->of.table].table;
    struct sg_ask_parents parents = {0};
    sg_ask_parents_add(&parents, &statistic->of, &entry->of, NULL);
    for (int f = 0; f < statistic->feature_count; f++)
        sg_ask_parents_add(&parents, &statistic->features[f].of, &entry->features[f], NULL);
    sg_sql_add(sql, "WITH g AS MATERIALIZED (SELECT max(");
    sg_ask_value(sql, &entry->of.slot);
    sg_sql_add(sql, ") AS l");
    for (int f = 0; f < statistic->feature_count; f++)
        ask_feature(sql, entry, f);
    sg_sql_add(sql, " FROM %s c", SG_DDL_TABLE(manifest->dataset->schema, table->name));
    sg_ask_joins(sql, manifest, (size_t)entry->of.table, &parents);
    sg_sql_add(sql, " WHERE ");
    sg_ask_condition(sql, &statistic->of, &entry->of);
    sg_sql_add(sql, " GROUP BY c.%s) SELECT l * %d + ", SG_SQL_NAME(table->columns[entry->of.slot.via].name),
               statistic->label_count + 1);
    ask_verdicts(sql, entry);
    sg_sql_add(sql, ", count(*) FROM g GROUP BY 1");
}

/* All parents, where all have a say: those without rows are not found. */
static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    uint64_t judged = sg_cells_total(cells, entry->cells);
    bool all = entry->statistic->of.where[0].test == SG_TEST_END;
    return all && entry->parent_rows > judged ? entry->parent_rows : judged;
}

static const char *label_of(const struct sg_resolved *entry, size_t code) {
    return code < entry->statistic->label_count ? entry->of.slot.declared->labels->labels[code] : "none";
}

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    size_t count = entry->statistic->label_count, worst = 1;
    uint64_t right = 0;
    for (size_t i = 0; i < entry->cells; i++)
        if (i / (count + 1) == i % (count + 1))
            right += cells[i];
        else if (cells[i] > cells[worst])
            worst = i;
    fit->expected = entry->statistic->expected;
    fit->measured = (double)right / (double)fit->rows;
    fit->allowed = sg_fit_tolerance(entry->statistic, fit);
    sg_fit_conclude(fit);
    int used = snprintf(fit->detail, sizeof fit->detail, "%" PRIu64 " of %" PRIu64, right, fit->rows);
    if (cells[worst])
        snprintf(fit->detail + used, sizeof fit->detail - (size_t)used,
                 "; most wrong: %" PRIu64 " %s taken for %s", cells[worst],
                 label_of(entry, worst / (count + 1)), label_of(entry, worst % (count + 1)));
}

static void print_side(const struct sg_statistic *statistic, int64_t times, int feature, FILE *out) {
    if (feature == SG_NO_FEATURE || times != 1) fprintf(out, "%" PRId64, times);
    if (feature == SG_NO_FEATURE) return;
    fprintf(out, "%s%s", times != 1 ? " x " : "", statistic->features[feature].name);
}

static void print_expected(const struct sg_statistic *statistic, FILE *out) {
    fprintf(out, "%g:", statistic->expected);
    for (uint16_t i = 0; i < statistic->verdict_count; i++) {
        const struct sg_verdict *verdict = &statistic->verdicts[i];
        fprintf(out, "%s %s%s", i ? ";" : "", verdict->given ? "those " : "", verdict->label);
        for (int k = 0; k < SG_COMPARISONS_MAX && verdict->if_[k].a_times; k++) {
            const struct sg_comparison *comparison = &verdict->if_[k];
            fprintf(out, k ? " and " : " if ");
            print_side(statistic, comparison->a_times, comparison->a, out);
            if (comparison->until) fprintf(out, " to %s", statistic->features[comparison->until - 1].name);
            fprintf(out, comparison->until ? " are " : " is ");
            fprintf(out, comparison->below ? "below " : "at least ");
            print_side(statistic, comparison->b_times, comparison->b, out);
            if (comparison->per_days) fprintf(out, " in %d days", comparison->per_days);
        }
    }
}

const struct sg_kind sg_kind_verdict = {
    .name = "found again",
    .cells = cells_of,
    .resolve = resolve,
    .count_parents = count_parents,
    .end_shard = close_group,
    .ask = SG_ASK_ROWS,
    .sql_rows = ask_rows,
    .rows = rows_of,
    .judge = judge,
    .print_expected = print_expected,
};
