/* Writes the transactions table as CSV files of their own, shard by shard, with the shard writer. */
#include "app/historical.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/files.h"

enum { TRANSACTIONS = 1 }; /* index in the dataset */

/* Before hours of work, not behind them. */
static enum sg_code make_folder(const char *folder, struct sg_error *err) {
    char inside[SG_PATH_BYTES];
    SG_TRY(sg_path_join(inside, folder, "x", err));
    return sg_make_parents(inside, err);
}

static enum sg_code clear_folder(const struct sg_job *job, struct sg_error *err) {
    const char *folder = job->options->transactions;
    DIR *dir = opendir(folder);
    if (!dir && errno == ENOENT) return make_folder(folder, err);
    if (!dir)
        return sg_fail_errno(err, SG_USAGE, errno, "cannot read the folder of --transactions, %s", folder);
    enum sg_code code = SG_OK;
    for (struct dirent *entry; code == SG_OK && (entry = readdir(dir));) {
        char path[SG_PATH_BYTES];
        if (fnmatch("transactions_historical_*.csv.*", entry->d_name, 0) != 0) continue;
        if (!job->options->overwrite)
            code = sg_fail(err, SG_EXISTS,
                           "%s holds %s already: give --overwrite to replace such files, or another folder",
                           folder, entry->d_name);
        else if ((code = sg_path_join(path, folder, entry->d_name, err)) == SG_OK && unlink(path) != 0)
            code = sg_fail_errno(err, SG_IO, errno, "cannot remove %s", path);
    }
    closedir(dir);
    return code;
}

enum sg_code sg_historical_check(struct sg_job *job, struct sg_error *err) {
    return sg_comm_agree(job->comm, job->comm->rank == 0 ? clear_folder(job, err) : SG_OK, err);
}

struct work {
    struct sg_job *job;
    const struct sg_format_info *format;
    int *owner; /* rank of each shard of the plan */
    atomic_size_t next;
    atomic_bool stop;
    enum sg_code code;
    struct sg_error *err;
    uint64_t totals[4]; /* files, rows, text bytes, file bytes */
};

struct output {
    struct work *work;
    struct sg_shard_writer *writer;
};

static enum sg_code write_batch(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct output *output = context;
    if (sg_stop_requested())
        return sg_fail(err, SG_STOPPED, "stopped on request; files that are there are whole");
    if (atomic_load_explicit(&output->work->stop, memory_order_relaxed))
        return sg_fail(err, SG_STOPPED, "stopped: another file failed");
    SG_TRY(sg_shard_write(output->writer, batch, err));
    sg_progress_add(output->work->job->progress, batch->rows);
    return SG_OK;
}

static enum sg_code write_shard(struct work *work, const struct sg_shard *shard, struct sg_shard_facts *facts,
                                struct sg_error *err) {
    struct sg_job *job = work->job;
    const struct sg_table *table = job->plan.dataset->tables[shard->table];
    struct output output = {.work = work};
    char name[64];
    snprintf(name, sizeof name, "transactions_historical_%05" PRIu32 ".csv.zst", shard->number);
    SG_TRY(sg_shard_create(&output.writer, job->options->transactions, name, table, work->format,
                           job->options->compression, shard->row_first, err));
    enum sg_code code = sg_plan_make(&job->plan, shard, write_batch, &output, err);
    if (code == SG_OK) return sg_shard_finish(output.writer, facts, err);
    sg_shard_abandon(output.writer);
    return code;
}

static void note(struct work *work, enum sg_code code, const struct sg_shard_facts *facts,
                 const struct sg_error *err) {
#pragma omp critical(sg_historical_note)
    {
        if (code == SG_OK) {
            const uint64_t more[4] = {1, facts->rows, facts->text_bytes, facts->file_bytes};
            for (int i = 0; i < 4; i++)
                work->totals[i] += more[i];
        } else if (work->code == SG_OK) {
            work->code = code;
            *work->err = *err;
        }
    }
    if (code != SG_OK) atomic_store(&work->stop, true);
}

/* The main thread alone may ask MPI whether others failed. */
static void look_around(struct work *work) {
#pragma omp master
    if (sg_comm_stop(work->job->comm, atomic_load(&work->stop))) atomic_store(&work->stop, true);
}

static void write_shards(struct work *work) {
    const struct sg_plan *plan = &work->job->plan;
#pragma omp parallel num_threads(work->job->threads)
    while (true) {
        look_around(work);
        size_t i = atomic_fetch_add(&work->next, 1);
        if (i >= plan->shard_count || atomic_load(&work->stop)) break;
        if (work->owner[i] != work->job->comm->rank || plan->shards[i].table != TRANSACTIONS) continue;
        struct sg_error err = {0};
        struct sg_shard_facts facts;
        enum sg_code code = write_shard(work, &plan->shards[i], &facts, &err);
        note(work, code, &facts, &err);
    }
    sg_comm_stop(work->job->comm, work->code != SG_OK);
}

static void report(const struct sg_job *job, const uint64_t totals[4]) {
    sg_say(job,
           "\n%s: %" PRIu64 " files transactions_historical_*.csv.zst, %" PRIu64 " transactions, %" PRIu64
           " bytes of text in %" PRIu64 "\n",
           job->options->transactions, totals[0], totals[1], totals[2], totals[3]);
    sg_result_object(job->result, "transactions");
    sg_result_text(job->result, "folder", job->options->transactions);
    sg_result_u64(job->result, "files", totals[0]);
    sg_result_u64(job->result, "rows", totals[1]);
    sg_result_u64(job->result, "text_bytes", totals[2]);
    sg_result_u64(job->result, "file_bytes", totals[3]);
    sg_result_end(job->result);
}

enum sg_code sg_historical_write(struct sg_job *job, struct sg_error *err) {
    struct work work = {.job = job, .format = sg_format_find("csv"), .err = err};
    const struct sg_plan *plan = &job->plan;
    uint64_t rows = 0, rows_all = sg_plan_rows(plan, TRANSACTIONS);
    work.owner = calloc(plan->shard_count + 1, sizeof *work.owner);
    enum sg_code code = work.owner ? sg_plan_assign(plan, job->comm->ranks, work.owner, err)
                                   : sg_fail(err, SG_SYSTEM, "no memory for the list of files");
    code = sg_comm_agree(job->comm, code, err);
    if (code == SG_OK) {
        for (size_t i = 0; i < plan->shard_count; i++)
            if (work.owner[i] == job->comm->rank && plan->shards[i].table == TRANSACTIONS)
                rows += plan->shards[i].rows;
        sg_progress_begin(job->progress, "transactions", rows, rows_all, 0);
        write_shards(&work);
        code = sg_comm_agree(job->comm, work.code, err);
        sg_comm_stop_clear(job->comm);
        sg_progress_end(job->progress);
    }
    free(work.owner);
    if (code != SG_OK) return code;
    sg_comm_sum(job->comm, work.totals, 4);
    report(job, work.totals);
    return SG_OK;
}
