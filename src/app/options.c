/* Walks the command line over the option table. */
#include "app/options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/option_table.h"
#include "base/calendar.h"
#include "base/text.h"
#include "datasets/registry.h"
#include "io/pg_parts.h"

/* Levenshtein distance of short words, cut off at `limit`. */
static unsigned word_distance(const char *a, const char *b) {
    enum { WORD_MAX = 32 };
    unsigned row[WORD_MAX + 1];
    size_t width = strlen(b);
    if (width > WORD_MAX || strlen(a) > WORD_MAX) return WORD_MAX;
    for (size_t j = 0; j <= width; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; a[i - 1]; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= width; j++) {
            unsigned replaced = diagonal + (a[i - 1] != b[j - 1]);
            unsigned shifted = 1 + (row[j] < row[j - 1] ? row[j] : row[j - 1]);
            diagonal = row[j];
            row[j] = replaced < shifted ? replaced : shifted;
        }
    }
    return row[width];
}

struct guess {
    const char *word;
    unsigned distance;
};

static void consider(struct guess *guess, const char *typed, const char *word) {
    unsigned distance = word_distance(typed, word);
    if (distance < guess->distance) *guess = (struct guess){word, distance};
}

enum { GUESS_MAX = 3 };

static enum sg_code unknown_option(const char *name, const struct sg_command_info *command,
                                   struct sg_error *err) {
    struct guess guess = {NULL, GUESS_MAX};
    for (const struct sg_option_info *option = sg_option_table(); option->name; option++)
        if (option->commands & 1u << command->command) consider(&guess, name, option->name);
    if (guess.word)
        return sg_fail(err, SG_USAGE, "unknown option --%s: did you mean --%s?", name, guess.word);
    return sg_fail(err, SG_USAGE, "unknown option --%s: see synthgen-hpc help %s", name, command->name);
}

static enum sg_code unknown_command(const char *typed, struct sg_error *err) {
    struct guess guess = {NULL, GUESS_MAX};
    for (const struct sg_command_info *command = sg_command_table(); command->name; command++)
        consider(&guess, typed, command->name);
    if (guess.word)
        return sg_fail(err, SG_USAGE, "unknown command '%s': did you mean %s?", typed, guess.word);
    return sg_fail(err, SG_USAGE, "unknown command '%s': see synthgen-hpc --help", typed);
}

/* The option of a name as the command has it, else as another has it; every dataset's size option is the one
 * called accounts. */
static const struct sg_option_info *find_option(const char *name, const struct sg_command_info *command) {
    const struct sg_option_info *found = NULL;
    for (const struct sg_dataset *const *dataset = sg_datasets(); *dataset; dataset++)
        if (strcmp(name, (*dataset)->units_option) == 0) name = "accounts";
    for (const struct sg_option_info *option = sg_option_table(); option->name; option++) {
        if (strcmp(option->name, name) != 0) continue;
        found = option;
        if (option->commands & 1u << command->command) break;
    }
    return found;
}

/* Position in the arguments. */
struct walk {
    int argc;
    char **argv;
    int at;
};

static enum sg_code take_option(struct sg_parse *parse, struct walk *walk, struct sg_error *err) {
    const struct sg_command_info *command = sg_command_info(parse->options->command);
    const char *text = walk->argv[walk->at++] + 2;
    const char *equals = strchr(text, '=');
    char name[64];
    snprintf(name, sizeof name, "%.*s", equals ? (int)(equals - text) : (int)strlen(text), text);
    const struct sg_option_info *option = find_option(name, command);
    if (!option) return unknown_option(name, command, err);
    if (!(option->commands & 1u << command->command))
        return sg_fail(err, SG_USAGE, "option --%s does not belong to %s: see synthgen-hpc help %s", name,
                       command->name, command->name);
    const char *value = equals ? equals + 1 : NULL;
    if (value && option->argument == SG_ARGUMENT_NONE)
        return sg_fail(err, SG_USAGE, "option --%s takes no argument", name);
    if (!value && option->argument == SG_ARGUMENT_NEEDED) {
        if (walk->at >= walk->argc)
            return sg_fail(err, SG_USAGE, "option --%s needs an argument: %s", name, option->value);
        value = walk->argv[walk->at++];
    }
    if (option->parse == sg_parse_units) snprintf(parse->units_name, sizeof parse->units_name, "%s", name);
    return option->parse(parse, value, err);
}

static enum sg_code take_positional(struct sg_parse *parse, const char *text, struct sg_error *err) {
    const struct sg_command_info *command = sg_command_info(parse->options->command);
    if (parse->positional_count == command->positional_max)
        return sg_fail(err, SG_USAGE, "unexpected argument '%s': see synthgen-hpc help %s", text,
                       command->name);
    parse->positional[parse->positional_count++] = text;
    return SG_OK;
}

static void ask_help(struct sg_options *options) {
    options->help_of = options->command;
    options->command = SG_COMMAND_HELP;
}

static enum sg_code find_command(struct sg_options *options, const char *name, struct sg_error *err) {
    for (const struct sg_command_info *command = sg_command_table(); command->name; command++) {
        if (strcmp(command->name, name) != 0) continue;
        options->command = command->command;
        return SG_OK;
    }
    return unknown_command(name, err);
}

static bool is(const char *text, const char *word, const char *other) {
    return strcmp(text, word) == 0 || strcmp(text, other) == 0;
}

static enum sg_code take_argument(struct sg_parse *parse, struct walk *walk, struct sg_error *err) {
    const char *text = walk->argv[walk->at];
    if (strncmp(text, "--", 2) == 0 && text[2]) return take_option(parse, walk, err);
    walk->at++;
    if (text[0] == '-' && text[1])
        return sg_fail(err, SG_USAGE, "unknown option %.*s: options are long, see synthgen-hpc --help",
                       (int)strcspn(text, "="), text);
    return take_positional(parse, text, err);
}

static enum sg_code parse_words(struct sg_options *options, int argc, char **argv, struct sg_error *err) {
    *options = (struct sg_options){.command = SG_COMMAND_RUN, .help_of = SG_COMMAND_HELP};
    options->run.seed = 42;
    options->format = "copy";
    options->partition_rows = SG_PG_PARTITION_ROWS;
    options->compression = (struct sg_compression){SG_COMPRESS_GUIDED, 1};
    struct walk walk = {argc, argv, 1};
    bool named = argc > 1 && argv[1][0] != '-';
    if (named) SG_TRY(find_command(options, argv[walk.at++], err));
    for (int i = walk.at; i < argc; i++) {
        if (is(argv[i], "--help", "-h")) {
            if (named)
                ask_help(options);
            else
                options->command = SG_COMMAND_HELP;
            return SG_OK;
        }
        if (is(argv[i], "--version", "-V")) {
            options->command = SG_COMMAND_VERSION;
            return SG_OK;
        }
    }
    struct sg_parse parse = {.options = options};
    while (walk.at < argc)
        SG_TRY(take_argument(&parse, &walk, err));
    const struct sg_command_info *command = sg_command_info(options->command);
    if (parse.positional_count < command->positional_min)
        return sg_fail(err, SG_USAGE, "%s needs %s: see synthgen-hpc help %s", command->name,
                       command->arguments, command->name);
    if (options->command == SG_COMMAND_HELP && parse.positional_count) {
        SG_TRY(find_command(options, parse.positional[0], err));
        ask_help(options);
        return SG_OK;
    }
    return sg_options_finish(&parse, err);
}

enum sg_code sg_options_parse(struct sg_options *options, int argc, char **argv, struct sg_error *err) {
    enum sg_code code = parse_words(options, argc, argv, err);
    if (code != SG_OK && err) { /* the word at fault may be a connection string */
        struct sg_error plain = *err;
        sg_url_redact(plain.text, err->text, sizeof err->text);
    }
    return code;
}

void sg_options_text(const struct sg_options *options, char *text, size_t size) {
    char wanted[SG_TABLE_MAX + 1] = "";
    for (int i = 0; i < SG_TABLE_MAX; i++)
        wanted[i] = options->wanted[i] ? '1' : '0';
    snprintf(text, size,
             "%d|%d|%s|%s|%" PRIu64 "|%" PRId32 "|%" PRIu64 "|%" PRIu64 "|%" PRIu32
             "|%d|%s|%s|%s|%s|%d|%d|%d|%d|%d|%d|%s|%d%d%d%d%d%d"
             "|%s|%s|%" PRIu64 "|%" PRIu64 "|%" PRIu64 "|%d|%s|%d/%d|%s|%" PRIu64 "|%d|%d|%d",
             options->command, options->help_of, options->dataset ? options->dataset->name : "",
             options->env ? options->env : "", options->run.seed, options->run.as_of_day, options->run.units,
             options->run.only_unit, options->run.anomalies_ppm, options->as_of_given, options->out, wanted,
             options->tables, options->format, options->compression.how, options->compression.level,
             options->threads, options->ranks, options->connections, options->target, options->database_url,
             options->dry_run, options->json, options->quiet, options->overwrite, options->resume,
             options->yes, options->table, options->column, options->row, options->rows_first,
             options->rows_end, options->dataset_given, options->transactions, options->part, options->parts,
             options->result, options->partition_rows, options->accept_invalid, options->stats,
             options->cognito_all);
}

void sg_options_reproduce(const struct sg_options *options, char *text, size_t size) {
    struct sg_civil date = sg_civil_from_day(options->run.as_of_day);
    snprintf(text, size, "synthgen-hpc");
    if (options->dataset != sg_datasets()[0]) sg_append(text, size, " --dataset %s", options->dataset->name);
    if (options->env)
        sg_append(text, size, " --env %s", options->env);
    else
        sg_append(text, size, " --%s %" PRIu64, options->dataset->units_option, options->run.units);
    sg_append(text, size, " --seed %" PRIu64 " --as-of %04d-%02d-%02d --format %s", options->run.seed,
              date.year, date.month, date.day, options->format);
    if (options->run.only_unit)
        sg_append(text, size, " --only %s=%" PRIu64, options->dataset->unit, options->run.only_unit);
    if (options->run.anomalies_ppm)
        sg_append(text, size, " --anomalies 0.%06" PRIu32, options->run.anomalies_ppm);
    if (options->tables[0]) sg_append(text, size, " --tables %s", options->tables);
}
