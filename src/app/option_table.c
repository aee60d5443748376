/* The commands and options of the program: what exists, for which command, in whose words. */
#include "app/option_table.h"

#define RUN       (1u << SG_COMMAND_RUN)
#define PLAN      (1u << SG_COMMAND_PLAN)
#define LOAD      (1u << SG_COMMAND_LOAD)
#define VERIFY    (1u << SG_COMMAND_VERIFY)
#define CAT       (1u << SG_COMMAND_CAT)
#define STREAM    (1u << SG_COMMAND_STREAM)
#define EXPLAIN   (1u << SG_COMMAND_EXPLAIN)
#define DATASETS  (1u << SG_COMMAND_DATASETS)
#define DATABASE  (1u << SG_COMMAND_DATABASE)
#define LIVE      (1u << SG_COMMAND_LIVE)
#define CATALOG   (1u << SG_COMMAND_CATALOG)
#define REPORT    (1u << SG_COMMAND_REPORT)
#define CUSTOMERS (1u << SG_COMMAND_CUSTOMERS)
#define VALIDATE  (1u << SG_COMMAND_VALIDATE)
#define CLEAR     (1u << SG_COMMAND_CLEAR)
#define HELP      (1u << SG_COMMAND_HELP)

static const struct sg_command_info commands[] = {
    {"run", SG_COMMAND_RUN, "", 0, 0, "generate a dataset, verify it, load it (the default command)",
     "Writes the tables as compressed shards into the output folder, on any number of MPI ranks and OpenMP "
     "threads, verifies what was written, and with a target loads it into PostgreSQL and verifies it there. "
     "The same dataset, size, seed and as-of date give the same bytes on any machine with any number of "
     "ranks."},
    {"plan", SG_COMMAND_PLAN, "", 0, 0, "show what a run would make, write nothing",
     "Prints exact row counts and sums, expected bytes, shards, the range of root entities per rank, and "
     "memory. The same as run --dry-run."},
    {"load", SG_COMMAND_LOAD, "[DIR]", 0, 1, "load a complete output folder into PostgreSQL",
     "Loads the run in DIR (default: the folder that run would use) into the database of --database or "
     "DATABASE_URL, else into a private cluster under DIR. A load that was interrupted continues where it "
     "stopped; an equal complete one is verified and left alone. A run marked INVALID is refused."},
    {"verify", SG_COMMAND_VERIFY, "[DIR]", 0, 1,
     "prove that an output folder or a database holds what it should",
     "Reads the shards in DIR without the generator and checks counts, digests, types, keys, foreign keys, "
     "the rules of the dataset and its certificate: every entry of the declared model. A run that fails is "
     "marked INVALID in its manifest until it passes. With --database the same is asked of PostgreSQL, "
     "compared with DIR's manifest."},
    {"cat", SG_COMMAND_CAT, "DIR TABLE", 2, 2, "print stored rows of a table",
     "Prints rows of TABLE from the complete run in DIR, reading only the shards that hold them: text as it "
     "is stored, other formats as COPY text."},
    {"stream", SG_COMMAND_STREAM, "TABLE", 1, 1, "write the rows of one table to stdout, without a folder",
     "Makes the rows of TABLE as run would and writes their text to stdout in row order, uncompressed, for a "
     "pipe into another program. The same bytes as cat prints of a stored run. Formats are copy, and csv "
     "with one header line. Nothing is stored or verified."},
    {"explain", SG_COMMAND_EXPLAIN, "TABLE:ROW[.COLUMN]", 1, 1, "show where a cell comes from",
     "Prints the value of a cell (or all of a row), its parent rows, and the counter, key and distribution "
     "it was drawn from, without generating the table. ROW counts from 1. The run is described by the same "
     "options as for run, or taken from the folder given with --out."},
    {"datasets", SG_COMMAND_DATASETS, "", 0, 0, "list the datasets, their sizes and tables",
     "Prints every dataset this build knows with its presets and tables."},
    {"database", SG_COMMAND_DATABASE, "DIR [start|stop|status]", 1, 2,
     "start, stop or show the private cluster of an output folder",
     "The private cluster is the PostgreSQL server that load makes under DIR when no database is given. It "
     "stays running after a load; status (the default) also prints how to connect."},
    {"report", SG_COMMAND_REPORT, "DIR", 1, 1,
     "verify an output folder and write DIR/report.html and summary.json",
     "Verifies the shards in DIR as verify does and writes report.html beside them: one page without "
     "network, with counts, the certificate (largest deviations first), charts, and how fast the run was. "
     "summary.json has the same facts for programs. With --database the loaded data is asked as well. Both "
     "are written for data that fails, too."},
    {"catalog", SG_COMMAND_CATALOG, "", 0, 0,
     "write the catalog of every dataset: Markdown, JSON Schema, dbt sources",
     "Writes DATASET.md and DATASET.schema.json into the folder of --out, from the declarations alone: "
     "tables, columns, how each is made, keys, rules, row counts and totals of every preset, and what was "
     "simplified. For barsaas also barsaas.dbt.yml, the relations of schema raw as dbt sources with tests."},
    {"customers", SG_COMMAND_CUSTOMERS, "", 0, 0, "write the customers of cardholders as one CSV file",
     "Writes the customers table of the dataset cardholders as one plain CSV file with a header line, "
     "validates it and prints its statistics. With --transactions also the card transactions, as compressed "
     "CSV files. The rows are those of run --dataset cardholders with the same size, seed and as-of date. A "
     "file of the same name is replaced."},
    {"validate", SG_COMMAND_VALIDATE, "FILE.csv", 1, 1, "check the data quality of a customers CSV file",
     "Checks any customers file, whoever made it: required fields, customer ids, segments, e-mail addresses, "
     "credit limits and decline types. Prints the statistics and the first rows at fault of each check, and "
     "fails when there are any; segments further than 5 points from their share are a warning. - reads "
     "standard input."},
    {"clear", SG_COMMAND_CLEAR, "[DIR]", 0, 1, "empty a loaded dataset",
     "Deletes all rows of the dataset (that of the run in DIR, else --dataset) from the database of "
     "--database or DATABASE_URL, else from the private cluster under DIR: children before parents, in one "
     "transaction. Tables, constraints and views stay. Asks first on a terminal; elsewhere --yes is needed. "
     "A cleared dataset can be loaded again."},
    {"live", SG_COMMAND_LIVE, "", 0, 0, "play a plan into the service it imitates (Stripe's test mode)",
     "Plays the plan of the offline run through the service's HTTP API: for screenbilling products, prices, "
     "test clocks, customers and subscriptions in Stripe's test mode, six advances with their events, and "
     "the three files under config/ of the output folder. STRIPE_SECRET_KEY must hold a test-mode key; "
     "STRIPE_API_BASE overrides the endpoint. Repeated, it continues where it broke off; with --overwrite it "
     "starts anew. Test clocks of earlier runs of this program are deleted, others never."},
    {"help", SG_COMMAND_HELP, "[COMMAND]", 0, 1, "show help", "Prints help of a command or of all."},
    {NULL, SG_COMMAND_HELP, "", 0, 0, NULL, NULL},
};

/* An option that means one thing to a command and another to the next stands here once for each. */
static const struct sg_option_info options[] = {
    {"dataset", SG_ARGUMENT_NEEDED, "NAME", RUN | PLAN | STREAM | EXPLAIN,
     "Which dataset. Default: the first that `datasets` lists.", sg_parse_dataset},
    {"dataset", SG_ARGUMENT_NEEDED, "NAME", LOAD | VERIFY | CLEAR | DATABASE,
     "Which dataset, where no folder tells. Default: the first that `datasets` lists.", sg_parse_dataset},
    {"dataset", SG_ARGUMENT_NEEDED, "NAME", CATALOG, "Only this dataset. Default: all.", sg_parse_dataset},
    {"dataset", SG_ARGUMENT_NEEDED, "NAME", LIVE,
     "Which dataset. Default: the first that imitates a live service.", sg_parse_dataset},
    {"env", SG_ARGUMENT_NEEDED, "NAME", RUN | PLAN | LOAD | VERIFY | STREAM | EXPLAIN,
     "Size by name: dev, qa or production, in any case. Default: DATAGEN_ENV, else the dataset's first.",
     sg_parse_env},
    {"accounts", SG_ARGUMENT_NEEDED, "N", RUN | PLAN | LOAD | VERIFY | STREAM | EXPLAIN | LIVE,
     "Size by number of root entities; all tables follow in proportion. Datasets with other root entities "
     "name it after them, --users N or --customers N: see `datasets`.",
     sg_parse_units},
    {"count", SG_ARGUMENT_NEEDED, "N", CUSTOMERS, "Number of customers. Default: 50000.", sg_parse_count},
    {"output", SG_ARGUMENT_NEEDED, "FILE", CUSTOMERS, "The file to write. Default: data/customers.csv.",
     sg_parse_output},
    {"transactions", SG_ARGUMENT_NEEDED, "DIR", CUSTOMERS,
     "Also write the transactions into DIR, as files transactions_historical_*.csv.zst.",
     sg_parse_transactions},
    {"seed", SG_ARGUMENT_NEEDED, "N", RUN | PLAN | STREAM | EXPLAIN | CUSTOMERS | LIVE,
     "The key of all randomness, 0 to 18446744073709551615. Default: 42.", sg_parse_seed},
    {"as-of", SG_ARGUMENT_NEEDED, "YYYY-MM-DD", PLAN | STREAM | EXPLAIN | CUSTOMERS | LIVE,
     "The day at whose start all history ends. Default: today (UTC).", sg_parse_as_of},
    {"as-of", SG_ARGUMENT_NEEDED, "YYYY-MM-DD", RUN,
     "The day at whose start all history ends. Default: today (UTC), or that of the same run already in the "
     "output folder.",
     sg_parse_as_of},
    {"anomalies", SG_ARGUMENT_NEEDED, "RATE", RUN | PLAN | STREAM | EXPLAIN,
     "barsaas: this share of the tap events is anomalous, 0.000001 to 0.05, and the table anomaly_labels "
     "tells which and how. Default: none, and no such table.",
     sg_parse_anomalies},
    {"out", SG_ARGUMENT_NEEDED, "DIR", RUN | PLAN,
     "Output folder. Default: synthgen-DATASET-ENV or synthgen-DATASET-N, such as synthgen-barsaas-dev.",
     sg_parse_out},
    {"out", SG_ARGUMENT_NEEDED, "DIR", LIVE, "Output folder. Default: synthgen-DATASET-live.", sg_parse_out},
    {"out", SG_ARGUMENT_NEEDED, "DIR", EXPLAIN, "Take the run's description from this folder.", sg_parse_out},
    {"out", SG_ARGUMENT_NEEDED, "DIR", CATALOG, "The folder to write into. Default: docs/catalog.",
     sg_parse_out},
    {"tables", SG_ARGUMENT_NEEDED, "LIST", RUN | PLAN,
     "Only these tables, separated by commas. Foreign keys into absent tables are not checked.",
     sg_parse_tables},
    {"only", SG_ARGUMENT_NEEDED, "account=K", RUN | PLAN | STREAM,
     "Only root entity K (from 1) with all that belongs to it, byte-equal to its rows in the full run.",
     sg_parse_only},
    {"format", SG_ARGUMENT_NEEDED, "copy|csv", STREAM,
     "How rows are written: PostgreSQL's COPY text, or RFC 4180 CSV with a header line. Default: copy.",
     sg_parse_format},
    {"format", SG_ARGUMENT_NEEDED, "copy|csv|binary|parquet|hdf5", RUN | PLAN,
     "How rows are written: PostgreSQL's COPY text, RFC 4180 CSV with a header line per shard, PostgreSQL's "
     "binary COPY, a whole file per shard, Parquet, or HDF5 (one file a table). All are verified and loaded "
     "alike. Default: copy.",
     sg_parse_format},
    {"compress", SG_ARGUMENT_NEEDED, "guided|plain|none", RUN | PLAN,
     "How shards become zstd files: guided makes frames of repeats the program knows, for tables where that "
     "is no larger than plain; plain lets zstd search; none stores the text. Default: guided.",
     sg_parse_compress},
    {"level", SG_ARGUMENT_NEEDED, "N", CUSTOMERS,
     "zstd level of the transaction files, 1 to 19, or -1 to -7 for speed. Default: 1.", sg_parse_level},
    {"level", SG_ARGUMENT_NEEDED, "N", RUN | PLAN,
     "zstd level of what is compressed plainly, 1 to 19, or -1 to -7 for speed. Default: 1.", sg_parse_level},
    {"threads", SG_ARGUMENT_NEEDED, "N", RUN | PLAN | STREAM | LOAD | VERIFY | REPORT | CUSTOMERS,
     "OpenMP threads per rank. Default: OMP_NUM_THREADS or SLURM_CPUS_PER_TASK, else the cores this rank may "
     "use, shared with the other ranks of the host.",
     sg_parse_threads},
    {"ranks", SG_ARGUMENT_NEEDED, "N", RUN | PLAN,
     "Plan for this many ranks instead of those running (dry runs).", sg_parse_ranks},
    {"load", SG_ARGUMENT_OPTIONAL, "URL", RUN,
     "Load into PostgreSQL after verification: into URL, else DATABASE_URL, else a private cluster under the "
     "output folder (unix socket only).",
     sg_parse_load},
    {"no-load", SG_ARGUMENT_NONE, NULL, RUN, "Do not load, even when DATABASE_URL is set.", sg_parse_no_load},
    {"database", SG_ARGUMENT_NEEDED, "URL", LOAD | VERIFY | REPORT | CLEAR,
     "The PostgreSQL database: a postgresql:// URL or a libpq connection string, or the word private for the "
     "private cluster under DIR.",
     sg_parse_database},
    {"connections", SG_ARGUMENT_NEEDED, "N", RUN | LOAD | VERIFY | REPORT,
     "Database connections that work at once, over all ranks, 1 to 64: best one per core of the server. "
     "Default: the cores of this host when the server runs on it, at most 32, else 4.",
     sg_parse_connections},
    {"partition-rows", SG_ARGUMENT_NEEDED, "N", RUN | LOAD,
     "Tables of at least 2 N rows are partitioned by ranges of their key, about N rows each (64 at most), so "
     "that connections fill and prove them side by side; 0 = no partitions. Default: 1250000.",
     sg_parse_partition_rows},
    {"rows", SG_ARGUMENT_NEEDED, "A:B", CAT, "Rows A to B, counted from 1, both included. Default: all.",
     sg_parse_rows},
    {"dry-run", SG_ARGUMENT_NONE, NULL, RUN, "Only plan, like the command plan; nothing is written.",
     sg_parse_dry_run},
    {"overwrite", SG_ARGUMENT_NONE, NULL, RUN,
     "Replace what the output folder and the database hold. Only files of a synthgen-hpc run are removed "
     "from "
     "the folder.",
     sg_parse_overwrite},
    {"overwrite", SG_ARGUMENT_NONE, NULL, LOAD, "Replace what the dataset's schema in the database holds.",
     sg_parse_overwrite},
    {"overwrite", SG_ARGUMENT_NONE, NULL, CUSTOMERS, "Replace the transaction files that DIR holds.",
     sg_parse_overwrite},
    {"overwrite", SG_ARGUMENT_NONE, NULL, LIVE, "Start anew instead of continuing.", sg_parse_overwrite},
    {"resume", SG_ARGUMENT_NONE, NULL, RUN,
     "Continue an incomplete run in the output folder: shards that are whole are kept.", sg_parse_resume},
    {"accept-invalid", SG_ARGUMENT_NONE, NULL, LOAD,
     "Load a run even though its verification failed and its manifest is marked INVALID; the database will "
     "fail verification, too.",
     sg_parse_accept_invalid},
    {"part", SG_ARGUMENT_NEEDED, "K/N", RUN,
     "Make only the shards of part K (from 1) of N, beside other parts that run at the same time or another "
     "day, as the tasks of a job array do. The same run with --resume and without --part then completes the "
     "folder, verifies and loads it.",
     sg_parse_part},
    {"cognito-all", SG_ARGUMENT_NONE, NULL, RUN,
     "Find or create all users in the Cognito pool of COGNITO_USER_POOL_ID, not only the demo users "
     "(spendsense).",
     sg_parse_cognito_all},
    {"json", SG_ARGUMENT_NONE, NULL,
     RUN | PLAN | LOAD | VERIFY | REPORT | EXPLAIN | DATASETS | DATABASE | CATALOG | CUSTOMERS | VALIDATE |
         CLEAR | LIVE,
     "One JSON document on stdout instead of text for people.", sg_parse_json},
    {"result", SG_ARGUMENT_NEEDED, "FILE", RUN | PLAN | LOAD | VERIFY | REPORT,
     "Also write the document of --json into FILE at the end, whatever the outcome: scripts find status, "
     "exit code and digest there even when a launcher reports a code of its own.",
     sg_parse_result},
    {"yes", SG_ARGUMENT_NONE, NULL, CLEAR, "Do not ask.", sg_parse_yes},
    {"stats", SG_ARGUMENT_NONE, NULL, RUN | VERIFY | REPORT,
     "Also write stats.h5 beside the manifest: the certificate with its histograms, rows and bytes of "
     "tables, times per rank and stage, as HDF5 arrays. A run that makes something does so without being "
     "asked, where the program was built with HDF5.",
     sg_parse_stats},
    {"no-stats", SG_ARGUMENT_NONE, NULL, RUN, "Write no stats.h5.", sg_parse_no_stats},
    {"quiet", SG_ARGUMENT_NONE, NULL, RUN | PLAN | LOAD | VERIFY | REPORT | CUSTOMERS | LIVE,
     "No progress on stderr.", sg_parse_quiet},
    {"markdown", SG_ARGUMENT_NONE, NULL, HELP, "Print the whole reference as Markdown (docs/manual.md).",
     sg_parse_markdown},
    {NULL, SG_ARGUMENT_NONE, NULL, 0, NULL, NULL},
};

const struct sg_option_info *sg_option_table(void) {
    return options;
}

const struct sg_command_info *sg_command_table(void) {
    return commands;
}

const struct sg_command_info *sg_command_info(enum sg_command command) {
    const struct sg_command_info *info = commands;
    while (info->name && info->command != command)
        info++;
    return info;
}
