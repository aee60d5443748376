/* Rounds over the shards of a table. Every failure becomes an agreement before the next collective call. */
#include "app/together.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/clock.h"
#include "io/batches.h"
#include "io/files.h"
#include "io/table_file.h"

/* A shard that a thread makes. */
struct slot {
    const struct sg_job *job;
    struct sg_rowset rows;
    struct sg_shard_facts facts;
    enum sg_code code;
    struct sg_error err;
};

struct made {
    uint64_t shard; /* within the table */
    struct sg_shard_facts facts;
};

struct together {
    struct sg_job *job;
    const struct sg_format_info *format;
    struct sg_table_file_plan plan;
    char path[256];
    const struct sg_shard *shards; /* of the table in hand */
    size_t shard_count;
    struct slot *slots; /* one per thread */
    void *file;
    struct made *made; /* by this rank */
    size_t made_count;
    struct sg_shard_facts *facts; /* of the whole table, on all ranks at the end */
};

static enum sg_code collect(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct slot *slot = context;
    if (sg_stop_requested()) return sg_stopped(slot->job, err);
    SG_TRY(sg_shard_facts_add(&slot->facts, batch, err));
    SG_TRY(sg_rowset_append(&slot->rows, batch, err));
    sg_progress_add(slot->job->progress, batch->rows);
    return SG_OK;
}

static enum sg_code digest_rows(struct slot *slot, struct sg_error *err) {
    struct sg_digest_state *state = sg_digest_open();
    if (!state) return sg_fail(err, SG_SYSTEM, "no memory for a digest");
    size_t rows = slot->rows.batch.rows;
    for (size_t first = 0, part; first < rows; first += part) {
        part = rows - first < SG_TABLE_FILE_BLOCK_ROWS ? rows - first : SG_TABLE_FILE_BLOCK_ROWS;
        struct sg_batch block = sg_rowset_view(&slot->rows, first, part);
        sg_table_file_feed(&block, state, &slot->facts.text_bytes);
    }
    slot->facts.digest = sg_digest_result(state);
    sg_digest_close(state);
    return SG_OK;
}

static enum sg_code fill(const struct together *work, const struct sg_shard *shard, struct slot *slot,
                         struct sg_error *err) {
    const struct sg_plan *plan = &work->job->plan;
    slot->facts = (struct sg_shard_facts){.row_first = shard->row_first};
    strcpy(slot->facts.path, work->path);
    sg_rowset_clear(&slot->rows, shard->row_first);
    SG_TRY(sg_plan_make(plan, shard, collect, slot, err));
    return digest_rows(slot, err);
}

/* The shard a slot makes in the round that begins at `base`: those of all ranks' first threads follow each
 * other, then those of the second ones. */
static size_t shard_of(const struct together *work, size_t base, int thread) {
    return base + (size_t)thread * (size_t)work->job->comm->ranks + (size_t)work->job->comm->rank;
}

static enum sg_code make_round(struct together *work, size_t base, struct sg_error *err) {
    int threads = work->job->threads;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (int thread = 0; thread < threads; thread++) {
        struct slot *slot = &work->slots[thread];
        size_t shard = shard_of(work, base, thread);
        slot->code = SG_OK;
        slot->err = (struct sg_error){0};
        sg_rowset_clear(&slot->rows, 0);
        if (shard < work->shard_count) slot->code = fill(work, &work->shards[shard], slot, &slot->err);
    }
    for (int thread = 0; thread < threads; thread++) {
        const struct slot *slot = &work->slots[thread];
        if (slot->code != SG_OK) return sg_fail(err, slot->code, "%s", slot->err.text);
        size_t shard = shard_of(work, base, thread);
        if (shard < work->shard_count) work->made[work->made_count++] = (struct made){shard, slot->facts};
    }
    return SG_OK;
}

static uint64_t text_bytes(const struct sg_batch *batch, int column) {
    const struct sg_text *texts = batch->vectors[column].data;
    uint64_t bytes = 0;
    if (batch->table->columns[column].type != SG_TEXT) return 0;
    for (size_t row = 0; row < batch->rows; row++)
        bytes += texts[row].length;
    return bytes;
}

/* Collective. Where every column's text of this rank lies among that of all ranks. */
static enum sg_code place_texts(const struct together *work, const struct sg_batch *batch,
                                struct sg_table_file_text *places, struct sg_error *err) {
    size_t columns = batch->table->column_count, ranks = (size_t)work->job->comm->ranks;
    size_t rank = (size_t)work->job->comm->rank;
    uint64_t *bytes = sg_alloc_array(ranks * columns, sizeof *bytes);
    enum sg_code code = bytes ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for sizes of texts");
    code = sg_comm_agree(work->job->comm, code, err);
    for (size_t c = 0; c < columns && code == SG_OK; c++)
        bytes[rank * columns + c] = text_bytes(batch, (int)c);
    if (code == SG_OK) sg_comm_sum(work->job->comm, bytes, ranks * columns);
    for (size_t c = 0; c < columns && code == SG_OK; c++) {
        places[c] = (struct sg_table_file_text){0};
        for (size_t r = 0; r < ranks; r++) {
            if (r == rank) places[c].first = places[c].total;
            places[c].total += bytes[r * columns + c];
        }
    }
    free(bytes);
    return code;
}

static enum sg_code write_round(struct together *work, struct sg_table_file_text *places,
                                struct sg_error *err) {
    const struct sg_table_file_kind *kind = work->format->together;
    for (int thread = 0; thread < work->job->threads; thread++) {
        const struct sg_rowset *rows = &work->slots[thread].rows;
        SG_TRY(place_texts(work, &rows->batch, places, err));
        SG_TRY(sg_comm_agree(work->job->comm, kind->put(work->file, rows, places, err), err));
    }
    return SG_OK;
}

static enum sg_code write_shards(struct together *work, struct sg_error *err) {
    size_t per_round = (size_t)work->job->threads * (size_t)work->job->comm->ranks;
    struct sg_table_file_text *places = sg_alloc_array(work->plan.table->column_count, sizeof *places);
    enum sg_code code = places ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory for places of texts");
    code = sg_comm_agree(work->job->comm, code, err);
    for (size_t base = 0; base < work->shard_count && code == SG_OK; base += per_round) {
        sg_progress_doing(work->job->progress, work->plan.table->name);
        code = sg_comm_agree(work->job->comm, make_round(work, base, err), err);
        if (code == SG_OK) code = write_round(work, places, err);
    }
    free(places);
    return code;
}

/* Collective. The facts of all shards of the table on all ranks. */
static enum sg_code share_facts(struct together *work, struct sg_error *err) {
    struct made *all = NULL;
    SG_TRY(sg_comm_gather(work->job->comm, work->made, work->made_count * sizeof *all, (void **)&all, NULL,
                          err));
    for (size_t i = 0; all && i < work->shard_count; i++)
        work->facts[all[i].shard] = all[i].facts;
    free(all);
    sg_comm_broadcast(work->job->comm, work->facts, work->shard_count * sizeof *work->facts, 0);
    return SG_OK;
}

static enum sg_code end_file(struct together *work, struct sg_error *err) {
    SG_TRY(share_facts(work, err));
    struct sg_manifest_table sealed = {.table = work->plan.table};
    sealed.shards = work->facts;
    sealed.shard_count = work->shard_count;
    sg_manifest_seal_table(&sealed);
    enum sg_code code =
        work->format->together->end(work->file, work->facts, sealed.digest, sealed.fingerprint, err);
    return sg_comm_agree(work->job->comm, code, err);
}

/* Collective. Makes one table's file. */
static enum sg_code make_file(struct together *work, struct sg_error *err) {
    const struct sg_comm *comm = work->job->comm;
    const struct sg_table_file_kind *kind = work->format->together;
    char path[SG_PATH_BYTES];
    enum sg_code code = sg_path_join(path, work->plan.out, work->path, err);
    if (code == SG_OK && comm->rank == 0) code = sg_make_parents(path, err);
    SG_TRY(sg_comm_agree(comm, code, err));
    code = sg_comm_agree(comm, kind->open(&work->file, &work->plan, err), err);
    if (code == SG_OK) code = write_shards(work, err);
    if (code == SG_OK) code = end_file(work, err);
    kind->close(work->file);
    work->file = NULL;
    if (code == SG_OK && comm->rank == 0) code = kind->publish(&work->plan, &work->facts[0].file_bytes, err);
    code = sg_comm_agree(comm, code, err);
    if (code != SG_OK && comm->rank == 0) kind->drop(&work->plan);
    return code;
}

/* Collective. Is the table there, as planned, and whole? Its facts are on all ranks then. */
static bool keep_file(struct together *work) {
    const struct sg_comm *comm = work->job->comm;
    struct sg_error ignored = {0};
    uint64_t faults = 0;
    size_t count = work->shard_count;
    if (comm->rank == 0)
        faults =
            work->format->together->facts(work->facts, count, work->plan.out, work->path, &ignored) != SG_OK;
    sg_comm_broadcast(comm, work->facts, count * sizeof *work->facts, 0);
    for (size_t i = (size_t)comm->rank; i < count; i += (size_t)comm->ranks) {
        const struct sg_shard_facts *facts = &work->facts[i];
        faults += facts->rows != work->shards[i].rows || facts->row_first != work->shards[i].row_first ||
                  sg_batches_prove(facts, work->format, work->plan.table, work->plan.out, &ignored) != SG_OK;
        sg_progress_add(work->job->progress, facts->rows);
    }
    sg_comm_sum(comm, &faults, 1);
    return faults == 0;
}

static void close_table(struct together *work) {
    for (int thread = 0; work->slots && thread < work->job->threads; thread++)
        sg_rowset_close(&work->slots[thread].rows);
    free(work->slots);
    free(work->made);
    free(work->facts);
    work->slots = NULL;
    work->made = NULL;
    work->facts = NULL;
}

static enum sg_code open_table(struct together *work, struct sg_error *err) {
    const struct sg_job *job = work->job;
    size_t threads = (size_t)job->threads;
    work->made_count = 0;
    work->slots = sg_alloc_array(threads, sizeof *work->slots);
    work->made = sg_alloc_array(work->shard_count, sizeof *work->made);
    work->facts = sg_alloc_array(work->shard_count, sizeof *work->facts);
    if (!work->slots || !work->made || !work->facts)
        return sg_fail(err, SG_SYSTEM, "no memory for shards of %s", work->plan.table->name);
    for (size_t thread = 0; thread < threads; thread++) {
        work->slots[thread].job = job;
        SG_TRY(sg_rowset_open(&work->slots[thread].rows, work->plan.table, err));
    }
    return SG_OK;
}

/* What the file of the table of shards [first, first + count) of the plan is made for. */
static void plan_file(struct together *work, size_t first, size_t count) {
    const struct sg_job *job = work->job;
    const struct sg_plan *plan = &job->plan;
    const struct sg_table *table = plan->dataset->tables[plan->shards[first].table];
    work->shards = &plan->shards[first];
    work->shard_count = count;
    snprintf(work->path, sizeof work->path, "%s/%s.%s", table->name, table->name, work->format->suffix);
    const struct sg_shard *last = &work->shards[count - 1];
    work->plan = (struct sg_table_file_plan){.communicator = sg_comm_handle(job->comm),
                                             .first = job->comm->rank == 0,
                                             .out = job->out,
                                             .path = work->path,
                                             .dataset = plan->dataset,
                                             .run = &job->options->run,
                                             .table = table,
                                             .row_first = work->shards[0].row_first,
                                             .rows = last->row_first + last->rows - work->shards[0].row_first,
                                             .shards = count,
                                             .compression = job->options->compression};
}

enum sg_code sg_generate_together(struct sg_job *job, const struct sg_format_info *format, bool resume,
                                  sg_together_made *made, void *context, struct sg_error *err) {
    const struct sg_plan *plan = &job->plan;
    struct together work = {.job = job, .format = format};
    enum sg_code code = SG_OK;
    for (size_t first = 0, end; first < plan->shard_count && code == SG_OK; first = end) {
        for (end = first; end < plan->shard_count && plan->shards[end].table == plan->shards[first].table;)
            end++;
        plan_file(&work, first, end - first);
        code = sg_comm_agree(job->comm, open_table(&work, err), err);
        uint64_t started_us = sg_clock_us(), spent_us = 0;
        if (code == SG_OK && !(resume && keep_file(&work))) {
            code = make_file(&work, err);
            spent_us = sg_clock_us() - started_us;
        }
        for (size_t i = first; i < end && code == SG_OK && job->comm->rank == 0; i++)
            made(context, i, &work.facts[i - first], spent_us / (end - first));
        close_table(&work);
    }
    return code;
}
