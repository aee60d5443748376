/* Rules that need the row alone. */
#include <string.h>

#include "model/rule.h"
#include "verify/worker.h"

/* Marks the rows that a rule does not speak of: those outside its `when`. */
static void mark_outside(const struct sg_rule *rule, const struct sg_batch *batch, uint8_t *outside) {
    int when = sg_column_index(batch->table, rule->when);
    const struct sg_column *column = &batch->table->columns[when];
    uint64_t wanted = sg_rule_labels(column, rule->is);
    const struct sg_vector *vector = &batch->vectors[when];
    for (size_t i = 0; i < batch->rows; i++) {
        unsigned code = column->type == SG_BOOL ? ((const uint8_t *)vector->data)[i]
                                                : ((const uint16_t *)vector->data)[i];
        outside[i] = vector->null[i] || !(wanted >> code & 1);
    }
}

/* Sums the terms of a LINEAR rule into worker->a; rows with a NULL term are marked as outside. */
static void add_terms(struct sg_verify_worker *worker, const struct sg_rule *rule,
                      const struct sg_batch *batch, uint8_t *outside) {
    struct sg_term terms[SG_TERMS_MAX];
    int count = sg_rule_terms(batch->table, rule->b, terms);
    memset(worker->a, 0, batch->rows * sizeof *worker->a);
    for (int t = 0; t < count; t++) {
        const uint8_t *null = batch->vectors[terms[t].column].null;
        sg_values_of_column(batch, terms[t].column, worker->b);
        for (size_t i = 0; i < batch->rows; i++) {
            outside[i] |= null[i];
            worker->a[i] += terms[t].factor * worker->b[i];
        }
    }
}

/* PRODUCT: worker->a less the product of two columns; rows with a NULL factor are marked as outside. A
 * product that does not fit 64 bits is wrong whatever a is. */
static void subtract_product(struct sg_verify_worker *worker, const struct sg_rule *rule,
                             const struct sg_batch *batch, uint8_t *outside) {
    int factors[2] = {0, 0};
    (void)sg_rule_factors(batch->table, rule, factors);
    const uint8_t *null[2] = {batch->vectors[factors[0]].null, batch->vectors[factors[1]].null};
    int64_t second[SG_BATCH_ROWS];
    sg_values_of_column(batch, factors[0], worker->b);
    sg_values_of_column(batch, factors[1], second);
    for (size_t i = 0; i < batch->rows; i++) {
        int64_t product;
        outside[i] |= null[0][i] | null[1][i];
        bool overflow = __builtin_mul_overflow(worker->b[i], second[i], &product);
        worker->a[i] = overflow || worker->a[i] != product;
    }
}

/* LE and LT: worker->a against column b. */
static void compare_columns(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch,
                            const uint8_t *outside) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    int a = sg_column_index(batch->table, rule->a), b = sg_column_index(batch->table, rule->b);
    enum sg_type a_type = batch->table->columns[a].type, b_type = batch->table->columns[b].type;
    int64_t a_factor = sg_value_factor(a_type, b_type), b_factor = sg_value_factor(b_type, a_type);
    const uint8_t *b_null = batch->vectors[b].null;
    sg_values_of_column(batch, b, worker->b);
    for (size_t i = 0; i < batch->rows; i++)
        if (!outside[i] && !b_null[i] &&
            !sg_rule_holds(rule->kind, worker->a[i] * a_factor, worker->b[i] * b_factor))
            sg_worker_offend(worker, c, batch, i, rule->a, rule->b);
}

/* RANGE, PAST, FUTURE, WINDOW, LINEAR, PRODUCT, MULTIPLE, CONSECUTIVE: worker->a within bounds. */
static void check_bounds(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch,
                         const uint8_t *outside) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    int64_t low = rule->low, high = rule->high;
    if (rule->kind == SG_RULE_PAST || rule->kind == SG_RULE_FUTURE || rule->kind == SG_RULE_WINDOW)
        (void)sg_rule_window(rule, &worker->verify->manifest->run,
                             batch->table->columns[sg_column_index(batch->table, rule->a)].type, &low, &high);
    if (rule->kind == SG_RULE_PRODUCT || rule->kind == SG_RULE_MULTIPLE) low = high = 0;
    for (size_t i = 0; i < batch->rows; i++) {
        bool dense = rule->kind == SG_RULE_CONSECUTIVE;
        if (dense) low = high = (int64_t)(batch->row_first + i + 1);
        if (outside[i] ? dense : worker->a[i] < low || worker->a[i] > high)
            sg_worker_offend(worker, c, batch, i, rule->a, NULL);
    }
}

static void check_labels(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch,
                         const uint8_t *outside) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    const struct sg_column *column = &batch->table->columns[sg_column_index(batch->table, rule->a)];
    uint64_t wanted = sg_rule_labels(column, rule->b);
    for (size_t i = 0; i < batch->rows; i++)
        if (!outside[i] && !(wanted >> (uint64_t)worker->a[i] & 1))
            sg_worker_offend(worker, c, batch, i, rule->a, rule->when);
}

void sg_worker_check_row_rule(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    int a = sg_column_index(batch->table, rule->a);
    const uint8_t *a_null = batch->vectors[a].null;
    uint8_t outside[SG_BATCH_ROWS] = {0};
    if (rule->when) mark_outside(rule, batch, outside);
    if (rule->kind == SG_RULE_NULL || rule->kind == SG_RULE_NOT_NULL) {
        for (size_t i = 0; i < batch->rows; i++)
            if (!outside[i] && a_null[i] == (rule->kind == SG_RULE_NOT_NULL))
                sg_worker_offend(worker, c, batch, i, rule->when, NULL);
        return;
    }
    for (size_t i = 0; i < batch->rows; i++)
        outside[i] |= a_null[i];
    if (rule->kind == SG_RULE_LINEAR)
        add_terms(worker, rule, batch, outside);
    else
        sg_values_of_column(batch, a, worker->a);
    if (rule->kind == SG_RULE_PRODUCT) subtract_product(worker, rule, batch, outside);
    for (size_t i = 0; rule->kind == SG_RULE_MULTIPLE && i < batch->rows; i++)
        worker->a[i] %= rule->low;
    if (rule->kind == SG_RULE_LE || rule->kind == SG_RULE_LT)
        compare_columns(worker, c, batch, outside);
    else if (rule->kind == SG_RULE_IN)
        check_labels(worker, c, batch, outside);
    else
        check_bounds(worker, c, batch, outside);
}
