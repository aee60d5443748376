/* One parser per option: text to value, with a message that says what would be right. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/option_table.h"
#include "base/calendar.h"
#include "base/text.h"
#include "datasets/registry.h"
#include "io/encode.h"
#include "io/table_file.h"

enum {
    AS_OF_YEAR_MIN = 2000,
    AS_OF_YEAR_MAX = 2199,
    THREADS_MAX = 1024,
    RANKS_MAX = 1 << 20,
    CONNECTIONS_MAX = 64,
    PARTS_MAX = 10000
};
enum { LEVEL_MIN = -7, LEVEL_MAX = 19 };

/* Digits only, no sign, no spaces. */
static bool parse_u64(const char *text, uint64_t *value) {
    if (!isdigit((unsigned char)text[0])) return false;
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static bool parse_range(const char *text, uint64_t low, uint64_t high, uint64_t *value) {
    return parse_u64(text, value) && *value >= low && *value <= high;
}

enum sg_code sg_parse_dataset(struct sg_parse *parse, const char *value, struct sg_error *err) {
    parse->options->dataset = sg_dataset_find(value);
    parse->options->dataset_given = true;
    if (parse->options->dataset) return SG_OK;
    char names[256] = "";
    for (const struct sg_dataset *const *dataset = sg_datasets(); *dataset; dataset++)
        sg_append_name(names, sizeof names, (*dataset)->name);
    return sg_fail(err, SG_USAGE, "unknown dataset '%s': there are %s", value, names);
}

enum sg_code sg_parse_env(struct sg_parse *parse, const char *value, struct sg_error *err) {
    (void)err;
    parse->env = value;
    return SG_OK;
}

enum sg_code sg_parse_units(struct sg_parse *parse, const char *value, struct sg_error *err) {
    (void)err;
    parse->units = value;
    return SG_OK;
}

enum sg_code sg_parse_seed(struct sg_parse *parse, const char *value, struct sg_error *err) {
    if (parse_u64(value, &parse->options->run.seed)) return SG_OK;
    return sg_fail(err, SG_USAGE, "--seed '%s' is not a whole number from 0 to 18446744073709551615", value);
}

/* A decimal fraction to millionths, exactly; no more than six digits. */
static bool parse_ppm(const char *text, uint32_t *ppm) {
    uint32_t value = 0, unit = 1000000;
    if (*text == '0') text++;
    if (*text++ != '.' || !*text) return false;
    for (; *text; text++) {
        if (!isdigit((unsigned char)*text) || unit == 1) return false;
        unit /= 10;
        value += unit * (uint32_t)(*text - '0');
    }
    *ppm = value;
    return true;
}

enum sg_code sg_parse_anomalies(struct sg_parse *parse, const char *value, struct sg_error *err) {
    uint32_t *ppm = &parse->options->run.anomalies_ppm;
    if (parse_ppm(value, ppm) && *ppm > 0 && *ppm <= SG_ANOMALIES_PPM_MAX) return SG_OK;
    return sg_fail(
        err, SG_USAGE,
        "--anomalies '%s' is not a share from 0.000001 to 0.05, written with at most six decimals: "
        "0.01 makes one event in a hundred anomalous",
        value);
}

static bool parse_date(const char *text, struct sg_civil *date) {
    static const char shape[] = "dddd-dd-dd";
    if (strlen(text) != sizeof shape - 1) return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != '-') return false;
    *date = (struct sg_civil){atoi(text), atoi(text + 5), atoi(text + 8)};
    return date->month >= 1 && date->month <= 12 && date->day >= 1 &&
           date->day <= sg_days_in_month(date->year, date->month);
}

enum sg_code sg_parse_as_of(struct sg_parse *parse, const char *value, struct sg_error *err) {
    struct sg_civil date;
    if (!parse_date(value, &date) || date.year < AS_OF_YEAR_MIN || date.year > AS_OF_YEAR_MAX)
        return sg_fail(err, SG_USAGE, "--as-of '%s' is not a date: write YYYY-MM-DD, years %d to %d", value,
                       AS_OF_YEAR_MIN, AS_OF_YEAR_MAX);
    parse->options->run.as_of_day = sg_day_from_civil(date.year, date.month, date.day);
    parse->options->as_of_given = true;
    return SG_OK;
}

enum sg_code sg_parse_out(struct sg_parse *parse, const char *value, struct sg_error *err) {
    size_t length = strlen(value);
    if (length == 0) return sg_fail(err, SG_USAGE, "the output folder has an empty name");
    if (length >= SG_OUT_BYTES)
        return sg_fail(err, SG_USAGE, "the name of the output folder is longer than %d bytes",
                       SG_OUT_BYTES - 1);
    while (length > 1 && value[length - 1] == '/')
        length--;
    memcpy(parse->options->out, value, length);
    parse->options->out[length] = '\0';
    parse->options->out_given = true;
    return SG_OK;
}

enum sg_code sg_parse_count(struct sg_parse *parse, const char *value, struct sg_error *err) {
    snprintf(parse->units_name, sizeof parse->units_name, "count");
    return sg_parse_units(parse, value, err);
}

enum sg_code sg_parse_output(struct sg_parse *parse, const char *value, struct sg_error *err) {
    size_t length = strlen(value);
    if (length == 0 || value[length - 1] == '/')
        return sg_fail(err, SG_USAGE, "--output '%s' is not the name of a file", value);
    if (length >= SG_OUT_BYTES)
        return sg_fail(err, SG_USAGE, "the name of the output file is longer than %d bytes",
                       SG_OUT_BYTES - 1);
    strcpy(parse->options->out, value);
    parse->options->out_given = true;
    return SG_OK;
}

enum sg_code sg_parse_transactions(struct sg_parse *parse, const char *value, struct sg_error *err) {
    if (!value[0] || strlen(value) >= SG_OUT_BYTES)
        return sg_fail(err, SG_USAGE, "--transactions needs the name of a folder of at most %d bytes",
                       SG_OUT_BYTES - 1);
    strcpy(parse->options->transactions, value);
    return SG_OK;
}

enum sg_code sg_parse_result(struct sg_parse *parse, const char *value, struct sg_error *err) {
    if (!value[0] || strlen(value) >= SG_OUT_BYTES)
        return sg_fail(err, SG_USAGE, "--result needs the name of a file of at most %d bytes",
                       SG_OUT_BYTES - 1);
    strcpy(parse->options->result, value);
    return SG_OK;
}

enum sg_code sg_parse_tables(struct sg_parse *parse, const char *value, struct sg_error *err) {
    (void)err;
    parse->tables = value;
    return SG_OK;
}

enum sg_code sg_parse_only(struct sg_parse *parse, const char *value, struct sg_error *err) {
    (void)err;
    parse->only = value;
    return SG_OK;
}

enum sg_code sg_parse_format(struct sg_parse *parse, const char *value, struct sg_error *err) {
    for (const struct sg_format_info *format = sg_formats(); format->name; format++) {
        if (strcasecmp(format->name, value) != 0) continue;
        parse->options->format = format->name;
        return format->together ? sg_hdf5_built(err) : SG_OK;
    }
    char known[128] = "";
    for (const struct sg_format_info *format = sg_formats(); format->name; format++)
        sg_append_name(known, sizeof known, format->name);
    return sg_fail(err, SG_USAGE, "unknown format '%s': there are %s", value, known);
}

enum sg_code sg_parse_compress(struct sg_parse *parse, const char *value, struct sg_error *err) {
    if (sg_compress_find(value, &parse->options->compression.how)) return SG_OK;
    return sg_fail(err, SG_USAGE, "unknown compression '%s': there are guided, plain and none", value);
}

enum sg_code sg_parse_level(struct sg_parse *parse, const char *value, struct sg_error *err) {
    uint64_t magnitude;
    bool negative = value[0] == '-';
    bool fine = parse_range(value + negative, 1, negative ? -LEVEL_MIN : LEVEL_MAX, &magnitude);
    if (!fine)
        return sg_fail(err, SG_USAGE, "--level '%s' is not a zstd level: 1 to %d, or -1 to %d", value,
                       LEVEL_MAX, LEVEL_MIN);
    parse->options->compression.level = negative ? -(int)magnitude : (int)magnitude;
    return SG_OK;
}

enum sg_code sg_parse_threads(struct sg_parse *parse, const char *value, struct sg_error *err) {
    uint64_t threads;
    if (!parse_range(value, 1, THREADS_MAX, &threads))
        return sg_fail(err, SG_USAGE, "--threads '%s' is not a number from 1 to %d", value, THREADS_MAX);
    parse->options->threads = (int)threads;
    return SG_OK;
}

enum sg_code sg_parse_ranks(struct sg_parse *parse, const char *value, struct sg_error *err) {
    uint64_t ranks;
    if (!parse_range(value, 1, RANKS_MAX, &ranks))
        return sg_fail(err, SG_USAGE, "--ranks '%s' is not a number from 1 to %d", value, RANKS_MAX);
    parse->options->ranks = (int)ranks;
    return SG_OK;
}

static enum sg_code keep_url(struct sg_parse *parse, const char *value, const char *option,
                             struct sg_error *err) {
    size_t length = strlen(value);
    if (length == 0) return sg_fail(err, SG_USAGE, "%s is empty: give a database URL", option);
    if (length >= SG_URL_BYTES)
        return sg_fail(err, SG_USAGE, "%s is longer than %d bytes", option, SG_URL_BYTES - 1);
    memcpy(parse->options->database_url, value, length + 1);
    parse->options->target = SG_TARGET_URL;
    return SG_OK;
}

enum sg_code sg_parse_load(struct sg_parse *parse, const char *value, struct sg_error *err) {
    parse->load = true;
    return value ? keep_url(parse, value, "--load", err) : SG_OK;
}

enum sg_code sg_parse_no_load(struct sg_parse *parse, const char *value, struct sg_error *err) {
    (void)value, (void)err;
    parse->no_load = true;
    return SG_OK;
}

enum sg_code sg_parse_database(struct sg_parse *parse, const char *value, struct sg_error *err) {
    SG_TRY(keep_url(parse, value, "--database", err));
    if (strcmp(value, "private") == 0) parse->options->target = SG_TARGET_PRIVATE;
    return SG_OK;
}

enum sg_code sg_parse_connections(struct sg_parse *parse, const char *value, struct sg_error *err) {
    uint64_t connections;
    if (!parse_range(value, 1, CONNECTIONS_MAX, &connections))
        return sg_fail(err, SG_USAGE, "--connections '%s' is not a number from 1 to %d", value,
                       CONNECTIONS_MAX);
    parse->options->connections = (int)connections;
    return SG_OK;
}

enum sg_code sg_parse_partition_rows(struct sg_parse *parse, const char *value, struct sg_error *err) {
    if (parse_u64(value, &parse->options->partition_rows)) return SG_OK;
    return sg_fail(err, SG_USAGE, "--partition-rows '%s' is not a number of rows, or 0 for no partitions",
                   value);
}

enum sg_code sg_parse_rows(struct sg_parse *parse, const char *value, struct sg_error *err) {
    struct sg_options *options = parse->options;
    const char *colon = strchr(value, ':');
    char first[32] = "";
    if (colon && (size_t)(colon - value) < sizeof first) memcpy(first, value, (size_t)(colon - value));
    if (!colon || !parse_range(first, 1, UINT64_MAX, &options->rows_first) ||
        !parse_range(colon + 1, options->rows_first, UINT64_MAX, &options->rows_end))
        return sg_fail(err, SG_USAGE, "--rows '%s' is not A:B with 1 <= A <= B", value);
    return SG_OK;
}

enum sg_code sg_parse_part(struct sg_parse *parse, const char *value, struct sg_error *err) {
    const char *slash = strchr(value, '/');
    char part[32] = "";
    uint64_t number = 0, parts = 0;
    if (slash && (size_t)(slash - value) < sizeof part) memcpy(part, value, (size_t)(slash - value));
    if (!slash || !parse_range(slash + 1, 1, PARTS_MAX, &parts) || !parse_range(part, 1, parts, &number))
        return sg_fail(err, SG_USAGE, "--part '%s' is not K/N with 1 <= K <= N <= %d", value, PARTS_MAX);
    parse->options->part = (int)number;
    parse->options->parts = (int)parts;
    return SG_OK;
}

enum sg_code sg_parse_cell(struct sg_options *options, const char *text, struct sg_error *err) {
    const char *colon = strchr(text, ':');
    const char *dot = colon ? strchr(colon, '.') : NULL;
    const char *end = dot ? dot : text + strlen(text);
    char row[32] = "";
    bool fine = colon && colon > text && (size_t)(colon - text) < sizeof options->table &&
                (size_t)(end - colon - 1) < sizeof row && (!dot || dot[1]) &&
                strlen(end) < sizeof options->column;
    if (fine) {
        memcpy(options->table, text, (size_t)(colon - text));
        memcpy(row, colon + 1, (size_t)(end - colon - 1));
        strcpy(options->column, dot ? dot + 1 : "");
        fine = parse_range(row, 1, UINT64_MAX, &options->row);
    }
    if (fine) return SG_OK;
    return sg_fail(err, SG_USAGE, "'%s' names no cell: write TABLE:ROW or TABLE:ROW.COLUMN, ROW from 1",
                   text);
}

enum sg_code sg_parse_stats(struct sg_parse *parse, const char *value, struct sg_error *err) {
    (void)value;
    parse->options->stats = SG_STATS_ALWAYS;
    return sg_hdf5_built(err);
}

enum sg_code sg_parse_no_stats(struct sg_parse *parse, const char *value, struct sg_error *err) {
    (void)value, (void)err;
    parse->options->stats = SG_STATS_NEVER;
    return SG_OK;
}

/* Options that only raise a flag. */
#define FLAG(name_, field_)                                                                                  \
    enum sg_code sg_parse_##name_(struct sg_parse *parse, const char *value, struct sg_error *err) {         \
        (void)value, (void)err;                                                                              \
        parse->options->field_ = true;                                                                       \
        return SG_OK;                                                                                        \
    }

FLAG(dry_run, dry_run)
FLAG(json, json)
FLAG(quiet, quiet)
FLAG(overwrite, overwrite)
FLAG(yes, yes)
FLAG(resume, resume)
FLAG(accept_invalid, accept_invalid)
FLAG(markdown, markdown)
FLAG(cognito_all, cognito_all)
