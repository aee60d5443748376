/* summary.json: the facts of report.html for programs. */
#include <stdlib.h>
#include <string.h>

#include "app/certify.h"
#include "app/check_report.h"
#include "app/page.h"
#include "app/rates.h"
#include "base/calendar.h"
#include "base/checked.h"
#include "io/cell_text.h"
#include "io/files.h"
#include "verify/kind.h"

static void add_identity(const struct sg_manifest *manifest, struct sg_result *out) {
    char as_of[SG_DATE_BYTES + 1], digest[33];
    sg_date_text(manifest->run.as_of_day, as_of);
    sg_digest_text(manifest->root, digest);
    sg_result_text(out, "dataset", manifest->dataset->name);
    sg_result_text(out, "title", manifest->dataset->title);
    sg_result_text(out, "units_option", manifest->dataset->units_option);
    sg_result_u64(out, "units", manifest->run.units);
    sg_result_u64(out, "seed", manifest->run.seed);
    sg_result_text(out, "as_of", as_of);
    sg_result_text(out, "format", manifest->format);
    sg_result_text(out, "digest", digest);
    sg_result_text(out, "version", manifest->version);
}

static void add_verdict(const struct sg_check_list *list, struct sg_result *out) {
    sg_result_bool(out, "valid", sg_check_count(list, SG_CHECK_FAIL) == 0);
    sg_result_u64(out, "checks_passed", sg_check_count(list, SG_CHECK_PASS));
    sg_result_u64(out, "checks_failed", sg_check_count(list, SG_CHECK_FAIL));
    sg_result_u64(out, "checks_skipped", sg_check_count(list, SG_CHECK_SKIP));
    sg_result_array(out, "failures");
    for (size_t i = 0; i < list->count; i++) {
        if (list->results[i].status != SG_CHECK_FAIL) continue;
        sg_result_object(out, NULL);
        sg_result_text(out, "table", list->results[i].table);
        sg_result_text(out, "check", list->results[i].check);
        sg_result_text(out, "detail", list->results[i].detail);
        sg_result_end(out);
    }
    sg_result_end(out);
}

/* What rates.json says; nothing when there is none. */
static void add_rates(const char *name, const struct sg_rate *rates, size_t count, struct sg_result *out) {
    sg_result_array(out, name);
    for (size_t i = 0; i < count; i++) {
        sg_result_object(out, NULL);
        sg_result_text(out, "name", rates[i].name);
        sg_result_number(out, "seconds", (double)rates[i].us / 1e6);
        sg_result_u64(out, "rows", rates[i].rows);
        sg_result_u64(out, "text_bytes", rates[i].text_bytes);
        sg_result_number(out, "rows_per_second", sg_rate_of(&rates[i], rates[i].rows));
        sg_result_number(out, "text_bytes_per_second", sg_rate_of(&rates[i], rates[i].text_bytes));
        sg_result_end(out);
    }
    sg_result_end(out);
}

static enum sg_code add_run_rates(const struct sg_job *job, struct sg_result *out, struct sg_error *err) {
    struct sg_rates rates;
    enum sg_code code = sg_rates_read(job->out, &rates, err);
    if (code == SG_OK && rates.stage_count) {
        sg_result_object(out, "rates");
        sg_result_u64(out, "ranks", rates.ranks);
        sg_result_u64(out, "threads", rates.threads);
        add_rates("stages", rates.stages, rates.stage_count, out);
        add_rates("tables_by_thread", rates.tables, rates.table_count, out);
        sg_result_end(out);
    }
    sg_rates_free(&rates);
    return code;
}

static void add_tables(const struct sg_manifest *manifest, struct sg_result *out) {
    sg_result_array(out, "tables");
    for (size_t t = 0; t < manifest->table_count; t++) {
        const struct sg_manifest_table *table = &manifest->tables[t];
        sg_result_object(out, NULL);
        sg_result_text(out, "name", table->table->name);
        sg_result_u64(out, "rows", table->rows);
        sg_result_u64(out, "shards", table->shard_count);
        sg_result_u64(out, "text_bytes", table->text_bytes);
        sg_result_u64(out, "file_bytes", table->file_bytes);
        sg_result_text(out, "content", table->table->note);
        sg_result_end(out);
    }
    sg_result_end(out);
}

static void add_entry(const struct sg_statistic *statistic, const struct sg_fit *fit, struct sg_result *out) {
    sg_result_object(out, NULL);
    sg_certify_add(out, statistic, fit);
    sg_result_text(out, "reason", statistic->reason);
    sg_result_text(out, "source", statistic->source);
    sg_result_end(out);
}

/* Counters behind seasons are of months that follow each other, not of classes. */
static void add_classes(const struct sg_resolved *entry, const uint64_t *cells, struct sg_result *out) {
    enum { CLASSES_MAX = 256, LABEL_BYTES = 48 };
    const struct sg_statistic *statistic = entry->statistic;
    const struct sg_kind *kind = sg_kind_of(statistic);
    double measured[CLASSES_MAX], declared[CLASSES_MAX];
    if (statistic->class_count > CLASSES_MAX) return;
    kind->show(entry, cells, measured, declared);
    sg_result_array(out, "classes");
    for (uint16_t i = 0; i < statistic->class_count; i++) {
        char label[LABEL_BYTES];
        sg_class_name(entry, i, label, sizeof label);
        sg_result_object(out, NULL);
        sg_result_text(out, "class", label);
        if (statistic->kind != SG_STAT_SEASONS) sg_result_u64(out, "rows", cells[i]);
        sg_result_double(out, kind->shows_means ? "mean" : "share", measured[i]);
        sg_result_double(out, kind->shows_means ? "declared_mean" : "declared_share", declared[i]);
        sg_result_end(out);
    }
    sg_result_end(out);
}

/* Oldest first, from the first month with rows to the one before the as-of date's. */
static void add_months(const struct sg_resolved *entry, const uint64_t *cells, int32_t as_of_day,
                       struct sg_result *out) {
    struct sg_civil now = sg_civil_from_day(as_of_day);
    const struct sg_column *summed = entry->by.slot.column >= 0 ? entry->by.slot.declared : NULL;
    int oldest = SG_MONTHS - 1;
    while (oldest > 0 && cells[oldest] == 0)
        oldest--;
    sg_result_text(out, "sum_of", entry->statistic->by.column);
    sg_result_array(out, "months");
    for (int back = oldest; back >= 1; back--) {
        int month = now.year * 12 + now.month - 1 - back;
        char text[24];
        snprintf(text, sizeof text, "%04d-%02d", month / 12, month % 12 + 1);
        sg_result_object(out, NULL);
        sg_result_text(out, "month", text);
        sg_result_u64(out, "rows", cells[back]);
        if (summed)
            sg_result_decimal(out, "sum", (int64_t)cells[SG_MONTHS + back],
                              summed->type == SG_DECIMAL ? summed->scale : 0);
        sg_result_end(out);
    }
    sg_result_end(out);
}

/* The bars of a chart that several entries share; with the first of them. */
static void add_bars(const struct sg_certificate *certificate, const struct sg_fit *fits, size_t first,
                     struct sg_result *out) {
    const char *name = certificate->entries[first].statistic->chart.name;
    for (size_t i = 0; i < first; i++) {
        const char *other = certificate->entries[i].statistic->chart.name;
        if (other && strcmp(other, name) == 0) return;
    }
    sg_result_object(out, NULL);
    sg_result_text(out, "name", name);
    sg_result_array(out, "bars");
    for (size_t i = first; i < certificate->count; i++) {
        const struct sg_statistic *statistic = certificate->entries[i].statistic;
        if (!statistic->chart.name || strcmp(statistic->chart.name, name) != 0 ||
            fits[i].status == SG_FIT_SKIP)
            continue;
        sg_result_object(out, NULL);
        sg_result_text(out, "bar", statistic->chart.label);
        sg_result_double(out, "measured", fits[i].measured);
        sg_result_double(out, "declared", fits[i].expected);
        sg_result_end(out);
    }
    sg_result_end(out);
    sg_result_end(out);
}

static void add_charts(const struct sg_certificate *certificate, const uint64_t *cells,
                       const struct sg_fit *fits, struct sg_result *out) {
    sg_result_array(out, "charts");
    for (size_t i = 0; i < certificate->count; i++) {
        const struct sg_resolved *entry = &certificate->entries[i];
        bool series = entry->statistic->kind == SG_STAT_SERIES;
        if (entry->statistic->chart.name) add_bars(certificate, fits, i, out);
        if (entry->absent || fits[i].rows == 0 || !(series || sg_kind_of(entry->statistic)->show)) continue;
        sg_result_object(out, NULL);
        sg_result_text(out, "name", entry->statistic->name);
        if (series)
            add_months(entry, cells + entry->cell, certificate->manifest->run.as_of_day, out);
        else
            add_classes(entry, cells + entry->cell, out);
        sg_result_end(out);
    }
    sg_result_end(out);
}

enum sg_code sg_summary_write(const struct sg_job *job, const struct sg_certificate *certificate,
                              const uint64_t *cells, const struct sg_fit *fits,
                              const struct sg_check_list *list, struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, job->out, "summary.json", err));
    size_t *order = sg_alloc_array(certificate->count, sizeof *order);
    struct sg_result *out = sg_result_open();
    if (!out || !order) {
        free(order);
        sg_result_close(out, NULL);
        return sg_fail(err, SG_SYSTEM, "no memory for the summary");
    }
    enum sg_code code = sg_certify_order(certificate, fits, order, err);
    add_identity(&job->manifest, out);
    add_verdict(list, out);
    if (job->asked) {
        sg_result_object(out, "database");
        sg_result_text(out, "label", job->asked->label);
        add_verdict(&job->asked->list, out);
        sg_result_end(out);
    }
    add_tables(&job->manifest, out);
    if (code == SG_OK) code = add_run_rates(job, out, err);
    sg_result_array(out, "certificate");
    for (size_t i = 0; code == SG_OK && i < certificate->count; i++)
        if (certificate->entries[order[i]].statistic->kind != SG_STAT_SERIES)
            add_entry(certificate->entries[order[i]].statistic, &fits[order[i]], out);
    sg_result_end(out);
    add_charts(certificate, cells, fits, out);
    if (code == SG_OK) code = sg_result_save(out, path, err);
    if (code == SG_OK) sg_say(job, "summary: %s\n", path);
    if (code == SG_OK) sg_result_text(job->result, "summary", path);
    sg_result_close(out, NULL);
    free(order);
    return code;
}
