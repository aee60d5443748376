/* GROUPS: rows of one parent with the same cell of a column, and what each group must be like. Counter 0 has
 * the groups that are so, 1 all groups, 2 and 3 rows and sum of `by`, 4 rows that found no room. On shards
 * the rows of a parent are neighbours within one shard. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "io/pg_ddl.h"
#include "verify/ask.h"
#include "verify/kind.h"

enum { FINE, ALL, BASE, BASE_SUM, LOST, CELLS };
enum { ROWS_MAX = 2048 /* of a parent */, SLOTS = 2 * ROWS_MAX /* a power of two */ };

struct group {
    uint64_t key;
    int64_t sum, last;
    uint32_t rows, alike;
    uint16_t slot;
    bool steps; /* each row came in its distance from the one before */
};

/* The groups of the parent in hand, found by hash. */
struct sg_kind_more {
    uint32_t row_count, group_count;
    uint16_t slots[SLOTS]; /* 1 + group, 0 = free */
    uint16_t group_of[ROWS_MAX];
    int64_t values[ROWS_MAX];
    struct group groups[ROWS_MAX];
};

static size_t cells_of(const struct sg_statistic *statistic) {
    (void)statistic;
    return CELLS;
}

static size_t more_bytes(void) {
    return sizeof(struct sg_kind_more);
}

static enum sg_code resolve(const struct sg_manifest *manifest, struct sg_resolved *entry,
                            struct sg_error *err) {
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_grouping *grouping = &statistic->group;
    const struct sg_table *table = manifest->tables[entry->of.table].table;
    entry->group_via = grouping->via ? sg_column_index(table, grouping->via) : -1;
    entry->group_key = grouping->key ? sg_column_index(table, grouping->key) : -1;
    bool measures = grouping->test == SG_GROUP_ROWS || entry->of.slot.column >= 0;
    if (entry->group_via >= 0 && (!grouping->key || entry->group_key >= 0) && measures) return SG_OK;
    return sg_fail(err, SG_INTERNAL, "statistic %s groups by what is not there", statistic->name);
}

static bool is_fine(const struct sg_statistic *statistic, const struct group *group) {
    uint32_t wanted = statistic->group.rows;
    switch (statistic->group.test) {
    case SG_GROUP_STEPS:
        return group->rows == wanted && group->steps;
    case SG_GROUP_SUM:
        return group->rows == wanted && group->sum >= statistic->low && group->sum <= statistic->high;
    case SG_GROUP_ALIKE:
        return group->alike >= wanted;
    default:
        return group->rows >= statistic->low && group->rows <= statistic->high;
    }
}

/* Rows within so many percent of their group's mean. */
static void count_alike(struct sg_kind_more *more, uint32_t percent) {
    for (uint32_t i = 0; i < more->row_count; i++) {
        struct group *group = &more->groups[more->group_of[i]];
        __int128 off = (__int128)more->values[i] * group->rows - group->sum, sum = group->sum;
        group->alike += (off < 0 ? -off : off) * 100 <= percent * (sum < 0 ? -sum : sum);
    }
}

static void close_parent(const struct sg_resolved *entry, struct sg_kind_state *state, uint64_t *cells) {
    struct sg_kind_more *more = state->more;
    if (entry->statistic->group.test == SG_GROUP_ALIKE) count_alike(more, entry->statistic->group.percent);
    for (uint32_t g = 0; g < more->group_count; g++) {
        cells[FINE] += is_fine(entry->statistic, &more->groups[g]);
        more->slots[more->groups[g].slot] = 0;
    }
    cells[ALL] += more->group_count;
    more->row_count = more->group_count = 0;
}

static struct group *find(struct sg_kind_more *more, uint64_t key) {
    uint16_t slot = (uint16_t)(key * 0x9E3779B97F4A7C15u >> 32) % SLOTS;
    while (more->slots[slot] && more->groups[more->slots[slot] - 1].key != key)
        slot = (uint16_t)((slot + 1) % SLOTS);
    if (!more->slots[slot]) {
        more->groups[more->group_count] = (struct group){.key = key, .slot = slot, .steps = true};
        more->slots[slot] = (uint16_t)++more->group_count;
    }
    return &more->groups[more->slots[slot] - 1];
}

static void add_row(const struct sg_statistic *statistic, struct sg_kind_more *more, uint64_t key,
                    int64_t value) {
    struct group *group = find(more, key);
    if (group->rows) {
        int64_t step = (int64_t)((uint64_t)value - (uint64_t)group->last);
        group->steps &= step >= statistic->low && step <= statistic->high;
    }
    group->last = value;
    group->sum = (int64_t)((uint64_t)group->sum + (uint64_t)value);
    group->rows++;
    more->values[more->row_count] = value;
    more->group_of[more->row_count++] = (uint16_t)(group - more->groups);
}

static bool is_null(const struct sg_batch *batch, size_t row, int column) {
    return column >= 0 && batch->vectors[column].null[row];
}

static void count(const struct sg_resolved *entry, const struct sg_taken *taken, struct sg_kind_state *state,
                  uint64_t *cells) {
    struct sg_kind_more *more = state->more;
    for (size_t i = 0; i < taken->rows; i++) {
        if (!taken->keep[i] || is_null(taken->batch, i, entry->group_via) ||
            is_null(taken->batch, i, entry->group_key))
            continue;
        struct sg_key_image parent = sg_key_image_of_cell(taken->batch, i, entry->group_via);
        if (parent.order != state->group.order || parent.identity != state->group.identity)
            close_parent(entry, state, cells);
        state->group = parent;
        uint64_t key =
            entry->group_key < 0 ? 0 : sg_key_image_of_cell(taken->batch, i, entry->group_key).identity;
        if (more->row_count == ROWS_MAX)
            cells[LOST]++;
        else
            add_row(entry->statistic, more, key, taken->values ? taken->values[i] : 0);
    }
}

static void count_by(const struct sg_resolved *entry, const struct sg_taken *taken,
                     struct sg_kind_state *state, uint64_t *cells) {
    (void)entry, (void)state;
    sg_count_term(taken, cells + BASE);
}

static void ask_from(struct sg_sql *sql, const struct sg_manifest *manifest, const struct sg_selection *term,
                     const struct sg_resolved_selection *resolved) {
    struct sg_ask_parents parents = {0};
    sg_ask_parents_add(&parents, term, resolved, NULL);
    sg_sql_add(sql, " FROM %s c",
               SG_DDL_TABLE(manifest->dataset->schema, manifest->tables[resolved->table].table->name));
    sg_ask_joins(sql, manifest, (size_t)resolved->table, &parents);
    sg_sql_add(sql, " WHERE ");
    sg_ask_condition(sql, term, resolved);
}

static void add_columns(struct sg_sql *sql, const char *before, const struct sg_table *table,
                        const int *columns, int count) {
    for (int i = 0; i < count; i++)
        if (columns[i] >= 0)
            sg_sql_add(sql, "%sc.%s", i ? ", " : before, SG_SQL_NAME(table->columns[columns[i]].name));
}

static void ask_measured(struct sg_sql *sql, const struct sg_resolved *entry) {
    if (entry->of.slot.column >= 0)
        sg_ask_value(sql, &entry->of.slot);
    else
        sg_sql_add(sql, "0");
}

/* What a row is compared with: d, its distance from the one before; n and s, the rows and the sum of all. */
static void ask_beside(struct sg_sql *sql, const struct sg_table *table, const struct sg_resolved *entry) {
    const int by[] = {entry->group_via, entry->group_key};
    int keys[SG_KEY_COLUMNS_MAX], count = sg_key_count(table);
    bool steps = entry->statistic->group.test == SG_GROUP_STEPS;
    if (!steps && entry->statistic->group.test != SG_GROUP_ALIKE) return;
    for (int i = 0; i < count; i++)
        keys[i] = sg_column_index(table, table->key[i]);
    sg_sql_add(sql, steps ? ", " : ", count(*) OVER (PARTITION BY ");
    if (steps)
        ask_measured(sql, entry);
    else
        add_columns(sql, "", table, by, 2);
    sg_sql_add(sql, steps ? " - lag(" : ") AS n, sum(");
    ask_measured(sql, entry);
    sg_sql_add(sql, ") OVER (PARTITION BY ");
    add_columns(sql, "", table, by, 2);
    if (steps) add_columns(sql, " ORDER BY ", table, keys, count);
    sg_sql_add(sql, steps ? ") AS d" : ") AS s");
}

/* The rows of the groups: u and k, what they are grouped by, v, the value, and what it is compared with. */
static void ask_members(struct sg_sql *sql, const struct sg_manifest *manifest,
                        const struct sg_resolved *entry) {
    const struct sg_table *table = manifest->tables[entry->of.table].table;
    const char *via = table->columns[entry->group_via].name;
    const char *key = entry->group_key < 0 ? NULL : table->columns[entry->group_key].name;
    sg_sql_add(sql, "SELECT c.%s AS u, ", SG_SQL_NAME(via));
    if (key)
        sg_sql_add(sql, "c.%s AS k, ", SG_SQL_NAME(key));
    else
        sg_sql_add(sql, "0 AS k, ");
    ask_measured(sql, entry);
    sg_sql_add(sql, " AS v");
    ask_beside(sql, table, entry);
    ask_from(sql, manifest, &entry->statistic->of, &entry->of);
    sg_sql_add(sql, " AND c.%s IS NOT NULL", SG_SQL_NAME(via));
    if (key) sg_sql_add(sql, " AND c.%s IS NOT NULL", SG_SQL_NAME(key));
}

/* What is aggregated of a group, by enum sg_group_test. */
static const char *const aggregates[] = {
    [SG_GROUP_ROWS] = "count(*) AS n",
    [SG_GROUP_STEPS] = "count(*) AS n, min(d) AS a, max(d) AS b",
    [SG_GROUP_SUM] = "count(*) AS n, sum(v) AS s",
    [SG_GROUP_ALIKE] = "count(*) FILTER (WHERE n >= ",
};

/* And the test of it. */
static void ask_test(struct sg_sql *sql, const struct sg_statistic *statistic) {
    const struct sg_grouping *grouping = &statistic->group;
    int64_t low = statistic->low, high = statistic->high;
    if (grouping->test == SG_GROUP_STEPS)
        sg_sql_add(sql, "n = %u AND coalesce(a >= %" PRId64 " AND b <= %" PRId64 ", true)", grouping->rows,
                   low, high);
    else if (grouping->test == SG_GROUP_SUM)
        sg_sql_add(sql, "n = %u AND s BETWEEN %" PRId64 " AND %" PRId64, grouping->rows, low, high);
    else if (grouping->test == SG_GROUP_ALIKE)
        sg_sql_add(sql, "near >= %u", grouping->rows);
    else
        sg_sql_add(sql, "n BETWEEN %" PRId64 " AND %" PRId64, low, high);
}

static void ask_rows(struct sg_sql *sql, const struct sg_certificate *certificate,
                     const struct sg_resolved *entry) {
    const struct sg_manifest *manifest = certificate->manifest;
    const struct sg_grouping *grouping = &entry->statistic->group;
    sg_sql_add(sql, "WITH g AS MATERIALIZED (SELECT count(*) FILTER (WHERE ");
    ask_test(sql, entry->statistic);
    sg_sql_add(sql, ") AS fine, count(*) AS groups FROM (SELECT %s", aggregates[grouping->test]);
    if (grouping->test == SG_GROUP_ALIKE)
        sg_sql_add(sql, "%u AND abs(v * n::numeric - s) * 100 <= %u * abs(s)) AS near", grouping->rows,
                   grouping->percent);
    sg_sql_add(sql, " FROM (");
    ask_members(sql, manifest, entry);
    sg_sql_add(sql,
               ") members GROUP BY u, k) each) SELECT %d, fine FROM g UNION ALL SELECT %d, groups FROM g",
               FINE, ALL);
    if (entry->by.table < 0) return;
    sg_sql_add(sql, " UNION ALL SELECT %d, count(*)", BASE);
    ask_from(sql, manifest, &entry->statistic->by, &entry->by);
}

static uint64_t rows_of(const struct sg_resolved *entry, const uint64_t *cells) {
    return cells[entry->by.table < 0 ? ALL : BASE];
}

static void judge(const struct sg_resolved *entry, const uint64_t *cells, struct sg_fit *fit) {
    const struct sg_statistic *statistic = entry->statistic;
    double rows = (double)fit->rows, fine = (double)cells[FINE];
    fit->expected = statistic->expected;
    fit->measured = rows != 0 ? fine / rows : fine == 0 ? statistic->expected : INFINITY;
    fit->allowed = sg_fit_tolerance(statistic, fit) + (rows != 0 ? statistic->slack / rows : 0);
    sg_fit_conclude(fit);
    int used = snprintf(fit->detail, sizeof fit->detail, "%" PRIu64 " of %" PRIu64 " groups", cells[FINE],
                        cells[ALL]);
    if (cells[LOST] == 0) return;
    fit->status = SG_FIT_FAIL;
    snprintf(fit->detail + used, sizeof fit->detail - (size_t)used,
             "; parents have %" PRIu64 " rows more than the %d each that can be grouped", cells[LOST],
             ROWS_MAX);
}

static void print_expected(const struct sg_statistic *statistic, FILE *out) {
    const struct sg_grouping *grouping = &statistic->group;
    int64_t low = statistic->low, high = statistic->high;
    fprintf(out, "%g of groups by %s%s%s: ", statistic->expected, grouping->via, grouping->key ? ", " : "",
            grouping->key ? grouping->key : "");
    switch (grouping->test) {
    case SG_GROUP_STEPS:
        fprintf(out, "%u rows, each %" PRId64 " to %" PRId64 " after the one before", grouping->rows, low,
                high);
        return;
    case SG_GROUP_SUM:
        fprintf(out, "%u rows that add up to ", grouping->rows);
        break;
    case SG_GROUP_ALIKE:
        fprintf(out, "at least %u rows within %u %% of their mean", grouping->rows, grouping->percent);
        return;
    default:
        fprintf(out, "rows from ");
    }
    fprintf(out, low == high ? "%" PRId64 : "%" PRId64 " to %" PRId64, low, high);
}

const struct sg_kind sg_kind_groups = {
    .name = "groups",
    .empty_is_judged = true,
    .cells = cells_of,
    .more_bytes = more_bytes,
    .resolve = resolve,
    .count = count,
    .count_by = count_by,
    .end_shard = close_parent,
    .ask = SG_ASK_ROWS,
    .sql_rows = ask_rows,
    .rows = rows_of,
    .judge = judge,
    .print_expected = print_expected,
};
