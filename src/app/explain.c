/* explain: a cell, its row, the parents of its row, and what it was drawn from. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/rows.h"
#include "kernels/philox.h"

enum { PARENTS_MAX = 64 };

/* The row asked for first, then its parents, each once, in order of discovery. */
struct family {
    struct sg_row rows[PARENTS_MAX];
    const char *via[PARENTS_MAX]; /* foreign key column that led here */
    int child[PARENTS_MAX];       /* index of the row that has it */
    int count;
};

static const char *cell_or_null(const char *cell) {
    return cell ? cell : "NULL";
}

static bool known(const struct family *family, uint16_t table, uint64_t row) {
    for (int i = 0; i < family->count; i++)
        if (family->rows[i].table == table && family->rows[i].row == row) return true;
    return false;
}

static enum sg_code add_parent(const struct sg_job *job, struct family *family, int child,
                               const struct sg_foreign_key *key, struct sg_error *err) {
    const struct sg_dataset *dataset = job->options->dataset;
    const struct sg_row *row = &family->rows[child];
    const char *value = row->cells[sg_column_index(dataset->tables[row->table], key->column)];
    int table = sg_table_index(dataset, key->parent);
    if (!value || table < 0 || family->count == PARENTS_MAX) return SG_OK;
    int column = sg_column_index(dataset->tables[table], key->parent_column);
    struct sg_row *parent = &family->rows[family->count];
    enum sg_code code =
        sg_row_find(parent, dataset, job->world, (uint16_t)table, column, value, row->unit, err);
    if (code != SG_OK || known(family, parent->table, parent->row)) {
        sg_row_free(parent, dataset);
        return code;
    }
    family->via[family->count] = key->column;
    family->child[family->count] = child;
    family->count++;
    return SG_OK;
}

static enum sg_code find_parents(const struct sg_job *job, struct family *family, struct sg_error *err) {
    for (int i = 0; i < family->count; i++) {
        const struct sg_table *table = job->options->dataset->tables[family->rows[i].table];
        for (int k = 0; k < table->foreign_key_count; k++)
            SG_TRY(add_parent(job, family, i, &table->foreign_keys[k], err));
    }
    return SG_OK;
}

/* Where a cell comes from: counter, key, word, distribution. */
static void tell_origin(const struct sg_job *job, const struct sg_row *row, int column) {
    const struct sg_options *options = job->options;
    const struct sg_column *declared = &options->dataset->tables[row->table]->columns[column];
    const struct sg_origin *origin = &declared->origin;
    const char *distribution = origin->distribution ? origin->distribution : "not described";
    struct sg_source source = sg_source(options->run.seed, options->dataset->id, row->table);
    uint32_t word = sg_draw(&source, row->row, origin->stream, 0).w[origin->word & 3];
    sg_result_text(job->result, "distribution", distribution);
    if (declared->note) sg_result_text(job->result, "note", declared->note);
    sg_say(job, "  distribution  %s\n", distribution);
    if (origin->stream == 0) {
        sg_say(job, "  counter       none: the cell draws nothing itself\n");
    } else {
        sg_say(job,
               "  counter       row %" PRIu64 ", stream %u of table %u in dataset %" PRIu32
               ", draw 0: words %08" PRIx32 " %08" PRIx32 " %08" PRIx32 " %08x\n",
               row->row, origin->stream, row->table, options->dataset->id, (uint32_t)row->row,
               (uint32_t)(row->row >> 32), source.scope | origin->stream, 0u);
        sg_say(job, "  key           seed %" PRIu64 "\n", options->run.seed);
        sg_say(job, "  word          %u of the Philox4x32-10 block: %08" PRIx32 "\n", origin->word, word);
        sg_result_object(job->result, "drawn");
        sg_result_array(job->result, "counter");
        sg_result_u64(job->result, NULL, (uint32_t)row->row);
        sg_result_u64(job->result, NULL, row->row >> 32);
        sg_result_u64(job->result, NULL, source.scope | origin->stream);
        sg_result_u64(job->result, NULL, 0);
        sg_result_end(job->result);
        sg_result_u64(job->result, "key", options->run.seed);
        sg_result_u64(job->result, "stream", origin->stream);
        sg_result_u64(job->result, "word", origin->word);
        sg_result_u64(job->result, "value", word);
        sg_result_end(job->result);
    }
    if (declared->note) sg_say(job, "  meaning       %s\n", declared->note);
}

static void tell_cell(const struct sg_job *job, const struct sg_row *row, int column) {
    const struct sg_table *table = job->options->dataset->tables[row->table];
    const char *name = table->columns[column].name;
    sg_say(job, "%s:%" PRIu64 ".%s = %s\n", table->name, row->row + 1, name,
           cell_or_null(row->cells[column]));
    sg_result_object(job->result, NULL);
    sg_result_text(job->result, "column", name);
    sg_result_text(job->result, "value", row->cells[column]);
    tell_origin(job, row, column);
    sg_result_end(job->result);
}

static void tell_row(const struct sg_job *job, const struct sg_row *row) {
    const struct sg_table *table = job->options->dataset->tables[row->table];
    sg_result_object(job->result, "row");
    for (int i = 0; i < table->column_count; i++) {
        sg_say(job, "  %-28s %s\n", table->columns[i].name, cell_or_null(row->cells[i]));
        sg_result_text(job->result, table->columns[i].name, row->cells[i]);
    }
    sg_result_end(job->result);
}

static void tell_parents(const struct sg_job *job, const struct family *family) {
    const struct sg_dataset *dataset = job->options->dataset;
    sg_result_array(job->result, "parents");
    for (int i = 1; i < family->count; i++) {
        const struct sg_row *row = &family->rows[i];
        const char *child = dataset->tables[family->rows[family->child[i]].table]->name;
        sg_say(job, "\nparent %s:%" PRIu64 " through %s.%s\n", dataset->tables[row->table]->name,
               row->row + 1, child, family->via[i]);
        sg_result_object(job->result, NULL);
        sg_result_text(job->result, "table", dataset->tables[row->table]->name);
        sg_result_u64(job->result, "number", row->row + 1);
        sg_result_text(job->result, "child", child);
        sg_result_text(job->result, "through", family->via[i]);
        tell_row(job, row);
        sg_result_end(job->result);
    }
    sg_result_end(job->result);
}

static void tell(const struct sg_job *job, const struct family *family, int column) {
    const struct sg_row *row = &family->rows[0];
    const struct sg_table *table = job->options->dataset->tables[row->table];
    sg_result_text(job->result, "table", table->name);
    sg_result_u64(job->result, "number", row->row + 1);
    sg_result_array(job->result, "cells");
    for (int i = 0; i < table->column_count; i++)
        if (column < 0 || column == i) tell_cell(job, row, i);
    sg_result_end(job->result);
    sg_say(job, "\nrow %s:%" PRIu64 ", %s %" PRIu64 "\n", table->name, row->row + 1,
           job->options->dataset->domains[table->domain].name, row->unit + 1);
    tell_row(job, row);
    tell_parents(job, family);
}

static enum sg_code explain(struct sg_job *job, struct sg_error *err) {
    const struct sg_options *options = job->options;
    const struct sg_dataset *dataset = options->dataset;
    int table = sg_table_index(dataset, options->table);
    if (table < 0) return sg_fail(err, SG_NO_INPUT, "%s has no table '%s'", dataset->name, options->table);
    int column = options->column[0] ? sg_column_index(dataset->tables[table], options->column) : -1;
    if (options->column[0] && column < 0)
        return sg_fail(err, SG_NO_INPUT, "%s has no column '%s'", options->table, options->column);
    SG_TRY(dataset->world_open(&options->run, &job->world, err));
    uint64_t rows = dataset->rows_before(job->world, (uint16_t)table,
                                         dataset->unit_count(job->world, dataset->tables[table]->domain));
    if (options->row > rows)
        return sg_fail(err, SG_NO_INPUT, "%s has %" PRIu64 " rows, there is no row %" PRIu64, options->table,
                       rows, options->row);
    struct family *family = calloc(1, sizeof *family);
    if (!family) return sg_fail(err, SG_SYSTEM, "no memory for rows");
    enum sg_code code =
        sg_row_get(&family->rows[0], dataset, job->world, (uint16_t)table, options->row - 1, err);
    family->count = 1;
    if (code == SG_OK) code = find_parents(job, family, err);
    if (code == SG_OK) tell(job, family, column);
    for (int i = 0; i < family->count; i++)
        sg_row_free(&family->rows[i], dataset);
    free(family);
    return code;
}

/* Takes the description of the run from a folder. */
static enum sg_code adopt_folder(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    SG_TRY(sg_folder_manifest(&job->manifest, options->out, err));
    options->dataset = job->manifest.dataset;
    options->run = job->manifest.run;
    return SG_OK;
}

enum sg_code sg_command_explain(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    enum sg_code code = SG_OK;
    if (job->comm->rank == 0) {
        if (options->out_given) code = adopt_folder(job, options, err);
        if (code == SG_OK) code = explain(job, err);
    }
    return sg_comm_agree(job->comm, code, err);
}
