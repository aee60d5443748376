/* Planning of blocks: which columns stand still, which count up, which are words. */
#include "io/encode_block.h"

#include "io/encode_cells.h"
#include "io/encode_rows.h"

/* Rows from `first` on, at most `most`, that hold what row `first` holds, NULL marks included. */
static size_t still_rows(const struct sg_column *column, const struct sg_cell_plan *cell, size_t first,
                         size_t most) {
    if (column->type == SG_TEXT || most < 2) return 1;
    size_t bytes = sg_type_bytes(column->type), still = 1;
    const char *data = (const char *)cell->data + first * bytes;
    if (memcmp(data, data + bytes, bytes) != 0) return 1;
    if (memcmp(data, data + bytes, (most - 1) * bytes) == 0)
        still = most;
    else
        while (memcmp(data, data + still * bytes, bytes) == 0)
            still++;
    const uint8_t *null = cell->null ? cell->null + first : NULL;
    for (size_t row = 1; null && row < still; row++)
        if (null[row] != null[0]) return row;
    return still;
}

static bool counts_up(const int64_t *data, size_t first, size_t end) {
    if (data[first] < 0 || (end - first > 1 && data[first + 1] != data[first] + 1)) return false;
    uint64_t wrong = 0;
    for (size_t row = first + 1; row < end; row++)
        wrong |= (uint64_t)data[row] ^ ((uint64_t)data[row - 1] + 1);
    return wrong == 0;
}

size_t sg_block_end(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first) {
    size_t rows = batch->rows - first < SG_BLOCK_ROWS ? batch->rows - first : SG_BLOCK_ROWS;
    for (size_t i = 0; i < batch->table->column_count; i++) {
        struct sg_cell_plan *cell = &plan->cells[i];
        size_t still = still_rows(&batch->table->columns[i], cell, first, rows);
        cell->still = still;
        cell->counts = false;
        if (still >= SG_STILL_ROWS) rows = still;
        if (cell->type != SG_I64 || still > 1) continue;
        /* A block in which a counter passes a multiple of SG_COUNTER_LOW ends before it. */
        int64_t value = ((const int64_t *)cell->data)[first];
        uint64_t left = SG_COUNTER_LOW - (uint64_t)value % SG_COUNTER_LOW;
        cell->counts =
            value >= 0 && value < SG_COUNTER_END && !cell->null && counts_up(cell->data, first, first + rows);
        if (cell->counts && left < rows) rows = (size_t)left;
    }
    return first + rows;
}

/* The text of keys that count up: high digits, which are the same in the block, and a word of low ones. */
static void open_counter(struct sg_op *op, uint64_t first, size_t rows, struct sg_words *words) {
    uint64_t high = first / SG_COUNTER_LOW;
    op->kind = SG_OP_COUNTER;
    op->high_size = high ? (uint32_t)(sg_put_u64(op->high, high) - op->high) : 0;
    sg_words_counter((uint32_t)(first % SG_COUNTER_LOW), high != 0, rows, op->end, words);
    op->word_count = 1;
}

/* An op for one column that moves. Its words, if any, stand at `words`. */
static void plan_column(const struct sg_row_plan *plan, const struct sg_batch *batch, size_t index,
                        size_t first, size_t rows, struct sg_op *op, struct sg_words *words) {
    struct sg_cell_plan *cell = &plan->cells[index];
    bool last = index + 1 == batch->table->column_count;
    op->kind = SG_OP_CELL;
    op->end = last ? plan->line_end : plan->separator;
    op->end_size = last ? plan->line_end_size : 1;
    op->word_count = 0;
    op->columns = 1;
    op->words = words;
    op->before = cell->guide.before;
    op->cell = cell;
    if (cell->counts && op->end_size == 1) {
        open_counter(op, (uint64_t)((const int64_t *)cell->data)[first], rows, words);
        return;
    }
    op->word_count = (uint32_t)sg_cell_words(plan, cell, first, rows, op->end, op->end_size, words);
    if (!op->word_count) return;
    if (cell->type == SG_TIMESTAMP && !cell->null)
        op->kind = SG_OP_TIME;
    else
        op->kind = plan->guided && cell->guide.tried ? SG_OP_TOLD : SG_OP_WORDS;
}

/* Adds the words of `more`, which stand right behind those of `op`, to these. */
static void extend_words(struct sg_op *op, const struct sg_op *more, struct sg_words *words, size_t rows) {
    struct sg_words *last = words + op->word_count - 1;
    if (!sg_words_join(last, last + 1, rows)) {
        op->word_count += more->word_count;
        return;
    }
    for (uint32_t i = 1; i < more->word_count; i++)
        last[i] = last[i + 1];
    op->word_count += more->word_count - 1;
}

size_t sg_block_open(struct sg_row_plan *plan, const struct sg_batch *batch, size_t first, size_t end,
                     const char *row_end) {
    size_t count = 0, columns = batch->table->column_count, rows = end - first;
    struct sg_words *free_words = plan->words;
    for (size_t i = 0; i < columns; i++) {
        struct sg_op *before = count ? &plan->ops[count - 1] : NULL, *op = &plan->ops[count];
        const char *behind = i + 1 < columns ? plan->cells[i + 1].guide.before : row_end;
        bool still = plan->cells[i].still >= rows;
        if (still && before && before->kind == SG_OP_RUN) {
            before->columns++;
            before->size = (size_t)(behind - before->text);
            continue;
        }
        if (still) {
            *op = (struct sg_op){.kind = SG_OP_RUN, .columns = 1, .cell = &plan->cells[i]};
            op->before = op->text = op->cell->guide.before;
        } else {
            plan_column(plan, batch, i, first, rows, op, free_words);
        }
        op->size = (size_t)(behind - op->before);
        if (op->kind == SG_OP_WORDS && before && before->kind == SG_OP_WORDS) {
            extend_words(before, op, (struct sg_words *)before->words, rows);
            free_words = (struct sg_words *)before->words + before->word_count;
        } else {
            free_words += op->word_count;
            count++;
        }
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
