/* Writing and reading rates.json. */
#include "app/rates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "io/files.h"
#include "io/json_view.h"

#define NAME "rates.json"
enum { BYTES_MAX = 1 << 20 };

static void add_rate(struct sg_result *out, const char *name, uint64_t us, uint64_t rows,
                     uint64_t text_bytes) {
    sg_result_object(out, NULL);
    sg_result_text(out, "name", name);
    sg_result_u64(out, "microseconds", us);
    sg_result_u64(out, "rows", rows);
    sg_result_u64(out, "text_bytes", text_bytes);
    sg_result_end(out);
}

static void add_stages(const struct sg_job *job, struct sg_result *out) {
    size_t count;
    const struct sg_stage *stages = sg_progress_stages(job->progress, &count);
    sg_result_array(out, "stages");
    for (size_t i = 0; i < count; i++)
        add_rate(out, stages[i].name, (uint64_t)(stages[i].seconds * 1e6), stages[i].rows,
                 stages[i].text_bytes);
    sg_result_end(out);
}

/* Shards that a resumed run kept took no time, and do not count. */
static void add_tables(const struct sg_job *job, struct sg_result *out) {
    const uint64_t *shard_us = job->shard_us;
    sg_result_array(out, "tables");
    for (size_t t = 0; t < job->manifest.table_count; t++) {
        const struct sg_manifest_table *table = &job->manifest.tables[t];
        uint64_t us = 0, rows = 0, text = 0;
        for (size_t s = 0; s < table->shard_count; s++, shard_us++) {
            if (!*shard_us) continue;
            us += *shard_us;
            rows += table->shards[s].rows;
            text += table->shards[s].text_bytes;
        }
        add_rate(out, table->table->name, us, rows, text);
    }
    sg_result_end(out);
}

enum sg_code sg_rates_write(const struct sg_job *job, struct sg_error *err) {
    bool made = job->options->command == SG_COMMAND_RUN && job->shard_us && !job->options->parts;
    char path[SG_PATH_BYTES];
    if (job->comm->rank != 0 || !made || !job->manifest.table_count) return SG_OK;
    SG_TRY(sg_path_join(path, job->out, NAME, err));
    struct sg_result *out = sg_result_open();
    if (!out) return sg_fail(err, SG_SYSTEM, "no memory for %s", path);
    sg_result_u64(out, "ranks", (uint64_t)job->comm->ranks);
    sg_result_u64(out, "threads", (uint64_t)job->threads);
    add_stages(job, out);
    add_tables(job, out);
    enum sg_code code = sg_result_save(out, path, err);
    sg_result_close(out, NULL);
    return code;
}

static uint64_t number_at(const struct sg_json_view *view, const char *path) {
    int64_t value;
    return sg_json_view_i64(view, path, &value) && value > 0 ? (uint64_t)value : 0;
}

static enum sg_code read_list(const struct sg_json_view *view, const char *list, struct sg_rate **rates,
                              size_t *count, struct sg_error *err) {
    *count = 0;
    size_t there = sg_json_view_count(view, list);
    *rates = sg_alloc_array(there, sizeof **rates);
    if (!*rates) return sg_fail(err, SG_SYSTEM, "no memory for %s", NAME);
    for (; *count < there; ++*count) {
        struct sg_rate *rate = &(*rates)[*count];
        char path[64];
        snprintf(path, sizeof path, "%s.%zu.name", list, *count);
        const char *name = sg_json_view_text(view, path);
        snprintf(rate->name, sizeof rate->name, "%s", name ? name : "");
        snprintf(path, sizeof path, "%s.%zu.microseconds", list, *count);
        rate->us = number_at(view, path);
        snprintf(path, sizeof path, "%s.%zu.rows", list, *count);
        rate->rows = number_at(view, path);
        snprintf(path, sizeof path, "%s.%zu.text_bytes", list, *count);
        rate->text_bytes = number_at(view, path);
    }
    return SG_OK;
}

enum sg_code sg_rates_read(const char *out, struct sg_rates *rates, struct sg_error *err) {
    char path[SG_PATH_BYTES];
    struct sg_buffer text = {0};
    struct sg_error unread = {0};
    struct sg_json_view *view;
    *rates = (struct sg_rates){0};
    SG_TRY(sg_path_join(path, out, NAME, err));
    enum sg_code code = sg_read_file("rates", path, BYTES_MAX, &text, &unread);
    if (code == SG_OK) code = sg_json_view_open(&view, text.bytes, text.used, path, &unread);
    bool reads = code == SG_OK;
    code = SG_OK;
    if (reads) {
        rates->ranks = number_at(view, "ranks");
        rates->threads = number_at(view, "threads");
        code = read_list(view, "stages", &rates->stages, &rates->stage_count, err);
        if (code == SG_OK) code = read_list(view, "tables", &rates->tables, &rates->table_count, err);
        sg_json_view_close(view);
    }
    sg_buffer_free(&text);
    return code;
}

void sg_rates_free(struct sg_rates *rates) {
    free(rates->stages);
    free(rates->tables);
    *rates = (struct sg_rates){0};
}

const struct sg_rate *sg_rate_find(const struct sg_rate *rates, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(rates[i].name, name) == 0) return &rates[i];
    return NULL;
}

double sg_rate_of(const struct sg_rate *rate, uint64_t amount) {
    return rate->us ? (double)amount * 1e6 / (double)rate->us : 0;
}
