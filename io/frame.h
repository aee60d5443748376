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

/* Pure. The lowest and highest zstd level. */
void sg_compression_levels(int *lowest, int *highest);

struct sg_compressor;
/* NULL when there is no memory. */
struct sg_compressor *sg_compressor_open(void);
void sg_compressor_close(struct sg_compressor *compressor);
/* Appends one frame that holds `size` <= SG_FRAME_TEXT_BYTES bytes of text. */
enum sg_code sg_compress_frame(struct sg_compressor *compressor, int level, const char *text, size_t size,
                               struct sg_buffer *out, struct sg_error *err);

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
