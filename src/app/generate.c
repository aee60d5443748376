/* The generate stage: threads take shards one by one from the queue over ranks, first those of their own
 * rank, then those that others have not begun (partition/queue.h); rank 0 writes the manifest from
 * everybody's facts. A failure or a stop raises a flag that all threads look at between batches. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/balance.h"
#include "app/documents.h"
#include "app/stages.h"
#include "app/together.h"
#include "app/totals.h"
#include "base/checked.h"
#include "base/clock.h"
#include "io/batches.h"
#include "partition/queue.h"

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
    size_t *order; /* all shards by the rank that starts with them */
    uint64_t *counts, *starts;
    struct sg_queue *queue;
    struct sg_publisher *publisher; /* gives finished shards their names */
    struct made *made;              /* what this rank made, in no order */
    atomic_size_t count;
    atomic_ullong busy_us, write_us, rows, taken_over;
    atomic_ullong ready_us; /* until the first shard was opened, 0 = not yet */
    atomic_bool stop;       /* drop what is in hand: failed here or elsewhere, or asked to stop */
    atomic_int code;        /* first failure here */
    struct sg_error *err;
};

/* What a thread's sink needs. */
struct output {
    struct work *work;
    struct sg_shard_writer *writer;
};

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
    uint64_t started = sg_clock_us();
    struct output output = {.work = work};
    SG_TRY(sg_shard_create_with(workspace, &output.writer, job->out, path, table, work->format,
                                job->options->compression, shard->row_first, err));
    unsigned long long none = 0;
    atomic_compare_exchange_strong(&work->ready_us, &none, sg_clock_us() - job->comm->started_us);
    enum sg_code code = sg_plan_make(&job->plan, shard, write_batch, &output, err);
    if (code != SG_OK) {
        sg_shard_abandon(output.writer);
        return code;
    }
    code = sg_shard_finish_later(output.writer, work->publisher, &made->facts, err);
    made->spent_us = sg_clock_us() - started;
    return code;
}

/* The main thread alone may ask MPI whether others failed. */
static void look_around(struct work *work) {
#pragma omp master
    if (sg_comm_stop(work->job->comm, atomic_load(&work->code) != SG_OK)) atomic_store(&work->stop, true);
}

/* The next shard to make; false when there is none or no need. */
static bool take_shard(struct work *work, struct made **made) {
    int owner;
    uint64_t piece;
    if (atomic_load(&work->stop) || !sg_queue_take(work->queue, &owner, &piece)) return false;
    *made = &work->made[atomic_fetch_add(&work->count, 1)];
    (*made)->shard = work->order[work->starts[owner] + piece];
    if (owner != work->job->comm->rank) atomic_fetch_add(&work->taken_over, 1);
    return true;
}

static void make_one(struct work *work, struct sg_shard_workspace *workspace, struct made *made) {
    struct sg_error err = {0};
    uint64_t started_us = sg_clock_us();
    enum sg_code code =
        sg_stop_requested() ? sg_stopped(work->job, &err) : make_shard(work, workspace, made, &err);
    atomic_fetch_add(&work->busy_us, sg_clock_us() - started_us);
    atomic_fetch_add(&work->rows, made->facts.rows);
    bool others_failed = code == SG_STOPPED && err.code == SG_OK;
    if (code != SG_OK && !others_failed) fail_work(work, code, &err);
}

/* What one thread does: shard after shard while there are any. */
static void work_on(struct work *work) {
    struct sg_shard_workspace *workspace;
    struct sg_error err = {0};
    enum sg_code code = sg_shard_workspace_open(&workspace, &err);
    if (code != SG_OK) fail_work(work, code, &err);
    struct made *made;
    for (look_around(work); take_shard(work, &made); look_around(work))
        make_one(work, workspace, made);
    if (code == SG_OK) atomic_fetch_add(&work->write_us, sg_shard_workspace_write_ns(workspace) / 1000);
    sg_shard_workspace_close(workspace);
}

/* Collective. Every shard is a file. */
static enum sg_code make_shards(struct work *work) {
    struct sg_error err = {0};
    enum sg_code code = sg_publisher_open(&work->publisher, &err);
    if (code != SG_OK) fail_work(work, code, &err);
#pragma omp parallel num_threads(work->job->threads)
    work_on(work);
    if (work->publisher) code = sg_publisher_wait(work->publisher, &err);
    if (code != SG_OK) fail_work(work, code, &err);
    sg_publisher_close(work->publisher);
    sg_comm_stop(work->job->comm, atomic_load(&work->code) != SG_OK);
    code = sg_comm_agree(work->job->comm, (enum sg_code)atomic_load(&work->code), work->err);
    sg_comm_stop_clear(work->job->comm);
    return code;
}

/* sg_together_made: rank 0 has all facts. */
static void note_made(void *context, size_t shard, const struct sg_shard_facts *facts, uint64_t spent_us) {
    struct work *work = context;
    work->made[atomic_fetch_add(&work->count, 1)] = (struct made){shard, spent_us, *facts};
    atomic_fetch_add(&work->busy_us, spent_us);
    atomic_fetch_add(&work->rows, facts->rows);
}

/* Collective. Every table is a file. */
static enum sg_code make_tables(struct work *work) {
    if (work->job->options->parts)
        return sg_fail(work->err, SG_USAGE,
                       "--part does not go with --format %s, which writes a file a table",
                       work->format->name);
    return sg_generate_together(work->job, work->format, work->resume, note_made, work, work->err);
}

/* Collective. Deals the shards out; *rows are those this rank starts with. */
static enum sg_code open_work(struct work *work, uint64_t *rows, struct sg_error *err) {
    const struct sg_job *job = work->job;
    const struct sg_plan *plan = &job->plan;
    size_t ranks = (size_t)job->comm->ranks;
    work->made = sg_alloc_array(plan->shard_count, sizeof *work->made);
    work->order = sg_alloc_array(plan->shard_count, sizeof *work->order);
    work->counts = sg_alloc_array(ranks, sizeof *work->counts);
    work->starts = sg_alloc_array(ranks + 1, sizeof *work->starts);
    bool ready = work->made && work->order && work->counts && work->starts;
    enum sg_code code = ready ? sg_plan_deal(plan, job->comm->ranks, work->order, work->counts, err)
                              : sg_fail(err, SG_SYSTEM, "no memory for the list of shards");
    SG_TRY(sg_comm_agree(job->comm, code, err));
    for (size_t rank = 0; rank < ranks; rank++)
        work->starts[rank + 1] = work->starts[rank] + work->counts[rank];
    for (uint64_t i = work->starts[job->comm->rank]; i < work->starts[job->comm->rank + 1]; i++)
        *rows += plan->shards[work->order[i]].rows;
    return sg_queue_open(&work->queue, job->comm, work->counts, err);
}

static void close_work(struct work *work) {
    sg_queue_close(work->queue);
    free(work->made);
    free(work->order);
    free(work->counts);
    free(work->starts);
}

/* Collective. */
static enum sg_code share_balance(struct work *work, uint64_t started_us, struct sg_error *err) {
    uint64_t busy_us = atomic_load(&work->busy_us);
    uint64_t lived_us = (sg_clock_us() - started_us) * (uint64_t)work->job->threads;
    struct sg_share share = {.busy_us = busy_us,
                             .write_us = atomic_load(&work->write_us),
                             .ready_us = atomic_load(&work->ready_us),
                             .wait_us = lived_us > busy_us ? lived_us - busy_us : 0,
                             .shards = atomic_load(&work->count),
                             .shards_taken_over = atomic_load(&work->taken_over),
                             .rows = atomic_load(&work->rows),
                             .requests = sg_queue_requests(work->queue)};
    return sg_balance_gather(work->job, &share, err);
}

/* Time and rows of a table's new shards. */
struct effort {
    uint64_t us, rows;
};

static void add_efforts(const struct sg_plan *plan, const struct made *made, size_t count,
                        struct effort *efforts) {
    for (const struct made *at = made; at < made + count; at++) {
        if (at->spent_us == 0) continue;
        efforts[plan->shards[at->shard].table].us += at->spent_us;
        efforts[plan->shards[at->shard].table].rows += at->facts.rows;
    }
}

/* Rank 0: times by table, and what each rank's shards would have taken elsewhere. made lists them rank by
 * rank, bytes[] of it each. */
static enum sg_code judge_times(struct sg_job *job, const struct made *made, const size_t *bytes,
                                struct sg_error *err) {
    const struct sg_plan *plan = &job->plan;
    size_t tables = plan->dataset->table_count;
    struct effort *all = sg_alloc_array(2 * tables, sizeof *all);
    if (!all) return sg_fail(err, SG_SYSTEM, "no memory for times of tables");
    struct effort *own = all + tables;
    add_efforts(plan, made, plan->shard_count, all);
    for (size_t table = 0; table < tables; table++)
        job->table_us[table] = all[table].us;
    for (int rank = 0; rank < job->comm->ranks; made += bytes[rank++] / sizeof *made) {
        struct sg_share *share = &job->shares[rank];
        memset(own, 0, tables * sizeof *own);
        add_efforts(plan, made, bytes[rank] / sizeof *made, own);
        for (size_t table = 0; table < tables; table++) {
            struct effort others = {all[table].us - own[table].us, all[table].rows - own[table].rows};
            if (others.rows == 0 || own[table].rows == 0) continue;
            share->compared_us += own[table].us;
            share->expected_us += sg_muldiv(others.us, own[table].rows, others.rows);
        }
    }
    free(all);
    return SG_OK;
}

/* Rank 0: the time of each shard. */
static enum sg_code keep_times(struct sg_job *job, const struct made *made, struct sg_error *err) {
    size_t count = job->plan.shard_count;
    job->shard_us = sg_alloc_array(count, sizeof *job->shard_us);
    if (!job->shard_us) return sg_fail(err, SG_SYSTEM, "no memory for times of shards");
    for (size_t i = 0; i < count; i++)
        job->shard_us[made[i].shard] = made[i].spent_us;
    return SG_OK;
}

/* Facts of all shards in plan order, on all ranks; NULL on failure. */
static enum sg_code share_facts(struct work *work, struct sg_shard_facts **facts, struct sg_error *err) {
    struct sg_job *job = work->job;
    const struct sg_plan *plan = &job->plan;
    struct made *all = NULL;
    size_t *bytes = sg_alloc_array((size_t)job->comm->ranks, sizeof *bytes);
    *facts = calloc(plan->shard_count + 1, sizeof **facts);
    enum sg_code code =
        *facts && bytes ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the facts of shards");
    code = sg_comm_agree(job->comm, code, err);
    if (code == SG_OK)
        code = sg_comm_gather(job->comm, work->made, atomic_load(&work->count) * sizeof *all, (void **)&all,
                              bytes, err);
    if (code == SG_OK && all) code = judge_times(job, all, bytes, err);
    if (code == SG_OK && all) code = keep_times(job, all, err);
    code = sg_comm_agree(job->comm, code, err);
    for (size_t i = 0; code == SG_OK && all && i < plan->shard_count; i++)
        (*facts)[all[i].shard] = all[i].facts;
    if (code == SG_OK) sg_comm_broadcast(job->comm, *facts, plan->shard_count * sizeof **facts, 0);
    free(all);
    free(bytes);
    return code;
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

/* The manifest, which makes the run complete; the mark of an incomplete one then goes. */
static enum sg_code publish(struct sg_job *job, struct sg_error *err) {
    if (job->comm->rank != 0) return SG_OK;
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
    SG_TRY(sg_totals_keep(job, err));
    if (!job->manifest.partial) SG_TRY(sg_documents_write(job, err));
    return sg_comm_agree(job->comm, publish(job, err), err);
}

/* What a part says instead of a manifest: the folder is not complete yet. */
static void report_part(const struct work *work) {
    const struct sg_job *job = work->job;
    uint64_t shards = job->plan.shard_count, rows = 0;
    for (size_t i = 0; i < shards; i++)
        rows += job->plan.shards[i].rows;
    sg_say(job,
           "part %d of %d: %" PRIu64 " shards, %" PRIu64
           " rows in %s\nwhen all parts are there, complete them: the same command with --resume instead of "
           "--part\n",
           job->options->part, job->options->parts, shards, rows, job->out);
    sg_result_u64(job->result, "part", (uint64_t)job->options->part);
    sg_result_u64(job->result, "parts", (uint64_t)job->options->parts);
    sg_result_u64(job->result, "shards", shards);
    sg_result_u64(job->result, "rows", rows);
}

/* Collective. Makes the shards and the manifest. */
static enum sg_code generate(struct work *work, uint64_t rows, struct sg_error *err) {
    struct sg_job *job = work->job;
    uint64_t rows_all = 0, started_us = sg_clock_us();
    for (size_t i = 0; i < job->plan.shard_count; i++)
        rows_all += job->plan.shards[i].rows;
    sg_progress_begin(job->progress, "generate", rows, rows_all, 0);
    enum sg_code code = work->format->together ? make_tables(work) : make_shards(work);
    if (code == SG_OK) code = share_balance(work, started_us, err);
    if (code == SG_OK && job->options->parts)
        report_part(work);
    else if (code == SG_OK)
        code = finish(work, err);
    if (job->shares) job->shares[0].traffic = sg_comm_traffic();
    sg_progress_end(job->progress);
    return code;
}

enum sg_code sg_stage_generate(struct sg_job *job, bool resume, struct sg_error *err) {
    struct work work = {
        .job = job, .format = sg_format_find(job->options->format), .resume = resume, .err = err};
    uint64_t rows = 0;
    job->table_us = calloc(job->plan.dataset->table_count, sizeof *job->table_us);
    enum sg_code code = job->table_us ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for times of tables");
    code = sg_comm_agree(job->comm, code, err);
    if (code == SG_OK) code = open_work(&work, &rows, err);
    if (code == SG_OK) code = generate(&work, rows, err);
    close_work(&work);
    uint64_t text_bytes = 0;
    for (size_t i = 0; i < job->manifest.table_count; i++)
        text_bytes += job->manifest.tables[i].text_bytes;
    sg_progress_text_bytes(job->progress, text_bytes);
    return code;
}
