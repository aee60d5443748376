/* Reports of plans and runs, for people and as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/balance.h"
#include "app/commands.h"
#include "app/machine.h"
#include "app/numbers.h"
#include "app/totals.h"
#include "datasets/registry.h"
#include "io/cell_text.h"
#include "verify/parents.h"

/* Per thread, as measured: writing a shard (text, frames, the compressor), verifying one, and the cache of
 * parents. What the first gives back is not always what the second gets. */
enum { WRITE_BYTES = 28 << 20, VERIFY_BYTES = 24 << 20 };
enum { THREAD_BYTES = WRITE_BYTES + VERIFY_BYTES + SG_PARENT_CACHE_BYTES };

static double seconds_of(uint64_t us) {
    return (double)us / 1e6;
}

static double ratio_of(uint64_t text_bytes, uint64_t file_bytes) {
    return file_bytes ? (double)text_bytes / (double)file_bytes : 0;
}

void sg_report_identity(struct sg_job *job, const struct sg_run *run, const char *format) {
    const struct sg_dataset *dataset = job->manifest.dataset ? job->manifest.dataset : job->options->dataset;
    char as_of[SG_DATE_BYTES + 1];
    sg_date_text(run->as_of_day, as_of);
    sg_say(job, "%s: %" PRIu64 " %s, seed %" PRIu64 ", as of %s, format %s\n", dataset->name, run->units,
           dataset->units_option, run->seed, as_of, format);
    sg_result_text(job->result, "dataset", dataset->name);
    sg_result_text(job->result, "version", SG_VERSION);
    sg_result_u64(job->result, "units", run->units);
    sg_result_u64(job->result, "seed", run->seed);
    sg_result_text(job->result, "as_of", as_of);
    if (run->only_unit) sg_result_u64(job->result, "only_unit", run->only_unit);
    sg_result_text(job->result, "format", format);
    sg_result_u64(job->result, "ranks", (uint64_t)job->comm->ranks);
    if (job->comm->standing_by) {
        sg_say(job, "%d of %d ranks stand by: there are no cores for them\n", job->comm->standing_by,
               job->comm->standing_by + job->comm->ranks);
        sg_result_u64(job->result, "ranks_standing_by", (uint64_t)job->comm->standing_by);
    }
    sg_result_u64(job->result, "threads", (uint64_t)job->threads);
}

/* Totals of one table in a plan, or of all. */
struct planned {
    uint64_t rows, text_bytes, shards;
};

static void say_planned(struct sg_job *job, const char *name, const struct planned *planned) {
    char bytes[16];
    sg_short_number((double)planned->text_bytes, bytes);
    sg_say(job, "%-28s %14" PRIu64 " %10sB %8" PRIu64 "\n", name, planned->rows, bytes, planned->shards);
}

static void report_plan_tables(struct sg_job *job, struct planned *total) {
    const struct sg_plan *plan = &job->plan;
    sg_say(job, "\n%-28s %14s %11s %8s\n", "table", "rows", "text", "shards");
    sg_result_array(job->result, "tables");
    for (size_t i = 0; i < plan->shard_count;) {
        uint16_t table = plan->shards[i].table;
        struct planned sum = {0};
        for (; i < plan->shard_count && plan->shards[i].table == table; i++) {
            sum.rows += plan->shards[i].rows;
            sum.text_bytes += sg_shard_bytes_estimate(plan, &plan->shards[i]);
            sum.shards++;
        }
        const char *name = plan->dataset->tables[table]->name;
        say_planned(job, name, &sum);
        sg_result_object(job->result, NULL);
        sg_result_text(job->result, "name", name);
        sg_result_u64(job->result, "rows", sum.rows);
        sg_result_u64(job->result, "text_bytes", sum.text_bytes);
        sg_result_u64(job->result, "shards", sum.shards);
        sg_result_end(job->result);
        total->rows += sum.rows;
        total->text_bytes += sum.text_bytes;
        total->shards += sum.shards;
    }
    sg_result_end(job->result);
    say_planned(job, "total", total);
    sg_result_u64(job->result, "rows", total->rows);
    sg_result_u64(job->result, "text_bytes", total->text_bytes);
    sg_result_u64(job->result, "shards", total->shards);
}

static void report_rank(struct sg_job *job, int rank, const uint64_t *starts, const struct planned *share) {
    const char *unit = job->plan.dataset->unit;
    char bytes[16];
    sg_short_number((double)share->text_bytes, bytes);
    if (starts[rank] < starts[rank + 1])
        sg_say(job, "rank %-5d %ss %" PRIu64 " to %" PRIu64 ": ", rank, unit, starts[rank] + 1,
               starts[rank + 1]);
    else
        sg_say(job, "rank %-5d no %ss of its own: ", rank, unit);
    sg_say(job, "%" PRIu64 " shards, %" PRIu64 " rows, %sB\n", share->shards, share->rows, bytes);
    sg_result_object(job->result, NULL);
    sg_result_u64(job->result, "rank", (uint64_t)rank);
    sg_result_u64(job->result, "first", starts[rank] + 1);
    sg_result_u64(job->result, "last", starts[rank + 1]);
    sg_result_u64(job->result, "shards", share->shards);
    sg_result_u64(job->result, "rows", share->rows);
    sg_result_u64(job->result, "text_bytes", share->text_bytes);
    sg_result_end(job->result);
}

static enum sg_code report_ranks(struct sg_job *job, int ranks, struct sg_error *err) {
    const struct sg_plan *plan = &job->plan;
    int *owner = calloc(plan->shard_count + 1, sizeof *owner);
    uint64_t *starts = calloc((size_t)ranks + 1, sizeof *starts);
    struct planned *shares = calloc((size_t)ranks, sizeof *shares);
    enum sg_code code =
        owner && starts && shares ? SG_OK : sg_fail(err, SG_SYSTEM, "no memory to plan ranks");
    if (code == SG_OK) code = sg_plan_assign(plan, ranks, owner, err);
    if (code == SG_OK) code = sg_plan_rank_units(plan, ranks, starts, err);
    if (code == SG_OK) {
        for (size_t i = 0; i < plan->shard_count; i++) {
            struct planned *share = &shares[owner[i]];
            share->shards++;
            share->rows += plan->shards[i].rows;
            share->text_bytes += sg_shard_bytes_estimate(plan, &plan->shards[i]);
        }
        sg_say(job, "\n");
        sg_result_array(job->result, "rank_ranges");
        for (int rank = 0; rank < ranks; rank++)
            report_rank(job, rank, starts, &shares[rank]);
        sg_result_end(job->result);
    }
    free(owner);
    free(starts);
    free(shares);
    return code;
}

enum sg_code sg_report_plan(struct sg_job *job, struct sg_error *err) {
    if (job->comm->rank != 0) return SG_OK;
    uint64_t memory = sg_resident_bytes() + (uint64_t)job->threads * THREAD_BYTES;
    struct planned total = {0};
    sg_report_identity(job, &job->options->run, job->options->format);
    report_plan_tables(job, &total);
    SG_TRY(sg_totals_report(job, err));
    SG_TRY(report_ranks(job, job->options->ranks ? job->options->ranks : job->comm->ranks, err));
    char text[16];
    sg_short_number((double)memory, text);
    sg_say(job, "\nmemory up to about %sB per rank with %d thread%s; nothing was written\n", text,
           job->threads, job->threads == 1 ? "" : "s");
    sg_result_u64(job->result, "memory_bytes_per_rank", memory);
    return SG_OK;
}

/* Seconds of each shard of a table, in row order. */
static void report_shards(struct sg_job *job, const uint64_t *shard_us, size_t count) {
    sg_result_array(job->result, "shard_seconds");
    for (size_t i = 0; i < count; i++)
        sg_result_number(job->result, NULL, seconds_of(shard_us[i]));
    sg_result_end(job->result);
}

/* shard_us: of the table's shards, NULL = not known. */
static void report_table(struct sg_job *job, const char *name, const struct sg_manifest_table *table,
                         uint64_t us, const uint64_t *shard_us) {
    char text[16], file[16], rate[16], seconds[16] = "-";
    sg_short_number((double)table->text_bytes, text);
    sg_short_number((double)table->file_bytes, file);
    sg_short_number(us ? (double)table->rows / seconds_of(us) : 0, rate);
    if (us) snprintf(seconds, sizeof seconds, "%.2f", seconds_of(us));
    sg_say(job, "%-28s %14" PRIu64 " %10sB %10sB %6.2f %9s %10s\n", name, table->rows, text, file,
           ratio_of(table->text_bytes, table->file_bytes), seconds, us ? rate : "-");
    if (!table->table) return;
    sg_result_object(job->result, NULL);
    sg_result_text(job->result, "name", name);
    sg_result_u64(job->result, "rows", table->rows);
    sg_result_u64(job->result, "text_bytes", table->text_bytes);
    sg_result_u64(job->result, "file_bytes", table->file_bytes);
    sg_result_u64(job->result, "shards", table->shard_count);
    if (us) sg_result_number(job->result, "thread_seconds", seconds_of(us));
    if (us && shard_us) report_shards(job, shard_us, table->shard_count);
    char digest[33];
    sg_digest_text(table->digest, digest);
    sg_result_text(job->result, "digest", digest);
    sg_result_end(job->result);
}

static void report_tables(struct sg_job *job) {
    const struct sg_manifest *manifest = &job->manifest;
    struct sg_manifest_table total = {0};
    uint64_t total_us = 0;
    const uint64_t *shard_us = job->shard_us;
    sg_say(job, "\n%-28s %14s %11s %11s %6s %9s %10s\n", "table", "rows", "text", "compressed", "ratio",
           "thread s", "rows/s");
    sg_result_array(job->result, "tables");
    for (size_t i = 0; i < manifest->table_count; i++) {
        const struct sg_manifest_table *table = &manifest->tables[i];
        int index = sg_table_index(manifest->dataset, table->table->name);
        uint64_t us = job->table_us && index >= 0 ? job->table_us[index] : 0;
        report_table(job, table->table->name, table, us, shard_us);
        if (shard_us) shard_us += table->shard_count;
        total.rows += table->rows;
        total.text_bytes += table->text_bytes;
        total.file_bytes += table->file_bytes;
        total_us += us;
    }
    sg_result_end(job->result);
    report_table(job, "total", &total, total_us, NULL);
    sg_result_u64(job->result, "rows", total.rows);
    sg_result_u64(job->result, "text_bytes", total.text_bytes);
    sg_result_u64(job->result, "file_bytes", total.file_bytes);
}

void sg_report_stages(struct sg_job *job) {
    size_t count;
    const struct sg_stage *stages = sg_progress_stages(job->progress, &count);
    if (count) sg_say(job, "\n%-28s %9s %12s %12s\n", "stage", "seconds", "rows/s", "text/s");
    sg_result_array(job->result, "stages");
    for (size_t i = 0; i < count; i++) {
        const struct sg_stage *stage = &stages[i];
        char rows[16], bytes[16];
        double seconds = stage->seconds > 0 ? stage->seconds : 1e-9;
        sg_short_number((double)stage->rows / seconds, rows);
        sg_short_number((double)stage->text_bytes / seconds, bytes);
        if (stage->rows == 0) strcpy(rows, "-");
        if (stage->text_bytes == 0) strcpy(bytes, "-");
        sg_say(job, "%-28s %9.2f %12s %11s%s\n", stage->name, stage->seconds, rows, bytes,
               stage->text_bytes ? "B" : " ");
        sg_result_object(job->result, NULL);
        sg_result_text(job->result, "name", stage->name);
        sg_result_number(job->result, "seconds", stage->seconds);
        sg_result_number(job->result, "rank_0_cpu_seconds", stage->cpu_seconds);
        sg_result_u64(job->result, "rows", stage->rows);
        sg_result_u64(job->result, "text_bytes", stage->text_bytes);
        sg_result_end(job->result);
    }
    sg_result_end(job->result);
}

void sg_report_run(struct sg_job *job, bool was_complete) {
    if (job->comm->rank != 0) return;
    char digest[33], command[SG_TABLES_BYTES + 512];
    sg_digest_text(job->manifest.root, digest);
    sg_options_reproduce(job->options, command, sizeof command);
    report_tables(job);
    sg_balance_report(job);
    sg_report_stages(job);
    sg_say(job, "\n%s %s\n", job->out,
           was_complete ? "was already complete: up to date, left alone" : "is complete");
    if (job->options->target == SG_TARGET_NONE)
        sg_say(job, "not loaded; load it with: synthgen-hpc load %s --database postgresql://HOST/DATABASE\n",
               job->out);
    sg_say(job, "digest %s\nreproduce with: %s%s\n", digest, command,
           job->options->run.key_count ? " and the same users in the Cognito pool" : "");
    sg_result_text(job->result, "out", job->out);
    sg_result_bool(job->result, "up_to_date", was_complete);
    sg_result_text(job->result, "digest", digest);
    sg_result_text(job->result, "reproduce", command);
}

static void report_dataset(struct sg_job *job, const struct sg_dataset *dataset) {
    sg_say(job, "%s: %s\n  size by --%s", dataset->name, dataset->title, dataset->units_option);
    sg_result_object(job->result, NULL);
    sg_result_text(job->result, "name", dataset->name);
    sg_result_text(job->result, "title", dataset->title);
    sg_result_text(job->result, "units_option", dataset->units_option);
    sg_result_array(job->result, "presets");
    for (const struct sg_preset *preset = dataset->presets; preset->name; preset++) {
        sg_say(job, ", %s = %" PRIu64, preset->name, preset->units);
        sg_result_object(job->result, NULL);
        sg_result_text(job->result, "name", preset->name);
        sg_result_u64(job->result, "units", preset->units);
        sg_result_end(job->result);
    }
    sg_result_end(job->result);
    sg_say(job, "\n");
    sg_result_array(job->result, "tables");
    for (int i = 0; i < dataset->table_count; i++) {
        const struct sg_table *table = dataset->tables[i];
        sg_say(job, "  %-28s %s\n", table->name, table->note ? table->note : "");
        sg_result_text(job->result, NULL, table->name);
    }
    sg_result_end(job->result);
    sg_result_end(job->result);
}

enum sg_code sg_command_datasets(struct sg_job *job, struct sg_options *options, struct sg_error *err) {
    (void)options, (void)err;
    sg_result_array(job->result, "datasets");
    for (const struct sg_dataset *const *dataset = sg_datasets(); *dataset; dataset++)
        report_dataset(job, *dataset);
    sg_result_end(job->result);
    return SG_OK;
}
