/* Planning of blocks: which columns stand still, which count up, which are small. */
#include "io/encode_block.h"

#include "io/encode_rows.h"
#include "io/encode_words.h"

/* Rows from `first` on, at most `most`, that hold what row `first` holds, NULL marks included. */
static size_t still_rows(const struct sg_column *column, const struct sg_cell_plan *cell, size_t first,
                         size_t most) {
    if (column->type == SG_TEXT) return 1;
    size_t bytes = sg_type_bytes(column->type), still = 1;
    const char *data = (const char *)cell->data + first * bytes;
    const size_t step = SG_STILL_ROWS;
    for (; still + step <= most; still += step)
        if (memcmp(data + (still - 1) * bytes, data + still * bytes, step * bytes) != 0) break;
    while (still < most && memcmp(data, data + still * bytes, bytes) == 0)
        still++;
    const uint8_t *null = cell->null ? cell->null + first : NULL;
    for (size_t row = 1; null && row < still; row++)
        if (null[row] != null[0]) return row;
    return still;
}

static bool counts_up(const int64_t *data, size_t first, size_t end) {
    uint64_t wrong = data[first] < 0;
    for (size_t row = first + 1; row < end; row++)
        wrong |= (uint64_t)data[row] ^ ((uint64_t)data[row - 1] + 1);
    return wrong == 0;
}

static bool small16(const int16_t *data, size_t first, size_t end) {
    uint32_t large = 0;
    for (size_t row = first; row < end; row++)
        large |= (uint16_t)data[row] >= SG_SMALL_END;
    return !large;
}

static bool small32(const int32_t *data, size_t first, size_t end) {
    uint32_t large = 0;
    for (size_t row = first; row < end; row++)
        large |= (uint32_t)data[row] >= SG_SMALL_END;
    return !large;
}

static enum sg_op_kind kind_of(const struct sg_column *column, const struct sg_cell_plan *cell, size_t first,
                               size_t end) {
    if (cell->null) return SG_OP_CELL;
    if (column->type == SG_BOOL) return SG_OP_WORDS;
    if (column->type == SG_TIMESTAMP) return SG_OP_TIME;
    if (column->type == SG_I64 && counts_up(cell->data, first, end)) return SG_OP_COUNTER;
    if (column->type == SG_I16 && small16(cell->data, first, end)) return SG_OP_SMALL16;
    if (column->type == SG_I32 && small32(cell->data, first, end)) return SG_OP_SMALL32;
    return SG_OP_CELL;
}

void sg_counter_fill(struct sg_counter *counter, uint32_t end) {
    char low[16];
    uint64_t high = counter->value / SG_COUNTER_LOW;
    char *low_end;
    if (high) {
        counter->high_size = (uint32_t)(sg_put_u64(counter->high, high) - counter->high);
        low_end = sg_put_fixed(low, counter->value % SG_COUNTER_LOW, SG_COUNTER_DIGITS);
    } else {
        counter->high_size = 0;
        low_end = sg_put_u64(low, counter->value);
    }
    counter->low_size = (uint32_t)(low_end - low);
    memset(low_end, 0, 8);
    memcpy(&counter->word, low, 8);
    counter->word |= (uint64_t)end << 8 * counter->low_size;
}

/* What the writers must know of the block's first row. */
static void start_op(struct sg_op *op, size_t first) {
    if (op->kind == SG_OP_COUNTER) {
        op->counter.value = (uint64_t)((const int64_t *)op->data)[first];
        sg_counter_fill(&op->counter, op->end);
    } else if (op->kind == SG_OP_TIME) {
        op->time = sg_time_words(((const int64_t *)op->data)[first], op->end, &op->cell->date);
    }
}

size_t sg_block_end(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first) {
    size_t rows = batch->rows - first < SG_BLOCK_ROWS ? batch->rows - first : SG_BLOCK_ROWS;
    for (size_t i = 0; i < batch->table->column_count; i++) {
        size_t still = still_rows(&batch->table->columns[i], &plan->cells[i], first, rows);
        plan->cells[i].still = still;
        if (still >= SG_STILL_ROWS) rows = still;
    }
    return first + rows;
}

/* Makes the words of a small column; gives how many words are in use. */
static size_t make_words(struct sg_row_plan *plan, struct sg_op *op, const struct sg_column *column,
                         size_t first, size_t rows, size_t used) {
    struct sg_words *words = &plan->words[used];
    if (column->type == SG_I16)
        sg_words_of_i16((const int16_t *)op->data + first, rows, op->end, op->end_size, words);
    else if (column->type == SG_I32)
        sg_words_of_i32((const int32_t *)op->data + first, rows, op->end, op->end_size, words);
    else
        sg_words_of_bool((const uint8_t *)op->data + first, rows, op->end, op->end_size, words);
    op->words = words;
    op->word_count = 1;
    return used + 1;
}

/* An op for one column that moves. */
static struct sg_op plan_column(const struct sg_row_plan *plan, const struct sg_batch *batch, size_t index,
                                size_t first, size_t end) {
    struct sg_cell_plan *cell = &plan->cells[index];
    bool last = index + 1 == batch->table->column_count;
    struct sg_op op = {.kind = kind_of(&batch->table->columns[index], cell, first, end),
                       .cell = cell,
                       .columns = 1,
                       .data = cell->data,
                       .before = cell->guide.before,
                       .end = last ? plan->line_end : plan->separator,
                       .end_size = last ? plan->line_end_size : 1};
    bool alone = plan->guided && cell->guide.tried; /* repeats are told cell by cell */
    if (alone && op.kind == SG_OP_WORDS) op.kind = SG_OP_CELL;
    if (!alone && (op.kind == SG_OP_SMALL16 || op.kind == SG_OP_SMALL32)) op.kind = SG_OP_WORDS;
    start_op(&op, first);
    return op;
}

/* Adds the words made last to those of the op before. */
static size_t extend_words(struct sg_row_plan *plan, struct sg_op *before, size_t rows, size_t used) {
    if (sg_words_join(&plan->words[used - 2], &plan->words[used - 1], rows)) return used - 1;
    before->word_count++;
    return used;
}

size_t sg_block_open(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first, size_t end,
                     const char *row_end) {
    size_t count = 0, used = 0, columns = batch->table->column_count, rows = end - first;
    for (size_t i = 0; i < columns; i++) {
        struct sg_op *before = count ? &plan->ops[count - 1] : NULL;
        const char *behind = i + 1 < columns ? plan->cells[i + 1].guide.before : row_end;
        bool still = plan->cells[i].still >= rows;
        if (still && before && before->kind == SG_OP_RUN) {
            before->columns++;
            before->size = (size_t)(behind - before->text);
            continue;
        }
        struct sg_op op = plan_column(plan, batch, i, first, end);
        op.size = (size_t)(behind - op.before);
        if (still) {
            op.kind = SG_OP_RUN;
            op.text = op.before;
        } else if (op.kind == SG_OP_WORDS) {
            used = make_words(plan, &op, &batch->table->columns[i], first, rows, used);
        }
        if (op.kind == SG_OP_WORDS && before && before->kind == SG_OP_WORDS)
            used = extend_words(plan, before, rows, used);
        else
            plan->ops[count++] = op;
    }
    return count;
}

void sg_block_close(struct sg_row_plan *plan, size_t ops) {
    for (size_t i = 0; i < ops; i++) {
        const struct sg_op *op = &plan->ops[i];
        size_t moved = (size_t)(op->before - op->cell->guide.before);
        for (uint32_t k = 0; k < op->columns; k++)
            op->cell[k].guide.before += moved;
    }
}
