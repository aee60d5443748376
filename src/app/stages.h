/* A job and its stages. `run` walks plan, generate, verify, load, verify in the database; the other commands
 * are some of these stages alone. What a stage needs and leaves behind is all in struct sg_job.
 */
#ifndef SG_APP_STAGES_H
#define SG_APP_STAGES_H

#include "app/options.h"
#include "app/progress.h"
#include "app/result.h"
#include "io/manifest.h"
#include "partition/comm.h"
#include "partition/plan.h"

struct sg_share;
struct sg_stats;
struct sg_asked;

struct sg_job {
    const struct sg_comm *comm;
    const struct sg_options *options; /* equal on all ranks */
    int threads;                      /* OpenMP threads each rank may use, >= 1 */
    const char *out;                  /* the output folder */

    /* Planned runs only (run, plan, explain); NULL and empty for load, verify, cat. */
    struct sg_world *world;
    struct sg_plan plan;

    /* The complete run in `out`, equal on all ranks: set after generate, or read before load and verify. For
     * run with a target, sg_stage_load_check sees only its identity (no tables yet). */
    struct sg_manifest manifest;

    /* By table index: microseconds all threads spent generating it; NULL without generate. */
    uint64_t *table_us;
    /* Rank 0: by index in the plan, microseconds spent making the shard, 0 when it was kept; NULL without
     * generate. */
    uint64_t *shard_us;
    struct sg_stats *stats; /* rank 0 with --stats, after verifying (stats.h); else NULL */
    struct sg_asked
        *asked; /* rank 0 of report with a database, after asking it (check_report.h); else NULL */
    struct sg_share *shares; /* rank 0 after generate: every rank's part of it (balance.h); else NULL */
    struct sg_identities *identities; /* keys from a user directory, see identities.h; NULL = none */
    int folder_lock; /* rank 0: descriptor that keeps other runs out of the folder; 0 = none */

    struct sg_progress *progress; /* never NULL */
    /* Rank 0 with --json, else NULL: inside the result object. A stage adds one member named after itself. */
    struct sg_result *result;
};

/* Prints to stdout on rank 0 unless --json: results for people. Local. */
void sg_say(const struct sg_job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True once a stop was requested by signal (SIGTERM, SIGINT, SIGUSR1). Cheap, any thread. A stage then drops
 * what it has in hand and returns sg_stopped. */
bool sg_stop_requested(void);
/* SG_STOPPED with the message how to continue. */
enum sg_code sg_stopped(const struct sg_job *job, struct sg_error *err);

/* Every stage is Collective and leaves all ranks with the same code and error text. It prints its own result
 * with sg_say (a table of results) and adds it to job->result. */

/* Writes all shards and the manifest. Needs the plan and the manifest's identity; with `resume`, shards that
 * are already there and whole are kept. With --part only the shards of that part, and no manifest. */
enum sg_code sg_stage_generate(struct sg_job *job, bool resume, struct sg_error *err);

/* Proves the shards in `out` against the manifest and the declarations, without the generator. SG_INVALID or
 * SG_CORRUPT with the offending rows. (verify.c) */
enum sg_code sg_stage_verify(struct sg_job *job, struct sg_error *err);

/* Before any row is generated: can the target be reached, are version, rights and server binaries in order,
 * does it hold something else? Creates nothing but may start the private cluster. (load.c) */
enum sg_code sg_stage_load_check(struct sg_job *job, struct sg_error *err);

/* Loads the manifest's shards into options->target (URL or private cluster under `out`), with constraints,
 * indexes, views; continues an interrupted load; leaves an equal complete one alone. (load.c) */
enum sg_code sg_stage_load(struct sg_job *job, struct sg_error *err);

/* Asks PostgreSQL to prove what it holds: counts, fingerprints against the manifest, rules.
 * (verify_database.c)
 */
enum sg_code sg_stage_verify_database(struct sg_job *job, struct sg_error *err);

/* Ends what a load started in this process (private cluster's server). Local; harmless when nothing runs. */
void sg_stage_load_close(struct sg_job *job);

#endif
