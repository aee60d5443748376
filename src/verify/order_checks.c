/* Rules between neighbouring rows of one parent, and on the last of them. A parent's rows follow each other
 * in key order within one shard, so one row of memory a rule is enough. */
#include <inttypes.h>
#include <stdio.h>

#include "verify/tally.h"
#include "verify/worker.h"

static bool same_parent(const struct group *group, struct sg_key_image image) {
    return group->open && image.order == group->parent.order && image.identity == group->parent.identity;
}

void sg_worker_check_next_rule(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    struct group *group = &worker->groups[c];
    const struct sg_table *table = batch->table;
    int via = sg_column_index(table, rule->via), a = sg_column_index(table, rule->a),
        b = sg_column_index(table, rule->b);
    enum sg_type a_type = table->columns[a].type, b_type = table->columns[b].type;
    int64_t a_factor = sg_value_factor(a_type, b_type), b_factor = sg_value_factor(b_type, a_type);
    const uint8_t *a_null = batch->vectors[a].null, *b_null = batch->vectors[b].null;
    bool chain = rule->kind == SG_RULE_NEXT_EQ;
    sg_values_of_column(batch, a, worker->a);
    sg_values_of_column(batch, b, worker->b);
    for (size_t i = 0; i < batch->rows; i++) {
        if (batch->vectors[via].null[i]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, via);
        if (same_parent(group, image)) {
            int64_t value = worker->a[i] * a_factor;
            bool unknown = a_null[i] || group->latest_null;
            if (unknown ? chain : chain ? value != group->latest : value < group->latest)
                sg_worker_offend(worker, c, batch, i, rule->a, rule->via);
        }
        *group = (struct group){
            .open = true, .parent = image, .latest = worker->b[i] * b_factor, .latest_null = b_null[i]};
    }
}

/* The last row of the parent in hand against the parent. */
static enum sg_code judge_last(struct sg_verify_worker *worker, size_t c, struct sg_error *err) {
    struct group *group = &worker->groups[c];
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const struct sg_table *parent = worker->verify->manifest->tables[check->parent].table;
    const struct sg_table *child = worker->verify->manifest->tables[check->table].table;
    int key = sg_column_index(parent, check->foreign_key->parent_column),
        b = sg_column_index(parent, check->rule->b);
    enum sg_type a_type = child->columns[sg_column_index(child, check->rule->a)].type;
    enum sg_type b_type = parent->columns[b].type;
    bool found, null = false;
    int64_t value = 0;
    group->open = false;
    SG_TRY(sg_parents_find(worker->parents, (size_t)check->parent, key, group->parent, b, &found, &value,
                           &null, err));
    bool equal = null || group->latest_null ? null == group->latest_null
                                            : group->latest * sg_value_factor(a_type, b_type) ==
                                                  value * sg_value_factor(b_type, a_type);
    if (!found || equal) return SG_OK;
    char text[SG_PROOF_SAMPLE_BYTES];
    snprintf(text, sizeof text, "row %" PRIu64 ", the last of one %s: its %s is not the parent's %s",
             group->row + 1, check->rule->via, check->rule->a, check->rule->b);
    worker->tallies[c].offending++;
    sg_tally_sample(&worker->tallies[c], group->row, text);
    return SG_OK;
}

enum sg_code sg_worker_check_last_rule(struct sg_verify_worker *worker, size_t c,
                                       const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    struct group *group = &worker->groups[c];
    int via = sg_column_index(batch->table, rule->via), a = sg_column_index(batch->table, rule->a);
    sg_values_of_column(batch, a, worker->a);
    for (size_t i = 0; i < batch->rows; i++) {
        if (batch->vectors[via].null[i]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, via);
        if (group->open && !same_parent(group, image)) SG_TRY(judge_last(worker, c, err));
        *group = (struct group){.open = true,
                                .parent = image,
                                .row = batch->row_first + i,
                                .latest = worker->a[i],
                                .latest_null = batch->vectors[a].null[i]};
    }
    return SG_OK;
}

enum sg_code sg_worker_close_order(struct sg_verify_worker *worker, size_t c, struct sg_error *err) {
    struct group *group = &worker->groups[c];
    if (group->open && worker->verify->checks[c].rule->kind == SG_RULE_LAST_EQ)
        return judge_last(worker, c, err);
    group->open = false;
    return SG_OK;
}
