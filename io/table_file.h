/* Files that hold a whole table and that all ranks write together: the writing side of formats whose shards
 * are ranges of rows of one file. Reading them is by shard, like that of every other format
 * (io/shard_kind.h).
 *
 * A file appears under its final name only when complete and synced. Shard i of a table is the rows of the
 * plan's shard; its facts lie in the file.
 */
#ifndef SG_IO_TABLE_FILE_H
#define SG_IO_TABLE_FILE_H

#include "io/rowset.h"
#include "io/shard.h"
#include "model/dataset.h"

/* What a file is made for; equal on all ranks but for `first`. All pointers must stay. */
struct sg_table_file_plan {
    const void *communicator; /* sg_comm_handle: NULL = one process */
    bool first;               /* this is rank 0 */
    const char *out, *path;   /* <out>/<path> */
    const struct sg_dataset *dataset;
    const struct sg_run *run;
    const struct sg_table *table;
    uint64_t row_first, rows; /* of the file, in the table */
    size_t shards;
    struct sg_compression compression;
};

/* Where a rank's text lies among that of all ranks in one call of put. */
struct sg_table_file_text {
    uint64_t first, total; /* bytes of a column: before this rank's, of all ranks */
};

struct sg_table_file_kind {
    /* All collective; every rank must call them whatever failed elsewhere, and agree afterwards. */
    enum sg_code (*open)(void **file, const struct sg_table_file_plan *plan, struct sg_error *err);
    /* Writes the rows of a set; a rank without rows passes an empty one. texts: one per column of the table,
     * used for those of type SG_TEXT. */
    enum sg_code (*put)(void *file, const struct sg_rowset *rows, const struct sg_table_file_text *texts,
                        struct sg_error *err);
    /* Writes the facts of all shards and those of the table. */
    enum sg_code (*end)(void *file, const struct sg_shard_facts *facts, struct sg_digest digest,
                        __int128 fingerprint, struct sg_error *err);
    /* Closes the file; NULL is fine. */
    void (*close)(void *file);

    /* Local. After all ranks closed it without failure: syncs the file and gives it its name. */
    enum sg_code (*publish)(const struct sg_table_file_plan *plan, uint64_t *file_bytes,
                            struct sg_error *err);
    /* Local. Drops a file that was not finished. */
    void (*drop)(const struct sg_table_file_plan *plan);
    /* Local. The facts of all shards of a finished file, whose number must be `count`. SG_NO_INPUT when there
     * is none, SG_CORRUPT when it does not read. */
    enum sg_code (*facts)(struct sg_shard_facts *facts, size_t count, const char *out, const char *path,
                          struct sg_error *err);
};

/* Pure. Feeds a state with the rows of a set, and adds how many bytes that were: the digest of a shard is
 * over its rows in blocks of SG_TABLE_FILE_BLOCK_ROWS, column by column. */
enum { SG_TABLE_FILE_BLOCK_ROWS = 4 * SG_BATCH_ROWS };
void sg_table_file_feed(const struct sg_batch *block, struct sg_digest_state *state, uint64_t *bytes);

/* Pure. SG_SYSTEM, saying what to install, when the program was built without HDF5. */
enum sg_code sg_hdf5_built(struct sg_error *err);

/* HDF5 (io/hdf5_write.c). */
extern const struct sg_table_file_kind sg_table_file_hdf5;

#endif
