/* Shard files: independent zstd frames of at most SG_FRAME_TEXT_BYTES of text that end at row boundaries,
 * then the shard's own facts (JSON in a skippable frame), then the seek table of zstd's seekable format in a
 * skippable frame. `zstd -dc` reads them.
 *
 * A shard appears under its final name only when complete and synced: it is written as <name>.tmp, fsynced,
 * renamed, and its folder fsynced. Reading proves size and digest.
 */
#ifndef SG_IO_SHARD_H
#define SG_IO_SHARD_H

#include "io/encode.h"

enum { SG_FRAME_TEXT_BYTES = 2 << 20, SG_DIGEST_BYTES = 16, SG_KEY_TEXT_BYTES = 160 };

/* XXH3-128 of bytes, canonical (big-endian). */
struct sg_digest {
    unsigned char bytes[SG_DIGEST_BYTES];
};
void sg_digest_text(struct sg_digest digest, char out[33]);
bool sg_digest_parse(const char *text, struct sg_digest *digest);

/* What is known of a written shard; the manifest stores exactly this. */
struct sg_shard_facts {
    char path[256];     /* relative to the output folder */
    uint64_t row_first; /* 0-based in the table */
    uint64_t rows;
    uint64_t text_bytes; /* decompressed, header included */
    uint64_t file_bytes;
    struct sg_digest digest; /* of the decompressed bytes */
    __int128 fingerprint;    /* sum of row hashes, io/fingerprint.h */
    char key_first[SG_KEY_TEXT_BYTES],
        key_last[SG_KEY_TEXT_BYTES]; /* primary key of first and last row, cells in COPY
                                        text joined by tabs; "" when there are no rows */
};

struct sg_shard_writer; /* one per thread at a time */

/* Local. Starts <out>/<path>.tmp. level is zstd's. */
enum sg_code sg_shard_create(struct sg_shard_writer **writer, const char *out, const char *path,
                             const struct sg_table *table, const struct sg_format_info *format, int level,
                             uint64_t row_first, struct sg_error *err);
/* Local. sg_sink: encodes, digests, compresses and writes a batch. context is the writer. */
enum sg_code sg_shard_write(void *writer, const struct sg_batch *batch, struct sg_error *err);
/* Local. Seek table, fsync, rename, facts. Frees the writer, also on failure (then the .tmp file is removed).
 */
enum sg_code sg_shard_finish(struct sg_shard_writer *writer, struct sg_shard_facts *facts,
                             struct sg_error *err);
/* Local. Drops the file in hand. */
void sg_shard_abandon(struct sg_shard_writer *writer);

/* Local. Facts a finished shard carries in itself. SG_NO_INPUT when there is no such file, SG_CORRUPT when
 * the file was cut or its end does not read. The text is not read; sg_shard_next proves it. */
enum sg_code sg_shard_facts_read(struct sg_shard_facts *facts, const char *out, const char *path,
                                 struct sg_error *err);

struct sg_shard_reader;

/* Local. Opens <out>/<facts->path>; SG_NO_INPUT when absent, SG_CORRUPT when size differs or the seek table
 * is bad. */
enum sg_code sg_shard_open(struct sg_shard_reader **reader, const char *out,
                           const struct sg_shard_facts *facts, struct sg_error *err);
/* Local. Next frame's decompressed text (whole rows), valid until the next call; *size 0 at the end, where
 * the digest of everything read must equal the facts, else SG_CORRUPT. */
enum sg_code sg_shard_next(struct sg_shard_reader *reader, const char **text, size_t *size,
                           struct sg_error *err);
void sg_shard_close(struct sg_shard_reader *reader);

#endif
