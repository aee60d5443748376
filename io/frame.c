/* Wraps zstd: one-shot compression of frames with reused contexts. */
#include "io/frame.h"

#include <zstd.h>

void sg_compression_levels(int *lowest, int *highest) {
    *lowest = 1; /* zstd's negative levels exist, but trade too much size to be offered */
    *highest = ZSTD_maxCLevel();
}

struct sg_compressor *sg_compressor_open(void) {
    return (struct sg_compressor *)ZSTD_createCCtx();
}

void sg_compressor_close(struct sg_compressor *compressor) {
    ZSTD_freeCCtx((ZSTD_CCtx *)compressor);
}

enum sg_code sg_compress_frame(struct sg_compressor *compressor, int level, const char *text, size_t size,
                               struct sg_buffer *out, struct sg_error *err) {
    ZSTD_CCtx *context = (ZSTD_CCtx *)compressor;
    size_t set = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    /* A checksum per frame: zstd -t proves the text, and so does reading from the middle. */
    if (!ZSTD_isError(set)) set = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    if (ZSTD_isError(set))
        return sg_fail(err, SG_USAGE, "zstd refuses level %d: %s", level, ZSTD_getErrorName(set));
    SG_TRY(sg_buffer_reserve(out, ZSTD_compressBound(size), err));
    size_t made = ZSTD_compress2(context, out->bytes + out->used, out->capacity - out->used, text, size);
    if (ZSTD_isError(made))
        return sg_fail(err, SG_SYSTEM, "zstd cannot compress a frame of %zu bytes: %s", size,
                       ZSTD_getErrorName(made));
    out->used += made;
    return SG_OK;
}

size_t sg_frame_bytes_max(void) {
    return ZSTD_COMPRESSBOUND((size_t)SG_FRAME_TEXT_BYTES);
}

struct sg_decompressor *sg_decompressor_open(void) {
    return (struct sg_decompressor *)ZSTD_createDCtx();
}

void sg_decompressor_close(struct sg_decompressor *decompressor) {
    ZSTD_freeDCtx((ZSTD_DCtx *)decompressor);
}

enum sg_code sg_decompress_frame(struct sg_decompressor *decompressor, const char *frame, size_t frame_bytes,
                                 char *text, size_t text_bytes, const char *name, struct sg_error *err) {
    size_t got = ZSTD_decompressDCtx((ZSTD_DCtx *)decompressor, text, text_bytes, frame, frame_bytes);
    if (ZSTD_isError(got))
        return sg_fail(err, SG_CORRUPT, "%s does not decompress (%s); generate it again", name,
                       ZSTD_getErrorName(got));
    if (got != text_bytes)
        return sg_fail(err, SG_CORRUPT,
                       "%s: a frame holds %zu bytes of text instead of %zu; generate it again", name, got,
                       text_bytes);
    return SG_OK;
}
