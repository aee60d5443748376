/* Shard files. Those of text formats are independent zstd frames of at most SG_FRAME_TEXT_BYTES of text that
 * end at row boundaries, then the shard's own facts (JSON in a skippable frame), then the seek table of
 * zstd's seekable format in a skippable frame. `zstd -dc` reads them. Those of other formats:
 * io/shard_kind.h; they are written by the same calls, and io/batches.h reads all.
 *
 * A shard appears under its final name only when complete and synced: it is written under a temporary name
 * of its process (files.h), fsynced, renamed, and its folder fsynced. Reading proves size and digest. The
 * header of a format that has one belongs to the first frame, a trailer to the last; a shard without rows has
 * at most these.
 *
 * Fault points: shard.create, .write, .sync, .close, .rename, .read; folder.make, folder.sync.
 */
#ifndef SG_IO_SHARD_H
#define SG_IO_SHARD_H

#include "io/digest.h"
#include "io/encode.h"
#include "io/frame.h"
#include "io/publisher.h"

enum { SG_KEY_TEXT_BYTES = 160 };

/* What is known of a written shard; the manifest stores exactly this. */
struct sg_shard_facts {
    char path[256];     /* relative to the output folder */
    uint64_t row_first; /* 0-based in the table */
    uint64_t rows;
    uint64_t text_bytes; /* decompressed, header included; other formats: their values before compression */
    uint64_t file_bytes;
    struct sg_digest digest; /* of these bytes */
    __int128 fingerprint;    /* sum of row hashes, io/fingerprint.h */
    char key_first[SG_KEY_TEXT_BYTES],
        key_last[SG_KEY_TEXT_BYTES]; /* primary key of first and last row, cells in COPY
                                        text joined by tabs; "" when there are no rows */
};

/* Memory that one shard after the other can use: zstd context, text and frame buffers, guides (about 10 MiB
 * in use).
 */
struct sg_shard_workspace; /* one per thread; serves one writer at a time */
enum sg_code sg_shard_workspace_open(struct sg_shard_workspace **workspace, struct sg_error *err);
void sg_shard_workspace_close(struct sg_shard_workspace *workspace);
/* Pure. Nanoseconds its writers spent in writing, syncing and renaming files. */
uint64_t sg_shard_workspace_write_ns(const struct sg_shard_workspace *workspace);

/* Pure but for memory. Adds rows, fingerprint and keys of a batch; SG_INTERNAL when it does not follow the
 * rows before. */
enum sg_code sg_shard_facts_add(struct sg_shard_facts *facts, const struct sg_batch *batch,
                                struct sg_error *err);

struct sg_shard_writer; /* one per thread at a time */

/* Local. Starts <out>/<path> under a temporary name, creating missing folders. `workspace` may be NULL (the
 * writer then makes its own) and must outlive the writer. *writer is NULL after failure. */
enum sg_code sg_shard_create_with(struct sg_shard_workspace *workspace, struct sg_shard_writer **writer,
                                  const char *out, const char *path, const struct sg_table *table,
                                  const struct sg_format_info *format, struct sg_compression compression,
                                  uint64_t row_first, struct sg_error *err);
enum sg_code sg_shard_create(struct sg_shard_writer **writer, const char *out, const char *path,
                             const struct sg_table *table, const struct sg_format_info *format,
                             struct sg_compression compression, uint64_t row_first, struct sg_error *err);
/* Local. sg_sink: encodes, digests, compresses and writes a batch. context is the writer. Batches must follow
 * each other without gap from row_first on (else SG_INTERNAL). */
enum sg_code sg_shard_write(void *writer, const struct sg_batch *batch, struct sg_error *err);
/* Local. Facts and seek table, fsync, rename. Frees the writer, also on failure (then the .tmp file is
 * removed).
 */
enum sg_code sg_shard_finish(struct sg_shard_writer *writer, struct sg_shard_facts *facts,
                             struct sg_error *err);
/* Local. The same, but fsync and rename are left to the publisher, which reports their failure later. */
enum sg_code sg_shard_finish_later(struct sg_shard_writer *writer, struct sg_publisher *publisher,
                                   struct sg_shard_facts *facts, struct sg_error *err);
/* Local. Drops the file in hand and frees the writer; NULL is fine. */
void sg_shard_abandon(struct sg_shard_writer *writer);

/* Local. Facts a finished shard of text carries in itself. SG_NO_INPUT when there is no such file, SG_CORRUPT
 * when the file was cut or its end does not read. The text is not read; sg_shard_next proves it. */
enum sg_code sg_shard_facts_read(struct sg_shard_facts *facts, const char *out, const char *path,
                                 struct sg_error *err);

/* Local. Reads the whole text of a shard and proves its digest: what --resume asks before it keeps one. Codes
 * as sg_shard_open and sg_shard_next. */
enum sg_code sg_shard_prove(const struct sg_shard_facts *facts, const char *out, struct sg_error *err);

/* Shards of text, read as text. */
struct sg_shard_reader; /* one thread at a time; memory: one frame and its text, about 5 MiB */

/* Local. Opens <out>/<facts->path>; SG_NO_INPUT when absent, SG_CORRUPT when the size differs, the seek table
 * is bad or the facts in the file are not the given ones. *reader is NULL after failure. */
enum sg_code sg_shard_open(struct sg_shard_reader **reader, const char *out,
                           const struct sg_shard_facts *facts, struct sg_error *err);
/* Local. Next frame's decompressed text (whole rows), valid until the next call; *size 0 at the end, where
 * the digest of everything read must equal the facts, else SG_CORRUPT. */
enum sg_code sg_shard_next(struct sg_shard_reader *reader, const char **text, size_t *size,
                           struct sg_error *err);
/* NULL is fine. */
void sg_shard_close(struct sg_shard_reader *reader);

#endif
