/* Kinds of shard files: what a format's line in the format table points at. A kind lays rows out in a file
 * and reads them back; everything else (temporary name, publication, keys, fingerprint, which batch follows
 * which) is the same for all and done by io/shard_write.c and io/batches.c.
 *
 * Only kinds and those two files include this header; everybody else writes through io/shard.h and reads
 * through io/batches.h.
 */
#ifndef SG_IO_SHARD_KIND_H
#define SG_IO_SHARD_KIND_H

#include "io/files.h"
#include "io/shard.h"

struct sg_shard_workspace {
    struct sg_compressor *compressor;
    struct sg_digest_state *digest;
    struct sg_buffer text, frame;
    struct sg_guide guide, next_guide;
    uint64_t write_ns; /* in write, sync, close and rename */
};

/* A shard in the making. */
struct sg_shard_writer {
    const struct sg_table *table;
    const struct sg_format_info *format;
    struct sg_compression compression;
    struct sg_shard_workspace *workspace, *own_workspace;
    void *body; /* the kind's */
    int fd;     /* of the temporary file */
    bool failed;
    struct sg_shard_facts facts; /* file_bytes counts what was written, text_bytes what that is unpacked */
    char path[SG_PATH_BYTES], temporary[SG_PATH_BYTES];
};

struct sg_shard_kind {
    /* Writing; NULL where all ranks write a table together. begin makes the body before the file exists; put
     * takes a batch that follows the one before; end writes what is left and the facts, whose digest it sets.
     * drop frees the body, also one half made or none. Files are written with sg_shard_append. */
    enum sg_code (*begin)(struct sg_shard_writer *writer, struct sg_error *err);
    enum sg_code (*put)(struct sg_shard_writer *writer, const struct sg_batch *batch, struct sg_error *err);
    enum sg_code (*end)(struct sg_shard_writer *writer, struct sg_error *err);
    void (*drop)(struct sg_shard_writer *writer);

    /* Reading, as sg_batches_open and sg_batches_next describe. *reader is the kind's, closed also after a
     * failed open. */
    enum sg_code (*open)(void **reader, const struct sg_format_info *format, const struct sg_table *table,
                         const char *out, const struct sg_shard_facts *facts, struct sg_error *err);
    enum sg_code (*next)(void *reader, const struct sg_batch **batch, struct sg_error *err);
    void (*close)(void *reader);

    /* Resuming, as sg_batches_facts. prove may be NULL: reading all rows proves the file then. */
    enum sg_code (*facts)(struct sg_shard_facts *facts, const char *out, const char *path,
                          struct sg_error *err);
    enum sg_code (*prove)(const struct sg_shard_facts *facts, const char *out, struct sg_error *err);
};

/* Frames of text (io/shard_text.c). */
extern const struct sg_shard_kind sg_shard_kind_text;

/* Parquet (io/parquet_write.c). */
extern const struct sg_shard_kind sg_shard_kind_parquet;

/* Ranges of rows of an HDF5 file (io/hdf5_read.c); read only, io/table_file.h writes them. */
extern const struct sg_shard_kind sg_shard_kind_hdf5;

/* Local. Appends bytes to the temporary file and counts them. */
enum sg_code sg_shard_append(struct sg_shard_writer *writer, const void *bytes, size_t size,
                             struct sg_error *err);

/* Local. Opens a shard file for reading. SG_NO_INPUT when there is none. */
enum sg_code sg_shard_open_file(const char *path, int *fd, struct sg_error *err);

/* Pure. Names the first fact that differs, NULL when none does. */
const char *sg_shard_facts_difference(const struct sg_shard_facts *a, const struct sg_shard_facts *b);

#endif
