/* Checks of rows against their parent rows in other shards, and sums over the children of one parent. */
#include <inttypes.h>
#include <stdio.h>

#include "verify/tally.h"
#include "verify/worker.h"

/* The parents' b times a column of the rows; where the product does not fit, it is no value that a has. */
static void multiply(struct sg_verify_worker *worker, int times, const int64_t *a, size_t rows,
                     struct sg_lane *b) {
    struct sg_lane factor = sg_lanes_column(worker->lanes, times);
    for (size_t i = 0; i < rows; i++) {
        worker->skip[i] = b->null[i] | factor.null[i];
        if (__builtin_mul_overflow(b->values[i], factor.values[i], &worker->a[i])) worker->a[i] = ~a[i];
    }
    *b = (struct sg_lane){worker->a, worker->skip};
}

enum sg_code sg_worker_check_parent_rule(struct sg_verify_worker *worker, size_t c,
                                         const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    struct sg_lane a = sg_lanes_column(worker->lanes, check->a), b;
    SG_TRY(sg_lanes_parent(worker->lanes, check->via, check->b, &b, err));
    if (check->times >= 0) multiply(worker, check->times, a.values, batch->rows, &b);
    if (!sg_any_pair(check->rule->kind, check, a.values, b.values, batch->rows)) return SG_OK;
    sg_mark_pairs(check->rule->kind, check, a.values, b.values, batch->rows, worker->bad);
    sg_pass_over(a.null, batch->rows, worker->bad);
    if (sg_pass_over(b.null, batch->rows, worker->bad))
        sg_worker_offend_marked(worker, c, batch, check->rule->a, check->rule->via);
    return SG_OK;
}

/* PARENT_IS: the parent's label among a set. */
enum sg_code sg_worker_check_parent_label(struct sg_verify_worker *worker, size_t c,
                                          const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    struct sg_lane b;
    SG_TRY(sg_lanes_parent(worker->lanes, check->via, check->b, &b, err));
    sg_mark_labels(b.values, check->labels, batch->rows, worker->bad);
    if (sg_pass_over(b.null, batch->rows, worker->bad))
        sg_worker_offend_marked(worker, c, batch, check->rule->via, NULL);
    return SG_OK;
}

void sg_worker_close_group(struct sg_verify_worker *worker, size_t c) {
    struct group *group = &worker->groups[c];
    if (!group->open) return;
    group->open = false;
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    struct sg_tally *tally = &worker->tallies[c];
    tally->child_total += group->sum;
    if (group->expected_null || group->expected == group->sum) return;
    char text[SG_PROOF_SAMPLE_BYTES];
    snprintf(text, sizeof text, "rows from row %" PRIu64 " of one %s come to %lld, its %s is %lld",
             group->row + 1, rule->via, (long long)group->sum, rule->b, (long long)group->expected);
    tally->offending++;
    sg_tally_sample(tally, group->row, text);
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
    const struct sg_verify_check *check = &worker->verify->checks[c];
    struct sg_tally *tally = &worker->tallies[c];
    bool sum = check->rule->kind == SG_RULE_SUM_EQ;
    struct sg_lane a = sum ? sg_lanes_column(worker->lanes, check->a) : (struct sg_lane){NULL, NULL};
    for (size_t i = 0; i < batch->rows; i++) {
        if (batch->vectors[check->via].null[i] || (sum && a.null[i])) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, check->via);
        tally->child_total = plus(tally->child_total, weighted(image, sum ? a.values[i] : 1));
    }
}

/* Rows, or the sum of a, of one stretch. */
static __int128 stretch_sum(const struct sg_lane *a, uint32_t first, uint32_t end) {
    __int128 sum = 0;
    if (!a) return end - first;
    for (uint32_t i = first; i < end; i++)
        sum += a->null[i] ? 0 : a->values[i];
    return sum;
}

enum sg_code sg_worker_check_group_rule(struct sg_verify_worker *worker, size_t c,
                                        const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    struct group *group = &worker->groups[c];
    bool sum = check->rule->kind == SG_RULE_SUM_EQ;
    struct sg_lane a = {NULL, NULL}, b;
    if (sum) a = sg_lanes_column(worker->lanes, check->a);
    SG_TRY(sg_lanes_parent(worker->lanes, check->via, check->b, &b, err));
    struct sg_stretches stretches = sg_lanes_stretches(worker->lanes, check->via);
    for (size_t s = 0; s < stretches.count; s++) {
        uint32_t first = stretches.first[s];
        if (batch->vectors[check->via].null[first]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, first, check->via);
        if (!sg_same_group(group, image)) {
            sg_worker_close_group(worker, c);
            *group = (struct group){.open = true,
                                    .parent = image,
                                    .row = batch->row_first + first,
                                    .expected = b.values[first],
                                    .expected_null = b.null[first]};
        }
        group->sum += stretch_sum(sum ? &a : NULL, first, stretches.first[s + 1]);
    }
    return SG_OK;
}

void sg_worker_add_parent_totals(struct sg_verify_worker *worker, const struct sg_batch *batch) {
    const struct sg_verify *verify = worker->verify;
    for (size_t c = 0; c < verify->check_count; c++) {
        const struct sg_verify_check *check = &verify->checks[c];
        if (check->parent != worker->table || !check->rule) continue;
        if (check->rule->kind != SG_RULE_COUNT_EQ && check->rule->kind != SG_RULE_SUM_EQ) continue;
        __int128 *total = &worker->tallies[c].parent_total;
        struct sg_lane b = sg_lanes_column(worker->lanes, check->b);
        for (size_t i = 0; i < batch->rows; i++) {
            if (b.null[i]) continue;
            __int128 value = b.values[i];
            if (check->rule->scattered) value = weighted(sg_key_image_of_cell(batch, i, check->key), value);
            *total = plus(*total, value);
        }
    }
}
