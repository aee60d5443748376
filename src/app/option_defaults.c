/* What follows from an option's absence and what options demand of each other; also the redaction of URLs. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/option_table.h"
#include "base/text.h"
#include "datasets/registry.h"

static const struct sg_preset *find_preset(const struct sg_dataset *dataset, const char *name) {
    for (const struct sg_preset *preset = dataset->presets; preset->name; preset++)
        if (strcasecmp(preset->name, name) == 0) return preset;
    return NULL;
}

static enum sg_code size_by_preset(struct sg_parse *parse, struct sg_error *err) {
    struct sg_options *options = parse->options;
    const char *from_environment = getenv("DATAGEN_ENV");
    const char *name = parse->env, *source = "--env";
    if (!name && options->dataset->env_presets && from_environment && from_environment[0]) {
        name = from_environment;
        source = "DATAGEN_ENV";
    }
    const struct sg_preset *preset = name ? find_preset(options->dataset, name) : options->dataset->presets;
    if (!preset) {
        char names[256] = "";
        for (preset = options->dataset->presets; preset->name; preset++)
            sg_append_name(names, sizeof names, preset->name);
        return sg_fail(err, SG_USAGE, "unknown %s '%s': %s has %s", source, name, options->dataset->name,
                       names);
    }
    options->env = preset->name;
    options->run.units = preset->units;
    return SG_OK;
}

static enum sg_code choose_size(struct sg_parse *parse, struct sg_error *err) {
    struct sg_options *options = parse->options;
    const struct sg_dataset *dataset = options->dataset;
    if (!parse->units) return size_by_preset(parse, err);
    if (parse->env) return sg_fail(err, SG_USAGE, "give --env or --%s, not both", dataset->units_option);
    bool counts = strcmp(parse->units_name, "count") == 0;
    if (!counts && strcmp(parse->units_name, dataset->units_option) != 0)
        return sg_fail(err, SG_USAGE, "the size of %s is given by --%s, not --%s", dataset->name,
                       dataset->units_option, parse->units_name);
    char *end = "?";
    uint64_t units = isdigit((unsigned char)parse->units[0]) ? strtoull(parse->units, &end, 10) : 0;
    if (units < dataset->units_min || units > dataset->units_max || *end)
        return sg_fail(err, SG_USAGE, "--%s '%s' is not a number from %" PRIu64 " to %" PRIu64,
                       parse->units_name, parse->units, dataset->units_min, dataset->units_max);
    options->run.units = units;
    return SG_OK;
}

static enum sg_code choose_only(struct sg_parse *parse, struct sg_error *err) {
    struct sg_options *options = parse->options;
    if (!parse->only) return SG_OK;
    const char *unit = options->dataset->unit;
    size_t length = strlen(unit);
    const char *number = parse->only + length + 1;
    bool fine = strncmp(parse->only, unit, length) == 0 && parse->only[length] == '=' &&
                isdigit((unsigned char)*number);
    char *end = "?";
    uint64_t chosen = fine ? strtoull(number, &end, 10) : 0;
    if (*end || chosen < 1 || chosen > options->run.units)
        return sg_fail(err, SG_USAGE, "--only '%s' is not %s=K with K from 1 to %" PRIu64, parse->only, unit,
                       options->run.units);
    options->run.only_unit = chosen;
    return SG_OK;
}

static enum sg_code unknown_table(const struct sg_dataset *dataset, const char *name, struct sg_error *err) {
    char names[800] = "";
    for (int i = 0; i < dataset->table_count; i++)
        sg_append_name(names, sizeof names, dataset->tables[i]->name);
    return sg_fail(err, SG_USAGE, "unknown table '%s': %s has %s", name, dataset->name, names);
}

static void write_table_list(struct sg_options *options) {
    size_t used = 0;
    for (int i = 0; i < options->dataset->table_count; i++) {
        if (!options->wanted[i]) continue;
        used += (size_t)snprintf(options->tables + used, sizeof options->tables - used, "%s%s",
                                 used ? "," : "", options->dataset->tables[i]->name);
        if (used >= sizeof options->tables) return;
    }
}

static enum sg_code choose_tables(struct sg_parse *parse, struct sg_error *err) {
    struct sg_options *options = parse->options;
    if (options->dataset->table_count > SG_TABLE_MAX)
        return sg_fail(err, SG_INTERNAL, "%s has more than %d tables", options->dataset->name, SG_TABLE_MAX);
    if (options->run.anomalies_ppm && !sg_has_anomalies(options->dataset))
        return sg_fail(err, SG_USAGE, "--anomalies: dataset %s has none", options->dataset->name);
    for (int i = 0; i < options->dataset->table_count; i++)
        options->wanted[i] = !parse->tables && sg_table_of_run(options->dataset->tables[i], &options->run);
    if (!parse->tables) return SG_OK;
    const char *at = parse->tables;
    while (true) {
        char name[128];
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : (int)sizeof name - 1, at);
        int index = sg_table_index(options->dataset, name);
        if (index < 0) return unknown_table(options->dataset, name, err);
        if (!sg_table_of_run(options->dataset->tables[index], &options->run))
            return sg_fail(err, SG_USAGE, "table %s is there with --anomalies RATE alone", name);
        options->wanted[index] = true;
        if (!at[length]) break;
        at += length + 1;
    }
    bool all = true;
    for (int i = 0; i < options->dataset->table_count; i++)
        all &= options->wanted[i] || !sg_table_of_run(options->dataset->tables[i], &options->run);
    if (!all) write_table_list(options);
    return SG_OK;
}

static enum sg_code choose_target(struct sg_parse *parse, struct sg_error *err) {
    struct sg_options *options = parse->options;
    if (parse->load && parse->no_load) return sg_fail(err, SG_USAGE, "give --load or --no-load, not both");
    if (parse->load && options->parts)
        return sg_fail(err, SG_USAGE,
                       "--part only makes shards: give --load to the run with --resume that completes them");
    bool always = options->command == SG_COMMAND_LOAD || options->command == SG_COMMAND_CLEAR;
    bool loads = always || (options->command == SG_COMMAND_RUN && !parse->no_load && !options->dry_run &&
                            !options->parts);
    if (!loads) {
        bool asks = options->command == SG_COMMAND_VERIFY || options->command == SG_COMMAND_REPORT;
        if (!asks) options->target = SG_TARGET_NONE;
        return SG_OK;
    }
    if (options->target != SG_TARGET_NONE) return SG_OK;
    const char *url = getenv("DATABASE_URL");
    if (url && url[0]) {
        if (strlen(url) >= SG_URL_BYTES)
            return sg_fail(err, SG_USAGE, "DATABASE_URL is longer than %d bytes", SG_URL_BYTES - 1);
        strcpy(options->database_url, url);
        options->target = SG_TARGET_URL;
    } else if (parse->load || always) {
        options->target = SG_TARGET_PRIVATE;
    }
    return SG_OK;
}

static enum sg_code take_positionals(struct sg_parse *parse, struct sg_error *err) {
    struct sg_options *options = parse->options;
    if (parse->positional_count == 0) return SG_OK;
    if (options->command == SG_COMMAND_STREAM) {
        if (strchr(parse->positional[0], ','))
            return sg_fail(err, SG_USAGE, "stream writes one table, not '%s'", parse->positional[0]);
        return SG_OK;
    }
    if (options->command == SG_COMMAND_VALIDATE) return sg_parse_output(parse, parse->positional[0], err);
    if (options->command == SG_COMMAND_EXPLAIN) return sg_parse_cell(options, parse->positional[0], err);
    SG_TRY(sg_parse_out(parse, parse->positional[0], err));
    if (parse->positional_count < 2) return SG_OK;
    if (strlen(parse->positional[1]) >= sizeof options->table && options->command == SG_COMMAND_DATABASE)
        return sg_fail(err, SG_USAGE, "database cannot '%.40s...'", parse->positional[1]);
    if (strlen(parse->positional[1]) >= sizeof options->table)
        return sg_fail(err, SG_NO_INPUT, "there is no table '%s'", parse->positional[1]);
    strcpy(options->table, parse->positional[1]);
    return SG_OK;
}

static enum sg_code check_together(const struct sg_options *options, struct sg_error *err) {
    if (options->resume && options->overwrite)
        return sg_fail(err, SG_USAGE,
                       "give --resume or --overwrite, not both: one keeps shards, one drops them");
    if (options->parts && options->overwrite)
        return sg_fail(err, SG_USAGE,
                       "give --part or --overwrite, not both: each part would drop the shards of the others");
    if (options->ranks && options->command == SG_COMMAND_RUN && !options->dry_run)
        return sg_fail(err, SG_USAGE,
                       "--ranks only plans: add --dry-run, or start the ranks with mpirun -n %d",
                       options->ranks);
    return SG_OK;
}

void sg_options_default_out(const struct sg_options *options, char out[SG_OUT_BYTES]) {
    if (options->command == SG_COMMAND_CUSTOMERS) {
        snprintf(out, SG_OUT_BYTES, "data/customers.csv");
        return;
    }
    snprintf(out, SG_OUT_BYTES, "synthgen-%s-", options->dataset->name);
    if (options->command == SG_COMMAND_LIVE)
        sg_append(out, SG_OUT_BYTES, "live");
    else if (options->env)
        sg_append(out, SG_OUT_BYTES, "%s", options->env);
    else
        sg_append(out, SG_OUT_BYTES, "%" PRIu64, options->run.units);
    if (options->run.anomalies_ppm)
        sg_append(out, SG_OUT_BYTES, "-anomalies-%" PRIu32, options->run.anomalies_ppm);
    if (options->run.only_unit)
        sg_append(out, SG_OUT_BYTES, "-%s-%" PRIu64, options->dataset->unit, options->run.only_unit);
}

static const struct sg_dataset *default_dataset(enum sg_command command) {
    const struct sg_dataset *const *dataset = sg_datasets();
    if (command == SG_COMMAND_CUSTOMERS) return sg_dataset_find("cardholders");
    while (command == SG_COMMAND_LIVE && dataset[1] && !(*dataset)->live)
        dataset++;
    return *dataset;
}

enum sg_code sg_options_finish(struct sg_parse *parse, struct sg_error *err) {
    struct sg_options *options = parse->options;
    if (!options->dataset) options->dataset = default_dataset(options->command);
    SG_TRY(choose_size(parse, err));
    SG_TRY(choose_only(parse, err));
    if (options->command == SG_COMMAND_STREAM) parse->tables = parse->positional[0];
    SG_TRY(choose_tables(parse, err));
    SG_TRY(take_positionals(parse, err));
    SG_TRY(choose_target(parse, err));
    SG_TRY(check_together(options, err));
    if (!options->as_of_given) options->run.as_of_day = (int32_t)(time(NULL) / 86400);
    if (!options->out_given) sg_options_default_out(options, options->out);
    return SG_OK;
}

/* Copies at most size - 1 bytes; keeps *used. */
static void append(char *out, size_t size, size_t *used, const char *text, size_t length) {
    for (size_t i = 0; i < length && *used + 1 < size; i++)
        out[(*used)++] = text[i];
    out[*used] = '\0';
}

/* Length of the secret that starts at `at` in a conninfo string or URL query. */
static size_t secret_length(const char *at) {
    if (*at != '\'') return strcspn(at, " &");
    size_t i = 1;
    while (at[i] && at[i] != '\'')
        i += at[i] == '\\' && at[i + 1] ? 2 : 1;
    return at[i] ? i + 1 : i;
}

/* Length of the password in a URL's authority, which *password receives, 0 = none. A malformed authority may
 * hold bare slashes: all up to the last @ counts. */
static size_t authority_secret(const char *authority, const char **password) {
    const char *host = NULL;
    if (*authority == '/') return 0;
    for (const char *c = authority; *c && *c != ' '; c++)
        if (*c == '@') host = c;
    const char *colon = host ? memchr(authority, ':', (size_t)(host - authority)) : NULL;
    if (!colon) return 0;
    *password = colon + 1;
    return (size_t)(host - *password);
}

void sg_url_redact(const char *url, char *out, size_t size) {
    static const char scheme[] = "://", key[] = "password=";
    size_t used = 0;
    append(out, size, &used, "", 0);
    for (const char *at = url; *at;) {
        const char *password = at;
        size_t secret = 0;
        if (strncmp(at, scheme, sizeof scheme - 1) == 0) {
            secret = authority_secret(at + sizeof scheme - 1, &password);
        } else if (strncasecmp(at, key, sizeof key - 1) == 0) {
            password = at + sizeof key - 1;
            secret = secret_length(password);
        }
        if (secret == 0) password = at + 1;
        append(out, size, &used, at, (size_t)(password - at));
        if (secret) append(out, size, &used, "***", 3);
        at = password + secret;
    }
}
