/* Rules that need the row alone. Each kind marks the rows at fault with straight loops; only batches that
 * have some are looked at row by row. */
#include <string.h>

#include "base/wide.h"
#include "model/shape.h"
#include "verify/worker.h"

SG_WIDE void sg_mark_outside(const int64_t *restrict values, int64_t low, int64_t high, size_t rows,
                             uint8_t *restrict bad) {
    for (size_t i = 0; i < rows; i++)
        bad[i] = (values[i] < low) | (values[i] > high);
}

SG_WIDE bool sg_any_outside(const int64_t *restrict values, int64_t low, int64_t high, size_t rows) {
    uint64_t any = 0;
    for (size_t i = 0; i < rows; i++)
        any |= (uint64_t)((values[i] < low) | (values[i] > high));
    return any;
}

SG_WIDE static void mark_greater(const int64_t *restrict a, int64_t a_factor, const int64_t *restrict b,
                                 int64_t b_factor, size_t rows, uint8_t *restrict bad) {
    for (size_t i = 0; i < rows; i++)
        bad[i] = a[i] * a_factor > b[i] * b_factor;
}

SG_WIDE static void mark_not_less(const int64_t *restrict a, int64_t a_factor, const int64_t *restrict b,
                                  int64_t b_factor, size_t rows, uint8_t *restrict bad) {
    for (size_t i = 0; i < rows; i++)
        bad[i] = a[i] * a_factor >= b[i] * b_factor;
}

SG_WIDE static void mark_unequal(const int64_t *restrict a, int64_t a_factor, const int64_t *restrict b,
                                 int64_t b_factor, size_t rows, uint8_t *restrict bad) {
    for (size_t i = 0; i < rows; i++)
        bad[i] = a[i] * a_factor != b[i] * b_factor;
}

void sg_mark_pairs(enum sg_rule_kind kind, const struct sg_verify_check *check, const int64_t *a,
                   const int64_t *b, size_t rows, uint8_t *bad) {
    switch (kind) {
    case SG_RULE_LE:
    case SG_RULE_PARENT_LE:
        mark_greater(a, check->a_factor, b, check->b_factor, rows, bad);
        return;
    case SG_RULE_LT:
        mark_not_less(a, check->a_factor, b, check->b_factor, rows, bad);
        return;
    case SG_RULE_PARENT_GE:
        mark_greater(b, check->b_factor, a, check->a_factor, rows, bad);
        return;
    default:
        mark_unequal(a, check->a_factor, b, check->b_factor, rows, bad);
    }
}

SG_WIDE static bool any_greater(const int64_t *restrict a, int64_t a_factor, const int64_t *restrict b,
                                int64_t b_factor, size_t rows) {
    uint64_t any = 0;
    for (size_t i = 0; i < rows; i++)
        any |= (uint64_t)(a[i] * a_factor > b[i] * b_factor);
    return any;
}

SG_WIDE static bool any_unequal(const int64_t *restrict a, int64_t a_factor, const int64_t *restrict b,
                                int64_t b_factor, size_t rows) {
    uint64_t any = 0;
    for (size_t i = 0; i < rows; i++)
        any |= (uint64_t)(a[i] * a_factor ^ b[i] * b_factor);
    return any;
}

bool sg_any_pair(enum sg_rule_kind kind, const struct sg_verify_check *check, const int64_t *a,
                 const int64_t *b, size_t rows) {
    switch (kind) {
    case SG_RULE_LE:
    case SG_RULE_PARENT_LE:
        return any_greater(a, check->a_factor, b, check->b_factor, rows);
    case SG_RULE_PARENT_GE:
        return any_greater(b, check->b_factor, a, check->a_factor, rows);
    case SG_RULE_PARENT_EQ:
        return any_unequal(a, check->a_factor, b, check->b_factor, rows);
    default:
        return true;
    }
}

void sg_mark_labels(const int64_t *values, uint64_t wanted, size_t rows, uint8_t *bad) {
    for (size_t i = 0; i < rows; i++)
        bad[i] = !(wanted >> (values[i] & 63) & 1);
}

SG_WIDE bool sg_pass_over(const uint8_t *restrict skip, size_t rows, uint8_t *restrict bad) {
    uint8_t any = 0;
    for (size_t i = 0; i < rows; i++) {
        bad[i] &= (uint8_t)~skip[i] & 1;
        any |= bad[i];
    }
    return any;
}

static bool any_of(const uint8_t *bad, size_t rows) {
    return memchr(bad, 1, rows) != NULL;
}

/* CONSECUTIVE: NULL is at fault, too. */
static bool mark_gaps(struct sg_lane lane, uint64_t row_first, size_t rows, uint8_t *bad) {
    for (size_t i = 0; i < rows; i++)
        bad[i] = (lane.values[i] != (int64_t)(row_first + i + 1)) | lane.null[i];
    return any_of(bad, rows);
}

static void add_nulls(uint8_t *skip, const uint8_t *null, size_t rows) {
    for (size_t i = 0; i < rows; i++)
        skip[i] |= null[i];
}

/* LINEAR: the sum of the terms. */
static const int64_t *add_terms(struct sg_verify_worker *worker, const struct sg_verify_check *check,
                                const struct sg_batch *batch) {
    memset(worker->a, 0, batch->rows * sizeof *worker->a);
    for (int t = 0; t < check->term_count; t++) {
        struct sg_lane lane = sg_lanes_column(worker->lanes, check->terms[t].column);
        add_nulls(worker->skip, lane.null, batch->rows);
        for (size_t i = 0; i < batch->rows; i++)
            worker->a[i] = (int64_t)((uint64_t)worker->a[i] +
                                     (uint64_t)check->terms[t].factor * (uint64_t)lane.values[i]);
    }
    return worker->a;
}

/* PRODUCT: 1 where a is not the product of two columns; one that does not fit 64 bits is wrong whatever a is.
 */
static const int64_t *compare_product(struct sg_verify_worker *worker, const struct sg_verify_check *check,
                                      const int64_t *a, const struct sg_batch *batch) {
    struct sg_lane x = sg_lanes_column(worker->lanes, check->factors[0]);
    struct sg_lane y = sg_lanes_column(worker->lanes, check->factors[1]);
    add_nulls(worker->skip, x.null, batch->rows);
    add_nulls(worker->skip, y.null, batch->rows);
    for (size_t i = 0; i < batch->rows; i++) {
        int64_t product;
        bool overflow = __builtin_mul_overflow(x.values[i], y.values[i], &product);
        worker->a[i] = overflow || a[i] != product;
    }
    return worker->a;
}

/* PERCENT: 1 where a is not the nearest to its share of the sum, the even one of two as near. */
static const int64_t *compare_percent(struct sg_verify_worker *worker, const struct sg_verify_check *check,
                                      const int64_t *a, const struct sg_batch *batch) {
    struct sg_lane rate = sg_lanes_column(worker->lanes, check->times);
    __int128 whole = 100;
    for (int i = 0; i < batch->table->columns[check->times].scale; i++)
        whole *= 10;
    add_terms(worker, check, batch);
    add_nulls(worker->skip, rate.null, batch->rows);
    for (size_t i = 0; i < batch->rows; i++) {
        __int128 off = 2 * (a[i] * whole - (__int128)worker->a[i] * rate.values[i]);
        if (off < 0) off = -off;
        worker->a[i] = off > whole || (off == whole && a[i] % 2);
    }
    return worker->a;
}

/* SHAPE: 1 where the text has another. */
static const int64_t *compare_shape(struct sg_verify_worker *worker, const struct sg_verify_check *check,
                                    const struct sg_batch *batch) {
    const struct sg_vector *vector = &batch->vectors[check->a];
    const struct sg_text *texts = vector->data;
    struct sg_text_shape shape;
    sg_shape_ready(&shape, check->rule->b);
    for (size_t i = 0; i < batch->rows; i++)
        worker->a[i] =
            !vector->null[i] && !sg_shape_fits(&shape, batch->pool + texts[i].offset, texts[i].length);
    return worker->a;
}

/* MULTIPLE: what is left over. */
static const int64_t *remainders(struct sg_verify_worker *worker, int64_t step, const int64_t *a,
                                 size_t rows) {
    for (size_t i = 0; i < rows; i++)
        worker->a[i] = a[i] % step;
    return worker->a;
}

/* Marks the rows that a rule does not speak of: those outside its `when`, and those with a NULL operand. */
static void skip_rows(struct sg_verify_worker *worker, const struct sg_verify_check *check,
                      const struct sg_batch *batch, const uint8_t *a_null) {
    memcpy(worker->skip, a_null, batch->rows);
    if (check->when < 0) return;
    struct sg_lane when = sg_lanes_column(worker->lanes, check->when);
    for (size_t i = 0; i < batch->rows; i++)
        worker->skip[i] |= when.null[i] | !(check->when_labels >> (when.values[i] & 63) & 1);
}

/* NULL, NOT_NULL, TOGETHER: marks the rows at fault. */
static bool mark_nulls(struct sg_verify_worker *worker, const struct sg_verify_check *check,
                       const struct sg_batch *batch, const uint8_t *null) {
    static const uint8_t none[SG_BATCH_ROWS];
    enum sg_rule_kind kind = check->rule->kind;
    const uint8_t *other = kind == SG_RULE_TOGETHER ? batch->vectors[check->b].null : none;
    skip_rows(worker, check, batch, none);
    for (size_t i = 0; i < batch->rows; i++)
        worker->bad[i] = (uint8_t)((null[i] != other[i]) ^ (kind == SG_RULE_NULL));
    return sg_pass_over(worker->skip, batch->rows, worker->bad);
}

/* Marks the rows at fault; false when there is none. */
static bool mark_row_rule(struct sg_verify_worker *worker, const struct sg_verify_check *check,
                          const struct sg_batch *batch) {
    struct sg_lane a = sg_lanes_column(worker->lanes, check->a), b;
    size_t rows = batch->rows;
    uint8_t *bad = worker->bad;
    enum sg_rule_kind kind = check->rule->kind;
    if (kind == SG_RULE_CONSECUTIVE) return mark_gaps(a, batch->row_first, rows, bad);
    if (kind == SG_RULE_NULL || kind == SG_RULE_NOT_NULL || kind == SG_RULE_TOGETHER)
        return mark_nulls(worker, check, batch, a.null);
    skip_rows(worker, check, batch, a.null);
    switch (kind) {
    case SG_RULE_LE:
    case SG_RULE_LT:
        b = sg_lanes_column(worker->lanes, check->b);
        add_nulls(worker->skip, b.null, rows);
        if (!sg_any_pair(kind, check, a.values, b.values, rows)) return false;
        sg_mark_pairs(kind, check, a.values, b.values, rows, bad);
        break;
    case SG_RULE_IN:
        sg_mark_labels(a.values, check->labels, rows, bad);
        break;
    default:
        if (kind == SG_RULE_LINEAR) a.values = add_terms(worker, check, batch);
        if (kind == SG_RULE_PRODUCT) a.values = compare_product(worker, check, a.values, batch);
        if (kind == SG_RULE_PERCENT) a.values = compare_percent(worker, check, a.values, batch);
        if (kind == SG_RULE_SHAPE) a.values = compare_shape(worker, check, batch);
        if (kind == SG_RULE_MULTIPLE) a.values = remainders(worker, check->rule->low, a.values, rows);
        if (!sg_any_outside(a.values, check->low, check->high, rows)) return false;
        sg_mark_outside(a.values, check->low, check->high, rows, bad);
    }
    return sg_pass_over(worker->skip, rows, bad);
}

void sg_worker_check_row_rule(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const struct sg_rule *rule = check->rule;
    if (!mark_row_rule(worker, check, batch)) return;
    bool null = rule->kind == SG_RULE_NULL || rule->kind == SG_RULE_NOT_NULL;
    bool pair = rule->kind == SG_RULE_LE || rule->kind == SG_RULE_LT || rule->kind == SG_RULE_TOGETHER;
    const char *second = pair ? rule->b : rule->kind == SG_RULE_IN ? rule->when : NULL;
    sg_worker_offend_marked(worker, c, batch, null ? rule->when : rule->a, second);
}
