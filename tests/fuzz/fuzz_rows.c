/* Rows in every format of rows: what the parser accepts is what the encoders write, byte for byte; COPY text
 * it accepts becomes the same binary COPY by the loader's transcoder, and comes back from a guided frame. */
#include "fuzz.h"
#include "io/encode_binary.h"
#include "io/frame.h"
#include "io/parse.h"
#include "io/transcode.h"
#include "unit/io_fixture.h"

/* The first byte of an input: its format, and whether a header comes first. */
static const struct sg_format_info *format_of(const uint8_t *data) {
    return &sg_formats()[data[0] % 3];
}
static bool header_of(const uint8_t *data) {
    return format_of(data)->header && data[0] & 4;
}

static enum sg_code append(void *context, const struct sg_batch *batch, struct sg_error *err) {
    void **both = context;
    return ((const struct sg_format_info *)both[0])->encode(batch, both[1], err);
}

static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max) {
    const struct sg_format_info *format = &sg_formats()[seed % 3];
    bool header = format->header && seed & 4;
    struct sg_buffer text = {0};
    struct sg_error err = {0};
    void *context[2] = {(void *)format, &text};
    struct sg_emitter e;
    FUZZ_DEMAND(!header || format->encode_header(&fix_table, &text, &err) == SG_OK, "%s", err.text);
    FUZZ_DEMAND(sg_emitter_open(&e, &fix_table, append, context, &err) == SG_OK, "%s", err.text);
    fix_fill(&e, seed, 0, seed / 8 % 24);
    sg_emitter_close(&e);
    out[0] = 0;
    while (format_of(out) != format || header_of(out) != header)
        out[0]++;
    size_t size = 1 + fuzz_copy(text.bytes, text.used, out + 1, max - 1);
    sg_buffer_free(&text);
    return size;
}

/* Parses; `again` receives the rows encoded alike, `binary` as tuples. */
static enum sg_code parse(const struct sg_format_info *format, bool header, const char *text, size_t size,
                          struct sg_buffer *again, struct sg_buffer *binary) {
    struct sg_error err = {0};
    struct sg_parser *parser;
    const struct sg_batch *batch = NULL;
    if (header) FUZZ_DEMAND(format->encode_header(&fix_table, again, &err) == SG_OK, "%s", err.text);
    FUZZ_DEMAND(sg_parser_open(&parser, &fix_table, format, &err) == SG_OK, "%s", err.text);
    sg_parser_start(parser, "input", 0, header);
    sg_parser_feed(parser, text, size);
    enum sg_code code;
    while ((code = sg_parser_next(parser, &batch, &err)) == SG_OK && batch) {
        FUZZ_DEMAND(format->encode(batch, again, &err) == SG_OK, "%s", err.text);
        FUZZ_DEMAND(sg_encode_binary(batch, binary, &err) == SG_OK, "%s", err.text);
    }
    FUZZ_DEMAND(code == SG_OK || (code == SG_INVALID && err.text[0]), "code %d: %s", code, err.text);
    FUZZ_DEMAND(code == SG_OK || sg_parser_fault(parser)->kind != SG_PARSE_FINE, "%s", err.text);
    sg_parser_close(parser);
    return code;
}

static enum sg_code transcode(const char *text, size_t size, struct sg_buffer *binary) {
    struct sg_error err = {0};
    struct sg_transcoder *transcoder;
    FUZZ_DEMAND(sg_transcoder_open(&transcoder, &fix_table, &err) == SG_OK, "%s", err.text);
    enum sg_code code = SG_OK;
    const char *end = text + size;
    while (text < end && code == SG_OK)
        code = sg_transcode(transcoder, "input", &text, end, binary, &err);
    FUZZ_DEMAND(code == SG_OK || code == SG_INVALID, "code %d: %s", code, err.text);
    sg_transcoder_close(transcoder);
    return code;
}

static bool equal(const struct sg_buffer *a, const char *bytes, size_t size) {
    return a->used == size && (size == 0 || memcmp(a->bytes, bytes, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const struct sg_format_info *format = format_of(data);
    char *text = malloc(size); /* an exact copy: a byte read beyond it shows */
    memcpy(text, data + 1, --size);
    struct sg_buffer again = {0}, binary = {0}, sent = {0};
    enum sg_code code = parse(format, header_of(data), text, size, &again, &binary);
    bool cut = size == 0 && header_of(data); /* nothing was fed: no header is missing yet */
    bool trailer = format->rows == SG_ROWS_BINARY && size >= SG_BINARY_TRAILER_BYTES;
    if (code == SG_OK && !cut && !(trailer && again.used + SG_BINARY_TRAILER_BYTES == size))
        FUZZ_DEMAND(equal(&again, text, size), "accepted %zu bytes that are written as %zu", size,
                    again.used);
    if (format->rows == SG_ROWS_COPY && size > 0) {
        enum sg_code other = transcode(text, size, &sent);
        if (code == SG_OK) FUZZ_DEMAND(other == SG_OK, "the parser accepts what the transcoder refuses");
        if (code == SG_OK) FUZZ_DEMAND(equal(&sent, binary.bytes, binary.used), "other binary rows");
    }
    sg_buffer_free(&again), sg_buffer_free(&binary), sg_buffer_free(&sent);
    free(text);
    return 0;
}
