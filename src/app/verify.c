/* The verify stage: spreads the shards over ranks and threads, merges what they found, prints the results. */
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "app/certify.h"
#include "app/check_report.h"
#include "app/deal.h"
#include "app/documents.h"
#include "app/folder.h"
#include "app/page.h"
#include "app/stats.h"
#include "base/checked.h"
#include "partition/queue.h"
#include "verify/verify.h"

struct verification {
    struct sg_job *job;
    struct sg_verify verify;
    struct sg_deal deal;
    struct sg_queue *queue;
    struct sg_verify_worker **workers; /* one per thread */
    struct sg_tally *tallies;
    uint64_t *cells;  /* of the certificate, over all ranks after gathering */
    atomic_bool stop; /* failed here or elsewhere */
    enum sg_code code;
    struct sg_error *err; /* of the first failure here */
};

static enum sg_code open_workers(struct verification *v, struct sg_error *err) {
    v->workers = sg_alloc_array((size_t)v->job->threads, sizeof *v->workers);
    v->tallies = sg_alloc_array(v->verify.check_count, sizeof *v->tallies);
    v->cells = sg_alloc_array(v->verify.certificate.cells, sizeof *v->cells);
    if (!v->workers || !v->tallies || !v->cells) return sg_fail(err, SG_SYSTEM, "no memory for verification");
    for (int i = 0; i < v->job->threads; i++)
        SG_TRY(sg_verify_worker_open(&v->workers[i], &v->verify, err));
    return SG_OK;
}

static void fail_here(struct verification *v, enum sg_code code, const struct sg_error *err) {
#pragma omp critical(sg_verify_failure)
    if (v->code == SG_OK) {
        *v->err = *err;
        v->code = code;
    }
    atomic_store(&v->stop, true);
}

/* The main thread alone may ask MPI whether others failed. */
static void look_around(struct verification *v) {
#pragma omp master
    {
        enum sg_code code;
#pragma omp critical(sg_verify_failure)
        code = v->code;
        if (sg_comm_stop(v->job->comm, code != SG_OK)) atomic_store(&v->stop, true);
    }
}

static bool take_shard(struct verification *v, const struct sg_dealt **dealt) {
    int owner;
    uint64_t piece;
    if (atomic_load(&v->stop) || !sg_queue_take(v->queue, &owner, &piece)) return false;
    *dealt = &v->deal.shards[v->deal.starts[owner] + piece];
    return true;
}

static void scan_one(struct verification *v, const struct sg_dealt *dealt) {
    struct sg_error err = {0};
    struct sg_verify_worker *worker = v->workers[omp_get_thread_num()];
    enum sg_code code = sg_stop_requested() ? sg_stopped(v->job, &err)
                                            : sg_verify_shard(worker, dealt->table, dealt->shard, &err);
    if (code != SG_OK) fail_here(v, code, &err);
    sg_progress_add(v->job->progress, v->job->manifest.tables[dealt->table].shards[dealt->shard].rows);
}

/* Collective. All shards, each by whoever is free. */
static enum sg_code scan_shards(struct verification *v, struct sg_error *err) {
    v->code = SG_OK;
    v->err = err;
    SG_TRY(sg_queue_open(&v->queue, v->job->comm, v->deal.counts, err));
#pragma omp parallel num_threads(v->job->threads)
    {
        const struct sg_dealt *dealt;
        for (look_around(v); take_shard(v, &dealt); look_around(v))
            scan_one(v, dealt);
    }
    sg_comm_stop(v->job->comm, v->code != SG_OK);
    enum sg_code code = sg_comm_agree(v->job->comm, v->code, err);
    sg_comm_stop_clear(v->job->comm);
    sg_queue_close(v->queue);
    return code;
}

/* A later pass of one gathering, over the shards that this rank started with. */
static enum sg_code scan_unique(struct verification *v, size_t gathering, uint32_t pass,
                                struct sg_error *err) {
    size_t first = v->deal.starts[v->job->comm->rank], end = v->deal.starts[v->job->comm->rank + 1];
    v->code = SG_OK;
    v->err = err;
    atomic_store(&v->stop, false);
#pragma omp parallel for schedule(dynamic, 1) num_threads(v->job->threads)
    for (size_t i = first; i < end; i++) {
        const struct sg_dealt *dealt = &v->deal.shards[i];
        if (atomic_load(&v->stop) || dealt->table != v->verify.gatherings[gathering].table) continue;
        struct sg_error own = {0};
        struct sg_verify_worker *worker = v->workers[omp_get_thread_num()];
        enum sg_code code = sg_stop_requested()
                                ? sg_stopped(v->job, &own)
                                : sg_verify_unique_scan(worker, gathering, dealt->shard, pass, &own);
        if (code != SG_OK) fail_here(v, code, &own);
    }
    return v->code;
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

/* This rank's hashes of one gathering in the current pass, as one array. */
static enum sg_code collect_hashes(struct verification *v, size_t gathering, uint64_t **hashes, size_t *count,
                                   struct sg_error *err) {
    size_t total = 0, part;
    for (int i = 0; i < v->job->threads; i++) {
        sg_verify_unique_hashes(v->workers[i], gathering, &part);
        total += part;
    }
    *hashes = sg_alloc_array(total, sizeof **hashes);
    if (!*hashes) return sg_fail(err, SG_SYSTEM, "no memory for %zu hashes of a column", total);
    *count = 0;
    for (int i = 0; i < v->job->threads; i++) {
        const uint64_t *from = sg_verify_unique_hashes(v->workers[i], gathering, &part);
        if (part) memcpy(*hashes + *count, from, part * sizeof *from);
        *count += part;
    }
    return SG_OK;
}

static enum sg_code judge_unique_pass(struct verification *v, size_t gathering, struct sg_error *err) {
    uint64_t *own = NULL;
    size_t own_count = 0;
    enum sg_code code = collect_hashes(v, gathering, &own, &own_count, err);
    uint64_t counts = own_count;
    void *all = NULL;
    code = sg_comm_agree(v->job->comm, code, err);
    if (code == SG_OK) code = sg_comm_gather(v->job->comm, own, own_count * sizeof *own, &all, NULL, err);
    sg_comm_sum(v->job->comm, &counts, 1);
    if (code == SG_OK && v->job->comm->rank == 0)
        code = sg_verify_unique_judge(&v->verify, gathering, all, (size_t)counts, v->tallies, v->cells, err);
    free(all);
    free(own);
    return sg_comm_agree(v->job->comm, code, err);
}

static enum sg_code judge_unique_columns(struct verification *v, struct sg_error *err) {
    for (size_t g = 0; g < v->verify.gathering_count; g++)
        for (uint32_t pass = 0, passes = sg_verify_unique_passes(&v->verify, g); pass < passes; pass++) {
            if (pass > 0) SG_TRY(sg_comm_agree(v->job->comm, scan_unique(v, g, pass, err), err));
            SG_TRY(judge_unique_pass(v, g, err));
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
    if (code == SG_OK) code = sg_documents_check(v->job, &list, err);
    if (code == SG_OK)
        code = sg_certify(v->job, SG_CERTIFIED_SHARDS, &v->verify.certificate, v->cells, fits, &list, err);
    if (code == SG_OK) code = sg_stats_keep(v->job, &v->verify.certificate, v->cells, fits, err);
    if (code == SG_OK && v->job->options->command == SG_COMMAND_REPORT) {
        code = sg_page_write(v->job, &v->verify.certificate, v->cells, fits, &list, err);
        if (code == SG_OK)
            code = sg_summary_write(v->job, &v->verify.certificate, v->cells, fits, &list, err);
    }
    if (code == SG_OK)
        code = sg_folder_note_verdict(v->job, sg_check_report(v->job, "verify", "shards", &list, err), err);
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
    sg_deal_close(&v->deal);
    sg_verify_close(&v->verify);
}

enum sg_code sg_stage_verify(struct sg_job *job, struct sg_error *err) {
    struct verification v = {.job = job};
    uint64_t rows = 0, all_rows = 0, all_bytes = 0;
    enum sg_code code = sg_verify_open(&v.verify, &job->manifest, job->out, err);
    if (code == SG_OK) code = sg_deal_open(&v.deal, &job->manifest, job->comm->ranks, err);
    if (code == SG_OK) code = open_workers(&v, err);
    code = sg_comm_agree(job->comm, code, err);
    for (size_t i = code == SG_OK ? v.deal.starts[job->comm->rank] : 0;
         code == SG_OK && i < v.deal.starts[job->comm->rank + 1]; i++)
        rows += job->manifest.tables[v.deal.shards[i].table].shards[v.deal.shards[i].shard].rows;
    for (size_t t = 0; t < job->manifest.table_count; t++) {
        all_rows += job->manifest.tables[t].rows;
        all_bytes += job->manifest.tables[t].text_bytes;
    }
    sg_progress_begin(job->progress, "verify", rows, all_rows, all_bytes);
    if (code == SG_OK) code = scan_shards(&v, err);
    if (code == SG_OK) code = sg_comm_agree(job->comm, gather_tallies(&v, err), err);
    if (code == SG_OK) code = judge_unique_columns(&v, err);
    sg_progress_end(job->progress);
    if (code == SG_OK) code = sg_comm_agree(job->comm, report(&v, err), err);
    close_verification(&v);
    return code;
}
