/* Gatherings: the hashes of a column pass by pass, and what they say once sorted: that values are unique,
 * with the rows behind equal neighbours where they are not, or how many distinct ones there are. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "verify/scan.h"
#include "verify/tally.h"
#include "verify/worker.h"

enum sg_code sg_worker_gather_hashes(struct sg_verify_worker *worker, size_t g, const struct sg_batch *batch,
                                     struct sg_error *err) {
    struct hashes *hashes = &worker->hashes[g];
    uint32_t passes = sg_verify_unique_passes(worker->verify, g);
    struct sg_lane lane = sg_lanes_column(worker->lanes, worker->verify->gatherings[g].column);
    if (hashes->capacity - hashes->count < batch->rows) {
        size_t capacity = hashes->capacity * 2 + SG_BATCH_ROWS;
        uint64_t *grown = realloc(hashes->values, capacity * sizeof *grown);
        if (!grown) return sg_fail(err, SG_SYSTEM, "no memory for %zu hashes of a column", capacity);
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

uint32_t sg_verify_unique_passes(const struct sg_verify *verify, size_t g) {
    return (uint32_t)(verify->manifest->tables[verify->gatherings[g].table].rows / SG_UNIQUE_HASHES_MAX) + 1;
}

const uint64_t *sg_verify_unique_hashes(const struct sg_verify_worker *worker, size_t g, size_t *count) {
    *count = worker->hashes[g].count;
    return worker->hashes[g].values;
}

struct unique_scan {
    struct sg_verify_worker *worker;
    size_t gathering;
};

static enum sg_code take_unique(void *context, const struct sg_batch *batch, struct sg_error *err) {
    const struct unique_scan *scan = context;
    sg_lanes_take(scan->worker->lanes, scan->worker->verify->gatherings[scan->gathering].table, batch);
    return sg_worker_gather_hashes(scan->worker, scan->gathering, batch, err);
}

enum sg_code sg_verify_unique_scan(struct sg_verify_worker *worker, size_t g, size_t shard, uint32_t pass,
                                   struct sg_error *err) {
    struct hashes *hashes = &worker->hashes[g];
    if (hashes->pass != pass) *hashes = (struct hashes){hashes->values, 0, hashes->capacity, pass};
    const struct sg_manifest_table *from =
        &worker->verify->manifest->tables[worker->verify->gatherings[g].table];
    struct unique_scan scan = {worker, g};
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

static enum sg_code name_doubles(const struct sg_verify *verify, const struct sg_gathering *gathering,
                                 struct search *search, struct sg_error *err) {
    const struct sg_manifest_table *table = &verify->manifest->tables[gathering->table];
    enum sg_code code = SG_OK;
    for (size_t s = 0; search->doubled_count && s < table->shard_count && code == SG_OK; s++) {
        struct sg_scan_fault fault = {0};
        code = sg_scan_shard(verify->out, table->table, verify->manifest->format, &table->shards[s],
                             find_doubles, search, &fault, err);
    }
    return code;
}

static enum sg_code judge_rule(const struct sg_verify *verify, const struct sg_gathering *gathering,
                               const uint64_t *hashes, size_t count, struct sg_tally *tally,
                               struct sg_error *err) {
    struct search *search = calloc(1, sizeof *search);
    if (!search) return sg_fail(err, SG_SYSTEM, "no memory to search for doubled values");
    search->column = gathering->column;
    search->tally = tally;
    for (size_t i = 1; i < count; i++) {
        if (hashes[i] != hashes[i - 1]) continue;
        tally->offending++;
        if (search->doubled_count < SG_PROOF_SAMPLES) search->doubled[search->doubled_count++] = hashes[i];
    }
    enum sg_code code = name_doubles(verify, gathering, search, err);
    free(search);
    return code;
}

static uint64_t count_distinct(const uint64_t *hashes, size_t count) {
    uint64_t distinct = count != 0;
    for (size_t i = 1; i < count; i++)
        distinct += hashes[i] != hashes[i - 1];
    return distinct;
}

enum sg_code sg_verify_unique_judge(const struct sg_verify *verify, size_t g, uint64_t *hashes, size_t count,
                                    struct sg_tally *tallies, uint64_t *cells, struct sg_error *err) {
    const struct sg_gathering *gathering = &verify->gatherings[g];
    if (count) qsort(hashes, count, sizeof *hashes, compare_hashes);
    if (gathering->check != SG_NONE)
        return judge_rule(verify, gathering, hashes, count, &tallies[gathering->check], err);
    cells[verify->certificate.entries[gathering->entry].cell + 1] += count_distinct(hashes, count);
    return SG_OK;
}
