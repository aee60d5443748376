/* Compression of single frames, and skippable frames. The one place that knows zstd.
 *
 * Threads: a compressor or decompressor belongs to one thread at a time.
 */
#ifndef SG_IO_FRAME_H
#define SG_IO_FRAME_H

#include "io/encode.h"

/* Most text in a frame, and magic numbers of the two skippable frames behind the text frames. */
enum { SG_FRAME_TEXT_BYTES = 2 << 20, SG_SKIPPABLE_HEADER_BYTES = 8 };
#define SG_MAGIC_FACTS      0x184D2A50u
#define SG_MAGIC_SEEK_TABLE 0x184D2A5Eu
#define SG_MAGIC_SEEKABLE   0x8F92EAB1u

/* How shards are compressed. The text, digests and fingerprints do not depend on it. */
enum sg_compress {
    SG_COMPRESS_GUIDED, /* frames of repeats that are known, for tables where that is no larger than plain */
    SG_COMPRESS_PLAIN,  /* zstd searches */
    SG_COMPRESS_NONE,   /* zstd frames that store the text */
    SG_COMPRESS_COUNT
};
struct sg_compression {
    enum sg_compress how;
    int level; /* zstd's, for what is compressed plainly */
};

/* Pure. "guided", "plain", "none". */
const char *sg_compress_name(enum sg_compress how);
/* Pure. False when there is no such way. */
bool sg_compress_find(const char *name, enum sg_compress *how);

struct sg_compressor;
/* NULL when there is no memory. */
struct sg_compressor *sg_compressor_open(void);
void sg_compressor_close(struct sg_compressor *compressor);
/* Appends one frame that holds `size` <= SG_FRAME_TEXT_BYTES bytes of text. */
enum sg_code sg_compress_frame(struct sg_compressor *compressor, int level, const char *text, size_t size,
                               struct sg_buffer *out, struct sg_error *err);

/* Begins a file of frames: those made of guides depend on what was compressed since. */
void sg_compressor_restart(struct sg_compressor *compressor);
/* The same with the matches of a completed guide, or storing the text when `how` is SG_COMPRESS_NONE. */
enum sg_code sg_compress_guided(struct sg_compressor *compressor, enum sg_compress how,
                                const struct sg_guide *guide, const char *text, size_t size,
                                struct sg_buffer *out, struct sg_error *err);
/* *pays: is the guide's first part (100 to 230 KiB of text) no larger than plainly compressed? Both are
 * tried; `out` keeps its bytes. The answer depends on the text and the level alone. */
enum sg_code sg_guide_pays(struct sg_compressor *compressor, int level, const struct sg_guide *guide,
                           const char *text, struct sg_buffer *out, bool *pays, struct sg_error *err);

/* Pure. Most bytes a compressed frame of SG_FRAME_TEXT_BYTES can have. */
size_t sg_frame_bytes_max(void);

struct sg_decompressor;
/* NULL when there is no memory. */
struct sg_decompressor *sg_decompressor_open(void);
void sg_decompressor_close(struct sg_decompressor *decompressor);
/* Expands one frame of exactly text_bytes into text; SG_CORRUPT when it is anything else. `name` is the
 * file's, for the message. */
enum sg_code sg_decompress_frame(struct sg_decompressor *decompressor, const char *frame, size_t frame_bytes,
                                 char *text, size_t text_bytes, const char *name, struct sg_error *err);

/* Little-endian words of frame headers. */
static inline void sg_put_le32(char *out, uint32_t value) {
    for (int i = 0; i < 4; i++)
        out[i] = (char)(value >> 8 * i);
}
static inline uint32_t sg_get_le32(const char *bytes) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)(unsigned char)bytes[i] << 8 * i;
    return value;
}

#endif
