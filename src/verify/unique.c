/* Unique columns: gathering hashes pass by pass; the verdict by sorting them, then the rows behind equal
 * neighbours. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "verify/scan.h"
#include "verify/tally.h"
#include "verify/worker.h"

enum sg_code sg_worker_gather_hashes(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch,
                                     struct sg_error *err) {
    struct hashes *hashes = &worker->hashes[c];
    uint32_t passes = sg_verify_unique_passes(worker->verify, c);
    struct sg_lane lane = sg_lanes_column(worker->lanes, worker->verify->checks[c].a);
    if (hashes->capacity - hashes->count < batch->rows) {
        size_t capacity = hashes->capacity * 2 + SG_BATCH_ROWS;
        uint64_t *grown = realloc(hashes->values, capacity * sizeof *grown);
        if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for %zu hashes of a unique column", capacity);
        hashes->values = grown;
        hashes->capacity = capacity;
    }
    for (size_t i = 0; i < batch->rows; i++) {
        if (lane.null[i]) continue;
        uint64_t hash = (uint64_t)lane.values[i];
        if (hash % passes == hashes->pass) hashes->values[hashes->count++] = hash;
    }
    return SG_OK;
}

uint32_t sg_verify_unique_passes(const struct sg_verify *verify, size_t check) {
    const struct sg_verify_check *of = &verify->checks[check];
    if (!of->rule || of->rule->kind != SG_RULE_UNIQUE) return 0;
    return (uint32_t)(verify->manifest->tables[of->table].rows / SG_UNIQUE_HASHES_MAX) + 1;
}

const uint64_t *sg_verify_unique_hashes(const struct sg_verify_worker *worker, size_t check, size_t *count) {
    *count = worker->hashes[check].count;
    return worker->hashes[check].values;
}

struct unique_scan {
    struct sg_verify_worker *worker;
    size_t check;
};

static enum sg_code take_unique(void *context, const struct sg_batch *batch, struct sg_error *err) {
    const struct unique_scan *scan = context;
    sg_lanes_take(scan->worker->lanes, scan->worker->verify->checks[scan->check].table, batch);
    return sg_worker_gather_hashes(scan->worker, scan->check, batch, err);
}

enum sg_code sg_verify_unique_scan(struct sg_verify_worker *worker, size_t check, size_t shard, uint32_t pass,
                                   struct sg_error *err) {
    struct hashes *hashes = &worker->hashes[check];
    if (hashes->pass != pass) *hashes = (struct hashes){hashes->values, 0, hashes->capacity, pass};
    const struct sg_manifest_table *from =
        &worker->verify->manifest->tables[worker->verify->checks[check].table];
    struct unique_scan scan = {worker, check};
    struct sg_scan_fault fault = {0};
    return sg_scan_shard(worker->verify->out, from->table, worker->verify->manifest->format,
                         &from->shards[shard], take_unique, &scan, &fault, err);
}

static int compare_hashes(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Names the rows that hold one of the first doubled hashes. */
struct search {
    int column;
    uint64_t doubled[SG_PROOF_SAMPLES];
    size_t doubled_count;
    struct sg_tally *tally;
    int64_t values[SG_BATCH_ROWS];
};

static enum sg_code find_doubles(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct search *search = context;
    (void)err;
    sg_values_of_column(batch, search->column, search->values);
    for (size_t i = 0; i < batch->rows; i++) {
        if (batch->vectors[search->column].null[i]) continue;
        for (size_t d = 0; d < search->doubled_count; d++) {
            if ((uint64_t)search->values[i] != search->doubled[d]) continue;
            char text[SG_PROOF_SAMPLE_BYTES];
            snprintf(text, sizeof text, "row %" PRIu64 ": %s occurs more than once", batch->row_first + i + 1,
                     batch->table->columns[search->column].name);
            sg_tally_sample(search->tally, batch->row_first + i, text);
        }
    }
    return SG_OK;
}

enum sg_code sg_verify_unique_judge(const struct sg_verify *verify, size_t check, uint64_t *hashes,
                                    size_t count, struct sg_tally *tally, struct sg_error *err) {
    const struct sg_manifest_table *table = &verify->manifest->tables[verify->checks[check].table];
    struct search *search = calloc(1, sizeof *search);
    if (!search) return sg_fail(err, SG_SYSTEM, "no memory to search for doubled values");
    search->column = sg_column_index(table->table, verify->checks[check].rule->a);
    search->tally = tally;
    qsort(hashes, count, sizeof *hashes, compare_hashes);
    for (size_t i = 1; i < count; i++) {
        if (hashes[i] != hashes[i - 1]) continue;
        tally->offending++;
        if (search->doubled_count < SG_PROOF_SAMPLES) search->doubled[search->doubled_count++] = hashes[i];
    }
    enum sg_code code = SG_OK;
    for (size_t s = 0; search->doubled_count && s < table->shard_count && code == SG_OK; s++) {
        struct sg_scan_fault fault = {0};
        code = sg_scan_shard(verify->out, table->table, verify->manifest->format, &table->shards[s],
                             find_doubles, search, &fault, err);
    }
    free(search);
    return code;
}
