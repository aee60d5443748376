/* Checks that need the row alone, or only the range of its parents' keys; and how an offending row is shown.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/encode.h"
#include "verify/tally.h"
#include "verify/worker.h"

/* Text of the named cells of a row: "row 17: id=17, volume_ml=0". */
static void describe(const struct sg_batch *batch, size_t row, const char *const *columns, char *out,
                     size_t size) {
    struct sg_buffer cell = {0};
    struct sg_error ignored = {0};
    snprintf(out, size, "row %" PRIu64, batch->row_first + row + 1);
    for (int k = 0; columns[k]; k++) {
        int column = sg_column_index(batch->table, columns[k]);
        if (column < 0) break;
        cell.used = 0;
        if (sg_encode_cell(batch, row, column, &cell, &ignored) != SG_OK) break;
        sg_append(out, size, "%s %s=%.*s", k ? "," : ":", columns[k], (int)(cell.used > 60 ? 60 : cell.used),
                  cell.bytes ? cell.bytes : "");
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

void sg_worker_offend_marked(struct sg_verify_worker *worker, size_t check, const struct sg_batch *batch,
                             const char *a, const char *b) {
    for (size_t i = 0; i < batch->rows; i++)
        if (worker->bad[i]) sg_worker_offend(worker, check, batch, i, a, b);
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

/* Does the key's first column alone ascend from row to row? Then the others do not matter. */
static bool first_ascends(struct sg_verify_worker *worker, const struct sg_batch *batch, int column,
                          size_t from) {
    enum sg_type type = batch->table->columns[column].type;
    if (type == SG_TEXT || type == SG_UUID || from >= batch->rows) return from >= batch->rows;
    uint64_t flip = type == SG_TOKEN ? (uint64_t)1 << 63 : 0; /* tokens are unsigned */
    const int64_t *values = sg_lanes_column(worker->lanes, column).values;
    uint64_t falls = 0;
    for (size_t i = from; i < batch->rows; i++)
        falls |= (int64_t)((uint64_t)values[i - 1] ^ flip) >= (int64_t)((uint64_t)values[i] ^ flip);
    return !falls;
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
    if (count && first_ascends(worker, batch, columns[0], outside + 1)) return;
    for (size_t i = outside + 1; i < batch->rows; i++)
        if (sg_key_row_compare(batch, columns, count, i - 1, i) >= 0)
            sg_worker_offend(worker, check, batch, i, NULL, NULL);
}

/* Stretches of rows whose parent is not there. */
static void offend_orphans(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch,
                           const uint8_t *found) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    struct sg_stretches stretches = sg_lanes_stretches(worker->lanes, check->via);
    const uint8_t *null = batch->vectors[check->via].null;
    for (size_t s = 0; s < stretches.count; s++)
        for (uint32_t i = stretches.first[s]; !found[s] && i < stretches.first[s + 1]; i++)
            if (!null[i]) sg_worker_offend(worker, c, batch, i, check->foreign_key->column, NULL);
}

enum sg_code sg_worker_check_foreign_key(struct sg_verify_worker *worker, size_t c,
                                         const struct sg_batch *batch, struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    const uint8_t *found;
    if (check->parent_dense) {
        struct sg_lane lane = sg_lanes_column(worker->lanes, check->via);
        if (!sg_any_outside(lane.values, check->low, check->high, batch->rows)) return SG_OK;
        sg_mark_outside(lane.values, check->low, check->high, batch->rows, worker->bad);
        if (sg_pass_over(lane.null, batch->rows, worker->bad))
            sg_worker_offend_marked(worker, c, batch, check->foreign_key->column, NULL);
        return SG_OK;
    }
    SG_TRY(sg_lanes_parents(worker->lanes, check->via, &found, err));
    offend_orphans(worker, c, batch, found);
    return SG_OK;
}
