/* The two tables behind options.h, for the parser and for help. Private to the command line's files. */
#ifndef SG_APP_OPTION_TABLE_H
#define SG_APP_OPTION_TABLE_H

#include "app/options.h"

/* What parsing knows besides the options themselves. */
struct sg_parse {
    struct sg_options *options;
    const char *only;    /* --only as written */
    const char *tables;  /* --tables as written */
    const char *units;   /* size as written */
    char units_name[64]; /* and the option's name: "accounts", or "count" */
    const char *env;     /* --env as written */
    const char *positional[2];
    int positional_count;
    bool load, no_load;
};

enum sg_argument { SG_ARGUMENT_NONE, SG_ARGUMENT_NEEDED, SG_ARGUMENT_OPTIONAL };

struct sg_option_info {
    const char *name; /* without dashes */
    enum sg_argument argument;
    const char *value; /* placeholder of the argument in help */
    unsigned commands; /* bit per enum sg_command */
    const char *help;  /* one or two sentences */
    enum sg_code (*parse)(struct sg_parse *parse, const char *value, struct sg_error *err);
};

struct sg_command_info {
    const char *name;
    enum sg_command command;
    const char *arguments; /* positional, as in usage lines; "" = none */
    int positional_min, positional_max;
    const char *title; /* one line */
    const char *help;  /* paragraphs */
};

/* Pure. Both end with a NULL name. The option whose name is "accounts" stands for the size option of every
 * dataset. */
const struct sg_option_info *sg_option_table(void);
const struct sg_command_info *sg_command_table(void);
const struct sg_command_info *sg_command_info(enum sg_command command);

/* Completes options after the command line was read: environment, defaults, checks between options. */
enum sg_code sg_options_finish(struct sg_parse *parse, struct sg_error *err);

/* Prints help of one command or of all (SG_COMMAND_HELP); as_markdown gives docs/manual.md. */
void sg_help_print(enum sg_command command, bool as_markdown);

enum sg_code sg_parse_dataset(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_env(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_units(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_seed(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_anomalies(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_as_of(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_out(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_count(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_result(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_part(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_output(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_transactions(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_tables(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_only(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_format(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_compress(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_level(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_threads(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_ranks(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_load(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_no_load(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_database(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_connections(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_partition_rows(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_rows(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_dry_run(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_json(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_stats(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_no_stats(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_quiet(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_yes(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_overwrite(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_resume(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_accept_invalid(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_markdown(struct sg_parse *parse, const char *value, struct sg_error *err);
enum sg_code sg_parse_cognito_all(struct sg_parse *parse, const char *value, struct sg_error *err);
/* Position arguments of explain: TABLE:ROW[.COLUMN]. */
enum sg_code sg_parse_cell(struct sg_options *options, const char *text, struct sg_error *err);

#endif
