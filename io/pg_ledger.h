/* The ledger: what a load has done, kept in the target database in schema `synthgen`.
 *
 *   run           one row per dataset schema: identity, root digest, state loading, complete or cleared
 *   table_ledger  rows and fingerprint each table must have
 *   shard_ledger  one row per shard; loaded_at is set by the transaction that copies the shard. `part` is the
 *                 first shard of the part it belongs to (io/pg_parts.h), whose row stands for the part
 *   step_ledger   one row per step after the data; done_at is set by the transaction that does it
 *   made_view     views that the run's scripts made, and relations of theirs in other schemas, with the
 * digest of what they say
 *
 * The ledger is also the queue: a worker claims a row with FOR UPDATE SKIP LOCKED, does the work and marks
 * the row in the same transaction. So any number of connections and processes share a load, a killed one
 * gives its work back, and everything happens exactly once.
 */
#ifndef SG_IO_PG_LEDGER_H
#define SG_IO_PG_LEDGER_H

#include "io/pg.h"
#include "io/pg_steps.h"

enum { SG_LEDGER_IDENTITY_BYTES = 1536, SG_LEDGER_NAME_BYTES = 192 };

/* What the target holds of a dataset's schema. */
enum sg_ledger_state {
    SG_LEDGER_EMPTY,      /* nothing, or tables that were cleared */
    SG_LEDGER_LOADING,    /* this run, incomplete */
    SG_LEDGER_COMPLETE,   /* this run, complete */
    SG_LEDGER_OTHER_RUN,  /* another run, complete or not */
    SG_LEDGER_OTHER_THING /* a schema of that name with relations and without a ledger row */
};

struct sg_ledger_found {
    enum sg_ledger_state state;
    char identity[SG_LEDGER_IDENTITY_BYTES]; /* of the run found, "" without one */
};

/* Pure. A run in one line: dataset, seed, as-of, size, ... and program version. Equal lines mean equal
 * bytes. */
void sg_ledger_identity(const struct sg_manifest *manifest, char out[SG_LEDGER_IDENTITY_BYTES]);

/* Local. May the role create schemas in the database? SG_DENIED when not. */
enum sg_code sg_ledger_check_rights(struct sg_pg *pg, struct sg_error *err);

/* Local. Compares what the target holds with a run; with_root also compares the root digest (a manifest that
 * is only an identity has none). */
enum sg_code sg_ledger_look(struct sg_pg *pg, const struct sg_manifest *manifest, bool with_root,
                            struct sg_ledger_found *found, struct sg_error *err);

/* Local. SG_EXISTS with a message when the target holds something else, for callers that may not overwrite.
 */
enum sg_code sg_ledger_refuse_other(const struct sg_ledger_found *found, const struct sg_manifest *manifest,
                                    const char *target, struct sg_error *err);

/* Local. Excludes other loads of the same schema until the connection closes; gives a dying one a few
 * seconds, then SG_UNAVAILABLE naming it. */
enum sg_code sg_ledger_lock(struct sg_pg *pg, const char *schema, struct sg_error *err);

/* Local. Makes schema, empty tables and all ledger rows in one transaction. What the schema held before goes,
 * with the views that earlier runs made of it; views of others that use it are SG_EXISTS. */
enum sg_code sg_ledger_prepare(struct sg_pg *pg, const struct sg_manifest *manifest,
                               const struct sg_pg_steps *steps, struct sg_error *err);

/* Local. The partition_rows that the load in a schema was begun with. */
enum sg_code sg_ledger_partition_rows(struct sg_pg *pg, const char *schema, uint64_t *partition_rows,
                                      struct sg_error *err);

/* Local. Proves that the ledger of a load to be continued lists these very shards, parts and steps; SG_EXISTS
 * when not (a different program). */
enum sg_code sg_ledger_check_same(struct sg_pg *pg, const struct sg_manifest *manifest,
                                  const struct sg_pg_steps *steps, struct sg_error *err);

/* Work left: rows of shards not loaded and number of steps not done. */
enum sg_code sg_ledger_left(struct sg_pg *pg, const char *schema, uint64_t *rows, uint64_t *shards,
                            uint64_t *steps, struct sg_error *err);

enum sg_ledger_kind { SG_CLAIM_PART, SG_CLAIM_STEP, SG_CLAIM_WAIT, SG_CLAIM_NOTHING_LEFT };

struct sg_ledger_claim {
    enum sg_ledger_kind kind;
    char name[SG_LEDGER_NAME_BYTES]; /* step, or table of the part */
    uint32_t shard;                  /* first of the part */
};

/* Local. Makes the session ready to claim. Once per connection. */
enum sg_code sg_ledger_attach(struct sg_pg *pg, struct sg_error *err);

/* Local. Begins a transaction and claims the next piece of work; with SG_CLAIM_WAIT (others hold what is
 * left) and SG_CLAIM_NOTHING_LEFT no transaction stays open. */
enum sg_code sg_ledger_claim(struct sg_pg *pg, const char *schema, struct sg_ledger_claim *claim,
                             struct sg_error *err);

/* Local. Marks the claimed work done, commits, tells the waiting. */
enum sg_code sg_ledger_done(struct sg_pg *pg, const char *schema, const struct sg_ledger_claim *claim,
                            struct sg_error *err);

/* Local. Inside a script's transaction: records the views of the schema and those elsewhere that depend on
 * it. */
enum sg_code sg_ledger_note_views(struct sg_pg *pg, const char *schema, struct sg_error *err);

/* Local. Recorded views that are gone or say something else, joined by ", "; "" when all are as they were. */
enum sg_code sg_ledger_lost_views(struct sg_pg *pg, const char *schema, char *names, size_t names_bytes,
                                  struct sg_error *err);

/* Local. Declares the load complete; SG_INTERNAL when shards or steps are left. */
enum sg_code sg_ledger_complete(struct sg_pg *pg, const char *schema, struct sg_error *err);

#endif
