/* The verify stage: spreads the shards over ranks and threads, merges what they found, prints the results. */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "app/certify.h"
#include "app/check_report.h"
#include "app/page.h"
#include "base/checked.h"
#include "verify/verify.h"

struct item {
    uint16_t table;
    size_t shard;
};

struct verification {
    struct sg_job *job;
    struct sg_verify verify;
    struct item *items;                /* all shards, in table order */
    size_t item_count, first, end;     /* this rank's are [first, end) */
    struct sg_verify_worker **workers; /* one per thread */
    struct sg_tally *tallies;
    uint64_t *cells; /* of the certificate, over all ranks after gathering */
};

/* A rank's share is contiguous and has an equal part of the text bytes: neighbours share parents. */
static enum sg_code list_items(struct verification *v, struct sg_error *err) {
    const struct sg_manifest *manifest = &v->job->manifest;
    size_t count = 0;
    uint64_t total = 0, before = 0;
    for (size_t t = 0; t < manifest->table_count; t++) {
        count += manifest->tables[t].shard_count;
        total += manifest->tables[t].text_bytes + manifest->tables[t].shard_count;
    }
    v->items = sg_alloc_array(count, sizeof *v->items);
    if (!v->items) return sg_fail(err, SG_SYSTEM, "no memory for a list of %zu shards", count);
    uint64_t ranks = (uint64_t)v->job->comm->ranks, rank = (uint64_t)v->job->comm->rank;
    v->first = v->end = 0;
    for (size_t t = 0; t < manifest->table_count; t++)
        for (size_t s = 0; s < manifest->tables[t].shard_count; s++) {
            uint64_t owner = sg_muldiv(before, ranks, total);
            if (owner < rank) v->first = v->item_count + 1;
            if (owner <= rank) v->end = v->item_count + 1;
            v->items[v->item_count++] = (struct item){(uint16_t)t, s};
            before += manifest->tables[t].shards[s].text_bytes + 1;
        }
    return SG_OK;
}

static enum sg_code open_workers(struct verification *v, struct sg_error *err) {
    v->workers = sg_alloc_array((size_t)v->job->threads, sizeof *v->workers);
    v->tallies = sg_alloc_array(v->verify.check_count, sizeof *v->tallies);
    v->cells = sg_alloc_array(v->verify.certificate.cells, sizeof *v->cells);
    if (!v->workers || !v->tallies || !v->cells) return sg_fail(err, SG_SYSTEM, "no memory for verification");
    for (int i = 0; i < v->job->threads; i++)
        SG_TRY(sg_verify_worker_open(&v->workers[i], &v->verify, err));
    return SG_OK;
}

/* Calls sg_verify_shard, or for pass > 0 the unique scan of one check, for this rank's items. */
static enum sg_code scan_items(struct verification *v, size_t check, uint32_t pass, struct sg_error *err) {
    enum sg_code code = SG_OK;
#pragma omp parallel for schedule(dynamic, 1) num_threads(v->job->threads)
    for (size_t i = v->first; i < v->end; i++) {
        enum sg_code seen;
#pragma omp atomic read
        seen = code;
        if (seen != SG_OK) continue;
        struct sg_verify_worker *worker = v->workers[omp_get_thread_num()];
        const struct item *item = &v->items[i];
        struct sg_error own = {0};
        enum sg_code one = SG_OK;
        if (sg_stop_requested())
            one = sg_stopped(v->job, &own);
        else if (pass == 0)
            one = sg_verify_shard(worker, item->table, item->shard, &own);
        else if (item->table == v->verify.checks[check].table)
            one = sg_verify_unique_scan(worker, check, item->shard, pass, &own);
        if (one != SG_OK) {
#pragma omp critical(sg_verify_failure)
            if (code == SG_OK) {
                *err = own;
                code = one;
            }
        } else if (pass == 0)
            sg_progress_add(v->job->progress, v->job->manifest.tables[item->table].shards[item->shard].rows);
    }
    return code;
}

/* Collective. */
static void gather_cells(struct verification *v) {
    for (int i = 0; i < v->job->threads; i++) {
        const uint64_t *from = sg_verify_cells(v->workers[i]);
        for (size_t c = 0; c < v->verify.certificate.cells; c++)
            v->cells[c] += from[c];
    }
    if (v->verify.certificate.cells) sg_comm_sum(v->job->comm, v->cells, v->verify.certificate.cells);
}

static enum sg_code gather_tallies(struct verification *v, struct sg_error *err) {
    size_t count = v->verify.check_count;
    for (int i = 0; i < v->job->threads; i++)
        for (size_t c = 0; c < count; c++)
            sg_tally_merge(&v->tallies[c], sg_verify_tallies(v->workers[i]) + c);
    gather_cells(v);
    void *all = NULL;
    SG_TRY(sg_comm_gather(v->job->comm, v->tallies, count * sizeof *v->tallies, &all, NULL, err));
    const struct sg_tally *received = all;
    for (int rank = 1; received && rank < v->job->comm->ranks; rank++)
        for (size_t c = 0; c < count; c++)
            sg_tally_merge(&v->tallies[c], &received[(size_t)rank * count + c]);
    free(all);
    return SG_OK;
}

/* This rank's hashes of one check in the current pass, as one array. */
static enum sg_code collect_hashes(struct verification *v, size_t check, uint64_t **hashes, size_t *count,
                                   struct sg_error *err) {
    size_t total = 0, part;
    for (int i = 0; i < v->job->threads; i++) {
        sg_verify_unique_hashes(v->workers[i], check, &part);
        total += part;
    }
    *hashes = sg_alloc_array(total, sizeof **hashes);
    if (!*hashes) return sg_fail(err, SG_SYSTEM, "no memory for %zu hashes of a unique column", total);
    *count = 0;
    for (int i = 0; i < v->job->threads; i++) {
        const uint64_t *from = sg_verify_unique_hashes(v->workers[i], check, &part);
        if (part) memcpy(*hashes + *count, from, part * sizeof *from);
        *count += part;
    }
    return SG_OK;
}

static enum sg_code judge_unique_pass(struct verification *v, size_t check, struct sg_error *err) {
    uint64_t *own = NULL;
    size_t own_count = 0;
    enum sg_code code = collect_hashes(v, check, &own, &own_count, err);
    uint64_t counts = own_count;
    void *all = NULL;
    code = sg_comm_agree(v->job->comm, code, err);
    if (code == SG_OK) code = sg_comm_gather(v->job->comm, own, own_count * sizeof *own, &all, NULL, err);
    sg_comm_sum(v->job->comm, &counts, 1);
    if (code == SG_OK && v->job->comm->rank == 0)
        code = sg_verify_unique_judge(&v->verify, check, all, (size_t)counts, &v->tallies[check], err);
    free(all);
    free(own);
    return sg_comm_agree(v->job->comm, code, err);
}

static enum sg_code judge_unique_columns(struct verification *v, struct sg_error *err) {
    for (size_t c = 0; c < v->verify.check_count; c++)
        for (uint32_t pass = 0, passes = sg_verify_unique_passes(&v->verify, c); pass < passes; pass++) {
            if (pass > 0) SG_TRY(sg_comm_agree(v->job->comm, scan_items(v, c, pass, err), err));
            SG_TRY(judge_unique_pass(v, c, err));
        }
    return SG_OK;
}

static enum sg_code add_result(const struct verification *v, size_t c, struct sg_check_list *list,
                               struct sg_error *err) {
    const struct sg_verify_check *check = &v->verify.checks[c];
    const struct sg_tally *tally = &v->tallies[c];
    struct sg_check_result *result =
        sg_check_new(list, v->job->manifest.tables[check->table].table->name, check->name, err);
    if (!result) return SG_SYSTEM;
    if (tally->offending) {
        sg_check_fail(result, tally->offending, "%s", tally->samples ? tally->sample[0] : "");
        for (uint32_t i = 0; i < tally->samples; i++)
            sg_check_key(result, tally->sample[i]);
    } else if (check->foreign_key && check->parent < 0)
        sg_check_skip(result, "parent %s is not part of this run, or not with all its rows here",
                      check->foreign_key->parent);
    return SG_OK;
}

/* Rank 0 turns tallies into results and a verdict; the others learn it at the agreement. */
static enum sg_code report(struct verification *v, struct sg_error *err) {
    if (v->job->comm->rank != 0) return SG_OK;
    struct sg_check_list list = {0};
    enum sg_code code = SG_OK;
    struct sg_fit *fits = sg_alloc_array(v->verify.certificate.count, sizeof *fits);
    if (!fits) return sg_fail(err, SG_SYSTEM, "no memory for the certificate");
    sg_verify_finish(&v->verify, v->tallies);
    for (size_t c = 0; c < v->verify.check_count && code == SG_OK; c++)
        code = add_result(v, c, &list, err);
    if (code == SG_OK) code = sg_certify(v->job, &v->verify.certificate, v->cells, fits, &list, err);
    if (code == SG_OK && v->job->options->command == SG_COMMAND_REPORT)
        code = sg_page_write(v->job, &v->verify.certificate, v->cells, fits, &list, err);
    if (code == SG_OK) code = sg_check_report(v->job, "verify", "shards", &list, err);
    sg_check_free(&list);
    free(fits);
    return code;
}

static void close_verification(struct verification *v) {
    for (int i = 0; v->workers && i < v->job->threads; i++)
        sg_verify_worker_close(v->workers[i]);
    free(v->workers);
    free(v->tallies);
    free(v->cells);
    free(v->items);
    sg_verify_close(&v->verify);
}

enum sg_code sg_stage_verify(struct sg_job *job, struct sg_error *err) {
    struct verification v = {.job = job};
    uint64_t rows = 0, all_rows = 0, all_bytes = 0;
    enum sg_code code = sg_verify_open(&v.verify, &job->manifest, job->out, err);
    if (code == SG_OK) code = list_items(&v, err);
    if (code == SG_OK) code = open_workers(&v, err);
    code = sg_comm_agree(job->comm, code, err);
    for (size_t i = v.first; i < v.end && code == SG_OK; i++)
        rows += job->manifest.tables[v.items[i].table].shards[v.items[i].shard].rows;
    for (size_t t = 0; t < job->manifest.table_count; t++) {
        all_rows += job->manifest.tables[t].rows;
        all_bytes += job->manifest.tables[t].text_bytes;
    }
    sg_progress_begin(job->progress, "verify", rows, all_rows, all_bytes);
    if (code == SG_OK) code = sg_comm_agree(job->comm, scan_items(&v, 0, 0, err), err);
    if (code == SG_OK) code = sg_comm_agree(job->comm, gather_tallies(&v, err), err);
    if (code == SG_OK) code = judge_unique_columns(&v, err);
    sg_progress_end(job->progress);
    if (code == SG_OK) code = sg_comm_agree(job->comm, report(&v, err), err);
    close_verification(&v);
    return code;
}
