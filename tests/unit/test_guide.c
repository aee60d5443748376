/* Guided compression gives back every byte: guides of any shape, rows of every type, every way of
 * compressing. labels: quick */
#include <unistd.h>

#include "io/shard.h"
#include "io_fixture.h"

static struct sg_error err;

/* Text made of literals and true repeats, and the guide that tells of them. */
struct scene {
    struct sg_buffer text;
    struct sg_guide guide;
    uint64_t state;
};

static size_t below(struct scene *scene, size_t limit) {
    return (size_t)(fix_random(&scene->state) % limit);
}

static void add_literals(struct scene *scene, size_t size) {
    assert_int_equal(sg_buffer_reserve(&scene->text, size, &err), SG_OK);
    for (size_t i = 0; i < size; i++)
        scene->text.bytes[scene->text.used++] = (char)('0' + below(scene, 10));
}

static void add_repeat(struct scene *scene, size_t offset, size_t size) {
    struct sg_buffer *text = &scene->text;
    assert_int_equal(sg_buffer_reserve(text, size, &err), SG_OK);
    assert_int_equal(sg_guide_reserve(&scene->guide, 1, text->used + size, &err), SG_OK);
    sg_guide_match(&scene->guide, text->used, offset, size);
    for (size_t i = 0; i < size; i++, text->used++)
        text->bytes[text->used] = text->bytes[text->used - offset];
}

static void check_blocks(const struct sg_guide *guide, size_t size) {
    size_t at = 0, block = 0;
    for (size_t i = 0; i < guide->count; i++) {
        const struct sg_sequence *sequence = &guide->sequences[i];
        at += sequence->literals + sequence->match;
        assert_true(at - block <= SG_GUIDE_BLOCK_BYTES);
        if (sequence->match) {
            assert_true(sequence->match >= SG_GUIDE_MATCH_MIN && sequence->match <= SG_GUIDE_MATCH_MAX);
            continue;
        }
        assert_int_equal(sequence->offset, 0);
        assert_true(at > block);
        block = at;
    }
    assert_int_equal(at, size);
    assert_int_equal(block, size);
}

static void check_round_trip(const struct sg_guide *guide, enum sg_compress how, const char *text,
                             size_t size) {
    struct sg_compressor *compressor = sg_compressor_open();
    struct sg_decompressor *decompressor = sg_decompressor_open();
    struct sg_buffer frame = {0};
    char *back = malloc(size + 1);
    assert_true(compressor && decompressor && back);
    if (sg_compress_guided(compressor, how, guide, text, size, &frame, &err)) fail_msg("%s", err.text);
    if (sg_decompress_frame(decompressor, frame.bytes, frame.used, back, size, "frame", &err))
        fail_msg("%s", err.text);
    assert_memory_equal(back, text, size);
    free(back);
    sg_buffer_free(&frame);
    sg_decompressor_close(decompressor);
    sg_compressor_close(compressor);
}

static void finish_scene(struct scene *scene) {
    assert_int_equal(sg_guide_end(&scene->guide, scene->text.used, &err), SG_OK);
    check_blocks(&scene->guide, scene->text.used);
    check_round_trip(&scene->guide, SG_COMPRESS_GUIDED, scene->text.bytes, scene->text.used);
    check_round_trip(&scene->guide, SG_COMPRESS_NONE, scene->text.bytes, scene->text.used);
    sg_buffer_free(&scene->text);
    sg_guide_free(&scene->guide);
}

/* Sizes around every limit, many of them small. */
static size_t any_size(struct scene *scene) {
    static const size_t sizes[] = {4,
                                   5,
                                   7,
                                   63,
                                   SG_GUIDE_MATCH_MAX - 1,
                                   SG_GUIDE_MATCH_MAX,
                                   SG_GUIDE_MATCH_MAX + 1,
                                   SG_GUIDE_MATCH_MAX + 3,
                                   2 * SG_GUIDE_MATCH_MAX + 2,
                                   65535 + 3,
                                   SG_GUIDE_BLOCK_BYTES - 1,
                                   SG_GUIDE_BLOCK_BYTES,
                                   SG_GUIDE_BLOCK_BYTES + 1,
                                   3 * SG_GUIDE_BLOCK_BYTES + 17};
    return below(scene, 16) ? 4 + below(scene, 60) : sizes[below(scene, sizeof sizes / sizeof *sizes)];
}

static void guides_of_any_shape(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct scene scene = {.state = seed};
        add_literals(&scene, 1 + below(&scene, 40));
        while (scene.text.used < 1200000) {
            if (below(&scene, 3))
                add_literals(&scene, below(&scene, 40) ? below(&scene, 20) : any_size(&scene));
            size_t reach = below(&scene, 4) ? 80 : scene.text.used;
            size_t offset = 1 + below(&scene, reach < scene.text.used ? reach : scene.text.used);
            add_repeat(&scene, offset, any_size(&scene));
        }
        if (below(&scene, 2)) add_literals(&scene, any_size(&scene));
        finish_scene(&scene);
    }
}

static void guides_without_matches(void **unused) {
    (void)unused;
    for (size_t size = 1; size <= SG_FRAME_TEXT_BYTES; size = size * 3 + 1) {
        struct scene scene = {.state = size};
        add_literals(&scene, size);
        finish_scene(&scene);
    }
}

/* Whatever is split gives two guides of the two parts. */
static void splits(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct scene scene = {.state = seed + 1000};
        add_literals(&scene, 1 + below(&scene, 200000));
        for (size_t i = below(&scene, 50); i > 0; i--) {
            add_repeat(&scene, 1 + below(&scene, scene.text.used), 4 + below(&scene, 500));
            add_literals(&scene, below(&scene, 50));
        }
        struct sg_guide_mark mark = sg_guide_mark(&scene.guide);
        size_t at = scene.text.used;
        add_literals(&scene, 1 + below(&scene, below(&scene, 2) ? 20 : 300000));
        for (size_t i = below(&scene, 50); i > 0; i--) {
            add_repeat(&scene, 1 + below(&scene, scene.text.used - at), any_size(&scene));
            add_literals(&scene, below(&scene, 9));
        }
        struct sg_guide rest = {0};
        assert_int_equal(sg_guide_split(&scene.guide, mark, at, &rest, &err), SG_OK);
        assert_int_equal(sg_guide_end(&rest, scene.text.used - at, &err), SG_OK);
        check_blocks(&rest, scene.text.used - at);
        check_round_trip(&rest, SG_COMPRESS_GUIDED, scene.text.bytes + at, scene.text.used - at);
        sg_guide_free(&rest);
        scene.text.used = at;
        finish_scene(&scene);
    }
}

/* Rows of the fixture that repeat each other in part: of few kinds, in runs, with slowly moving times. */
static void repeating_rows(struct sg_emitter *e, uint64_t seed, size_t rows) {
    uint64_t state = seed, kind = 0, room_seed = seed % 5;
    size_t room;
    sg_emitter_seek(e, 0);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(sg_emitter_room(e, &room, &err), SG_OK);
        if (fix_random(&state) % 8 >= room_seed) kind = fix_random(&state) % 6;
        uint64_t row_state = kind;
        fix_row(e, &row_state, 999990 + i);
        if (kind % 2) sg_set_i64(e, FIX_TIME, (int64_t)(1700000000 + i * 37));
        if (fix_random(&state) % 4 == 0) sg_set_i32(e, FIX_I32, (int32_t)fix_number(&state, 32));
        sg_set_enum(e, FIX_ENUM, (uint16_t)(fix_random(&state) % 5));
        sg_emitter_advance(e, 1);
        if (seed % 3 == 0 && fix_random(&state) % 100 == 0)
            assert_int_equal(sg_emitter_flush(e, &err), SG_OK);
    }
    if (sg_emitter_flush(e, &err) != SG_OK) fail_msg("%s", err.text);
}

struct both {
    const struct sg_format_info *format;
    struct sg_buffer plain, guided;
    struct sg_guide guide;
};

static enum sg_code encode_both(void *context, const struct sg_batch *batch, struct sg_error *error) {
    struct both *both = context;
    SG_TRY(both->format->encode(batch, &both->plain, error));
    return both->format->encode_guided(batch, &both->guided, &both->guide, error);
}

static void guided_rows_are_the_same_bytes(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct both both = {.format = &sg_formats()[seed % 2]};
        struct sg_emitter e;
        assert_int_equal(sg_emitter_open(&e, &fix_table, encode_both, &both, &err), SG_OK);
        repeating_rows(&e, seed, seed < 15 ? seed * 300 : seed - 14);
        sg_emitter_close(&e);
        assert_int_equal(both.plain.used, both.guided.used);
        assert_memory_equal(both.plain.bytes, both.guided.bytes, both.plain.used);
        assert_int_equal(sg_guide_end(&both.guide, both.guided.used, &err), SG_OK);
        if (seed > 1 && seed < 15) assert_true(both.guide.count > 300);
        check_blocks(&both.guide, both.guided.used);
        check_round_trip(&both.guide, SG_COMPRESS_GUIDED, both.guided.bytes, both.guided.used);
        sg_buffer_free(&both.plain);
        sg_buffer_free(&both.guided);
        sg_guide_free(&both.guide);
    }
}

static char folder[64];

static struct sg_shard_facts write_shard(const char *path, enum sg_compress how, uint64_t seed, size_t rows) {
    struct sg_shard_writer *writer;
    struct sg_shard_facts facts;
    struct sg_emitter e;
    if (sg_shard_create(&writer, folder, path, &fix_table, &sg_formats()[seed % 2],
                        (struct sg_compression){how, 1}, 0, &err))
        fail_msg("%s", err.text);
    assert_int_equal(sg_emitter_open(&e, &fix_table, sg_shard_write, writer, &err), SG_OK);
    repeating_rows(&e, seed, rows);
    sg_emitter_close(&e);
    if (sg_shard_finish(writer, &facts, &err)) fail_msg("%s", err.text);
    return facts;
}

static void read_back(const struct sg_shard_facts *facts) {
    struct sg_shard_reader *reader;
    const char *text;
    size_t size = 1;
    assert_int_equal(sg_shard_open(&reader, folder, facts, &err), SG_OK);
    while (size) /* proves the digest at the end */
        if (sg_shard_next(reader, &text, &size, &err)) fail_msg("%s", err.text);
    sg_shard_close(reader);
}

/* Shards of several frames, cut inside batches: three ways, one text; each way twice, one file. */
static void shards_hold_the_same_text(void **unused) {
    (void)unused;
    strcpy(folder, "/tmp/synthgen-guide-XXXXXX");
    assert_non_null(mkdtemp(folder));
    for (uint64_t seed = 2; seed < 8; seed++) {
        struct sg_shard_facts facts[SG_COMPRESS_COUNT];
        for (int how = 0; how < SG_COMPRESS_COUNT; how++) {
            facts[how] = write_shard("shard.zst", (enum sg_compress)how, seed, 30000);
            read_back(&facts[how]);
            assert_memory_equal(&facts[how].digest, &facts[0].digest, sizeof facts[how].digest);
            assert_true(facts[how].fingerprint == facts[0].fingerprint);
            assert_true(facts[how].text_bytes > 2 * SG_FRAME_TEXT_BYTES);
            struct sg_shard_facts again = write_shard("shard.zst", (enum sg_compress)how, seed, 30000);
            assert_int_equal(again.file_bytes, facts[how].file_bytes);
        }
        assert_true(facts[SG_COMPRESS_GUIDED].file_bytes < facts[SG_COMPRESS_NONE].file_bytes / 2);
        assert_true(facts[SG_COMPRESS_NONE].file_bytes > facts[SG_COMPRESS_NONE].text_bytes);
    }
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guides_of_any_shape),
        cmocka_unit_test(guides_without_matches),
        cmocka_unit_test(splits),
        cmocka_unit_test(guided_rows_are_the_same_bytes),
        cmocka_unit_test(shards_hold_the_same_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
