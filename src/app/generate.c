/* The generate stage: every rank makes its shards, its threads take them one by one; rank 0 writes the
 * manifest from everybody's facts. A failure or a stop raises a flag that all threads look at between
 * batches. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/documents.h"
#include "app/stages.h"
#include "io/batches.h"

/* A shard made by this rank, as sent to rank 0. */
struct made {
    uint64_t shard;
    uint64_t spent_us;
    struct sg_shard_facts facts;
};

struct work {
    struct sg_job *job;
    const struct sg_format_info *format;
    bool resume;
    struct made *made; /* this rank's shards, in plan order */
    size_t count;
    atomic_size_t next;
    atomic_bool stop; /* drop what is in hand: failed here or elsewhere, or asked to stop */
    atomic_int code;  /* first failure here */
    struct sg_error *err;
};

/* What a thread's sink needs. */
struct output {
    struct work *work;
    struct sg_shard_writer *writer;
};

static uint64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void fail_work(struct work *work, enum sg_code code, const struct sg_error *err) {
#pragma omp critical(sg_generate_fail)
    {
        if (atomic_load(&work->code) == SG_OK) {
            atomic_store(&work->code, (int)code);
            *work->err = *err;
        }
    }
    atomic_store(&work->stop, true);
}

static enum sg_code write_batch(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct output *output = context;
    struct work *work = output->work;
    if (sg_stop_requested()) return sg_stopped(work->job, err);
    if (atomic_load_explicit(&work->stop, memory_order_relaxed)) return SG_STOPPED;
    SG_TRY(sg_shard_write(output->writer, batch, err));
    sg_progress_add(work->job->progress, batch->rows);
    return SG_OK;
}

static enum sg_code fill_shard(struct work *work, const struct sg_shard *shard, struct output *output,
                               struct sg_error *err) {
    const struct sg_plan *plan = &work->job->plan;
    const struct sg_table *table = plan->dataset->tables[shard->table];
    struct sg_emitter emitter;
    enum sg_code code = sg_emitter_open(&emitter, table, write_batch, output, err);
    if (code == SG_OK) {
        sg_emitter_seek(&emitter, shard->row_first);
        code = plan->dataset->generate(plan->world, shard->table, shard->unit_first, shard->unit_end,
                                       &emitter, err);
    }
    if (code == SG_OK) code = sg_emitter_flush(&emitter, err);
    uint64_t rows = emitter.batch.row_first - shard->row_first;
    sg_emitter_close(&emitter);
    if (code == SG_OK && rows != shard->rows)
        code = sg_fail(err, SG_INTERNAL,
                       "%s shard %" PRIu32 " made %" PRIu64 " rows where the plan has %" PRIu64, table->name,
                       shard->number, rows, shard->rows);
    return code;
}

/* Facts of a shard that an earlier run finished, its content proven. */
static bool keep_shard(const struct work *work, const struct sg_shard *shard, const char *path,
                       struct sg_shard_facts *facts) {
    struct sg_error ignored = {0};
    const char *out = work->job->out;
    if (!work->resume || sg_batches_facts(facts, work->format, out, path, &ignored) != SG_OK) return false;
    return facts->rows == shard->rows && facts->row_first == shard->row_first &&
           sg_batches_prove(facts, work->format, work->job->plan.dataset->tables[shard->table], out,
                            &ignored) == SG_OK;
}

static enum sg_code make_shard(struct work *work, struct sg_shard_workspace *workspace, struct made *made,
                               struct sg_error *err) {
    struct sg_job *job = work->job;
    const struct sg_shard *shard = &job->plan.shards[made->shard];
    const struct sg_table *table = job->plan.dataset->tables[shard->table];
    char path[256];
    snprintf(path, sizeof path, "%s/%s-%05" PRIu32 ".%s", table->name, table->name, shard->number,
             work->format->suffix);
    sg_progress_doing(job->progress, table->name);
    if (keep_shard(work, shard, path, &made->facts)) {
        sg_progress_add(job->progress, shard->rows);
        return SG_OK;
    }
    uint64_t started = now_us();
    struct output output = {.work = work};
    SG_TRY(sg_shard_create_with(workspace, &output.writer, job->out, path, table, work->format,
                                job->options->compression, shard->row_first, err));
    enum sg_code code = fill_shard(work, shard, &output, err);
    if (code != SG_OK) {
        sg_shard_abandon(output.writer);
        return code;
    }
    code = sg_shard_finish(output.writer, &made->facts, err);
    made->spent_us = now_us() - started;
    return code;
}

/* The main thread alone may ask MPI whether others failed. */
static void look_around(struct work *work) {
#pragma omp master
    if (sg_comm_stop(work->job->comm, atomic_load(&work->code) != SG_OK)) atomic_store(&work->stop, true);
}

/* What one thread does: shard after shard while there are any. */
static void work_on(struct work *work) {
    struct sg_shard_workspace *workspace;
    struct sg_error err = {0};
    enum sg_code code = sg_shard_workspace_open(&workspace, &err);
    if (code != SG_OK) fail_work(work, code, &err);
    while (true) {
        look_around(work);
        size_t index = atomic_fetch_add(&work->next, 1);
        if (index >= work->count || atomic_load(&work->stop)) break;
        err = (struct sg_error){0};
        code = sg_stop_requested() ? sg_stopped(work->job, &err)
                                   : make_shard(work, workspace, &work->made[index], &err);
        bool others_failed = code == SG_STOPPED && err.code == SG_OK;
        if (code != SG_OK && !others_failed) fail_work(work, code, &err);
    }
    sg_shard_workspace_close(workspace);
}

static void make_shards(struct work *work) {
#pragma omp parallel num_threads(work->job->threads)
    work_on(work);
    sg_comm_stop(work->job->comm, atomic_load(&work->code) != SG_OK);
}

/* Lists this rank's shards. */
static enum sg_code take_shards(struct work *work, uint64_t *rows, struct sg_error *err) {
    const struct sg_job *job = work->job;
    const struct sg_plan *plan = &job->plan;
    int *owner = calloc(plan->shard_count + 1, sizeof *owner);
    work->made = calloc(plan->shard_count + 1, sizeof *work->made);
    enum sg_code code = owner && work->made ? sg_plan_assign(plan, job->comm->ranks, owner, err)
                                            : sg_fail(err, SG_SYSTEM, "no memory for the list of shards");
    for (size_t i = 0; code == SG_OK && i < plan->shard_count; i++) {
        if (owner[i] != job->comm->rank) continue;
        work->made[work->count++].shard = i;
        *rows += plan->shards[i].rows;
    }
    free(owner);
    return code;
}

/* Facts of all shards in plan order, on all ranks; NULL on failure. */
static enum sg_code share_facts(struct work *work, struct sg_shard_facts **facts, struct sg_error *err) {
    struct sg_job *job = work->job;
    const struct sg_plan *plan = &job->plan;
    struct made *all = NULL;
    *facts = calloc(plan->shard_count + 1, sizeof **facts);
    enum sg_code code = *facts ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the facts of shards");
    SG_TRY(sg_comm_agree(job->comm, code, err));
    SG_TRY(sg_comm_gather(job->comm, work->made, work->count * sizeof *all, (void **)&all, NULL, err));
    for (size_t i = 0; all && i < plan->shard_count; i++) {
        (*facts)[all[i].shard] = all[i].facts;
        job->table_us[plan->shards[all[i].shard].table] += all[i].spent_us;
    }
    free(all);
    sg_comm_broadcast(job->comm, *facts, plan->shard_count * sizeof **facts, 0);
    return SG_OK;
}

/* Gives the manifest its tables from the facts, in plan order. */
static enum sg_code fill_manifest(struct sg_job *job, const struct sg_shard_facts *facts,
                                  struct sg_error *err) {
    const struct sg_plan *plan = &job->plan;
    struct sg_manifest *manifest = &job->manifest;
    manifest->tables = calloc(plan->dataset->table_count, sizeof *manifest->tables);
    if (!manifest->tables) return sg_fail(err, SG_SYSTEM, "no memory for the manifest");
    for (size_t first = 0, end; first < plan->shard_count; first = end) {
        uint16_t table = plan->shards[first].table;
        for (end = first; end < plan->shard_count && plan->shards[end].table == table;)
            end++;
        struct sg_manifest_table *entry = &manifest->tables[manifest->table_count++];
        entry->table = plan->dataset->tables[table];
        entry->shards = malloc((end - first) * sizeof *entry->shards);
        if (!entry->shards) return sg_fail(err, SG_SYSTEM, "no memory for the manifest");
        memcpy(entry->shards, facts + first, (end - first) * sizeof *entry->shards);
        entry->shard_count = end - first;
    }
    sg_manifest_seal(manifest);
    return SG_OK;
}

/* The documents, then the manifest, which makes the run complete; the mark of an incomplete one then goes. */
static enum sg_code publish(struct sg_job *job, struct sg_error *err) {
    if (job->comm->rank != 0) return SG_OK;
    if (!job->manifest.partial) SG_TRY(sg_documents_write(job, err));
    SG_TRY(sg_manifest_write(&job->manifest, job->out, err));
    return sg_run_mark_remove(job->out, err);
}

static enum sg_code finish(struct work *work, struct sg_error *err) {
    struct sg_job *job = work->job;
    struct sg_shard_facts *facts = NULL;
    enum sg_code code = share_facts(work, &facts, err);
    if (code == SG_OK) code = fill_manifest(job, facts, err);
    free(facts);
    SG_TRY(sg_comm_agree(job->comm, code, err));
    return sg_comm_agree(job->comm, publish(job, err), err);
}

enum sg_code sg_stage_generate(struct sg_job *job, bool resume, struct sg_error *err) {
    struct work work = {
        .job = job, .format = sg_format_find(job->options->format), .resume = resume, .err = err};
    uint64_t rows = 0, rows_all = 0;
    job->table_us = calloc(job->plan.dataset->table_count, sizeof *job->table_us);
    enum sg_code code = job->table_us ? take_shards(&work, &rows, err) : sg_fail(err, SG_SYSTEM, "no memory");
    code = sg_comm_agree(job->comm, code, err);
    if (code == SG_OK) {
        for (size_t i = 0; i < job->plan.shard_count; i++)
            rows_all += job->plan.shards[i].rows;
        sg_progress_begin(job->progress, "generate", rows, rows_all, 0);
        make_shards(&work);
        code = sg_comm_agree(job->comm, (enum sg_code)atomic_load(&work.code), err);
        sg_comm_stop_clear(job->comm);
        if (code == SG_OK) code = finish(&work, err);
        sg_progress_end(job->progress);
    }
    free(work.made);
    uint64_t text_bytes = 0;
    for (size_t i = 0; i < job->manifest.table_count; i++)
        text_bytes += job->manifest.tables[i].text_bytes;
    sg_progress_text_bytes(job->progress, text_bytes);
    return code;
}
