/* The load stage: parts of tables through COPY, then the steps after the data, by workers that take their
 * work from the ledger in the database (io/pg_ledger.h).
 *
 * Rank 0 holds one connection with the lock of the load and the word on its state; every rank adds its share
 * of worker connections, one thread each. A worker's memory is one frame of a shard.
 */
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "app/load_advice.h"
#include "app/load_part.h"
#include "app/load_target.h"
#include "app/stages.h"
#include "io/pg_ledger.h"

enum { IDLE_WAIT_MS = 500 };

struct load {
    const struct sg_job *job;
    struct sg_load_target target;
    struct sg_pg_steps steps;
    struct sg_pg *control; /* rank 0 */
    bool complete;         /* the target already holds this run */
    bool continued;
    char advice[SG_LOAD_ADVICE_BYTES];
    uint64_t partition_rows;                     /* as asked, or as the load to be continued was begun with */
    uint64_t rows_left, shards_left, steps_left; /* at the beginning */
    atomic_bool failed;                          /* a worker of this rank has failed */
};

/* sg_pg_stop of workers: the process was asked to stop, or a sibling failed. */
static bool halted(void *context) {
    struct load *load = context;
    return atomic_load_explicit(&load->failed, memory_order_relaxed) || sg_stop_requested();
}

static enum sg_code do_part(struct load *load, struct sg_pg *pg, const struct sg_ledger_claim *claim,
                            struct sg_error *err) {
    const struct sg_manifest *manifest = &load->job->manifest;
    const struct sg_manifest_table *table = sg_pg_table_find(manifest, claim->name);
    const struct sg_pg_parts *parts = table ? &load->steps.parts[table - manifest->tables] : NULL;
    int part = parts ? sg_pg_part_find(parts, claim->shard) : -1;
    if (part < 0)
        return sg_fail(err, SG_INTERNAL, "the ledger names shard %u of %s, where no part begins",
                       claim->shard, claim->name);
    sg_progress_doing(load->job->progress, table->table->name);
    SG_TRY(sg_load_part(load->job, pg, table, parts, (uint32_t)part, err));
    SG_TRY(sg_load_fault("copied", err));
    SG_TRY(sg_ledger_done(pg, manifest->dataset->schema, claim, err));
    return sg_load_fault("committed", err);
}

static enum sg_code do_step(struct load *load, struct sg_pg *pg, const struct sg_ledger_claim *claim,
                            struct sg_error *err) {
    const char *schema = load->job->manifest.dataset->schema;
    const struct sg_pg_step *step = sg_pg_step_find(&load->steps, claim->name);
    if (!step) return sg_fail(err, SG_INTERNAL, "the ledger names an unknown step, %s", claim->name);
    sg_progress_doing(load->job->progress, step->name);
    struct sg_error inner = {0};
    enum sg_code code = sg_pg_run_text(pg, step->sql.text ? step->sql.text : "", &inner);
    if (code != SG_OK) return sg_fail(err, code, "%s: %s", step->name, inner.text);
    if (step->makes_views) SG_TRY(sg_ledger_note_views(pg, schema, err));
    SG_TRY(sg_load_fault("step", err));
    return sg_ledger_done(pg, schema, claim, err);
}

static enum sg_code work(struct load *load, struct sg_pg *pg, struct sg_error *err) {
    SG_TRY(sg_ledger_attach(pg, err));
    for (;;) {
        struct sg_ledger_claim claim;
        SG_TRY(sg_ledger_claim(pg, load->job->manifest.dataset->schema, &claim, err));
        if (claim.kind == SG_CLAIM_NOTHING_LEFT) return SG_OK;
        if (claim.kind == SG_CLAIM_WAIT) SG_TRY(sg_pg_wait_notify(pg, IDLE_WAIT_MS, err));
        if (claim.kind == SG_CLAIM_PART) SG_TRY(do_part(load, pg, &claim, err));
        if (claim.kind == SG_CLAIM_STEP) SG_TRY(do_step(load, pg, &claim, err));
        if (halted(load)) return sg_stopped(load->job, err);
    }
}

/* For this session only: memory for index builds; no helpers for them where every connection has a core's
 * work of its own; no waiting for the log at each commit, as the load's last one waits for all. */
static enum sg_code tune_session(const struct load *load, struct sg_pg *pg, struct sg_error *err) {
    char ignored[32];
    SG_TRY(sg_pg_run_text(pg, "SET synchronous_commit = off", err));
    if (load->target.connections_all > 1)
        SG_TRY(sg_pg_run_text(pg, "SET max_parallel_maintenance_workers = 0", err));
    return sg_pg_ask_text(pg, ignored, sizeof ignored,
                          "SELECT set_config('maintenance_work_mem', '256MB', false) WHERE "
                          "pg_size_bytes(current_setting('maintenance_work_mem')) < 268435456",
                          0, NULL, err);
}

static enum sg_code worker(struct load *load, struct sg_error *err) {
    struct sg_pg *pg = NULL;
    enum sg_code code = sg_pg_open(&pg, load->target.url, halted, load, err);
    if (code == SG_OK) code = tune_session(load, pg, err);
    if (code == SG_OK) code = work(load, pg, err);
    if (pg && code != SG_OK) sg_pg_rollback(pg);
    sg_pg_close(pg);
    return code;
}

/* All workers of this rank; the first real failure is the rank's. */
static enum sg_code work_all(struct load *load, struct sg_error *err) {
    enum sg_code code = SG_OK;
#pragma omp parallel num_threads(load->target.connections > 0 ? load->target.connections : 1)
    {
        struct sg_error own = {0};
        bool works = omp_get_thread_num() < load->target.connections;
        enum sg_code own_code = works ? worker(load, &own) : SG_OK;
#pragma omp critical
        if (own_code != SG_OK && code == SG_OK) {
            code = own_code;
            *err = own;
            atomic_store(&load->failed, true);
        }
    }
    return code;
}

/* Rank 0: what is there, and may we go on? */
static enum sg_code look(struct load *load, struct sg_ledger_found *found, bool with_root,
                         struct sg_error *err) {
    const struct sg_job *job = load->job;
    SG_TRY(sg_pg_open(&load->control, load->target.url, sg_load_stop, NULL, err));
    SG_TRY(sg_ledger_check_rights(load->control, err));
    SG_TRY(sg_ledger_look(load->control, &job->manifest, with_root, found, err));
    if (job->options->overwrite) return SG_OK;
    return sg_ledger_refuse_other(found, &job->manifest, load->target.label, err);
}

enum sg_code sg_stage_load_check(struct sg_job *job, struct sg_error *err) {
    struct load load = {.job = job};
    struct sg_ledger_found found;
    SG_TRY(sg_load_target_find(job, &load.target, err));
    enum sg_code code = job->comm->rank == 0 ? look(&load, &found, false, err) : SG_OK;
    sg_pg_close(load.control);
    return sg_comm_agree(job->comm, code, err);
}

/* Rank 0: takes the lock and decides: complete, to be continued, or fresh? */
static enum sg_code decide(struct load *load, struct sg_error *err) {
    const struct sg_manifest *manifest = &load->job->manifest;
    const char *schema = manifest->dataset->schema;
    struct sg_ledger_found found;
    SG_TRY(look(load, &found, true, err));
    SG_TRY(sg_ledger_lock(load->control, schema, err));
    SG_TRY(sg_ledger_look(load->control, manifest, true, &found, err)); /* as left by who held the lock */
    bool fresh = load->job->options->overwrite || found.state == SG_LEDGER_EMPTY;
    load->complete = !fresh && found.state == SG_LEDGER_COMPLETE;
    load->continued = !fresh && found.state == SG_LEDGER_LOADING;
    load->partition_rows = load->job->options->partition_rows;
    if (!load->target.private_cluster) SG_TRY(sg_load_advice(load->control, load->advice, err));
    if (!fresh) SG_TRY(sg_ledger_refuse_other(&found, manifest, load->target.label, err));
    if (!load->continued) return SG_OK;
    return sg_ledger_partition_rows(load->control, schema, &load->partition_rows, err);
}

/* Rank 0: makes the ledger, or goes on with the one that is there. */
static enum sg_code begin(struct load *load, struct sg_error *err) {
    const struct sg_manifest *manifest = &load->job->manifest;
    if (load->continued)
        SG_TRY(sg_ledger_check_same(load->control, manifest, &load->steps, err));
    else
        SG_TRY(sg_ledger_prepare(load->control, manifest, &load->steps, err));
    return sg_ledger_left(load->control, manifest->dataset->schema, &load->rows_left, &load->shards_left,
                          &load->steps_left, err);
}

static uint64_t text_bytes(const struct sg_manifest *manifest) {
    uint64_t sum = 0;
    for (size_t i = 0; i < manifest->table_count; i++)
        sum += manifest->tables[i].text_bytes;
    return sum;
}

static enum sg_code move_rows(struct load *load, struct sg_error *err) {
    const struct sg_job *job = load->job;
    uint64_t here = load->target.connections_all ? load->rows_left * (uint64_t)load->target.connections /
                                                       (uint64_t)load->target.connections_all
                                                 : 0;
    sg_progress_begin(job->progress, "load", here, load->rows_left,
                      load->continued ? 0 : text_bytes(&job->manifest));
    enum sg_code code = sg_comm_agree(job->comm, work_all(load, err), err);
    if (code == SG_OK) {
        if (job->comm->rank == 0)
            code = sg_ledger_complete(load->control, job->manifest.dataset->schema, err);
        code = sg_comm_agree(job->comm, code, err);
    }
    sg_progress_end(job->progress);
    return code;
}

static void report(const struct load *load) {
    const struct sg_job *job = load->job;
    const char *state = load->complete ? "already complete" : load->continued ? "continued" : "loaded";
    sg_say(job, "\n%s: ", load->target.label);
    if (load->complete)
        sg_say(job, "holds this run already, up to date\n");
    else
        sg_say(job, "%s %llu rows in %llu shards, %llu steps, over %d connections\n", state,
               (unsigned long long)load->rows_left, (unsigned long long)load->shards_left,
               (unsigned long long)load->steps_left, load->target.connections_all);
    if (load->advice[0] && !load->complete)
        sg_say(job, "the next load would be faster if the server had (nothing was changed):\n%s",
               load->advice);
    sg_say(job, "%s", load->target.help);
    sg_result_object(job->result, "load");
    sg_result_text(job->result, "target", load->target.label);
    sg_result_text(job->result, "state", state);
    sg_result_u64(job->result, "rows", load->rows_left);
    sg_result_u64(job->result, "shards", load->shards_left);
    sg_result_u64(job->result, "steps", load->steps_left);
    sg_result_text(job->result, "advice", load->advice);
    sg_result_u64(job->result, "connections", (uint64_t)load->target.connections_all);
    sg_result_end(job->result);
}

static enum sg_code load_all(struct load *load, struct sg_error *err) {
    const struct sg_job *job = load->job;
    enum sg_code code = job->comm->rank == 0 ? decide(load, err) : SG_OK;
    SG_TRY(sg_comm_agree(job->comm, code, err));
    sg_comm_broadcast(job->comm, &load->complete, sizeof load->complete, 0);
    sg_comm_broadcast(job->comm, &load->continued, sizeof load->continued, 0);
    sg_comm_broadcast(job->comm, &load->partition_rows, sizeof load->partition_rows, 0);
    if (!load->complete) {
        code = sg_pg_steps_make(&load->steps, &job->manifest, load->partition_rows, err);
        if (code == SG_OK && job->comm->rank == 0) code = begin(load, err);
        SG_TRY(sg_comm_agree(job->comm, code, err));
        sg_comm_broadcast(job->comm, &load->rows_left, sizeof load->rows_left, 0);
        SG_TRY(move_rows(load, err));
    }
    report(load);
    return SG_OK;
}

enum sg_code sg_stage_load(struct sg_job *job, struct sg_error *err) {
    struct load *load = calloc(1, sizeof *load);
    SG_TRY(sg_comm_agree(job->comm, load ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for the load"), err));
    load->job = job;
    enum sg_code code = sg_load_target_find(job, &load->target, err);
    if (code == SG_OK) code = load_all(load, err);
    sg_pg_close(load->control);
    sg_pg_steps_free(&load->steps);
    free(load);
    return code;
}

void sg_stage_load_close(struct sg_job *job) {
    (void)job; /* the private cluster stays up for the user; the report says how to stop it */
}
