/* The manifest: manifest.json in the output folder, written last, by rank 0; its presence means the run is
 * complete. While a run is incomplete, run.json (the same identity without tables) marks the folder; each
 * finished shard carries its facts in a skippable frame at its own end, so that --resume can trust it without
 * further files.
 *
 * Fault points: manifest.write, .sync, .close, .rename, .read; mark.* for run.json. */
#ifndef SG_IO_MANIFEST_H
#define SG_IO_MANIFEST_H

#include "io/shard.h"
#include "io/stream_file.h"
#include "model/dataset.h"

enum { SG_MANIFEST_VERSION = 1 };

struct sg_manifest_table {
    const struct sg_table *table;
    uint64_t rows, text_bytes, file_bytes;
    struct sg_digest digest; /* XXH3-128 over the table's shard digests in order */
    __int128 fingerprint;
    struct sg_shard_facts *shards;
    size_t shard_count;
};

/* What verification of the shards said last. Takes no part in identity and root digest. */
enum sg_run_status {
    SG_RUN_COMPLETE, /* "COMPLETE": all shards are there, and no verification has failed since the last pass
                      */
    SG_RUN_INVALID   /* "INVALID": verification failed; passing again makes it COMPLETE */
};

struct sg_manifest {
    const struct sg_dataset *dataset;
    struct sg_run run;
    struct sg_key128 *keys; /* run.keys when the manifest owns them (it was read, or made to), else NULL */
    char version[32];       /* of the program */
    char format[16];
    struct sg_compression compression;
    bool partial;             /* --tables or --only: some tables or rows are absent on purpose */
    char tables_option[1024]; /* the --tables list as canonical text, "" = all */
    struct sg_manifest_table *tables;
    size_t table_count;
    int64_t *totals; /* of the dataset's totals, as planned; NULL = unknown. Owned */
    /* Of the dataset's documents, in their order; NULL = none, or unknown (partial runs write none). Takes no
     * part in identity and root digest, which they follow from. Owned */
    struct sg_file_facts *documents;
    enum sg_run_status status;
    char fault[256];       /* INVALID: the first fault, in a sentence */
    struct sg_digest root; /* over identity (dataset, seed, as-of, units, only, external keys, tables,
                              format), and name and digest of every table */
};

/* Pure. Sums, fingerprint and digest of one table from its shards. */
void sg_manifest_seal_table(struct sg_manifest_table *table);
/* Pure. Computes table sums and digests and the root from the shard facts. Call with tables in dataset order
 * and shards in row order. */
void sg_manifest_seal(struct sg_manifest *manifest);
/* Local. Writes <out>/manifest.json atomically (tmp, fsync, rename). */
enum sg_code sg_manifest_write(const struct sg_manifest *manifest, const char *out, struct sg_error *err);
/* Local. Reads and checks it: sums, digests and root are recomputed, shards must follow each other. Datasets
 * are looked up by name through `find`. SG_NO_INPUT when absent, SG_CORRUPT with the field named when
 * malformed. Free with sg_manifest_free even after failure.
 */
enum sg_code sg_manifest_read(struct sg_manifest *manifest, const char *out,
                              const struct sg_dataset *(*find)(const char *name), struct sg_error *err);
void sg_manifest_free(struct sg_manifest *manifest);

/* Local. The mark of a run in progress: identity only. Read gives SG_NO_INPUT when there is none. */
enum sg_code sg_run_mark_write(const struct sg_manifest *identity, const char *out, struct sg_error *err);
/* As write, but never over an existing mark: of several processes that claim a folder at once, on any hosts,
 * *made is true for one, and the mark is then whole for all. */
enum sg_code sg_run_mark_claim(const struct sg_manifest *identity, const char *out, bool *made,
                               struct sg_error *err);
enum sg_code sg_run_mark_read(struct sg_manifest *identity, const char *out,
                              const struct sg_dataset *(*find)(const char *name), struct sg_error *err);

/* Local. Removes the mark, after the manifest was written. No mark is fine. */
enum sg_code sg_run_mark_remove(const char *out, struct sg_error *err);

/* Pure. Do both describe the same bytes, made by the same version? Compares the identity and, when both have
 * tables, the roots; the compression takes no part. On a difference, *why names the first differing field. */
bool sg_manifest_same_run(const struct sg_manifest *a, const struct sg_manifest *b, const char **why);

#endif
