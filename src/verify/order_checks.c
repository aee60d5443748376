/* Rules between neighbouring rows of one parent, on the first and on the last of them. A parent's rows follow
 * each other in key order within one shard, so one row of memory a rule is enough. */
#include <inttypes.h>
#include <stdio.h>

#include "verify/tally.h"
#include "verify/worker.h"

bool sg_same_group(const struct group *group, struct sg_key_image image) {
    return group->open && image.order == group->parent.order && image.identity == group->parent.identity;
}

/* Row i against the latest row of the same parent. */
static void check_next(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch, size_t i,
                       struct sg_lane a) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const struct group *group = &worker->groups[c];
    enum sg_rule_kind kind = check->rule->kind;
    bool unknown = a.null[i] || group->latest_null;
    int64_t value = a.values[i] * check->a_factor;
    if (unknown                   ? kind == SG_RULE_NEXT_EQ
        : kind == SG_RULE_NEXT_EQ ? value != group->latest
        : kind == SG_RULE_NEXT_NE ? value == group->latest
                                  : value < group->latest)
        sg_worker_offend(worker, c, batch, i, check->rule->a, check->rule->via);
}

/* Row i is the first of its parent. */
static void check_first(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch, size_t i,
                        struct sg_lane a) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    if (!a.null[i] && !(check->labels >> (a.values[i] & 63) & 1))
        sg_worker_offend(worker, c, batch, i, check->rule->a, check->rule->via);
}

void sg_worker_check_next_rule(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    struct group *group = &worker->groups[c];
    struct sg_lane a = sg_lanes_column(worker->lanes, check->a);
    bool first_only = check->rule->kind == SG_RULE_FIRST_IN;
    struct sg_lane b = first_only ? a : sg_lanes_column(worker->lanes, check->b);
    struct sg_stretches stretches = sg_lanes_stretches(worker->lanes, check->via);
    for (size_t s = 0; s < stretches.count; s++) {
        uint32_t first = stretches.first[s];
        if (batch->vectors[check->via].null[first]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, first, check->via);
        bool follows = sg_same_group(group, image);
        if (first_only && !follows) check_first(worker, c, batch, first, a);
        *group = (struct group){
            .open = true, .parent = image, .latest = group->latest, .latest_null = group->latest_null};
        for (uint32_t i = first; !first_only && i < stretches.first[s + 1]; i++) {
            if (follows || i > first) check_next(worker, c, batch, i, a);
            group->latest = b.values[i] * check->b_factor;
            group->latest_null = b.null[i];
        }
    }
}

/* The last row of the parent in hand against the parent. */
static void judge_last(struct sg_verify_worker *worker, size_t c) {
    struct group *group = &worker->groups[c];
    const struct sg_verify_check *check = &worker->verify->checks[c];
    bool null = group->expected_null || group->latest_null;
    bool equal = null ? group->expected_null == group->latest_null
                      : group->latest * check->a_factor == group->expected * check->b_factor;
    group->open = false;
    if (!group->found || equal) return;
    char text[SG_PROOF_SAMPLE_BYTES];
    snprintf(text, sizeof text, "row %" PRIu64 ", the last of one %s: its %s is not the parent's %s",
             group->row + 1, check->rule->via, check->rule->a, check->rule->b);
    worker->tallies[c].offending++;
    sg_tally_sample(&worker->tallies[c], group->row, text);
}

enum sg_code sg_worker_check_last_rule(struct sg_verify_worker *worker, size_t c,
                                       const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    struct group *group = &worker->groups[c];
    struct sg_lane a = sg_lanes_column(worker->lanes, check->a), b;
    const uint8_t *found;
    SG_TRY(sg_lanes_parents(worker->lanes, check->via, &found, err));
    SG_TRY(sg_lanes_parent(worker->lanes, check->via, check->b, &b, err));
    struct sg_stretches stretches = sg_lanes_stretches(worker->lanes, check->via);
    for (size_t s = 0; s < stretches.count; s++) {
        uint32_t first = stretches.first[s], last = stretches.first[s + 1] - 1;
        if (batch->vectors[check->via].null[first]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, first, check->via);
        if (group->open && !sg_same_group(group, image)) judge_last(worker, c);
        *group = (struct group){.open = true,
                                .parent = image,
                                .row = batch->row_first + last,
                                .latest = a.values[last],
                                .latest_null = a.null[last],
                                .found = found[s],
                                .expected = b.values[first],
                                .expected_null = b.null[first]};
    }
    return SG_OK;
}

void sg_worker_close_order(struct sg_verify_worker *worker, size_t c) {
    struct group *group = &worker->groups[c];
    if (group->open && worker->verify->checks[c].rule->kind == SG_RULE_LAST_EQ) judge_last(worker, c);
    group->open = false;
}
