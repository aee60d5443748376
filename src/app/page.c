/* The page: head, summary, certificate with the largest deviations first, tables; charts are in
 * page_charts.c. */
#include "app/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "app/certify.h"
#include "app/check_report.h"
#include "app/numbers.h"
#include "app/rates.h"
#include "base/checked.h"
#include "io/cell_text.h"
#include "io/files.h"

static const char head[] =
    "<!doctype html><html lang=en><meta charset=utf-8>"
    "<meta name=viewport content=\"width=device-width,initial-scale=1\"><title>synthgen-hpc "
    "report</title><style>"
    ":root{color-scheme:light dark;--ink:#1d2733;--soft:#5d6b7a;--page:#fff;--card:#f4f6f8;--line:#d5dbe1;"
    "--bar:#2f6fb3;--mark:#b4540a;--good:#1c7a3e;--bad:#b3261e}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e9ee;--soft:#9aa7b4;--page:#14191f;--card:#1d242c;"
    "--line:#36414c;--bar:#6aa6e6;--mark:#f0a35e;--good:#6fce92;--bad:#ff8a80}}"
    "body{font:16px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:70rem;"
    "margin:0 auto;padding:1rem}h1{margin:.2em 0}h2{margin:2em 0 .5em}h3{font-size:1rem;margin:0 0 .3em}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid var(--line);vertical-align:top}"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.pass{color:var(--good)}"
    ".fail{color:var(--bad);font-weight:700}.skip,.soft{color:var(--soft)}.charts{display:grid;gap:1rem;"
    "grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr))}"
    "figure{margin:0;padding:.8rem;background:var(--card);border-radius:.5rem;break-inside:avoid}"
    "figure svg{width:100%;height:auto;display:block;overflow:visible}svg text{fill:var(--soft);font:11px "
    "system-ui,sans-serif}"
    ".b{fill:var(--bar)}.m{stroke:var(--mark);stroke-width:2}.l{fill:none;stroke:var(--bar);stroke-width:2}"
    ".g{stroke:var(--line)}code{word-break:break-all}"
    "@media print{html{font-size:9px}body{max-width:none;padding:0;font-size:1rem}h2{break-after:avoid}"
    "tr{break-inside:avoid}.wide{overflow:visible}th,td{padding:.2em .4em}}</style>";

void sg_page_text(FILE *out, const char *text) {
    for (; *text; text++)
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
}

void sg_page_title(FILE *out, const char *name) {
    for (; *name; name++)
        fputc(*name == '_' ? ' ' : *name, out);
}

static void put_number(FILE *out, uint64_t value) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < length; i++)
        fprintf(out, i && (length - i) % 3 == 0 ? ",%c" : "%c", digits[i]);
}

static void put_failures(const struct sg_check_list *list, FILE *out) {
    fprintf(out, "<ul>");
    for (size_t i = 0; i < list->count; i++) {
        if (list->results[i].status != SG_CHECK_FAIL) continue;
        fprintf(out, "<li class=fail>");
        sg_page_text(out, list->results[i].table);
        fprintf(out, " ");
        sg_page_text(out, list->results[i].check);
        fprintf(out, ": ");
        sg_page_text(out, list->results[i].detail);
    }
    fprintf(out, "</ul>");
}

/* What the database answered, if one was asked. */
static void put_asked(const struct sg_asked *asked, FILE *out) {
    if (!asked) return;
    size_t failed = sg_check_count(&asked->list, SG_CHECK_FAIL);
    fprintf(out, "<p class=%s>In the ", failed ? "fail" : "pass");
    sg_page_text(out, asked->label);
    if (failed)
        fprintf(out, ": %zu of %zu checks fail.</p>", failed, asked->list.count);
    else
        fprintf(out, ": all %zu checks pass, %zu are skipped.</p>",
                sg_check_count(&asked->list, SG_CHECK_PASS), sg_check_count(&asked->list, SG_CHECK_SKIP));
    put_failures(&asked->list, out);
}

static void put_summary(const struct sg_manifest *manifest, const struct sg_check_list *list, FILE *out) {
    char as_of[SG_DATE_BYTES + 1], digest[33];
    size_t failed = sg_check_count(list, SG_CHECK_FAIL);
    sg_date_text(manifest->run.as_of_day, as_of);
    sg_digest_text(manifest->root, digest);
    fprintf(out, "<h1>");
    sg_page_text(out, manifest->dataset->name);
    fprintf(out, "</h1><p class=soft>");
    sg_page_text(out, manifest->dataset->title);
    fprintf(out, "</p><p>");
    put_number(out, manifest->run.units);
    fprintf(out,
            " %s, seed %" PRIu64
            ", as of %s, format %s; digest <code>%s</code>; synthgen-hpc %s.</p><p class=%s>",
            manifest->dataset->units_option, manifest->run.seed, as_of, manifest->format, digest,
            manifest->version, failed ? "fail" : "pass");
    if (failed)
        fprintf(out, "INVALID: %zu of %zu checks fail.</p>", failed, list->count);
    else
        fprintf(out, "Valid: all %zu checks pass, %zu are skipped.</p>", sg_check_count(list, SG_CHECK_PASS),
                sg_check_count(list, SG_CHECK_SKIP));
    put_failures(list, out);
}

static void put_entry(const struct sg_statistic *statistic, const struct sg_fit *fit, FILE *out) {
    static const char *const words[] = {
        [SG_FIT_PASS] = "pass", [SG_FIT_FAIL] = "fail", [SG_FIT_SKIP] = "skip"};
    fprintf(out, "<tr><td class=%s>%s<td>", words[fit->status], words[fit->status]);
    sg_page_title(out, statistic->name);
    if (fit->status == SG_FIT_SKIP)
        fprintf(out, "<td class=n>–<td class=n>–");
    else if (fit->has_p)
        fprintf(out, "<td class=n>p = %.3g<td class=n>≥ %g", fit->p, SG_FALSE_ALARM);
    else if (statistic->kind == SG_STAT_TOTAL)
        fprintf(out, "<td class=n>%.0f<td class=n>%.0f", fit->measured, fit->expected);
    else
        fprintf(out, "<td class=n>%.6g<td class=n>%.6g ± %.3g", fit->measured, fit->expected, fit->allowed);
    fprintf(out, "<td class=n>");
    put_number(out, fit->rows);
    fprintf(out, "<td>");
    sg_page_text(out, fit->detail);
    fprintf(out, "<td>");
    sg_page_text(out, statistic->source);
}

static enum sg_code put_certificate(const struct sg_certificate *certificate, const struct sg_fit *fits,
                                    FILE *out, struct sg_error *err) {
    size_t *order = sg_alloc_array(certificate->count, sizeof *order);
    if (!order) return sg_fail(err, SG_SYSTEM, "no memory for the report");
    enum sg_code code = sg_certify_order(certificate, fits, order, err);
    fprintf(
        out,
        "<h2>Certificate</h2><p class=soft>The declared model measured on the written rows, largest "
        "deviations first.</p><div class=wide><table><thead><tr><th>result<th>entry<th class=n>measured<th "
        "class=n>expected<th class=n>rows<th>detail<th>source<tbody>");
    for (size_t i = 0; code == SG_OK && i < certificate->count; i++)
        if (certificate->entries[order[i]].statistic->kind != SG_STAT_SERIES)
            put_entry(certificate->entries[order[i]].statistic, &fits[order[i]], out);
    fprintf(out, "</table></div>");
    free(order);
    return code;
}

static void put_rate(double rate, FILE *out) {
    char text[16];
    sg_short_number(rate, text);
    fprintf(out, "<td class=n>%s", rate > 0 ? text : "–");
}

/* Stages of the run that made the data. */
static void put_stages(const struct sg_rates *rates, FILE *out) {
    if (!rates->stage_count) return;
    fprintf(out,
            "<h2>Rates of the run</h2><p class=soft>%" PRIu64 " rank%s, %" PRIu64
            " thread%s each.</p><div class=wide><table><thead><tr><th>stage<th class=n>seconds<th "
            "class=n>rows/s<th "
            "class=n>text, bytes/s<tbody>",
            rates->ranks, rates->ranks == 1 ? "" : "s", rates->threads, rates->threads == 1 ? "" : "s");
    for (size_t i = 0; i < rates->stage_count; i++) {
        const struct sg_rate *stage = &rates->stages[i];
        fprintf(out, "<tr><td>");
        sg_page_text(out, stage->name);
        fprintf(out, "<td class=n>%.2f", (double)stage->us / 1e6);
        put_rate(sg_rate_of(stage, stage->rows), out);
        put_rate(sg_rate_of(stage, stage->text_bytes), out);
    }
    fprintf(out, "</table></div>");
}

static void put_tables(const struct sg_manifest *manifest, const struct sg_rates *rates, FILE *out) {
    uint64_t rows = 0, text = 0, file = 0;
    char bytes[16];
    fprintf(out,
            "<h2>Tables</h2><div class=wide><table><thead><tr><th>table<th class=n>rows<th class=n>shards<th "
            "class=n>text, bytes<th class=n>files, bytes<th class=n>rows/s of a thread<th>content<tbody>");
    for (size_t t = 0; t < manifest->table_count; t++) {
        const struct sg_manifest_table *table = &manifest->tables[t];
        fprintf(out, "<tr><td>%s<td class=n>", table->table->name);
        put_number(out, table->rows);
        fprintf(out, "<td class=n>%zu<td class=n>", table->shard_count);
        sg_short_number((double)table->text_bytes, bytes);
        fprintf(out, "%s<td class=n>", bytes);
        sg_short_number((double)table->file_bytes, bytes);
        fprintf(out, "%s", bytes);
        const struct sg_rate *rate = sg_rate_find(rates->tables, rates->table_count, table->table->name);
        put_rate(rate ? sg_rate_of(rate, rate->rows) : 0, out);
        fprintf(out, "<td>");
        sg_page_text(out, table->table->note ? table->table->note : "");
        rows += table->rows;
        text += table->text_bytes;
        file += table->file_bytes;
    }
    fprintf(out, "<tr><th>total<th class=n>");
    put_number(out, rows);
    sg_short_number((double)text, bytes);
    fprintf(out, "<th><th class=n>%s", bytes);
    sg_short_number((double)file, bytes);
    fprintf(out, "<th class=n>%s<th><th></table></div>", bytes);
}

enum sg_code sg_page_write(const struct sg_job *job, const struct sg_certificate *certificate,
                           const uint64_t *cells, const struct sg_fit *fits, const struct sg_check_list *list,
                           struct sg_error *err) {
    char path[SG_PATH_BYTES], *text = NULL;
    size_t size = 0;
    struct sg_rates rates;
    SG_TRY(sg_path_join(path, job->out, "report.html", err));
    enum sg_code code = sg_rates_read(job->out, &rates, err);
    FILE *out = code == SG_OK ? open_memstream(&text, &size) : NULL;
    if (!out) {
        sg_rates_free(&rates);
        return code == SG_OK ? sg_fail(err, SG_SYSTEM, "no memory for the report") : code;
    }
    fputs(head, out);
    put_summary(&job->manifest, list, out);
    put_asked(job->asked, out);
    sg_page_charts(certificate, cells, fits, out);
    code = put_certificate(certificate, fits, out, err);
    put_tables(&job->manifest, &rates, out);
    put_stages(&rates, out);
    sg_rates_free(&rates);
    fputs("</html>\n", out);
    if (fclose(out) != 0 && code == SG_OK) code = sg_fail(err, SG_SYSTEM, "no memory for the report");
    if (code == SG_OK) code = sg_write_file("report", path, text, size, err);
    if (code == SG_OK) sg_say(job, "\nreport: %s\n", path);
    if (code == SG_OK) sg_result_text(job->result, "report", path);
    free(text);
    return code;
}
