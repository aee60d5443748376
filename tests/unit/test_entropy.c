/* Frames of the entropy stage are zstd's: whatever sequences and literals they are made of, libzstd gives the
 * text back, in one call and as a stream. labels: quick */
#include <unistd.h>

#include "io/entropy.h"
#include "io/frame.h"
#include "io_fixture.h"

static struct sg_error err;
static struct sg_entropy *entropy;
static struct sg_decompressor *decompressor;
static FILE *all_frames; /* one behind the other */
static struct sg_buffer all_text;
static char path[64];

/* A frame under construction: sequences as they are handed over, and the text that follows from them. */
struct scene {
    struct sg_buffer text;
    struct sg_sequence sequences[400000];
    size_t count, covered;
    uint64_t state;
    uint32_t symbols, first, skew; /* of literals: how many, the least, how unequal */
};
static struct scene scene;

static size_t below(size_t limit) {
    return (size_t)(fix_random(&scene.state) % limit);
}

static void start(uint64_t seed, uint32_t symbols, uint32_t first, uint32_t skew) {
    scene.text.used = scene.count = scene.covered = 0;
    scene.state = seed;
    scene.symbols = symbols;
    scene.first = first;
    scene.skew = skew;
}

static void literals(size_t size) {
    assert_int_equal(sg_buffer_reserve(&scene.text, size, &err), SG_OK);
    for (size_t i = 0; i < size; i++) {
        size_t symbol = below(scene.symbols);
        for (uint32_t k = 0; k < scene.skew; k++) {
            size_t other = below(scene.symbols);
            symbol = other < symbol ? other : symbol;
        }
        scene.text.bytes[scene.text.used++] = (char)(scene.first + symbol);
    }
}

static void sequence(uint32_t offset, uint32_t match) {
    assert_int_equal(sg_buffer_reserve(&scene.text, match, &err), SG_OK);
    scene.sequences[scene.count++] =
        (struct sg_sequence){offset, (uint32_t)(scene.text.used - scene.covered), match};
    for (size_t i = 0; i < match; i++, scene.text.used++)
        scene.text.bytes[scene.text.used] = scene.text.bytes[scene.text.used - offset];
    scene.covered = scene.text.used;
}

static void block_end(void) {
    sequence(0, 0);
}

/* The frame, and whatever reads all frames later, must give the scene's text back. */
static void expand(const struct sg_buffer *frame) {
    char *back = malloc(scene.text.used + 1);
    if (sg_decompress_frame(decompressor, frame->bytes, frame->used, back, scene.text.used, "frame", &err))
        fail_msg("%s", err.text);
    if (scene.text.used) assert_memory_equal(back, scene.text.bytes, scene.text.used);
    assert_true(frame->used <= scene.text.used + 3 * (scene.count + 1) + 17);
    assert_int_equal(fwrite(frame->bytes, 1, frame->used, all_frames), frame->used);
    assert_int_equal(sg_buffer_reserve(&all_text, scene.text.used, &err), SG_OK);
    if (scene.text.used) memcpy(all_text.bytes + all_text.used, back, scene.text.used);
    all_text.used += scene.text.used;
    free(back);
}

/* Codes the scene twice, from the same start: the same bytes, which expand to its text. Returns their number.
 */
static size_t check(void) {
    struct sg_buffer frame = {0}, again = {0};
    struct sg_buffer *const made[] = {&frame, &again};
    for (int i = 0; i < 2; i++) {
        sg_entropy_restart(entropy);
        if (sg_entropy_frame(entropy, scene.sequences, scene.count, scene.text.bytes, scene.text.used,
                             made[i], &err))
            fail_msg("%s", err.text);
    }
    assert_int_equal(frame.used, again.used);
    assert_memory_equal(frame.bytes, again.bytes, frame.used);
    expand(&frame);
    size_t bytes = frame.used;
    sg_buffer_free(&frame);
    sg_buffer_free(&again);
    return bytes;
}

static void frames_of_any_size(void **unused) {
    (void)unused;
    static const size_t sizes[] = {0,    1,    2,    31,   32,    63,    64,    65,    255,    256,
                                   1023, 1024, 4095, 4096, 16383, 16384, 65791, 65792, 131071, 131072};
    for (size_t i = 0; i < 3 * sizeof sizes / sizeof *sizes; i++) {
        start(i, i % 3 ? 1 + (uint32_t)(i % 3) * 9 : 256, i % 3 ? 'a' : 0, 1);
        literals(sizes[i / 3]);
        if (scene.text.used) block_end();
        size_t bytes = check();
        if (i % 3 && scene.text.used > 4096) assert_true(bytes < scene.text.used * 5 / 8);
    }
}

/* Alphabets whose codes are described in every way, or not at all. */
static void literals_of_any_alphabet(void **unused) {
    (void)unused;
    static const uint32_t symbols[] = {1, 2, 3, 4, 5, 31, 64, 126, 127, 128, 129, 130, 200, 255, 256};
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        for (uint32_t skew = 0; skew < 40; skew = skew * 2 + 1)
            for (int k = 0; k < 2; k++) {
                start(i * 100 + skew, symbols[i], k ? 256 - symbols[i] : 0, skew);
                for (int block = 0; block < 3; block++) {
                    literals(70 + below(20000));
                    block_end();
                }
                check();
            }
}

/* One symbol far more often than the others makes the longest codes. */
static void codes_as_long_as_allowed(void **unused) {
    (void)unused;
    start(1, 1, 'z', 0);
    literals(60000);
    for (uint32_t s = 0, times = 1; s < 22; s++, times += times / 2 + 1)
        for (uint32_t k = 0; k < times && scene.text.used < 131000; k++)
            scene.text.bytes[below(60000)] = (char)s;
    block_end();
    check();
}

static void long_literals_and_matches(void **unused) {
    (void)unused;
    static const uint32_t limits[] = {3,     4,     34,    35,    66,     67,     130,   131,
                                      258,   259,   514,   515,   1026,   8194,   8195,  16387,
                                      32770, 32771, 65538, 65539, 131000, 131071, 131072};
    enum { LIMITS = sizeof limits / sizeof *limits };
    for (size_t i = 0; i < LIMITS * LIMITS; i++) {
        uint32_t run = limits[i / LIMITS], match = limits[i % LIMITS];
        if (run + match > SG_GUIDE_BLOCK_BYTES && run + 3 > SG_GUIDE_BLOCK_BYTES) continue;
        start(i, 10, '0', 2);
        literals(run);
        if (run + match > SG_GUIDE_BLOCK_BYTES) block_end();
        sequence(1 + (uint32_t)below(run), match);
        block_end();
        check();
    }
}

/* Offsets that come again in every order, also right behind one another. */
static void offsets_that_repeat(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < 60; seed++) {
        uint32_t offsets[6];
        start(seed, 20, 'a', 3);
        literals(3000);
        for (int i = 0; i < 6; i++)
            offsets[i] = 1 + (uint32_t)below(seed % 2 ? 9 : 3000);
        size_t block = 0;
        for (int i = 0; i < 30000; i++) {
            if (below(3)) literals(below(4));
            if (scene.text.used - block > 100000) {
                block = scene.text.used;
                block_end();
            }
            sequence(offsets[below(1 + seed % 6)], 3 + (uint32_t)below(12));
        }
        block_end();
        check();
    }
}

/* Blocks unlike those before, some of which stay as they are. */
static void changing_blocks(size_t size) {
    static const uint32_t symbols[] = {4, 256, 1, 60, 256, 10, 200};
    literals(50);
    while (scene.text.used < size) {
        scene.symbols = symbols[below(7)];
        scene.first = (uint32_t)below(257 - scene.symbols);
        scene.skew = (uint32_t)below(8);
        size_t sequences = below(2) ? below(60) : below(4000), reach = scene.text.used;
        literals(below(2000));
        for (size_t i = 0; i < sequences; i++) {
            literals(below(1 + below(16)));
            sequence(1 + (uint32_t)below(below(2) ? reach : 40), 3 + (uint32_t)below(1 + below(13)));
        }
        literals(1 + below(scene.symbols == 1 ? 2000 : 20));
        block_end();
    }
}

static void blocks_that_change(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < 60; seed++) {
        start(seed, 10, '0', 1);
        changing_blocks(400000);
        check();
    }
}

/* Tables outlive frames, but every frame can be read alone. */
static void frames_of_a_file(void **unused) {
    (void)unused;
    sg_entropy_restart(entropy);
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct sg_buffer frame = {0};
        start(seed, 10, '0', 1);
        if (seed % 3)
            changing_blocks(below(100000));
        else
            for (int i = 0; i < 3; i++, block_end()) {
                literals(3000);
                for (int k = 0; k < 200; k++, literals(2))
                    sequence(1 + (uint32_t)below(2000), 4);
            }
        if (sg_entropy_frame(entropy, scene.sequences, scene.count, scene.text.bytes, scene.text.used, &frame,
                             &err))
            fail_msg("%s", err.text);
        expand(&frame);
        sg_buffer_free(&frame);
    }
}

/* The far end of a frame's window, and as many sequences as a block can have. */
static void extremes(void **unused) {
    (void)unused;
    start(3, 255, 0, 0);
    for (size_t size = 0; size < SG_FRAME_TEXT_BYTES - SG_GUIDE_BLOCK_BYTES; size += SG_GUIDE_BLOCK_BYTES) {
        literals(SG_GUIDE_BLOCK_BYTES);
        block_end();
    }
    uint32_t sequences = 0;
    for (; sequences < SG_GUIDE_BLOCK_BYTES / 4; sequences++)
        sequence((uint32_t)(scene.text.used - below(2) * below(1000)), 4);
    block_end();
    assert_int_equal(scene.text.used, SG_FRAME_TEXT_BYTES);
    check();
}

/* Sequences that cost more than they save: the table of such a block is lost with it. */
static void blocks_that_do_not_pay(void **unused) {
    (void)unused;
    start(9, 240, 0, 0);
    for (int i = 0; i < 11; i++, block_end())
        literals(SG_GUIDE_BLOCK_BYTES);
    scene.first = 5; /* needs another table, with which literals alone would pay */
    for (int block = 0; block < 3; block++, block_end())
        for (size_t from = scene.text.used; scene.text.used - from < 100000;) {
            literals(below(32));
            sequence((uint32_t)(scene.text.used - below(300000)), 3);
        }
    literals(100000);
    block_end();
    check();
}

static void stored(void **unused) {
    (void)unused;
    for (size_t size = 0; size < 600000; size = size * 3 + 1) {
        struct sg_buffer frame = {0};
        start(size, 9, '0', 0);
        literals(size);
        assert_int_equal(sg_entropy_store(scene.text.bytes, size, &frame, &err), SG_OK);
        char *back = malloc(size + 1);
        if (sg_decompress_frame(decompressor, frame.bytes, frame.used, back, size, "frame", &err))
            fail_msg("%s", err.text);
        if (size) assert_memory_equal(back, scene.text.bytes, size);
        free(back);
        sg_buffer_free(&frame);
    }
}

static void expect_refusal(size_t size) {
    struct sg_buffer frame = {0};
    assert_int_equal(
        sg_entropy_frame(entropy, scene.sequences, scene.count, scene.text.bytes, size, &frame, &err),
        SG_INTERNAL);
    assert_non_null(strstr(err.text, "guide"));
    sg_buffer_free(&frame);
}

/* What is no guide of the text is refused and nothing behind the text is read. */
static void guides_that_lie(void **unused) {
    (void)unused;
    start(1, 10, '0', 0);
    literals(200000);
    block_end(); /* longer than a block */
    expect_refusal(200000);
    start(1, 10, '0', 0);
    literals(100);
    expect_refusal(100); /* no block at all */
    block_end();
    expect_refusal(99);
    expect_refusal(101);
    sequence(5, 50);
    block_end();
    expect_refusal(149);
    expect_refusal(151);
    scene.sequences[1].match = UINT32_MAX;
    expect_refusal(150);
    scene.sequences[1].literals = UINT32_MAX;
    expect_refusal(150);
    start(1, 10, '0', 0);
    literals(8);
    for (int i = 0; i < SG_GUIDE_BLOCK_BYTES / 4 + 10; i++)
        sequence(4, 3); /* more sequences than a block has */
    block_end();
    expect_refusal(scene.text.used);
}

/* All frames so far, one behind the other, by the program zstd, which reads in pieces. */
static void as_a_stream(void **unused) {
    (void)unused;
    char command[160];
    assert_int_equal(fflush(all_frames), 0);
    snprintf(command, sizeof command, "zstd -dc %s", path);
    FILE *pipe = popen(command, "r");
    char *got = malloc(all_text.used + 1);
    size_t size = fread(got, 1, all_text.used + 1, pipe);
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(size, all_text.used);
    assert_memory_equal(got, all_text.bytes, size);
    free(got);
}

static int open_all(void **unused) {
    (void)unused;
    strcpy(path, "/tmp/synthgen-entropy-XXXXXX");
    int fd = mkstemp(path);
    all_frames = fd < 0 ? NULL : fdopen(fd, "wb");
    entropy = sg_entropy_open();
    decompressor = sg_decompressor_open();
    return all_frames && entropy && decompressor ? 0 : -1;
}

static int close_all(void **unused) {
    (void)unused;
    sg_entropy_close(entropy);
    sg_decompressor_close(decompressor);
    sg_buffer_free(&scene.text);
    sg_buffer_free(&all_text);
    fclose(all_frames);
    return unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_any_size),
        cmocka_unit_test(literals_of_any_alphabet),
        cmocka_unit_test(codes_as_long_as_allowed),
        cmocka_unit_test(long_literals_and_matches),
        cmocka_unit_test(offsets_that_repeat),
        cmocka_unit_test(blocks_that_change),
        cmocka_unit_test(frames_of_a_file),
        cmocka_unit_test(extremes),
        cmocka_unit_test(blocks_that_do_not_pay),
        cmocka_unit_test(as_a_stream),
        cmocka_unit_test(stored),
        cmocka_unit_test(guides_that_lie),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
