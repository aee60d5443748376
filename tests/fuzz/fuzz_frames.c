/* Frames from any guide: what the entropy stage writes, zstd reads back to the same text.
 *
 * An input is a list of steps that build texts with known repeats: a byte whose two high bits say what
 * (literal bytes, a repeat near or far, the frame's end), then its operands. */
#include "fuzz.h"
#include "io/frame.h"
#include "io/guide.h"

enum { TEXT_BYTES_MAX = 3 * SG_GUIDE_BLOCK_BYTES }; /* enough for what blocks hand on to the next */

struct maker {
    const uint8_t *at, *end;
    char *text;
    size_t size;
    struct sg_guide guide;
    struct sg_compressor *compressor;
    struct sg_decompressor *decompressor;
    enum sg_compress how;
};

static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max) {
    size_t size = max < 4000 ? max : 200 + seed % 3800;
    uint32_t x = seed * 2654435761u + 1;
    for (size_t i = 0; i < size; i++) {
        x = x * 1664525u + 1013904223u;
        out[i] = (uint8_t)(i % 7 ? 'a' + (x >> 24) % (1 + seed % 26) : x >> 24);
    }
    return size;
}

static unsigned take(struct maker *maker, int bytes) {
    unsigned value = 0;
    while (bytes-- > 0)
        value = value << 8 | (maker->at < maker->end ? *maker->at++ : 0);
    return value;
}

static void put_literals(struct maker *maker, size_t count) {
    size_t left = (size_t)(maker->end - maker->at);
    if (count > left) count = left;
    if (count > TEXT_BYTES_MAX - maker->size) count = TEXT_BYTES_MAX - maker->size;
    memcpy(maker->text + maker->size, maker->at, count);
    maker->at += count;
    maker->size += count;
}

static void put_repeat(struct maker *maker, size_t offset, size_t size) {
    struct sg_error err = {0};
    size += SG_GUIDE_MATCH_MIN;
    if (maker->size == 0 || size > TEXT_BYTES_MAX - maker->size) return;
    offset = 1 + offset % maker->size;
    for (size_t i = 0; i < size; i++)
        maker->text[maker->size + i] = maker->text[maker->size + i - offset];
    FUZZ_DEMAND(sg_guide_reserve(&maker->guide, 1, maker->size + size, &err) == SG_OK, "%s", err.text);
    sg_guide_match(&maker->guide, maker->size, offset, size);
    maker->size += size;
}

static void end_frame(struct maker *maker) {
    struct sg_error err = {0};
    struct sg_buffer frame = {0};
    char *back = malloc(maker->size + 1);
    FUZZ_DEMAND(sg_guide_end(&maker->guide, maker->size, &err) == SG_OK, "%s", err.text);
    FUZZ_DEMAND(sg_compress_guided(maker->compressor, maker->how, &maker->guide, maker->text, maker->size,
                                   &frame, &err) == SG_OK,
                "%s", err.text);
    FUZZ_DEMAND(frame.used <= sg_frame_bytes_max(), "%zu bytes for %zu", frame.used, maker->size);
    FUZZ_DEMAND(sg_decompress_frame(maker->decompressor, frame.bytes, frame.used, back, maker->size, "frame",
                                    &err) == SG_OK,
                "%s", err.text);
    FUZZ_DEMAND(memcmp(back, maker->text, maker->size) == 0, "%zu bytes came back as others", maker->size);
    sg_buffer_free(&frame);
    free(back);
    sg_guide_restart(&maker->guide);
    maker->size = 0;
}

static void step(struct maker *maker) {
    unsigned what = take(maker, 1);
    switch (what >> 6) {
    case 0:
        put_literals(maker, (what & 63) * 8 + 1);
        break;
    case 1:
        put_repeat(maker, take(maker, 1), what & 63);
        break;
    case 2: /* long ones cross blocks */
        put_repeat(maker, take(maker, 3), take(maker, 2) >> (what & 15));
        break;
    default:
        if ((what & 63) == 63)
            end_frame(maker);
        else
            put_literals(maker, what & 63);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct maker maker; /* its memory serves all inputs, as a thread's serves all shards */
    if (!maker.text) {
        maker.text = malloc(TEXT_BYTES_MAX);
        maker.compressor = sg_compressor_open();
        maker.decompressor = sg_decompressor_open();
        FUZZ_DEMAND(maker.text && maker.compressor && maker.decompressor, "no memory");
    }
    maker.at = data;
    maker.end = data + size;
    maker.how = size && data[0] & 1 ? SG_COMPRESS_NONE : SG_COMPRESS_GUIDED;
    sg_compressor_restart(maker.compressor);
    while (maker.at < maker.end)
        step(&maker);
    end_frame(&maker);
    return 0;
}
