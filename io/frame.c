/* Wraps zstd: one-shot compression of frames with reused contexts. Sequences are zstd's advanced interface.
 */
#include "io/frame.h"

#include <string.h>
#define ZSTD_STATIC_LINKING_ONLY /* ZSTD_compressSequences */
#include <zstd.h>

_Static_assert(sizeof(struct sg_sequence) == sizeof(ZSTD_Sequence) &&
                   offsetof(struct sg_sequence, offset) == offsetof(ZSTD_Sequence, offset) &&
                   offsetof(struct sg_sequence, literals) == offsetof(ZSTD_Sequence, litLength) &&
                   offsetof(struct sg_sequence, match) == offsetof(ZSTD_Sequence, matchLength) &&
                   offsetof(struct sg_sequence, rep) == offsetof(ZSTD_Sequence, rep),
               "a guide's sequences are handed to zstd as they are");

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

struct sg_compressor *sg_compressor_open(void) {
    return (struct sg_compressor *)ZSTD_createCCtx();
}

void sg_compressor_close(struct sg_compressor *compressor) {
    ZSTD_freeCCtx((ZSTD_CCtx *)compressor);
}

enum sg_code sg_compress_frame(struct sg_compressor *compressor, int level, const char *text, size_t size,
                               struct sg_buffer *out, struct sg_error *err) {
    ZSTD_CCtx *context = (ZSTD_CCtx *)compressor;
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

/* Parameters of frames made from sequences: level 1 for the entropy stage, the smallest search tables, as
 * nothing is searched. */
static size_t set_guided(ZSTD_CCtx *context, enum sg_compress how) {
    const struct {
        ZSTD_cParameter parameter;
        int value;
    } values[] = {
        {ZSTD_c_compressionLevel, 1},
        {ZSTD_c_checksumFlag, 1},
        {ZSTD_c_windowLog, 21},
        {ZSTD_c_hashLog, ZSTD_HASHLOG_MIN},
        {ZSTD_c_chainLog, ZSTD_CHAINLOG_MIN},
        {ZSTD_c_blockDelimiters, ZSTD_sf_explicitBlockDelimiters},
        {ZSTD_c_literalCompressionMode, how == SG_COMPRESS_NONE ? ZSTD_ps_disable : ZSTD_ps_auto},
    };
    ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
    size_t set = 0;
    for (size_t i = 0; i < sizeof values / sizeof *values && !ZSTD_isError(set); i++)
        set = ZSTD_CCtx_setParameter(context, values[i].parameter, values[i].value);
    return set;
}

static enum sg_code compress_sequences(ZSTD_CCtx *context, enum sg_compress how,
                                       const struct sg_sequence *sequences, size_t count, const char *text,
                                       size_t size, struct sg_buffer *out, struct sg_error *err) {
    SG_TRY(sg_buffer_reserve(out, ZSTD_compressBound(size), err));
    size_t made = set_guided(context, how);
    if (!ZSTD_isError(made))
        made = ZSTD_compressSequences(context, out->bytes + out->used, out->capacity - out->used,
                                      (const ZSTD_Sequence *)(const void *)sequences, count, text, size);
    if (ZSTD_isError(made))
        return sg_fail(err, SG_SYSTEM, "zstd cannot compress a guided frame of %zu bytes: %s", size,
                       ZSTD_getErrorName(made));
    out->used += made;
    return SG_OK;
}

enum sg_code sg_compress_guided(struct sg_compressor *compressor, enum sg_compress how,
                                const struct sg_guide *guide, const char *text, size_t size,
                                struct sg_buffer *out, struct sg_error *err) {
    return compress_sequences((ZSTD_CCtx *)compressor, how, guide->sequences, guide->count, text, size, out,
                              err);
}

enum sg_code sg_guide_pays(struct sg_compressor *compressor, int level, const struct sg_guide *guide,
                           const char *text, struct sg_buffer *out, bool *pays, struct sg_error *err) {
    size_t count = 0, size = 0, before = out->used;
    for (bool ended = false; count < guide->count && !ended; count++) {
        const struct sg_sequence *sequence = &guide->sequences[count];
        size += sequence->literals + sequence->match;
        ended = sequence->match == 0 && size >= SAMPLE_BYTES;
    }
    SG_TRY(compress_sequences((ZSTD_CCtx *)compressor, SG_COMPRESS_GUIDED, guide->sequences, count, text,
                              size, out, err));
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
