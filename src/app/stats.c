/* Gathers what a run knows of itself into the arrays of stats.h5. */
#include "app/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/balance.h"
#include "base/checked.h"
#include "io/cell_text.h"
#include "io/stats_file.h"
#include "io/table_file.h"

enum { NAME_BYTES = 96, PATH_BYTES = 160 };

struct entry {
    char name[NAME_BYTES];
    struct sg_fit fit;
    uint64_t *counts;
    size_t count;
};

struct sg_stats {
    struct entry *entries;
    size_t count;
};

void sg_stats_free(struct sg_stats *stats) {
    for (size_t i = 0; stats && i < stats->count; i++)
        free(stats->entries[i].counts);
    if (stats) free(stats->entries);
    free(stats);
}

/* The same on all ranks. */
static bool wanted(const struct sg_job *job) {
    struct sg_error unbuilt;
    if (job->options->stats != SG_STATS_OF_NEW_RUNS) return job->options->stats == SG_STATS_ALWAYS;
    bool made = job->options->command == SG_COMMAND_RUN && job->table_us && !job->options->parts;
    return made && sg_hdf5_built(&unbuilt) == SG_OK;
}

enum sg_code sg_stats_keep(struct sg_job *job, const struct sg_certificate *certificate,
                           const uint64_t *cells, const struct sg_fit *fits, struct sg_error *err) {
    if (!wanted(job)) return SG_OK;
    sg_stats_free(job->stats);
    struct sg_stats *stats = job->stats = calloc(1, sizeof *stats);
    if (stats) stats->entries = sg_alloc_array(certificate->count, sizeof *stats->entries);
    if (!stats || !stats->entries) return sg_fail(err, SG_SYSTEM, "no memory for statistics of the run");
    for (; stats->count < certificate->count; stats->count++) {
        const struct sg_resolved *from = &certificate->entries[stats->count];
        struct entry *entry = &stats->entries[stats->count];
        snprintf(entry->name, sizeof entry->name, "%s", from->statistic->name);
        entry->fit = fits[stats->count];
        bool alone = from->absent || from->statistic->kind == SG_STAT_TOTAL; /* `measured` says it all */
        entry->count = alone ? 0 : from->cells;
        entry->counts = sg_alloc_array(entry->count, sizeof *entry->counts);
        if (!entry->counts) return sg_fail(err, SG_SYSTEM, "no memory for statistics of the run");
        if (entry->count) memcpy(entry->counts, cells + from->cell, entry->count * sizeof *entry->counts);
    }
    return SG_OK;
}

/* Arrays are made from records by these, one member at a time. */
typedef uint64_t number_of(const void *records, size_t index);
typedef double double_of(const void *records, size_t index);
typedef const char *text_of(const void *records, size_t index);

static enum sg_code no_memory(struct sg_error *err) {
    return sg_fail(err, SG_SYSTEM, "no memory for " SG_STATS_NAME);
}

static enum sg_code put_numbers(struct sg_stats_file *file, const char *path, number_of *get,
                                const void *records, size_t count, struct sg_error *err) {
    uint64_t *values = sg_alloc_array(count, sizeof *values);
    if (!values) return no_memory(err);
    for (size_t i = 0; i < count; i++)
        values[i] = get(records, i);
    sg_stats_u64(file, path, values, count, 0);
    free(values);
    return SG_OK;
}

static enum sg_code put_doubles(struct sg_stats_file *file, const char *path, double_of *get,
                                const void *records, size_t count, struct sg_error *err) {
    double *values = sg_alloc_array(count, sizeof *values);
    if (!values) return no_memory(err);
    for (size_t i = 0; i < count; i++)
        values[i] = get(records, i);
    sg_stats_f64(file, path, values, count, 0);
    free(values);
    return SG_OK;
}

static enum sg_code put_texts(struct sg_stats_file *file, const char *path, text_of *get, const void *records,
                              size_t count, struct sg_error *err) {
    const char **values = sg_alloc_array(count, sizeof *values);
    if (!values) return no_memory(err);
    for (size_t i = 0; i < count; i++)
        values[i] = get(records, i);
    sg_stats_texts(file, path, values, count);
    free(values);
    return SG_OK;
}

/* One line of a list of arrays: one of the three is given. */
struct member {
    const char *path;
    number_of *number;
    double_of *real;
    text_of *text;
};

static enum sg_code put_members(struct sg_stats_file *file, const struct member *members, const void *records,
                                size_t count, struct sg_error *err) {
    for (const struct member *m = members; m->path; m++) {
        if (m->number) SG_TRY(put_numbers(file, m->path, m->number, records, count, err));
        if (m->real) SG_TRY(put_doubles(file, m->path, m->real, records, count, err));
        if (m->text) SG_TRY(put_texts(file, m->path, m->text, records, count, err));
    }
    return SG_OK;
}

#define GET(name, type, record, expression)                                                                  \
    static type name(const void *records, size_t i) {                                                        \
        const record *r = (const record *)records + i;                                                       \
        return expression;                                                                                   \
    }

GET(entry_name, const char *, struct entry, r->name)
GET(entry_status, const char *, struct entry,
    r->fit.status == SG_FIT_PASS   ? "pass"
    : r->fit.status == SG_FIT_FAIL ? "fail"
                                   : "skip")
GET(entry_rows, uint64_t, struct entry, r->fit.rows)
GET(entry_measured, double, struct entry, r->fit.measured)
GET(entry_expected, double, struct entry, r->fit.expected)
GET(entry_allowed, double, struct entry, r->fit.has_p ? NAN : r->fit.allowed)
GET(entry_p, double, struct entry, r->fit.has_p ? r->fit.p : NAN)
static const struct member entry_members[] = {{"certificate/name", .text = entry_name},
                                              {"certificate/status", .text = entry_status},
                                              {"certificate/rows", .number = entry_rows},
                                              {"certificate/measured", .real = entry_measured},
                                              {"certificate/expected", .real = entry_expected},
                                              {"certificate/allowed", .real = entry_allowed},
                                              {"certificate/p", .real = entry_p},
                                              {.path = NULL}};

GET(table_name, const char *, struct sg_manifest_table, r->table->name)
GET(table_rows, uint64_t, struct sg_manifest_table, r->rows)
GET(table_text_bytes, uint64_t, struct sg_manifest_table, r->text_bytes)
GET(table_file_bytes, uint64_t, struct sg_manifest_table, r->file_bytes)
GET(table_shards, uint64_t, struct sg_manifest_table, r->shard_count)
static const struct member table_members[] = {{"tables/name", .text = table_name},
                                              {"tables/rows", .number = table_rows},
                                              {"tables/text_bytes", .number = table_text_bytes},
                                              {"tables/file_bytes", .number = table_file_bytes},
                                              {"tables/shards", .number = table_shards},
                                              {.path = NULL}};

GET(stage_name, const char *, struct sg_stage, r->name)
GET(stage_rows, uint64_t, struct sg_stage, r->rows)
GET(stage_text_bytes, uint64_t, struct sg_stage, r->text_bytes)
GET(stage_seconds, double, struct sg_stage, r->seconds)
static const struct member stage_members[] = {{"stages/name", .text = stage_name},
                                              {"stages/rows", .number = stage_rows},
                                              {"stages/text_bytes", .number = stage_text_bytes},
                                              {"stages/seconds", .real = stage_seconds},
                                              {.path = NULL}};

GET(share_host, const char *, struct sg_share, r->host)
GET(share_busy, uint64_t, struct sg_share, r->busy_us)
GET(share_write, uint64_t, struct sg_share, r->write_us)
GET(share_wait, uint64_t, struct sg_share, r->wait_us)
GET(share_shards, uint64_t, struct sg_share, r->shards)
GET(share_taken_over, uint64_t, struct sg_share, r->shards_taken_over)
GET(share_rows, uint64_t, struct sg_share, r->rows)
static const struct member share_members[] = {
    {"generate/host", .text = share_host},        {"generate/busy_us", .number = share_busy},
    {"generate/write_us", .number = share_write}, {"generate/wait_us", .number = share_wait},
    {"generate/shards", .number = share_shards},  {"generate/shards_taken_over", .number = share_taken_over},
    {"generate/rows", .number = share_rows},      {.path = NULL}};

static void put_identity(struct sg_stats_file *file, const struct sg_manifest *manifest) {
    char as_of[SG_DATE_BYTES + 1], digest[33];
    sg_date_text(manifest->run.as_of_day, as_of);
    sg_digest_text(manifest->root, digest);
    sg_stats_text(file, "program", "synthgen-hpc");
    sg_stats_text(file, "version", SG_VERSION);
    sg_stats_text(file, "dataset", manifest->dataset->name);
    sg_stats_number(file, "seed", manifest->run.seed);
    sg_stats_text(file, "as_of", as_of);
    sg_stats_number(file, "size", manifest->run.units);
    sg_stats_text(file, "format", manifest->format);
    sg_stats_text(file, "digest", digest);
}

static enum sg_code put_all(const struct sg_job *job, struct sg_stats_file *file, const double *seconds,
                            struct sg_error *err) {
    size_t stages;
    const struct sg_stage *first = sg_progress_stages(job->progress, &stages);
    const struct sg_stats *stats = job->stats;
    put_identity(file, &job->manifest);
    SG_TRY(put_members(file, table_members, job->manifest.tables, job->manifest.table_count, err));
    SG_TRY(put_members(file, stage_members, first, stages, err));
    sg_stats_f64(file, "stages/seconds_by_rank", seconds, (size_t)job->comm->ranks, stages);
    if (job->shares) SG_TRY(put_members(file, share_members, job->shares, (size_t)job->comm->ranks, err));
    if (!stats) return SG_OK;
    SG_TRY(put_members(file, entry_members, stats->entries, stats->count, err));
    for (size_t i = 0; i < stats->count; i++) {
        const struct entry *entry = &stats->entries[i];
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "certificate/counts/%s", entry->name);
        if (entry->count) sg_stats_u64(file, path, entry->counts, entry->count, 0);
    }
    return SG_OK;
}

/* Collective. Seconds of all stages, rank by rank, on rank 0. */
static enum sg_code gather_seconds(const struct sg_job *job, double **seconds, struct sg_error *err) {
    size_t count;
    double mine[SG_STAGES_MAX];
    const struct sg_stage *stages = sg_progress_stages(job->progress, &count);
    for (size_t i = 0; i < count; i++)
        mine[i] = stages[i].seconds;
    return sg_comm_gather(job->comm, mine, count * sizeof *mine, (void **)seconds, NULL, err);
}

enum sg_code sg_stats_write(struct sg_job *job, struct sg_error *err) {
    if (!wanted(job) || job->manifest.table_count == 0) return SG_OK;
    double *seconds = NULL;
    struct sg_stats_file *file = NULL;
    enum sg_code code = gather_seconds(job, &seconds, err);
    if (code == SG_OK && job->comm->rank == 0) {
        code = sg_stats_create(&file, job->out, err);
        if (code == SG_OK) code = put_all(job, file, seconds, err);
        enum sg_code published = sg_stats_publish(file, err);
        if (code == SG_OK) code = published;
    }
    free(seconds);
    return sg_comm_agree(job->comm, code, err);
}
