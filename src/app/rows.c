/* A sink that watches rows go by and keeps one. */
#include "app/rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io/encode.h"

struct watch {
    struct sg_row *out;
    bool by_value;
    uint64_t row; /* wanted, when not by value */
    int column;   /* by value: cell `column` reads `value` */
    const char *value;
    bool found;
    struct sg_buffer text;
};

static enum sg_code cell_text(struct watch *watch, const struct sg_batch *batch, size_t row, int column,
                              struct sg_error *err) {
    watch->text.used = 0;
    SG_TRY(sg_encode_cell(batch, row, column, &watch->text, err));
    SG_TRY(sg_buffer_reserve(&watch->text, 1, err));
    watch->text.bytes[watch->text.used] = '\0';
    return SG_OK;
}

static enum sg_code keep(struct watch *watch, const struct sg_batch *batch, size_t row,
                         struct sg_error *err) {
    struct sg_row *out = watch->out;
    out->row = batch->row_first + row;
    for (int i = 0; i < batch->table->column_count; i++) {
        if (batch->vectors[i].null[row]) continue;
        SG_TRY(cell_text(watch, batch, row, i, err));
        out->cells[i] = strdup(watch->text.bytes);
        if (!out->cells[i]) return sg_fail(err, SG_SYSTEM, "no memory for a row of %s", batch->table->name);
    }
    watch->found = true;
    return SG_OK;
}

/* Returns SG_STOPPED, which ends the generation early, once the row is kept. */
static enum sg_code look(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct watch *watch = context;
    if (!watch->by_value) {
        if (watch->row < batch->row_first || watch->row - batch->row_first >= batch->rows) return SG_OK;
        SG_TRY(keep(watch, batch, (size_t)(watch->row - batch->row_first), err));
        return SG_STOPPED;
    }
    for (size_t row = 0; row < batch->rows; row++) {
        if (batch->vectors[watch->column].null[row]) continue;
        SG_TRY(cell_text(watch, batch, row, watch->column, err));
        if (strcmp(watch->text.bytes, watch->value) != 0) continue;
        SG_TRY(keep(watch, batch, row, err));
        return SG_STOPPED;
    }
    return SG_OK;
}

/* Sends the rows of some units past the watch. */
static enum sg_code scan(struct watch *watch, const struct sg_dataset *dataset, const struct sg_world *world,
                         uint64_t unit_first, uint64_t unit_end, struct sg_error *err) {
    uint16_t table = watch->out->table;
    struct sg_emitter emitter;
    enum sg_code code = sg_emitter_open(&emitter, dataset->tables[table], look, watch, err);
    if (code == SG_OK) {
        sg_emitter_seek(&emitter, dataset->rows_before(world, table, unit_first));
        code = dataset->generate(world, table, unit_first, unit_end, &emitter, err);
    }
    if (code == SG_OK) code = sg_emitter_flush(&emitter, err);
    sg_emitter_close(&emitter);
    sg_buffer_free(&watch->text);
    return code == SG_STOPPED && watch->found ? SG_OK : code;
}

static enum sg_code start_row(struct sg_row *out, const struct sg_dataset *dataset, uint16_t table,
                              struct sg_error *err) {
    *out = (struct sg_row){.table = table};
    out->cells = calloc(dataset->tables[table]->column_count, sizeof *out->cells);
    return out->cells ? SG_OK
                      : sg_fail(err, SG_SYSTEM, "no memory for a row of %s", dataset->tables[table]->name);
}

void sg_row_free(struct sg_row *row, const struct sg_dataset *dataset) {
    for (int i = 0; row->cells && i < dataset->tables[row->table]->column_count; i++)
        free(row->cells[i]);
    free(row->cells);
    row->cells = NULL;
}

enum sg_code sg_row_get(struct sg_row *out, const struct sg_dataset *dataset, const struct sg_world *world,
                        uint16_t table, uint64_t row, struct sg_error *err) {
    SG_TRY(start_row(out, dataset, table, err));
    struct watch watch = {.out = out, .row = row};
    out->unit = sg_unit_of_row(dataset, world, table, row);
    SG_TRY(scan(&watch, dataset, world, out->unit, out->unit + 1, err));
    if (watch.found) return SG_OK;
    return sg_fail(err, SG_INTERNAL, "%s: row %" PRIu64 " is not among the rows of its %s",
                   dataset->tables[table]->name, row + 1,
                   dataset->domains[dataset->tables[table]->domain].name);
}

/* The order of two cells of a key column: numbers by value, everything else as bytes. */
static int compare_cells(const struct sg_column *column, const char *a, const char *b) {
    bool number = column->type == SG_I16 || column->type == SG_I32 || column->type == SG_I64;
    if (!number) return strcmp(a, b);
    long long x = atoll(a), y = atoll(b);
    return x < y ? -1 : x > y;
}

/* Bisection over rows by the ascending leading key column. *found tells whether a row has the value. */
static enum sg_code bisect(struct sg_row *out, const struct sg_dataset *dataset, const struct sg_world *world,
                           int column, const char *value, bool *found, struct sg_error *err) {
    const struct sg_table *table = dataset->tables[out->table];
    uint16_t number = out->table;
    uint64_t low = 0;
    uint64_t high = dataset->rows_before(world, number, dataset->unit_count(world, table->domain));
    /* Dense keys: the value says the row. */
    uint64_t guess = strtoull(value, NULL, 10) - 1;
    while (low < high) {
        uint64_t middle = guess < high && guess >= low ? guess : low + (high - low) / 2;
        guess = UINT64_MAX;
        sg_row_free(out, dataset);
        SG_TRY(sg_row_get(out, dataset, world, number, middle, err));
        int order = compare_cells(&table->columns[column], out->cells[column], value);
        *found = order == 0;
        if (*found) return SG_OK;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    sg_row_free(out, dataset);
    return start_row(out, dataset, number, err);
}

enum sg_code sg_row_find(struct sg_row *out, const struct sg_dataset *dataset, const struct sg_world *world,
                         uint16_t table, int column, const char *value, uint64_t near_unit,
                         struct sg_error *err) {
    const struct sg_table *declared = dataset->tables[table];
    uint64_t units = dataset->unit_count(world, declared->domain);
    SG_TRY(start_row(out, dataset, table, err));
    struct watch watch = {.out = out, .by_value = true, .column = column, .value = value};
    if (near_unit < units) SG_TRY(scan(&watch, dataset, world, near_unit, near_unit + 1, err));
    bool leading = declared->key[0] && strcmp(declared->key[0], declared->columns[column].name) == 0;
    if (!watch.found && leading && !declared->key_unordered && !declared->key_external)
        SG_TRY(bisect(out, dataset, world, column, value, &watch.found, err));
    else if (!watch.found)
        SG_TRY(scan(&watch, dataset, world, 0, units, err));
    if (!watch.found)
        return sg_fail(err, SG_NO_INPUT, "%s has no row with %s = %s", declared->name,
                       declared->columns[column].name, value);
    out->unit = sg_unit_of_row(dataset, world, table, out->row);
    return SG_OK;
}
