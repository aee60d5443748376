/* The command line: one table of commands and one of options drives parsing, --help and docs/manual.md.
 *
 * Parsing touches nothing but the environment and the clock. The result is plain data, equal on all ranks
 * (sg_options_text is what they compare).
 */
#ifndef SG_APP_OPTIONS_H
#define SG_APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "io/frame.h"
#include "model/dataset.h"
#include "model/run.h"

enum { SG_OUT_BYTES = 1024, SG_URL_BYTES = 2048, SG_TABLE_MAX = 256, SG_TABLES_BYTES = 1024 };

enum sg_command {
    SG_COMMAND_RUN,
    SG_COMMAND_PLAN,
    SG_COMMAND_LOAD,
    SG_COMMAND_VERIFY,
    SG_COMMAND_CAT,
    SG_COMMAND_STREAM,
    SG_COMMAND_EXPLAIN,
    SG_COMMAND_DATASETS,
    SG_COMMAND_DATABASE,
    SG_COMMAND_LIVE,
    SG_COMMAND_CLEAR,
    SG_COMMAND_CATALOG,
    SG_COMMAND_REPORT,
    SG_COMMAND_CUSTOMERS,
    SG_COMMAND_VALIDATE,
    SG_COMMAND_HELP,
    SG_COMMAND_VERSION
};

/* Where rows go after they were generated and verified. */
enum sg_target {
    SG_TARGET_NONE,   /* nowhere */
    SG_TARGET_URL,    /* the PostgreSQL that database_url names */
    SG_TARGET_PRIVATE /* a private cluster under the output folder */
};

/* When stats.h5 is written. Runs that make something have it where the build has HDF5. */
enum sg_stats_when { SG_STATS_OF_NEW_RUNS, SG_STATS_ALWAYS, SG_STATS_NEVER };

struct sg_options {
    enum sg_command command;
    enum sg_command help_of; /* SG_COMMAND_HELP: the command asked about, or SG_COMMAND_HELP for all */
    const struct sg_dataset *dataset;
    bool dataset_given;
    const char *env; /* name of the preset in use, NULL when --accounts decides */
    struct sg_run run;
    bool as_of_given;
    char out[SG_OUT_BYTES]; /* --out, or DIR of load, verify and cat; FILE of customers and validate; always
                               set */
    char transactions[SG_OUT_BYTES]; /* customers: folder of the transaction files, "" = none */
    bool out_given;
    char result[SG_OUT_BYTES];    /* file that receives the JSON document, "" = none */
    bool wanted[SG_TABLE_MAX];    /* by table index; all true without --tables */
    char tables[SG_TABLES_BYTES]; /* canonical --tables list in table order, "" = all */
    const char *format;           /* "copy", "csv" */
    struct sg_compression compression;
    int threads;             /* as asked, 0 = choose */
    int connections;         /* to the database, of all ranks; 0 = choose */
    uint64_t partition_rows; /* load: rows of a partition, 0 = no partitions */
    int ranks;               /* plan: ranks to plan for, 0 = those that run */
    int part, parts;         /* run: make only part 1..parts of the shards; 0, 0 = all */
    enum sg_target target;
    char database_url[SG_URL_BYTES]; /* may hold a password: never print it, see sg_url_redact */
    bool dry_run, json, quiet, overwrite, resume, markdown, yes;
    enum sg_stats_when stats;
    bool accept_invalid; /* load: also a run that failed its verification */
    bool cognito_all;    /* all users get their key from Cognito, not the dataset's few */
    char table[128];     /* cat: TABLE; database: what to do; explain: table of TABLE:ROW[.COLUMN] */
    char column[128];    /* explain: "" = all columns */
    uint64_t row;        /* explain: 1-based */
    uint64_t rows_first, rows_end; /* cat: 1-based, inclusive; 0, 0 = all */
};

/* Reads the command line. SG_USAGE with one clear message on anything it does not understand. */
enum sg_code sg_options_parse(struct sg_options *options, int argc, char **argv, struct sg_error *err);

/* Pure. Everything that must be equal on all ranks, as text (at most size bytes, always terminated). */
void sg_options_text(const struct sg_options *options, char *text, size_t size);

/* Pure. Default output folder of the run these options describe. */
void sg_options_default_out(const struct sg_options *options, char out[SG_OUT_BYTES]);

/* Pure. Copies a connection URL or conninfo string with any password replaced by ***. */
void sg_url_redact(const char *url, char *out, size_t size);

/* The arguments that make `synthgen-hpc` reproduce the bytes of this run, and those that load `out`. */
void sg_options_reproduce(const struct sg_options *options, char *text, size_t size);

#endif
