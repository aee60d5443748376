/* Checks that need the row alone, or only the range of its parents' keys; and how an offending row is shown.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/encode.h"
#include "verify/tally.h"
#include "verify/worker.h"

/* Text of the named cells of a row: "row 17: id=17, volume_ml=0". */
static void describe(const struct sg_batch *batch, size_t row, const char *const *columns, char *out,
                     size_t size) {
    struct sg_buffer cell = {0};
    struct sg_error ignored = {0};
    int used = snprintf(out, size, "row %" PRIu64, batch->row_first + row + 1);
    for (int k = 0; columns[k]; k++) {
        int column = sg_column_index(batch->table, columns[k]);
        if (column < 0 || used < 0 || (size_t)used >= size) break;
        cell.used = 0;
        if (sg_encode_cell(batch, row, column, &cell, &ignored) != SG_OK) break;
        used += snprintf(out + used, size - (size_t)used, "%s %s=%.*s", k ? "," : ":", columns[k],
                         (int)(cell.used > 60 ? 60 : cell.used), cell.bytes ? cell.bytes : "");
    }
    sg_buffer_free(&cell);
}

void sg_worker_offend(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch, size_t row,
                      const char *a, const char *b) {
    struct sg_tally *tally = &worker->tallies[check];
    tally->offending++;
    if (tally->samples == SG_PROOF_SAMPLES &&
        tally->sample_row[SG_PROOF_SAMPLES - 1] < batch->row_first + row)
        return;
    const char *columns[6] = {0};
    int count = 0;
    for (int k = 0; k < sg_key_count(batch->table); k++)
        columns[count++] = batch->table->key[k];
    if (a) columns[count++] = a;
    if (b && sg_column_index(batch->table, b) >= 0) columns[count++] = b;
    char text[SG_PROOF_SAMPLE_BYTES];
    describe(batch, row, columns, text, sizeof text);
    sg_tally_sample(tally, batch->row_first + row, text);
}

void sg_worker_key_text(const struct sg_batch *batch, size_t row, char out[SG_KEY_TEXT_BYTES]) {
    struct sg_buffer text = {0};
    struct sg_error ignored = {0};
    for (int k = 0; k < sg_key_count(batch->table); k++) {
        if (k && sg_buffer_reserve(&text, 1, &ignored) == SG_OK) text.bytes[text.used++] = '\t';
        if (sg_encode_cell(batch, row, sg_column_index(batch->table, batch->table->key[k]), &text,
                           &ignored) != SG_OK)
            break;
    }
    size_t size = text.used < SG_KEY_TEXT_BYTES - 1 ? text.used : SG_KEY_TEXT_BYTES - 1;
    if (size) memcpy(out, text.bytes, size);
    out[size] = 0;
    sg_buffer_free(&text);
}

/* The rows whose keys come from outside must hold them; whether they repeat is for a unique rule. */
static void check_external_keys(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch,
                                size_t rows) {
    const struct sg_key128 *keys = worker->verify->manifest->run.keys + batch->row_first;
    int column = sg_column_index(batch->table, batch->table->key[0]);
    const uint64_t *cells = batch->vectors[column].data;
    for (size_t i = 0; i < rows; i++)
        if (cells[2 * i] != keys[i].high || cells[2 * i + 1] != keys[i].low)
            sg_worker_offend(worker, check, batch, i, NULL, NULL);
}

uint64_t sg_verify_external_rows(const struct sg_verify *verify, const struct sg_table *table) {
    return table->key_external ? verify->manifest->run.key_count : 0;
}

void sg_worker_check_key(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch) {
    int columns[SG_KEY_COLUMNS_MAX], count = sg_key_count(batch->table);
    uint64_t externals = sg_verify_external_rows(worker->verify, batch->table), first = batch->row_first;
    size_t outside = externals <= first                ? 0
                     : externals - first < batch->rows ? (size_t)(externals - first)
                                                       : batch->rows;
    if (outside) check_external_keys(worker, check, batch, outside);
    for (int k = 0; k < count; k++)
        columns[k] = sg_column_index(batch->table, batch->table->key[k]);
    for (size_t i = outside + 1; i < batch->rows; i++)
        if (sg_key_row_compare(batch, columns, count, i - 1, i) >= 0)
            sg_worker_offend(worker, check, batch, i, NULL, NULL);
}

/* A parent whose key column is dense over one run of rows: existence is a range test. */
static bool dense_range(const struct sg_manifest_table *table, const char *key, int64_t *low, int64_t *high) {
    for (int r = 0; r < table->table->rule_count; r++) {
        const struct sg_rule *rule = &table->table->rules[r];
        if (rule->kind != SG_RULE_CONSECUTIVE || strcmp(rule->a, key) != 0) continue;
        *low = table->shard_count ? (int64_t)table->shards[0].row_first + 1 : 1;
        *high = *low + (int64_t)table->rows - 1;
        return true;
    }
    return false;
}

enum sg_code sg_worker_check_foreign_key(struct sg_verify_worker *worker, size_t c,
                                         const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const struct sg_manifest_table *parent = &worker->verify->manifest->tables[check->parent];
    int column = sg_column_index(batch->table, check->foreign_key->column);
    int key = sg_column_index(parent->table, check->foreign_key->parent_column);
    const uint8_t *null = batch->vectors[column].null;
    int64_t low, high;
    if (dense_range(parent, check->foreign_key->parent_column, &low, &high)) {
        sg_values_of_column(batch, column, worker->a);
        for (size_t i = 0; i < batch->rows; i++)
            if (!null[i] && (worker->a[i] < low || worker->a[i] > high))
                sg_worker_offend(worker, c, batch, i, check->foreign_key->column, NULL);
        return SG_OK;
    }
    struct sg_key_image last = {0, 0};
    bool have = false, found = false;
    for (size_t i = 0; i < batch->rows; i++) {
        if (null[i]) continue;
        struct sg_key_image image = sg_key_image_of_cell(batch, i, column);
        if (!have || image.order != last.order || image.identity != last.identity)
            SG_TRY(sg_parents_find(worker->parents, (size_t)check->parent, key, image, -1, &found, NULL, NULL,
                                   err));
        have = true;
        last = image;
        if (!found) sg_worker_offend(worker, c, batch, i, check->foreign_key->column, NULL);
    }
    return SG_OK;
}

bool sg_rule_holds(enum sg_rule_kind kind, int64_t a, int64_t b) {
    switch (kind) {
    case SG_RULE_LE:
    case SG_RULE_PARENT_LE:
        return a <= b;
    case SG_RULE_LT:
        return a < b;
    case SG_RULE_PARENT_GE:
        return a >= b;
    default:
        return a == b;
    }
}
