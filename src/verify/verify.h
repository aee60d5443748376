/* Verification of written shards, without the generator.
 *
 * The engine reads declarations and a manifest, nothing else: it includes neither datasets nor kernels nor
 * partition, so it cannot repeat a mistake of theirs. From the declarations it derives a list of checks (the
 * same on every rank); each shard is scanned once, by any thread of any rank, and contributes to the checks'
 * tallies; rank 0 adds what spans shards: ascending keys, totals, duplicates.
 *
 * Memory per thread: one batch, one shard's frames, and a bounded cache of parent shards. It does not grow
 * with rows; columns with SG_RULE_UNIQUE are proven in passes of bounded size.
 */
#ifndef SG_VERIFY_VERIFY_H
#define SG_VERIFY_VERIFY_H

#include "io/manifest.h"
#include "model/rule.h"
#include "verify/certificate.h"

enum sg_proof_kind {
    SG_PROOF_READABLE,    /* shards are there, decompress, parse, agree with digests and manifest facts */
    SG_PROOF_ROWS,        /* row count as in the manifest */
    SG_PROOF_FINGERPRINT, /* sum of row hashes as in the manifest */
    SG_PROOF_KEY,         /* primary key unique: strictly ascending through all shards */
    SG_PROOF_FOREIGN_KEY, /* every value is a key of the parent */
    SG_PROOF_RULE         /* a declared rule */
};

enum { SG_PROOF_SAMPLES = 3, SG_PROOF_SAMPLE_BYTES = 200, SG_PROOF_NAME_BYTES = 96 };

struct sg_verify_check {
    uint16_t table; /* index in manifest->tables */
    enum sg_proof_kind kind;
    const struct sg_foreign_key *foreign_key; /* kind FOREIGN_KEY, or the key of a rule's `via` */
    const struct sg_rule *rule;               /* kind RULE */
    int parent; /* manifest table index of the parent; -1 = absent from this run, or not all its children are
                   in it */
    /* Names resolved; columns are indices, -1 = none. */
    int a, via, when;                   /* of the table */
    int b;                              /* of the parent for kinds that speak of one, else of the table */
    int key;                            /* of the parent: what the foreign key refers to */
    int64_t a_factor, b_factor;         /* what makes stored units of a and b comparable */
    int64_t low, high;                  /* bounds of a, or of what is computed from it */
    uint64_t labels, when_labels;       /* bit per code */
    struct sg_term terms[SG_TERMS_MAX]; /* LINEAR */
    int term_count;
    int factors[2];    /* PRODUCT */
    int times;         /* column that the parent's b is taken times, -1 = none */
    bool parent_dense; /* FOREIGN_KEY: the parent's keys are exactly low..high */
    char name[SG_PROOF_NAME_BYTES];
};

/* What is known of a check so far. Plain bytes: ranks send it as it is. */
struct sg_tally {
    uint64_t tested;                    /* rows (or shards) looked at */
    uint64_t offending;                 /* rows (or shards) that fail */
    __int128 child_total, parent_total; /* COUNT_EQ and SUM_EQ */
    uint32_t samples;
    uint64_t sample_row[SG_PROOF_SAMPLES]; /* 0-based, the smallest come first */
    char sample[SG_PROOF_SAMPLES][SG_PROOF_SAMPLE_BYTES];
};

/* A column whose values are told apart by their hashes: that of a unique rule, or of an entry of the
 * certificate that counts distinct values. */
struct sg_gathering {
    uint16_t table;
    int column;
    size_t check, entry; /* SG_NONE: it is of the other */
};
#define SG_NONE SIZE_MAX

struct sg_verify {
    const struct sg_manifest *manifest;
    const char *out;
    struct sg_verify_check *checks;
    size_t check_count;
    size_t *first_check;               /* per table: index of its first check; [table_count] = check_count */
    struct sg_certificate certificate; /* of the dataset's declared model */
    struct sg_gathering *gatherings;
    size_t gathering_count;
};

/* Local. Derives the checks. The manifest and `out` must outlive it. Free with sg_verify_close even after
 * failure. */
enum sg_code sg_verify_open(struct sg_verify *verify, const struct sg_manifest *manifest, const char *out,
                            struct sg_error *err);
void sg_verify_close(struct sg_verify *verify);

/* One thread's work space: tallies of all checks, batch memory, parent cache, hashes of unique columns. */
struct sg_verify_worker;
enum sg_code sg_verify_worker_open(struct sg_verify_worker **worker, const struct sg_verify *verify,
                                   struct sg_error *err);
void sg_verify_worker_close(struct sg_verify_worker *worker);

/* Local. Scans one shard. Faults in the data are tallied and give SG_OK; other codes are failures of the
 * machine. */
enum sg_code sg_verify_shard(struct sg_verify_worker *worker, uint16_t table, size_t shard,
                             struct sg_error *err);

/* The worker's tallies, check_count of them. */
const struct sg_tally *sg_verify_tallies(const struct sg_verify_worker *worker);
/* The worker's measurements, certificate.cells of them: add up those of all workers. */
const uint64_t *sg_verify_cells(const struct sg_verify_worker *worker);

/* Pure. Rows at the start of a table whose keys were given to the run from outside. */
uint64_t sg_verify_external_rows(const struct sg_verify *verify, const struct sg_table *table);

/* Pure. Adds `from` into `into`, keeping the samples with the smallest rows. */
void sg_tally_merge(struct sg_tally *into, const struct sg_tally *from);

/* Rank 0. After all tallies are merged: checks across shards (key order between shards, totals). */
void sg_verify_finish(const struct sg_verify *verify, struct sg_tally *tallies);

/* Gatherings. Values are hashed to 64 bits; pass p of `passes` keeps those whose hash mod passes = p, so that
 * at most about SG_UNIQUE_HASHES_MAX are held at once. Pass 0 happens during sg_verify_shard; later ones by
 * sg_verify_unique_scan. */
enum { SG_UNIQUE_HASHES_MAX = 4 << 20 };
uint32_t sg_verify_unique_passes(const struct sg_verify *verify, size_t gathering);
/* The hashes of one gathering that this worker has of the current pass; the worker keeps ownership. */
const uint64_t *sg_verify_unique_hashes(const struct sg_verify_worker *worker, size_t gathering,
                                        size_t *count);
enum sg_code sg_verify_unique_scan(struct sg_verify_worker *worker, size_t gathering, size_t shard,
                                   uint32_t pass, struct sg_error *err);
/* Rank 0. Sorts hashes in place. Of a rule, tallies duplicates, naming rows by reading the table's shards
 * again; of an entry, adds the distinct values to its second counter. */
enum sg_code sg_verify_unique_judge(const struct sg_verify *verify, size_t gathering, uint64_t *hashes,
                                    size_t count, struct sg_tally *tallies, uint64_t *cells,
                                    struct sg_error *err);

#endif
