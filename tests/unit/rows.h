/* For unit tests: whole tables in memory, and a check of everything their declarations promise.
 *
 * Cells are int64 (text: an index into the pool, UUID: its high half), one array a column. rows_check proves
 * counts, ascending keys, lengths, foreign keys and all rules with the rows alone; it fails the running
 * cmocka test. */
#ifndef SG_TESTS_ROWS_H
#define SG_TESTS_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/dataset.h"
#include "model/rule.h"
#include "model/shape.h"

struct rows {
    const struct sg_table *table;
    uint64_t count, capacity;
    int64_t **cells;
    uint8_t **nulls;
    char *pool; /* texts, each ended by NUL */
    size_t pool_used, pool_bytes;
};

static inline int64_t rows_cell(const struct sg_batch *batch, int column, size_t row) {
    if (batch->table->columns[column].type != SG_UUID) return sg_batch_integer(batch, column, row);
    /* the high half, so that signed order is the key's */
    return (int64_t)(((const uint64_t *)batch->vectors[column].data)[2 * row] ^ UINT64_C(1) << 63);
}

static inline int64_t rows_keep_text(struct rows *rows, const struct sg_batch *batch, struct sg_text text) {
    if (rows->pool_used + text.length + 1 > rows->pool_bytes) {
        rows->pool_bytes = (rows->pool_bytes + text.length + 1) * 2;
        rows->pool = realloc(rows->pool, rows->pool_bytes);
    }
    int64_t at = (int64_t)rows->pool_used;
    memcpy(rows->pool + at, batch->pool + text.offset, text.length);
    rows->pool[rows->pool_used + text.length] = '\0';
    rows->pool_used += text.length + 1;
    return at;
}

static inline enum sg_code rows_sink(void *context, const struct sg_batch *batch, struct sg_error *err) {
    (void)err;
    struct rows *rows = context;
    assert_int_equal(batch->row_first, rows->count);
    assert_true(rows->count + batch->rows <= rows->capacity);
    for (int c = 0; c < rows->table->column_count; c++)
        for (size_t i = 0; i < batch->rows; i++) {
            bool null = batch->vectors[c].null[i];
            assert_true(!null || rows->table->columns[c].nullable);
            rows->nulls[c][rows->count + i] = null;
            if (null) continue;
            rows->cells[c][rows->count + i] =
                rows->table->columns[c].type == SG_TEXT
                    ? rows_keep_text(rows, batch, ((const struct sg_text *)batch->vectors[c].data)[i])
                    : rows_cell(batch, c, i);
        }
    rows->count += batch->rows;
    return SG_OK;
}

/* All rows of a table. Free with rows_free. */
static inline struct rows rows_of(const struct sg_dataset *dataset, const struct sg_world *world, int table) {
    const struct sg_table *t = dataset->tables[table];
    uint64_t units = dataset->unit_count(world, t->domain);
    struct rows rows = {.table = t, .capacity = dataset->rows_before(world, (uint16_t)table, units)};
    rows.cells = calloc(t->column_count, sizeof *rows.cells);
    rows.nulls = calloc(t->column_count, sizeof *rows.nulls);
    for (int c = 0; c < t->column_count; c++) {
        rows.cells[c] = calloc(rows.capacity + 1, sizeof **rows.cells);
        rows.nulls[c] = calloc(rows.capacity + 1, 1);
    }
    struct sg_error err = {0};
    struct sg_emitter e;
    assert_int_equal(sg_emitter_open(&e, t, rows_sink, &rows, &err), SG_OK);
    /* In three pieces, so that starting anywhere gives the same rows. */
    for (uint64_t piece = 0; piece < 3; piece++) {
        uint64_t first = units * piece / 3, end = units * (piece + 1) / 3;
        assert_int_equal(dataset->rows_before(world, (uint16_t)table, first), rows.count);
        enum sg_code code = dataset->generate(world, (uint16_t)table, first, end, &e, &err);
        if (code == SG_OK) code = sg_emitter_flush(&e, &err);
        if (code != SG_OK) fail_msg("%s: %s", t->name, err.text);
    }
    assert_int_equal(rows.count, rows.capacity);
    sg_emitter_close(&e);
    return rows;
}

static inline void rows_free(struct rows *rows) {
    for (int c = 0; rows->table && c < rows->table->column_count; c++) {
        free(rows->cells[c]);
        free(rows->nulls[c]);
    }
    free(rows->cells);
    free(rows->nulls);
    free(rows->pool);
    *rows = (struct rows){0};
}

static inline int rows_column(const struct rows *rows, const char *name) {
    int c = sg_column_index(rows->table, name);
    if (c < 0) fail_msg("%s has no column %s", rows->table->name, name);
    return c;
}

static inline int64_t *rows_values(const struct rows *rows, const char *name) {
    return rows->cells[rows_column(rows, name)];
}

static inline uint8_t *rows_nulls(const struct rows *rows, const char *name) {
    return rows->nulls[rows_column(rows, name)];
}

static inline const char *rows_text(const struct rows *rows, const char *name, uint64_t row) {
    return rows->pool + rows_values(rows, name)[row];
}

/* Row whose one-column key equals the value, by bisection; fails the test when there is none. */
static inline uint64_t rows_find(const struct rows *parent, const char *column, int64_t key,
                                 const char *who) {
    const int64_t *keys = rows_values(parent, column);
    uint64_t low = 0, high = parent->count;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (keys[middle] <= key)
            low = middle;
        else
            high = middle;
    }
    if (parent->count == 0 || keys[low] != key)
        fail_msg("%s: %s %lld is not in %s", who, column, (long long)key, parent->table->name);
    return low;
}

static inline void rows_check_key(const struct rows *rows) {
    int keys = sg_key_count(rows->table);
    for (uint64_t i = 1; i < rows->count && !rows->table->key_unordered; i++) {
        int k = 0;
        while (k < keys &&
               rows_values(rows, rows->table->key[k])[i] == rows_values(rows, rows->table->key[k])[i - 1])
            k++;
        if (k == keys ||
            rows_values(rows, rows->table->key[k])[i] < rows_values(rows, rows->table->key[k])[i - 1])
            fail_msg("%s: key does not ascend at row %llu", rows->table->name, (unsigned long long)i);
    }
}

static inline void rows_check_texts(const struct rows *rows) {
    for (int c = 0; c < rows->table->column_count; c++) {
        const struct sg_column *column = &rows->table->columns[c];
        for (uint64_t i = 0; i < rows->count; i++) {
            if (rows->nulls[c][i]) continue;
            if (column->type == SG_ENUM) assert_in_range(rows->cells[c][i], 0, column->labels->count - 1);
            if (column->type != SG_TEXT || !column->length_max) continue;
            const char *text = rows->pool + rows->cells[c][i];
            if (strlen(text) > column->length_max * 4u)
                fail_msg("%s.%s: too long: %s", rows->table->name, column->name, text);
        }
    }
}

static inline const struct sg_foreign_key *rows_key_via(const struct rows *rows, const char *via) {
    for (int k = 0; k < rows->table->foreign_key_count; k++)
        if (strcmp(rows->table->foreign_keys[k].column, via) == 0) return &rows->table->foreign_keys[k];
    fail_msg("%s has no foreign key %s", rows->table->name, via);
    return NULL;
}

/* The value of a LINEAR rule's sum in a row; false when a term is NULL. */
static inline bool rows_sum(const struct rows *rows, const struct sg_rule *rule, uint64_t row, int64_t *sum) {
    struct sg_term terms[SG_TERMS_MAX];
    int count = sg_rule_terms(rows->table, rule->b, terms);
    assert_true(count > 0);
    *sum = 0;
    for (int t = 0; t < count; t++) {
        if (rows->nulls[terms[t].column][row]) return false;
        *sum += terms[t].factor * rows->cells[terms[t].column][row];
    }
    return true;
}

static inline bool rows_speaks_of(const struct rows *rows, const struct sg_rule *rule, uint64_t row) {
    if (!rule->when) return true;
    int when = rows_column(rows, rule->when);
    uint64_t labels = sg_rule_labels(&rows->table->columns[when], rule->is);
    assert_true(labels != 0);
    return !rows->nulls[when][row] && (labels >> rows->cells[when][row] & 1);
}

static inline void rows_check_condition(const struct rows *rows, const struct sg_rule *rule) {
    int a = rows_column(rows, rule->a);
    struct sg_text_shape shape;
    if (rule->kind == SG_RULE_SHAPE) sg_shape_ready(&shape, rule->b);
    for (uint64_t i = 0; i < rows->count; i++) {
        if (!rows_speaks_of(rows, rule, i)) continue;
        int64_t sum = 0;
        bool null = rows->nulls[a][i], good = true;
        if (rule->kind == SG_RULE_NULL) good = null;
        if (rule->kind == SG_RULE_NOT_NULL) good = !null;
        if (rule->kind == SG_RULE_IN && !null)
            good = sg_rule_labels(&rows->table->columns[a], rule->b) >> rows->cells[a][i] & 1;
        if (rule->kind == SG_RULE_TOGETHER) good = null == rows->nulls[rows_column(rows, rule->b)][i];
        if (rule->kind == SG_RULE_SHAPE && !null) {
            const char *text = rows->pool + rows->cells[a][i];
            good = sg_shape_fits(&shape, text, strlen(text));
        }
        if (rule->kind == SG_RULE_LINEAR && rows_sum(rows, rule, i, &sum))
            good = rule->low <= sum && sum <= rule->high;
        if (!good)
            fail_msg("%s: %s fails at row %llu: %lld", rows->table->name, rule->name, (unsigned long long)i,
                     (long long)sum);
    }
}

static inline void rows_check_in_row(const struct rows *rows, const struct sg_rule *rule, int64_t as_of) {
    if (rule->kind >= SG_RULE_LINEAR) {
        rows_check_condition(rows, rule);
        return;
    }
    int a = rows_column(rows, rule->a), b = rule->b ? rows_column(rows, rule->b) : a;
    int64_t end = rows->table->columns[a].type == SG_DATE ? as_of / 86400 : as_of;
    for (uint64_t i = 0; i < rows->count; i++) {
        if (rows->nulls[a][i] || rows->nulls[b][i] || !rows_speaks_of(rows, rule, i)) continue;
        int64_t x = rows->cells[a][i], y = rows->cells[b][i];
        bool good = true;
        if (rule->kind == SG_RULE_LE) good = x <= y;
        if (rule->kind == SG_RULE_LT) good = x < y;
        if (rule->kind == SG_RULE_RANGE) good = rule->low <= x && x <= rule->high;
        if (rule->kind == SG_RULE_PAST) good = x <= end;
        if (rule->kind == SG_RULE_FUTURE) good = x >= end;
        if (rule->kind == SG_RULE_CONSECUTIVE) good = x == (int64_t)i + 1;
        if (!good)
            fail_msg("%s: %s fails at row %llu: %lld, %lld", rows->table->name, rule->name,
                     (unsigned long long)i, (long long)x, (long long)y);
    }
}

static inline void rows_check_parent(const struct rows *rows, const struct rows *parent, const char *key,
                                     const struct sg_rule *rule) {
    int via = rows_column(rows, rule->via), a = rule->a ? rows_column(rows, rule->a) : via;
    int b = rows_column(parent, rule->b);
    int64_t *sums = calloc(parent->count + 1, sizeof *sums);
    for (uint64_t i = 0; i < rows->count; i++) {
        if (rows->nulls[via][i]) continue;
        uint64_t p = rows_find(parent, key, rows->cells[via][i], rows->table->name);
        if (rule->kind == SG_RULE_COUNT_EQ || rule->kind == SG_RULE_SUM_EQ)
            sums[p] += rule->kind == SG_RULE_COUNT_EQ ? 1 : rows->nulls[a][i] ? 0 : rows->cells[a][i];
        if (rows->nulls[a][i] || parent->nulls[b][p]) continue;
        int64_t x = rows->cells[a][i], y = parent->cells[b][p];
        if (rule->kind == SG_RULE_PARENT_IS &&
            !(sg_rule_labels(&parent->table->columns[b], rule->is) >> y & 1))
            fail_msg("%s: %s fails at row %llu", rows->table->name, rule->name, (unsigned long long)i);
        if ((rule->kind == SG_RULE_PARENT_EQ && x != y) || (rule->kind == SG_RULE_PARENT_GE && x < y) ||
            (rule->kind == SG_RULE_PARENT_LE && x > y))
            fail_msg("%s: %s fails at row %llu: %lld, parent %lld", rows->table->name, rule->name,
                     (unsigned long long)i, (long long)x, (long long)y);
    }
    for (uint64_t p = 0;
         (rule->kind == SG_RULE_COUNT_EQ || rule->kind == SG_RULE_SUM_EQ) && p < parent->count; p++)
        if (!parent->nulls[b][p] && sums[p] != parent->cells[b][p])
            fail_msg("%s: %s fails for parent %llu: %lld, not %lld", rows->table->name, rule->name,
                     (unsigned long long)p, (long long)sums[p], (long long)parent->cells[b][p]);
    free(sums);
}

static inline bool rows_equal(const struct rows *rows, int column, uint64_t x, uint64_t y) {
    int64_t a = rows->cells[column][x], b = rows->cells[column][y];
    if (rows->table->columns[column].type == SG_TEXT) return strcmp(rows->pool + a, rows->pool + b) == 0;
    return a == b;
}

/* Rules on neighbouring rows of one `via`, and on the last against its parent. */
static inline void rows_check_order(const struct rows *rows, const struct rows *parent, const char *key,
                                    const struct sg_rule *rule) {
    bool last = rule->kind == SG_RULE_LAST_EQ, first = rule->kind == SG_RULE_FIRST_IN;
    const struct rows *other = last ? parent : rows;
    int via = rows_column(rows, rule->via), a = rows_column(rows, rule->a);
    int b = first ? a : rows_column(other, rule->b);
    for (uint64_t i = 0; i < rows->count; i++) {
        uint64_t beside = last ? i + 1 : i - 1, at = beside;
        bool same = beside < rows->count && rows_equal(rows, via, beside, i);
        if (first && !same && !(sg_rule_labels(&rows->table->columns[a], rule->b) >> rows->cells[a][i] & 1))
            fail_msg("%s: %s fails at row %llu", rows->table->name, rule->name, (unsigned long long)i);
        if (first || same == last) continue;
        if (last) at = rows_find(parent, key, rows->cells[via][i], rows->table->name);
        int64_t x = rows->cells[a][i], y = other->cells[b][at];
        bool x_null = rows->nulls[a][i], y_null = other->nulls[b][at];
        bool good = rule->kind == SG_RULE_NEXT_GE   ? x_null || y_null || x >= y
                    : rule->kind == SG_RULE_NEXT_NE ? x_null || y_null || x != y
                    : rule->kind == SG_RULE_NEXT_EQ ? !x_null && !y_null && x == y
                    : x_null || y_null              ? x_null == y_null
                                                    : x == y;
        if (!good)
            fail_msg("%s: %s fails at row %llu: %lld, %lld", rows->table->name, rule->name,
                     (unsigned long long)i, (long long)x, (long long)y);
    }
}

static inline int rows_compare_i64(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}
static inline int rows_compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline void rows_check_unique(const struct rows *rows, const struct sg_rule *rule) {
    int a = rows_column(rows, rule->a);
    bool text = rows->table->columns[a].type == SG_TEXT;
    int64_t *copy = calloc(rows->count + 1, sizeof *copy);
    uint64_t n = 0;
    for (uint64_t i = 0; i < rows->count; i++)
        if (!rows->nulls[a][i]) copy[n++] = rows->cells[a][i];
    if (text)
        for (uint64_t i = 0; i < n; i++)
            copy[i] = (int64_t)(intptr_t)(rows->pool + copy[i]);
    qsort(copy, n, sizeof *copy, text ? rows_compare_texts : rows_compare_i64);
    for (uint64_t i = 1; i < n; i++) {
        bool same = text ? strcmp((char *)(intptr_t)copy[i - 1], (char *)(intptr_t)copy[i]) == 0
                         : copy[i] == copy[i - 1];
        if (same)
            fail_msg("%s: %s: %s twice", rows->table->name, rule->name,
                     text ? (char *)(intptr_t)copy[i] : rule->a);
    }
    free(copy);
}

/* All that the declaration of a table promises. */
static inline void rows_check(const struct sg_dataset *dataset, const struct sg_world *world, int table,
                              int64_t as_of) {
    struct rows rows = rows_of(dataset, world, table);
    rows_check_key(&rows);
    rows_check_texts(&rows);
    for (int k = 0; k < rows.table->foreign_key_count; k++) {
        const struct sg_foreign_key *key = &rows.table->foreign_keys[k];
        struct rows parent = rows_of(dataset, world, sg_table_index(dataset, key->parent));
        int via = rows_column(&rows, key->column);
        for (uint64_t i = 0; i < rows.count; i++)
            if (!rows.nulls[via][i]) rows_find(&parent, key->parent_column, rows.cells[via][i], key->column);
        for (int r = 0; r < rows.table->rule_count; r++) {
            const struct sg_rule *rule = &rows.table->rules[r];
            if (!rule->via || sg_rule_on_neighbours(rule->kind)) continue;
            if (rows_key_via(&rows, rule->via) != key) continue;
            if (sg_rule_on_order(rule->kind))
                rows_check_order(&rows, &parent, key->parent_column, rule);
            else
                rows_check_parent(&rows, &parent, key->parent_column, rule);
        }
        rows_free(&parent);
    }
    for (int r = 0; r < rows.table->rule_count; r++) {
        const struct sg_rule *rule = &rows.table->rules[r];
        if (rule->kind == SG_RULE_UNIQUE)
            rows_check_unique(&rows, rule);
        else if (sg_rule_on_neighbours(rule->kind))
            rows_check_order(&rows, NULL, NULL, rule);
        else if (!rule->via)
            rows_check_in_row(&rows, rule, as_of);
    }
    rows_free(&rows);
}

#endif
