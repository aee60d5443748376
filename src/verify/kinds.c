/* The table of kinds, and what several of them use. */
#include <math.h>
#include <string.h>

#include "base/wide.h"
#include "verify/kind.h"

static const struct sg_kind *const kinds[] = {
    [SG_STAT_QUOTA] = &sg_kind_quota,
    [SG_STAT_PROFILE] = &sg_kind_profile,
    [SG_STAT_CHI_SQUARED] = &sg_kind_chi_squared,
    [SG_STAT_KS] = &sg_kind_ks,
    [SG_STAT_RATIO] = &sg_kind_ratio,
    [SG_STAT_MEAN] = &sg_kind_mean,
    [SG_STAT_DEGREE] = &sg_kind_degree,
    [SG_STAT_SERIES] = &sg_kind_series,
    [SG_STAT_SEASONS] = &sg_kind_seasons,
    [SG_STAT_CORRELATION] = &sg_kind_correlation,
    [SG_STAT_VERDICT] = &sg_kind_verdict,
    [SG_STAT_MEANS] = &sg_kind_means,
    [SG_STAT_GROUPS] = &sg_kind_groups,
    [SG_STAT_REPEATS] = &sg_kind_repeats,
    [SG_STAT_TOTAL] = &sg_kind_total,
};

const struct sg_kind *sg_kind_of(const struct sg_statistic *statistic) {
    return kinds[statistic->kind];
}

enum sg_code sg_kind_resolve_parent(const struct sg_manifest *manifest, struct sg_resolved *entry,
                                    const char *column, struct sg_error *err) {
    const struct sg_table *table = manifest->tables[entry->of.table].table;
    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct sg_foreign_key *key = &table->foreign_keys[i];
        if (strcmp(key->column, column) != 0) continue;
        for (size_t t = 0; t < manifest->table_count; t++) {
            if (strcmp(manifest->tables[t].table->name, key->parent) != 0) continue;
            entry->parent_rows = manifest->tables[t].rows;
            return SG_OK;
        }
        entry->absent = true;
        return SG_OK;
    }
    return sg_fail(err, SG_INTERNAL, "statistic %s names %s, which is no foreign key of its table",
                   entry->statistic->name, column);
}

uint64_t sg_cells_total(const uint64_t *cells, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += cells[i];
    return sum;
}

double sg_fit_tolerance(const struct sg_statistic *statistic, const struct sg_fit *fit) {
    return statistic->tolerance + (fit->rows ? statistic->spread / sqrt((double)fit->rows) : 0);
}

void sg_fit_conclude(struct sg_fit *fit) {
    bool inside = fabs(fit->measured - fit->expected) <= fit->allowed;
    fit->status = inside ? SG_FIT_PASS : SG_FIT_FAIL;
}

SG_WIDE static uint64_t count_kept(const uint8_t *restrict keep, size_t rows) {
    uint64_t count = 0;
    for (size_t i = 0; i < rows; i++)
        count += keep[i];
    return count;
}

SG_WIDE static uint64_t add_kept(const int64_t *restrict values, const uint8_t *restrict keep, size_t rows) {
    uint64_t sum = 0;
    for (size_t i = 0; i < rows; i++)
        sum += (uint64_t)values[i] & (0 - (uint64_t)keep[i]);
    return sum;
}

void sg_count_term(const struct sg_taken *taken, uint64_t *cells) {
    cells[0] += count_kept(taken->keep, taken->rows);
    if (taken->values) cells[1] += add_kept(taken->values, taken->keep, taken->rows);
}

void sg_print_expected_value(const struct sg_statistic *statistic, FILE *out) {
    fprintf(out, "%g", statistic->expected);
}
