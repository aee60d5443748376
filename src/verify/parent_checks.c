/* Checks of rows against their parent rows in other shards, and sums over the children of one parent. */
#include <inttypes.h>
#include <stdio.h>

#include "model/rule.h"
#include "verify/tally.h"
#include "verify/worker.h"

enum sg_code sg_worker_check_parent_rule(struct sg_verify_worker *worker, size_t c,
                                         const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const struct sg_table *parent = worker->verify->manifest->tables[check->parent].table;
    int via = sg_column_index(batch->table, check->rule->via),
        a = sg_column_index(batch->table, check->rule->a);
    int key = sg_column_index(parent, check->foreign_key->parent_column),
        b = sg_column_index(parent, check->rule->b);
    if (b < 0)
        return sg_fail(err, SG_INTERNAL, "rule %s: %s has no column %s", check->name, parent->name,
                       check->rule->b);
    enum sg_type a_type = batch->table->columns[a].type, b_type = parent->columns[b].type;
    int64_t a_factor = sg_value_factor(a_type, b_type), b_factor = sg_value_factor(b_type, a_type), value = 0;
    const uint8_t *via_null = batch->vectors[via].null, *a_null = batch->vectors[a].null;
    struct sg_key_image last = {0, 0};
    bool have = false, found = false, null = false;
    sg_values_of_column(batch, a, worker->a);
    for (size_t i = 0; i < batch->rows; i++) {
        if (via_null[i] || a_null[i]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, via);
        if (!have || image.order != last.order || image.identity != last.identity)
            SG_TRY(sg_parents_find(worker->parents, (size_t)check->parent, key, image, b, &found, &value,
                                   &null, err));
        have = true;
        last = image;
        if (found && !null && !sg_rule_holds(check->rule->kind, worker->a[i] * a_factor, value * b_factor))
            sg_worker_offend(worker, c, batch, i, check->rule->a, check->rule->via);
    }
    return SG_OK;
}

/* PARENT_IS: the parent's label among a set. */
enum sg_code sg_worker_check_parent_label(struct sg_verify_worker *worker, size_t c,
                                          const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const struct sg_table *parent = worker->verify->manifest->tables[check->parent].table;
    int via = sg_column_index(batch->table, check->rule->via), b = sg_column_index(parent, check->rule->b);
    int key = sg_column_index(parent, check->foreign_key->parent_column);
    uint64_t wanted = b < 0 ? 0 : sg_rule_labels(&parent->columns[b], check->rule->is);
    if (!wanted)
        return sg_fail(err, SG_INTERNAL, "rule %s: %s.%s is never '%s'", check->name, parent->name,
                       check->rule->b, check->rule->is);
    for (size_t i = 0; i < batch->rows; i++) {
        bool found, null = false;
        int64_t value = 0;
        if (batch->vectors[via].null[i]) continue;
        SG_TRY(sg_parents_find(worker->parents, (size_t)check->parent, key,
                               sg_key_image_of_cell(batch, i, via), b, &found, &value, &null, err));
        if (found && !null && !(wanted >> (uint64_t)value & 1))
            sg_worker_offend(worker, c, batch, i, check->rule->via, NULL);
    }
    return SG_OK;
}

enum sg_code sg_worker_close_group(struct sg_verify_worker *worker, size_t c, struct sg_error *err) {
    struct group *group = &worker->groups[c];
    if (!group->open) return SG_OK;
    group->open = false;
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const struct sg_table *parent = worker->verify->manifest->tables[check->parent].table;
    int key = sg_column_index(parent, check->foreign_key->parent_column),
        b = sg_column_index(parent, check->rule->b);
    bool found, null = false;
    int64_t value = 0;
    struct sg_tally *tally = &worker->tallies[c];
    SG_TRY(sg_parents_find(worker->parents, (size_t)check->parent, key, group->parent, b, &found, &value,
                           &null, err));
    tally->child_total += group->sum;
    if (!found || null || value == group->sum) return SG_OK;
    char text[SG_PROOF_SAMPLE_BYTES];
    snprintf(text, sizeof text, "rows from row %" PRIu64 " of one %s come to %lld, its %s is %lld",
             group->row + 1, check->rule->via, (long long)group->sum, check->rule->b, (long long)value);
    tally->offending++;
    sg_tally_sample(tally, group->row, text);
    return SG_OK;
}

/* A pseudo-random 62-bit weight for each parent key. Children that lie anywhere cannot be added up parent by
 * parent in bounded memory, but their sum with each parent's own weight equals that over the parents only if
 * every parent's sum is right, but for one chance in 2^62. */
static __int128 weighted(struct sg_key_image image, __int128 value) {
    uint64_t x = image.identity ^ (uint64_t)image.order * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return (__int128)((unsigned __int128)value * ((x ^ x >> 31) >> 2));
}

static __int128 plus(__int128 a, __int128 b) {
    return (__int128)((unsigned __int128)a + (unsigned __int128)b);
}

void sg_worker_add_scattered(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    struct sg_tally *tally = &worker->tallies[c];
    int via = sg_column_index(batch->table, rule->via);
    int a = rule->kind == SG_RULE_SUM_EQ ? sg_column_index(batch->table, rule->a) : -1;
    if (a >= 0) sg_values_of_column(batch, a, worker->a);
    for (size_t i = 0; i < batch->rows; i++) {
        if (batch->vectors[via].null[i] || (a >= 0 && batch->vectors[a].null[i])) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, via);
        tally->child_total = plus(tally->child_total, weighted(image, a < 0 ? 1 : worker->a[i]));
    }
}

enum sg_code sg_worker_check_group_rule(struct sg_verify_worker *worker, size_t c,
                                        const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    struct group *group = &worker->groups[c];
    int via = sg_column_index(batch->table, rule->via);
    bool sum = rule->kind == SG_RULE_SUM_EQ;
    int a = sum ? sg_column_index(batch->table, rule->a) : -1;
    if (sum) sg_values_of_column(batch, a, worker->a);
    for (size_t i = 0; i < batch->rows; i++) {
        if (batch->vectors[via].null[i]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, via);
        if (!group->open || image.order != group->parent.order || image.identity != group->parent.identity) {
            SG_TRY(sg_worker_close_group(worker, c, err));
            *group = (struct group){.open = true, .parent = image, .row = batch->row_first + i};
        }
        group->sum += !sum ? 1 : batch->vectors[a].null[i] ? 0 : worker->a[i];
    }
    return SG_OK;
}

/* This table as the parent of COUNT_EQ and SUM_EQ rules elsewhere: its column's total. */
void sg_worker_add_parent_totals(struct sg_verify_worker *worker, const struct sg_batch *batch) {
    const struct sg_verify *verify = worker->verify;
    for (size_t c = 0; c < verify->check_count; c++) {
        const struct sg_verify_check *check = &verify->checks[c];
        if (!check->rule || check->parent != worker->table) continue;
        if (check->rule->kind != SG_RULE_COUNT_EQ && check->rule->kind != SG_RULE_SUM_EQ) continue;
        int b = sg_column_index(batch->table, check->rule->b);
        if (b < 0) continue;
        int key = sg_column_index(batch->table, check->foreign_key->parent_column);
        __int128 *total = &worker->tallies[c].parent_total;
        sg_values_of_column(batch, b, worker->b);
        for (size_t i = 0; i < batch->rows; i++) {
            if (batch->vectors[b].null[i]) continue;
            __int128 value = worker->b[i];
            if (check->rule->scattered) value = weighted(sg_key_image_of_cell(batch, i, key), value);
            *total = plus(*total, value);
        }
    }
}
