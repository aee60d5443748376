/* Row plans: what the encoders compute once per batch. Owns one memory block per plan. */
#include "io/encode_rows.h"

#include <stdlib.h>

#include "base/checked.h"

enum { RENDER_ALIGN = 16 };

/* To stay in guided encoding a column must repeat so many bytes of a cell on average, or so many whole cells
 * of the trial rows beside another such column. */
enum { REPEATED_MIN = 2, WHOLE_MIN = SG_GUIDE_TRIAL_ROWS * 3 / 8 };

static size_t round_up(size_t size) {
    return (size + RENDER_ALIGN - 1) / RENDER_ALIGN * RENDER_ALIGN;
}

/* Room that any rendering of a text of this size needs. */
static size_t rendered_max(const char *text) {
    return round_up(2 * strlen(text) + 2);
}

/* Stride of a column's rendered texts. */
static size_t stride_of(const struct sg_column *column) {
    if (column->type == SG_TOKEN) return round_up(column->token->length);
    size_t stride = RENDER_ALIGN;
    for (unsigned i = 0; i < column->labels->count; i++) {
        size_t want = rendered_max(column->labels->labels[i]);
        if (want > stride) stride = want;
    }
    return stride;
}

/* Bytes behind the cells for a column's rendered texts and their sizes. */
static size_t rendered_room(const struct sg_column *column) {
    if (column->type == SG_TOKEN) return stride_of(column);
    if (column->type != SG_ENUM) return 0;
    return column->labels->count * stride_of(column) + round_up(column->labels->count * sizeof(uint16_t)) +
           round_up(column->labels->count * sizeof(const char *));
}

static void plan_labels(struct sg_cell_plan *cell, const struct sg_enum *labels, char *room, bool csv) {
    char *behind = room + (size_t)labels->count * cell->stride;
    cell->guide.last = (const char **)(void *)behind;
    memset(behind, 0, labels->count * sizeof *cell->guide.last);
    uint16_t *sizes = (uint16_t *)(void *)(behind + round_up(labels->count * sizeof *cell->guide.last));
    for (unsigned i = 0; i < labels->count; i++) {
        const char *label = labels->labels[i];
        char *at = room + (size_t)i * cell->stride;
        char *end =
            csv ? sg_put_csv_text(at, label, strlen(label)) : sg_put_copy_text(at, label, strlen(label));
        sizes[i] = (uint16_t)(end - at);
    }
    cell->rendered = room;
    cell->rendered_bytes = sizes;
}

enum sg_code sg_check_labels(const struct sg_batch *batch, int index, struct sg_error *err) {
    const struct sg_column *column = &batch->table->columns[index];
    const struct sg_vector *vector = &batch->vectors[index];
    const uint16_t *codes = vector->data;
    unsigned most = 0;
    for (size_t row = 0; row < batch->rows; row++)
        most = codes[row] > most ? codes[row] : most;
    if (most < column->labels->count) return SG_OK;
    for (size_t row = 0; row < batch->rows; row++)
        if (!vector->null[row] && codes[row] >= column->labels->count)
            return sg_fail(err, SG_INTERNAL, "%s row %llu: column %s has code %u but %u labels",
                           batch->table->name, (unsigned long long)(batch->row_first + row), column->name,
                           codes[row], column->labels->count);
    return SG_OK;
}

bool sg_any_null(const uint8_t *null, size_t rows) {
    uint64_t any = 0, word;
    for (; rows >= sizeof word; null += sizeof word, rows -= sizeof word) {
        memcpy(&word, null, sizeof word);
        any |= word;
    }
    for (size_t row = 0; row < rows; row++)
        any |= null[row];
    return any;
}

void sg_plan_token(struct sg_cell_plan *cell, const struct sg_token *token, const void *data,
                   const char *rendered) {
    cell->data = data;
    cell->token = token;
    cell->token_head = (uint8_t)(strlen(token->prefix) + strlen(token->lead));
    cell->rendered = rendered;
}

/* Most bytes of all cells of a column with their separators. */
static size_t column_bytes_max(const struct sg_batch *batch, int index, size_t stride) {
    static const uint8_t widths[] = {
        [SG_BOOL] = 1,     [SG_I16] = 6,   [SG_I32] = 11,       [SG_I64] = 20, [SG_DATE] = 10,
        [SG_DECIMAL] = 24, [SG_UUID] = 36, [SG_TIMESTAMP] = 22, [SG_TEXT] = 2};
    enum sg_type type = batch->table->columns[index].type;
    size_t per_row = type == SG_ENUM || type == SG_TOKEN ? stride : widths[type];
    size_t bytes = batch->rows * (per_row + 3);
    if (type == SG_TEXT) {
        const struct sg_text *cells = batch->vectors[index].data;
        const uint8_t *null = batch->vectors[index].null;
        for (size_t row = 0; row < batch->rows; row++)
            bytes += null[row] ? 0 : 2 * (size_t)cells[row].length;
    }
    return bytes;
}

/* Fills one cell plan; *room is the memory for its rendered texts and moves on. */
static enum sg_code plan_cell(struct sg_row_plan *plan, const struct sg_batch *batch, int index, bool csv,
                              char **room, struct sg_error *err) {
    const struct sg_column *column = &batch->table->columns[index];
    const struct sg_vector *vector = &batch->vectors[index];
    struct sg_cell_plan *cell = &plan->cells[index];
    cell->type = column->type;
    cell->scale = column->scale;
    size_t element = sg_type_bytes(column->type);
    cell->element = column->type != SG_TEXT && element <= 8 ? (uint8_t)element : 0;
    cell->data = vector->data;
    cell->null = sg_any_null(vector->null, batch->rows) ? vector->null : NULL;
    cell->date.day = INT64_MIN;
    cell->guide.tried = true;
    if (column->type == SG_DECIMAL && column->scale > SG_SCALE_MAX)
        return sg_fail(err, SG_INTERNAL, "%s.%s: scale %u is above %d", batch->table->name, column->name,
                       column->scale, SG_SCALE_MAX);
    size_t need = rendered_room(column);
    if (column->type == SG_ENUM) {
        cell->stride = (uint32_t)stride_of(column);
        SG_TRY(sg_check_labels(batch, index, err));
        plan_labels(cell, column->labels, *room, csv);
    } else if (column->type == SG_TOKEN) {
        cell->stride = (uint32_t)need;
        sg_token_format(column->token, 0, *room);
        sg_plan_token(cell, column->token, vector->data, *room);
    }
    *room += need;
    plan->bytes_max += column_bytes_max(batch, index, cell->stride);
    return SG_OK;
}

enum sg_code sg_row_plan_open(struct sg_row_plan *plan, const struct sg_batch *batch,
                              struct sg_dialect dialect, bool guided, struct sg_error *err) {
    const struct sg_table *table = batch->table;
    size_t cells_bytes = round_up(table->column_count * sizeof *plan->cells);
    size_t ops_bytes = round_up(table->column_count * sizeof *plan->ops);
    size_t words_bytes = table->column_count * SG_CELL_WORDS * sizeof *plan->words;
    size_t total = cells_bytes + ops_bytes + words_bytes;
    for (int i = 0; i < table->column_count; i++)
        total += rendered_room(&table->columns[i]);
    char *memory = malloc(total);
    if (!memory) return sg_fail(err, SG_SYSTEM, "no memory to encode %s", table->name);
    *plan = (struct sg_row_plan){.cells = (struct sg_cell_plan *)(void *)memory,
                                 .ops = (struct sg_op *)(void *)(memory + cells_bytes),
                                 .words = (struct sg_words *)(void *)(memory + cells_bytes + ops_bytes),
                                 .guided = guided,
                                 .separator = (unsigned char)dialect.separator,
                                 .line_end = dialect.csv ? '\r' | '\n' << 8 : '\n',
                                 .line_end_size = dialect.csv ? 2 : 1,
                                 .null_size = dialect.null_bytes,
                                 .memory = memory,
                                 .bytes_max = SG_CELL_SLACK_BYTES + batch->rows};
    memcpy(&plan->null_text, dialect.null_text, dialect.null_bytes);
    memset(memory, 0, cells_bytes);
    char *room = memory + cells_bytes + ops_bytes + words_bytes;
    for (int i = 0; i < table->column_count; i++) {
        enum sg_code code = plan_cell(plan, batch, i, dialect.csv, &room, err);
        if (code != SG_OK) {
            free(memory);
            return code;
        }
    }
    return SG_OK;
}

static bool often_whole(const struct sg_row_plan *plan, int column) {
    return plan->cells[column].guide.whole >= WHOLE_MIN;
}

void sg_row_plan_choose(struct sg_row_plan *plan, const struct sg_batch *batch) {
    int columns = batch->table->column_count;
    for (int i = 0; i < columns; i++) {
        struct sg_cell_guide *guide = &plan->cells[i].guide;
        bool beside = (i && often_whole(plan, i - 1)) || (i + 1 < columns && often_whole(plan, i + 1));
        guide->tried = guide->last || guide->repeated >= REPEATED_MIN * SG_GUIDE_TRIAL_ROWS ||
                       (beside && often_whole(plan, i));
    }
}

enum sg_code sg_row_plan_close(struct sg_row_plan *plan, const struct sg_batch *batch, struct sg_error *err) {
    enum sg_code code = SG_OK;
    for (int i = 0; i < batch->table->column_count; i++)
        if (plan->cells[i].date.out_of_range)
            code = sg_fail(err, SG_INTERNAL,
                           "%s rows %llu and following: column %s has a date outside the years 1 to 9999",
                           batch->table->name, (unsigned long long)batch->row_first,
                           batch->table->columns[i].name);
    free(plan->memory);
    return code;
}
