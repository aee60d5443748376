/* One thread's scan of shards: every batch is put to every check of its table. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/fingerprint.h"
#include "verify/scan.h"
#include "verify/tally.h"
#include "verify/worker.h"

static enum sg_code want_parents(struct sg_verify_worker *worker, struct sg_error *err) {
    const struct sg_verify *verify = worker->verify;
    for (size_t c = 0; c < verify->check_count; c++) {
        const struct sg_verify_check *check = &verify->checks[c];
        if (check->parent < 0 || check->parent_dense || (check->rule && check->rule->scattered)) continue;
        SG_TRY(sg_lanes_want(worker->lanes, check->table, check->via, check->b, err));
    }
    return SG_OK;
}

enum sg_code sg_verify_worker_open(struct sg_verify_worker **out, const struct sg_verify *verify,
                                   struct sg_error *err) {
    struct sg_verify_worker *worker = *out = calloc(1, sizeof *worker);
    if (!worker) return sg_fail(err, SG_SYSTEM, "no memory for verification");
    worker->verify = verify;
    worker->tallies = sg_alloc_array(verify->check_count, sizeof *worker->tallies);
    worker->groups = sg_alloc_array(verify->check_count, sizeof *worker->groups);
    worker->hashes = sg_alloc_array(verify->gathering_count, sizeof *worker->hashes);
    worker->a = sg_alloc_array(SG_BATCH_ROWS, sizeof *worker->a);
    worker->bad = sg_alloc_array(SG_BATCH_ROWS, 1);
    worker->skip = sg_alloc_array(SG_BATCH_ROWS, 1);
    if (!worker->tallies || !worker->groups || !worker->hashes || !worker->a || !worker->bad || !worker->skip)
        return sg_fail(err, SG_SYSTEM, "no memory for verification");
    SG_TRY(sg_parents_open(&worker->parents, verify->manifest, verify->out, err));
    SG_TRY(sg_lanes_open(&worker->lanes, verify->manifest, worker->parents, err));
    SG_TRY(want_parents(worker, err));
    SG_TRY(sg_measure_open(&worker->measure, &verify->certificate, worker->lanes, err));
    return sg_lanes_ready(worker->lanes, err);
}

void sg_verify_worker_close(struct sg_verify_worker *worker) {
    if (!worker) return;
    for (size_t g = 0; worker->hashes && g < worker->verify->gathering_count; g++)
        free(worker->hashes[g].values);
    free(worker->hashes);
    free(worker->groups);
    free(worker->tallies);
    free(worker->a);
    free(worker->bad);
    free(worker->skip);
    sg_measure_close(worker->measure);
    sg_lanes_close(worker->lanes);
    sg_parents_close(worker->parents);
    free(worker);
}

const struct sg_tally *sg_verify_tallies(const struct sg_verify_worker *worker) {
    return worker->tallies;
}

const uint64_t *sg_verify_cells(const struct sg_verify_worker *worker) {
    return sg_measure_cells(worker->measure);
}

static enum sg_code check_rule(struct sg_verify_worker *worker, size_t c, const struct sg_batch *batch,
                               struct sg_error *err) {
    const struct sg_verify_check *check = &worker->verify->checks[c];
    switch (check->rule->kind) {
    case SG_RULE_PARENT_EQ:
    case SG_RULE_PARENT_GE:
    case SG_RULE_PARENT_LE:
        return check->parent < 0 ? SG_OK : sg_worker_check_parent_rule(worker, c, batch, err);
    case SG_RULE_PARENT_IS:
        return check->parent < 0 ? SG_OK : sg_worker_check_parent_label(worker, c, batch, err);
    case SG_RULE_COUNT_EQ:
    case SG_RULE_SUM_EQ:
        if (check->rule->scattered && check->parent >= 0) sg_worker_add_scattered(worker, c, batch);
        return check->parent < 0 || check->rule->scattered
                   ? SG_OK
                   : sg_worker_check_group_rule(worker, c, batch, err);
    case SG_RULE_NEXT_EQ:
    case SG_RULE_NEXT_GE:
    case SG_RULE_NEXT_NE:
    case SG_RULE_FIRST_IN:
        sg_worker_check_next_rule(worker, c, batch);
        return SG_OK;
    case SG_RULE_LAST_EQ:
        return check->parent < 0 ? SG_OK : sg_worker_check_last_rule(worker, c, batch, err);
    case SG_RULE_UNIQUE: /* by its gathering */
        return SG_OK;
    default:
        sg_worker_check_row_rule(worker, c, batch);
        return SG_OK;
    }
}

/* sg_sink: one batch of the shard in hand. */
static enum sg_code take_batch(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct sg_verify_worker *worker = context;
    const struct sg_verify *verify = worker->verify;
    if (batch->rows == 0) return SG_OK;
    if (worker->rows == 0) sg_worker_key_text(batch, 0, worker->key_first);
    worker->rows += batch->rows;
    sg_lanes_take(worker->lanes, worker->table, batch);
    sg_parents_keep_add(worker->parents, batch);
    sg_fingerprint_batch(batch, &worker->fingerprint);
    for (size_t c = verify->first_check[worker->table]; c < verify->first_check[worker->table + 1]; c++) {
        const struct sg_verify_check *check = &verify->checks[c];
        worker->tallies[c].tested += batch->rows;
        if (check->kind == SG_PROOF_KEY) {
            char first[SG_KEY_TEXT_BYTES];
            sg_worker_check_key(worker, c, batch);
            sg_worker_key_text(batch, 0, first);
            bool ordered = batch->row_first > sg_verify_external_rows(verify, batch->table);
            if (worker->have_last && ordered &&
                sg_key_text_compare(batch->table, worker->key_last, first) >= 0)
                sg_worker_offend(worker, c, batch, 0, NULL, NULL);
        } else if (check->kind == SG_PROOF_FOREIGN_KEY && check->parent >= 0)
            SG_TRY(sg_worker_check_foreign_key(worker, c, batch, err));
        else if (check->kind == SG_PROOF_RULE)
            SG_TRY(check_rule(worker, c, batch, err));
    }
    for (size_t g = 0; g < verify->gathering_count; g++)
        if (verify->gatherings[g].table == worker->table)
            SG_TRY(sg_worker_gather_hashes(worker, g, batch, err));
    sg_worker_add_parent_totals(worker, batch);
    SG_TRY(sg_measure_batch(worker->measure, worker->table, batch, err));
    sg_worker_key_text(batch, batch->rows - 1, worker->key_last);
    worker->have_last = true;
    return SG_OK;
}

static void tally_shard_fault(struct sg_tally *tally, const struct sg_shard_facts *facts, const char *what) {
    char text[SG_PROOF_SAMPLE_BYTES];
    snprintf(text, sizeof text, "%.80s: %.110s", facts->path, what);
    tally->offending++;
    sg_tally_sample(tally, facts->row_first, text);
}

/* What the manifest says of the shard against what was read. */
static void judge_shard(struct sg_verify_worker *worker) {
    struct sg_tally *tallies = worker->tallies + worker->verify->first_check[worker->table];
    const struct sg_shard_facts *facts = worker->facts;
    char text[160], expected[48], read[48];
    if (worker->rows != facts->rows) {
        snprintf(text, sizeof text, "holds %" PRIu64 " rows, the manifest says %" PRIu64, worker->rows,
                 facts->rows);
        tally_shard_fault(&tallies[SG_PROOF_ROWS], facts, text);
    }
    if (worker->fingerprint != facts->fingerprint) {
        sg_fingerprint_text(facts->fingerprint, expected);
        sg_fingerprint_text(worker->fingerprint, read);
        snprintf(text, sizeof text, "rows have fingerprint %s, the manifest says %s", read, expected);
        tally_shard_fault(&tallies[SG_PROOF_FINGERPRINT], facts, text);
    }
    if (strcmp(worker->key_first, facts->key_first) != 0 || strcmp(worker->key_last, facts->key_last) != 0)
        tally_shard_fault(&tallies[SG_PROOF_READABLE], facts,
                          "first or last key differs from the manifest's");
}

static void begin_shard(struct sg_verify_worker *worker, uint16_t table, size_t shard) {
    worker->table = table;
    worker->facts = &worker->verify->manifest->tables[table].shards[shard];
    worker->rows = 0;
    worker->fingerprint = 0;
    worker->have_last = false;
    worker->key_first[0] = worker->key_last[0] = 0;
}

static void close_group(struct sg_verify_worker *worker, size_t c) {
    const struct sg_rule *rule = worker->verify->checks[c].rule;
    if (rule && sg_rule_on_order(rule->kind))
        sg_worker_close_order(worker, c);
    else
        sg_worker_close_group(worker, c);
}

enum sg_code sg_verify_shard(struct sg_verify_worker *worker, uint16_t table, size_t shard,
                             struct sg_error *err) {
    const struct sg_verify *verify = worker->verify;
    const struct sg_manifest_table *from = &verify->manifest->tables[table];
    struct sg_scan_fault fault = {0};
    begin_shard(worker, table, shard);
    SG_TRY(sg_parents_keep_begin(worker->parents, table, shard, err));
    enum sg_code code = sg_scan_shard(verify->out, from->table, verify->manifest->format, worker->facts,
                                      take_batch, worker, &fault, err);
    sg_parents_keep_end(worker->parents, code == SG_OK && !fault.found);
    SG_TRY(code);
    for (size_t c = verify->first_check[table]; c < verify->first_check[table + 1]; c++)
        close_group(worker, c);
    sg_measure_end_shard(worker->measure, table);
    if (fault.found)
        tally_shard_fault(&worker->tallies[verify->first_check[table] + SG_PROOF_READABLE], worker->facts,
                          fault.text);
    else
        judge_shard(worker);
    return SG_OK;
}
