/* Wraps zstd: one-shot compression of frames with reused contexts. Guided frames are made here, not by zstd.
 */
#include "io/frame.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "io/entropy.h"

enum { SAMPLE_BYTES = 96 << 10 }; /* and up to a block more */

const char *sg_compress_name(enum sg_compress how) {
    static const char *const names[SG_COMPRESS_COUNT] = {"guided", "plain", "none"};
    return names[how];
}

bool sg_compress_find(const char *name, enum sg_compress *how) {
    for (int i = 0; i < SG_COMPRESS_COUNT; i++) {
        if (strcmp(sg_compress_name((enum sg_compress)i), name) != 0) continue;
        *how = (enum sg_compress)i;
        return true;
    }
    return false;
}

struct sg_compressor {
    ZSTD_CCtx *zstd;
    struct sg_entropy *entropy;
};

struct sg_compressor *sg_compressor_open(void) {
    struct sg_compressor *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->zstd = ZSTD_createCCtx();
    made->entropy = sg_entropy_open();
    if (made->zstd && made->entropy) return made;
    sg_compressor_close(made);
    return NULL;
}

void sg_compressor_close(struct sg_compressor *compressor) {
    if (!compressor) return;
    ZSTD_freeCCtx(compressor->zstd);
    sg_entropy_close(compressor->entropy);
    free(compressor);
}

void sg_compressor_restart(struct sg_compressor *compressor) {
    sg_entropy_restart(compressor->entropy);
}

enum sg_code sg_compress_frame(struct sg_compressor *compressor, int level, const char *text, size_t size,
                               struct sg_buffer *out, struct sg_error *err) {
    ZSTD_CCtx *context = compressor->zstd;
    ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
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

enum sg_code sg_compress_guided(struct sg_compressor *compressor, enum sg_compress how,
                                const struct sg_guide *guide, const char *text, size_t size,
                                struct sg_buffer *out, struct sg_error *err) {
    if (how == SG_COMPRESS_NONE) return sg_entropy_store(text, size, out, err);
    return sg_entropy_frame(compressor->entropy, guide->sequences, guide->count, text, size, out, err);
}

enum sg_code sg_guide_pays(struct sg_compressor *compressor, int level, const struct sg_guide *guide,
                           const char *text, struct sg_buffer *out, bool *pays, struct sg_error *err) {
    size_t count = 0, size = 0, before = out->used;
    for (bool ended = false; count < guide->count && !ended; count++) {
        const struct sg_sequence *sequence = &guide->sequences[count];
        size += sequence->literals + sequence->match;
        ended = sequence->match == 0 && size >= SAMPLE_BYTES;
    }
    SG_TRY(sg_entropy_frame(compressor->entropy, guide->sequences, count, text, size, out, err));
    size_t guided = out->used - before;
    out->used = before;
    SG_TRY(sg_compress_frame(compressor, level, text, size, out, err));
    size_t plain = out->used - before;
    out->used = before;
    *pays = guided <= plain;
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
