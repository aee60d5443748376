/* Walks a customers file through the audit and tells what came out. */
#include "app/audit_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/csv_read.h"

/* Where the audit's columns are in the file. */
struct layout {
    size_t at[CH_AUDIT_COLUMNS];
    size_t count; /* columns of the header */
};

/* Which of two columns of one name is meant nobody can tell. */
static enum sg_code check_twice(const struct sg_csv_field *fields, const struct layout *layout,
                                const char *path, struct sg_error *err) {
    for (int c = 0; c < CH_AUDIT_COLUMNS; c++)
        for (size_t i = layout->at[c] + 1; i < layout->count; i++)
            if (strcmp(fields[i].text, ch_audit_columns[c]) == 0)
                return sg_fail(err, SG_INVALID, "%s: the header line names %s twice, as columns %zu and %zu",
                               path, ch_audit_columns[c], layout->at[c] + 1, i + 1);
    return SG_OK;
}

/* Bytes of a text that a terminal can be shown, few. */
static int plain_bytes(const char *text) {
    int count = 0;
    while (count < 60 && (unsigned char)text[count] >= ' ' && text[count] != 0x7F)
        count++;
    return count;
}

static enum sg_code read_header(struct sg_csv *csv, const char *path, struct layout *layout,
                                struct sg_error *err) {
    const struct sg_csv_field *fields;
    char missing[256] = "";
    SG_TRY(sg_csv_next(csv, &fields, &layout->count, err));
    if (layout->count == 0) return sg_fail(err, SG_CORRUPT, "%s is empty: no header line", path);
    for (int c = 0; c < CH_AUDIT_COLUMNS; c++) {
        size_t i = 0;
        while (i < layout->count && strcmp(fields[i].text, ch_audit_columns[c]) != 0)
            i++;
        layout->at[c] = i;
        size_t used = strlen(missing);
        if (i == layout->count)
            snprintf(missing + used, sizeof missing - used, "%s%s", used ? ", " : "", ch_audit_columns[c]);
    }
    if (missing[0])
        return sg_fail(err, SG_INVALID,
                       "%s: the header line lacks %s; a customers file begins with a line of column names%s, "
                       "this one with '%.*s'",
                       path, missing, layout->count == 1 ? " separated by commas" : "",
                       plain_bytes(fields[0].text), fields[0].text);
    return check_twice(fields, layout, path, err);
}

static enum sg_code read_rows(struct sg_csv *csv, const struct layout *layout, struct ch_audit *audit,
                              struct sg_error *err) {
    struct ch_audit_text values[CH_AUDIT_COLUMNS];
    const struct sg_csv_field *fields;
    size_t count;
    while (true) {
        SG_TRY(sg_csv_next(csv, &fields, &count, err));
        if (count == 0) return SG_OK;
        if (sg_stop_requested()) return sg_fail(err, SG_STOPPED, "stopped on request");
        for (int c = 0; c < CH_AUDIT_COLUMNS && count == layout->count; c++)
            values[c] = (struct ch_audit_text){fields[layout->at[c]].text, fields[layout->at[c]].size};
        ch_audit_row(audit, sg_csv_line(csv), count == layout->count ? values : NULL);
    }
}

enum sg_code sg_audit_file(struct ch_audit *audit, const char *path, struct sg_error *err) {
    struct layout layout;
    struct sg_csv *csv;
    SG_TRY(sg_csv_open(&csv, path, err));
    enum sg_code code = read_header(csv, path, &layout, err);
    if (code == SG_OK) code = read_rows(csv, &layout, audit, err);
    if (code == SG_OK && audit->rows == 0)
        code = sg_fail(err, SG_INVALID, "%s holds no customer: nothing below the header line", path);
    sg_csv_close(csv);
    ch_audit_end(audit);
    return code;
}

static void report_check(const struct sg_job *job, const struct ch_audit *audit, enum ch_audit_check check) {
    const struct ch_audit_result *result = &audit->results[check];
    sg_result_object(job->result, NULL);
    sg_result_text(job->result, "check", ch_audit_title(check));
    sg_result_u64(job->result, "faults", result->faults);
    sg_result_array(job->result, "rows");
    if (result->faults)
        sg_say(job, "  FAILED  %s: %" PRIu64 " rows\n", ch_audit_title(check), result->faults);
    else
        sg_say(job, "  ok      %s\n", ch_audit_title(check));
    for (uint64_t i = 0; i < result->faults && i < CH_AUDIT_SAMPLES; i++) {
        const struct ch_audit_finding *finding = &result->samples[i];
        sg_say(job, "            row %" PRIu64 " (line %" PRIu64 "): %s\n", finding->row, finding->line,
               finding->text);
        sg_result_object(job->result, NULL);
        sg_result_u64(job->result, "row", finding->row);
        sg_result_u64(job->result, "line", finding->line);
        sg_result_text(job->result, "fault", finding->text);
        sg_result_end(job->result);
    }
    if (result->faults > CH_AUDIT_SAMPLES)
        sg_say(job, "            and %" PRIu64 " more\n", result->faults - CH_AUDIT_SAMPLES);
    sg_result_end(job->result);
    sg_result_end(job->result);
}

static void report_warnings(const struct sg_job *job, const struct ch_audit *audit) {
    const char *name;
    uint32_t target, found;
    sg_result_array(job->result, "warnings");
    for (int s = 0; ch_audit_share(audit, s, &name, &target, &found); s++) {
        uint32_t distance = target > found ? target - found : found - target;
        char text[160];
        if (distance <= CH_AUDIT_TOLERANCE) continue;
        snprintf(text, sizeof text, "%s are %u.%02u%% of the customers, more than 5 points from %u%%", name,
                 found / 100, found % 100, target / 100);
        sg_say(job, "  warning %s\n", text);
        sg_result_text(job->result, NULL, text);
    }
    sg_result_end(job->result);
}

void sg_audit_report_checks(const struct sg_job *job, const struct ch_audit *audit) {
    sg_result_array(job->result, "validation");
    for (int c = 0; c < CH_CHECK_COUNT; c++)
        report_check(job, audit, (enum ch_audit_check)c);
    sg_result_end(job->result);
    report_warnings(job, audit);
}

/* 27589 -> "27,589" */
static const char *with_commas(int64_t value, char out[32]) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, value < 0 ? -value : value), used = 0;
    if (value < 0) out[used++] = '-';
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

static void report_values(const struct sg_job *job, const struct ch_audit *audit, const char *title,
                          const char *member, const struct ch_audit_value *values, bool counts) {
    sg_say(job, "\n  %s Distribution:\n", title);
    sg_result_object(job->result, member);
    for (int i = 0; i < CH_AUDIT_VALUES && values[i].count; i++) {
        const char *text = values[i].text[0] ? values[i].text : "(empty)";
        double percent = 100.0 * (double)values[i].count / (double)audit->rows;
        if (counts)
            sg_say(job, "    %s: %" PRIu64 " (%.1f%%)\n", text, values[i].count, percent);
        else
            sg_say(job, "    %s: %.1f%%\n", text, percent);
        sg_result_u64(job->result, text, values[i].count);
    }
    sg_result_end(job->result);
}

void sg_audit_report_statistics(const struct sg_job *job, const struct ch_audit *audit) {
    char low[32], high[32], mean[32];
    int64_t rows = (int64_t)audit->limit_rows;
    int64_t cents = rows ? (int64_t)((audit->limit_sum * 200 + rows) / (2 * rows)) : 0;
    sg_say(job, "\n\xf0\x9f\x93\x8a Statistics:\n  Total customers: %" PRIu64 "\n  Unique IDs: %" PRIu64 "\n",
           audit->rows, audit->unique_ids);
    sg_say(job, "  Credit limit range: $%s - $%s\n  Average credit limit: $%s.%02d\n",
           with_commas(audit->limit_min, low), with_commas(audit->limit_max, high),
           with_commas(cents / 100, mean), (int)(cents % 100));
    sg_result_object(job->result, "statistics");
    sg_result_u64(job->result, "total_customers", audit->rows);
    sg_result_u64(job->result, "unique_ids", audit->unique_ids);
    sg_result_number(job->result, "credit_limit_min", (double)audit->limit_min);
    sg_result_number(job->result, "credit_limit_max", (double)audit->limit_max);
    sg_result_number(job->result, "credit_limit_mean", (double)cents / 100);
    report_values(job, audit, "Segment", "segments", audit->segments, false);
    report_values(job, audit, "Card Type", "card_types", audit->cards, true);
    sg_result_end(job->result);
}

enum sg_code sg_audit_verdict(const struct ch_audit *audit, const char *path, struct sg_error *err) {
    uint64_t faults;
    int failed = ch_audit_failed(audit, &faults);
    if (!failed) return SG_OK;
    return sg_fail(err, SG_INVALID, "%s: %" PRIu64 " of %" PRIu64 " rows at fault, %d of %d checks failed",
                   path, audit->faulty_rows, audit->rows, failed, CH_CHECK_COUNT);
}
